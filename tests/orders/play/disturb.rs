//! What others do meanwhile: Aries' lists, accounts and quotes, another program with orders of its own, and the person who
//! edits the config file.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lists;
use super::mood::{Disguise, Lag, List, Pages, Quotes, Trouble};
use super::stage::{LIVE, Play, SIM};
use super::truth::{is_open, leaves, text};

impl Play {
    pub(super) fn disturb(&mut self) {
        match self.dice.weighted(&[20, 30, 12, 6, 6, 6, 7, 8, 8, 3, 4, 10]) {
            0 => self.lag(),
            1 => self.trouble(),
            2 => self.enter_elsewhere(),
            3 => self.disguise(),
            4 => self.flip(),
            5 => self.edit_config(),
            6 => self.wrong_quotes(),
            7 => self.fill(),
            8 => self.change_elsewhere(),
            9 => self.failing_reads(),
            10 => self.pages(),
            _ => self.calm(),
        }
    }

    fn any_account(&mut self) -> &'static str {
        if self.dice.percent(50) { LIVE } else { SIM }
    }

    fn lag(&mut self) {
        let account = self.any_account();
        // Orders come into the history, Aries' database, sooner than anybody gives up looking for one.
        let (which, looks): (&[List], usize) = match self.dice.below(4) {
            0 => (&[List::Today], 40),
            1 => (&[List::Positions], 40),
            2 => (&[List::Today, List::History], 2 + self.dice.below(6)),
            _ => (&[List::Today, List::History, List::Positions], 2 + self.dice.below(6)),
        };
        self.note(format!("{which:?} of {account} lag for {looks} looks"));
        for list in which {
            let was = lists::now(&self.truth, account, *list);
            let mut mood = self.gateway.mood();
            mood.lags.retain(|lag| lag.account != account || lag.list != *list);
            mood.lags.push(Lag {
                account: account.to_owned(),
                list: *list,
                was,
                since: jiff::Timestamp::now(),
                looks,
            });
        }
    }

    fn trouble(&mut self) {
        let trouble = Trouble::thrown(&mut self.dice);
        self.note(format!("the next POST: {trouble:?}"));
        let mut mood = self.gateway.mood();
        if mood.troubles.len() < 2 {
            mood.troubles.push_back(trouble);
        }
    }

    /// Another program enters an order, which carries whatever it likes as its `clientId`.
    fn enter_elsewhere(&mut self) {
        let account = self.any_account();
        let symbols =
            if account == LIVE { ["MSFT", "AAPL", "KO", "NVDA"] } else { ["F", "SPY", "TSLA", "KO"] };
        let symbol = symbols[self.dice.below(4)];
        let (bid, ask) = self.price(symbol);
        let buys = self.dice.percent(60);
        let by = if buys { Decimal::new(9, 1) } else { Decimal::new(11, 1) };
        let limit = ((bid + ask) / Decimal::TWO * by).round_dp(2);
        let mut order = json!({"symbol": symbol, "side": if buys { "BUY" } else { "SELL" }, "type": "LIMIT",
            "qty": self.dice.within(1..=6).to_string(), "price": limit.to_string(), "timeInForce": "GTC"});
        let known = self.ids.clone();
        let name = match self.dice.below(4) {
            0 => None,
            1 => Some("am-ffffffffffffffffffffffff".to_owned()),
            _ => self.dice.pick(&known).cloned().filter(|id| id.len() <= 50 && !id.is_empty()),
        };
        if let Some(name) = &name {
            order["clientId"] = json!(name);
            self.gateway.mood().count("foreign order under an id of ours");
        }
        self.gateway.mood().count("foreign order");
        let id = self.enter(account, order);
        self.note(format!("elsewhere: {symbol} {id:?} as {name:?}"));
        self.ids.extend(id);
        self.ids.extend(name);
    }

    /// A foreign order that is open is shown under an id that was given out before.
    fn disguise(&mut self) {
        let account = self.any_account();
        let rows = self.truth.rows(account);
        let open: Vec<&Value> =
            rows.iter().filter(|row| is_open(row) && self.foreign.contains(text(row, "clOrdId"))).collect();
        let Some(order) = self.dice.pick(&open).map(|row| text(row, "clOrdId").to_owned()) else { return };
        // Not the id of an order that is open: that would be two at once, which Aries cannot mean.
        let taken: Vec<&str> =
            rows.iter().filter(|row| is_open(row)).map(|row| text(row, "clOrdId")).collect();
        let free: Vec<String> = self
            .ids
            .iter()
            .filter(|id| !id.starts_with("am-") && id.len() > 1 && !taken.contains(&id.as_str()))
            .cloned()
            .collect();
        let Some(shown) = self.dice.pick(&free).cloned() else { return };
        let mut mood = self.gateway.mood();
        // Of an order that stands in no list any more, one of the same symbol and moment could be told by nobody.
        let symbol = rows.iter().find(|row| text(row, "clOrdId") == order).map(|row| text(row, "symbol"));
        let is_alike = |row: &Value| text(row, "clOrdId") == shown && Some(text(row, "symbol")) == symbol;
        if mood.ledger.iter().filter_map(|entry| entry.row.as_ref()).any(is_alike) {
            return;
        }
        if mood.disguises.iter().any(|one| one.order == order || one.shown == shown) {
            return;
        }
        mood.count("id given out again");
        mood.disguises.push(Disguise { order: order.clone(), shown: shown.clone() });
        drop(mood);
        self.note(format!("{order} is shown as {shown}"));
    }

    fn flip(&mut self) {
        let account = self.any_account();
        let wavers = self.dice.percent(20);
        let mut mood = self.gateway.mood();
        if wavers {
            mood.wavering = !mood.wavering;
        } else if !mood.flipped.remove(account) {
            mood.flipped.insert(account.to_owned());
        }
        mood.count(if wavers { "account wavers" } else { "account flipped" });
        let told = format!("flipped {:?}, wavering {}", mood.flipped, mood.wavering);
        drop(mood);
        self.note(told);
    }

    fn edit_config(&mut self) {
        let mut config = self.config.clone();
        match self.dice.below(7) {
            0 => config.live = false,
            1 => config.live = true,
            2 => config.value = Some(if self.dice.percent(50) { 500 } else { 4_000 }),
            3 => config.deny = vec!["MSFT", "F"],
            4 => config.deny.clear(),
            5 => config.account = if self.dice.percent(50) { Some("1002") } else { None },
            _ => config.orders = [Some(1), Some(3), None][self.dice.below(3)],
        }
        self.gateway.mood().count("config file edited");
        self.note(format!("config: {config:?}"));
        self.write_config(config);
    }

    fn wrong_quotes(&mut self) {
        let quotes = if self.dice.percent(40) {
            Quotes::True
        } else {
            Quotes::WRONG[self.dice.below(Quotes::WRONG.len())]
        };
        self.note(format!("quotes {quotes:?}"));
        self.gateway.mood().quotes = quotes;
    }

    /// The exchange fills an open order, in part or whole.
    fn fill(&mut self) {
        let account = self.any_account();
        let open: Vec<Value> = self.truth.rows(account).into_iter().filter(is_open).collect();
        let Some(row) = self.dice.pick(&open).cloned() else { return };
        let part = leaves(&row) > Decimal::ONE && self.dice.percent(50);
        self.note(format!("filled {}: {}", if part { "1 of" } else { "all of" }, text(&row, "clOrdId")));
        if self.foreign.contains(text(&row, "clOrdId")) {
            self.touched.insert((account.to_owned(), text(&row, "symbol").to_owned()));
        }
        self.gateway.mood().count("filled by the exchange");
        self.truth.fill(text(&row, "clOrdId"), part.then_some(1));
    }

    /// Another program changes or cancels an order of this one, or the exchange gives it another status.
    fn change_elsewhere(&mut self) {
        let account = self.any_account();
        let open: Vec<Value> = self
            .truth
            .rows(account)
            .into_iter()
            .filter(|row| is_open(row) && row["legs"].is_null())
            .collect();
        let Some(row) = self.dice.pick(&open).cloned() else { return };
        // The very change of which the outcome is not known, made by another, could be told apart by nobody.
        let id = Some(text(&row, "clOrdId"));
        if self.tickets.iter().any(|one| one.doubt.is_some() && one.sentence.replaces.as_deref() == id) {
            return;
        }
        let mut body = json!({"origClOrdId": row["clOrdId"], "tradingAccountId": account, "symbol": row["symbol"],
            "side": row["side"], "type": row["type"]});
        let what = self.dice.below(4);
        let path = match what {
            0 => {
                body["timeInForce"] = json!(if text(&row, "timeInForce") == "GTC" { "DAY" } else { "GTC" });
                "/v1/orders/replace"
            }
            1 => {
                body["qty"] = json!((leaves(&row) + Decimal::TEN).normalize().to_string());
                "/v1/orders/replace"
            }
            2 => "/v1/orders/cancel",
            _ => {
                let status = ["PENDING_CANCEL", "REJECTED", "SUSPENDED", "DONE_FOR_DAY"][self.dice.below(4)];
                body = json!({"clOrdId": row["clOrdId"], "status": status});
                "/sandbox/status"
            }
        };
        self.gateway.mood().count("order changed elsewhere");
        self.note(format!("elsewhere: {path} {body}"));
        let answer = self.truth.post(path, &body);
        self.touched.insert((account.to_owned(), text(&row, "symbol").to_owned()));
        if what < 2 && answer["success"] == json!(true) {
            let (old, new) = (text(&row, "clOrdId").to_owned(), text(&answer, "clOrdId").to_owned());
            self.ids.push(new.clone());
            if self.foreign.contains(&old) {
                self.foreign.insert(new.clone());
            }
            self.replaced.push((old, new));
        }
    }

    fn failing_reads(&mut self) {
        self.gateway.mood().failing_reads = [0, 0, 5, 15][self.dice.below(4)];
    }

    fn pages(&mut self) {
        let small = 1 + self.dice.below(2);
        let pages = [Pages::Whole, Pages::Small(small), Pages::Repeating, Pages::Stuck, Pages::Overlapping]
            [self.dice.below(5)];
        self.note(format!("pages {pages:?}"));
        self.gateway.mood().pages = pages;
    }

    /// Ends every disturbance, so that Aries answers as it is.
    pub(super) fn calm(&mut self) {
        let mut mood = self.gateway.mood();
        mood.flipped.clear();
        mood.wavering = false;
        mood.lags.clear();
        mood.quotes = Quotes::True;
        mood.pages = Pages::Whole;
        mood.failing_reads = 0;
        mood.troubles.clear();
        mood.twin = None;
        drop(mood);
        for symbol in ["MSFT", "AAPL", "KO", "NVDA", "F", "SPY", "TSLA"] {
            self.truth.post("/sandbox/price", &json!({"symbol": symbol, "price": null}));
        }
        self.prices.clear();
        self.note("calm");
    }
}
