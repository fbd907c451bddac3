//! The entry that a sign-in writes into the config file, where the server finds it. None of it is secret.

use url::Url;

use crate::config::setting::{
    API_URL, AUTHORIZE_URL, CLIENT_ID, REDIRECT_URI, STREAM_URL, TOKEN_STORE, TOKEN_URL,
};
use crate::config::{self, ConfigFile, DEFAULT_REDIRECT_URI, Settings, Urls, is_loopback};
use crate::error::{Error, Result};

const ARIES: &str = "https://api.aries.com";

/// Refuses a sign-in that would move a profile from an API that is not on this machine to another: a try on an embedded
/// Aries must not replace the real sign-in.
pub(crate) fn refuse_other_api(settings: &Settings) -> Result<()> {
    let Some(path) = &settings.places.config_file else { return Ok(()) };
    let file = ConfigFile::read(path)?;
    let Some(profile) =
        file.profiles.get(&settings.profile).filter(|profile| profile.get(&CLIENT_ID).is_some())
    else {
        return Ok(());
    };
    let recorded = profile.get(&API_URL).unwrap_or(ARIES);
    let Ok(recorded) = Url::parse(recorded) else { return Ok(()) };
    let origin = config::origin(&recorded);
    if is_loopback(&recorded) || origin == settings.urls.api_origin() {
        return Ok(());
    }
    let other = if settings.urls.on_this_machine() { "sandbox" } else { "other" };
    Err(Error::usage(
        format!("profile {} belongs to {origin}, not to {}", settings.profile, settings.urls.api_origin()),
        format!("give this one a profile of its own: `aries-mcp login --profile {other}`"),
    ))
}

/// Records client id, store, and every address that is not the default. The person alone writes scopes: what one login
/// was asked for must not bind the next.
pub(super) fn record(settings: &Settings, client_id: &str) -> Result<()> {
    let Some(path) = &settings.places.config_file else { return Ok(()) };
    let urls = &settings.urls;
    let default = Urls::at(urls.api.as_str())?;
    let changed = |url: &Url, default: &Url| (url != default).then(|| url.to_string());
    let api = (urls.api_origin() != ARIES || urls.api.path() != "/").then(|| urls.api.to_string());
    let authorize = changed(&urls.authorize, &default.authorize);
    let token = changed(&urls.token, &default.token);
    let stream = changed(&urls.stream, &default.stream);
    let redirect = Some(settings.redirect_uri.as_str()).filter(|uri| *uri != DEFAULT_REDIRECT_URI);
    let values = [
        (&CLIENT_ID, Some(client_id)),
        (&TOKEN_STORE, Some(settings.token_store.into())),
        (&REDIRECT_URI, redirect),
        (&API_URL, api.as_deref()),
        (&AUTHORIZE_URL, authorize.as_deref()),
        (&TOKEN_URL, token.as_deref()),
        (&STREAM_URL, stream.as_deref()),
    ];
    config::remember(path, &settings.profile, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Options};

    fn settings(dir: &std::path::Path, api: &str) -> Settings {
        let dir = dir.to_str().unwrap();
        let env: Environment =
            [("ARIES_CONFIG_DIR", dir), ("ARIES_STATE_DIR", dir), ("ARIES_API_URL", api)].into();
        Settings::resolve(&Options::default(), &env).unwrap()
    }

    #[test]
    fn a_real_profile_is_not_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        let (real, local) = (settings(dir.path(), ARIES), settings(dir.path(), "http://127.0.0.1:9"));
        refuse_other_api(&local).unwrap();
        record(&real, "real-id").unwrap();
        let text = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
        assert_eq!(text, "[profiles.default]\nclient_id = \"real-id\"\ntoken_store = \"keychain\"\n");
        let error = refuse_other_api(&local).unwrap_err();
        assert!(error.hint.to_string().contains("--profile sandbox"), "{error}");
        refuse_other_api(&real).unwrap();
    }

    #[test]
    fn a_sandbox_profile_may_become_real() {
        let dir = tempfile::tempdir().unwrap();
        record(&settings(dir.path(), "http://127.0.0.1:9"), "local-id").unwrap();
        let real = settings(dir.path(), ARIES);
        refuse_other_api(&real).unwrap();
        record(&real, "real-id").unwrap();
        let text = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
        assert!(!text.contains("api_url") && text.contains("real-id"), "{text}");
    }
}
