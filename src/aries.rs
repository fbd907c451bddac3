//! What Aries speaks: endpoint rows, symbols, times, answers, and the one sender. It knows nothing of MCP.

pub(crate) mod endpoint;
pub(crate) mod endpoints;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod model;
pub(crate) mod socket;
pub(crate) mod symbols;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod write;

pub(crate) use http::{Aries, Reply};
pub(crate) use json::Json;
