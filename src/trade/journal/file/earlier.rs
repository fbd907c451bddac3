//! A journal under the name that an earlier version gave it: it becomes the journal, since its limits and doubts count.

use std::io::{ErrorKind, Result as IoResult};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::told::Told;

/// Moves a journal of an earlier name to `path`. Fails if there are two: which orders count must not depend on how the
/// address of Aries was written.
pub(super) fn adopt(earlier: &[PathBuf], path: &Path) -> Result<()> {
    let Some(old) = earlier.iter().find(|old| old.exists()) else { return Ok(()) };
    if path.exists() {
        return Err(Error::failed(
            format!("there are two order journals of one Aries: {} and {}", path.display(), old.display()),
            Told::person(
                "no order is sent until one is left: look at both, and move the older one away with the file beside it \
             that ends in .head",
            ),
        ));
    }
    // The note of its end first: after a crash between the two, the next one goes on here.
    let moved =
        rename(&old.with_extension("head"), &path.with_extension("head")).and_then(|()| rename(old, path));
    moved.map_err(|error| {
        let cause =
            format!("the order journal {} cannot be moved to {}: {error}", old.display(), path.display());
        Error::failed(cause, Told::person("without the journal no order is sent"))
    })
}

/// Another process may have moved it a moment ago.
fn rename(from: &Path, to: &Path) -> IoResult<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
