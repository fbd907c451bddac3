//! What must hold of what is sent, judged by the ledger of the gateway and by Aries' own book, never by the program.

use rust_decimal::Decimal;
use serde_json::Value;

use super::mood::{Entry, Hears, Kind, Quotes};
use super::stage::Play;
use super::terms::Terms;
use super::truth::{number, text};

impl Play {
    /// Judges what was sent since the last time.
    pub(super) fn judge_ledger(&mut self) {
        let twins: Vec<String> = self.gateway.mood().twins.iter().map(|(id, _)| id.clone()).collect();
        self.foreign.extend(twins);
        loop {
            let (at, entry, before) = {
                let mood = self.gateway.mood();
                let Some(entry) = mood.ledger.get(self.judged).cloned() else { return };
                (self.judged, entry, mood.ledger[..self.judged].to_vec())
            };
            self.judged += 1;
            self.count(format!("POSTs to {:?}", entry.kind).to_lowercase());
            self.note(format!(
                "  POST {:?} {} ({:?})",
                entry.kind,
                entry.body,
                entry.trouble.as_ref().map(|one| one.name())
            ));
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
            self.find(format!(
                "sent otherwise than its sentence: {text_of_it}\n    {}\n    {sent:?}",
                entry.body
            ));
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
        // What counts as live although it is simulated is asked about as well.
        if entry.live && !sentence.live {
            self.find(format!("live, and the sentence says simulated: {text_of_it}"));
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
        // An account that changed its kind may be counted as live from its beginning: so of one account and kind alone.
        let kind_of =
            |at: usize| self.tickets.iter().find(|one| one.sent == Some(at)).map(|one| one.sentence.live);
        let (kind, account) = (kind_of(before.len()), &entry.body["tradingAccountId"]);
        let taken: Vec<&Entry> = (before.iter().enumerate())
            .filter(|(at, one)| one.kind != Kind::Cancel && kind_of(*at) == kind && is_success(one))
            .map(|(_, one)| one)
            .filter(|one| one.body["tradingAccountId"] == *account)
            .collect();
        let kind = kind == Some(true);
        let count = taken.len() + 1;
        let values = taken.into_iter().chain([entry]).filter(|one| one.kind == Kind::Place);
        let value: Decimal = values.filter_map(|one| Terms::of(&one.body).value()).sum();
        let most = entry.config.orders.map(|most| usize::try_from(most).unwrap()).or(kind.then_some(20));
        if most.is_some_and(|most| count > most) {
            self.find(format!("order {count} of the day, and {most:?} are allowed: {}", entry.body));
        }
        let most = entry.config.value_per_day.map(Decimal::from).or(kind.then(|| Decimal::from(20_000)));
        if most.is_some_and(|most| value > most) {
            self.find(format!("{value} USD on one day, and {most:?} are allowed: {}", entry.body));
        }
    }

    /// Nothing new where the outcome of an earlier order is not known to anybody.
    fn judge_doubts(&mut self, ticket: usize, entry: &Entry) {
        let (account, symbol) =
            (text(&entry.body, "tradingAccountId").to_owned(), text(&entry.body, "symbol").to_owned());
        let mut open = Vec::new();
        for (at, one) in self.tickets.iter().enumerate() {
            let (Some(since), Some(sent)) = (one.doubt, one.sent) else { continue };
            if at == ticket
                || since > entry.at
                || one.account != account
                || one.sentence.terms.symbol != symbol
            {
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
        let (account, symbol) =
            (text(&entry.body, "tradingAccountId").to_owned(), text(&entry.body, "symbol").to_owned());
        let Some(terms) = terms_of(entry) else { return };
        let filled = entry.target.as_ref().and_then(|(_, old)| number(old, "cumQty")).unwrap_or_default();
        let asked = terms.quantity - filled;
        // What others sell while lists lag, nobody here can know.
        if asked > free && !self.touched.contains(&(account, symbol)) {
            self.find(format!("{asked} sold, and {free} were free: {}", entry.body));
        }
    }

    fn judge_market(&mut self, ticket: usize, entry: &Entry) {
        let Some((bid, ask)) = entry.market.filter(|_| entry.live && entry.quotes != Quotes::High) else {
            return;
        };
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
            && (if buys {
                ask > seen_ask * (Decimal::ONE + slack)
            } else {
                bid < seen_bid * (Decimal::ONE - slack)
            })
        {
            self.find(format!(
                "at the market of {bid}/{ask}, approved at {seen_bid}/{seen_ask}: {}",
                entry.body
            ));
        }
    }
}

/// Whether Aries took an order.
pub(super) fn is_success(entry: &Entry) -> bool {
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
