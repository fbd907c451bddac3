//! What the assistant and the machine do: previews, orders, cancels, kills.

use serde_json::{Value, json};

use super::person::About;
use super::stage::{Play, Ticket};
use super::terms::Sentence;
use super::truth::{pause, text};
use crate::support::text_of;

impl Play {
    pub(super) fn step(&mut self) {
        match self.dice.weighted(&[20, 26, 5, 10, 3, 5, 22, 10]) {
            0 => self.preview(),
            1 => self.place(),
            2 => self.place_again(),
            3 => self.cancel(),
            4 => self.restart(),
            5 => self.race(),
            6 => self.disturb(),
            _ => self.scheme(),
        }
        self.judge_ledger();
    }

    fn any_seat(&mut self) -> usize {
        self.dice.below(self.seats.len())
    }

    pub(super) fn preview(&mut self) {
        let seat = self.any_seat();
        let (account, order) = self.order();
        self.preview_at(seat, account, order);
    }

    /// The ticket that a preview gives.
    pub(super) fn preview_at(&mut self, seat: usize, account: &'static str, order: Value) -> Option<usize> {
        self.note(format!("preview {order} at {seat}"));
        self.gateway.mood().previewed = None;
        let symbol = text(&order, "symbol").to_owned();
        let market = self.truth.quote(&symbol);
        let call = self.seats[seat].begin("preview_order", order, &json!({}));
        let result = self.seats[seat].client.answer(call)["result"].clone();
        if result["isError"] == json!(true) {
            self.count("previews refused");
            self.note(format!("  refused: {}", text_of(&result)));
            return None;
        }
        self.count("previews");
        let told = &result["structuredContent"];
        let sentence = text(told, "summary").to_owned();
        self.note(format!("  {sentence}"));
        let Some(read) = Sentence::read(&sentence) else {
            self.find(format!("a sentence that cannot be read: {sentence}"));
            return None;
        };
        if told["ticket"].is_null() {
            self.count("previews without a ticket");
            if !read.live {
                self.find(format!("no ticket, though the account is simulated: {sentence}"));
            }
            return None;
        }
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
        Some(self.tickets.len() - 1)
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
        // What was read for one of them may be older than what the other reads.
        self.is_quiet = true;
        self.finish(one, call, About::Ticket(first));
        self.finish(other, again, About::Ticket(second));
        self.is_quiet = false;
    }

    pub(super) fn present(&mut self, seat: usize, ticket: usize) -> u64 {
        self.note(format!("place {} at {seat}: {}", self.tickets[ticket].id, self.tickets[ticket].text));
        self.count("orders placed");
        self.tickets[ticket].presented = true;
        let arguments = json!({"ticket": self.tickets[ticket].id});
        self.seats[seat].begin("place_order", arguments, &json!({}))
    }

    /// Presents a ticket again, and hears how its order stands.
    pub(super) fn ask_again(&mut self, seat: usize, ticket: usize) {
        let call = self.present(seat, ticket);
        self.finish(seat, call, About::Ticket(ticket));
    }

    fn place_and_kill(&mut self, ticket: usize) {
        let seat = self.seat_of(ticket);
        let call = self.present(seat, ticket);
        let is_asked = self.tickets[ticket].sentence.live && self.dice.percent(70);
        if is_asked && self.seats[seat].pages.is_none() {
            loop {
                let message = self.next(seat, call);
                if message["method"] == "elicitation/create" || message["id"] == json!(call) {
                    self.answer_in_time(seat, &message, About::Ticket(ticket));
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
        let id = self.any_id();
        self.cancel_by(&id);
    }

    pub(super) fn cancel_by(&mut self, id: &str) {
        let seat = self.any_seat();
        let mut arguments = json!({"order": id});
        if self.dice.percent(40) {
            arguments["account"] = json!(if self.dice.percent(50) { "0017" } else { "1002" });
        }
        self.note(format!("cancel {arguments} at {seat}"));
        self.count("cancels");
        let begun = self.gateway.mood().ledger.len();
        let named = self.named(text(&arguments, "order"));
        self.cancel.clone_from(&arguments);
        let call = self.seats[seat].begin("cancel_order", arguments, &json!({}));
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
}
