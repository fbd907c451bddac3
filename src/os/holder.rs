//! Which process holds a lock file.

use std::path::Path;

/// `FILE`, and where the system tells it `FILE, held by process 123 (name)`.
pub(crate) fn described(path: &Path) -> String {
    match holder(path) {
        Some(holder) => format!("{}, held by {holder}", path.display()),
        None => path.display().to_string(),
    }
}

/// Of the kernel's table of locks: `1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF`.
#[cfg(target_os = "linux")]
fn holder(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    let inode = std::fs::metadata(path).ok()?.ino().to_string();
    let table = std::fs::read_to_string("/proc/locks").ok()?;
    let id = table.lines().find_map(|line| {
        // A line with an arrow is of a process that waits.
        let mut fields = line.split_whitespace().skip(1).skip_while(|field| *field == "->");
        let (kind, id) = (fields.next()?, fields.nth(2)?);
        let file = fields.next()?;
        (kind == "FLOCK" && !line.contains("->") && file.rsplit(':').next() == Some(&inode))
            .then(|| id.to_owned())
    })?;
    let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
    let name = crate::text::clean(name.trim(), 40);
    Some(format!("process {id}{}", if name.is_empty() { String::new() } else { format!(" ({name})") }))
}

#[cfg(not(target_os = "linux"))]
fn holder(_path: &Path) -> Option<String> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_names_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let file = std::fs::File::create(&path).unwrap();
        assert_eq!(described(&path), path.display().to_string());
        file.lock().unwrap();
        let held = format!("{}, held by process {} (", path.display(), std::process::id());
        assert!(described(&path).starts_with(&held), "{}", described(&path));
    }
}
