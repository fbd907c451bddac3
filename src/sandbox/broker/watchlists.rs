//! Watchlists: named lists of symbols that belong to an account.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::account::Account;
use super::users::USER_ID;
use crate::sandbox::{Answer, Call, Reply, World};

/// One list. The first of an account is its default list.
#[derive(Debug, Clone)]
pub(crate) struct Watchlist {
    id: i64,
    name: String,
    symbols: Vec<String>,
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
    symbols: Vec<String>,
}

impl Watchlist {
    /// The lists that an account begins with; ids leave gaps, as in the documented sample.
    pub(crate) fn seeded(number: i64) -> Vec<Self> {
        let list = |id: i64, name: &str, symbols: &[&str]| Self {
            id: number * 10 + id,
            name: name.to_owned(),
            symbols: symbols.iter().map(|symbol| (*symbol).to_owned()).collect(),
        };
        vec![
            list(1, "My Watchlist", &["AAPL", "NVDA", "SPY", "KO"]),
            list(4, "Dividends", &["JNJ", "CVX", "XOM", "T"]),
        ]
    }

    fn shown(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "symbols": self.symbols })
    }
}

/// `GET /v1/accounts/{id}/watchlist`.
pub(crate) fn list(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    Answer::ok(&all(broker.account(call.param("account_id"))?))
}

fn all(account: &Account) -> Value {
    let lists: Value = account.watchlists.iter().map(Watchlist::shown).collect();
    json!({ "user_id": USER_ID, "watchlist": lists })
}

/// `PUT /v1/accounts/{id}/watchlist`: replaces all lists. One that keeps its name keeps its id.
pub(crate) fn replace(world: &mut World, call: &Call) -> Reply {
    let wanted: Vec<Wanted> = serde_json::from_value(call.json()?).map_err(|error| {
        Answer::bad_request(format!("the body must be an array of {{name, symbols}}: {error}"))
    })?;
    check(&wanted)?;
    let (broker, _) = world.trading(call.now);
    let account = broker.account(call.param("account_id"))?;
    let highest = account.watchlists.iter().map(|list| list.id).max();
    let mut next = highest.unwrap_or(account.number * 10) + 1;
    let mut lists = Vec::new();
    for Wanted { name, symbols } in wanted {
        let known = account.watchlists.iter().find(|list| list.name == name);
        let id = known.map_or(next, |list| list.id);
        next += i64::from(known.is_none());
        lists.push(Watchlist { id, name, symbols });
    }
    account.watchlists = lists;
    Answer::ok(&all(account))
}

fn check(wanted: &[Wanted]) -> Result<(), Answer> {
    let mut names = BTreeSet::new();
    for list in wanted {
        if list.name.trim().is_empty() || !names.insert(&list.name) {
            return Err(Answer::bad_request(format!("name is empty or there twice: {}", list.name)));
        }
        let mut symbols = BTreeSet::new();
        for symbol in &list.symbols {
            if symbol.trim().is_empty() || !symbols.insert(symbol) {
                let message = format!("a symbol of {} is empty or there twice: {symbol}", list.name);
                return Err(Answer::bad_request(message));
            }
        }
    }
    Ok(())
}

/// `DELETE /v1/watchlist/{id}`: answers the list. The default list stays, and is emptied.
pub(crate) fn delete(world: &mut World, call: &Call) -> Reply {
    let text = call.param("watchlist_id");
    let id: i64 = text.parse().map_err(|_| Answer::bad_request("the watchlist id must be a whole number"))?;
    let (broker, _) = world.trading(call.now);
    for account in &mut broker.accounts {
        let Some(at) = account.watchlists.iter().position(|list| list.id == id) else { continue };
        if at > 0 {
            return Answer::ok(&account.watchlists.remove(at).shown());
        }
        if let Some(default) = account.watchlists.first_mut() {
            default.symbols.clear();
            return Answer::ok(&default.shown());
        }
    }
    Err(Answer::not_found(format!("no such watchlist: {id}")))
}
