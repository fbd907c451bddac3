//! The `aries-mcp` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    aries_mcp::cli::main(std::env::args_os(), &aries_mcp::config::Environment::of_process())
}
