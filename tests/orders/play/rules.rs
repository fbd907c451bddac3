//! What must hold, judged by the ledger of the gateway and by Aries' own book, never by the program.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::lists::shown_id;
use super::mood::{Books, Entry, Hears, Kind, Quotes};
use super::stage::{LIVE, Play, SIM};
use super::terms::Terms;
use super::truth::{is_open, number, pause, text};

/// What a cancel may touch.
pub(super) struct Named {
    id: String,
    /// True ids.
    orders: HashSet<String>,
}

impl Play {
    /// Judges what was sent since the last time.
    pub(super) fn judge_ledger(&mut self) {
        loop {
            let (at, entry, before) = {
                let mood = self.gateway.mood();
                let Some(entry) = mood.ledger.get(self.judged).cloned() else { return };
                (self.judged, entry, mood.ledger[..self.judged].to_vec())
            };
            self.judged += 1;
            self.count(format!("POSTs to {:?}", entry.kind).to_lowercase());
            self.note(format!("  POST {:?} {} ({:?})", entry.kind, entry.body, entry.trouble.as_ref().map(|one| one.name())));
            if entry.kind != Kind::Cancel {
                self.judge_order(at, &entry, &before);
            }
        }
    }

    fn judge_order(&mut self, at: usize, entry: &Entry, before: &[Entry]) {
        let client_id = text(&entry.body, "clientId").to_owned();
        if before.iter().any(|one| one.kind != Kind::Cancel && text(&one.body, "clientId") == client_id) {
            self.find(format!("sent twice: {}", entry.body));
        }
        let Some(ticket) = self.ticket_of(entry, &client_id) else {
            self.find(format!("sent, and no ticket that was presented says so: {}", entry.body));
            return;
        };
        self.tickets[ticket].sent = Some(at);
        self.tickets[ticket].client_id = Some(client_id);
        self.judge_sentence(ticket, entry);
        self.judge_permission(ticket, entry);
        self.judge_limits(entry, before);
        self.judge_doubts(ticket, entry);
        self.judge_position(entry);
        self.judge_market(ticket, entry);
    }

    /// The ticket that a POST is for: presented, and not used before.
    fn ticket_of(&self, entry: &Entry, client_id: &str) -> Option<usize> {
        let is_free = |at: &usize| self.tickets[*at].presented && self.tickets[*at].sent.is_none();
        let mut known = (0..self.tickets.len()).filter(is_free);
        if let Some(known) = known.find(|at| self.tickets[*at].client_id.as_deref() == Some(client_id)) {
            return Some(known);
        }
        let terms = terms_of(entry);
        let replaces = entry.body["origClOrdId"].as_str();
        let mut fitting: Vec<usize> = (0..self.tickets.len())
            .filter(is_free)
            .filter(|at| self.tickets[*at].client_id.is_none())
            .filter(|at| self.tickets[*at].sentence.replaces.as_deref() == replaces)
            .collect();
        // Of several the one that says the same, and that a person approved.
        fitting.sort_by_key(|at| {
            (Some(&self.tickets[*at].sentence.terms) != terms.as_ref(), !self.tickets[*at].approved)
        });
        fitting.first().copied()
    }

    fn judge_sentence(&mut self, ticket: usize, entry: &Entry) {
        let sentence = self.tickets[ticket].sentence.clone();
        let text_of_it = self.tickets[ticket].text.clone();
        if entry.kind == Kind::Replace && entry.target.is_none() {
            return;
        }
        let mut sent = terms_of(entry);
        if let Some(terms) = &mut sent {
            // A spread is named by its underlying, whatever the list says.
            terms.symbol.clone_from(&sentence.terms.symbol);
        }
        if sent.as_ref() != Some(&sentence.terms) || text(&entry.body, "symbol") != sentence.terms.symbol {
            self.find(format!("sent otherwise than its sentence: {text_of_it}\n    {}\n    {sent:?}", entry.body));
        }
        if let Some(row) = entry.row.as_ref().filter(|_| is_success(entry)) {
            let booked = Terms::of(row);
            if booked != sentence.terms {
                self.find(format!("booked otherwise than its sentence: {text_of_it}\n    {row}"));
            }
        }
        if !text(&entry.body, "tradingAccountId").ends_with(&sentence.account) {
            self.find(format!("sent to another account: {text_of_it}: {}", entry.body));
        }
        if sentence.live != entry.live && !self.gateway.mood().wavering {
            self.find(format!("the kind of the account is not that of the sentence: {text_of_it}"));
        }
        if sentence.replaces.as_deref() != entry.body["origClOrdId"].as_str() {
            self.find(format!("replaces another order: {text_of_it}: {}", entry.body));
        }
    }

    fn judge_permission(&mut self, ticket: usize, entry: &Entry) {
        let (is_live, text_of_it) = (self.tickets[ticket].sentence.live, self.tickets[ticket].text.clone());
        if (entry.live || is_live) && !self.tickets[ticket].approved {
            self.find(format!("live, and nobody approved it: {text_of_it}"));
        }
        let one = &self.tickets[ticket];
        let account = text(&entry.body, "tradingAccountId");
        let terms = &one.sentence.terms;
        let value = if entry.kind == Kind::Place { terms.value() } else { None };
        let why = [("now", &entry.config), ("when its process began", &one.config)].into_iter().find_map(
            |(when, config)| Some((when, config.forbids(entry.live, account, &terms.symbol, value)?)),
        );
        if let Some((when, why)) = why {
            self.find(format!("the config file ({when}) forbids it ({why}): {text_of_it}"));
        }
    }

    /// The day's limits, as far as orders that Aries took count for sure.
    fn judge_limits(&mut self, entry: &Entry, before: &[Entry]) {
        let taken = |one: &&Entry| {
            one.kind != Kind::Cancel && one.live == entry.live && one.answer.is_some() && is_success(one)
        };
        let count = before.iter().filter(taken).count() + 1;
        let most = entry.config.orders.map(|most| usize::try_from(most).unwrap()).or(entry.live.then_some(20));
        if most.is_some_and(|most| count > most) {
            self.find(format!("order {count} of the day, and {most:?} are allowed: {}", entry.body));
        }
        let values = before.iter().filter(taken).chain([entry]).filter(|one| one.kind == Kind::Place);
        let value: Decimal = values.filter_map(|one| Terms::of(&one.body).value()).sum();
        let most = entry.config.value_per_day.map(Decimal::from).or(entry.live.then(|| Decimal::from(20_000)));
        if most.is_some_and(|most| value > most) {
            self.find(format!("{value} USD on one day, and {most:?} are allowed: {}", entry.body));
        }
    }

    /// Nothing new where the outcome of an earlier order is not known to anybody.
    fn judge_doubts(&mut self, ticket: usize, entry: &Entry) {
        let (account, symbol) = (text(&entry.body, "tradingAccountId").to_owned(), text(&entry.body, "symbol").to_owned());
        let mut open = Vec::new();
        for (at, one) in self.tickets.iter().enumerate() {
            let (Some(since), Some(sent)) = (one.doubt, one.sent) else { continue };
            if at == ticket || since > entry.at || one.account != account || one.sentence.terms.symbol != symbol {
                continue;
            }
            let mood = self.gateway.mood();
            let doubtful = &mood.ledger[sent];
            let id = doubtful.row.as_ref().map(|row| text(row, "clOrdId").to_owned());
            let was_shown = id.is_some_and(|id| mood.shown.get(&id).is_some_and(|shown| *shown < entry.at));
            let told = doubtful.trouble.is_none() || is_definite(doubtful);
            if !was_shown && !told {
                open.push(one.text.clone());
            }
        }
        for text in open {
            self.find(format!("sent while nobody knows what became of {text}: {}", entry.body));
        }
    }

    fn judge_position(&mut self, entry: &Entry) {
        let Some(free) = entry.free else { return };
        let (account, symbol) = (text(&entry.body, "tradingAccountId").to_owned(), text(&entry.body, "symbol").to_owned());
        let Some(terms) = terms_of(entry) else { return };
        let filled = entry.target.as_ref().and_then(|(_, old)| number(old, "cumQty")).unwrap_or_default();
        let asked = terms.quantity - filled;
        // What others sell while lists lag, nobody here can know.
        if asked > free && !self.touched.contains(&(account, symbol)) {
            self.find(format!("{asked} sold, and {free} were free: {}", entry.body));
        }
    }

    fn judge_market(&mut self, ticket: usize, entry: &Entry) {
        let Some((bid, ask)) = entry.market.filter(|_| entry.live && entry.quotes != Quotes::High) else { return };
        let Some(terms) = terms_of(entry) else { return };
        let (buys, slack) = (terms.side.starts_with("BUY"), Decimal::new(8, 2));
        let (most, least) = (ask * (Decimal::ONE + slack), bid * (Decimal::ONE - slack));
        if let Some(limit) = terms.limit.filter(|_| terms.kind == "LIMIT")
            && (if buys { limit > most } else { limit < least })
        {
            self.find(format!("limit {limit} at bid {bid}, ask {ask}: {}", entry.body));
        }
        let seen = self.tickets[ticket].market.filter(|_| terms.kind == "MARKET");
        if let Some((seen_bid, seen_ask)) = seen
            && (if buys { ask > seen_ask * (Decimal::ONE + slack) } else { bid < seen_bid * (Decimal::ONE - slack) })
        {
            self.find(format!("at the market of {bid}/{ask}, approved at {seen_bid}/{seen_ask}: {}", entry.body));
        }
    }

    /// An answer about the order of a ticket against Aries' book.
    pub(super) fn judge_state(&mut self, ticket: usize, state: &str, id: Option<&str>, own: Option<&str>) {
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
                self.find(format!("told {state}, and Aries did not take it: {text_of_it}: {:?}", entry.answer));
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
        let mut links: Vec<(String, String)> = Vec::new();
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
        while let Some((_, new)) = links.iter().find(|(old, new)| chain.contains(old) && !chain.contains(new)) {
            chain.push(new.clone());
        }
        chain
    }

    /// What a cancel by this id may touch: Aries' ids mean the one order that is shown under them, ours the orders of ours,
    /// and both what took their place.
    pub(super) fn named(&self, id: &str) -> Named {
        let mut orders = HashSet::new();
        for account in [LIVE, SIM] {
            if id.starts_with("am-") {
                let own = self.tickets.iter().filter(|one| one.account == account && one.client_id.as_deref() == Some(id));
                for sent in own.filter_map(|one| one.sent) {
                    let row = self.gateway.mood().ledger[sent].row.clone();
                    orders.extend(row.iter().flat_map(|row| self.chain(account, text(row, "clOrdId"))));
                }
                continue;
            }
            let mut ids: Vec<String> = self.truth.rows(account).iter().map(|row| text(row, "clOrdId").to_owned()).collect();
            // Orders that were replaced stand in no list.
            ids.extend(self.gateway.mood().ledger.iter().filter_map(|entry| entry.target.as_ref()).map(|(id, _)| id.clone()));
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
        let sent: Vec<Entry> = self.gateway.mood().ledger[begun..].iter().filter(|one| one.kind == Kind::Cancel).cloned().collect();
        let mut touched: Vec<&str> = Vec::new();
        for entry in &sent {
            let Some((id, row)) = &entry.target else { continue };
            let foreign = self.foreign.contains(id);
            if !named.orders.contains(id) {
                self.find(format!("cancel {:?} was sent for another order: {} {row}", named.id, entry.body));
            } else if foreign && entry.live && !(approved && entry.config.live) {
                self.find(format!("cancel {:?} of an order that was entered elsewhere, and nobody approved it: {row}", named.id));
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
            rows.iter().filter(|row| shown_id(&mood, text(row, "clOrdId")) == id).map(|row| text(row, "ordStatus")).collect()
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
                one.answer.is_none() && one.trouble.as_ref().is_some_and(|trouble| trouble.books != Books::Never)
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
                mood.ledger.iter().filter_map(|entry| entry.row.as_ref()).map(|row| text(row, "clOrdId").to_owned()).collect()
            };
            for row in self.truth.rows(account) {
                let id = text(&row, "clOrdId").to_owned();
                let is_known = sent.contains(&id) || self.foreign.contains(&id) || row["origClOrdId"].is_string();
                if !is_known && is_open(&row) {
                    self.find(format!("an order that nobody sent: {row}"));
                }
            }
        }
    }
}

/// Whether Aries took an order.
fn is_success(entry: &Entry) -> bool {
    entry.answer.as_ref().is_some_and(|answer| answer["success"] == Value::Bool(true))
}

/// Whether the program heard for sure what became of it.
fn is_definite(entry: &Entry) -> bool {
    matches!(entry.trouble.as_ref().map(|trouble| &trouble.hears), Some(Hears::Answer { .. }))
}

/// What a POST makes.
fn terms_of(entry: &Entry) -> Option<Terms> {
    match entry.kind {
        Kind::Place => Some(Terms::of(&entry.body)),
        Kind::Replace => entry.target.as_ref().map(|(_, old)| Terms::replaced(old, &entry.body)),
        Kind::Cancel => None,
    }
}
