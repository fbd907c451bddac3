//! Orders through the real binary on the embedded Aries: previewed, approved, sent exactly once.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail loudly")]

mod support;

#[path = "orders/book.rs"]
mod book;
#[path = "orders/canceling.rs"]
mod canceling;
#[path = "orders/changing.rs"]
mod changing;
#[path = "orders/checking.rs"]
mod checking;
#[path = "orders/damaged.rs"]
mod damaged;
#[path = "orders/doubts.rs"]
mod doubts;
#[path = "orders/killed.rs"]
mod killed;
#[path = "orders/killed_canceling.rs"]
mod killed_canceling;
#[cfg(target_os = "linux")]
#[path = "orders/killed_settling.rs"]
mod killed_settling;
#[path = "orders/looking.rs"]
mod looking;
#[path = "orders/placing.rs"]
mod placing;
