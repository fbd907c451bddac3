//! What must hold of what is told, of cancels, and of everything in the end.

use std::collections::HashSet;

use serde_json::Value;

use super::lists::shown_id;
use super::mood::{Books, Entry, Kind};
use super::rules::is_success;
use super::stage::{LIVE, Play, SIM, Ticket};
use super::truth::{is_open, pause, text};

/// What a cancel may touch.
pub(super) struct Named {
    id: String,
    /// Ids of Aries, as they are behind the gateway.
    orders: HashSet<String>,
}

impl Play {
    /// An answer about the order of a ticket against Aries' book.
    pub(super) fn judge_state(&mut self, ticket: usize, state: &str, id: Option<&str>, own: Option<&str>) {
        self.tell_apart(ticket, own);
        let now = std::time::Instant::now();
        let doubt = self.tickets[ticket].doubt.filter(|_| state == "UNKNOWN");
        self.tickets[ticket].doubt = (state == "UNKNOWN").then(|| doubt.unwrap_or(now));
        self.tickets[ticket].state = Some(state.to_owned());
        let text_of_it = self.tickets[ticket].text.clone();
        if let (Some(own), Some(known)) = (own, self.tickets[ticket].client_id.as_deref())
            && own != known
        {
            self.find(format!("told of {own}, and the order is {known}: {text_of_it}"));
        }
        let entry = self.tickets[ticket].sent.map(|sent| self.gateway.mood().ledger[sent].clone());
        let booked = entry.as_ref().filter(|entry| is_success(entry)).and_then(|entry| entry.row.clone());
        match state {
            "UNKNOWN" | "WAITING FOR APPROVAL" => return,
            "NOT SENT" => {
                if booked.is_some() {
                    self.find(format!("told NOT SENT, and Aries has it: {text_of_it}"));
                }
                return;
            }
            _ => {}
        }
        let Some(entry) = entry else {
            return self.find(format!("told {state}, and nothing was sent: {text_of_it}"));
        };
        let Some(booked) = booked else {
            if state != "REJECTED" {
                self.find(format!(
                    "told {state}, and Aries did not take it: {text_of_it}: {:?}",
                    entry.answer
                ));
            }
            return;
        };
        let (account, first) = (text(&entry.body, "tradingAccountId"), text(&booked, "clOrdId"));
        let chain = self.chain(account, first);
        if let Some(id) = id
            && !chain.iter().any(|one| shown_id(&self.gateway.mood(), one) == id)
        {
            self.find(format!("told {state} of {id}, and the order is {first}: {text_of_it}"));
        }
        self.judge_word(account, state, &chain, &text_of_it);
    }

    /// Two tickets for the same replacement cannot be told apart by what was sent: our own id does, once it is told.
    fn tell_apart(&mut self, ticket: usize, own: Option<&str>) {
        let Some(own) = own.filter(|own| self.tickets[ticket].client_id.as_deref() != Some(*own)) else {
            return;
        };
        let is_other = |one: &Ticket| one.client_id.as_deref() == Some(own);
        let Some(other) = self.tickets.iter().position(is_other) else { return };
        if self.tickets[other].sentence.terms == self.tickets[ticket].sentence.terms {
            let (id, sent) = (self.tickets[other].client_id.take(), self.tickets[other].sent.take());
            self.tickets[other].client_id = std::mem::replace(&mut self.tickets[ticket].client_id, id);
            self.tickets[other].sent = std::mem::replace(&mut self.tickets[ticket].sent, sent);
        }
    }

    /// A state that is an end is true of an order of a chain.
    fn judge_word(&mut self, account: &str, state: &str, chain: &[String], what: &str) {
        let rows = self.truth.rows(account);
        let stands = |id: &String| rows.iter().find(|row| text(row, "clOrdId") == id);
        let listed: Vec<&str> = chain.iter().filter_map(stands).map(|row| text(row, "ordStatus")).collect();
        let is_end = ["FILLED", "CANCELED", "REJECTED", "EXPIRED"].contains(&state);
        if is_end && !listed.contains(&state) {
            self.find(format!("told {state}, and Aries has {listed:?}: {what}"));
        }
    }

    /// An order and what took its place, by true ids.
    fn chain(&self, account: &str, id: &str) -> Vec<String> {
        let mut chain = vec![id.to_owned()];
        let mut links = self.replaced.clone();
        for row in self.truth.rows(account) {
            if let Some(old) = row["origClOrdId"].as_str() {
                links.push((old.to_owned(), text(&row, "clOrdId").to_owned()));
            }
        }
        for entry in &self.gateway.mood().ledger {
            if let (Some((old, _)), Some(row)) = (&entry.target, &entry.row) {
                links.push((old.clone(), text(row, "clOrdId").to_owned()));
            }
        }
        while let Some((_, new)) = links.iter().find(|(old, new)| chain.contains(old) && !chain.contains(new))
        {
            chain.push(new.clone());
        }
        chain
    }

    /// What a cancel by this id may touch: Aries' ids mean the one order that is shown under them, ours the orders of ours,
    /// and both what took their place.
    pub(super) fn named(&self, id: &str) -> Named {
        let mut orders = HashSet::new();
        for account in [LIVE, SIM] {
            let is_ours = self.tickets.iter().any(|one| one.client_id.as_deref() == Some(id));
            if id.starts_with("am-") && !is_ours {
                // Entered by another program under an id like ours: it is the one that is shown under it.
                let rows = self.truth.rows(account);
                let mut rows = rows.iter().filter(|row| text(row, "clientId") == id);
                if let (Some(row), None) = (rows.next(), rows.next()) {
                    orders.extend(self.chain(account, text(row, "clOrdId")));
                }
                continue;
            }
            if id.starts_with("am-") {
                let own = self
                    .tickets
                    .iter()
                    .filter(|one| one.account == account && one.client_id.as_deref() == Some(id));
                for sent in own.filter_map(|one| one.sent) {
                    let row = self.gateway.mood().ledger[sent].row.clone();
                    orders.extend(row.iter().flat_map(|row| self.chain(account, text(row, "clOrdId"))));
                }
                continue;
            }
            let mut ids: Vec<String> =
                self.truth.rows(account).iter().map(|row| text(row, "clOrdId").to_owned()).collect();
            // Orders that were replaced stand in no list.
            ids.extend(
                self.gateway
                    .mood()
                    .ledger
                    .iter()
                    .filter_map(|entry| entry.target.as_ref())
                    .map(|(id, _)| id.clone()),
            );
            ids.sort_unstable();
            ids.dedup();
            ids.retain(|one| shown_id(&self.gateway.mood(), one) == id);
            if let [one] = ids.as_slice() {
                orders.extend(self.chain(account, one));
            }
        }
        Named { id: id.to_owned(), orders }
    }

    pub(super) fn judge_cancel(&mut self, begun: usize, named: &Named, approved: bool) {
        self.judge_ledger();
        let sent: Vec<Entry> = self.gateway.mood().ledger[begun..]
            .iter()
            .filter(|one| one.kind == Kind::Cancel)
            .cloned()
            .collect();
        let mut touched: Vec<&str> = Vec::new();
        for entry in &sent {
            let Some((id, row)) = &entry.target else { continue };
            let foreign = self.foreign.contains(id);
            // Aries refuses one that says another symbol than the order has.
            if text(&entry.body, "symbol") != text(row, "symbol") {
                continue;
            }
            if !named.orders.contains(id) {
                self.find(format!("cancel {:?} was sent for another order: {} {row}", named.id, entry.body));
            } else if foreign && entry.live && !(approved && entry.config.live) {
                self.find(format!(
                    "cancel {:?} of an order that was entered elsewhere, and nobody approved it: {row}",
                    named.id
                ));
            }
            let name = text(&entry.body, "origClOrdId");
            if touched.contains(&name) {
                self.find(format!("cancel sent twice: {}", entry.body));
            }
            touched.push(name);
        }
    }

    pub(super) fn judge_end_of_cancel(&mut self, state: &str, id: Option<&str>) {
        let Some(id) = id.filter(|_| state == "CANCELED" || state == "FILLED") else { return };
        let rows: Vec<Value> = [LIVE, SIM].iter().flat_map(|account| self.truth.rows(account)).collect();
        let shown: Vec<&str> = {
            let mood = self.gateway.mood();
            rows.iter()
                .filter(|row| shown_id(&mood, text(row, "clOrdId")) == id)
                .map(|row| text(row, "ordStatus"))
                .collect()
        };
        if !shown.contains(&state) {
            self.find(format!("a cancel told {state} of {id}, and Aries has {shown:?}"));
        }
    }

    /// After everything: Aries behaves, each ticket is asked for once more, and the journal is verified.
    pub(super) fn judge_end(&mut self) {
        self.calm();
        for _ in 0..60 {
            let late = |one: &Entry| {
                one.answer.is_none()
                    && one.trouble.as_ref().is_some_and(|trouble| trouble.books != Books::Never)
            };
            if !self.gateway.mood().ledger.iter().any(late) {
                break;
            }
            pause(5);
        }
        for ticket in 0..self.tickets.len() {
            if self.tickets[ticket].presented {
                self.ask_again(0, ticket);
            }
        }
        self.judge_ledger();
        let output = self.run(&["orders", "verify"]);
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            self.find(format!("the journal is not verified: {said}"));
        }
        self.judge_book();
    }

    /// Every order in Aries' book is of before, entered elsewhere, or the one of a POST.
    fn judge_book(&mut self) {
        for account in [LIVE, SIM] {
            let sent: Vec<String> = {
                let mood = self.gateway.mood();
                mood.ledger
                    .iter()
                    .filter_map(|entry| entry.row.as_ref())
                    .map(|row| text(row, "clOrdId").to_owned())
                    .collect()
            };
            for row in self.truth.rows(account) {
                let id = text(&row, "clOrdId").to_owned();
                let is_known =
                    sent.contains(&id) || self.foreign.contains(&id) || row["origClOrdId"].is_string();
                if !is_known && is_open(&row) {
                    self.find(format!("an order that nobody sent: {row}"));
                }
            }
        }
    }
}
