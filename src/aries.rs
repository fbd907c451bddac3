//! What Aries speaks: endpoint rows, symbols, times, answers, and the transport that every request takes. It
//! knows nothing of MCP.

pub(crate) mod absence;
pub(crate) mod difference;
pub(crate) mod endpoint;
pub(crate) mod endpoints;
mod generation;
pub(crate) mod heard;
pub(crate) mod json;
pub(crate) mod model;
pub(crate) mod order_sender;
pub(crate) mod quotes;
mod reader;
mod recent;
pub(crate) mod refusal;
mod refused;
mod reply;
mod said_error;
pub(crate) mod socket;
pub(crate) mod symbols;
pub(crate) mod time;
mod transport;
pub(crate) mod watchlists;

pub(crate) use json::Json;
pub(crate) use reply::Reply;
pub(crate) use transport::Aries;
