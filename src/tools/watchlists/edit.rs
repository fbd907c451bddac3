//! One edit of a watchlist, by Aries' call for a single list or by the older one, which replaces them all.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aries::endpoints::{
    WATCHLIST_CHANGED, WATCHLIST_CREATED, WATCHLIST_DELETED, WATCHLIST_DELETED_V1, WATCHLISTS_REPLACED_V1,
};
use crate::aries::symbols::compare::is_same_symbol;
use crate::aries::watchlists::{self, Watchlist, WatchlistSender};
use crate::aries::{Aries, Json};
use crate::error::{Error, Kind, Result};
use crate::text::{clean, folded};
use crate::told::Told;
use crate::tools::cell::quoted;
use crate::tools::format::few;

/// A list name of a person is shown this far.
pub(super) const NAME: usize = 60;

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(super) enum Action {
    Add,
    Remove,
    Create,
    Delete,
}

/// What a person wants of one list.
pub(super) struct Edit<'a> {
    pub(super) action: Action,
    pub(super) name: &'a str,
    pub(super) symbols: &'a [String],
}

impl Edit<'_> {
    /// Names the symbols of which nothing was to be done: they stand in the list already, or never did.
    pub(super) fn unneeded(&self, list: &Watchlist) -> Option<String> {
        let (is_in, words) = match self.action {
            Action::Add => (true, "already in the list"),
            Action::Remove => (false, "not in the list"),
            Action::Create | Action::Delete => return None,
        };
        let has = |symbol: &&String| list.symbols.iter().any(|have| is_same_symbol(have, symbol)) == is_in;
        let names: Vec<String> = self.symbols.iter().filter(has).map(|symbol| clean(symbol, 30)).collect();
        (!names.is_empty()).then(|| format!("{words}: {}", few(&names, 8)))
    }
}

/// Characters of a name that are compared.
const LONGEST_NAME: usize = 1_000;

/// What became of it.
pub(super) struct Edited {
    pub(super) before: Vec<Watchlist>,
    pub(super) after: Vec<Watchlist>,
    /// Symbols that Aries does not know.
    pub(super) invalid: Vec<String>,
    /// Whether the lists are as they should be.
    pub(super) is_as_asked: bool,
    /// The error that Aries answered with a status of success. Its lists tell whether something was changed.
    pub(super) failure: Option<Error>,
}

impl Edited {
    /// Fails where Aries answered with an error, and its lists are as they were.
    fn unless_failed(self) -> Result<Self> {
        match self.failure {
            Some(failure) if !self.is_as_asked && self.before == self.after => {
                let hint = Told::pair(
                    "the lists are as they were; tell the person what Aries said",
                    "the lists are as they were",
                );
                Err(Error { hint, ..failure })
            }
            _ => Ok(self),
        }
    }
}

/// The error of the read after a change, with what Aries said to the change.
fn unread(failure: Option<&Error>, error: Error) -> Error {
    let said = failure.map_or("Aries took the change", |failure| &failure.cause);
    Error { cause: format!("{said}, but its lists cannot be read now: {}", error.cause), ..error }
}

/// Whether a person means this list: case does not count, nor how many blanks stand where, nor in which of its Unicode forms
/// a letter is written.
pub(super) fn is_named(list: &Watchlist, name: &str) -> bool {
    let plain = |name: &str| {
        // Capital letters first: `ß` is `SS` there.
        let alike = folded(&clean(name, LONGEST_NAME)).to_uppercase().to_lowercase();
        folded(&alike).into_owned()
    };
    plain(&list.name) == plain(name)
}

pub(super) fn none_named(lists: &[Watchlist]) -> Error {
    let names: Vec<String> = lists.iter().filter_map(|list| quoted(&list.name, NAME)).collect();
    Error::usage("`list`: there is none of that name", format!("there are: {}", few(&names, 20)))
}

/// Changes a list of the person: no other list is touched.
pub(super) async fn of_person(
    aries: &Aries,
    writer: &WatchlistSender,
    before: Vec<Watchlist>,
    edit: &Edit<'_>,
) -> Result<Edited> {
    let wanted = changed(&before, edit)?;
    let old = before.iter().find(|list| is_named(list, edit.name));
    let id = || old.and_then(|list| list.id.as_deref()).ok_or_else(without_id);
    let answer = match (edit.action, old, wanted.iter().find(|list| is_named(list, edit.name))) {
        (Action::Create, _, Some(list)) => {
            let body = json!({"name": list.name, "symbols": list.symbols});
            writer.send(&WATCHLIST_CREATED.with([])?, Some(&body)).await?
        }
        (Action::Delete, ..) => writer.send(&WATCHLIST_DELETED.with([("list", json!(id()?))])?, None).await?,
        (_, Some(old), Some(new)) if old.symbols != new.symbols => {
            let only = |one: &Watchlist, other: &Watchlist| -> Vec<String> {
                one.symbols.iter().filter(|symbol| !other.symbols.contains(symbol)).cloned().collect()
            };
            let body = match edit.action {
                Action::Add => json!({"add_symbols": only(new, old)}),
                _ => json!({"remove_symbols": only(old, new)}),
            };
            writer.send(&WATCHLIST_CHANGED.with([("list", json!(id()?))])?, Some(&body)).await?
        }
        _ => {
            let (after, invalid) = (before.clone(), Vec::new());
            return Ok(Edited { after, before, invalid, is_as_asked: true, failure: None });
        }
    };
    let failure = watchlists::failure(&answer);
    let after = watchlists::of_person(aries).await.map_err(|error| unread(failure.as_ref(), error))?;
    let after = after.unwrap_or_default();
    let own = |lists: &[Watchlist]| {
        lists.iter().find(|list| is_named(list, edit.name)).map(|list| sorted(&list.symbols))
    };
    let is_as_asked = own(&after) == own(&wanted);
    Edited { invalid: invalid(&answer), is_as_asked, before, after, failure }.unless_failed()
}

fn sorted(symbols: &[String]) -> Vec<String> {
    let mut symbols = symbols.to_vec();
    symbols.sort();
    symbols
}

/// The symbols that an answer says Aries has left out.
fn invalid(answer: &str) -> Vec<String> {
    let json = Json::parse(answer).ok();
    let symbols = json.and_then(|json| json.get("invalid_symbols")).map(Json::items).unwrap_or_default();
    symbols.into_iter().filter_map(|symbol| Some(clean(&symbol.text()?, 30))).collect()
}

/// Changes a list of an account by the older calls: all lists are written back, the others as they were.
pub(super) async fn of_account(
    aries: &Aries,
    writer: &WatchlistSender,
    account: &str,
    edit: &Edit<'_>,
) -> Result<Edited> {
    let before = watchlists::of_account(aries, account).await?;
    let wanted = changed(&before, edit)?;
    let answer = match edit.action {
        Action::Delete => {
            let id = before.iter().find(|list| is_named(list, edit.name)).and_then(|list| list.id.as_ref());
            let id = id.ok_or_else(without_id)?;
            writer.send(&WATCHLIST_DELETED_V1.with([("list", json!(id))])?, None).await?
        }
        _ if same(&wanted, &before) => {
            let (after, invalid) = (before.clone(), Vec::new());
            return Ok(Edited { after, before, invalid, is_as_asked: true, failure: None });
        }
        _ => {
            let body: Value =
                wanted.iter().map(|list| json!({"name": list.name, "symbols": list.symbols})).collect();
            let request = WATCHLISTS_REPLACED_V1.with([("account", json!(account))])?;
            writer.send(&request, Some(&body)).await?
        }
    };
    let failure = watchlists::failure(&answer);
    let told = Json::parse(&answer).ok().and_then(Watchlist::read_all);
    let after = match told.filter(|_| edit.action != Action::Delete && failure.is_none()) {
        Some(after) => after,
        None => {
            let after = watchlists::of_account(aries, account).await;
            after.map_err(|error| unread(failure.as_ref(), error))?
        }
    };
    let is_as_asked = match edit.action {
        Action::Delete => !after.iter().any(|list| is_named(list, edit.name)),
        _ => same(&wanted, &after),
    };
    Edited { before, after, invalid: Vec::new(), is_as_asked, failure }.unless_failed()
}

fn without_id() -> Error {
    let cause = "Aries gave that list no id, so it can be neither changed nor deleted";
    Error::new(Kind::Refused, cause, Told::person_to("change it in Aries' own application"))
}

fn same(one: &[Watchlist], other: &[Watchlist]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.name == other.name && one.symbols == other.symbols)
}

/// All lists as they shall be.
fn changed(before: &[Watchlist], edit: &Edit<'_>) -> Result<Vec<Watchlist>> {
    let Edit { action, name, symbols } = edit;
    let mut lists = before.to_vec();
    match (action, lists.iter_mut().find(|list| is_named(list, name))) {
        (Action::Create, Some(_)) => {
            let hint = "add to it, or choose another name";
            return Err(Error::usage("`list`: there is one of that name", hint));
        }
        (Action::Create, None) => {
            let mut seen = HashSet::new();
            let symbols = symbols.iter().filter(|symbol| seen.insert(*symbol)).cloned().collect();
            lists.push(Watchlist { id: None, name: (*name).to_owned(), symbols });
        }
        (_, None) => return Err(none_named(before)),
        (Action::Delete, Some(_)) => lists.retain(|list| !is_named(list, name)),
        (Action::Add, Some(list)) => {
            for symbol in *symbols {
                if !list.symbols.iter().any(|have| is_same_symbol(have, symbol)) {
                    list.symbols.push(symbol.clone());
                }
            }
        }
        (Action::Remove, Some(list)) => {
            list.symbols.retain(|have| !symbols.iter().any(|symbol| is_same_symbol(have, symbol)));
        }
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, symbols: &[&str]) -> Watchlist {
        let symbols = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
        Watchlist { id: Some("7".to_owned()), name: name.to_owned(), symbols }
    }

    #[test]
    fn a_list_is_found_by_its_name_in_every_unicode_form() {
        for (kept, typed) in [
            ("Ölwerte", "O\u{308}lwerte"),
            ("O\u{308}lwerte", "ÖLWERTE"),
            ("Tech", "\u{ff34}\u{ff45}\u{ff43}\u{ff48}"),
            ("profit", "pro\u{fb01}t"),
            ("My list", "my\u{a0}list"),
            ("My  list", " My list "),
            ("Straße", "STRASSE"),
            ("Ώρα", "ΏΡΑ"),
            ("Tech", "Te\u{200b}ch"),
        ] {
            assert!(is_named(&list(kept, &[]), typed) && is_named(&list(typed, &[]), kept), "{kept} {typed}");
        }
        for (kept, typed) in [("Tech", "Tech 2"), ("Öl", "Ol"), ("", "Tech")] {
            assert!(!is_named(&list(kept, &[]), typed), "{kept} {typed}");
        }
    }

    #[test]
    fn one_thing_changes_and_the_rest_is_as_it_was() {
        let before = [list("Tech", &["AAPL", "O:AAPL261218C00200000"]), list("Ölwerte", &[])];
        let edit = |action, name: &str, symbols: &[&str]| {
            let symbols: Vec<String> = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
            changed(&before, &Edit { action, name, symbols: &symbols })
        };
        let after = edit(Action::Add, "tech", &["MSFT", "AAPL"]).unwrap();
        assert_eq!(after[0].symbols, ["AAPL", "O:AAPL261218C00200000", "MSFT"]);
        assert_eq!(after[1], before[1]);
        let after = edit(Action::Add, "tech", &["AAPL261218C00200000"]).unwrap();
        assert_eq!(after, before);
        let after = edit(Action::Remove, "Tech", &["AAPL261218C00200000"]).unwrap();
        assert_eq!(after[0].symbols, ["AAPL"]);
        let unneeded = |action, symbols: &[&str]| {
            let symbols: Vec<String> = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
            Edit { action, name: "Tech", symbols: &symbols }.unneeded(&before[0])
        };
        assert_eq!(unneeded(Action::Remove, &["AAPL", "ZZZZ"]).as_deref(), Some("not in the list: ZZZZ"));
        assert_eq!(unneeded(Action::Add, &["AAPL", "ZZZZ"]).as_deref(), Some("already in the list: AAPL"));
        assert_eq!(unneeded(Action::Remove, &["AAPL"]), None);
        let after = edit(Action::Create, "New", &["A", "A"]).unwrap();
        assert_eq!((after.len(), after[2].symbols.len()), (3, 1));
        assert_eq!(edit(Action::Delete, "Tech", &[]).unwrap(), [before[1].clone()]);
        assert!(edit(Action::Create, "TECH", &[]).is_err());
        assert_eq!(
            edit(Action::Add, "x", &["A"]).unwrap_err().hint.to_string(),
            "there are: \"Tech\", \"Ölwerte\""
        );
    }

    #[test]
    fn lists_that_are_not_understood_are_never_replaced() {
        for text in [
            r#"{}"#,
            r#"{"watchlist":{}}"#,
            r#"{"watchlist":[{"symbols":[]}]}"#,
            r#"{"watchlist":[{"name":"a","symbols":"AAPL"}]}"#,
        ] {
            assert!(Watchlist::read_all(Json::parse(text).unwrap()).is_none(), "{text}");
        }
        assert_eq!(Watchlist::read_all(Json::parse(r#"{"watchlist":[]}"#).unwrap()).unwrap(), []);
    }
}
