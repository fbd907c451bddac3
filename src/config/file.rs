//! The config file: TOML whose keys are those of [`SETTINGS`], `[trading]` and `[profiles.NAME]`; unknown keys are
//! refused.

mod remember;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::setting::{Key, SETTINGS, Setting};
use crate::error::{Error, Result, nearest};

pub(crate) use remember::remember;

/// What the config file says.
#[derive(Debug, Clone, Default)]
pub struct ConfigFile {
    /// Whether there is such a file.
    pub(super) is_there: bool,
    /// The keys at the top; a list is joined by commas.
    pub(super) top: ProfileFile,
    pub(crate) trading: super::Trading,
    /// One part per profile.
    pub profiles: BTreeMap<String, ProfileFile>,
}

/// What the config file says of one profile, most of it written by `login`. None of it is secret.
#[derive(Debug, Clone, Default)]
pub struct ProfileFile(BTreeMap<&'static str, String>);

impl ProfileFile {
    pub(crate) fn get(&self, setting: &Setting) -> Option<&str> {
        self.named(setting.name)
    }

    /// The value of a key, by its name.
    pub fn named(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

impl ConfigFile {
    /// Reads the file; a missing one is empty.
    /// Fails with [`Kind::Usage`](crate::error::Kind::Usage) with the line and the nearest valid key.
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
        Self::parse(&text).map_err(|mistake| mistake.explain(path, &text))
    }

    fn parse(text: &str) -> std::result::Result<Self, Mistake> {
        let mut file = Self { is_there: true, ..Self::default() };
        for (key, value) in DeTable::parse(text)?.into_inner() {
            match key.get_ref().as_ref() {
                "trading" => file.trading = Deserialize::deserialize(value.into_deserializer())?,
                "profiles" => file.profiles = profiles(value)?,
                _ => {
                    let setting = known(&key, &TOP)?;
                    file.top.0.insert(setting.name, written(setting, &value)?);
                }
            }
        }
        Ok(file)
    }
}

const TOP: [Key; 3] = [Key::Text, Key::Switch, Key::List];

fn profiles(value: Spanned<DeValue<'_>>) -> std::result::Result<BTreeMap<String, ProfileFile>, Mistake> {
    let mut profiles = BTreeMap::new();
    for (name, part) in table(value)? {
        let mut values = BTreeMap::new();
        for (key, value) in table(part)? {
            let setting = known(&key, &[Key::OfProfile])?;
            values.insert(setting.name, written(setting, &value)?);
        }
        profiles.insert(name.into_inner().into_owned(), ProfileFile(values));
    }
    Ok(profiles)
}

fn table(value: Spanned<DeValue<'_>>) -> std::result::Result<DeTable<'_>, Mistake> {
    let at = value.span().start;
    match value.into_inner() {
        DeValue::Table(table) => Ok(table),
        other => {
            Err(Mistake { at, message: format!("invalid type: {}, expected a table", other.type_str()) })
        }
    }
}

fn known(key: &Spanned<Cow<'_, str>>, kinds: &[Key]) -> std::result::Result<&'static Setting, Mistake> {
    let valid: Vec<_> = SETTINGS.iter().copied().filter(|setting| kinds.contains(&setting.key)).collect();
    let found = valid.iter().copied().find(|setting| setting.name == key.get_ref().as_ref());
    found.ok_or_else(|| {
        let mut names: Vec<_> = valid.iter().map(|setting| format!("`{}`", setting.name)).collect();
        if kinds == TOP {
            names.extend(["`trading`".to_owned(), "`profiles`".to_owned()]);
        }
        let message = format!("unknown field `{}`, expected one of {}", key.get_ref(), names.join(", "));
        Mistake { at: key.span().start, message }
    })
}

fn written(setting: &Setting, value: &Spanned<DeValue<'_>>) -> std::result::Result<String, Mistake> {
    let mistake = |message: String| Mistake { at: value.span().start, message };
    let wrong = |expected: &str| {
        let found = value.get_ref().type_str();
        mistake(format!("invalid type for `{}`: {found}, expected {expected}", setting.name))
    };
    let text = match (setting.key, value.get_ref()) {
        (Key::Switch, value) => value.as_bool().ok_or_else(|| wrong("true or false"))?.to_string(),
        (Key::List, value) => {
            let items = value.as_array().ok_or_else(|| wrong("a list of strings"))?;
            let texts = items.iter().map(|item| item.get_ref().as_str());
            texts.collect::<Option<Vec<_>>>().ok_or_else(|| wrong("a list of strings"))?.join(",")
        }
        (_, value) => value.as_str().ok_or_else(|| wrong("a string"))?.to_owned(),
    };
    let valid = setting.valid();
    if setting.key == Key::OfProfile && !valid.is_empty() && !valid.contains(&text.as_str()) {
        let words = valid.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
        return Err(mistake(format!("unknown variant `{text}`, expected {words}")));
    }
    Ok(text)
}

struct Mistake {
    at: usize,
    message: String,
}

impl From<toml::de::Error> for Mistake {
    fn from(error: toml::de::Error) -> Self {
        Self { at: error.span().map_or(0, |span| span.start), message: error.message().trim().to_owned() }
    }
}

impl Mistake {
    fn explain(&self, path: &Path, text: &str) -> Error {
        let line = text.bytes().take(self.at).filter(|byte| *byte == b'\n').count() + 1;
        // serde says: unknown field `a`, expected one of `b`, `c`
        let mut quoted = self.message.split('`').skip(1).step_by(2);
        let wrong = quoted.next().unwrap_or_default();
        let hint = match nearest(wrong, quoted) {
            Some(name) if self.message.starts_with("unknown") => format!("did you mean {name}?"),
            _ => "correct that line; .github/docs/settings.md lists every key".to_owned(),
        };
        Error::usage(format!("{} line {line}: {}", path.display(), self.message), hint)
    }
}
