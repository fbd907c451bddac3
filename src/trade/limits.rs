//! The person's limits, applied to one order: value, size, symbols, types, and the distance from the market.
//!
//! What cannot be computed is refused on live accounts and told on simulated ones. No message says how to loosen a
//! limit: it says to ask the person (P49).

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use super::book::Working;
use super::collar;
use super::order::{Kind, Order, TimeInForce};
use super::quote::{Freshness, Quote};
use super::record::Used;
use crate::aries::account::Account;
use crate::aries::symbols::{Symbol, key};
use crate::aries::time;
use crate::config::{Limits, Trading};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::exchange::{self, Hours};

/// Aries' estimate and the value here differ noticeably by more than a twentieth, for which no movement of the market
/// between two quotes accounts (it is the usual collar), and by more than 1 USD, which the fees of a tiny order can be.
const TWENTY: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

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
    /// The same at the order's own price, where that is less: a sale below the market, a stop that is not reached.
    pub least: Decimal,
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
    unexpired(scene, order)?;
    standard(order, quote)?;
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
    let quote = fresh(scene, order, quote, live, &mut verdict)?;
    let mut kind = order.kind;
    if let Some(quote) = quote {
        kind = collar::kind(order, quote, live, &mut verdict)?;
        typed(scene.trading, kind)?;
        collar::sides(order, quote)?;
    }
    let (net, premiums) = (value(order, kind, quote), premiums(order, quote));
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
    verdict.least = own_price(order, kind)
        .and_then(|own| worth(order, own))
        .map_or(verdict.value, |own| own.min(verdict.value));
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
    let before =
        scene.replaced.and_then(|old| old.limit?.checked_mul(old.quantity)?.checked_mul(order.multiplier()));
    verdict.growth = (counted - before.unwrap_or_default()).max(Decimal::ZERO);
    if let Some(quote) = quote {
        collar::check(order, kind, quote, live, limits.price_collar_percent, &mut verdict)?;
    }
    circumstances(scene, order, kind, live, &mut verdict)?;
    Ok(verdict)
}

/// Counts what Aries itself expects a new order to cost: it knows the contract and its fees, so of two values the
/// higher one counts for the order and for the day.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub fn heed(limits: &Limits, order: &Order, cost: Decimal, verdict: &mut Verdict) -> Result<()> {
    let estimate = cost.abs();
    if estimate > limits.max_order_value {
        let what = format!(
            "a value of {} USD by Aries' own estimate, and the person's limit is {}",
            cents(estimate),
            limits.max_order_value
        );
        return Err(beyond(&what));
    }
    verdict.growth = verdict.growth.max(estimate);
    // A sale may have no cost, and an unknown value explains nothing.
    let comparable = !verdict.value.is_zero() && (order.buys() || !estimate.is_zero());
    // Negative between the two values.
    let apart = (estimate - verdict.value).max(verdict.least - estimate);
    if comparable && apart > Decimal::ONE && apart > verdict.value / TWENTY {
        verdict.warnings.push(format!(
            "Aries estimates {} USD, but by its price and quantity the order is worth {} USD",
            cents(estimate),
            cents(verdict.value)
        ));
    }
    Ok(())
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
    // A sum that no decimal can hold is beyond every limit.
    if used.value.checked_add(growth).is_none_or(|sum| sum > limits.max_value_per_day) {
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
    typed(trading, order.kind)
}

/// Whether the person allows this type of order.
fn typed(trading: &Trading, kind: Kind) -> Result<()> {
    let word = kind.word();
    if trading.order_types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind.name() == word)) {
        return Err(beyond(&format!("{word} orders are not among those the person allows")));
    }
    Ok(())
}

/// The rules of form refuse what expired before today; only here the hour is known.
fn unexpired(scene: &Scene<'_>, order: &Order) -> Result<()> {
    let today = scene.now.to_zoned(time::zone()).date();
    let over = !scene.always_open && exchange::is_done_for_today(scene.now);
    match order.legs().iter().find(|leg| over && leg.contract.expiration == today) {
        Some(leg) => Err(Error::new(
            ErrorKind::Refused,
            format!("{} expired at the close of today", leg.contract.words()),
            "give a later expiration",
        )),
        None => Ok(()),
    }
}

/// Every value here counts 100 shares a contract, so a contract that is said to stand for another number is refused.
fn standard(order: &Order, quote: Option<&Quote>) -> Result<()> {
    let quotes = quote.map(|quote| quote.legs.as_slice()).unwrap_or_default();
    let other = order.legs().iter().zip(quotes).find_map(|(leg, quote)| {
        let shares = quote.shares.filter(|shares| *shares != order.multiplier())?;
        Some((leg, shares))
    });
    let Some((leg, shares)) = other else { return Ok(()) };
    Err(Error::new(
        ErrorKind::Refused,
        format!("{} stands for {} shares, not for 100", leg.contract.words(), shares.normalize()),
        "tell the person to trade it in Aries' own application",
    ))
}

/// The quote, if it can be relied on.
fn fresh<'q>(
    scene: &Scene<'_>,
    order: &Order,
    quote: Option<&'q Quote>,
    live: bool,
    verdict: &mut Verdict,
) -> Result<Option<&'q Quote>> {
    let Some(quote) = quote.filter(|quote| !quote.is_empty()) else {
        if live {
            return Err(unknown("Aries gave no quote to judge it by"));
        }
        verdict.unchecked.push("distance from the market: there is no quote".to_owned());
        return Ok(None);
    };
    let hours = match order.time_in_force {
        TimeInForce::ExtendedHours => Hours::Extended,
        _ => Hours::Regular,
    };
    match quote.freshness(scene.now, (!scene.always_open).then_some(hours)) {
        Freshness::Stale if live => return Err(unknown("the quote is old or delayed")),
        Freshness::Stale => verdict.warnings.push("the quote is old or delayed".to_owned()),
        Freshness::Ahead if live => return Err(unknown("the quote is stamped in the future")),
        Freshness::Ahead => verdict.warnings.push("the quote is stamped in the future".to_owned()),
        Freshness::Untold if live => return Err(unknown("Aries does not say how old the quote is")),
        Freshness::Untold => verdict.unchecked.push("age of the quote: Aries does not say it".to_owned()),
        Freshness::Fresh => {}
    }
    Ok(Some(quote))
}

/// Value of the order, which is of this kind in the market. A sale below the market is worth the market.
fn value(order: &Order, kind: Kind, quote: Option<&Quote>) -> Option<Decimal> {
    let market = |side: fn(&Quote) -> Option<Decimal>| quote.and_then(side);
    let own = own_price(order, kind);
    let price = match (order.buys(), kind) {
        (true, Kind::Limit | Kind::StopLimit) => own,
        (true, _) => own.max(market(|quote| quote.ask).max(market(|quote| quote.last))),
        (false, _) => own.max(market(|quote| quote.bid).max(market(|quote| quote.last))),
    }?;
    worth(order, price)
}

fn own_price(order: &Order, kind: Kind) -> Option<Decimal> {
    let own = order.limit.as_ref().or(order.stop.as_ref()).filter(|_| kind != Kind::Market);
    own.map(|number| number.value())
}

/// The whole order at a price.
fn worth(order: &Order, price: Decimal) -> Option<Decimal> {
    Some(price.checked_mul(order.quantity.value())?.checked_mul(order.multiplier())?.abs())
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
    legs.iter()
        .zip(prices)
        .map(|(leg, price)| price.highest()?.checked_mul(Decimal::from(leg.ratio))?.checked_mul(units))
        .sum()
}

fn circumstances(
    scene: &Scene<'_>,
    order: &Order,
    kind: Kind,
    live: bool,
    verdict: &mut Verdict,
) -> Result<()> {
    let today = scene.now.to_zoned(time::zone()).date();
    let open = scene.always_open || exchange::in_session(scene.now);
    let at_once = matches!(
        order.time_in_force,
        TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok
    );
    if !open && kind == Kind::Market && at_once {
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

pub(super) fn beyond(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed: {what}"),
        "tell the person; ask what they want to do instead",
    )
}

pub(super) fn unknown(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed on a live account: {what}"),
        "tell the person; it may work when Aries has current prices",
    )
}

/// Money to the cent; what is less than a cent as it is, for it is not nothing.
pub fn cents(value: Decimal) -> String {
    let mut rounded = if value.abs() < CENT {
        value.normalize()
    } else {
        value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    };
    if rounded.scale() <= 2 {
        rounded.rescale(2);
    }
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
    use serde_json::{Value, json};

    use super::*;
    use crate::config::OrderType;
    use crate::trade::rules;

    const NOON: &str = "2026-11-20T12:00:00-05:00";

    fn order(wanted: Value) -> Order {
        rules::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap()
    }

    fn msft(changes: &Value) -> Order {
        let mut wanted = json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"});
        wanted.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        order(wanted)
    }

    fn call(expiration: &str) -> Order {
        order(json!({"symbol": format!("AAPL {expiration} 270 C"), "action": "buy_to_open", "quantity": "1",
            "type": "limit", "limit_price": "1.00"}))
    }

    /// The check of an order on an account that plays live, or simulated, where the exchange has its hours.
    fn judged(order: &Order, quote: Option<&Quote>, now: &str, simulated: bool) -> Result<Verdict> {
        judged_by(&Trading::default(), order, quote, now, simulated)
    }

    fn judged_by(
        trading: &Trading,
        order: &Order,
        quote: Option<&Quote>,
        now: &str,
        simulated: bool,
    ) -> Result<Verdict> {
        let account = Account {
            id: "A0017".to_owned(),
            id_field: "id",
            simulated,
            status: None,
            kind: None,
            class: None,
        };
        let now = now.parse().unwrap();
        let scene = Scene { trading, account: &account, replaced: None, now, always_open: false };
        check(&scene, order, quote)
    }

    fn quoted(bid: &str, ask: &str, at: &str) -> Quote {
        let price = |text: &str| text.parse().ok();
        Quote { bid: price(bid), ask: price(ask), at: at.parse().ok(), ..Quote::default() }
    }

    fn refusal(verdict: Result<Verdict>) -> String {
        verdict.unwrap_err().cause
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
            let quote = quoted("400.00", "400.10", now);
            let refused = refusal(judged(&msft(&json!({})), Some(&quote), now, false));
            assert!(refused.contains("outside the session"), "{refused}");
            assert_eq!(judged(&msft(&json!({})), Some(&quote), now, true).unwrap().warnings.len(), 1);
        }
        let short = "2026-11-27T12:00:00-05:00";
        let quote = quoted("400.00", "400.10", short);
        assert!(judged(&msft(&json!({})), Some(&quote), short, false).unwrap().warnings.is_empty());
        let holiday = "2026-11-26T12:00:00-05:00";
        let quote = quoted("400.00", "400.10", holiday);
        let limit = msft(&json!({"type": "limit", "limit_price": "400.00"}));
        assert_eq!(
            judged(&limit, Some(&quote), holiday, false).unwrap().warnings,
            ["the session is closed: the order waits for the next one (Friday 2026-11-27 09:30 in New York)"]
        );
    }

    #[test]
    fn a_stop_that_is_already_reached_is_a_market_order() {
        let stop = |action: &str, price: &str| {
            order(
                json!({"symbol": "MSFT", "action": action, "quantity": "5", "type": "stop", "stop_price": price}),
            )
        };
        let quote =
            |bid: &str, ask: &str, last: &str| Quote { last: last.parse().ok(), ..quoted(bid, ask, NOON) };
        let mut reached = Vec::new();
        for (action, price, bid, ask, last, is_reached) in [
            ("buy", "401", "399.9", "400.1", "400", false),
            ("buy", "400", "399.9", "400.1", "400", true),
            ("buy", "0.01", "399.9", "400.1", "400", true),
            ("sell", "399", "399.9", "400.1", "400", false),
            ("sell", "400", "399.9", "400.1", "400", true),
            ("sell", "900", "399.9", "400.1", "400", true),
            // Without a last trade the nearest offer counts.
            ("buy", "400.1", "399.9", "400.1", "", true),
            ("buy", "400.2", "399.9", "400.1", "", false),
            ("sell", "399.9", "399.9", "400.1", "", true),
            ("sell", "399.8", "399.9", "400.1", "", false),
            // A last trade from before the market moved.
            ("buy", "390", "399.9", "400.1", "380", true),
            ("sell", "410", "399.9", "400.1", "420", true),
        ] {
            let (order, quote) = (stop(action, price), quote(bid, ask, last));
            let live = judged(&order, Some(&quote), NOON, false);
            let simulated = judged(&order, Some(&quote), NOON, true).unwrap();
            assert_eq!(live.is_err(), is_reached, "{action} {price} {last}");
            let warned = simulated.warnings.iter().any(|warning| warning.contains("a market order at once"));
            assert_eq!(warned, is_reached, "{action} {price} {last}");
            if is_reached {
                let error = live.unwrap_err();
                assert!(error.cause.contains("would be a market order"), "{}", error.cause);
                assert!(error.hint.contains("type market or limit"), "{}", error.hint);
                reached.push((order, quote));
            }
        }
        // All that holds for market orders: value at the market, the session, the distance of bid and ask, the types.
        let sell = stop("sell", "900");
        let verdict = judged(&sell, Some(&quote("400", "400.1", "399")), NOON, true).unwrap();
        assert_eq!(verdict.value, Decimal::from(2000));
        let sunday = "2026-11-22T12:00:00-05:00";
        let verdict = judged(&sell, Some(&quoted("400", "400.1", sunday)), sunday, true).unwrap();
        assert!(
            verdict.warnings.iter().any(|warning| warning.contains("outside the session")),
            "{verdict:?}"
        );
        let verdict = judged(&sell, Some(&quote("100", "414.3", "414")), NOON, true).unwrap();
        assert!(verdict.warnings.iter().any(|warning| warning.contains("apart")), "{verdict:?}");
        let stops = Trading { order_types: Some(vec![OrderType::Stop]), ..Trading::default() };
        for (order, quote) in &reached {
            let refused = refusal(judged_by(&stops, order, Some(quote), NOON, true));
            assert!(refused.contains("market orders are not among"), "{refused}");
        }
        // A stop-limit keeps its limit.
        let both = msft(&json!({"type": "stop_limit", "stop_price": "390", "limit_price": "395"}));
        let verdict = judged(&both, Some(&quoted("399.9", "400.1", NOON)), NOON, false).unwrap();
        assert_eq!(verdict.warnings.len(), 1, "{verdict:?}");
        assert!(verdict.warnings[0].ends_with("it triggers at once"), "{verdict:?}");
        assert!(judged(&stop("buy", "401"), None, NOON, false).is_err());
    }

    #[test]
    fn a_spread_goes_the_way_its_money_goes() {
        let spread = |action: &str, limit: Option<&str>| {
            let leg = |strike: u32, action: &str| json!({"contract": format!("AAPL 2026-12-18 {strike} C"), "action": action});
            order(json!({"symbol": "AAPL", "action": action, "quantity": "1",
                "type": if limit.is_some() { "limit" } else { "market" }, "limit_price": limit,
                "legs": [leg(270, "sell_to_open"), leg(290, "buy_to_open")]}))
        };
        let priced = |bid: &str, ask: &str| Quote {
            legs: vec![quoted("7.00", "7.20", NOON); 2],
            ..quoted(bid, ask, NOON)
        };
        for (action, bid, ask, right) in [
            // What is paid or received net, in the direction of the action.
            ("buy", "-7.20", "-7.00", Some("sell")),
            ("sell", "-7.20", "-7.00", Some("buy")),
            ("buy", "7.00", "7.20", None),
            ("sell", "7.00", "7.20", None),
            // At zero and around it either can be meant.
            ("buy", "-0.05", "0", None),
            ("sell", "-0.05", "0.05", None),
            ("sell", "0", "0.05", None),
        ] {
            for (limit, simulated) in [(Some("7.00"), true), (Some("7.00"), false), (None, true)] {
                let verdict = judged(&spread(action, limit), Some(&priced(bid, ask)), NOON, simulated);
                match (verdict, right) {
                    (Err(error), Some(right)) => {
                        assert!(error.cause.starts_with("`action`: at the market these legs are a net"));
                        assert!(error.cause.contains("(7 to 7.2)"), "{}", error.cause);
                        assert!(error.hint.ends_with(&format!("`action` is {right}")), "{}", error.hint);
                    }
                    (Err(error), None) => assert!(!error.cause.contains("`action`"), "{}", error.cause),
                    (Ok(_), right) => assert_eq!(right, None, "{action} {bid} {ask}"),
                }
            }
        }
    }

    #[test]
    fn a_market_order_needs_both_sides_of_a_sound_quote() {
        let limit = |action: &str, price: &str| {
            msft(&json!({"action": action, "type": "limit", "limit_price": price}))
        };
        for (order, bid, ask, live, simulated) in [
            (msft(&json!({})), "", "414.3", "there is no bid", "there is no bid"),
            (msft(&json!({"action": "sell"})), "414.3", "", "there is no ask", "there is no ask"),
            (msft(&json!({})), "100", "414.3", "more than 5 % apart", "more than 50 % apart"),
            (msft(&json!({})), "600", "200", "is above ask 200", "is above ask 200"),
            (limit("buy", "200"), "600", "200", "is above ask 200", "is above ask 200"),
            (limit("sell", "600"), "600", "200", "is above ask 200", "is above ask 200"),
            (limit("buy", "414"), "", "414.3", "", ""),
            // Crossed by less than the collar.
            (msft(&json!({})), "400.2", "400", "", ""),
        ] {
            let quote = quoted(bid, ask, NOON);
            let told = judged(&order, Some(&quote), NOON, true).unwrap();
            let told = [told.warnings, told.unchecked].concat().join("; ");
            assert!(told.contains(simulated), "{told}");
            assert_eq!(told.is_empty(), simulated.is_empty(), "{told}");
            match judged(&order, Some(&quote), NOON, false) {
                Ok(_) => assert_eq!(live, ""),
                Err(error) => assert!(!live.is_empty() && error.cause.contains(live), "{}", error.cause),
            }
        }
    }

    #[test]
    fn money_is_told_to_the_cent_and_never_as_nothing() {
        for (value, told) in [
            ("0", "0.00"),
            ("0.000", "0.00"),
            ("0.004", "0.004"),
            ("-0.0049", "-0.0049"),
            ("0.0100", "0.01"),
            ("0.015", "0.02"),
            ("1234567.895", "1,234,567.90"),
            ("-2071.3", "-2,071.30"),
        ] {
            assert_eq!(cents(value.parse().unwrap()), told);
        }
    }

    #[test]
    fn what_aries_expects_counts_if_it_is_more() {
        let limits = Trading::default().limits(false);
        let buy = msft(&json!({"quantity": "10", "type": "limit", "limit_price": "400.00"}));
        // 10 at 400; the protecting stop of a sale counts as the market, and Aries may take either.
        let stop = order(
            json!({"symbol": "MSFT", "action": "sell", "quantity": "10", "type": "stop", "stop_price": "350"}),
        );
        let quote = quoted("400", "400.1", NOON);
        for (order, cost, counted, warned) in [
            (&buy, "4000", "4000", false),
            (&buy, "4200", "4200", false),
            (&buy, "4201", "4201", true),
            (&buy, "3800", "4000", false),
            (&buy, "3799", "4000", true),
            (&buy, "400000", "400000", true),
            (&buy, "0", "4000", true),
            (&stop, "-4000", "4000", false),
            (&stop, "-3500", "4000", false),
            (&stop, "-3301", "4000", false),
            (&stop, "-3299", "4000", true),
            (&stop, "-4201", "4201", true),
            (&stop, "0", "4000", false),
        ] {
            let mut verdict = judged(order, Some(&quote), NOON, true).unwrap();
            heed(&limits, order, cost.parse().unwrap(), &mut verdict).unwrap();
            assert_eq!(verdict.growth, counted.parse().unwrap(), "{cost}");
            let told = verdict.warnings.iter().any(|warning| warning.starts_with("Aries estimates"));
            assert_eq!(told, warned, "{cost} {:?}", verdict.warnings);
        }
        // Fees of a tiny order are no surprise.
        let tiny = msft(&json!({"type": "limit", "limit_price": "0.50"}));
        let mut verdict = judged(&tiny, Some(&quoted("0.49", "0.50", NOON)), NOON, true).unwrap();
        heed(&limits, &tiny, "1.49".parse().unwrap(), &mut verdict).unwrap();
        assert!(verdict.warnings.is_empty());
        let mut verdict = judged(&buy, Some(&quote), NOON, true).unwrap();
        let refused = heed(&limits, &buy, "1000000.01".parse().unwrap(), &mut verdict).unwrap_err();
        assert!(
            refused.cause.contains("a value of 1,000,000.01 USD by Aries' own estimate"),
            "{}",
            refused.cause
        );
    }

    #[test]
    fn an_order_for_the_evening_needs_a_price_of_the_evening() {
        let (close, evening) = ("2026-11-20T15:59:30-05:00", "2026-11-20T18:00:00-05:00");
        let limit =
            |tif: &str| msft(&json!({"type": "limit", "limit_price": "400.00", "time_in_force": tif}));
        let old = quoted("400.00", "400.10", close);
        let refused = refusal(judged(&limit("extended_hours"), Some(&old), evening, false));
        assert!(refused.contains("old or delayed"), "{refused}");
        assert_eq!(
            judged(&limit("extended_hours"), Some(&old), evening, true).unwrap().warnings,
            ["the quote is old or delayed"]
        );
        // For tomorrow's session the price of the close is the last word.
        assert!(judged(&limit("day"), Some(&old), evening, false).is_ok());
        let new = quoted("400.00", "400.10", "2026-11-20T17:59:00-05:00");
        assert!(judged(&limit("extended_hours"), Some(&new), evening, false).is_ok());
    }

    #[test]
    fn a_price_from_the_future_is_none_of_now() {
        let quote = quoted("400.00", "400.10", "2027-09-20T12:00:00-05:00");
        let refused = refusal(judged(&msft(&json!({})), Some(&quote), NOON, false));
        assert!(refused.contains("stamped in the future"), "{refused}");
        assert_eq!(
            judged(&msft(&json!({})), Some(&quote), NOON, true).unwrap().warnings,
            ["the quote is stamped in the future"]
        );
    }

    #[test]
    fn an_option_is_over_at_the_close_of_its_last_day() {
        for (expiration, now, over) in [
            ("2026-11-20", "2026-11-20T15:59:59-05:00", false),
            ("2026-11-20", "2026-11-20T16:00:00-05:00", true),
            ("2026-12-18", "2026-11-20T16:00:00-05:00", false),
            // A day that closes at one.
            ("2026-11-27", "2026-11-27T12:59:59-05:00", false),
            ("2026-11-27", "2026-11-27T13:00:00-05:00", true),
        ] {
            let quote = quoted("1.00", "1.01", now);
            for simulated in [true, false] {
                match judged(&call(expiration), Some(&quote), now, simulated) {
                    Err(error) => {
                        assert!(
                            over && error.cause.contains("expired at the close of today"),
                            "{}",
                            error.cause
                        );
                    }
                    Ok(verdict) => {
                        let warned =
                            verdict.warnings.iter().any(|warning| warning.ends_with("expires today"));
                        assert_eq!((over, warned), (false, expiration != "2026-12-18"), "{now}");
                    }
                }
            }
        }
    }
}
