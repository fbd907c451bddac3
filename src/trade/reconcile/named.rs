//! The one order that an id names. Aries' id is that of the row which shows it; ours is that of the order which we sent
//! under it, on this account. An id from before a replacement leads on as far as the journal of this day does.
//! Whatever names two orders names none.

use super::identity::{Identity, is_before};
use crate::aries::model::Order;
use crate::error::{Error, Result};
use crate::text::short;
use crate::told::Told;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::order::sent::as_listed;
use crate::trade::outcome::seen;
use crate::trade::state::State;

/// What a list of one account shows, and what the journal knows of that account.
pub(super) struct Listed<'a> {
    pub(super) rows: Vec<Order>,
    pub(super) history: &'a History,
}

impl Listed<'_> {
    /// The order that is meant to be touched; `None` if there is none. Fails if the id names several, or one that has ended
    /// while another one has taken its place.
    pub(super) fn named(mut self, id: &str) -> Result<Option<Order>> {
        self.disown();
        let (mut exact, others): (Vec<Order>, Vec<Order>) =
            std::mem::take(&mut self.rows).into_iter().partition(|row| self.is_named(row, id));
        if let [one, other, ..] = exact.as_slice() {
            return Err(several(id, one, other));
        }
        let today = self.history.of_today();
        if let [exact] = exact.as_slice()
            && let Some(ours) = another_of_ours(&today, id, exact)
        {
            return Err(several(id, &ours, exact));
        }
        let names = today.names(id);
        let later: Vec<Order> = others
            .into_iter()
            .filter(|row| names.iter().any(|name| row.has_id(name)))
            .filter(|row| another_of_ours(&today, &row.id, row).is_none())
            .collect();
        let mut open = later.iter().filter(|row| row.is_open());
        match (exact.pop(), open.next(), open.next()) {
            (Some(exact), ..) if exact.is_open() => Ok(Some(exact)),
            (Some(exact), Some(newer), _) if State::of(&exact.status) != State::Replaced => {
                Err(ended(id, &exact, newer))
            }
            (_, Some(one), Some(other)) => Err(several(id, one, other)),
            // The journal says that an order which was replaced goes on under another id.
            (exact, ..) => Ok(best(&names, later.into_iter().chain(exact).collect())),
        }
    }

    /// How the order stands under whichever id it has by now. For telling alone: it may be another one than was named.
    pub(super) fn latest(mut self, id: &str) -> Option<Order> {
        self.disown();
        let names = self.history.of_today().names(id);
        let rows = std::mem::take(&mut self.rows).into_iter();
        let rows = rows.filter(|row| self.is_named(row, id) || names.iter().any(|name| row.has_id(name)));
        let rows = rows.collect();
        best(&names, rows)
    }

    fn is_named(&self, row: &Order, id: &str) -> bool {
        let sent = || self.history.find(id).is_some_and(|sent| Identity::of(sent).is_surely(row));
        row.has_id(id) || sent()
    }

    /// Takes our own id off a row where it cannot be right: it was there before the order of that id was sent, or is for
    /// something else.
    fn disown(&mut self) {
        for row in &mut self.rows {
            let Some(known) = row.own_id().and_then(|own| self.history.find(own)) else { continue };
            let is_early = known.sent.as_ref().is_some_and(|(sent, _)| is_before(row, *sent));
            if is_early || !Identity::of(known).is_same_trade(row) {
                row.client_id = None;
            }
        }
    }
}

/// The order of ours that had this id today, or that has taken the place of the one which had it, where the row that has it
/// now is for something else: no replacement changes symbol or side.
fn another_of_ours(today: &History, id: &str, row: &Order) -> Option<Order> {
    let had_it = |one: &&OrderHistory| one.order.as_deref() == Some(id) || one.took_place_of() == Some(id);
    let ours = today.0.iter().rev().find(had_it)?;
    if Identity::of(ours).is_same_trade(row) { None } else { as_listed(ours) }
}

/// Picks the order that counts of those that have one of these ids, of which the first was asked for: one that is open,
/// and of several the one that was asked for, else the newest. A replacement that was refused, and an order that was
/// replaced, tell less than what became of the other.
fn best(names: &[String], orders: Vec<Order>) -> Option<Order> {
    let rank = |order: &Order| {
        // Our own id stays the same over replacements at some brokers.
        let place = names.iter().rposition(|name| order.has_id(name));
        let asked_for = names.first().is_some_and(|name| order.has_id(name));
        let lasting = !matches!(State::of(&order.status), State::Rejected | State::Replaced);
        (order.is_open(), order.is_open() && asked_for, lasting, place)
    };
    // Lists begin with the newest, and of equals the last is taken.
    orders.into_iter().rev().max_by_key(rank)
}

/// An id that names more than one order, on one account or on two.
pub(crate) fn several(id: &str, one: &Order, other: &Order) -> Error {
    let hint = if one.id == other.id {
        Told::pair("nothing was done; show the person both, and ", "nothing was done; ")
            .and("name the account if they are on two; else only Aries' own application can tell them apart")
    } else {
        Told::pair(
            "nothing was done; show the person both, and give the id that Aries has for the one that they mean",
            "nothing was done; give the id that Aries has for the one that you mean",
        )
    };
    let cause = format!("{} names two orders: {}; and {}", short(id), shown(one), shown(other));
    Error::usage(cause, hint)
}

fn ended(id: &str, old: &Order, newer: &Order) -> Error {
    let cause = format!(
        "order {} has ended, and another one has taken its place: {}; and {}",
        short(id),
        shown(old),
        shown(newer)
    );
    let hint = Told::pair("nothing was done; if the person means ", "nothing was done; if you mean ")
        .and(format!("the other one, give its id, {}", newer.id));
    Error::usage(cause, hint)
}

/// `C1-4 (BUY 10 MSFT, limit 400.00 day, WORKING)`.
fn shown(order: &Order) -> String {
    let parts = [order.sentence(), State::of(&order.status).to_string(), seen(order)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{} ({})", order.id, parts.join(", "))
}
