//! What the tools for reading answer, whatever Aries sends.

mod absences;
mod advice;
mod answers;
mod aries_sdk;
mod batches;
mod disturbed;
mod errors;
mod hostile;
#[cfg(target_os = "linux")]
mod hour;
mod inputs;
mod limits;
mod market_socket;
mod performance;
mod portfolio;
mod questions;
mod quotes;
mod research;
mod waiting;
