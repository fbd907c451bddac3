//! What is said to somebody who has this program as the bundle of a client alone: no terminal knows its command there.

use std::path::Path;
use std::sync::LazyLock;

use crate::told::Reader;

/// Whether this program lies in a bundle: in the folder `server` beside the bundle's manifest.
static IS_HERE: LazyLock<bool> =
    LazyLock::new(|| std::env::current_exe().is_ok_and(|program| is_in_bundle(&program)));

/// How a command begins in a hint.
const COMMAND: &str = "`aries-mcp ";

const NOTE: &str = "note for that command: aries-mcp is a bundle here, and no terminal knows it by name. In place of \
                    `login` call sign_in where it is listed, on the person's word; any other command runs with the program \
                    in the folder `server` of the bundle (Claude Desktop: Settings, Extensions, Advanced settings, Open \
                    Extensions Folder), dragged into a terminal";

fn is_in_bundle(program: &Path) -> bool {
    let folder = program.parent().filter(|folder| folder.file_name().is_some_and(|name| name == "server"));
    folder.and_then(Path::parent).is_some_and(|bundle| bundle.join("manifest.json").is_file())
}

/// The text for a reader; in a bundle, where it names a command, with what to do in its place.
pub(super) fn fitted(text: String, reader: Reader) -> String {
    let is_meant = reader == Reader::Model && text.contains(COMMAND) && *IS_HERE;
    if is_meant { format!("{text}\n{NOTE}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_known_by_its_manifest() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("server").join("aries-mcp");
        assert!(!is_in_bundle(&program));
        std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        assert!(is_in_bundle(&program) && !is_in_bundle(&folder.path().join("bin").join("aries-mcp")));
    }
}
