//! Everything a person can set, resolved once at start: option, then variable, then file, then default.
//!
//! This is the only module that reads the environment. What comes out is a plain value, [`Settings`]; nothing
//! else in the program asks where a setting came from. Names and defaults are those of design 2.1.

mod environment;
mod file;
mod places;
mod toolset;
pub(crate) mod trading;
mod urls;
mod words;

use std::path::PathBuf;

use secrecy::SecretString;
use words::choose;

pub use environment::{Environment, VARIABLES};
pub use file::{ConfigFile, ProfileFile, remember};
pub(crate) use places::{ClientFolders, Places, client_folders, home_folders};
pub(crate) use toolset::{Toolset, Toolsets};
pub(crate) use trading::{Approval, Limits, OrderType, Trading};
pub(crate) use urls::{DEFAULT_REDIRECT_URI, Urls, is_loopback};
pub(crate) use words::{LogLevel, TokenStore};

use crate::error::{Error, Result};

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

/// Everything resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Profile name: `[a-z0-9_-]`, at most 32 characters.
    pub(crate) profile: String,
    /// Use the embedded Aries instead of the real one.
    pub(crate) sandbox: bool,
    /// No tool that changes anything exists.
    pub(crate) read_only: bool,
    /// Which tools are wanted.
    pub(crate) toolsets: Toolsets,
    /// How much goes to stderr.
    pub(crate) log: LogLevel,
    /// The four addresses of Aries.
    pub urls: Urls,
    /// Where the browser comes back to; must equal the one registered in Client Center.
    pub redirect_uri: String,
    /// The id of the person's API key, if known.
    pub client_id: Option<String>,
    /// A secret given by `ARIES_CLIENT_SECRET`; usually it is in the keychain instead.
    pub(crate) client_secret: Option<SecretString>,
    /// Scopes named by `ARIES_SCOPES`, the file or `login --scopes`.
    pub(crate) scopes: Option<String>,
    /// Where tokens are kept.
    pub(crate) token_store: TokenStore,
    /// A ready access token for containers: used as it is, never refreshed, never stored.
    pub(crate) access_token: Option<SecretString>,
    /// Config file and state folder.
    pub places: Places,
    /// The names of every profile in the config file.
    pub(crate) profiles: Vec<String>,
    /// What the person allows of trading.
    pub(crate) trading: Trading,
}

impl Settings {
    /// Resolves options, variables and the config file.
    ///
    /// # Errors
    /// [`Kind::Usage`](crate::error::Kind::Usage) naming the wrong option, variable or key and the nearest valid one.
    pub fn resolve(options: &Options, env: &Environment) -> Result<Self> {
        env.check_readable()?;
        let sandbox = options.sandbox || env.flag("ARIES_SANDBOX")?;
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
            read_only: options.read_only || env.flag("ARIES_READ_ONLY")? || file.read_only,
            toolsets: match toolsets {
                Some(list) => Toolsets::parse(list.split(',').map(str::trim))?,
                None if file.toolsets.is_empty() => Toolsets::Default,
                None => Toolsets::parse(file.toolsets.iter().map(String::as_str))?,
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
    pub(crate) fn of_profile(&self, name: &str) -> Option<Self> {
        let file = ConfigFile::read(self.places.config_file.as_deref()?).ok()?;
        let profile = file.profiles.get(name)?;
        let urls = Urls::resolve(&Environment::default(), profile).ok()?;
        let client_id = profile.client_id.clone();
        let token_store = profile.token_store.unwrap_or(TokenStore::Keychain);
        Some(Self { profile: name.to_owned(), urls, client_id, token_store, ..self.clone() })
    }

    /// What a credential belongs to: one profile and one API origin. Also the keychain user name.
    pub(crate) fn credential_key(&self) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(options: &Options, pairs: &[(&str, &str)], toml: &str) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config.toml"), toml).unwrap();
        let env: Environment = [("ARIES_CONFIG_DIR", dir.path().to_str().unwrap())].into();
        let env = env.with(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
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
        assert_eq!(settings.urls.stream.as_str(), "http://127.0.0.1:9/");
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
