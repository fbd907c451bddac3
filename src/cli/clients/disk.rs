//! Reads the file of a client, or says why that is not possible and what the person does about it.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::{Error, Result};

/// The text of a file; `None` if there is none. A pipe or a device is never opened: reading it could last for ever.
pub(in crate::cli) fn read(path: &Path) -> Result<Option<String>> {
    let shown = path.display();
    let found = match std::fs::metadata(path) {
        Ok(found) => found,
        Err(error) => return missing(path, &error),
    };
    if !found.is_file() {
        let what = if found.is_dir() { "a folder" } else { "no plain file" };
        return Err(Error::failed(
            format!("{shown} is {what}; the client reads a file there"),
            "move it away, then try again",
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map(Some).map_err(|_| {
        Error::failed(
            format!("{shown} is not UTF-8 text"),
            "open it in an editor and save it as UTF-8, then try again",
        )
    })
}

/// No file is there, unless a link or a file stands in the way to it.
fn missing(path: &Path, error: &io::Error) -> Result<Option<String>> {
    if error.kind() == ErrorKind::PermissionDenied {
        return Err(unreadable(path, error));
    }
    let dangling = path.ancestors().find(|part| part.is_symlink() && !part.exists());
    if let Some(link) = dangling {
        let target = std::fs::read_link(link).unwrap_or_default();
        return Err(Error::failed(
            format!("{} is a link to {}, which does not exist", link.display(), target.display()),
            "make what the link leads to, or delete the link, then try again",
        ));
    }
    match path.ancestors().skip(1).find(|part| part.is_file()) {
        Some(file) => Err(Error::failed(
            format!("{} is a file; the client has a folder there", file.display()),
            "move that file away, then try again",
        )),
        None if error.kind() == ErrorKind::NotFound => Ok(None),
        None => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let what = match error.kind() {
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    };
    Error::failed(
        format!("{} cannot be read: {what}", path.display()),
        "check who owns the file and its folder",
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_refused_and_never_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        std::fs::create_dir(path("folder")).unwrap();
        std::fs::write(path("file"), "x").unwrap();
        std::fs::write(path("utf16"), [0xff, 0xfe, 0x7b, 0]).unwrap();
        std::os::unix::fs::symlink("nowhere", path("dangling")).unwrap();
        std::os::unix::fs::symlink("loop", path("loop")).unwrap();
        nix::unistd::mkfifo(&path("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        for (name, cause, step) in [
            ("folder", "is a folder", "move it away"),
            ("pipe", "is no plain file", "move it away"),
            ("utf16", "is not UTF-8", "save it as UTF-8"),
            ("dangling", "is a link to nowhere", "delete the link"),
            ("dangling/mcp.json", "is a link to nowhere", "delete the link"),
            ("loop", "is a link to loop", "delete the link"),
            ("file/mcp.json", "file is a file", "move that file away"),
        ] {
            let error = read(&path(name)).unwrap_err();
            assert!(
                error.cause.contains(cause) && error.hint.to_string().contains(step),
                "{name}: {error:?}"
            );
        }
        assert_eq!(read(&path("file")).unwrap().as_deref(), Some("x"));
        assert!(read(&path("none/mcp.json")).unwrap().is_none());
    }
}
