//! The result of a sign-in.

use crate::aries::time::rfc3339;
use crate::auth::login::SignedIn;
use crate::auth::store::Store;
use crate::cli::accounts;
use crate::cli::audience::for_person;
use crate::cli::output::{answer, say};
use crate::config::Settings;
use crate::error::Result;
use crate::tools::AccountFacts;

/// Prints the result. That the accounts could not be listed does not end the sign-in.
pub(super) fn print(settings: &Settings, done: &SignedIn, accounts: Result<Vec<AccountFacts>>) {
    answer!("Signed in to {} as profile {}.", settings.urls.api_origin(), settings.profile);
    match accounts {
        Ok(accounts) => accounts::lines(&accounts).iter().for_each(|line| answer!("{line}")),
        Err(error) => {
            say!("The accounts could not be listed: {}; {}.", error.cause, for_person(&error.hint));
        }
    }
    answer!("Granted: {}", done.tokens.scopes);
    if !done.missing.is_empty() {
        answer!("Asked for, not granted: {}", done.missing);
        say!(
            "Tools that need these stay hidden. Enable them for the key in Client Center, API, and sign in again."
        );
    }
    match (&done.tokens.refresh, done.tokens.refresh_expires_at) {
        (Some(_), Some(end)) => answer!("Lasts until: {} (renewed while in use)", rfc3339(end)),
        (Some(_), None) => answer!("Lasts: until Aries ends it (renewed while in use)"),
        (None, _) => {
            answer!("Lasts until: {} (Aries gave no refresh token)", rfc3339(done.tokens.expires_at))
        }
    }
    answer!("Kept in: {}", Store::of(settings).describe());
    answer!(
        "Next: `aries-mcp setup` writes aries-mcp into your MCP client; then ask it what is in your portfolio."
    );
    for warning in &done.warnings {
        say!("warning: {warning}");
    }
}
