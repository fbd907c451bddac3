//! What ends this process from outside: a signal or an event of the console, and the end of the process that started it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{parent, signal};
#[cfg(windows)]
pub(crate) use windows::{parent, signal};
