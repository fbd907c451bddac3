//! Redirect URI and its port, the tokens and their ends, and whether Aries accepts them.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::check::Check;
use super::port;
use super::store::Holding;
use crate::aries::time::rfc3339;
use crate::auth::callback::{Listener, can_listen};
use crate::auth::tokens::Tokens;
use crate::auth::{Session, SessionFile, SignInState, login_command};
use crate::cli::accounts;
use crate::config::{DEFAULT_REDIRECT_URI, Settings};
use crate::error::Kind;

/// Time for one call; a server waits longer than `doctor` does.
const PATIENCE: Duration = Duration::from_secs(12);

pub(super) fn redirect(settings: &Settings) -> Check {
    const NAME: &str = "redirect URI";
    if settings.sandbox || settings.access_token.is_some() {
        return Check::not_checked(NAME, "nobody signs in this way");
    }
    let uri = &settings.redirect_uri;
    if !loopback(settings) {
        return Check::warning(
            NAME,
            format!("{uri} is not on this computer, so the browser cannot bring the sign-in back by itself"),
            format!(
                "paste the page's address at `aries-mcp login`, or register {DEFAULT_REDIRECT_URI} and use that"
            ),
        );
    }
    Check::ok(NAME, format!("{uri}; it must stand in Client Center letter by letter (not visible from here)"))
}

fn loopback(settings: &Settings) -> bool {
    Url::parse(&settings.redirect_uri).is_ok_and(|uri| can_listen(&uri))
}

/// Whether the browser could come back, and who stands in its way.
pub(super) async fn port(settings: &Settings, signed_in: bool) -> Check {
    const NAME: &str = "callback port";
    let uri = match Url::parse(&settings.redirect_uri) {
        Ok(uri) if loopback(settings) && !settings.sandbox && settings.access_token.is_none() => uri,
        _ => return Check::not_checked(NAME, "no port is used for signing in"),
    };
    let number = uri.port_or_known_default().unwrap_or(80);
    let Err(busy) = Listener::bind(&uri).await else {
        return Check::ok(NAME, format!("{number} is free"));
    };
    let meaning = match port::holder(number) {
        port::Holder::Process(name, id) => format!("{number} is held by {name} (process {id})"),
        port::Holder::Hidden => format!("{number} is held by a process of another user"),
        port::Holder::Unknown => format!("{}; who holds it is not known here", busy.cause),
    };
    // Whoever is signed in needs the port only at the next sign-in.
    match signed_in {
        true => Check::warning(NAME, meaning, busy.hint),
        false => Check::problem(NAME, meaning, busy.hint),
    }
}

/// Presence, age and ends.
pub(super) fn tokens(settings: &Settings, holding: &Holding, note: Option<&SessionFile>) -> Check {
    const NAME: &str = "sign-in";
    match holding {
        Holding::NotNeeded(why) => Check::not_checked(NAME, *why),
        Holding::Unknown => Check::not_checked(NAME, "the token store did not answer, see above"),
        Holding::Nothing => Check::problem(
            NAME,
            format!("nobody is signed in as profile {}", settings.profile),
            format!("run `{}`", login_command(settings)),
        ),
        Holding::Tokens(tokens) => judge(settings, tokens, note, Timestamp::now()),
    }
}

fn judge(settings: &Settings, tokens: &Tokens, note: Option<&SessionFile>, now: Timestamp) -> Check {
    const NAME: &str = "sign-in";
    let login = format!("run `{}`", login_command(settings));
    let note = note.filter(|note| note.login == tokens.login);
    if note.is_some_and(|note| note.state == SignInState::NeedsLogin) {
        return Check::problem(NAME, "Aries refused to renew the sign-in: it is over", login);
    }
    let access = match tokens.is_alive(now) {
        true => format!("the access token ends {}", when(tokens.expires_at, now)),
        false => format!("the access token ended {}", when(tokens.expires_at, now)),
    };
    let facts = format!("received {}; {access}", when(tokens.obtained_at, now));
    if tokens.refresh.is_none() {
        return match tokens.is_alive(now) {
            true => Check::warning(NAME, format!("{facts}, and Aries gave none to renew it with"), login),
            false => Check::problem(NAME, format!("{facts}, and Aries gave none to renew it with"), login),
        };
    }
    match tokens.refresh_expires_at {
        Some(end) if end <= now => {
            Check::problem(NAME, format!("{facts}; the sign-in as a whole ended {}", when(end, now)), login)
        }
        Some(end) if end.duration_since(now) < SignedDuration::from_hours(24) => Check::warning(
            NAME,
            format!("{facts}; the sign-in as a whole ends {}", when(end, now)),
            format!("{login} before that"),
        ),
        _ if tokens.obtained_at.duration_since(now) > SignedDuration::from_mins(5) => Check::problem(
            NAME,
            format!("{facts}: that lies in the future, so the clock was or is wrong"),
            "set the clock of this computer to automatic",
        ),
        _ if settings.client_id.as_ref().is_some_and(|id| *id != tokens.client_id) => Check::warning(
            NAME,
            "the tokens belong to another key than the client id that is set now",
            format!("{login} to use the new key, or set the old client id again"),
        ),
        _ if note.is_none() => Check::warning(
            NAME,
            format!("{facts}; the note about it is missing, so tools are listed without knowing the scopes"),
            format!("{login}; if ARIES_STATE_DIR is set in one place only, set it everywhere or nowhere"),
        ),
        Some(end) => {
            Check::ok(NAME, format!("{facts} and is renewed by itself; the whole ends {}", when(end, now)))
        }
        None => Check::ok(NAME, format!("{facts} and is renewed by itself")),
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
) -> Check {
    const NAME: &str = "signed-in call";
    if !signed_in {
        return Check::not_checked(NAME, "nobody is signed in");
    }
    if !reached {
        return Check::not_checked(NAME, "Aries cannot be reached, see above");
    }
    match tokio::time::timeout(PATIENCE, accounts::all(settings, session)).await {
        Err(_) => {
            Check::warning(NAME, "it was not answered in time", "run `aries-mcp doctor` again in a minute")
        }
        Ok(Ok(accounts)) => {
            Check::ok(NAME, format!("Aries accepts the sign-in; accounts listed: {}", accounts.len()))
        }
        Ok(Err(error)) if matches!(error.kind, Kind::RateLimited | Kind::Unavailable) => {
            Check::warning(NAME, error.cause, "run `aries-mcp doctor` again in a minute")
        }
        Ok(Err(error)) => Check::failed(NAME, &error),
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
