//! Sign-in and session against the embedded Aries: the flow, the callback port, one refresh for everybody, and what
//! failures leave behind.

mod aries;
mod callback;
mod chat;
mod chat_trade;
mod flow;
mod origins;
mod processes;
mod session;
mod trouble;
