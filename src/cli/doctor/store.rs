//! The token store: whether it can write, read and delete, and what it holds.

use std::time::Duration;

use super::check::{Check, Finding};
use crate::auth::keychain::QUICK;
use crate::auth::locks;
use crate::auth::store::Store;
use crate::auth::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::{holder, lock};

const NAME: &str = "token store";

pub(super) struct Found {
    pub(super) checks: Vec<Check>,
    pub(super) holding: Holding,
}

pub(super) enum Holding {
    /// The store was not asked, for this reason.
    NotNeeded(&'static str),
    /// The store did not answer; another finding says so.
    Unknown,
    Nothing,
    Tokens(Box<Tokens>),
}

/// Tries the store out as a server would, within seconds.
pub(super) async fn probe(settings: &Settings) -> Found {
    let why = match (settings.sandbox, &settings.access_token) {
        (true, _) => "the embedded practice broker needs no sign-in",
        (_, Some(_)) => "the token of ARIES_ACCESS_TOKEN is used, and nothing is stored",
        _ => return try_out(settings).await,
    };
    let checks = vec![Finding::not_checked(why).named(NAME)];
    Found { checks, holding: Holding::NotNeeded(why) }
}

async fn try_out(settings: &Settings) -> Found {
    let store = Store::of(settings);
    let tried = async {
        within(store.probe(QUICK)).await?;
        within(store.load(QUICK)).await
    };
    let (finding, holding) = match tried.await {
        Ok(tokens) => (
            Finding::ok(format!("a test entry was written, read and removed in {}", store.describe())),
            tokens.map_or(Holding::Nothing, |tokens| Holding::Tokens(Box::new(tokens))),
        ),
        Err(error) => (Finding::from(error), Holding::Unknown),
    };
    let locks = locks(settings).await.unwrap_or_else(|error| Some(Finding::from(error)));
    let locks = locks.map(|finding| finding.named("locks"));
    Found { checks: std::iter::once(finding.named(NAME)).chain(locks).collect(), holding }
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

/// A finding only if another process holds a lock.
async fn locks(settings: &Settings) -> Result<Option<Finding>> {
    if lock::acquire(&locks::login_lock(settings), Duration::ZERO).await?.is_none() {
        let lock = holder::described(&locks::login_lock(settings));
        return Ok(Some(Finding::ok(format!(
            "a sign-in of this profile is going on in another window ({lock})"
        ))));
    }
    let free = lock::acquire(&locks::refresh_lock(settings), Duration::from_millis(500)).await?;
    Ok(free.is_none().then(|| {
        Finding::warning(
            format!(
                "another copy of aries-mcp holds this for half a second: {}; it is renewing the sign-in, or it hangs",
                holder::described(&locks::refresh_lock(settings))
            ),
            "run `aries-mcp doctor` again; if this stays, end the other copies named below",
        )
    }))
}
