//! The accounts as the commands show them: `login` at its end, `status`, and `doctor` as a proof of the sign-in.

use std::sync::Arc;

use crate::aries::model::account;
use crate::auth::Session;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::tools::AccountFacts;

/// An API that does not know the list of accounts has the wrong address.
pub(super) async fn all(settings: &Settings, session: &Arc<Session>) -> Result<Vec<AccountFacts>> {
    let accounts =
        account::all(&super::sender(settings, session)).await.map_err(|error| match error.kind {
            Kind::NotFound => Error::new(
                Kind::Refused,
                format!("the list of accounts is not at {} (status 404)", settings.urls.api),
                "correct or unset ARIES_API_URL, or api_url in the config file",
            ),
            _ => error,
        })?;
    Ok(accounts.iter().map(AccountFacts::of).collect())
}

pub(super) fn lines(accounts: &[AccountFacts]) -> Vec<String> {
    if accounts.is_empty() {
        return vec!["Accounts:   none".to_owned()];
    }
    let width = accounts.iter().map(|row| row.environment.len()).fold(11, usize::max);
    let line = |a: &str, b: &str, c: &str, d: &str| {
        format!("  {a:<8} {b:<width$} {c:<20} {d}").trim_end().to_owned()
    };
    let header = ["Accounts:".to_owned(), line("account", "environment", "type", "status")];
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows = accounts
        .iter()
        .map(|row| line(&row.account, &row.environment, &or_empty(&row.kind), &or_empty(&row.status)));
    header.into_iter().chain(rows).collect()
}
