//! What the assistant, the person and the machine do: previews, orders, cancels, answers, kills.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::stage::{LIVE, Play, SIM, Ticket};
use super::terms::Sentence;
use super::truth::{pause, text};
use crate::support::text_of;

/// What the person does when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mind {
    Accepts,
    Declines,
    /// Answers once the question is over.
    Late,
}

/// What a call is about.
#[derive(Clone, Copy)]
enum About {
    Ticket(usize),
    Cancel,
}

impl Play {
    pub(super) fn step(&mut self) {
        match self.dice.weighted(&[24, 26, 5, 12, 3, 5, 25]) {
            0 => self.preview(),
            1 => self.place(),
            2 => self.place_again(),
            3 => self.cancel(),
            4 => self.restart(),
            5 => self.race(),
            _ => self.disturb(),
        }
        self.judge_ledger();
    }

    fn any_seat(&mut self) -> usize {
        self.dice.below(self.seats.len())
    }

    pub(super) fn preview(&mut self) {
        let seat = self.any_seat();
        let (account, order) = self.order();
        self.note(format!("preview {order} at {seat}"));
        self.gateway.mood().previewed = None;
        let symbol = text(&order, "symbol").to_owned();
        let market = self.truth.quote(&symbol);
        let result = self.seats[seat].client.call("preview_order", order);
        if result["isError"] == json!(true) {
            self.count("previews refused");
            self.note(format!("  refused: {}", text_of(&result)));
            return;
        }
        self.count("previews");
        let told = &result["structuredContent"];
        let sentence = text(told, "summary").to_owned();
        self.note(format!("  {sentence}"));
        let Some(read) = Sentence::read(&sentence) else {
            self.find(format!("a sentence that cannot be read: {sentence}"));
            return;
        };
        let client_id = if read.replaces.is_none() { self.gateway.mood().previewed.clone() } else { None };
        self.tickets.push(Ticket {
            id: text(told, "ticket").to_owned(),
            seat,
            account,
            text: sentence,
            sentence: read,
            client_id,
            config: self.seats[seat].config.clone(),
            market,
            presented: false,
            approved: false,
            sent: None,
            state: None,
            doubt: None,
        });
    }

    fn fresh_ticket(&mut self) -> Option<usize> {
        let fresh: Vec<usize> = (0..self.tickets.len()).filter(|at| !self.tickets[*at].presented).collect();
        // The latest, most of the time.
        if self.dice.percent(70) { fresh.last().copied() } else { self.dice.pick(&fresh).copied() }
    }

    fn place(&mut self) {
        if self.fresh_ticket().is_none() {
            self.preview();
        }
        let Some(ticket) = self.fresh_ticket() else { return };
        if self.dice.percent(50) {
            self.disturb();
        }
        if self.dice.percent(6) {
            return self.place_and_kill(ticket);
        }
        let seat = self.seat_of(ticket);
        let call = self.present(seat, ticket);
        self.finish(seat, call, About::Ticket(ticket));
    }

    /// Where a ticket is presented: as a rule in the process that gave it.
    fn seat_of(&mut self, ticket: usize) -> usize {
        let own = self.tickets[ticket].seat.min(self.seats.len() - 1);
        if self.dice.percent(90) { own } else { self.any_seat() }
    }

    fn place_again(&mut self) {
        if self.tickets.is_empty() {
            return;
        }
        let ticket = self.dice.below(self.tickets.len());
        let seat = self.seat_of(ticket);
        let call = self.present(seat, ticket);
        self.finish(seat, call, About::Ticket(ticket));
    }

    /// Two at once, in one process or in two.
    fn race(&mut self) {
        self.preview();
        self.preview();
        let Some(first) = self.fresh_ticket() else { return };
        let one = self.seat_of(first);
        let call = self.present(one, first);
        let Some(second) = self.fresh_ticket().or(Some(first)) else { return };
        let other = self.seat_of(second);
        let again = self.present(other, second);
        self.finish(one, call, About::Ticket(first));
        self.finish(other, again, About::Ticket(second));
    }

    pub(super) fn present(&mut self, seat: usize, ticket: usize) -> u64 {
        self.note(format!("place {} at {seat}: {}", self.tickets[ticket].id, self.tickets[ticket].text));
        self.count("orders placed");
        self.tickets[ticket].presented = true;
        let arguments = json!({"ticket": self.tickets[ticket].id});
        self.seats[seat].client.send("tools/call", json!({"name": "place_order", "arguments": arguments}))
    }

    /// Presents a ticket again, and hears how its order stands.
    pub(super) fn ask_again(&mut self, seat: usize, ticket: usize) {
        let call = self.present(seat, ticket);
        self.finish(seat, call, About::Ticket(ticket));
    }

    fn place_and_kill(&mut self, ticket: usize) {
        let seat = self.seat_of(ticket);
        let call = self.present(seat, ticket);
        if self.tickets[ticket].sentence.live && self.dice.percent(70) {
            while let Some(message) = self.next(seat, call) {
                if message["method"] == "elicitation/create" {
                    self.answer(seat, &message, About::Ticket(ticket), Mind::Accepts);
                    break;
                }
                if message["id"] == json!(call) {
                    break;
                }
            }
        }
        pause(u64::try_from(self.dice.below(25)).unwrap());
        self.note(format!("  killed at {seat}"));
        self.count("processes killed");
        self.tickets[ticket].doubt = Some(std::time::Instant::now());
        self.replace_seat(seat);
    }

    fn replace_seat(&mut self, seat: usize) {
        self.seats.remove(seat).client.kill();
        let new = self.seat();
        self.seats.insert(seat, new);
    }

    fn restart(&mut self) {
        let seat = self.any_seat();
        self.note(format!("restart {seat}"));
        self.count("processes killed");
        self.replace_seat(seat);
    }

    fn cancel(&mut self) {
        let (seat, id) = (self.any_seat(), self.any_id());
        let mut arguments = json!({"order": id});
        if self.dice.percent(40) {
            arguments["account"] = json!(if self.dice.percent(50) { "0017" } else { "1002" });
        }
        self.note(format!("cancel {arguments} at {seat}"));
        self.count("cancels");
        let begun = self.gateway.mood().ledger.len();
        let named = self.named(text(&arguments, "order"));
        let call = self.seats[seat]
            .client
            .send("tools/call", json!({"name": "cancel_order", "arguments": arguments}));
        let asked = self.finish(seat, call, About::Cancel);
        self.judge_cancel(begun, &named, asked);
    }

    fn any_id(&mut self) -> String {
        if self.ids.is_empty() || self.dice.percent(8) {
            return ["1", "am-000000000000000000000000", "CL1001", ""][self.dice.below(4)].to_owned();
        }
        let from = if self.dice.percent(60) { self.ids.len().saturating_sub(6) } else { 0 };
        let at = from + self.dice.below(self.ids.len() - from);
        self.ids[at].clone()
    }

    /// The next message of a process.
    fn next(&mut self, seat: usize, call: u64) -> Option<Value> {
        let client = &mut self.seats[seat].client;
        if let Some(at) = client.notifications.iter().position(|one| one["id"] == json!(call) || one["method"] == "elicitation/create") {
            return Some(client.notifications.remove(at));
        }
        Some(client.receive())
    }

    /// Hears a call to its end, and answers what is asked meanwhile. Tells whether a person said yes.
    fn finish(&mut self, seat: usize, call: u64, about: About) -> bool {
        let mind = match self.dice.weighted(&[80, 15, 5]) {
            0 => Mind::Accepts,
            1 => Mind::Declines,
            _ => Mind::Late,
        };
        let (mut late, mut yes) = (None, false);
        while let Some(message) = self.next(seat, call) {
            if message["method"] == "elicitation/create" {
                if mind == Mind::Late {
                    late = Some(message);
                } else {
                    yes |= mind == Mind::Accepts;
                    self.answer(seat, &message, about, mind);
                }
                continue;
            }
            if message["id"] != json!(call) || message.get("method").is_some() {
                self.seats[seat].client.notifications.push(message);
                continue;
            }
            self.heard(about, &message);
            break;
        }
        if let Some(question) = late {
            self.note("  the person says yes too late");
            self.count("answers that came too late");
            self.say(seat, &question, &json!({"action": "accept", "content": {"decision": "approve"}}));
        }
        yes
    }

    fn say(&mut self, seat: usize, question: &Value, result: &Value) {
        let line = json!({"jsonrpc": "2.0", "id": question["id"], "result": result}).to_string();
        self.seats[seat].client.send_line(&line);
    }

    fn answer(&mut self, seat: usize, question: &Value, about: About, mind: Mind) {
        let message = text(&question["params"], "message").to_owned();
        if self.dice.percent(35) {
            // The world goes on while the person reads.
            self.disturb();
            if self.dice.percent(30) {
                self.move_market(about);
            }
        }
        if mind == Mind::Declines {
            self.note("  the person says no");
            return self.say(seat, question, &json!({"action": "decline"}));
        }
        self.note("  the person says yes");
        self.count("approvals");
        if let About::Ticket(ticket) = about {
            // Of two that wait at once, the one that the question is about.
            let asked = |one: &Ticket| one.presented && !one.approved && message.contains(&one.text);
            let all = (0..self.tickets.len()).filter(|at| asked(&self.tickets[*at]));
            match all.max_by_key(|at| *at == ticket) {
                Some(asked) => self.tickets[asked].approved = true,
                None => self.find(format!("the question is about no order that was placed: {message}")),
            }
        }
        self.say(seat, question, &json!({"action": "accept", "content": {"decision": "approve"}}));
    }

    /// The market of the order in question moves by a fifth.
    fn move_market(&mut self, about: About) {
        let About::Ticket(ticket) = about else { return };
        let symbol = self.tickets[ticket].sentence.terms.symbol.clone();
        let (bid, ask) = self.price(&symbol);
        let by = if self.dice.percent(50) { Decimal::new(12, 1) } else { Decimal::new(8, 1) };
        let price = ((bid + ask) / Decimal::TWO * by).round_dp(2);
        self.note(format!("  the market of {symbol} moves to {price}"));
        self.gateway.mood().count("market moved while the person reads");
        self.truth.post("/sandbox/price", &json!({"symbol": symbol, "price": price.to_string()}));
    }

    fn heard(&mut self, about: About, message: &Value) {
        let result = &message["result"];
        let words = if result.is_null() { message.to_string() } else { text_of(result) };
        self.note(format!("  heard: {}", words.replace('\n', " | ")));
        let told = &result["structuredContent"];
        let state = text(told, "state").to_owned();
        self.count(format!("told {}", if state.is_empty() { "an error" } else { &state }));
        let id = told["order_id"].as_str().map(str::to_owned);
        let own = told["client_id"].as_str().map(str::to_owned);
        self.ids.extend(id.clone());
        self.ids.extend(own.clone());
        if state.is_empty() {
            return;
        }
        self.judge_ledger();
        match about {
            About::Ticket(ticket) => self.judge_state(ticket, &state, id.as_deref(), own.as_deref()),
            About::Cancel => self.judge_end_of_cancel(&state, id.as_deref()),
        }
    }

    /// The account of an order at random, and its arguments.
    fn order(&mut self) -> (&'static str, Value) {
        let (account, name) = if self.dice.percent(50) { (LIVE, "1002") } else { (SIM, "0017") };
        let order = match self.dice.weighted(&[62, 12, 8, 18]) {
            0 => self.shares(account),
            1 => self.contract(),
            2 => self.spread(),
            _ => self.replacement(account),
        };
        let mut order = order;
        order["account"] = json!(name);
        (account, order)
    }

    fn priced(&mut self, order: &mut Value, mid: Decimal, buys: bool) {
        let toward = |percent: i64| {
            let by = if buys { percent } else { -percent };
            (mid * Decimal::new(100 + by, 2)).round_dp(2).max(Decimal::new(1, 2))
        };
        let limit = match self.dice.weighted(&[50, 25, 12, 8, 5]) {
            0 => toward(-self.dice.within(1..=5)),
            1 => toward(self.dice.within(0..=3)),
            2 => toward(self.dice.within(10..=80)),
            3 => (mid * Decimal::from(9)).round_dp(2),
            _ => (mid / Decimal::from(4)).round_dp(2).max(Decimal::new(1, 2)),
        };
        match self.dice.weighted(&[70, 15, 8, 7]) {
            0 => order["type"] = json!("limit"),
            1 => order["type"] = json!("market"),
            2 => {
                order["type"] = json!("stop");
                order["stop_price"] = json!(toward(self.dice.within(2..=6)).to_string());
            }
            _ => {
                order["type"] = json!("stop_limit");
                order["stop_price"] = json!(limit.to_string());
            }
        }
        if ["limit", "stop_limit"].contains(&text(order, "type")) {
            order["limit_price"] = json!(limit.to_string());
        }
        let times = ["day", "day", "day", "gtc", "ioc"];
        order["time_in_force"] = json!(times[self.dice.below(if text(order, "type") == "limit" { 5 } else { 4 })]);
    }

    fn shares(&mut self, account: &str) -> Value {
        let (symbols, held): (&[&str], &[i64]) = if account == LIVE {
            (&["MSFT", "AAPL", "KO", "NVDA", "F"], &[25, 40, 120, 60, 0])
        } else {
            (&["F", "SPY", "TSLA", "KO", "MSFT"], &[300, 15, 20, 0, 0])
        };
        let at = self.dice.below(symbols.len());
        let action = ["buy", "sell", "sell", "sell_short", "buy_to_cover"][self.dice.weighted(&[40, 28, 22, 6, 4])];
        let (bid, ask) = self.price(symbols[at]);
        // Often as much as a live account may, and all that is held.
        let allowed = i64::try_from((Decimal::from(4_800) / ask).trunc()).unwrap_or(1).max(1);
        let most = if action == "buy" { 12.min(allowed) } else { held[at].max(4).min(allowed) };
        let quantity = if self.dice.percent(40) { most } else { self.dice.within(1..=most) };
        let mut order = json!({"symbol": symbols[at], "action": action, "quantity": quantity.to_string()});
        self.priced(&mut order, (bid + ask) / Decimal::TWO, action.starts_with("buy"));
        order
    }

    fn osi(&self, right: char, strike: u32) -> String {
        let day = self.day.replace('-', "");
        format!("AAPL{}{right}{:08}", &day[2..], strike * 1000)
    }

    fn middle(&mut self, osi: &str) -> Decimal {
        let quote = self.truth.contract(osi).unwrap_or((Decimal::ONE, Decimal::TWO));
        (quote.0 + quote.1) / Decimal::TWO
    }

    fn contract(&mut self) -> Value {
        let (right, strike) = (['C', 'P'][self.dice.below(2)], [260, 270, 280][self.dice.below(3)]);
        let osi = self.osi(right, strike);
        let action = ["buy_to_open", "sell_to_close", "sell_to_open", "buy_to_close"][self.dice.weighted(&[50, 25, 15, 10])];
        let tick = Decimal::new(5, 2);
        let limit = ((self.middle(&osi) * Decimal::new(self.dice.within(95..=105), 2)) / tick).round() * tick;
        json!({"symbol": osi, "action": action, "quantity": self.dice.within(1..=2).to_string(), "type": "limit",
            "limit_price": limit.max(tick).to_string()})
    }

    fn spread(&mut self) -> Value {
        let (near, far) = (self.osi('C', 270), self.osi('C', 280));
        let tick = Decimal::new(5, 2);
        let net = ((self.middle(&near) - self.middle(&far)) / tick).round() * tick;
        let (action, first, second) = if self.dice.percent(60) {
            ("buy", "buy_to_open", "sell_to_open")
        } else {
            ("sell", "sell_to_open", "buy_to_open")
        };
        json!({"symbol": "AAPL", "action": action, "quantity": "1", "type": "limit", "limit_price": net.max(tick).to_string(),
            "legs": [{"contract": near, "action": first}, {"contract": far, "action": second}]})
    }

    fn replacement(&mut self, account: &str) -> Value {
        let open: Vec<Value> = self.truth.rows(account).into_iter().filter(super::truth::is_open).collect();
        let Some(row) = self.dice.pick(&open).cloned() else { return self.shares(account) };
        let id = text(&row, "clOrdId").to_owned();
        let by_own = row["clientId"].as_str().filter(|_| self.dice.percent(30));
        let shown = super::lists::shown_id(&self.gateway.mood(), &id);
        let mut order = json!({"replaces": by_own.unwrap_or(&shown)});
        match self.dice.below(3) {
            0 => order["time_in_force"] = json!(if text(&row, "timeInForce") == "GTC" { "day" } else { "gtc" }),
            1 => order["quantity"] = json!(self.dice.within(1..=30).to_string()),
            _ => {
                let limit = super::truth::number(&row, "price").unwrap_or(Decimal::ONE_HUNDRED);
                order["limit_price"] = json!((limit * Decimal::new(self.dice.within(97..=103), 2)).round_dp(2).to_string());
            }
        }
        order
    }
}
