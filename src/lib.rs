//! aries-mcp: a local MCP server for an Aries brokerage account.

pub mod config;
pub mod error;
pub mod web;
