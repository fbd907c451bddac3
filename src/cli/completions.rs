//! `aries-mcp completions`: completions for a shell, from the one declaration of the command line.

use clap::Args;
use clap_complete::Shell;

use crate::error::Result;

/// Options of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    clap_complete::generate(args.shell, &mut super::command_line(), "aries-mcp", &mut std::io::stdout());
    Ok(())
}
