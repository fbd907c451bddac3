//! The token store: whether it can write, read and delete, and what it holds.

use std::time::Duration;

use super::check::Check;
use crate::auth::keychain::QUICK;
use crate::auth::locks;
use crate::auth::store::Store;
use crate::auth::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::lock;

/// What was found.
pub(super) struct Found {
    checks: Vec<Check>,
    holding: Holding,
}

/// What the store holds, for the other groups.
pub(super) enum Holding {
    /// It was not asked, and why.
    NotNeeded(&'static str),
    /// It did not answer; another finding says so.
    Unknown,
    Nothing,
    Tokens(Box<Tokens>),
}

impl Found {
    pub(super) fn checks(&self) -> Vec<Check> {
        self.checks.clone()
    }

    pub(super) fn tokens(&self) -> &Holding {
        &self.holding
    }

    pub(super) fn holds_sign_in(&self) -> bool {
        matches!(self.holding, Holding::Tokens(_))
    }
}

/// Tries the store out as a server would, within seconds.
pub(super) async fn probe(settings: &Settings) -> Found {
    const NAME: &str = "token store";
    let not_needed = |why: &'static str| Found {
        checks: vec![Check::not_checked(NAME, why)],
        holding: Holding::NotNeeded(why),
    };
    if settings.sandbox {
        return not_needed("the embedded practice broker needs no sign-in");
    }
    if settings.access_token.is_some() {
        return not_needed("the token of ARIES_ACCESS_TOKEN is used, and nothing is stored");
    }
    let store = Store::of(settings);
    let tried = within(store.probe(QUICK)).await;
    let loaded = match &tried {
        Ok(()) => within(store.load(QUICK)).await,
        Err(error) => Err(error.clone()),
    };
    let check = match (&tried, &loaded) {
        (Err(error), _) | (Ok(()), Err(error)) => Check::failed(NAME, error),
        (Ok(()), Ok(_)) => {
            Check::ok(NAME, format!("a probe was written, read and removed in {}", store.describe()))
        }
    };
    let holding = match loaded {
        Ok(Some(tokens)) => Holding::Tokens(Box::new(tokens)),
        Ok(None) => Holding::Nothing,
        Err(_) => Holding::Unknown,
    };
    Found { checks: [Some(check), locks(settings).await].into_iter().flatten().collect(), holding }
}

/// Three steps of three seconds each would be nine; a person waits for three.
async fn within<T>(step: impl Future<Output = Result<T>>) -> Result<T> {
    let limit = QUICK + Duration::from_millis(200);
    tokio::time::timeout(limit, step).await.unwrap_or_else(|_| {
        Err(Error::failed(
            format!("the token store did not answer within {} seconds", QUICK.as_secs()),
            "unlock the keychain (a dialog may be waiting behind other windows), or set ARIES_TOKEN_STORE=file",
        ))
    })
}

/// A finding only if locks do not work, or another process holds one.
async fn locks(settings: &Settings) -> Option<Check> {
    const NAME: &str = "locks";
    match lock::acquire(&locks::login_lock(settings), Duration::ZERO).await {
        Ok(Some(_)) => {}
        Ok(None) => return Some(Check::ok(NAME, "a sign-in of this profile is going on in another window")),
        Err(error) => return Some(Check::failed(NAME, &error)),
    }
    match lock::acquire(&locks::refresh_lock(settings), Duration::from_millis(500)).await {
        Ok(Some(_)) => None,
        Ok(None) => Some(Check::warning(
            NAME,
            "another copy of aries-mcp has held the sign-in for half a second: it is renewing it, or it hangs",
            "run `aries-mcp doctor` again; if this stays, end the other copies named below",
        )),
        Err(error) => Some(Check::failed(NAME, &error)),
    }
}
