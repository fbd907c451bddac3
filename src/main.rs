//! The `aries-mcp` program.

fn main() {}
