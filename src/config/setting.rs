//! Every setting, declared once: its name, where it can be given, its default and its meaning.
//!
//! The global options of the command line, the check of variable names, the keys of the config file and README's table
//! derive from this list. How a value is used stands in [`Settings::resolve`](super::Settings::resolve).

use super::toolset::Toolsets;
use super::urls::{DEFAULT_API, DEFAULT_AUTHORIZE, DEFAULT_REDIRECT_URI};
use super::words::{LOG_LEVELS, TokenStore};
use crate::error::nearest;

#[derive(Debug)]
pub(crate) struct Setting {
    /// Its key in the config file; the variable is `ARIES_<NAME>`, a global option has `-` for `_`.
    pub(crate) name: &'static str,
    /// Where it stands on the command line.
    pub(crate) option: CommandLine,
    /// Where it stands in the config file.
    pub(crate) key: Key,
    /// The words that are valid; empty if any text is.
    words: fn() -> Vec<&'static str>,
    /// What holds where it is not given, for README.
    default: &'static str,
    /// What it means, for README and `--help`.
    about: &'static str,
}

/// Where a setting stands on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandLine {
    No,
    /// A global option without a value.
    Switch,
    /// A global option with a value that is called so in the help.
    Text(&'static str),
    /// The same; the value is the path of a file.
    File(&'static str),
    /// An option of one command, written like this.
    OfCommand(&'static str),
}

/// Where a setting stands in the config file, and what it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    No,
    /// A text at the top.
    Text,
    /// `true` or `false` at the top.
    Switch,
    /// A list of texts at the top.
    List,
    /// A text in the part of one profile.
    OfProfile,
}

/// A setting that only its variable gives, as any text: name, default and meaning.
const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { name, default, about, option: CommandLine::No, key: Key::No, words: Vec::new }
}

pub(crate) static PROFILE: Setting = setting("profile", "`default`", "Which sign-in and settings to use")
    .option(CommandLine::Text("NAME"))
    .key(Key::Text);
pub(crate) static SANDBOX: Setting = setting(
    "sandbox",
    "off",
    "Use the embedded practice broker: no account, no sign-in, nothing of yours is touched",
)
.option(CommandLine::Switch);
pub(crate) static READ_ONLY: Setting =
    setting("read_only", "off", "Leave out every tool that changes anything")
        .option(CommandLine::Switch)
        .key(Key::Switch);
pub(crate) static TOOLSETS: Setting = setting("toolsets", "`default`", "Which tools")
    .option(CommandLine::Text("A,B"))
    .key(Key::List)
    .words(Toolsets::names);
pub(crate) static CONFIG: Setting =
    setting("config", "see below", "Read this config file").option(CommandLine::File("FILE"));
pub(crate) static LOG: Setting = setting("log", "`warn`", "How much goes to stderr")
    .option(CommandLine::Text("LEVEL"))
    .key(Key::Text)
    .words(|| LOG_LEVELS.iter().map(|(name, _)| *name).collect());
pub(crate) static CLIENT_ID: Setting =
    setting("client_id", "asked by `login`", "The key's Client ID; no secret").key(Key::OfProfile);
pub(crate) static CLIENT_SECRET: Setting = setting(
    "client_secret",
    "none",
    "Optional; better typed at `login`'s hidden prompt, which keeps it in the keychain",
);
pub(crate) static REDIRECT_URI: Setting = setting(
    "redirect_uri",
    DEFAULT_REDIRECT_URI,
    "Where the browser comes back to, as registered in Client Center",
)
.key(Key::OfProfile);
pub(crate) static SCOPES: Setting =
    setting("scopes", "all reading scopes", "What to ask for when signing in, separated by spaces")
        .option(CommandLine::OfCommand("login --scopes SCOPES"))
        .key(Key::OfProfile);
pub(crate) static TOKEN_STORE: Setting =
    setting("token_store", "`keychain`", "Where tokens are kept (a file is readable by you alone)")
        .key(Key::OfProfile)
        .words(|| TokenStore::ALL.iter().map(|(name, _)| *name).collect());
pub(crate) static ACCESS_TOKEN: Setting =
    setting("access_token", "none", "For containers: used as it is, never refreshed, never stored");
pub(crate) static API_URL: Setting =
    setting("api_url", DEFAULT_API, "`https`, or `http` to this machine; likewise below").key(Key::OfProfile);
pub(crate) static AUTHORIZE_URL: Setting =
    setting("authorize_url", DEFAULT_AUTHORIZE, "The sign-in page").key(Key::OfProfile);
pub(crate) static TOKEN_URL: Setting =
    setting("token_url", "`<ARIES_API_URL>/v1/oauth2/token`", "The token endpoint").key(Key::OfProfile);
pub(crate) static STREAM_URL: Setting =
    setting("stream_url", "`<ARIES_API_URL>`", "The sockets; `wss` and `https` mean the same here")
        .key(Key::OfProfile);
pub(crate) static CONFIG_DIR: Setting =
    setting("config_dir", "see below", "Another folder for the config file");
pub(crate) static STATE_DIR: Setting = setting("state_dir", "see below", "Another folder for state");

/// Every setting, in README's order.
pub(crate) static SETTINGS: &[&Setting] = &[
    &PROFILE,
    &SANDBOX,
    &READ_ONLY,
    &TOOLSETS,
    &CONFIG,
    &LOG,
    &CLIENT_ID,
    &CLIENT_SECRET,
    &REDIRECT_URI,
    &SCOPES,
    &TOKEN_STORE,
    &ACCESS_TOKEN,
    &API_URL,
    &AUTHORIZE_URL,
    &TOKEN_URL,
    &STREAM_URL,
    &CONFIG_DIR,
    &STATE_DIR,
];

impl Setting {
    const fn option(self, option: CommandLine) -> Self {
        Self { option, ..self }
    }

    const fn key(self, key: Key) -> Self {
        Self { key, ..self }
    }

    const fn words(self, words: fn() -> Vec<&'static str>) -> Self {
        Self { words, ..self }
    }

    /// The variable that gives it.
    pub(crate) fn variable(&self) -> String {
        format!("ARIES_{}", self.name.to_uppercase())
    }

    /// Its name as a global option, without the dashes in front.
    pub(crate) fn long(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The words that are valid; empty if any text is.
    pub(super) fn valid(&self) -> Vec<&'static str> {
        (self.words)()
    }

    /// Whether a value is one of the valid words, if it has to be one.
    pub(super) fn allows(&self, value: &str) -> bool {
        let words = self.valid();
        words.is_empty() || words.contains(&value)
    }

    /// What it means, with the words that are valid.
    pub(crate) fn help(&self) -> String {
        match self.valid().as_slice() {
            [] => self.about.to_owned(),
            words => format!("{}: {}", self.about, words.join(", ")),
        }
    }
}

/// Whether a variable means something here.
pub(crate) fn is_variable(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.variable() == name)
}

/// The variable that a misspelt name most likely means.
pub(crate) fn nearest_variable(name: &str) -> Option<String> {
    let variables: Vec<String> = SETTINGS.iter().map(|setting| setting.variable()).collect();
    nearest(name, variables.iter().map(String::as_str)).map(str::to_owned)
}

/// README's table of settings.
pub fn table() -> String {
    let head =
        ["| option | variable | default | meaning |".to_owned(), "| --- | --- | --- | --- |".to_owned()];
    let rows = SETTINGS.iter().map(|setting| {
        let option = match setting.option {
            CommandLine::No => String::new(),
            CommandLine::Switch => format!("`--{}`", setting.long()),
            CommandLine::Text(value) | CommandLine::File(value) => format!("`--{} {value}`", setting.long()),
            CommandLine::OfCommand(text) => format!("`{text}`"),
        };
        let default = match setting.default.starts_with("http") {
            true => format!("`{}`", setting.default),
            false => setting.default.to_owned(),
        };
        format!("| {option} | `{}` | {default} | {} |", setting.variable(), setting.help())
    });
    head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_every_key_of_the_config_file() {
        let readme = include_str!("../../README.md");
        for setting in SETTINGS.iter().filter(|setting| setting.key != Key::No) {
            let is_shown = readme.lines().any(|line| {
                line.starts_with(&format!("{} = ", setting.name))
                    || (line.starts_with("# ") && line.contains(setting.name))
            });
            assert!(is_shown, "add `{}` to the config file in README", setting.name);
        }
    }

    #[test]
    fn every_setting_has_a_name_of_its_own() {
        let mut names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
    }
}
