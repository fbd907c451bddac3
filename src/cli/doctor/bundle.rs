//! The bundle of Claude Desktop, which starts this program without an entry in a file.

use std::path::{Path, PathBuf};

use crate::cli::clients::entry::Entry;

/// What the entry of a bundle is called here.
pub(super) const NAME: &str = "the bundle";

/// The folder of the bundle that lies beside this file of Claude Desktop, with what it starts.
pub(super) fn beside(file: &Path) -> Option<(PathBuf, Entry)> {
    let extensions = std::fs::read_dir(file.parent()?.join("Claude Extensions")).ok()?;
    let is_ours = |folder: &PathBuf| {
        folder.file_name().is_some_and(|name| name.to_string_lossy().contains("aries-mcp"))
    };
    let folder = extensions.filter_map(Result::ok).map(|entry| entry.path()).find(is_ours)?;
    let program = folder.join("server").join(format!("aries-mcp{}", std::env::consts::EXE_SUFFIX));
    let command = program.display().to_string();
    Some((folder, Entry { name: NAME.to_owned(), command, ..Entry::default() }))
}
