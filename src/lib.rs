//! aries-mcp: a local MCP server that lets an AI assistant use one person's Aries brokerage account.
//!
//! `.github/CONTRIBUTING.md` has the map of the modules, the words, and what always holds with what holds it.

// Tests may read the environment and write files; the rest of the library goes through the owners.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod apps;
mod aries;
pub mod auth;
mod card;
pub mod cli;
mod clock;
pub mod config;
mod environment;
pub mod error;
mod error_body;
mod exchange;
pub mod http;
mod local_page;
mod os;
mod rate_limits;
pub mod sandbox;
mod server;
mod text;
pub mod timing;
mod told;
mod tools;
pub mod trade;
