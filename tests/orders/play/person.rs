//! The person, who is asked and answers, and what the assistant hears.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::stage::{Play, Ticket};
use super::truth::{pause, text};
use crate::support::text_of;

/// What the person does when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mind {
    Accepts,
    Declines,
    /// Answers once the question is over.
    Late,
}

/// What a call is about.
#[derive(Clone, Copy)]
pub(super) enum About {
    Ticket(usize),
    Cancel,
}

fn yes_to_it() -> Value {
    json!({"action": "accept", "content": {"decision": "approve"}})
}

impl Play {
    /// The next message of a process.
    pub(super) fn next(&mut self, seat: usize, call: u64) -> Value {
        let client = &mut self.seats[seat].client;
        let waits = |one: &Value| one["id"] == json!(call) || one["method"] == "elicitation/create";
        match client.notifications.iter().position(waits) {
            Some(at) => client.notifications.remove(at),
            None => client.receive(),
        }
    }

    /// Hears a call to its end, and answers what is asked meanwhile. Tells whether a person said yes.
    pub(super) fn finish(&mut self, seat: usize, call: u64, about: About) -> bool {
        let mind = match self.dice.weighted(&[80, 15, 5]) {
            0 => Mind::Accepts,
            1 => Mind::Declines,
            _ => Mind::Late,
        };
        self.finish_minded(seat, call, about, mind)
    }

    pub(super) fn finish_minded(&mut self, seat: usize, mut call: u64, about: About, mind: Mind) -> bool {
        if self.seats[seat].pages.is_some() {
            return self.finish_by_page(seat, call, about, mind);
        }
        let (mut late, mut yes) = (None, false);
        loop {
            let message = self.next(seat, call);
            if message["method"] == "elicitation/create" {
                if mind == Mind::Late {
                    late = Some(message);
                    continue;
                }
                yes |= mind == Mind::Accepts;
                let answer = self.answer(text(&message["params"], "message"), about, mind);
                self.say(seat, &message, &answer);
            } else if message["id"] != json!(call) || message.get("method").is_some() {
                self.seats[seat].client.notifications.push(message);
            } else if message["result"]["resultType"] == "input_required" {
                yes |= mind == Mind::Accepts;
                call = self.answer_between(seat, &message["result"], about, mind);
            } else {
                self.heard(about, &message);
                break;
            }
        }
        if let Some(question) = late {
            self.note("  the person says yes too late");
            self.count("answers that came too late");
            self.note_yes(text(&question["params"], "message"), about, |one| one.state.is_none());
            self.say(seat, &question, &yes_to_it());
        }
        yes
    }

    /// Says yes to a question, in the way of its era; anything else is no question.
    pub(super) fn answer_in_time(&mut self, seat: usize, message: &Value, about: About) {
        if message["method"] == "elicitation/create" {
            let answer = self.answer(text(&message["params"], "message"), about, Mind::Accepts);
            self.say(seat, message, &answer);
        } else if message["result"]["resultType"] == "input_required" {
            self.answer_between(seat, &message["result"], about, Mind::Accepts);
        }
    }

    fn say(&mut self, seat: usize, question: &Value, result: &Value) {
        let line = json!({"jsonrpc": "2.0", "id": question["id"], "result": result}).to_string();
        self.seats[seat].client.send_line(&line);
    }

    /// Answers in the way of 2026: by the same call, with the answer.
    pub(super) fn answer_between(&mut self, seat: usize, asked: &Value, about: About, mind: Mind) -> u64 {
        let requests = asked["inputRequests"].as_object().cloned().unwrap_or_default();
        let Some((name, request)) = requests.into_iter().next() else { panic!("no question in {asked}") };
        let answer = if mind == Mind::Late {
            self.count("answers that came too late");
            self.note("  the person says yes too late");
            pause(1700);
            yes_to_it()
        } else {
            self.answer(text(&request["params"], "message"), about, mind)
        };
        let more = json!({"inputResponses": {name: answer}, "requestState": asked["requestState"]});
        let (tool, arguments) = match about {
            About::Ticket(ticket) => ("place_order", json!({"ticket": self.tickets[ticket].id})),
            About::Cancel => ("cancel_order", self.cancel.clone()),
        };
        self.seats[seat].begin(tool, arguments, &more)
    }

    /// What the person answers, and when.
    pub(super) fn answer(&mut self, message: &str, about: About, mind: Mind) -> Value {
        if !self.is_quiet && self.dice.percent(35) {
            // The world goes on while the person reads.
            self.disturb();
            if self.dice.percent(30) {
                self.move_market(about);
            }
        }
        if mind == Mind::Declines {
            self.note("  the person says no");
            return json!({"action": "decline"});
        }
        self.note("  the person says yes");
        self.count("approvals");
        if matches!(about, About::Ticket(_)) && !self.note_yes(message, about, |_| true) {
            self.find(format!("the question is about no order that was placed: {message}"));
        }
        yes_to_it()
    }

    /// Notes the yes at the ticket that a question is about: of two that wait at once, the one that it names. Tells whether
    /// there is one.
    fn note_yes(&mut self, message: &str, about: About, counts: impl Fn(&Ticket) -> bool) -> bool {
        let own = if let About::Ticket(ticket) = about { Some(ticket) } else { None };
        let asked =
            |one: &Ticket| one.presented && !one.approved && message.contains(&one.text) && counts(one);
        let all = (0..self.tickets.len()).filter(|at| asked(&self.tickets[*at]));
        let Some(asked) = all.max_by_key(|at| Some(*at) == own) else { return false };
        self.tickets[asked].approved = true;
        true
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

    pub(super) fn heard(&mut self, about: About, message: &Value) {
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
}
