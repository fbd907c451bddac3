//! aries-mcp: a local MCP server for an Aries brokerage account.

pub mod aries;
pub mod auth;
pub mod cli;
pub mod config;
pub mod error;
pub mod sandbox;
pub mod server;
pub mod tools;
pub mod trade;
pub mod web;
