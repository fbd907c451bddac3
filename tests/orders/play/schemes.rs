//! Series of steps of which each is harmless: sold twice while lists lag, ordered again while an outcome is not known,
//! canceled by an id that was given out again.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lists;
use super::mood::{Disguise, Lag, List, Trouble};
use super::person::{About, Mind};
use super::stage::{LIVE, Play, SIM};
use super::truth::{is_open, text};

impl Play {
    pub(super) fn scheme(&mut self) {
        self.is_quiet = true;
        match self.dice.below(5) {
            0 => self.sell_twice(),
            1 => self.order_in_doubt(),
            2 => self.cancel_what_has_ended(),
            3 => self.cancel_what_was_replaced(),
            _ => self.confuse_with_a_twin(),
        }
        self.is_quiet = false;
    }

    /// Previews and places with a yes.
    fn order_now(&mut self, account: &'static str, mut order: Value) -> Option<usize> {
        order["account"] = json!(&account[account.len() - 4..]);
        let seat = self.dice.below(self.seats.len());
        let ticket = self.preview_at(seat, account, order)?;
        let call = self.present(seat, ticket);
        self.finish_minded(seat, call, About::Ticket(ticket), Mind::Accepts);
        Some(ticket)
    }

    /// Aries' id of the order of a ticket, if it was booked.
    fn id_of(&self, ticket: usize) -> Option<String> {
        let sent = self.tickets[ticket].sent?;
        self.gateway.mood().ledger[sent].row.as_ref().map(|row| text(row, "clOrdId").to_owned())
    }

    /// An order to buy that rests.
    fn resting(&mut self, symbol: &str) -> Value {
        let (bid, _) = self.price(symbol);
        let limit = (bid * Decimal::new(self.dice.within(90..=97), 2)).round_dp(2);
        let quantity = self.dice.within(2..=5).to_string();
        json!({"symbol": symbol, "action": "buy", "quantity": quantity, "type": "limit", "limit_price": limit.to_string()})
    }

    fn freeze(&mut self, account: &'static str, looks: usize) {
        self.gateway.mood().lags.retain(|lag| lag.account != account);
        for list in [List::Today, List::History, List::Positions] {
            let was = lists::now(&self.truth, account, list);
            let lag = Lag { account: account.to_owned(), list, was, since: jiff::Timestamp::now(), looks };
            self.gateway.mood().lags.push(lag);
        }
    }

    /// Shares are sold as often as they are there, while every list stands still.
    fn sell_twice(&mut self) {
        let (account, symbol, quantity) =
            [(LIVE, "KO", 66), (SIM, "F", 300), (SIM, "SPY", 15), (SIM, "TSLA", 12)][self.dice.below(4)];
        self.note(format!("scheme: sell {symbol} twice"));
        self.catch_up(account);
        self.freeze(account, 60);
        let (bid, _) = self.price(symbol);
        let by = if self.dice.percent(50) { Decimal::new(99, 2) } else { Decimal::new(103, 2) };
        let limit = (bid * by).round_dp(2).to_string();
        for _ in 0..2 {
            let sale = json!({"symbol": symbol, "action": "sell", "quantity": quantity.to_string(), "type": "limit",
                "limit_price": limit});
            self.order_now(account, sale);
        }
        self.catch_up(account);
    }

    /// Lists say what is, and the next answers come.
    fn catch_up(&mut self, account: &str) {
        let mut mood = self.gateway.mood();
        mood.lags.retain(|lag| lag.account != account);
        mood.troubles.clear();
    }

    fn order_in_doubt(&mut self) {
        let (account, symbol) =
            [(LIVE, "MSFT"), (LIVE, "AAPL"), (SIM, "KO"), (SIM, "SPY")][self.dice.below(4)];
        self.note(format!("scheme: order {symbol} in doubt"));
        let trouble = Trouble::thrown(&mut self.dice);
        self.gateway.mood().troubles.push_front(trouble);
        if self.dice.percent(60) {
            let looks = 2 + self.dice.below(6);
            self.freeze(account, looks);
        }
        for _ in 0..3 {
            let order = self.resting(symbol);
            self.order_now(account, order);
        }
    }

    /// An order ends, and its id is given out to a foreign one.
    fn cancel_what_has_ended(&mut self) {
        let account = if self.dice.percent(50) { LIVE } else { SIM };
        self.note("scheme: cancel what has ended");
        let order = self.resting("MSFT");
        let Some(id) = self.order_now(account, order).and_then(|ticket| self.id_of(ticket)) else { return };
        let foreign = json!({"symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "3", "price": "50.00", "timeInForce": "GTC"});
        let Some(foreign) = self.enter(account, foreign) else { return };
        self.cancel_by(&id);
        if self.truth.row(account, &id).is_none_or(|row| is_open(&row)) {
            return;
        }
        self.gateway.mood().count("id given out again");
        self.gateway.mood().disguises.push(Disguise { order: foreign, shown: id.clone() });
        let names = self.names_of(&id);
        let replacement = json!({"replaces": names[self.dice.below(names.len())], "limit_price": "49.00"});
        self.order_now(account, replacement);
        for name in names {
            self.cancel_by(&name);
        }
    }

    /// An order's ids: Aries' and ours.
    fn names_of(&self, id: &str) -> Vec<String> {
        let own = (0..self.tickets.len()).find(|at| self.id_of(*at).as_deref() == Some(id));
        let own = own.and_then(|ticket| self.tickets[ticket].client_id.clone());
        [Some(id.to_owned()), own].into_iter().flatten().collect()
    }

    /// An order is replaced, and canceled by its old id, which may belong to another by now.
    fn cancel_what_was_replaced(&mut self) {
        let account = if self.dice.percent(50) { LIVE } else { SIM };
        self.note("scheme: cancel what was replaced");
        let order = self.resting("KO");
        let Some(old) = self.order_now(account, order).and_then(|ticket| self.id_of(ticket)) else { return };
        let change = json!({"replaces": old, "quantity": "7"});
        let Some(new) = self.order_now(account, change).and_then(|ticket| self.id_of(ticket)) else { return };
        if self.dice.percent(60) {
            if self.dice.percent(50) {
                self.cancel_by(&new);
            }
            let foreign = json!({"symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "3", "price": "300.00", "timeInForce": "GTC"});
            let Some(foreign) = self.enter(account, foreign) else { return };
            let shown = if self.dice.percent(50) { old.clone() } else { new.clone() };
            let is_open = self.truth.row(account, &shown).is_some_and(|row| is_open(&row));
            if !is_open {
                self.gateway.mood().count("id given out again");
                self.gateway.mood().disguises.push(Disguise { order: foreign, shown });
            }
        }
        for name in [self.names_of(&old), self.names_of(&new)].concat() {
            if self.dice.percent(60) {
                self.cancel_by(&name);
            }
        }
    }

    /// Aries lists another order under our own id, which is not the one that it answered with.
    fn confuse_with_a_twin(&mut self) {
        let (account, symbol) = [(LIVE, "MSFT"), (SIM, "KO")][self.dice.below(2)];
        self.note("scheme: a twin");
        let twin = super::twin::Twin::thrown(&mut self.dice);
        // Of two whose answer was lost nobody could tell which is ours.
        self.gateway.mood().troubles.clear();
        self.gateway.mood().twin = Some(twin);
        let mut order = self.resting(symbol);
        if self.dice.percent(30) {
            order["limit_price"] =
                json!((self.price(symbol).1 * Decimal::new(101, 2)).round_dp(2).to_string());
        }
        self.order_now(account, order);
        self.gateway.mood().twin = None;
    }
}
