//! The account list, as far as signing in and `status` show it (`aries-api/trading.md` 2.2).
//!
//! The tools have their own, fuller reading in `aries`, which this module must not import (design 3).

use secrecy::ExposeSecret;
use serde_json::Value;

use super::session::Bearer;
use crate::config::Urls;
use crate::error::{Error, Kind, Result};

/// More than this is not an account list.
const MAX_ANSWER: usize = 1024 * 1024;

/// One account, without its full number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// The last four characters of its id, after an ellipsis.
    pub(crate) account: String,
    /// `live` or `simulated`, or `sandbox` for an embedded Aries.
    pub(crate) environment: String,
    /// For example `INDIVIDUAL MARGIN`; empty if Aries does not say.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// For example `OPEN`; empty if Aries does not say.
    pub(crate) status: String,
}

/// Asks Aries for the accounts of this token.
///
/// # Errors
/// If Aries refuses the token or does not answer.
pub(crate) async fn accounts(urls: &Urls, bearer: &Bearer) -> Result<Vec<Account>> {
    let mut url = urls.api.clone();
    let path = "/v1/users/me/accounts";
    url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
    let request = crate::http::client(urls)?.get(url).bearer_auth(bearer.token.expose_secret());
    let mut answer = request.send().await.map_err(|_| unavailable("Aries cannot be reached"))?;
    match answer.status().as_u16() {
        200 => {}
        401 => return Err(Error::sign_in("Aries does not accept the access token", "run `aries-mcp login`")),
        403 => {
            return Err(Error::new(
                Kind::Refused,
                "the token may not list accounts",
                "enable account:information and user:information for the key in Client Center, API, and run `aries-mcp login`",
            ));
        }
        404 => {
            return Err(Error::new(
                Kind::Refused,
                format!("{path} is not at {} (status 404)", urls.api),
                "correct or unset ARIES_API_URL, or api_url in the config file",
            ));
        }
        status => return Err(unavailable(&format!("Aries answered with status {status}"))),
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| unavailable("Aries broke off its answer"))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(unavailable("the account list is too long"));
        }
    }
    let list: Value =
        serde_json::from_slice(&body).map_err(|_| unavailable("the account list cannot be read"))?;
    let rows = list.get("accounts").or(Some(&list)).and_then(Value::as_array);
    Ok(rows.into_iter().flatten().map(|row| read(row, urls.on_this_machine())).collect())
}

fn read(row: &Value, sandbox: bool) -> Account {
    let text = |name: &str| match row.get(name) {
        Some(Value::String(text)) => printable(text),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let id = ["trading_account_id", "sterling_account_id", "id"].map(text);
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let environment = match row.get("is_sim") {
        _ if sandbox => "sandbox",
        Some(Value::Bool(true)) => "simulated",
        _ => "live",
    };
    Account {
        account: masked(&id),
        environment: environment.to_owned(),
        kind: format!("{} {}", text("account_type"), text("account_class")).trim().to_owned(),
        status: text("status"),
    }
}

/// `…` and the last four characters.
fn masked(id: &str) -> String {
    let skip = id.chars().count().saturating_sub(4);
    format!("…{}", id.chars().skip(skip).collect::<String>())
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(40).collect()
}

fn unavailable(cause: &str) -> Error {
    Error::new(Kind::Unavailable, cause, "check the network and run `aries-mcp status` later")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_four_are_shown() {
        let row = serde_json::json!({"trading_account_id":"ABC123456","is_sim":true,"status":"OPEN","account_type":"INDIVIDUAL"});
        let account = read(&row, false);
        assert_eq!((account.account.as_str(), account.environment.as_str()), ("…3456", "simulated"));
        assert_eq!(read(&serde_json::json!({"id": 7}), false).account, "…7");
    }
}
