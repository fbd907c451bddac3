//! Writes the config file one key at a time, so that a person's comments survive.

use std::path::Path;

use crate::config::setting::Setting;
use crate::error::{Error, Result};
use crate::os::atomic_file;

/// Writes values into the profile's part of the file and removes the keys without one; all else stays.
pub(crate) fn remember(path: &Path, profile: &str, values: &[(&Setting, Option<&str>)]) -> Result<()> {
    // Where a link leads (dotfiles are often kept elsewhere), or the path itself if there is nothing yet.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // Two profiles may sign in at the same time; the lock is released when the file is closed.
    let _lock = lock(&target).map_err(|error| {
        Error::failed(
            format!("cannot write beside {}: {error}", target.display()),
            "check the folder's owner and mode",
        )
    })?;
    write_values(&target, profile, values)
}

fn lock(path: &Path) -> std::io::Result<std::fs::File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = std::fs::File::create(path.with_extension("lock"))?;
    file.lock()?;
    Ok(file)
}

fn write_values(path: &Path, profile: &str, values: &[(&Setting, Option<&str>)]) -> Result<()> {
    let failed = |what: String| Error::failed(what, format!("check that {} can be written", path.display()));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(format!("cannot read {}: {error}", path.display()))),
    };
    let mut document: toml_edit::DocumentMut =
        text.parse().map_err(|error| failed(format!("{} is not TOML: {error}", path.display())))?;
    let implicit = || {
        let mut table = toml_edit::Table::new();
        table.set_implicit(true);
        toml_edit::Item::Table(table)
    };
    let profiles = document.entry("profiles").or_insert_with(implicit);
    let Some(part) = profiles.as_table_like_mut() else {
        return Err(failed(format!("{}: profiles is not a table", path.display())));
    };
    let part = part.entry(profile).or_insert_with(toml_edit::table);
    let Some(part) = part.as_table_like_mut() else {
        return Err(failed(format!("{}: profiles.{profile} is not a table", path.display())));
    };
    for (setting, value) in values {
        match value {
            Some(value) => drop(part.insert(setting.name, toml_edit::value(*value))),
            None => drop(part.remove(setting.name)),
        }
    }
    atomic_file::replace(path, document.to_string().as_bytes())
        .map_err(|error| failed(format!("cannot write {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;
    use crate::config::setting::{API_URL, CLIENT_ID};

    #[test]
    fn remembering_keeps_comments() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "# mine\nread_only = true # stay\n").unwrap();
        remember(&path, "default", &[(&CLIENT_ID, Some("abc")), (&API_URL, None)]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "# mine\nread_only = true # stay\n\n[profiles.default]\nclient_id = \"abc\"\n");
        assert_eq!(ConfigFile::read(&path).unwrap().profiles["default"].get(&CLIENT_ID), Some("abc"));
    }
}
