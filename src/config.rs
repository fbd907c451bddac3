//! Everything a person can set, resolved once at start: option, then variable, then file, then default.
//!
//! This is the only module that reads the environment. It makes a plain value, [`Settings`]; nothing else in the
//! program asks where a setting came from. [`setting`] declares each one, [`layers`] holds the order of precedence.

mod allowance;
mod environment;
mod file;
mod layers;
mod names;
mod options;
mod places;
pub(crate) mod setting;
mod tighten;
mod toolset;
pub(crate) mod trading;
mod urls;
mod words;

use jiff::Timestamp;
use jiff::civil::DateTime;
use layers::Layers;
use secrecy::SecretString;
use tracing_subscriber::filter::LevelFilter;
use words::{LOG_LEVELS, choose};

pub(crate) use allowance::{Allowance, Allowed};
pub use environment::Environment;
pub(crate) use file::remember;
pub use file::{ConfigFile, ProfileFile};
pub(crate) use names::Names;
pub use options::Options;
pub(crate) use places::{ClientFolders, Places, client_folders, home_folders};
pub(crate) use setting::DEFAULT_REDIRECT_URI;
pub(crate) use toolset::{Toolset, Toolsets};
pub(crate) use trading::{Approval, Limits, OrderType, Trading};
pub(crate) use urls::{Urls, is_loopback, origin};
pub(crate) use words::TokenStore;

pub(crate) use crate::os::browser::DESKTOP;
pub use crate::os::browser::Launcher;
pub use setting::table as settings_table;

use setting::{
    ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, LOG, PROFILE, READ_ONLY, REDIRECT_URI, SANDBOX, SANDBOX_CLOCK,
    SCOPES, TOKEN_STORE, TOOLSETS,
};

use crate::clock::{self, Clock};
use crate::error::{Error, Result};
use crate::exchange;
use crate::os::browser::Browser;
use crate::rate_limits::RateLimits;
use crate::timing::Timing;

/// Everything resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) profile: String,
    pub(crate) sandbox: bool,
    /// The time of the practice market; it never closes without one.
    pub(crate) sandbox_clock: Option<Clock>,
    pub(crate) read_only: bool,
    pub(crate) toolsets: Toolsets,
    pub(crate) log: LevelFilter,
    /// The four addresses of Aries.
    pub urls: Urls,
    /// Where the browser comes back to; must equal the one registered in Client Center.
    pub redirect_uri: String,
    /// The id of the person's API key, if known.
    pub client_id: Option<String>,
    /// A secret given by `ARIES_CLIENT_SECRET`; usually it is in the keychain instead.
    pub(crate) client_secret: Option<SecretString>,
    pub(crate) scopes: Option<String>,
    pub(crate) token_store: TokenStore,
    pub(crate) access_token: Option<SecretString>,
    /// Config file and state folder.
    pub places: Places,
    pub(crate) profiles: Vec<String>,
    pub(crate) trading: Trading,
    /// Whether there was a config file to read.
    pub(crate) config_file_was_there: bool,
    /// How long orders wait for people and for Aries.
    pub timing: Timing,
    /// What starts the person's browser.
    pub(crate) launcher: Launcher,
    /// How often Aries may be asked; clones of these settings share what was asked.
    pub(crate) rate_limits: RateLimits,
}

impl Settings {
    /// Resolves options, variables and the config file.
    /// Fails with [`Kind::Usage`](crate::error::Kind::Usage) naming the wrong option, variable or key and the nearest valid one.
    pub fn resolve(options: &Options, env: &Environment) -> Result<Self> {
        env.check_readable()?;
        env.check_known()?;
        let places = Places::find(options, env)?;
        let file = match &places.config_file {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        let none = ProfileFile::default();
        let layers = Layers { options, env, file: &file, profile: &none };
        let profile = layers.text(&PROFILE).unwrap_or("default").to_owned();
        check_profile_name(&profile)?;
        let remembered = file.profiles.get(&profile).unwrap_or(&none);
        let urls = Urls::resolve(env, remembered)?;
        // A client id or redirect URI recorded for another origin says nothing about this one.
        let layers = Layers { profile: if urls.same_api(remembered) { remembered } else { &none }, ..layers };
        let redirect_uri = layers.text(&REDIRECT_URI).unwrap_or(DEFAULT_REDIRECT_URI).to_owned();
        urls::check_redirect_uri(&redirect_uri)?;
        Ok(Self {
            sandbox: layers.switch(&SANDBOX)?,
            sandbox_clock: layers.text(&SANDBOX_CLOCK).map(clock).transpose()?,
            read_only: layers.switch(&READ_ONLY)?,
            toolsets: Toolsets::parse(layers.text(&TOOLSETS).unwrap_or("default"))?,
            log: layers
                .text(&LOG)
                .map_or(Ok(LevelFilter::WARN), |name| choose(LOG.name, name, &LOG_LEVELS))?,
            redirect_uri,
            client_id: layers.text(&CLIENT_ID).map(|id| id.trim().to_owned()),
            client_secret: layers
                .text(&CLIENT_SECRET)
                .map(|secret| SecretString::from(secret.trim().to_owned())),
            scopes: layers.text(&SCOPES).map(str::to_owned),
            token_store: layers.text(&TOKEN_STORE).map_or(Ok(TokenStore::Keychain), TokenStore::named)?,
            access_token: layers.text(&ACCESS_TOKEN).map(ready_token).transpose()?,
            profiles: file.profiles.keys().cloned().collect(),
            trading: file.trading.clone(),
            config_file_was_there: file.is_there,
            timing: Timing::default(),
            launcher: DESKTOP,
            rate_limits: RateLimits::within(Timing::default().minute),
            urls,
            profile,
            places,
        })
    }

    /// These settings within other time limits, and with another way to start the browser.
    pub(crate) fn within(self, timing: Timing, launcher: Launcher) -> Self {
        Self { timing, launcher, rate_limits: RateLimits::within(timing.minute), ..self }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { folder: self.places.state_dir.clone(), launcher: self.launcher }
    }

    /// Sets the clock of this process, if one is given. Fails unless the market is a practice one.
    pub(crate) fn set_clock(&self, runs_sandbox: bool) -> Result<()> {
        let Some(clock) = self.sandbox_clock else { return Ok(()) };
        if !(self.sandbox || runs_sandbox || self.urls.on_this_machine()) {
            let cause =
                format!("{} sets the time of a practice market, and none is used", SANDBOX_CLOCK.variable());
            return Err(Error::usage(cause, "add --sandbox, or leave --clock and the variable out"));
        }
        clock::set(clock);
        Ok(())
    }

    /// These settings with the sign-in of another profile; `None` if the config file has no such profile or a mistake.
    pub(crate) fn of_profile(&self, name: &str) -> Option<Self> {
        let file = ConfigFile::read(self.places.config_file.as_deref()?).ok()?;
        let profile = file.profiles.get(name)?;
        let urls = Urls::resolve(&Environment::default(), profile).ok()?;
        let client_id = profile.get(&CLIENT_ID).map(str::to_owned);
        let token_store =
            profile.get(&TOKEN_STORE).map_or(Ok(TokenStore::Keychain), TokenStore::named).ok()?;
        Some(Self { profile: name.to_owned(), urls, client_id, token_store, ..self.clone() })
    }

    /// What a credential belongs to: one profile and one API origin. Also the keychain user name.
    pub(crate) fn credential_key(&self) -> String {
        self.names().owner
    }

    /// [`Settings::credential_key`] as a name that every file system takes.
    pub fn file_key(&self) -> String {
        self.names().file
    }

    pub(crate) fn names(&self) -> Names {
        Names::of(&self.profile, &self.urls.api_origin())
    }

    /// The names that earlier versions gave to the same credential and journal: they are still read.
    pub(crate) fn earlier_names(&self) -> Vec<Names> {
        let origins = self.urls.earlier_origins();
        origins.iter().map(|origin| Names::of(&self.profile, origin)).collect()
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

/// What the practice market's clock shows now, or has shown at a moment: `TIME` or `TIME@MOMENT`. A time without an offset is
/// New York's.
fn clock(text: &str) -> Result<Clock> {
    let in_new_york = |time: &str| time.parse::<DateTime>().ok()?.to_zoned(exchange::zone()).ok();
    let moment = |time: &str| time.parse().ok().or_else(|| Some(in_new_york(time)?.timestamp()));
    let (time, since) = text.split_once('@').map_or((text, None), |(time, since)| (time, Some(since)));
    let since = since.map_or(Some(Timestamp::now()), |since| since.parse().ok());
    // Years for which the exchange's rules of today make its days off.
    let known = |time: &Timestamp| (2016..2100).contains(&time.to_zoned(exchange::zone()).year());
    let clock = moment(time).filter(known).zip(since).map(|(time, since)| Clock { time, since });
    clock.ok_or_else(|| {
        let cause = format!("--clock or {} is not a time: {text:?}", SANDBOX_CLOCK.variable());
        Error::usage(cause, "write it like 2026-11-27T12:30 (in New York) or 2026-11-27T12:30:00-05:00")
    })
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
        let mut option = Options::default();
        option.insert(&PROFILE, "option");
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
        assert!(error.hint.to_string().contains("toolsets"), "{error}");
    }

    #[test]
    fn a_misspelt_value_names_the_nearest() {
        let error = resolve(&Options::default(), &[("ARIES_TOOLSETS", "account,markt")], "").unwrap_err();
        assert!(error.hint.to_string().contains("did you mean market?"), "{error}");
        let error = resolve(&Options::default(), &[("ARIES_TOKEN_STORE", "keychian")], "").unwrap_err();
        assert!(error.hint.to_string().contains("did you mean keychain?"), "{error}");
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
