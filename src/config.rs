//! Everything a person can set, resolved once at start: option, then variable, then file, then default.
//!
//! This is the only module that reads the environment. What comes out is a plain value, [`Settings`]; nothing
//! else in the program asks where a setting came from. Names and defaults are those of design 2.1.

mod file;
mod places;
mod trading;
mod urls;

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

pub use file::{ConfigFile, ProfileFile, remember};
pub use places::{ClientFolders, Places, client_folders, home_folders};
pub use trading::{Approval, Limits, OrderType, Trading};
pub use urls::{DEFAULT_REDIRECT_URI, Urls, checked_url, is_loopback};

use crate::error::{Error, Result, nearest};

/// Every variable that means something here (design 2.1).
pub const VARIABLES: &[&str] = &[
    "ARIES_CLIENT_ID",
    "ARIES_CLIENT_SECRET",
    "ARIES_API_URL",
    "ARIES_AUTHORIZE_URL",
    "ARIES_TOKEN_URL",
    "ARIES_STREAM_URL",
    "ARIES_REDIRECT_URI",
    "ARIES_SCOPES",
    "ARIES_TOKEN_STORE",
    "ARIES_ACCESS_TOKEN",
    "ARIES_PROFILE",
    "ARIES_TOOLSETS",
    "ARIES_READ_ONLY",
    "ARIES_SANDBOX",
    "ARIES_LOG",
    "ARIES_CONFIG",
    "ARIES_STATE_DIR",
    "ARIES_CONFIG_DIR",
];

/// The variables of the process, read once in `main` and passed down.
#[derive(Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Names of our variables whose values are not Unicode: silently leaving one out could switch read-only off.
    unreadable: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.values.insert(name, value)),
                Err(_) if name.starts_with("ARIES_") => environment.unreadable.push(name),
                Err(_) => {}
            }
        }
        environment
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}

impl Environment {
    /// The names that begin as ours do, known or not.
    pub fn ours(&self) -> impl Iterator<Item = &str> {
        self.values
            .keys()
            .chain(&self.unreadable)
            .map(String::as_str)
            .filter(|name| name.starts_with("ARIES_"))
    }

    /// This environment with what a client adds to it.
    #[must_use]
    pub fn with(&self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all = self.clone();
        all.values.extend(pairs);
        all
    }

    /// This environment without anything of ours: what a client starts from.
    #[must_use]
    pub fn without_ours(&self) -> Self {
        let mut others = self.clone();
        others.values.retain(|name, _| !name.starts_with("ARIES_"));
        others.unreadable.clear();
        others
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let values = pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        Self { values, unreadable: Vec::new() }
    }
}

/// The global options of the command line; `None` means not given.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--profile`
    pub profile: Option<String>,
    /// `--sandbox`
    pub sandbox: bool,
    /// `--read-only`
    pub read_only: bool,
    /// `--toolsets`
    pub toolsets: Option<String>,
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--log`
    pub log: Option<String>,
}

/// A group of tools that can be switched on together (design 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Toolset {
    /// Accounts, balances, positions, orders.
    Account,
    /// Symbols, quotes, bars.
    Market,
    /// Chains and option activity.
    Options,
    /// Company, fundamentals, estimates, news.
    Research,
    /// Earnings, economy, dividends, splits.
    Calendar,
    /// Order entry.
    Trading,
    /// Bounded live watching.
    Watch,
}

impl Toolset {
    /// Every toolset with the name that `--toolsets` takes.
    pub const ALL: [(&'static str, Toolset); 7] = [
        ("account", Toolset::Account),
        ("market", Toolset::Market),
        ("options", Toolset::Options),
        ("research", Toolset::Research),
        ("calendar", Toolset::Calendar),
        ("trading", Toolset::Trading),
        ("watch", Toolset::Watch),
    ];
}

/// Which tools are wanted, before scopes and read-only narrow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolsets {
    /// Every tool marked as default.
    Default,
    /// Every tool there is.
    All,
    /// The named sets, whole.
    Only(Vec<Toolset>),
}

/// How much goes to stderr. Other crates never log below `warn`, so that no body or header is ever written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Failures only.
    Error,
    /// Failures and oddities (the default).
    Warn,
    /// One line per call.
    Info,
    /// Steps inside a call.
    Debug,
    /// Everything this program can say.
    Trace,
}

impl LogLevel {
    const ALL: [(&'static str, LogLevel); 6] = [
        ("off", LogLevel::Off),
        ("error", LogLevel::Error),
        ("warn", LogLevel::Warn),
        ("info", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("trace", LogLevel::Trace),
    ];
}

/// Where tokens are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenStore {
    /// The OS keychain.
    Keychain,
    /// A file that only this user can read; chosen by the person, never silently.
    File,
}

impl TokenStore {
    const ALL: [(&'static str, TokenStore); 2] =
        [("keychain", TokenStore::Keychain), ("file", TokenStore::File)];

    /// The name used in configuration.
    pub fn name(self) -> &'static str {
        match self {
            TokenStore::Keychain => "keychain",
            TokenStore::File => "file",
        }
    }
}

/// Everything resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Profile name: `[a-z0-9_-]`, at most 32 characters.
    pub profile: String,
    /// Use the embedded Aries instead of the real one.
    pub sandbox: bool,
    /// No tool that changes anything exists.
    pub read_only: bool,
    /// Which tools are wanted.
    pub toolsets: Toolsets,
    /// How much goes to stderr.
    pub log: LogLevel,
    /// The four addresses of Aries.
    pub urls: Urls,
    /// Where the browser comes back to; must equal the one registered in Client Center.
    pub redirect_uri: String,
    /// The id of the person's API key, if known.
    pub client_id: Option<String>,
    /// A secret given by `ARIES_CLIENT_SECRET`; usually it is in the keychain instead.
    pub client_secret: Option<SecretString>,
    /// Scopes named by `ARIES_SCOPES`, the file or `login --scopes`.
    pub scopes: Option<String>,
    /// Where tokens are kept.
    pub token_store: TokenStore,
    /// A ready access token for containers: used as it is, never refreshed, never stored.
    pub access_token: Option<SecretString>,
    /// Config file and state folder.
    pub places: Places,
    /// The names of every profile in the config file.
    pub profiles: Vec<String>,
    /// What the person allows of trading.
    pub trading: Trading,
}

impl Settings {
    /// Resolves options, variables and the config file.
    ///
    /// # Errors
    /// [`Kind::Usage`](crate::error::Kind::Usage) naming the wrong option, variable or key and the nearest valid one.
    pub fn resolve(options: &Options, env: &Environment) -> Result<Self> {
        if let Some(name) = env.unreadable.first() {
            return Err(Error::usage(
                format!("{name} is not Unicode text"),
                format!("set {name} anew, or unset it"),
            ));
        }
        let sandbox = options.sandbox || flag(env, "ARIES_SANDBOX")?;
        let places = Places::find(options, env, sandbox)?;
        let file = match &places.config_file {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        let profile = options
            .profile
            .clone()
            .or_else(|| env.get("ARIES_PROFILE").map(str::to_owned))
            .or_else(|| file.profile.clone())
            .unwrap_or_else(|| "default".to_owned());
        check_profile_name(&profile)?;
        let remembered = file.profiles.get(&profile).cloned().unwrap_or_default();
        let urls = Urls::resolve(env, &remembered)?;
        // A client id or redirect URI recorded for another origin says nothing about this one.
        let remembered = if urls.same_api(&remembered) { remembered } else { ProfileFile::default() };
        let toolsets = options.toolsets.clone().or_else(|| env.get("ARIES_TOOLSETS").map(str::to_owned));
        let log = options.log.clone().or_else(|| env.get("ARIES_LOG").map(str::to_owned)).or(file.log);
        let store =
            env.get("ARIES_TOKEN_STORE").map(|name| choose("ARIES_TOKEN_STORE", name, &TokenStore::ALL));
        let redirect_uri = env.get("ARIES_REDIRECT_URI").map(str::to_owned).or(remembered.redirect_uri);
        let redirect_uri = redirect_uri.unwrap_or_else(|| DEFAULT_REDIRECT_URI.to_owned());
        urls::check_redirect_uri(&redirect_uri)?;
        Ok(Self {
            sandbox,
            read_only: options.read_only || flag(env, "ARIES_READ_ONLY")? || file.read_only,
            toolsets: match toolsets {
                Some(list) => parse_toolsets(list.split(',').map(str::trim))?,
                None if file.toolsets.is_empty() => Toolsets::Default,
                None => parse_toolsets(file.toolsets.iter().map(String::as_str))?,
            },
            log: log.map_or(Ok(LogLevel::Warn), |name| choose("log", &name, &LogLevel::ALL))?,
            redirect_uri,
            client_id: env.get("ARIES_CLIENT_ID").map(|id| id.trim().to_owned()).or(remembered.client_id),
            client_secret: env
                .get("ARIES_CLIENT_SECRET")
                .map(|secret| SecretString::from(secret.trim().to_owned())),
            scopes: env.get("ARIES_SCOPES").map(str::to_owned).or(remembered.scopes),
            token_store: store.transpose()?.or(remembered.token_store).unwrap_or(TokenStore::Keychain),
            access_token: env.get("ARIES_ACCESS_TOKEN").map(ready_token).transpose()?,
            profiles: file.profiles.keys().cloned().collect(),
            trading: file.trading,
            urls,
            profile,
            places,
        })
    }

    /// These settings for another profile of the config file, as far as its sign-in is concerned; `None` if the file
    /// does not hold up.
    pub fn of_profile(&self, name: &str) -> Option<Self> {
        let file = ConfigFile::read(self.places.config_file.as_deref()?).ok()?;
        let profile = file.profiles.get(name)?;
        let urls = Urls::resolve(&Environment::default(), profile).ok()?;
        let client_id = profile.client_id.clone();
        let token_store = profile.token_store.unwrap_or(TokenStore::Keychain);
        Some(Self { profile: name.to_owned(), urls, client_id, token_store, ..self.clone() })
    }

    /// What a credential belongs to: one profile and one API origin. Also the keychain user name.
    pub fn credential_key(&self) -> String {
        format!("{}@{}", self.profile, self.urls.api_origin())
    }

    /// [`Settings::credential_key`] as a name that every file system takes.
    pub fn file_key(&self) -> String {
        let origin = self.urls.api_origin();
        let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
        let safe = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
        format!("{}@{}", self.profile, host.chars().map(safe).collect::<String>())
    }
}

/// A token travels in a header, so it is one word of visible characters.
fn ready_token(text: &str) -> Result<SecretString> {
    let token = text.trim();
    if token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(SecretString::from(token.to_owned()));
    }
    Err(Error::usage(
        "ARIES_ACCESS_TOKEN is not a token",
        "set it to the bare access token, without quotes or line breaks",
    ))
}

fn check_profile_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !name.is_empty() && name.len() <= 32 && name.chars().all(fits) {
        return Ok(());
    }
    Err(Error::usage(
        format!("profile name {name:?} is not allowed"),
        "use 1 to 32 of the characters a-z, 0-9, - and _, for example --profile work",
    ))
}

fn flag(env: &Environment, name: &str) -> Result<bool> {
    match env.get(name).map(str::to_lowercase).as_deref() {
        None | Some("0" | "false" | "no" | "off") => Ok(false),
        Some("1" | "true" | "yes" | "on") => Ok(true),
        Some(other) => Err(Error::usage(
            format!("{name}={other} is neither true nor false"),
            format!("set {name}=true or unset it"),
        )),
    }
}

fn choose<T: Copy>(what: &str, given: &str, valid: &[(&'static str, T)]) -> Result<T> {
    if let Some((_, value)) = valid.iter().find(|(name, _)| *name == given.trim()) {
        return Ok(*value);
    }
    let names: Vec<&str> = valid.iter().map(|(name, _)| *name).collect();
    let guess = nearest(given, names.iter().copied())
        .map(|name| format!("did you mean {name}? "))
        .unwrap_or_default();
    Err(Error::usage(
        format!("{what}: {given:?} is not a valid value"),
        format!("{guess}valid: {}", names.join(", ")),
    ))
}

fn parse_toolsets<'a>(names: impl Iterator<Item = &'a str>) -> Result<Toolsets> {
    let mut valid = Toolset::ALL.map(|(name, set)| (name, Toolsets::Only(vec![set]))).to_vec();
    valid.extend([("default", Toolsets::Default), ("all", Toolsets::All)]);
    let mut sets = Vec::new();
    let mut whole = None;
    for name in names.filter(|name| !name.is_empty()) {
        let index = choose(
            "toolsets",
            name,
            &valid.iter().enumerate().map(|(i, (n, _))| (*n, i)).collect::<Vec<_>>(),
        )?;
        match valid.get(index).map(|(_, chosen)| chosen) {
            Some(Toolsets::Only(one)) => sets.extend(one),
            Some(Toolsets::All) => whole = Some(Toolsets::All),
            _ => whole = whole.or(Some(Toolsets::Default)),
        }
    }
    match whole {
        Some(Toolsets::Default) if !sets.is_empty() => Err(Error::usage(
            "toolsets: default cannot be combined with other names",
            "name the sets one by one, for example account,market,research, or use all",
        )),
        Some(whole) => Ok(whole),
        None if sets.is_empty() => Ok(Toolsets::Default),
        None => Ok(Toolsets::Only(sets)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(options: &Options, pairs: &[(&str, &str)], toml: &str) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config.toml"), toml).unwrap();
        let mut env: Environment = [("ARIES_CONFIG_DIR", dir.path().to_str().unwrap())].into();
        env.values.extend(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        Settings::resolve(options, &env)
    }

    #[test]
    fn option_beats_variable_beats_file() {
        let toml = "profile = \"file\"\n";
        let option = Options { profile: Some("option".into()), ..Options::default() };
        let name = |options: &Options, env: &[(&str, &str)]| resolve(options, env, toml).unwrap().profile;
        assert_eq!(name(&option, &[("ARIES_PROFILE", "variable")]), "option");
        assert_eq!(name(&Options::default(), &[("ARIES_PROFILE", "variable")]), "variable");
        assert_eq!(name(&Options::default(), &[]), "file");
    }

    #[test]
    fn read_only_cannot_be_switched_off() {
        let settings =
            resolve(&Options::default(), &[("ARIES_READ_ONLY", "false")], "read_only = true\n").unwrap();
        assert!(settings.read_only);
    }

    #[test]
    fn a_misspelt_key_names_the_nearest() {
        let error = resolve(&Options::default(), &[], "toolset = [\"all\"]\n").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.cause.contains("toolset"), "{error}");
        assert!(error.hint.contains("toolsets"), "{error}");
    }

    #[test]
    fn a_misspelt_value_names_the_nearest() {
        let error = resolve(&Options::default(), &[("ARIES_TOOLSETS", "account,markt")], "").unwrap_err();
        assert!(error.hint.contains("did you mean market?"), "{error}");
        let error = resolve(&Options::default(), &[("ARIES_TOKEN_STORE", "keychian")], "").unwrap_err();
        assert!(error.hint.contains("did you mean keychain?"), "{error}");
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        let error =
            resolve(&Options::default(), &[("ARIES_API_URL", "http://api.aries.com")], "").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let settings = resolve(&Options::default(), &[("ARIES_API_URL", "http://127.0.0.1:9")], "").unwrap();
        assert_eq!(settings.urls.token.as_str(), "http://127.0.0.1:9/v1/oauth2/token");
        assert_eq!(settings.urls.stream.as_str(), "ws://127.0.0.1:9/");
        assert_eq!(settings.credential_key(), "default@http://127.0.0.1:9");
        assert_eq!(settings.file_key(), "default@127.0.0.1_9");
    }

    #[test]
    fn a_client_id_of_another_origin_is_not_used() {
        let toml = "[profiles.default]\nclient_id = \"real\"\n";
        let elsewhere =
            resolve(&Options::default(), &[("ARIES_API_URL", "http://127.0.0.1:9")], toml).unwrap();
        assert_eq!(elsewhere.client_id, None);
        assert_eq!(resolve(&Options::default(), &[], toml).unwrap().client_id.as_deref(), Some("real"));
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        let env = [("ARIES_ACCESS_TOKEN", "tok-123"), ("ARIES_CLIENT_SECRET", "sec-456")];
        let text = format!("{:?}", resolve(&Options::default(), &env, "").unwrap());
        assert!(!text.contains("tok-123") && !text.contains("sec-456"), "{text}");
    }
}
