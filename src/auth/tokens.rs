//! The tokens of one sign-in, and the JSON they are stored as. A reader only insists on the fields it needs, so that an
//! older and a newer version of this program can share one entry. The client secret, if the person gave one, lies in
//! the same entry: one entry is one keychain prompt and one atomic write.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::scope::Scopes;
use crate::error::{Error, Result};

/// Written into every entry; to be raised only when an older reader would misunderstand a newer entry.
const SCHEMA: u32 = 1;

/// A token that has less than this left is renewed before it is used, unless its whole life is short.
const SLACK: SignedDuration = SignedDuration::from_secs(60);

/// What one sign-in brought. `Debug` shows no secret, since `SecretString` does not.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The bearer token.
    pub access: SecretString,
    /// Gets new access tokens; Aries may replace it at each use.
    pub refresh: Option<SecretString>,
    /// End of the access token, by this machine's clock.
    pub expires_at: Timestamp,
    /// End of the refresh token, where Aries says it.
    pub refresh_expires_at: Option<Timestamp>,
    /// The scopes that were granted; may be less than asked.
    pub scopes: Scopes,
    /// When the access token was received.
    pub obtained_at: Timestamp,
    /// The key these tokens were issued to: a refresh must name the same one.
    pub client_id: String,
    /// The secret of that key, if it has one.
    pub client_secret: Option<SecretString>,
    /// A random name of the sign-in; refreshes keep it. Tells a later sign-in from a refresh.
    pub login: String,
}

impl Tokens {
    /// More than min(60 s, a quarter of its life) remains.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        let life = self.expires_at.duration_since(self.obtained_at);
        self.expires_at.duration_since(now) > SLACK.min(life / 4)
    }

    pub(super) fn is_usable(&self, rejected: Option<&SecretString>) -> bool {
        self.is_fresh(Timestamp::now()) && !self.is_any(rejected)
    }

    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }

    /// Tells whether this is the given access token.
    pub fn is(&self, access: &SecretString) -> bool {
        self.access.expose_secret() == access.expose_secret()
    }

    pub(super) fn is_any(&self, access: Option<&SecretString>) -> bool {
        access.is_some_and(|access| self.is(access))
    }

    /// Tells whether both hold the same refresh token: if not, another process has refreshed meanwhile.
    pub fn same_refresh(&self, other: &Tokens) -> bool {
        exposed(&self.refresh) == exposed(&other.refresh)
    }

    /// Writes the stored form. `owner` is the credential key: tokens of one API can never be read for another.
    pub(crate) fn to_json(&self, owner: &str) -> Zeroizing<Vec<u8>> {
        let stored = Stored {
            schema: SCHEMA,
            owner: Some(owner.into()),
            client_id: (&self.client_id).into(),
            client_secret: exposed(&self.client_secret),
            access_token: self.access.expose_secret().into(),
            refresh_token: exposed(&self.refresh),
            expires_at: self.expires_at,
            refresh_expires_at: self.refresh_expires_at,
            scope: Cow::Borrowed(&self.scopes),
            obtained_at: Some(self.obtained_at),
            login: (&self.login).into(),
        };
        Zeroizing::new(serde_json::to_vec(&stored).expect("strings and times are JSON"))
    }

    /// Reads the stored form, which is part of no error; `None` if it belongs to another owner.
    pub(crate) fn from_json(bytes: &[u8], owner: &str) -> Result<Option<Self>> {
        let read: Stored = serde_json::from_slice(bytes).map_err(|_| unreadable())?;
        if read.owner.is_some_and(|found| found != owner) {
            return Ok(None);
        }
        let secret = |text: Cow<'_, str>| {
            Some(SecretString::from(text.into_owned())).filter(|secret| !secret.expose_secret().is_empty())
        };
        Ok(Some(Self {
            access: SecretString::from(read.access_token.into_owned()),
            refresh: read.refresh_token.and_then(secret),
            expires_at: read.expires_at,
            refresh_expires_at: read.refresh_expires_at,
            scopes: read.scope.into_owned(),
            obtained_at: read.obtained_at.unwrap_or(read.expires_at),
            client_id: read.client_id.into_owned(),
            client_secret: read.client_secret.and_then(secret),
            login: read.login.into_owned(),
        }))
    }
}

fn exposed(secret: &Option<SecretString>) -> Option<Cow<'_, str>> {
    secret.as_ref().map(|secret| secret.expose_secret().into())
}

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(skip_deserializing)]
    schema: u32,
    owner: Option<Cow<'a, str>>,
    client_id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<Cow<'a, str>>,
    access_token: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Cow<'a, str>>,
    expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_at: Option<Timestamp>,
    #[serde(default)]
    scope: Cow<'a, Scopes>,
    obtained_at: Option<Timestamp>,
    #[serde(default)]
    login: Cow<'a, str>,
}

fn unreadable() -> Error {
    Error::failed(
        "the stored sign-in cannot be read: it was damaged, or written by a version this one does not understand",
        "run `aries-mcp login` again; it replaces the entry",
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Tokens that live `life` seconds from `obtained_at`.
    pub(crate) fn sample(obtained_at: Timestamp, life: i64) -> Tokens {
        Tokens {
            access: SecretString::from("access-secret"),
            refresh: Some(SecretString::from("refresh-secret")),
            expires_at: obtained_at + SignedDuration::from_secs(life),
            refresh_expires_at: None,
            scopes: Scopes::parse("account:information"),
            obtained_at,
            client_id: "id".into(),
            client_secret: Some(SecretString::from("client-secret")),
            login: "l1".into(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn an_hour_is_fresh_until_a_minute_before_its_end() {
        let tokens = sample(at(0), 3600);
        assert!(tokens.is_fresh(at(3539)));
        assert!(!tokens.is_fresh(at(3540)));
        assert!(tokens.is_alive(at(3599)));
        assert!(!tokens.is_alive(at(3600)));
    }

    #[test]
    fn a_short_life_is_fresh_for_three_quarters() {
        let tokens = sample(at(0), 4);
        assert!(tokens.is_fresh(at(2)));
        assert!(!tokens.is_fresh(at(3)));
    }

    #[test]
    fn json_comes_back_whole_and_only_for_its_owner() {
        let tokens = sample(at(0), 3600);
        let json = tokens.to_json("a@https://x");
        let back = Tokens::from_json(&json, "a@https://x").unwrap().unwrap();
        assert!(back.is(&tokens.access) && back.same_refresh(&tokens));
        assert_eq!((back.expires_at, &back.login), (tokens.expires_at, &tokens.login));
        assert_eq!(back.client_secret.unwrap().expose_secret(), "client-secret");
        assert!(Tokens::from_json(&json, "a@https://y").unwrap().is_none());
    }

    #[test]
    fn newer_and_sparser_forms_are_read() {
        let newer = br#"{"schema":9,"owner":"k","client_id":"i","access_token":"a","expires_at":"2027-01-15T08:00:00Z","more":[1]}"#;
        let tokens = Tokens::from_json(newer, "k").unwrap().unwrap();
        assert!(tokens.refresh.is_none() && tokens.scopes.is_empty());
    }

    #[test]
    fn no_secret_in_debug_or_errors() {
        let shown = format!("{:?}", sample(at(0), 1));
        assert!(!shown.contains("secret\"") && !shown.contains("access-secret"), "{shown}");
        let error = Tokens::from_json(br#"{"access_token":"hush"}"#, "k").unwrap_err();
        assert!(!error.to_string().contains("hush"));
    }
}
