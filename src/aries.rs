//! What Aries speaks: endpoint rows, symbols, times, answers, and the one sender. It knows nothing of MCP.

pub mod account;
pub mod endpoint;
pub mod endpoints;
pub mod http;
pub mod json;
pub mod lists;
pub mod orders;
pub mod shape;
pub mod socket;
pub mod symbols;
pub mod text;
pub mod time;
pub(crate) mod write;

pub use http::{Aries, Reply};
pub use json::Json;
