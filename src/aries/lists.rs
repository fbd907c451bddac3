//! The writing half for watchlists, and for nothing else: a PUT and a DELETE, each sent once.
//!
//! It exists only in processes that are not read-only. What does not answer is in doubt, and the doubt is said: the
//! caller looks at the lists again instead of sending again.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::endpoint::{Method, Request};
use super::http::message;
use crate::aries::{Aries, Json};
use crate::auth::session::Bearer;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::lock::{self, Lock};
use crate::web;

/// Longest answer that is looked at; lists are short.
const MOST_BYTES: usize = 1024 * 1024;
/// How long an edit waits for the one before it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The one way to change watchlists.
#[derive(Clone)]
pub(crate) struct ListWriter {
    aries: Aries,
    /// Where the locks lie, up to the account.
    locks: PathBuf,
}

impl ListWriter {
    /// A writing half for this sender; none in a read-only process.
    pub(crate) fn unless_read_only(aries: &Aries, settings: &Settings) -> Option<Self> {
        let key = settings.file_key();
        // Profiles are a matter of this machine; the lists belong to the account.
        let host = key.split_once('@').map_or(key.as_str(), |(_, host)| host);
        let locks = settings.places.state_dir.join(format!("watchlists@{host}.lock"));
        (!settings.read_only).then(|| Self { aries: aries.clone(), locks })
    }

    /// Held from reading the lists to looking at the result: a write replaces everything, so of two edits that both
    /// read first, one would undo the other. It holds among the processes of this machine. What the person changes in
    /// Aries' own app between the read and the write is still lost: Aries has no conditional write.
    ///
    /// # Errors
    /// If the folder cannot be written, or edits queue for too long; nothing was changed then.
    pub(crate) async fn turn(&self, account: &str) -> Result<Lock> {
        let name: String =
            Sha256::digest(account).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let lock = lock::acquire(&self.locks.with_extension(format!("{name}.lock")), PATIENCE).await?;
        lock.ok_or_else(|| {
            Error::new(
                Kind::Unavailable,
                "another edit of this account's watchlists is still on its way",
                "nothing was changed; try again in a moment",
            )
        })
    }

    /// Sends the request once; only after a 401, which comes before anything is done, once more with a new token.
    ///
    /// # Errors
    /// What happened, and whether the lists may have changed all the same.
    pub(crate) async fn send(&self, request: &Request, body: Option<&Value>) -> Result<String> {
        let bearer = self.aries.session().bearer().await?;
        match self.attempt(request, body, &bearer).await? {
            Some(answer) => Ok(answer),
            None => {
                let bearer = self.aries.session().renew(&bearer).await?;
                self.attempt(request, body, &bearer).await?.ok_or_else(|| {
                    Error::sign_in(
                        "Aries no longer accepts the sign-in",
                        "ask the person to run `aries-mcp login` in a terminal",
                    )
                })
            }
        }
    }

    /// `None` if Aries wants another token.
    async fn attempt(
        &self,
        request: &Request,
        body: Option<&Value>,
        bearer: &Bearer,
    ) -> Result<Option<String>> {
        let urls = self.aries.urls();
        let method = match request.endpoint.method {
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
            // Orders have a writing half of their own, which this one must never become.
            Method::Get | Method::Post | Method::Socket => {
                return Err(Error::failed("this row writes nothing", "report this"));
            }
        };
        let mut sending = web::client(urls)?
            .request(method, request.url(&urls.api))
            .bearer_auth(bearer.token.expose_secret())
            .header(reqwest::header::ACCEPT, "application/json");
        if let Some(body) = body {
            sending =
                sending.header(reqwest::header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let mut response = sending.send().await.map_err(|_| doubt("no answer came"))?;
        let status = response.status();
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| doubt("the answer broke off"))? {
            if text.len() + chunk.len() > MOST_BYTES {
                return Err(doubt("the answer was too large"));
            }
            text.extend_from_slice(&chunk);
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        match status {
            StatusCode::UNAUTHORIZED => Ok(None),
            status if status.is_success() => Ok(Some(text)),
            status if status.is_client_error() => {
                let said = message(&text).map(|text| format!(": {text}")).unwrap_or_default();
                let hint = match status {
                    StatusCode::FORBIDDEN => {
                        "nothing was changed; the sign-in lacks a right, and Aries does not document which: tell the person to \
                         enable every reading scope for the API key in Client Center, then to run `aries-mcp login` again"
                    }
                    _ => "nothing was changed; compare with get_watchlists",
                };
                Err(Error::new(Kind::Refused, format!("Aries refused ({}){said}", status.as_u16()), hint))
            }
            status => Err(doubt(&format!("Aries answered {}", status.as_u16()))),
        }
    }
}

fn doubt(what: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("{what}: the watchlists may have changed or not"),
        "look with get_watchlists before doing anything else; do not repeat this by itself",
    )
}

/// One list as Aries keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watchlist {
    /// Needed to delete it.
    pub(crate) id: Option<String>,
    /// Unique in an account.
    pub(crate) name: String,
    /// As Aries writes them.
    pub(crate) symbols: Vec<String>,
}

impl Watchlist {
    /// Every list of an answer; `None` if one of them is not understood, since writing replaces them all.
    pub(crate) fn read_all(json: Json<'_>) -> Option<Vec<Self>> {
        let rows = json.get("watchlist").filter(|rows| rows.is_array())?;
        rows.items().into_iter().map(Self::read).collect()
    }

    fn read(json: Json<'_>) -> Option<Self> {
        let symbols = match json.get("symbols") {
            None => Vec::new(),
            Some(symbols) if symbols.is_array() => {
                let words = symbols.items().into_iter().map(|symbol| Some(symbol.text()?.into_owned()));
                words.collect::<Option<Vec<_>>>()?
            }
            Some(_) => return None,
        };
        let name = json.text_at("name")?.into_owned();
        Some(Self { id: json.text_at("id").map(|id| id.into_owned()), name, symbols })
    }
}
