//! Every setting, declared once: its name, where it can be given, its default and its meaning.
//!
//! The global options of the command line, the check of variable names, the keys of the config file and the page of settings
//! derive from this list. How a value is used stands in [`Settings::resolve`](super::Settings::resolve).

use super::toolset::Toolsets;
use super::words::{LOG_LEVELS, TokenStore, names};
use crate::error::nearest;

#[derive(Debug)]
pub(crate) struct Setting {
    /// Its key in the config file; the variable is `ARIES_<NAME>`, a global option has `-` for `_`.
    pub(crate) name: &'static str,
    pub(crate) option: CommandLine,
    pub(crate) key: Key,
    words: fn() -> Vec<&'static str>,
    /// What holds where it is not given, for the page of settings.
    pub(super) default: &'static str,
    /// What it means, for the page of settings and `--help`.
    about: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandLine {
    No,
    Switch,
    /// A global option with a value that is called so in the help.
    Text(&'static str),
    /// The same; the value is the path of a file.
    File(&'static str),
    /// The same as `Text`, with a name of its own: the name and what the value is called.
    Called(&'static str, &'static str),
    /// An option of one command, written like this.
    OfCommand(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    No,
    // At the top.
    Text,
    Switch,
    List,
    /// A text in the part of one profile.
    OfProfile,
}

/// Declares the settings, and `SETTINGS`, which lists them in the order of the page.
macro_rules! settings {
    ($($name:ident = $setting:expr;)+) => {
        $(pub(crate) static $name: Setting = $setting;)+
        pub(crate) static SETTINGS: &[&Setting] = &[$(&$name),+];
    };
}

pub(crate) const DEFAULT_API: &str = "https://api.aries.com";
/// 27437 is ARIES on a telephone's keys.
pub(crate) const DEFAULT_REDIRECT_URI: &str = "http://127.0.0.1:27437/callback";

settings! {
    PROFILE = setting("profile", "`default`", "Which sign-in and settings to use").text("NAME").key(Key::Text);
    SANDBOX = setting("sandbox", "off",
        "Use the embedded practice broker: no account, no sign-in, nothing of yours is touched").switch();
    SANDBOX_CLOCK = setting("sandbox_clock", "its market never closes",
        "The practice market's time at the start, in New York or with an offset: 2026-11-27T12:30")
        .option(CommandLine::Called("clock", "TIME"));
    READ_ONLY = setting("read_only", "off", "Leave out every tool that changes anything").switch().key(Key::Switch);
    TOOLSETS = setting("toolsets", "`default`", "Which tools").text("A,B").key(Key::List).words(Toolsets::names);
    CONFIG = setting("config", "see below", "Read this config file").option(CommandLine::File("FILE"));
    LOG = setting("log", "`warn`", "How much goes to stderr").text("LEVEL").key(Key::Text)
        .words(|| names(&LOG_LEVELS));
    CLIENT_ID = setting("client_id", "asked by `login`", "The key's Client ID; no secret").of_profile();
    CLIENT_SECRET = setting("client_secret", "none",
        "Optional; better typed at `login`'s hidden prompt, which keeps it in the keychain");
    REDIRECT_URI = setting("redirect_uri", DEFAULT_REDIRECT_URI,
        "Where the browser comes back to, as registered in Client Center").of_profile();
    SCOPES = setting("scopes", "all reading scopes", "What to ask for when signing in, separated by spaces")
        .option(CommandLine::OfCommand("login --scopes SCOPES")).of_profile();
    TOKEN_STORE = setting("token_store", "`keychain`", "Where tokens are kept (a file is readable by you alone)")
        .of_profile().words(|| names(&TokenStore::ALL));
    ACCESS_TOKEN = setting("access_token", "none",
        "For containers: used as it is, never refreshed, never stored");
    API_URL = setting("api_url", DEFAULT_API, "`https`, or `http` to this machine; likewise below").of_profile();
    AUTHORIZE_URL = setting("authorize_url", "https://app.aries.com/oauth2/authorize", "The sign-in page").of_profile();
    TOKEN_URL = setting("token_url", "`<ARIES_API_URL>/v1/oauth2/token`", "The token endpoint").of_profile();
    STREAM_URL = setting("stream_url", "`<ARIES_API_URL>`", "The sockets; `wss` and `https` mean the same here")
        .of_profile();
    CONFIG_DIR = setting("config_dir", "see below", "Another folder for the config file");
    STATE_DIR = setting("state_dir", "see below", "Another folder for state");
}

/// A setting that only its variable gives, as any text: name, default and meaning.
const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { name, default, about, option: CommandLine::No, key: Key::No, words: Vec::new }
}

impl Setting {
    const fn option(self, option: CommandLine) -> Self {
        Self { option, ..self }
    }

    const fn switch(self) -> Self {
        self.option(CommandLine::Switch)
    }

    const fn text(self, value: &'static str) -> Self {
        self.option(CommandLine::Text(value))
    }

    const fn of_profile(self) -> Self {
        self.key(Key::OfProfile)
    }

    const fn key(self, key: Key) -> Self {
        Self { key, ..self }
    }

    const fn words(self, words: fn() -> Vec<&'static str>) -> Self {
        Self { words, ..self }
    }

    pub(crate) fn variable(&self) -> String {
        format!("ARIES_{}", self.name.to_uppercase())
    }

    pub(crate) fn long(&self) -> String {
        match self.option {
            CommandLine::Called(name, _) => name.to_owned(),
            _ => self.name.replace('_', "-"),
        }
    }

    pub(super) fn valid(&self) -> Vec<&'static str> {
        (self.words)()
    }

    pub(crate) fn help(&self) -> String {
        match self.valid().as_slice() {
            [] => self.about.to_owned(),
            words => format!("{}: {}", self.about, words.join(", ")),
        }
    }
}

/// Variables of `install.sh`, which a shell may still have when it starts the program.
const OF_INSTALLER: [&str; 3] = ["ARIES_INSTALL_DIR", "ARIES_INSTALL_VERSION", "ARIES_INSTALL_URL"];

pub(crate) fn is_variable(name: &str) -> bool {
    OF_INSTALLER.contains(&name) || SETTINGS.iter().any(|setting| setting.variable() == name)
}

pub(crate) fn nearest_variable(name: &str) -> Option<String> {
    let variables: Vec<String> = SETTINGS.iter().map(|setting| setting.variable()).collect();
    nearest(name, variables.iter().map(String::as_str)).map(str::to_owned)
}

/// The table of the page of settings.
pub fn table() -> String {
    let head = "| option | variable | default | meaning |\n| --- | --- | --- | --- |".to_owned();
    let rows = SETTINGS.iter().map(|setting| {
        let option = match setting.option {
            CommandLine::No => String::new(),
            CommandLine::Switch => format!("`--{}`", setting.long()),
            CommandLine::Text(value) | CommandLine::File(value) | CommandLine::Called(_, value) => {
                format!("`--{} {value}`", setting.long())
            }
            CommandLine::OfCommand(text) => format!("`{text}`"),
        };
        let default = match setting.default.starts_with("http") {
            true => format!("`{}`", setting.default),
            false => setting.default.to_owned(),
        };
        format!("| {option} | `{}` | {default} | {} |", setting.variable(), setting.help())
    });
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_settings_shows_every_key_of_the_config_file() {
        let page = include_str!("../../.github/docs/settings.md");
        for setting in SETTINGS.iter().filter(|setting| setting.key != Key::No) {
            let is_shown = page.lines().any(|line| {
                line.starts_with(&format!("{} = ", setting.name))
                    || (line.starts_with("# ") && line.contains(setting.name))
            });
            assert!(is_shown, "add `{}` to the config file in .github/docs/settings.md", setting.name);
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
