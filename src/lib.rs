//! aries-mcp: a local MCP server for an Aries brokerage account.

pub mod error;
pub mod sandbox;
