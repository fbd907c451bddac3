//! Orders that somebody may want, at random.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lists::shown_id;
use super::stage::{LIVE, Play, SIM};
use super::truth::{is_open, number, text};

impl Play {
    /// The account of an order at random, and its arguments.
    pub(super) fn order(&mut self) -> (&'static str, Value) {
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
        order["time_in_force"] =
            json!(times[self.dice.below(if text(order, "type") == "limit" { 5 } else { 4 })]);
    }

    fn shares(&mut self, account: &str) -> Value {
        let (symbols, held): (&[&str], &[i64]) = if account == LIVE {
            (&["MSFT", "AAPL", "KO", "NVDA", "F"], &[25, 120, 120, 60, 0])
        } else {
            (&["F", "SPY", "TSLA", "KO", "MSFT"], &[300, 15, 20, 0, 0])
        };
        let at = self.dice.below(symbols.len());
        let action =
            ["buy", "sell", "sell", "sell_short", "buy_to_cover"][self.dice.weighted(&[40, 28, 22, 6, 4])];
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
        let action = ["buy_to_open", "sell_to_close", "sell_to_open", "buy_to_close"]
            [self.dice.weighted(&[50, 25, 15, 10])];
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
        let open: Vec<Value> = self.truth.rows(account).into_iter().filter(is_open).collect();
        let Some(row) = self.dice.pick(&open).cloned() else { return self.shares(account) };
        let id = text(&row, "clOrdId").to_owned();
        let by_own = row["clientId"].as_str().filter(|_| self.dice.percent(30));
        let shown = shown_id(&self.gateway.mood(), &id);
        let mut order = json!({"replaces": by_own.unwrap_or(&shown)});
        match self.dice.below(3) {
            0 => {
                order["time_in_force"] = json!(if text(&row, "timeInForce") == "GTC" { "day" } else { "gtc" })
            }
            1 => order["quantity"] = json!(self.dice.within(1..=30).to_string()),
            _ => {
                let limit = number(&row, "price").unwrap_or(Decimal::ONE_HUNDRED);
                order["limit_price"] =
                    json!((limit * Decimal::new(self.dice.within(97..=103), 2)).round_dp(2).to_string());
            }
        }
        order
    }
}
