//! The accounts as the commands show them: `login` at its end, `status`, and `doctor` as a proof of the sign-in.

use std::sync::Arc;

use serde::Serialize;

use crate::aries::model::account::{self, Account};
use crate::auth::Session;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};

/// One account, without its full number.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// The last four characters of its id, after an ellipsis.
    account: String,
    /// What is at stake in it, in the same words as in the answers of tools.
    environment: String,
    /// For example `INDIVIDUAL MARGIN`; empty if Aries does not say.
    #[serde(rename = "type")]
    kind: String,
    /// For example `OPEN`; empty if Aries does not say.
    status: String,
}

/// Asks Aries for every account of the person.
///
/// # Errors
/// As the sender; an API that does not know the list has the wrong address.
pub(super) async fn all(settings: &Settings, session: &Arc<Session>) -> Result<Vec<Row>> {
    let accounts =
        account::all(&super::sender(settings, session)).await.map_err(|error| match error.kind {
            Kind::NotFound => Error::new(
                Kind::Refused,
                format!("the list of accounts is not at {} (status 404)", settings.urls.api),
                "correct or unset ARIES_API_URL, or api_url in the config file",
            ),
            _ => error,
        })?;
    Ok(accounts.iter().map(Row::of).collect())
}

impl Row {
    fn of(account: &Account) -> Self {
        Self {
            account: account.masked(),
            environment: account.money.to_string(),
            kind: account.kind_words().unwrap_or_default(),
            status: account.status.clone().unwrap_or_default(),
        }
    }
}

/// A header and one line per account.
pub(super) fn lines(accounts: &[Row]) -> Vec<String> {
    if accounts.is_empty() {
        return vec!["Accounts:   none".to_owned()];
    }
    let width = accounts.iter().map(|row| row.environment.len()).max().unwrap_or_default().max(11);
    let line = |a: &str, b: &str, c: &str, d: &str| {
        format!("  {a:<8} {b:<width$} {c:<20} {d}").trim_end().to_owned()
    };
    let header = ["Accounts:".to_owned(), line("account", "environment", "type", "status")];
    let rows = accounts.iter().map(|row| line(&row.account, &row.environment, &row.kind, &row.status));
    header.into_iter().chain(rows).collect()
}
