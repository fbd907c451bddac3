//! Redirect URI and its port, the tokens and their ends, and whether Aries accepts them.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::check::Finding;
use super::port;
use super::store::Holding;
use crate::aries::time::rfc3339;
use crate::auth::callback::{Listener, can_listen};
use crate::auth::tokens::Tokens;
use crate::auth::{Session, SessionFile, SignInState, login_command};
use crate::cli::accounts;
use crate::config::{DEFAULT_REDIRECT_URI, Settings};
use crate::error::Kind;
use crate::told::Reader;

/// Time for one call; a server waits longer than `doctor` does.
const PATIENCE: Duration = Duration::from_secs(12);

pub(super) fn redirect(settings: &Settings) -> Finding {
    if settings.sandbox || settings.access_token.is_some() {
        return Finding::not_checked("it is not used: no sign-in is needed");
    }
    let uri = &settings.redirect_uri;
    if !loopback(settings) {
        return Finding::warning(
            format!("{uri} is not on this computer, so the browser cannot bring the sign-in back by itself"),
            format!(
                "paste the page's address at `aries-mcp login`, or register {DEFAULT_REDIRECT_URI} and use that"
            ),
        );
    }
    Finding::ok(format!(
        "{uri}; register exactly this in Client Center (whether it is there cannot be seen from here)"
    ))
}

fn loopback(settings: &Settings) -> bool {
    Url::parse(&settings.redirect_uri).is_ok_and(|uri| can_listen(&uri))
}

/// Whether the browser could come back, and which process is in its way.
pub(super) async fn port(settings: &Settings, signed_in: bool) -> Finding {
    let uri = match Url::parse(&settings.redirect_uri) {
        Ok(uri) if loopback(settings) && !settings.sandbox && settings.access_token.is_none() => uri,
        _ => return Finding::not_checked("it is not used: no browser comes back to this computer"),
    };
    let number = uri.port_or_known_default().unwrap_or(80);
    let Err(busy) = Listener::bind(&uri).await else {
        return Finding::ok(format!("{number} is free"));
    };
    let meaning = match port::holder(number) {
        Some(holder) => format!("{number} is held by {holder}"),
        None => format!("{}; who holds it is not known here", busy.cause),
    };
    // Whoever is signed in needs the port only at the next sign-in.
    let next = busy.hint.to(Reader::Person);
    if signed_in { Finding::warning(meaning, next) } else { Finding::problem(meaning, next) }
}

pub(super) fn tokens(settings: &Settings, holding: &Holding, note: Option<&SessionFile>) -> Finding {
    match holding {
        Holding::NotNeeded(why) => Finding::not_checked(*why),
        Holding::Unknown => Finding::not_checked("the token store did not answer, see above"),
        Holding::Nothing => Finding::problem(
            format!("nobody is signed in as profile {}", settings.profile),
            format!("run `{}`", login_command(settings)),
        ),
        Holding::Tokens(tokens) => judge(settings, tokens, note, Timestamp::now()),
    }
}

fn judge(settings: &Settings, tokens: &Tokens, note: Option<&SessionFile>, now: Timestamp) -> Finding {
    let login = format!("run `{}`", login_command(settings));
    let note = note.filter(|note| note.login == tokens.login);
    if note.is_some_and(|note| note.state == SignInState::NeedsLogin) {
        return Finding::problem("Aries refused to renew the sign-in: it is over", login);
    }
    let alive = tokens.is_alive(now);
    let (received, end) = (when(tokens.obtained_at, now), when(tokens.expires_at, now));
    let facts =
        format!("received {received}; the access token {} {end}", if alive { "ends" } else { "ended" });
    if tokens.refresh.is_none() {
        let meaning = format!("{facts}, and Aries gave none to renew it with");
        return if alive { Finding::warning(meaning, login) } else { Finding::problem(meaning, login) };
    }
    match tokens.refresh_expires_at {
        Some(end) if end <= now => {
            Finding::problem(format!("{facts}; the sign-in ended {}", when(end, now)), login)
        }
        Some(end) if end.duration_since(now) < SignedDuration::from_hours(24) => Finding::warning(
            format!("{facts}; the sign-in ends {}", when(end, now)),
            format!("{login} before that"),
        ),
        _ if tokens.obtained_at.duration_since(now) > SignedDuration::from_mins(5) => Finding::problem(
            format!("{facts}: that lies in the future, so the clock was or is wrong"),
            "set the clock of this computer to automatic",
        ),
        _ if settings.client_id.as_ref().is_some_and(|id| *id != tokens.client_id) => Finding::warning(
            "the tokens belong to another key than the client id that is set now",
            format!("{login} to use the new key, or set the old client id again"),
        ),
        _ if note.is_none() => Finding::warning(
            format!("{facts}; its session file is missing, so tools are listed without knowing the scopes"),
            format!("{login}; if ARIES_STATE_DIR is set in one place only, set it everywhere or nowhere"),
        ),
        Some(end) => {
            Finding::ok(format!("{facts} and is renewed by itself; the sign-in ends {}", when(end, now)))
        }
        None => Finding::ok(format!("{facts} and is renewed by itself")),
    }
}

fn when(time: Timestamp, now: Timestamp) -> String {
    let away = time.duration_since(now);
    let minutes = away.abs().as_mins();
    let amount = match minutes {
        0 => "moments".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    };
    let stamp = rfc3339(time);
    if away.is_negative() { format!("{amount} ago ({stamp})") } else { format!("in {amount} ({stamp})") }
}

/// The proof: one call with the token, as a server would make it from here.
pub(super) async fn accepted(
    settings: &Settings,
    session: &Arc<Session>,
    reached: bool,
    signed_in: bool,
) -> Finding {
    if !signed_in {
        return Finding::not_checked("nobody is signed in");
    }
    if !reached {
        return Finding::not_checked("Aries cannot be reached, see above");
    }
    const LATER: &str = "run `aries-mcp doctor` again in a minute";
    match tokio::time::timeout(PATIENCE, accounts::all(settings, session)).await {
        Err(_) => Finding::warning("it was not answered in time", LATER),
        Ok(Ok(accounts)) => {
            Finding::ok(format!("Aries accepts the sign-in; accounts listed: {}", accounts.len()))
        }
        Ok(Err(error)) if matches!(error.kind, Kind::RateLimited | Kind::Unavailable) => {
            Finding::warning(error.cause, LATER)
        }
        Ok(Err(error)) => Finding::from(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words_and_exactly() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let at = |text: &str| when(text.parse().unwrap(), now);
        assert_eq!(at("2026-11-21T12:48:00Z"), "in 48 min (2026-11-21T07:48:00-05:00)");
        assert_eq!(at("2026-11-21T09:00:00Z"), "3 hours ago (2026-11-21T04:00:00-05:00)");
        assert!(at("2026-12-21T12:00:00Z").starts_with("in 30 days"));
    }
}
