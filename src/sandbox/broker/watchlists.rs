//! Watchlists: named lists of symbols that belong to the person. The older calls name an account and mean the same lists.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::users::USER_ID;
use crate::sandbox::market::Market;
use crate::sandbox::{Answer, Call, Reply, World};

#[derive(Debug, Clone)]
pub(crate) struct Watchlist {
    id: i64,
    name: String,
    symbols: Vec<String>,
}

/// A list as it is sent.
#[derive(Deserialize)]
struct Wanted {
    name: String,
    #[serde(default)]
    symbols: Vec<String>,
}

/// A change of a list; at least one of them.
#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    #[serde(default)]
    add_symbols: Vec<String>,
    #[serde(default)]
    remove_symbols: Vec<String>,
}

/// The lists that the person begins with; ids leave gaps, as in the documented sample.
pub(super) fn seeded() -> Vec<Watchlist> {
    let list = |id: i64, name: &str, symbols: &[&str]| Watchlist {
        id: USER_ID * 10 + id,
        name: name.to_owned(),
        symbols: symbols.iter().map(|symbol| (*symbol).to_owned()).collect(),
    };
    vec![
        list(1, "My Watchlist", &["AAPL", "NVDA", "SPY", "KO"]),
        list(4, "Dividends", &["JNJ", "CVX", "XOM", "T"]),
    ]
}

impl Watchlist {
    /// An empty list has null in place of its symbols.
    fn shown(&self) -> Value {
        let symbols = if self.symbols.is_empty() { Value::Null } else { json!(self.symbols) };
        json!({ "id": self.id, "name": self.name, "symbols": symbols })
    }

    fn shown_with(&self, invalid: &[String]) -> Value {
        let mut shown = self.shown();
        if let (Value::Object(members), false) = (&mut shown, invalid.is_empty()) {
            members.insert("invalid_symbols".to_owned(), json!(invalid));
        }
        shown
    }

    /// Adds symbols in upper case and once each; returns those that nobody knows.
    fn add(&mut self, symbols: Vec<String>, market: &Market, now: Timestamp) -> Vec<String> {
        let mut invalid = Vec::new();
        for symbol in symbols.into_iter().map(|symbol| symbol.to_uppercase()) {
            if !market.knows(&symbol, now) {
                invalid.push(symbol);
            } else if !self.symbols.contains(&symbol) {
                self.symbols.push(symbol);
            }
        }
        invalid
    }
}

fn all(lists: &[Watchlist]) -> Value {
    json!({ "user_id": USER_ID, "watchlist": lists.iter().map(Watchlist::shown).collect::<Value>() })
}

fn malformed(error: &serde_json::Error) -> Answer {
    Answer::bad_request(format!("the body is not as documented: {error}"))
}

fn find<'a>(lists: &'a mut [Watchlist], call: &Call) -> Result<&'a mut Watchlist, Answer> {
    let text = call.param("watchlist_id");
    let id: i64 = text.parse().map_err(|_| Answer::bad_request("the watchlist id must be a whole number"))?;
    let found = lists.iter_mut().find(|list| list.id == id);
    found.ok_or_else(|| Answer::not_found(format!("no such watchlist: {id}")))
}

fn check_name(lists: &[Watchlist], name: &str) -> Result<(), Answer> {
    if name.trim().is_empty() {
        return Err(Answer::bad_request("name is empty"));
    }
    match lists.iter().any(|list| list.name == name) {
        true => Err(Answer::error(400, "WATCHLIST_ALREADY_EXISTS", format!("there is a list {name}"))),
        false => Ok(()),
    }
}

/// `GET /v1/config/watchlist`. A person without a list gets a 500.
pub(crate) fn list(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    match broker.watchlists.is_empty() {
        true => Err(Answer::error(500, "INTERNAL", "no watchlist was found")),
        false => Answer::ok(&all(&broker.watchlists)),
    }
}

/// Answers `GET /v1/config/watchlist/{watchlist_id}`: one list with its symbols.
pub(crate) fn one(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    Answer::ok(&find(&mut broker.watchlists, call)?.shown())
}

/// `POST /v1/config/watchlist`: a new list.
pub(crate) fn create(world: &mut World, call: &Call) -> Reply {
    let wanted: Wanted = serde_json::from_value(call.json()?).map_err(|error| malformed(&error))?;
    let (broker, market) = world.trading(call.now);
    check_name(&broker.watchlists, &wanted.name)?;
    let highest = broker.watchlists.iter().map(|list| list.id).max();
    let id = highest.unwrap_or(USER_ID * 10) + 1;
    let mut new = Watchlist { id, name: wanted.name, symbols: Vec::new() };
    let invalid = new.add(wanted.symbols, market, call.now);
    let shown = new.shown_with(&invalid);
    broker.watchlists.push(new);
    Ok(Answer::json(201, &shown))
}

/// `PATCH /v1/config/watchlist/{watchlist_id}`: adds first, then removes.
pub(crate) fn change(world: &mut World, call: &Call) -> Reply {
    let change: Change = serde_json::from_value(call.json()?).map_err(|error| malformed(&error))?;
    if change.name.is_none() && change.add_symbols.is_empty() && change.remove_symbols.is_empty() {
        return Err(Answer::bad_request("name, add_symbols or remove_symbols is required"));
    }
    let (broker, market) = world.trading(call.now);
    if let Some(name) = &change.name {
        check_name(&broker.watchlists, name)?;
    }
    let list = find(&mut broker.watchlists, call)?;
    let invalid = list.add(change.add_symbols, market, call.now);
    list.symbols.retain(|symbol| !change.remove_symbols.contains(symbol));
    if let Some(name) = change.name {
        list.name = name;
    }
    Answer::ok(&list.shown_with(&invalid))
}

/// `DELETE /v1/config/watchlist/{watchlist_id}`, and the older path. The last list stays, emptied, as "Default".
pub(crate) fn delete(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    let is_last = broker.watchlists.len() == 1;
    let list = find(&mut broker.watchlists, call)?;
    if is_last {
        "Default".clone_into(&mut list.name);
        list.symbols.clear();
        return Answer::ok(&list.shown());
    }
    let (id, shown) = (list.id, list.shown());
    broker.watchlists.retain(|list| list.id != id);
    Answer::ok(&shown)
}

/// Answers the older `GET /v1/accounts/{id}/watchlist`: every list of the person.
pub(crate) fn list_v1(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    broker.account(call.param("account_id"))?;
    Answer::ok(&all(&broker.watchlists))
}

/// Answers the older `PUT /v1/accounts/{id}/watchlist`, which replaces every list.
pub(crate) fn replace_v1(world: &mut World, call: &Call) -> Reply {
    world.trading(call.now).0.account(call.param("account_id"))?;
    Answer::ok(&replaced(world, call)?)
}

/// Answers `PUT /v1/config/watchlist`, which replaces every list.
pub(crate) fn replace_all(world: &mut World, call: &Call) -> Reply {
    Ok(Answer::json(201, &replaced(world, call)?))
}

/// Replaces all lists. One that keeps its name keeps its id.
fn replaced(world: &mut World, call: &Call) -> Result<Value, Answer> {
    let wanted: Vec<Wanted> = serde_json::from_value(call.json()?).map_err(|error| malformed(&error))?;
    check(&wanted)?;
    let (broker, _) = world.trading(call.now);
    let highest = broker.watchlists.iter().map(|list| list.id).max();
    let mut next = highest.unwrap_or(USER_ID * 10) + 1;
    let mut lists = Vec::new();
    for Wanted { name, symbols } in wanted {
        let known = broker.watchlists.iter().find(|list| list.name == name);
        let id = known.map_or(next, |list| list.id);
        next += i64::from(known.is_none());
        lists.push(Watchlist { id, name, symbols });
    }
    broker.watchlists = lists;
    Ok(all(&broker.watchlists))
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
