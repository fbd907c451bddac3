//! `aries-mcp completions`: completions for a shell, from the declaration of the command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::output::write_out;
use crate::error::Result;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::CommandLine::command(), "aries-mcp", &mut script);
    write_out(String::from_utf8_lossy(&script).trim_end());
    Ok(())
}
