//! What a payoff says: rows of a name and a value, for answers, questions and the approval page alike.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Payoff;
use super::curve::{Breakeven, Curve, Extreme};
use super::figures::Figures;
use super::settlement::{PER_CONTRACT, is_cash_settled};
use crate::trade::checks::notional::cents;
use crate::trade::order::body::Leg;
use crate::trade::order::decimal::price_words;

pub(crate) type Row = (&'static str, String);

impl Payoff {
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut row = |name, value: Option<String>| rows.extend(value.map(|value| (name, value)));
        row("Cover", self.cover());
        if let Some(price) = &self.price {
            let amount = price.received * self.left * PER_CONTRACT;
            let name = if amount.is_sign_negative() { "Net debit" } else { "Net credit" };
            row(name, Some(format!("{} USD {price}, without fees", cents(amount.abs()))));
        }
        row("Counted with it", self.counted());
        for (name, value) in self.results() {
            row(name, Some(value));
        }
        row("Assignment", self.assignment());
        row("Expiration", self.expiration());
        rows
    }

    /// What stands behind the written contracts, and which shares the bought ones protect.
    fn cover(&self) -> Option<String> {
        let (pairing, ticker) = (&self.pairing, self.ticker());
        let plain = |number: Decimal| number.abs().normalize();
        let mut parts = Vec::new();
        if !self.uncovered.is_none() {
            parts.push(format!("UNCOVERED: {}", self.uncovered));
        }
        parts.extend(self.cover_by_shares());
        if !pairing.protected.is_zero() {
            let (shares, all) = (plain(pairing.protected), plain(pairing.shares_held));
            let is_short = pairing.shares_held.is_sign_negative();
            let (kind, held) = if is_short { ("call", "held short") } else { ("put", "held") };
            parts.push(format!("protective {kind}: for {shares} of {all} {ticker} {held}"));
        }
        for (contract, lot) in &pairing.covering {
            let by = if contract.call && !self.is_index() { "by" } else { "covered by" };
            let kind = if contract.call { "a covered call" } else { "a cash-secured put" };
            let (count, contract) = (plain(lot.quantity), contract.words());
            parts.push(format!("{by} {count} {contract} held (a spread, not {kind})"));
        }
        if !pairing.puts_left.is_zero() && self.uncovered.puts.is_zero() {
            parts.push("cash-secured put".to_owned());
        }
        let is_covered = !pairing.covered_by_shares.is_zero() || !pairing.covering.is_empty();
        let required = self.requirement.filter(|usd| *usd > Decimal::ZERO && is_covered);
        if let Some(required) = required.filter(|_| self.uncovered.is_none()) {
            parts.push(format!("Aries requires {} USD all the same, by its own count", cents(required)));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Which shares cover the written contracts; of calls also that they do not, where there are some or where something
    /// else covers in their place: a person may take any cover for that of a covered call.
    fn cover_by_shares(&self) -> Option<String> {
        let (pairing, ticker) = (&self.pairing, self.ticker());
        let plain = |number: Decimal| number.abs().normalize();
        let (written, covered) = (pairing.calls_written, pairing.covered_by_shares);
        let (held, is_long) = (pairing.shares_held, pairing.shares_held > Decimal::ZERO);
        if !covered.is_zero() {
            let of = if covered < written {
                format!("{} of {} ", plain(covered), plain(written))
            } else {
                String::new()
            };
            let short = if is_long { "" } else { " short" };
            let shares = plain(covered * PER_CONTRACT);
            return Some(format!("{of}covered by {shares} of the {} {ticker} held{short}", plain(held)));
        }
        if written.is_zero() || self.is_index() || !is_long && pairing.covering.is_empty() {
            return None;
        }
        if !is_long {
            return Some(format!("no {ticker} held, so not by shares"));
        }
        let free = Some(pairing.shares_free).filter(|free| *free < held);
        let free = free.map(|free| format!(" ({} of them free)", plain(free))).unwrap_or_default();
        let needed = plain(written * PER_CONTRACT);
        let calls = if written == Decimal::ONE {
            "a call needs".to_owned()
        } else {
            format!("{} calls need", plain(written))
        };
        Some(format!("{} {ticker} held{free} of the {needed} that {calls}, so not by shares", plain(held)))
    }

    /// What is held and counts in the result, at what it cost.
    fn counted(&self) -> Option<String> {
        let pairing = &self.pairing;
        let shares = (self.ticker().to_owned(), pairing.shares);
        let contracts = pairing.closed.iter().chain(&pairing.covering);
        let lots = std::iter::once(shares).chain(contracts.map(|(contract, lot)| (contract.words(), *lot)));
        let parts: Vec<String> = lots
            .filter(|(_, lot)| !lot.quantity.is_zero())
            .filter_map(|(what, lot)| {
                Some(format!("{} {what} held at {} USD", lot.quantity.normalize(), plain_price(lot.average?)))
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Maximum loss, maximum gain and breakevens, or why they are not stated.
    pub(super) fn results(&self) -> Vec<Row> {
        match &self.figures {
            Figures::AtExpiration(curve) => self.at_expiration(curve),
            Figures::Closed(profit) if profit.is_sign_negative() => {
                vec![("Loss by closing", self.lost(-profit))]
            }
            Figures::Closed(profit) => vec![("Gain by closing", self.gained(*profit))],
            Figures::DifferentDays(least) => {
                let loss = least.map_or_else(
                    || "not stated: the written contracts expire on different days".to_owned(),
                    |least| match least {
                        Extreme::Unlimited => self.loss(least),
                        Extreme::At(_) => format!("at most {}", self.loss(least)),
                    },
                );
                let why = "not stated: the contracts expire on different days".to_owned();
                vec![("Maximum loss", loss), ("Maximum gain and breakeven", why)]
            }
            Figures::Unstated(why) | Figures::Nonstandard(why) => {
                vec![("Maximum gain and loss", format!("not stated: {why}"))]
            }
        }
    }

    /// What is delivered if the written contracts are assigned, or the bought ones exercised.
    fn assignment(&self) -> Option<String> {
        if matches!(&self.figures, Figures::Nonstandard(_)) {
            return None;
        }
        let opened = || self.legs.iter().filter(|leg| !leg.action.closes());
        let written: Vec<String> =
            opened().filter(|leg| !leg.action.buys()).map(|leg| self.delivery(leg)).collect();
        if !written.is_empty() {
            return Some(written.join("; "));
        }
        let bought: Vec<String> = opened().map(|leg| self.delivery(leg)).collect();
        (!bought.is_empty()).then(|| format!("none: bought. Exercise: {}", bought.join("; ")))
    }

    fn delivery(&self, leg: &Leg) -> String {
        let units = Decimal::from(leg.ratio) * self.left * PER_CONTRACT;
        let (contract, units) = (&leg.contract, units.normalize());
        let (ticker, strike) = (contract.underlying(), contract.strike.normalize());
        if is_cash_settled(contract) {
            let verb = if leg.action.buys() { "get" } else { "pay" };
            let side = if contract.call { "above" } else { "below" };
            return format!(
                "{verb} {units} USD in cash for each point of {ticker} {side} {strike}; no shares"
            );
        }
        let amount = cents(contract.strike * units);
        if contract.call == leg.action.buys() {
            format!("buy {units} {ticker} for {amount} USD ({} {})", strike, right(leg))
        } else {
            format!("deliver {units} {ticker} for {amount} USD ({} {})", strike, right(leg))
        }
    }

    fn expiration(&self) -> Option<String> {
        let mut days: Vec<Date> = self.legs.iter().map(|leg| leg.contract.expiration).collect();
        days.sort();
        days.dedup();
        let words = |day: &Date| {
            let left = self.today.until(*day).map(|span| span.get_days()).unwrap_or_default();
            match left {
                0 => format!("{day}, today"),
                1 => format!("{day}, in 1 day"),
                _ => format!("{day}, in {left} days"),
            }
        };
        (!days.is_empty()).then(|| days.iter().map(words).collect::<Vec<_>>().join("; "))
    }

    fn at_expiration(&self, curve: &Curve) -> Vec<Row> {
        let breakevens: Vec<String> = curve.breakevens().into_iter().map(breakeven).collect();
        let unit = if self.is_index() { "points" } else { "USD" };
        let breakevens = match breakevens.as_slice() {
            [] => "none".to_owned(),
            prices => format!("{} {unit}, without fees", prices.join(" and ")),
        };
        vec![
            ("Maximum loss", self.loss(curve.least())),
            ("Maximum gain", self.gain(curve.most())),
            ("Breakeven at expiration", breakevens),
        ]
    }

    fn loss(&self, least: Extreme) -> String {
        match least {
            Extreme::Unlimited => "unlimited".to_owned(),
            Extreme::At(profit) if profit.is_sign_negative() => self.lost(-profit),
            Extreme::At(profit) => format!("none: at least {} gain, without fees", usd(profit)),
        }
    }

    fn gain(&self, most: Extreme) -> String {
        match most {
            Extreme::Unlimited => "unlimited".to_owned(),
            Extreme::At(profit) if profit.is_sign_negative() => {
                format!("none: at least {} loss, without fees", usd(-profit))
            }
            Extreme::At(profit) => self.gained(profit),
        }
    }

    /// `418.00 USD without fees, 419.00 with them`.
    fn lost(&self, amount: Decimal) -> String {
        let with = self.fees.map(|fees| format!(", {} with them", cents(amount.saturating_add(fees))));
        format!("{} without fees{}", usd(amount), with.unwrap_or_default())
    }

    fn gained(&self, amount: Decimal) -> String {
        let with = self.fees.map(|fees| match amount.saturating_sub(fees) {
            left if left > Decimal::ZERO => format!(", {} with them", cents(left)),
            _ => ", none with them".to_owned(),
        });
        format!("{} without fees{}", usd(amount), with.unwrap_or_default())
    }

    /// Whether the contracts are settled in cash by the points of an index.
    fn is_index(&self) -> bool {
        self.legs.iter().any(|leg| is_cash_settled(&leg.contract))
    }

    fn ticker(&self) -> &str {
        self.legs.first().map_or("", |leg| leg.contract.underlying())
    }
}

fn breakeven(at: Breakeven) -> String {
    match at {
        Breakeven::At(price) => plain_price(price),
        Breakeven::Between(low, Some(high)) => format!("{} to {}", plain_price(low), plain_price(high)),
        Breakeven::Between(low, None) => format!("{} and above", plain_price(low)),
    }
}

fn right(leg: &Leg) -> &'static str {
    if leg.contract.call { "call" } else { "put" }
}

fn usd(amount: Decimal) -> String {
    format!("{} USD", cents(amount))
}

/// A price with two decimals, or four where it has more.
fn plain_price(price: Decimal) -> String {
    price_words(price.round_dp(4))
}
