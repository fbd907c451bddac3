//! The result of a sign-in.

use jiff::Timestamp;

use crate::aries::time::rfc3339;
use crate::auth::login::SignedIn;
use crate::auth::store::Store;
use crate::cli::accounts;
use crate::cli::output::{answer, say};
use crate::cli::status::end_of;
use crate::config::Settings;
use crate::error::Result;
use crate::told::Reader;
use crate::tools::AccountFacts;

/// Prints the result. That the accounts could not be listed does not end the sign-in.
pub(super) fn print(settings: &Settings, done: &SignedIn, accounts: Result<Vec<AccountFacts>>) {
    answer!("Signed in to {} as profile {}.", settings.urls.api_origin(), settings.profile);
    match accounts {
        Ok(accounts) => accounts::lines(&accounts).iter().for_each(|line| answer!("{line}")),
        Err(error) => {
            say!("The accounts could not be listed: {}; {}.", error.cause, error.hint.to(Reader::Person));
        }
    }
    answer!("Scopes granted: {}", done.tokens.scopes);
    if !done.missing.is_empty() {
        answer!("Scopes asked for and not granted: {}", done.missing);
        say!(
            "Tools that need these are not listed. Enable the scopes for the key in Client Center, API, and sign in again."
        );
    }
    match (&done.tokens.refresh, done.tokens.refresh_expires_at) {
        (Some(_), Some(end)) => answer!("The sign-in {}.", end_of(&rfc3339(end), Timestamp::now())),
        (Some(_), None) => {
            answer!("Aries does not tell when the sign-in ends; `aries-mcp status` shows whether it holds.")
        }
        (None, _) => {
            let end = end_of(&rfc3339(done.tokens.expires_at), Timestamp::now());
            answer!("The sign-in {end}: Aries gave nothing to renew it with.");
        }
    }
    answer!("The tokens are in {}.", Store::of(settings).describe());
    answer!(
        "Next: `aries-mcp setup` writes aries-mcp into your MCP client; then ask it what is in your portfolio."
    );
    for warning in &done.warnings {
        say!("warning: {warning}");
    }
}
