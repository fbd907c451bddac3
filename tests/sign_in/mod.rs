//! Sign-in and session against the embedded Aries: the flow, the callback port, one refresh for everybody, and what
//! failures leave behind.

mod aries;
mod callback;
#[cfg(target_os = "linux")]
mod chat;
mod flow;
mod processes;
mod session;
mod trouble;
