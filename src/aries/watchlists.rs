//! Watchlists: what one is, how they are read, and the one way to change them: each change is sent once. If no answer comes,
//! the lists may have changed or not, and the error says so: the caller looks at the lists again instead of sending again.
//!
//! They belong to the person. Where Aries has only the older calls they belong to an account, and a change replaces them all.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::endpoint::{Endpoint, Method, Request};
use super::endpoints::{
    WATCHLIST, WATCHLIST_CHANGED, WATCHLIST_CREATED, WATCHLIST_DELETED, WATCHLIST_DELETED_V1, WATCHLISTS,
    WATCHLISTS_REPLACED_V1, WATCHLISTS_V1,
};
use super::generation::Generation;
use super::said_error;
use super::transport::{Aries, CallToken, SendError, gives_reason, with_json};
use crate::aries::Json;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::{self, Answer, Failure, TOTAL_LIMIT};
use crate::os::lock::{self, Lock};
use crate::os::{hex, holder};
use crate::told::Told;

const MOST_BYTES: usize = 1024 * 1024;
/// The rows that change watchlists.
const CHANGES: [&Endpoint; 5] = [
    &WATCHLIST_CREATED,
    &WATCHLIST_CHANGED,
    &WATCHLIST_DELETED,
    &WATCHLISTS_REPLACED_V1,
    &WATCHLIST_DELETED_V1,
];
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

    /// Takes the lock that an edit holds from reading the lists to looking at the result. The older write replaces
    /// everything, so of two edits on this machine that both read first, one would undo the other; what the person changes in
    /// Aries' own app between the read and the write is lost. The newer one changes a single list.
    pub(crate) async fn turn(&self, owner: &str) -> Result<Lock> {
        let name = hex::encode(&Sha256::digest(owner));
        let name = name.get(..24).expect("a digest has 64 digits");
        let file = self.locks.with_extension(format!("{name}.lock"));
        let lock = lock::acquire(&file, PATIENCE).await?;
        lock.ok_or_else(|| {
            let file = holder::described(&file);
            let cause = format!("another edit of these watchlists is still on its way and holds {file}");
            Error::new(Kind::Unavailable, cause, "nothing was changed; try again in a moment")
        })
    }

    /// Sends the request once, whatever comes back. Returns the text of the answer; an error says whether the lists may have
    /// changed all the same.
    #[expect(clippy::disallowed_methods, reason = "the sender of watchlists itself")]
    pub(crate) async fn send(&self, request: &Request, body: Option<&Value>) -> Result<String> {
        let urls = self.aries.urls();
        let method = match request.endpoint.method {
            // Orders have a sender of their own, which this one must never become.
            _ if !CHANGES.iter().any(|row| std::ptr::eq(*row, request.endpoint)) => {
                return Err(Error::failed("this row changes no watchlist", "report this"));
            }
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            _ => reqwest::Method::DELETE,
        };
        let latest = Instant::now() + TOTAL_LIMIT;
        let token = CallToken::of(self.aries.clone(), request.endpoint, latest).await?;
        let mut sending = http::write_client(urls)?.request(method, request.url(&urls.api));
        if let Some(body) = body {
            sending = with_json(sending, body);
        }
        match token.exchange_once(sending, MOST_BYTES).await {
            Ok(answer) => judge(request.endpoint, &answer),
            Err(SendError::NotDone(error)) => Err(error),
            Err(SendError::Exchange(failure)) => Err(unknown_outcome(match failure {
                Failure::NotConnected(_) | Failure::NoAnswer(_) => "no answer came",
                Failure::BrokenOff(..) => "the answer broke off",
                Failure::TooLarge(_) => "the answer was too large",
            })),
        }
    }
}

fn judge(endpoint: &Endpoint, answer: &Answer) -> Result<String> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let code = answer.status.as_u16();
    if answer.status.is_success() {
        return Ok(text);
    }
    // A 401 is no proof that nothing was done, nor is the page of a gateway before Aries.
    let is_refused = answer.status.is_client_error() && answer.status != StatusCode::UNAUTHORIZED;
    if !is_refused || !Json::parse(&text).is_ok_and(gives_reason) {
        return Err(unknown_outcome(&format!("Aries answered {code}")));
    }
    let hint = match answer.status {
        StatusCode::FORBIDDEN => Told::from(format!(
            "nothing was changed; the sign-in lacks a right ({}): ",
            endpoint.scope_words()
        ))
        .and(Told::person_to(
            "enable it for the API key in Client Center, then to run `aries-mcp login --edit-watchlists`",
        )),
        _ => "nothing was changed; compare with get_watchlists".into(),
    };
    Err(Error::new(
        Kind::Refused,
        format!("Aries refused ({code}){}", ErrorBody::read(&text).after_colon()),
        hint,
    ))
}

/// The error that an answer to a change stands for although its status is that of a success.
pub(crate) fn failure(answer: &str) -> Option<Error> {
    said_error::of(Json::parse(answer).ok()?, answer)
}

fn unknown_outcome(what: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("{what}: the watchlists may have changed or not"),
        "look with get_watchlists before doing anything else; do not repeat this by itself",
    )
}

/// The person's lists; `None` where Aries has only the older calls.
pub(crate) async fn of_person(aries: &Aries) -> Result<Option<Vec<Watchlist>>> {
    if aries.generations().first_to_answer(&WATCHLISTS) == Some(Generation::Older) {
        return Ok(None);
    }
    match aries.read(&WATCHLISTS.with([])?).await {
        Ok(reply) => {
            aries.generations().answered(&WATCHLISTS, Generation::Newer);
            reply.rows("watchlist", &["name"])?;
            understood(Watchlist::read_all(reply.json()?)).map(Some)
        }
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) if error.kind == Kind::Unavailable => {
            let hint = error.hint.and("; a person without a watchlist gets this answer too");
            Err(Error { hint, ..error })
        }
        Err(error) => Err(error),
    }
}

/// One of the person's lists.
pub(crate) async fn one(aries: &Aries, id: &str) -> Result<Watchlist> {
    let reply = aries.read(&WATCHLIST.with([("list", json!(id))])?).await?;
    understood(Watchlist::read(reply.object(reply.json()?, WATCHLIST.rows, &["name"])?.rows))
}

/// An account's lists, by the older call.
pub(crate) async fn of_account(aries: &Aries, account: &str) -> Result<Vec<Watchlist>> {
    let reply = aries.read(&WATCHLISTS_V1.with([("account", json!(account))])?).await?;
    reply.rows("watchlist", &["name"])?;
    let lists = understood(Watchlist::read_all(reply.json()?))?;
    aries.generations().answered(&WATCHLISTS, Generation::Older);
    Ok(lists)
}

fn understood<T>(lists: Option<T>) -> Result<T> {
    lists.ok_or_else(|| {
        let cause = "Aries' watchlists are not in a form that is understood";
        Error::new(
            Kind::Refused,
            cause,
            Told::pair("tell the person; nothing was changed", "nothing was changed"),
        )
    })
}

/// One list as Aries keeps it: its name is unique, and its id is needed to change or delete it.
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

    pub(crate) fn read(json: Json<'_>) -> Option<Self> {
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
