//! The person's limits, applied to one order: value, size, symbols, types, and the distance from the market.
//!
//! What cannot be computed is refused on live accounts and told on simulated ones. No message says how to loosen a
//! limit: it says to ask the person (P49).

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use super::book::Working;
use super::order::{Kind, Order, TimeInForce};
use super::quote::{Freshness, Quote};
use super::record::Used;
use crate::aries::account::Account;
use crate::aries::symbols::{Symbol, key};
use crate::aries::time;
use crate::config::Trading;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::exchange;

/// The circumstances of a check.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What the person allows.
    pub trading: &'a Trading,
    /// Where it is to be ordered.
    pub account: &'a Account,
    /// The order whose place it takes.
    pub replaced: Option<&'a Working>,
    /// Now.
    pub now: Timestamp,
    /// The embedded market never closes.
    pub always_open: bool,
}

/// What came of a check that refused nothing.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Value of the order, in USD; of a spread its net.
    pub value: Decimal,
    /// What it adds to the value of the day: for a replacement only the growth, for a spread every leg.
    pub growth: Decimal,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Checks that could not run.
    pub unchecked: Vec<String>,
}

/// Checks everything that one order alone can break.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub fn check(scene: &Scene<'_>, order: &Order, quote: Option<&Quote>) -> Result<Verdict> {
    let live = !scene.account.simulated;
    let limits = scene.trading.limits(live);
    let mut verdict = Verdict::default();
    allowed(scene, order)?;
    let quantity = order.quantity.value();
    if order.legs().is_empty() && quantity > limits.max_order_quantity {
        return Err(beyond(&format!(
            "{quantity} shares, and the person's limit is {}",
            limits.max_order_quantity
        )));
    }
    for leg in order.legs() {
        let contracts = quantity * Decimal::from(leg.ratio);
        if contracts > limits.max_contracts {
            let what = format!(
                "{contracts} contracts of {}, and the person's limit is {}",
                leg.contract.words(),
                limits.max_contracts
            );
            return Err(beyond(&what));
        }
    }
    let quote = fresh(scene, live, quote, &mut verdict)?;
    let (net, premiums) = (value(order, quote), premiums(order, quote));
    for (known, what) in [
        (net.is_some(), "its value cannot be computed without a price"),
        (premiums.is_some(), "the value of its legs cannot be computed without a price for each"),
    ] {
        match (known, live) {
            (true, _) => {}
            (false, true) => return Err(unknown(what)),
            (false, false) => verdict.unchecked.push(format!("limits: {what}")),
        }
    }
    verdict.value = net.unwrap_or_default();
    // What counts for the limits: of a spread more than its net.
    let counted = verdict.value.max(premiums.unwrap_or_default());
    if counted > limits.max_order_value {
        let legs = if counted > verdict.value { ", every leg counted" } else { "" };
        let what = format!(
            "a value of {} USD{legs}, and the person's limit is {}",
            cents(counted),
            limits.max_order_value
        );
        return Err(beyond(&what));
    }
    let before = scene.replaced.and_then(|old| Some(old.limit? * old.quantity * order.multiplier()));
    verdict.growth = (counted - before.unwrap_or_default()).max(Decimal::ZERO);
    collar(order, quote, live, limits.price_collar_percent, &mut verdict)?;
    circumstances(scene, order, live, &mut verdict)?;
    Ok(verdict)
}

/// Checks what the day has left.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub fn day(trading: &Trading, live: bool, used: Used, growth: Decimal) -> Result<()> {
    let limits = trading.limits(live);
    if used.orders >= limits.max_orders_per_day {
        let what = format!(
            "{} orders were sent today, and the person's limit is {}",
            used.orders, limits.max_orders_per_day
        );
        return Err(beyond(&what));
    }
    if used.value + growth > limits.max_value_per_day {
        let what = format!(
            "{} USD were ordered today, {} more would pass the person's limit of {}",
            cents(used.value),
            cents(growth),
            limits.max_value_per_day
        );
        return Err(beyond(&what));
    }
    Ok(())
}

/// That every entry of `symbols_allow` and `symbols_deny` names an underlying: one that named nothing would forbid
/// nothing.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) naming the entry.
pub fn symbols(trading: &Trading) -> Result<()> {
    let allow = trading.symbols_allow.iter().flatten().map(|entry| ("symbols_allow", entry));
    let deny = trading.symbols_deny.iter().map(|entry| ("symbols_deny", entry));
    for (list, entry) in allow.chain(deny) {
        if !matches!(Symbol::traded(entry), Ok(Symbol::Stock(_))) {
            return Err(Error::usage(
                format!("[trading] {list}: {entry:?} is no ticker"),
                "write one ticker per entry, such as \"MSFT\" or \"BRK.B\"; of an option or an index its ticker",
            ));
        }
    }
    Ok(())
}

fn allowed(scene: &Scene<'_>, order: &Order) -> Result<()> {
    let trading = scene.trading;
    if let Some(accounts) = &trading.accounts
        && !accounts.iter().any(|name| scene.account.is_named(name))
    {
        return Err(beyond(&format!(
            "account {} is not among those the person allows",
            scene.account.masked()
        )));
    }
    let ticker = order.underlying();
    let among = |list: &[String]| list.iter().any(|one| key(one) == key(ticker));
    if among(&trading.symbols_deny) || trading.symbols_allow.as_deref().is_some_and(|list| !among(list)) {
        return Err(beyond(&format!("{ticker} is not among the symbols the person allows")));
    }
    let word = order.kind.word();
    if trading.order_types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind.name() == word)) {
        return Err(beyond(&format!("{word} orders are not among those the person allows")));
    }
    Ok(())
}

/// The quote, if it can be relied on.
fn fresh<'q>(
    scene: &Scene<'_>,
    live: bool,
    quote: Option<&'q Quote>,
    verdict: &mut Verdict,
) -> Result<Option<&'q Quote>> {
    let Some(quote) = quote.filter(|quote| quote.bid.is_some() || quote.ask.is_some()) else {
        if live {
            return Err(unknown("Aries gave no quote to judge it by"));
        }
        verdict.unchecked.push("distance from the market: there is no quote".to_owned());
        return Ok(None);
    };
    match quote.freshness(scene.now, scene.always_open) {
        Freshness::Stale if live => return Err(unknown("the quote is old or delayed")),
        Freshness::Stale => verdict.warnings.push("the quote is old or delayed".to_owned()),
        Freshness::Untold if live => return Err(unknown("Aries does not say how old the quote is")),
        Freshness::Untold => verdict.unchecked.push("age of the quote: Aries does not say it".to_owned()),
        Freshness::Fresh => {}
    }
    Ok(Some(quote))
}

/// Value of the order. A sale below the market is worth the market.
fn value(order: &Order, quote: Option<&Quote>) -> Option<Decimal> {
    let market = |side: fn(&Quote) -> Option<Decimal>| quote.and_then(side);
    let own = order.limit.as_ref().or(order.stop.as_ref()).map(|number| number.value());
    let price = match (order.buys(), order.kind) {
        (true, Kind::Limit | Kind::StopLimit) => own,
        (true, _) => own.max(market(|quote| quote.ask).max(market(|quote| quote.last))),
        (false, _) => own.max(market(|quote| quote.bid).max(market(|quote| quote.last))),
    }?;
    Some((price * order.quantity.value() * order.multiplier()).abs())
}

/// What all legs of a spread are worth, bought or sold: two that nearly cancel out in the net are two positions all
/// the same. Zero for an order without legs or with one; `None` if one has no price.
fn premiums(order: &Order, quote: Option<&Quote>) -> Option<Decimal> {
    let legs = order.legs();
    if legs.len() < 2 {
        return Some(Decimal::ZERO);
    }
    let prices = quote.map(|quote| quote.legs.as_slice()).filter(|prices| prices.len() == legs.len())?;
    let units = order.quantity.value() * order.multiplier();
    legs.iter().zip(prices).map(|(leg, price)| Some((*price)?.abs() * Decimal::from(leg.ratio) * units)).sum()
}

/// Prices on the losing side of the market: a buy above the ask, a sell below the bid.
fn collar(
    order: &Order,
    quote: Option<&Quote>,
    live: bool,
    percent: Decimal,
    verdict: &mut Verdict,
) -> Result<()> {
    let Some(quote) = quote else { return Ok(()) };
    let (side, name) = if order.buys() { (quote.ask, "ask") } else { (quote.bid, "bid") };
    let Some(side) = side else {
        if live {
            return Err(unknown(&format!("there is no {name} to judge it by")));
        }
        verdict.unchecked.push(format!("distance from the market: there is no {name}"));
        return Ok(());
    };
    let share = percent / Decimal::ONE_HUNDRED;
    let band = |reference: Decimal| {
        let width = reference.abs() * share;
        if order.buys() { reference + width } else { reference - width }
    };
    let passes = |price: Decimal, reference: Decimal| {
        if order.buys() { price > band(reference) } else { price < band(reference) }
    };
    let limit = order.limit.as_ref().map(|number| number.value());
    let stop = order.stop.as_ref().map(|number| number.value());
    // A stop-limit becomes a limit order when its stop is reached, so its limit is judged by its stop.
    let reference = if order.kind == Kind::StopLimit { stop.unwrap_or(side) } else { side };
    if let Some(limit) = limit
        && passes(limit, reference)
    {
        let against = if order.kind == Kind::StopLimit { "its stop" } else { name };
        return Err(beyond(&format!(
            "the limit {limit} is more than {percent} % on the losing side of {against} {}",
            reference.normalize()
        )));
    }
    if order.kind == Kind::Market
        && let (Some(bid), Some(ask)) = (quote.bid, quote.ask)
        && (ask - bid).abs() > (ask.abs().max(bid.abs()) * share)
    {
        let what = format!(
            "bid {} and ask {} are more than {percent} % apart: a market order could fill anywhere between",
            bid.normalize(),
            ask.normalize()
        );
        if live {
            return Err(beyond(&what));
        }
        verdict.warnings.push(what);
    }
    if let Some(stop) = stop
        && let Some(last) = quote.last
        && (if order.buys() { stop <= last } else { stop >= last })
    {
        verdict.warnings.push(format!(
            "the stop {stop} is already reached (last {}): it triggers at once",
            last.normalize()
        ));
    }
    Ok(())
}

fn circumstances(scene: &Scene<'_>, order: &Order, live: bool, verdict: &mut Verdict) -> Result<()> {
    let today = scene.now.to_zoned(time::zone()).date();
    let open = scene.always_open || exchange::in_session(scene.now);
    let at_once = matches!(
        order.time_in_force,
        TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok
    );
    if !open && order.kind == Kind::Market && at_once {
        let what = "a market order outside the session fills at whatever price the next session opens with";
        if live {
            return Err(beyond(what));
        }
        verdict.warnings.push(what.to_owned());
    } else if !open && order.time_in_force != TimeInForce::ExtendedHours {
        let next = exchange::next_open(scene.now).to_zoned(time::zone()).strftime("%A %Y-%m-%d %H:%M");
        verdict
            .warnings
            .push(format!("the session is closed: the order waits for the next one ({next} in New York)"));
    }
    for leg in order.legs() {
        if leg.contract.expiration == today {
            verdict.warnings.push(format!("{} expires today", leg.contract.words()));
        }
    }
    if order.legs().len() == 1
        && order.limit.as_ref().is_some_and(|limit| {
            limit.value() >= Decimal::from(3) && !(limit.value() * Decimal::from(20)).is_integer()
        })
    {
        verdict.warnings.push(
            "many options from 3.00 on trade in steps of 0.05: the exchange may reject this price".to_owned(),
        );
    }
    Ok(())
}

fn beyond(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed: {what}"),
        "tell the person; ask what they want to do instead",
    )
}

fn unknown(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed on a live account: {what}"),
        "tell the person; it may work when Aries has current prices",
    )
}

/// Money to the cent.
pub fn cents(value: Decimal) -> String {
    let mut rounded = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    let text = rounded.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fraction}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::trade::rules;

    fn circumstances_of(kind: &str, now: &str, simulated: bool) -> Result<Vec<String>> {
        let wanted = json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": kind,
            "limit_price": (kind == "limit").then_some("400.00")});
        let now: Timestamp = now.parse().unwrap();
        let order =
            rules::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap();
        let account = Account {
            id: "A0017".to_owned(),
            id_field: "id",
            simulated,
            status: None,
            kind: None,
            class: None,
        };
        let trading = Trading::default();
        let scene = Scene { trading: &trading, account: &account, replaced: None, now, always_open: false };
        let mut verdict = Verdict::default();
        circumstances(&scene, &order, !simulated, &mut verdict).map(|()| verdict.warnings)
    }

    #[test]
    fn a_list_of_symbols_holds_tickers_alone() {
        let deny = |entry: &str| Trading { symbols_deny: vec![entry.to_owned()], ..Trading::default() };
        for entry in ["MSFT", " msft ", "BRK.B", "brk-b", "AAPL.US", "SPX", "COMP"] {
            assert!(symbols(&deny(entry)).is_ok(), "{entry}");
        }
        for entry in ["", "$TSLA", "F,SPY", "*", "^SPX", "/ES", "AAPL 2026-12-18 200 C", "ſPY", "all of them"]
        {
            let error = symbols(&deny(entry)).unwrap_err();
            assert!(error.cause.contains("symbols_deny"), "{entry}: {}", error.cause);
            let allow = Trading { symbols_allow: Some(vec![entry.to_owned()]), ..Trading::default() };
            assert!(symbols(&allow).unwrap_err().cause.contains("symbols_allow"), "{entry}");
        }
    }

    #[test]
    fn a_market_order_on_a_holiday_is_outside_the_session() {
        // Thanksgiving at noon, and the short day after it at two.
        for now in ["2026-11-26T12:00:00-05:00", "2026-11-27T14:00:00-05:00"] {
            let refused = circumstances_of("market", now, false).unwrap_err();
            assert!(refused.cause.contains("outside the session"), "{}", refused.cause);
            assert_eq!(circumstances_of("market", now, true).unwrap().len(), 1);
        }
        assert!(circumstances_of("market", "2026-11-27T12:00:00-05:00", false).unwrap().is_empty());
        assert_eq!(
            circumstances_of("limit", "2026-11-26T12:00:00-05:00", false).unwrap(),
            ["the session is closed: the order waits for the next one (Friday 2026-11-27 09:30 in New York)"]
        );
    }
}
