//! Sign-in and session against the embedded Aries: the flow, the callback port, one refresh for everybody, and what
//! failures leave behind.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

#[path = "sign_in/aries.rs"]
mod aries;
#[path = "sign_in/callback.rs"]
mod callback;
#[path = "sign_in/chat.rs"]
mod chat;
#[path = "sign_in/flow.rs"]
mod flow;
#[path = "sign_in/processes.rs"]
mod processes;
#[path = "sign_in/session.rs"]
mod session;
#[path = "sign_in/trouble.rs"]
mod trouble;
