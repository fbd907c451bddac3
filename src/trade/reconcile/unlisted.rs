//! Orders that no list shows, as the journal has them: what was sent says all that a cancel needs.

use serde_json::json;

use crate::aries::Json;
use crate::aries::model;
use crate::aries::model::account::{Account, is_named};
use crate::config::Urls;
use crate::environment::Plays;
use crate::trade::journal::file::Event;
use crate::trade::journal::history::{Record, names};
use crate::trade::outcome::State;

/// The order that is to be canceled, as far as it was known before.
pub(crate) struct Meant {
    pub(crate) account: Account,
    pub(crate) order: model::Order,
    /// How it stood, and who says so.
    pub(crate) before: String,
}

/// An order of ours that was not seen to end, as the journal has it: what was sent says all that a cancel needs.
pub(crate) fn journalled(known: &[Record], id: &str, account: Option<&str>, urls: &Urls) -> Option<Meant> {
    let record = known.iter().rev().find(|record| record.facts.order.as_deref() == Some(id))?;
    let facts = &record.facts;
    let state = facts.state.as_deref().and_then(State::said).unwrap_or(State::Sent);
    let on = account_of(record, urls)?;
    if !state.may_change() || account.is_some_and(|name| !on.is_named(name)) {
        return None;
    }
    // A body has the names that a list has, for what both of them say.
    let mut order = facts.expect.as_ref().or(facts.body.as_ref())?.as_object()?.clone();
    order.insert("clOrdId".to_owned(), json!(id));
    order.insert("clientId".to_owned(), json!(record.id));
    order.insert("ordStatus".to_owned(), json!(state.words().replace(' ', "_")));
    if !order.contains_key("legs") {
        order.insert("securityType".to_owned(), json!("CS"));
    }
    let text = serde_json::to_string(&order).ok()?;
    let order = model::Order::read(Json::parse(&text).ok()?);
    Some(Meant { account: on, order, before: format!("the journal had it as {state}") })
}

/// An order of ours by this id, or one that was to take its place, of which nobody knows Aries' id, and that may be there.
pub(crate) fn unlisted<'a>(known: &'a [Record], id: &str, account: Option<&str>) -> Option<&'a Record> {
    let names = names(known, id);
    known.iter().rev().find(|record| {
        let may_be_there = record.in_doubt() || (record.last == Event::Settled && record.state() == "SENT");
        may_be_there
            && record.facts.order.is_none()
            && [Some(&record.id), record.facts.replaces.as_ref()]
                .into_iter()
                .flatten()
                .any(|id| names.contains(id))
            && account.is_none_or(|name| record.facts.account.as_deref().is_some_and(|id| is_named(id, name)))
    })
}

/// The account of an order as the journal has it: its id, and what is at stake in it.
pub(crate) fn account_of(record: &Record, urls: &Urls) -> Option<Account> {
    let plays = if record.facts.live == Some(false) { Plays::Simulated } else { Plays::Live };
    Some(Account {
        id: record.facts.account.clone()?,
        id_field: "",
        money: plays.at(urls),
        status: None,
        kind: None,
        class: None,
    })
}
