//! The config file: TOML, unknown keys refused, written one key at a time so that comments survive.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::TokenStore;
use crate::error::{Error, Result, nearest};

/// `config.toml` as a person writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    /// The profile used when none is named.
    pub(crate) profile: Option<String>,
    /// No tool that changes anything exists.
    pub(crate) read_only: bool,
    /// Names of toolsets.
    pub(crate) toolsets: Vec<String>,
    /// Log level.
    pub(crate) log: Option<String>,
    /// What the person allows of trading.
    pub(crate) trading: super::Trading,
    /// One part per profile.
    pub profiles: BTreeMap<String, ProfileFile>,
}

/// What `login` remembers of a profile. None of it is secret.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileFile {
    /// The id of the API key made in Client Center.
    pub client_id: Option<String>,
    /// Where the browser comes back to.
    pub redirect_uri: Option<String>,
    /// Where tokens are kept.
    pub(crate) token_store: Option<TokenStore>,
    /// Scopes to ask for at the next login.
    pub scopes: Option<String>,
    /// The API this profile belongs to, if not Aries itself.
    pub api_url: Option<String>,
    /// The sign-in page, if not the usual one.
    pub(crate) authorize_url: Option<String>,
    /// The token endpoint, if not the usual one.
    pub(crate) token_url: Option<String>,
    /// The base of the sockets, if not the usual one.
    pub(crate) stream_url: Option<String>,
}

impl ConfigFile {
    /// Reads the file; a missing one is empty.
    ///
    /// # Errors
    /// [`Kind::Usage`](crate::error::Kind::Usage) with the line and the nearest valid key.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(Error::usage(
                    format!("cannot read {}: {error}", path.display()),
                    "check the file's owner and mode",
                ));
            }
        };
        toml::from_str(&text).map_err(|error| explain(path, &text, &error))
    }
}

fn explain(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let message = error.message();
    // serde says: unknown field `a`, expected one of `b`, `c`
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next().unwrap_or_default();
    let hint = match nearest(wrong, quoted) {
        Some(name) if message.starts_with("unknown") => format!("did you mean {name}?"),
        _ => "correct that line; the README lists every key".to_owned(),
    };
    Error::usage(format!("{} line {line}: {}", path.display(), message.trim()), hint)
}

/// Writes what a login knows into the profile's part of the file, leaving everything else as it stands.
///
/// # Errors
/// If the file cannot be parsed or written.
pub fn remember(path: &Path, profile: &str, values: &[(&str, Option<&str>)]) -> Result<()> {
    // Where a link leads (dotfiles are often kept elsewhere), or the path itself if there is nothing yet.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // Two profiles may sign in at the same time; the lock falls with the file.
    let _turn = turn(&target).map_err(|error| {
        Error::failed(
            format!("cannot write beside {}: {error}", target.display()),
            "check the folder's owner and mode",
        )
    })?;
    write_values(&target, profile, values)
}

fn turn(path: &Path) -> std::io::Result<std::fs::File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let lock = std::fs::File::create(path.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn write_values(path: &Path, profile: &str, values: &[(&str, Option<&str>)]) -> Result<()> {
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
    for (key, value) in values {
        match value {
            Some(value) => drop(part.insert(key, toml_edit::value(*value))),
            None => drop(part.remove(key)),
        }
    }
    write_whole(path, &document.to_string())
        .map_err(|error| failed(format!("cannot write {}: {error}", path.display())))
}

/// A reader sees the old file or the new one, never half of it. The new one keeps the old one's mode.
#[expect(clippy::disallowed_methods, reason = "renamed over the old one, whose mode it keeps")]
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension(format!("toml.{}", std::process::id()));
    std::fs::write(&beside, text)?;
    if let Ok(old) = std::fs::metadata(path) {
        std::fs::set_permissions(&beside, old.permissions())?;
    }
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembering_keeps_comments() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "# mine\nread_only = true # stay\n").unwrap();
        remember(&path, "default", &[("client_id", Some("abc")), ("api_url", None)]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "# mine\nread_only = true # stay\n\n[profiles.default]\nclient_id = \"abc\"\n");
        assert_eq!(ConfigFile::read(&path).unwrap().profiles["default"].client_id.as_deref(), Some("abc"));
    }
}
