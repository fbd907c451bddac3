//! The accounts of the person who is signed in.

use std::borrow::Cow;

use crate::aries::endpoints::USER_ACCOUNTS;
use crate::aries::heard::Said;
use crate::aries::{Aries, Json, Reply};
use crate::config::Urls;
use crate::environment::{Money, Plays};
use crate::error::{Error, Kind, Result};
use crate::text::{clean, folded};
use crate::told::Told;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Empty while the trading account does not exist yet.
    pub(crate) id: String,
    /// The field that the id was taken from.
    pub(crate) id_field: &'static str,
    pub(crate) money: Money,
    /// `OPEN` and others; in quotes where it is not documented.
    pub(crate) status: Option<String>,
    /// `INDIVIDUAL` and others.
    pub(crate) kind: Option<String>,
    /// `MARGIN` or `CASH`.
    pub(crate) class: Option<String>,
}

/// Where an account's id may stand, best first; the others are of the older list.
const ID_FIELDS: [&str; 3] = ["trading_account_id", "sterling_account_id", "id"];

/// Every status that is documented.
const STATUSES: [&str; 16] = [
    "NEW",
    "PENDING_PLAID_VERIFICATION",
    "PENDING_APEX_VERIFICATION",
    "READY_FOR_BACK_OFFICE",
    "BACK_OFFICE",
    "OPEN",
    "CANCELED",
    "REJECTED",
    "SUSPENDED",
    "CLOSED",
    "ERROR",
    "AWAITING_REVIEW",
    "AWAITING_APEX",
    "RETURNED_APEX",
    "PENDING_CLOSE",
    "STERLING_PENDING",
];

/// Asks Aries for every account that exists.
pub(crate) async fn all(aries: &Aries) -> Result<Vec<Account>> {
    let mut accounts = with_applications(aries).await?;
    accounts.retain(Account::exists);
    Ok(accounts)
}

/// Asks Aries for every account, also those that are only applied for. If one cannot be read, none is given: a list that
/// leaves one out would pass for complete.
pub(crate) async fn with_applications(aries: &Aries) -> Result<Vec<Account>> {
    read(aries, &aries.read_now(&USER_ACCOUNTS.with([])?).await?).await
}

/// The accounts that exist, as Aries listed them within the last minute: for answers, never for the checks of an order.
pub(crate) async fn recent(aries: &Aries) -> Result<Vec<Account>> {
    let mut accounts = read(aries, &aries.read_recent(&USER_ACCOUNTS.with([])?).await?).await?;
    accounts.retain(Account::exists);
    Ok(accounts)
}

async fn read(aries: &Aries, reply: &Reply) -> Result<Vec<Account>> {
    let accounts = understood(aries, reply).await;
    // An answer of no use is not used again.
    if accounts.as_ref().map_or(true, Vec::is_empty) {
        aries.forget_recent();
    }
    accounts
}

async fn understood(aries: &Aries, reply: &Reply) -> Result<Vec<Account>> {
    let accounts: Vec<Account> = reply.strictly(|json| {
        let found = reply.list(json, USER_ACCOUNTS.rows, &[&ID_FIELDS.join(",")])?;
        found.rows.items().into_iter().map(|row| Account::read(row, aries.urls())).collect()
    })?;
    for account in accounts.iter().filter(|account| account.exists()) {
        aries.heard().note(&account.id, account.said());
        aries.heard().remember(&account.id, account.said()).await;
    }
    Ok(accounts)
}

impl Account {
    /// Reads one element of `accounts` of the Aries at these addresses.
    pub(crate) fn read(json: Json<'_>, urls: &Urls) -> Result<Self> {
        // An empty text in the first field says that there is no account yet.
        let awaited =
            json.get(ID_FIELDS[0]).filter(|id| id.raw() == "\"\"").map(|_| (ID_FIELDS[0], Cow::default()));
        let (id_field, id) = ID_FIELDS
            .iter()
            .find_map(|field| Some((*field, json.text_at(field)?)))
            .or(awaited)
            .ok_or_else(|| unreadable("Aries sent an account without any id"))?;
        let text = |path: &str| json.text_at(path).map(|text| clean(&text, 30));
        Ok(Self {
            money: urls.money(plays(json)?),
            id: id.into_owned(),
            id_field,
            status: text("status").map(|status| match STATUSES.contains(&status.to_uppercase().as_str()) {
                true => status,
                false => format!("{status:?}"),
            }),
            kind: text("account_type"),
            class: text("account_class"),
        })
    }

    pub(crate) fn said(&self) -> Said {
        Said { money: self.money, kind: self.kind.clone(), class: self.class.clone() }
    }

    /// `INDIVIDUAL MARGIN`; `None` if Aries says neither.
    pub(crate) fn kind_words(&self) -> Option<String> {
        let words: Vec<&str> = [&self.kind, &self.class].into_iter().flatten().map(String::as_str).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    pub(crate) fn exists(&self) -> bool {
        !self.id.is_empty()
    }

    /// Whether it can be traded; one of which Aries does not say it counts as open.
    pub(crate) fn is_open(&self) -> bool {
        self.exists() && self.status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("open"))
    }

    pub(crate) fn masked(&self) -> String {
        masked(&self.id)
    }

    pub(crate) fn is_named(&self, name: &str) -> bool {
        is_named(&self.id, name)
    }

    /// The environment and the last four characters, as answers begin with: `LIVE …1002`.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.money, self.masked())
    }
}

/// Reads whether Aries calls the account simulated, whatever JSON type it uses for that. Saying nothing means live; a word
/// that is neither yes nor no means nothing, and must pass for neither.
fn plays(json: Json<'_>) -> Result<Plays> {
    let Some(said) = json.get("is_sim") else { return Ok(Plays::Live) };
    let word = said.text().unwrap_or_default().trim().to_ascii_lowercase();
    match word.as_str() {
        "true" | "yes" | "1" => Ok(Plays::Simulated),
        "false" | "no" | "0" => Ok(Plays::Live),
        _ => {
            let said = clean(said.raw(), 40);
            Err(unreadable(&format!("Aries sent an account of which is_sim says neither yes nor no: {said}")))
        }
    }
}

fn unreadable(cause: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        cause,
        Told::from("trying again may help; if not, ")
            .and(Told::person_that("their account list cannot be read")),
    )
}

/// Whether a person means the account with this id: by the whole of it or by its last four characters.
pub(crate) fn is_named(id: &str, name: &str) -> bool {
    let folded = folded(name);
    let name = folded.trim().trim_start_matches(['…', '.']);
    id == name || (name.chars().count() >= 4 && id.ends_with(name))
}

/// The accounts that a person means by a name: a full id is that account whichever others end like it, and one that is
/// closed keeps nobody from naming an open one that ends alike.
pub(crate) fn named(mut accounts: Vec<Account>, name: &str) -> Vec<Account> {
    accounts.retain(|account| account.is_named(name));
    let folded = folded(name);
    let id = folded.trim();
    if accounts.iter().any(|account| account.id == id) {
        accounts.retain(|account| account.id == id);
    }
    if accounts.iter().any(Account::is_open) {
        accounts.retain(Account::is_open);
    }
    accounts
}

/// `…` and the last four characters of an account's id, fit for a terminal.
pub(crate) fn masked(id: &str) -> String {
    let skip = id.chars().count().saturating_sub(4);
    let end: String = id.chars().skip(skip).collect();
    format!("…{}", clean(&end, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aries() -> Urls {
        Urls::at("https://api.aries.com").unwrap()
    }

    fn account(text: &str) -> Account {
        Account::read(Json::parse(text).unwrap(), &aries()).unwrap()
    }

    #[test]
    fn the_best_id_is_taken() {
        let both = account(
            r#"{"id":7,"sterling_account_id":"S7","trading_account_id":"AR4471002","is_sim":"true"}"#,
        );
        assert_eq!((both.id.as_str(), both.label().as_str()), ("AR4471002", "SIM …1002"));
        assert_eq!(account(r#"{"id":7}"#).id_field, "id");
    }

    #[test]
    fn simulated_is_read_in_every_spelling_and_never_guessed() {
        let read = |said: &str| {
            let text = format!(r#"{{"id":7,"is_sim":{said}}}"#);
            Account::read(Json::parse(&text).unwrap(), &aries()).map(|account| account.money)
        };
        for said in ["true", r#""true""#, r#""TRUE""#, r#""True""#, "1", r#""1""#, r#""yes""#, r#"" true ""#]
        {
            assert_eq!(read(said), Ok(Money::Simulated), "{said}");
        }
        for said in ["false", r#""false""#, r#""FALSE""#, "0", r#""0""#, r#""No""#, "null"] {
            assert_eq!(read(said), Ok(Money::Live), "{said}");
        }
        assert_eq!(account(r#"{"id":7}"#).money, Money::Live);
        for said in ["2", r#""""#, r#""maybe""#, r#""\u001b[2J""#, "[true]", "{}", "1.5"] {
            let error = read(said).unwrap_err();
            assert_eq!(error.kind, Kind::Unavailable, "{said}");
            assert!(error.cause.contains("is_sim") && error.cause.ends_with(said), "{}", error.cause);
        }
    }

    #[test]
    fn an_account_that_does_not_exist_yet_is_not_open() {
        let text = r#"{"trading_account_id":"","broker_account_id":"","status":"OPEN","is_sim":false}"#;
        assert!(!account(text).exists() && !account(text).is_open());
        let older = account(r#"{"trading_account_id":"","sterling_account_id":"S7","is_sim":false}"#);
        assert_eq!((older.id.as_str(), older.id_field), ("S7", "sterling_account_id"));
    }

    #[test]
    fn a_status_that_is_not_documented_is_quoted() {
        let status = |word: &str| account(&format!(r#"{{"id":7,"status":"{word}"}}"#)).status.unwrap();
        assert_eq!([status("AWAITING_APEX"), status("ASLEEP")], ["AWAITING_APEX", "\"ASLEEP\""]);
    }

    #[test]
    fn an_account_without_an_id_is_an_error() {
        for text in ["{}", r#"{"id":null}"#, r#"{"id":"","is_sim":true}"#, r#"{"id":{}}"#] {
            let error = Account::read(Json::parse(text).unwrap(), &aries()).unwrap_err();
            assert_eq!(error.cause, "Aries sent an account without any id", "{text}");
        }
    }

    #[test]
    fn an_account_is_named_by_its_end_or_whole() {
        let one = account(r#"{"trading_account_id":"AR4471002"}"#);
        for name in ["1002", "…1002", "AR4471002", " 1002 "] {
            assert!(one.is_named(name), "{name}");
        }
        for name in ["002", "", "1003", "AR44"] {
            assert!(!one.is_named(name), "{name}");
        }
    }

    #[test]
    fn the_whole_id_and_the_open_account_are_meant() {
        let one = |id: &str, status: &str| {
            account(&format!(r#"{{"trading_account_id":"{id}","status":"{status}"}}"#))
        };
        let ids = |all: &[Account], name: &str| -> Vec<String> {
            named(all.to_vec(), name).into_iter().map(|account| account.id).collect()
        };
        let (open, closed, short) = (one("AR1002", "OPEN"), one("ZZ1002", "CLOSED"), one("1002", "CLOSED"));
        let both = [closed.clone(), open.clone()];
        assert_eq!(ids(&both, "1002"), ["AR1002"]);
        assert_eq!(ids(&both, "ZZ1002"), ["ZZ1002"]);
        assert_eq!(ids(&[closed], "…1002"), ["ZZ1002"]);
        assert_eq!(ids(&[open.clone(), short], "1002"), ["1002"]);
        assert_eq!(ids(&[open.clone(), one("YY1002", "OPEN")], "1002"), ["AR1002", "YY1002"]);
        assert_eq!(ids(&[open], "1003"), Vec::<String>::new());
    }
}
