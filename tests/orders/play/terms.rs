//! What an order is, read from three places: the sentence that a person reads, the body that is sent, and Aries' list.

use rust_decimal::Decimal;
use serde_json::Value;

use super::truth::{number, text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) side: String,
    pub(super) symbol: String,
    pub(super) quantity: Decimal,
    pub(super) kind: String,
    pub(super) limit: Option<Decimal>,
    pub(super) stop: Option<Decimal>,
    pub(super) time: String,
    pub(super) legs: Vec<Leg>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leg {
    side: String,
    effect: String,
    ratio: Decimal,
    right: String,
    strike: Decimal,
    day: String,
}

/// A sentence taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) terms: Terms,
    /// The order that it replaces.
    pub(super) replaces: Option<String>,
    /// The last four characters of the account.
    pub(super) account: String,
    pub(super) live: bool,
}

impl Sentence {
    /// `BUY 10 MSFT, limit 400.00, day instead of … (ID), account …1002 SANDBOX (plays live), about 4,000.00 USD`
    pub(super) fn read(sentence: &str) -> Option<Self> {
        let (order, rest) = sentence.split_once(", account …")?;
        let (account, money) = rest.split_once(' ')?;
        let (terms, old) = match order.split_once(" instead of ") {
            Some((terms, old)) => (terms, Some(old)),
            None => (order, None),
        };
        let replaces = match old {
            Some(old) => {
                // What follows the parentheses is about coverage.
                let id = old.rsplit_once(" (")?.1;
                Some(id.split([';', ')']).next()?.to_owned())
            }
            None => None,
        };
        let live = money.starts_with("LIVE") || money.starts_with("SANDBOX (plays live)");
        let simulated = money.starts_with("SIM") || money.starts_with("SANDBOX (plays simulated)");
        (live != simulated).then_some(())?;
        Some(Self { terms: Terms::said(terms)?, replaces, account: account.to_owned(), live })
    }
}

impl Terms {
    /// `BUY 10 MSFT, limit 400.00, day`
    fn said(text: &str) -> Option<Self> {
        let (what, rest) = text.split_once(", ")?;
        let (price, time) = rest.split_once(", ")?;
        // What follows is about coverage, and no member of the order.
        let time = time.split(", ").next()?;
        let (action, quantity, what) = counted(what)?;
        let spread = what.split_once(" spread [");
        let (symbol, legs) = match spread {
            Some((symbol, legs)) => {
                let legs = legs.trim_end_matches(']').split(" + ").map(Leg::said);
                (symbol.to_owned(), legs.collect::<Option<Vec<_>>>()?)
            }
            None if action.contains(" TO ") && action != "BUY TO COVER" => {
                let leg = Leg::said(&format!("{action} 1 {what}"))?;
                (what.split(' ').next()?.to_owned(), vec![leg])
            }
            None => (what.to_owned(), Vec::new()),
        };
        let side = match legs.as_slice() {
            [] => action.replace(' ', "_"),
            _ => action.split(' ').next()?.to_owned(),
        };
        let debit = price.ends_with(" net debit");
        if spread.is_some() && debit != (side == "BUY") {
            return None;
        }
        let price = price.trim_end_matches(" net debit").trim_end_matches(" net credit");
        let after = |name: &str| {
            let words: Vec<&str> = price.split(' ').collect();
            words.windows(2).find(|pair| pair[0] == name).and_then(|pair| pair[1].parse().ok())
        };
        let (limit, stop) = (after("limit"), after("stop"));
        let kind = match (&limit, &stop) {
            (None, None) if price == "at the market" => "MARKET",
            (Some(_), None) => "LIMIT",
            (None, Some(_)) => "STOP",
            (Some(_), Some(_)) => "STOP_LIMIT",
            (None, None) => return None,
        };
        let time = time.to_uppercase().replace(' ', "_");
        Some(Self { side, symbol, quantity, kind: kind.to_owned(), limit, stop, time, legs })
    }

    /// As a body or a list says it.
    pub(super) fn of(order: &Value) -> Self {
        let time = match text(order, "timeInForce") {
            "EXT" => "EXTENDED_HOURS",
            "ATO" => "AT_THE_OPENING",
            "ATC" => "AT_THE_CLOSE",
            other => other,
        };
        let legs = order["legs"].as_array().cloned().unwrap_or_default();
        Self {
            side: text(order, "side").to_owned(),
            symbol: text(order, "symbol").to_owned(),
            quantity: number(order, "qty").unwrap_or_default(),
            kind: text(order, "type").to_owned(),
            limit: number(order, "price"),
            stop: number(order, "stopPrice"),
            time: time.to_owned(),
            legs: legs.iter().map(Leg::of).collect(),
        }
    }

    /// What a replacement that changes `old` makes of it.
    pub(super) fn replaced(old: &Value, body: &Value) -> Self {
        let mut new = old.clone();
        for name in ["qty", "price", "stopPrice", "timeInForce", "side", "type", "symbol"] {
            if !body[name].is_null() {
                new[name] = body[name].clone();
            }
        }
        Self::of(&new)
    }

    /// What it is worth by its limit, where it is for shares.
    pub(super) fn value(&self) -> Option<Decimal> {
        self.limit.filter(|_| self.legs.is_empty()).map(|limit| limit * self.quantity)
    }
}

/// `SELL TO CLOSE 1 AAPL …` as its action, its number and the rest.
fn counted(text: &str) -> Option<(String, Decimal, String)> {
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().position(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let (action, rest) = words.split_at(at);
    let (quantity, what) = rest.split_first()?;
    Some((action.join(" "), quantity.parse().ok()?, what.join(" ")))
}

impl Leg {
    /// `SELL TO CLOSE 1 AAPL 2026-12-18 270 C`
    fn said(text: &str) -> Option<Self> {
        let (action, ratio, what) = counted(text)?;
        let mut parts = what.split(' ');
        let (_, day, strike, right) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (side, effect) = action.split_once(" TO ")?;
        let right = match right {
            "C" => "CALL",
            "P" => "PUT",
            _ => return None,
        };
        Some(Self {
            side: side.to_owned(),
            effect: effect.to_owned(),
            ratio,
            right: right.to_owned(),
            strike: strike.parse().ok()?,
            day: day.to_owned(),
        })
    }

    fn of(leg: &Value) -> Self {
        Self {
            side: text(leg, "side").to_owned(),
            effect: text(leg, "positionEffect").to_owned(),
            ratio: number(leg, "ratioQty").unwrap_or_default(),
            right: text(leg, "putCall").to_owned(),
            strike: number(leg, "strikePrice").unwrap_or_default(),
            day: text(leg, "maturity").to_owned(),
        }
    }
}

#[test]
fn sentences_are_read_by_other_code_than_wrote_them() {
    let read = |text: &str| Sentence::read(text).unwrap();
    let first = read(
        "SELL SHORT 10 MSFT, stop 450.00 limit 455.00, at the close, account …1002 SANDBOX (plays live), about 4,000.00 USD",
    );
    assert_eq!((first.terms.side.as_str(), first.terms.kind.as_str()), ("SELL_SHORT", "STOP_LIMIT"));
    assert_eq!(
        (first.account.as_str(), first.live, first.terms.time.as_str()),
        ("1002", true, "AT_THE_CLOSE")
    );
    let second = read(
        "BUY 10 MSFT, limit 399.50, day instead of BUY 10 MSFT, limit 400.00 day (C1-22; 3 filled already, 7 left to fill), account …0017 SIM, about 1 USD",
    );
    assert_eq!((second.replaces.as_deref(), second.live), (Some("C1-22"), false));
    let spread = read(
        "SELL 2 AAPL spread [SELL TO OPEN 1 AAPL 2026-12-18 260 P + BUY TO OPEN 2 AAPL 2026-12-18 250 P], limit 9.00 net credit, gtc, account …0017 SIM, about 1 USD",
    );
    assert_eq!((spread.terms.side.as_str(), spread.terms.legs.len()), ("SELL", 2));
    assert!(Sentence::read("BUY 2 AAPL spread [SELL TO OPEN 1 AAPL 2026-12-18 260 P], limit 9.00 net credit, day, account …0017 SIM, about 1 USD").is_none());
    let one = read("BUY TO OPEN 1 AAPL 2026-12-18 260 P, at the market, day, account …0017 SIM, about 1 USD");
    assert_eq!(
        (one.terms.side.as_str(), one.terms.symbol.as_str(), one.terms.legs.len()),
        ("BUY", "AAPL", 1)
    );
}
