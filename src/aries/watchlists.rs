//! Watchlists: what one is, and the one way to change them: a PUT and a DELETE, each sent once. If no answer comes, the
//! lists may have changed or not, and the error says so: the caller looks at the lists again instead of sending again.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::endpoint::{Method, Request};
use super::transport::{Aries, CallToken, SendError, with_json};
use crate::aries::Json;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::{self, Answer, Failure, TOTAL_LIMIT};
use crate::os::hex;
use crate::os::lock::{self, Lock};

const MOST_BYTES: usize = 1024 * 1024;
/// How long an edit waits for the one before it.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(crate) struct WatchlistSender {
    aries: Aries,
    /// Where the locks lie, up to the account.
    locks: PathBuf,
}

impl WatchlistSender {
    /// Makes the sender for this sign-in; none in a read-only process.
    pub(crate) fn unless_read_only(aries: &Aries, settings: &Settings) -> Option<Self> {
        let key = settings.file_key();
        // Profiles are a matter of this machine; the lists belong to the account.
        let host = key.split_once('@').map_or(key.as_str(), |(_, host)| host);
        let locks = settings.places.state_dir.join(format!("watchlists@{host}.lock"));
        (!settings.read_only).then(|| Self { aries: aries.clone(), locks })
    }

    /// Takes the lock that an edit holds from reading the lists to looking at the result: a write replaces everything,
    /// so of two edits on this machine that both read first, one would undo the other. What the person changes in
    /// Aries' own app between the read and the write is still lost: Aries has no conditional write.
    pub(crate) async fn turn(&self, account: &str) -> Result<Lock> {
        let name = hex::encode(&Sha256::digest(account));
        let name = name.get(..24).expect("a digest has 64 digits");
        let lock = lock::acquire(&self.locks.with_extension(format!("{name}.lock")), PATIENCE).await?;
        lock.ok_or_else(|| {
            let cause = "another edit of this account's watchlists is still on its way";
            Error::new(Kind::Unavailable, cause, "nothing was changed; try again in a moment")
        })
    }

    /// Sends the request once; only after a 401, which comes before anything is done, once more with a new token.
    /// Returns the text of the answer; an error says whether the lists may have changed all the same.
    pub(crate) async fn send(&self, request: &Request, body: Option<&Value>) -> Result<String> {
        let urls = self.aries.urls();
        let method = match request.endpoint.method {
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
            // Orders have a sender of their own, which this one must never become.
            _ => return Err(Error::failed("this row writes nothing", "report this")),
        };
        let mut token = CallToken::of(&self.aries, request.endpoint, Instant::now() + TOTAL_LIMIT).await?;
        let mut sending = http::client(urls)?.request(method, request.url(&urls.api));
        if let Some(body) = body {
            sending = with_json(sending, body);
        }
        match token.exchange(sending, MOST_BYTES).await {
            Ok(answer) => judge(&answer),
            Err(SendError::NotDone(error)) => Err(error),
            Err(SendError::Exchange(failure)) => Err(unknown_outcome(match failure {
                Failure::NotConnected(_) | Failure::NoAnswer(_) => "no answer came",
                Failure::BrokenOff(..) => "the answer broke off",
                Failure::TooLarge(_) => "the answer was too large",
            })),
        }
    }
}

fn judge(answer: &Answer) -> Result<String> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let code = answer.status.as_u16();
    if answer.status.is_success() {
        return Ok(text);
    }
    if !answer.status.is_client_error() {
        return Err(unknown_outcome(&format!("Aries answered {code}")));
    }
    let hint = match answer.status {
        StatusCode::FORBIDDEN => {
            "nothing was changed; the sign-in lacks a right, and Aries does not document which: tell the person to \
             enable every reading scope for the API key in Client Center, then to run `aries-mcp login` again"
        }
        _ => "nothing was changed; compare with get_watchlists",
    };
    Err(Error::new(
        Kind::Refused,
        format!("Aries refused ({code}){}", ErrorBody::read(&text).after_colon()),
        hint,
    ))
}

fn unknown_outcome(what: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("{what}: the watchlists may have changed or not"),
        "look with get_watchlists before doing anything else; do not repeat this by itself",
    )
}

/// One list as Aries keeps it: its name is unique in an account, and its id is needed to delete it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watchlist {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) symbols: Vec<String>,
}

impl Watchlist {
    /// Reads every list of an answer; `None` if one of them is not understood, since writing replaces them all.
    pub(crate) fn read_all(json: Json<'_>) -> Option<Vec<Self>> {
        json.list("watchlist")?.rows.items().into_iter().map(Self::read).collect()
    }

    fn read(json: Json<'_>) -> Option<Self> {
        let symbols = match json.get("symbols") {
            None => Vec::new(),
            Some(symbols) if symbols.is_array() => symbols.items(),
            Some(_) => return None,
        };
        Some(Self {
            id: json.text_at("id").map(Cow::into_owned),
            name: json.text_at("name")?.into_owned(),
            symbols: symbols
                .into_iter()
                .map(|symbol| symbol.text().map(Cow::into_owned))
                .collect::<Option<_>>()?,
        })
    }
}
