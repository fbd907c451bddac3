//! What a sign-in came to.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "only cli prints")]

use crate::auth::login::SignedIn;
use crate::auth::store::Store;
use crate::cli::status::{account_lines, local_time};
use crate::config::Settings;

pub(super) fn print(settings: &Settings, done: &SignedIn) {
    println!("Signed in to {} as profile {}.", settings.urls.api_origin(), settings.profile);
    match &done.accounts {
        Ok(accounts) if accounts.is_empty() => println!("Accounts: none"),
        Ok(accounts) => account_lines(accounts).iter().for_each(|line| println!("{line}")),
        Err(error) => eprintln!("The accounts could not be listed: {}; {}.", error.cause, error.hint),
    }
    println!("Granted: {}", done.tokens.scopes);
    if !done.missing.is_empty() {
        println!("Asked for, not granted: {}", done.missing);
        eprintln!(
            "Tools that need these stay hidden. Enable them for the key in Client Center, API, and sign in again."
        );
    }
    match (&done.tokens.refresh, done.tokens.refresh_expires_at) {
        (Some(_), Some(end)) => println!("Lasts until: {} (renewed while in use)", local_time(end)),
        (Some(_), None) => println!("Lasts: until Aries ends it (renewed while in use)"),
        (None, _) => {
            println!("Lasts until: {} (Aries gave no refresh token)", local_time(done.tokens.expires_at))
        }
    }
    println!("Kept in: {}", Store::of(settings).describe());
    for warning in &done.warnings {
        eprintln!("warning: {warning}");
    }
}
