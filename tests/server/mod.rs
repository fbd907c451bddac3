//! The server as its clients meet it.

mod absent;
mod apps;
mod clients;
mod live;
#[cfg(unix)]
mod matrix;
mod protocol;
#[cfg(target_os = "linux")]
mod secrets;
mod tunnel;
mod warm;
