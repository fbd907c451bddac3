//! Orders through the real binary on the embedded Aries: previewed, approved, sent exactly once.

mod accounts;
#[cfg(unix)]
mod approval;
mod book;
mod canceling;
mod changing;
mod checking;
mod damaged;
mod doubts;
mod explaining;
mod journals;
mod killed;
mod killed_canceling;
#[cfg(target_os = "linux")]
mod killed_settling;
mod looking;
mod placing;
mod table;
mod unchanged;
