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
                "trading" => {
                    let section = DeValue::Table(table(value.clone())?);
                    file.trading =
                        Deserialize::deserialize(Spanned::new(value.span(), section).into_deserializer())?;
                }
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
        other => Err(Mistake { at, message: format!("found {}, expected a section", a(other.type_str())) }),
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
        let message = format!("unknown key `{}`, expected one of {}", key.get_ref(), names.join(", "));
        Mistake { at: key.span().start, message }
    })
}

fn written(setting: &Setting, value: &Spanned<DeValue<'_>>) -> std::result::Result<String, Mistake> {
    let mistake = |message: String| Mistake { at: value.span().start, message };
    let wrong = |expected: &str| {
        mistake(format!("`{}` is {}, expected {expected}", setting.name, a(value.get_ref().type_str())))
    };
    let text = match (setting.key, value.get_ref()) {
        (Key::Switch, value) => value.as_bool().ok_or_else(|| wrong("true or false"))?.to_string(),
        (Key::List, value) => {
            let items =
                value.as_array().ok_or_else(|| wrong("a list of texts in quotes, such as [\"market\"]"))?;
            let texts = items.iter().map(|item| item.get_ref().as_str());
            texts.collect::<Option<Vec<_>>>().ok_or_else(|| wrong("a list of texts in quotes"))?.join(",")
        }
        (_, value) => value.as_str().ok_or_else(|| wrong("a text in quotes"))?.to_owned(),
    };
    let valid = setting.valid();
    if setting.key == Key::OfProfile && !valid.is_empty() && !valid.contains(&text.as_str()) {
        let words = valid.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
        return Err(mistake(format!("unknown value `{text}`, expected {words}")));
    }
    Ok(text)
}

struct Mistake {
    at: usize,
    message: String,
}

/// What a library for programmers says, and what a person who wrote a file reads.
const WORDS: [(&str, &str); 10] = [
    ("unknown field", "unknown key"),
    ("unknown variant", "unknown value"),
    ("invalid type: ", "found "),
    ("invalid value: ", "found "),
    ("found string ", "found the text "),
    ("found integer ", "found the number "),
    ("found floating point ", "found the number "),
    ("expected a sequence", "expected a list, such as [\"A\"]"),
    ("expected a boolean", "expected true or false, without quotes"),
    ("expected u32", "expected a whole number, without quotes"),
];

impl From<toml::de::Error> for Mistake {
    fn from(error: toml::de::Error) -> Self {
        let words = |text: String, (theirs, ours): &(&str, &str)| text.replace(theirs, ours);
        let message = WORDS.iter().fold(error.message().trim().to_owned(), words);
        Self { at: error.span().map_or(0, |span| span.start), message }
    }
}

/// The type of a value, as a person calls it.
fn a(kind: &str) -> String {
    match kind {
        "string" => "a text".to_owned(),
        "integer" | "float" => "a number".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => "a list".to_owned(),
        "table" => "a section".to_owned(),
        other => format!("a {other}"),
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
            None if self.message.starts_with("unknown key") => {
                "keys of trading stand below [trading], those of a sign-in below [profiles.default]"
                    .to_owned()
            }
            _ => "correct that line; the pages of settings and orders in the documentation explain every key"
                .to_owned(),
        };
        Error::usage(format!("{} line {line}: {}", path.display(), self.message), hint)
    }
}
