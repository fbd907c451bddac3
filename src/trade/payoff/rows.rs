//! What a payoff says: rows of a name and a value, for answers, questions and the approval page alike.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Payoff;
use super::curve::{Breakeven, Curve, Extreme};
use super::figures::Figures;
use super::settlement::{PER_CONTRACT, is_cash_settled};
use crate::trade::checks::notional::cents;
use crate::trade::order::body::Leg;

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
        let held = if pairing.shares_held.is_sign_negative() { "held short" } else { "held" };
        let (all, kinds) =
            (plain(pairing.shares_held), if held == "held" { ("call", "put") } else { ("put", "call") });
        if !pairing.covered_by_shares.is_zero() {
            let shares = plain(pairing.covered_by_shares * PER_CONTRACT);
            parts.push(format!("covered {}: {shares} of {all} {ticker} {held}", kinds.0));
        }
        if !pairing.protected.is_zero() {
            let shares = plain(pairing.protected);
            parts.push(format!("protective {}: for {shares} of {all} {ticker} {held}", kinds.1));
        }
        let covering = pairing.covering.iter();
        parts.extend(
            covering.map(|(contract, lot)| {
                format!("covered by {} {} held", plain(lot.quantity), contract.words())
            }),
        );
        if !pairing.puts_left.is_zero() && self.uncovered.puts.is_zero() {
            parts.push("cash-secured put".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join("; "))
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
            Figures::AtExpiration(curve) => at_expiration(curve, self.unit()),
            Figures::Closed(profit) => {
                let name = if profit.is_sign_negative() { "Loss by closing" } else { "Gain by closing" };
                vec![(name, usd(profit.abs()))]
            }
            Figures::DifferentDays(least) => {
                let loss = least.map_or_else(
                    || "not stated: the written contracts expire on different days".to_owned(),
                    |least| match least {
                        Extreme::Unlimited => loss(least),
                        Extreme::At(_) => format!("at most {}", loss(least)),
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

    /// What prices of the underlying are counted in.
    fn unit(&self) -> &'static str {
        if self.legs.iter().any(|leg| is_cash_settled(&leg.contract)) { "points" } else { "USD" }
    }

    fn ticker(&self) -> &str {
        self.legs.first().map_or("", |leg| leg.contract.underlying())
    }
}

fn at_expiration(curve: &Curve, unit: &str) -> Vec<Row> {
    let breakevens: Vec<String> = curve.breakevens().into_iter().map(breakeven).collect();
    let breakevens = match breakevens.as_slice() {
        [] => "none".to_owned(),
        prices => format!("{} {unit}", prices.join(" and ")),
    };
    vec![
        ("Maximum loss", loss(curve.least())),
        ("Maximum gain", gain(curve.most())),
        ("Breakeven at expiration", breakevens),
    ]
}

fn loss(least: Extreme) -> String {
    match least {
        Extreme::Unlimited => "unlimited".to_owned(),
        Extreme::At(profit) if profit.is_sign_negative() => usd(-profit),
        Extreme::At(profit) => format!("none: at least {} gain", usd(profit)),
    }
}

fn gain(most: Extreme) -> String {
    match most {
        Extreme::Unlimited => "unlimited".to_owned(),
        Extreme::At(profit) if profit.is_sign_negative() => format!("none: at least {} loss", usd(-profit)),
        Extreme::At(profit) => usd(profit),
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
    let mut price = price.round_dp(4).normalize();
    price.rescale(price.scale().max(2));
    price.to_string()
}
