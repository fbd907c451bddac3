//! The journal read as orders: what became of each, whose outcome is unknown, what the day has used up.

use std::collections::HashMap;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::aries::symbols::compare::may_be_same_underlying;
use crate::aries::time;
use crate::clock;
use crate::environment::Money;
use crate::trade::journal::event::{Event, FoundBy, Placed, Sent, State};
use crate::trade::journal::line::Line;

#[derive(Debug, Clone, Default)]
pub(crate) struct History(pub(crate) Vec<OrderHistory>);

/// One order, folded from its lines: the latest word for each thing that was written down.
#[derive(Debug, Clone)]
pub(crate) struct OrderHistory {
    pub(crate) id: String,
    pub(crate) began: Timestamp,
    pub(crate) last: Event,
    pub(crate) at: Timestamp,
    pub(crate) ticket: Option<String>,
    pub(crate) placed: Option<Placed>,
    pub(crate) sent: Option<(Timestamp, Sent)>,
    pub(crate) replaces: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) noted: Option<State>,
    /// How much of it was seen to be filled, where it was not filled whole.
    pub(crate) filled: Decimal,
    pub(crate) note: Option<String>,
    /// How it was found, if that is what the note says.
    found_by: Option<FoundBy>,
    line: u64,
    /// Whether its ticket was presented so recently that a person may still approve it.
    pub(crate) is_recent: bool,
}

impl OrderHistory {
    fn begin(line: &Line) -> Self {
        Self {
            id: line.event.id().to_owned(),
            began: line.at,
            last: line.event.clone(),
            at: line.at,
            ticket: None,
            placed: None,
            sent: None,
            replaces: None,
            order: None,
            noted: None,
            filled: Decimal::ZERO,
            note: None,
            found_by: None,
            line: line.n,
            is_recent: false,
        }
    }

    /// Whether it is not known if Aries has it: it was sent, and no answer was written down.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.last, Event::Sent { .. } | Event::Unknown { .. })
    }

    /// Whether it was sent, and Aries did not refuse it outright.
    pub(crate) fn may_be_there(&self) -> bool {
        self.sent.is_some() && self.state() != State::NotSent
    }

    pub(crate) fn is_intent(&self) -> bool {
        matches!(self.last, Event::Intent { .. })
    }

    /// The account it was sent to and the ticker behind it, if the journal says so.
    pub(crate) fn place(&self) -> Option<(&str, &str)> {
        self.placed.as_ref().map(|placed| (placed.account.as_str(), placed.underlying.as_str()))
    }

    pub(crate) fn summary(&self) -> &str {
        self.placed.as_ref().map_or("an order", |placed| placed.summary.as_str())
    }

    /// What was ordered, for an answer that names the account by itself.
    pub(crate) fn terms(&self) -> &str {
        let terms = self.placed.as_ref().and_then(|placed| placed.terms.as_deref());
        terms.unwrap_or_else(|| self.summary())
    }

    /// The New York day on which it was sent, or its ticket presented.
    pub(crate) fn day(&self) -> Date {
        self.sent.as_ref().map_or(self.began, |(at, _)| *at).to_zoned(time::zone()).date()
    }

    /// Whether its id at Aries is known otherwise than by its looks.
    pub(crate) fn is_proven(&self) -> bool {
        self.found_by != Some(FoundBy::Shape)
    }

    pub(crate) fn is_on(&self, account: &str, underlying: &str) -> bool {
        self.place().is_some_and(|(own, behind)| own == account && may_be_same_underlying(behind, underlying))
    }

    pub(crate) fn caution(&self) -> String {
        self.found_by.map(FoundBy::caution).unwrap_or_default()
    }

    pub(crate) fn state(&self) -> State {
        match self.last {
            Event::Intent { .. } if self.is_recent => State::Pending,
            Event::Intent { .. } | Event::Dropped { .. } | Event::Refused { .. } => State::NotSent,
            Event::Sent { .. } | Event::Unknown { .. } => State::Unknown,
            _ => self.noted.unwrap_or(State::Sent),
        }
    }

    /// Aries' id of the order whose place it took: Aries accepted the replacement, or the person says so.
    pub(crate) fn took_place_of(&self) -> Option<&str> {
        let accepted = match self.last {
            Event::Answered { .. } | Event::Found { .. } => self.noted != Some(State::Rejected),
            Event::Settled { .. } => self.noted == Some(State::Sent),
            _ => false,
        };
        self.replaces.as_deref().filter(|_| accepted)
    }

    /// Takes over a state of Aries' order `order`, but no open one after an end of the same order: a list that was read
    /// before the end may be written down after it.
    fn stand(&mut self, order: Option<&str>, state: State) {
        let same = order.is_none() || order == self.order.as_deref();
        if !(same && state.may_change() && self.noted.is_some_and(State::is_end)) {
            self.noted = Some(state);
        }
    }

    fn remark(&mut self, note: &str, found_by: Option<FoundBy>) {
        (self.note, self.found_by) = (Some(note.to_owned()), found_by);
    }

    fn take(&mut self, line: &Line) {
        match &line.event {
            Event::Intent { ticket, placed, replaces, .. } => {
                self.ticket = Some(ticket.clone());
                self.placed = Some(placed.clone());
                self.replaces.clone_from(replaces);
            }
            Event::Sent { placed, sent, replaces, note, .. } => {
                self.placed = Some(placed.clone());
                self.sent = Some((line.at, (**sent).clone()));
                self.replaces.clone_from(replaces);
                self.remark(note, None);
            }
            Event::Dropped { note, .. } | Event::Refused { note, .. } | Event::Unknown { note, .. } => {
                self.remark(note, None);
            }
            Event::Answered { order, state, note, .. } => {
                self.stand(order.as_deref(), *state);
                self.order = order.clone().or(self.order.take());
                if let Some(note) = note {
                    self.remark(note, None);
                }
            }
            Event::Found { order, state, by, .. } => {
                self.stand(Some(order), *state);
                self.order = Some(order.clone());
                if let Some(by) = by {
                    self.remark(&by.to_string(), Some(*by));
                }
            }
            Event::Settled { state, note, .. } => {
                self.stand(None, *state);
                self.remark(note, None);
            }
            Event::Cancel { .. } | Event::Canceled { .. } | Event::Filled { .. } => {}
        }
        self.last = line.event.clone();
        (self.at, self.line) = (line.at, line.n);
    }
}

impl History {
    /// Folds the lines of a journal. What was seen after a cancel is known of the order it names, and an order that
    /// another one replaced is over, unless it was seen otherwise since: Aries may accept a replacement that the exchange
    /// then refuses. A ticket that was presented longer than `recent` ago cannot be approved any more.
    pub(crate) fn of(lines: &[Line], recent: Duration) -> Self {
        let mut orders: Vec<OrderHistory> = Vec::new();
        let mut places = HashMap::new();
        // Where the latest cancel of an id went.
        let mut cancels = HashMap::new();
        for line in lines {
            match &line.event {
                Event::Cancel { id, account, underlying, .. } => {
                    cancels.insert(id, (account, underlying));
                }
                Event::Canceled { id, state, .. } => {
                    let is_there = |one: &OrderHistory| {
                        cancels.get(id).is_none_or(|(account, underlying)| one.is_on(account, underlying))
                    };
                    let mut known = orders.iter_mut().rev();
                    let canceled = known.find(|one| one.order.as_ref() == Some(id) && is_there(one));
                    if let (Some(one), Some(state)) = (canceled, state) {
                        one.stand(Some(id), *state);
                        (one.at, one.line) = (line.at, line.n);
                    }
                }
                Event::Filled { id, quantity } => {
                    let is_it = |one: &&mut OrderHistory| one.order.as_ref() == Some(id) || one.id == *id;
                    if let Some(one) = orders.iter_mut().rev().find(is_it) {
                        one.filled = one.filled.max(*quantity);
                        one.at = line.at;
                    }
                }
                event => {
                    let place = *places.entry(event.id().to_owned()).or_insert(orders.len());
                    if place == orders.len() {
                        orders.push(OrderHistory::begin(line));
                    }
                    if let Some(one) = orders.get_mut(place) {
                        one.take(line);
                    }
                }
            }
        }
        let (now, recent) = (clock::now(), SignedDuration::try_from(recent).unwrap_or(SignedDuration::MAX));
        orders.iter_mut().for_each(|one| one.is_recent = now.duration_since(one.began) < recent);
        mark_replaced(&mut orders);
        Self(orders)
    }

    /// The orders on one account. Aries' ids are told apart by the account.
    pub(crate) fn on(&self, account: &str) -> Self {
        let is_on = |one: &&OrderHistory| one.place().is_some_and(|(own, _)| own == account);
        Self(self.0.iter().filter(is_on).cloned().collect())
    }

    /// The orders of this New York day. Aries' ids begin anew with the next one, so those of an earlier day may be others'.
    pub(crate) fn of_today(&self) -> Self {
        let today = time::now().date();
        let is_of_today = |one: &&OrderHistory| one.day() == today;
        Self(self.0.iter().filter(is_of_today).cloned().collect())
    }

    pub(crate) fn find(&self, id: &str) -> Option<&OrderHistory> {
        self.0.iter().find(|one| one.id == id)
    }

    pub(crate) fn by_ticket(&self, hash: &str) -> Option<&OrderHistory> {
        self.0.iter().find(|one| one.ticket.as_deref() == Some(hash))
    }

    pub(crate) fn unknown(&self) -> impl Iterator<Item = &OrderHistory> {
        self.0.iter().filter(|one| one.is_unknown())
    }

    pub(crate) fn unknown_on(&self, account: &str, underlying: &str) -> impl Iterator<Item = &OrderHistory> {
        self.unknown().filter(move |one| one.is_on(account, underlying))
    }

    /// Whether an order on this account was meant for a live one. Then it is one, whatever Aries says of it now.
    pub(crate) fn was_live(&self, account: &str) -> bool {
        self.0.iter().filter_map(|one| one.placed.as_ref()).any(|on| on.live && on.account == account)
    }

    /// What was used up on `day` on all live or on all simulated accounts together: several accounts are no way around.
    /// Whatever was sent counts, also what was refused or rejected, and what nobody knows of.
    pub(crate) fn used(&self, money: Money, day: Date) -> Used {
        let mut used = Used::default();
        for one in &self.0 {
            let (Some((at, sent)), Some(placed)) = (&one.sent, &one.placed) else { continue };
            let is_live = placed.live || self.was_live(&placed.account);
            if is_live == money.is_live() && at.to_zoned(time::zone()).date() == day {
                used.orders += 1;
                used.value += sent.value;
            }
        }
        used
    }

    /// Every id that an order may have, Aries' ids and our own: this one, and one after the other those of its
    /// replacements. Aries may accept a replacement that the exchange then refuses, so the last is not surely the one
    /// that counts.
    pub(crate) fn names(&self, id: &str) -> Vec<String> {
        let mut names = vec![id.to_owned()];
        names.extend(self.find(id).and_then(|one| one.order.clone()));
        // The latest replacement of an order: one before it has failed. And no name twice, for a damaged journal may
        // hold a ring of replacements.
        while let Some(newer) = names
            .last()
            .and_then(|id| self.0.iter().rev().find(|one| one.took_place_of() == Some(id)))
            .filter(|newer| !names.contains(&newer.id))
        {
            names.push(newer.id.clone());
            // Of one that is there by the person's word alone, a list may still show our own id.
            names.extend(newer.order.clone().filter(|order| !names.contains(order)));
        }
        names
    }
}

fn mark_replaced(orders: &mut [OrderHistory]) {
    let replaced = orders.iter().enumerate();
    let replaced = replaced.filter_map(|(at, one)| {
        let account = one.place().map(|(account, _)| account.to_owned());
        Some((at, one.line, one.took_place_of()?.to_owned(), account))
    });
    for (newer, line, order, account) in replaced.collect::<Vec<_>>() {
        // The latest of that id: on another account, or an earlier day, it is another order.
        let mut older = orders.iter_mut().take(newer).rev();
        let older = older.find(|one| {
            one.order.as_ref() == Some(&order) && one.place().map(|(own, _)| own) == account.as_deref()
        });
        if let Some(one) = older.filter(|one| one.line < line && !one.noted.is_some_and(State::is_end)) {
            one.noted = Some(State::Replaced);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Used {
    pub(crate) orders: u32,
    pub(crate) value: Decimal,
}

#[cfg(test)]
mod tests;
