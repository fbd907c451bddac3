//! Every profile of the config file, as its session note knows it: neither keychain nor network is asked for others.

use jiff::Timestamp;
use serde::Serialize;

use crate::aries::time::rfc3339;
use crate::auth::SessionFile;
use crate::config::Settings;

#[derive(Debug, Serialize)]
pub(super) struct Profile {
    name: String,
    current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<String>,
    signed_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// The profiles of the file, and the current one even if nothing is recorded for it.
pub(super) fn all(settings: &Settings) -> Vec<Profile> {
    let recorded = settings.profiles.contains(&settings.profile);
    let current = (!recorded).then_some(&settings.profile);
    settings.profiles.iter().chain(current).map(|name| one(settings, name)).collect()
}

fn one(settings: &Settings, name: &str) -> Profile {
    let current = name == settings.profile;
    let of_profile = if current { Some(settings.clone()) } else { settings.of_profile(name) };
    let note = of_profile.as_ref().and_then(SessionFile::read).filter(|note| !note.is_over(Timestamp::now()));
    Profile {
        name: name.to_owned(),
        current,
        api: of_profile.as_ref().map(|settings| settings.urls.api_origin()),
        signed_in: note.is_some() || (current && settings.access_token.is_some()),
        until: note.and_then(|note| note.refresh_expires_at).map(rfc3339),
    }
}

/// Nothing for a single profile, which the lines above have told of.
pub(super) fn lines(profiles: &[Profile]) -> Vec<String> {
    if profiles.len() < 2 {
        return Vec::new();
    }
    let row = |one: &Profile| {
        let mark = if one.current { "*" } else { " " };
        let standing = match (one.signed_in, &one.until) {
            (true, Some(until)) => format!("signed in until {until}"),
            (true, None) => "signed in".to_owned(),
            (false, _) => "not signed in".to_owned(),
        };
        format!("{mark} {:<16} {:<28} {standing}", one.name, one.api.as_deref().unwrap_or("\u{2014}"))
    };
    std::iter::once("Profiles:".to_owned()).chain(profiles.iter().map(row)).collect()
}
