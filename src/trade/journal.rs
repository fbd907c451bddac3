//! The order journal on disk, and the history of each order that is read from it.

pub mod event;
pub mod file;
pub(crate) mod history;
pub(crate) mod line;

pub use event::{Event, State};
pub use file::Journal;
