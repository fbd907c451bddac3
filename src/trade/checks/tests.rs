//! Orders against the limits, the market and the clock, as [`check_order`] sees them.

use serde_json::{Value, json};

use super::limits::{apply_estimate, check_symbol_lists};
use super::notional::cents;
use super::*;
use crate::config::OrderType;
use crate::environment::Money;
use crate::trade::order::request;

const NOON: &str = "2026-11-20T12:00:00-05:00";

fn order(wanted: Value) -> Order {
    request::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap()
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

/// The check of an order on a live or simulated account, where the exchange has its hours.
fn judged(order: &Order, quote: Option<&Quote>, now: &str, money: Money) -> Result<CheckResult> {
    judged_by(&Trading::default(), order, quote, now, money)
}

fn judged_by(
    trading: &Trading,
    order: &Order,
    quote: Option<&Quote>,
    now: &str,
    money: Money,
) -> Result<CheckResult> {
    let account =
        Account { id: "A0017".to_owned(), id_field: "id", money, status: None, kind: None, class: None };
    let now = now.parse().unwrap();
    let result = CheckResult::default();
    let context =
        CheckContext { trading, account: &account, order, replaced: None, now, always_open: false, result };
    check_order(context, quote)
}

fn quoted(bid: &str, ask: &str, at: &str) -> Quote {
    let price = |text: &str| text.parse().ok();
    Quote { bid: price(bid), ask: price(ask), at: at.parse().ok(), ..Quote::default() }
}

fn refusal(result: Result<CheckResult>) -> String {
    result.unwrap_err().cause
}

#[test]
fn a_list_of_symbols_holds_tickers_alone() {
    let deny = |entry: &str| Trading { symbols_deny: vec![entry.to_owned()], ..Trading::default() };
    for entry in ["MSFT", " msft ", "BRK.B", "brk-b", "AAPL.US", "SPX", "COMP"] {
        assert!(check_symbol_lists(&deny(entry)).is_ok(), "{entry}");
    }
    for entry in ["", "$TSLA", "F,SPY", "*", "^SPX", "/ES", "AAPL 2026-12-18 200 C", "ſPY", "all of them"] {
        let error = check_symbol_lists(&deny(entry)).unwrap_err();
        assert!(error.cause.contains("symbols_deny"), "{entry}: {}", error.cause);
        let allow = Trading { symbols_allow: Some(vec![entry.to_owned()]), ..Trading::default() };
        assert!(check_symbol_lists(&allow).unwrap_err().cause.contains("symbols_allow"), "{entry}");
    }
}

#[test]
fn a_market_order_on_a_holiday_is_outside_the_session() {
    // Thanksgiving at noon, and the short day after it at two.
    for now in ["2026-11-26T12:00:00-05:00", "2026-11-27T14:00:00-05:00"] {
        let quote = quoted("400.00", "400.10", now);
        let refused = refusal(judged(&msft(&json!({})), Some(&quote), now, Money::Live));
        assert!(refused.contains("outside the session"), "{refused}");
        assert_eq!(judged(&msft(&json!({})), Some(&quote), now, Money::Simulated).unwrap().warnings.len(), 1);
    }
    let short = "2026-11-27T12:00:00-05:00";
    let quote = quoted("400.00", "400.10", short);
    assert!(judged(&msft(&json!({})), Some(&quote), short, Money::Live).unwrap().warnings.is_empty());
    let holiday = "2026-11-26T12:00:00-05:00";
    let quote = quoted("400.00", "400.10", holiday);
    let limit = msft(&json!({"type": "limit", "limit_price": "400.00"}));
    assert_eq!(
        judged(&limit, Some(&quote), holiday, Money::Live).unwrap().warnings,
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
        let live = judged(&order, Some(&quote), NOON, Money::Live);
        let simulated = judged(&order, Some(&quote), NOON, Money::Simulated).unwrap();
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
    let result = judged(&sell, Some(&quote("400", "400.1", "399")), NOON, Money::Simulated).unwrap();
    assert_eq!(result.value, Decimal::from(2000));
    let sunday = "2026-11-22T12:00:00-05:00";
    let result = judged(&sell, Some(&quoted("400", "400.1", sunday)), sunday, Money::Simulated).unwrap();
    assert!(result.warnings.iter().any(|warning| warning.contains("outside the session")), "{result:?}");
    let result = judged(&sell, Some(&quote("100", "414.3", "414")), NOON, Money::Simulated).unwrap();
    assert!(result.warnings.iter().any(|warning| warning.contains("apart")), "{result:?}");
    let stops = Trading { order_types: Some(vec![OrderType::Stop]), ..Trading::default() };
    for (order, quote) in &reached {
        let refused = refusal(judged_by(&stops, order, Some(quote), NOON, Money::Simulated));
        assert!(refused.contains("market orders are not among"), "{refused}");
    }
    // A stop-limit keeps its limit.
    let both = msft(&json!({"type": "stop_limit", "stop_price": "390", "limit_price": "395"}));
    let result = judged(&both, Some(&quoted("399.9", "400.1", NOON)), NOON, Money::Live).unwrap();
    assert_eq!(result.warnings.len(), 1, "{result:?}");
    assert!(result.warnings[0].ends_with("it triggers at once"), "{result:?}");
    assert!(judged(&stop("buy", "401"), None, NOON, Money::Live).is_err());
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
        let (live, simulated) = (Money::Live, Money::Simulated);
        for (limit, money) in [(Some("7.00"), simulated), (Some("7.00"), live), (None, simulated)] {
            let result = judged(&spread(action, limit), Some(&priced(bid, ask)), NOON, money);
            match (result, right) {
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
    let limit =
        |action: &str, price: &str| msft(&json!({"action": action, "type": "limit", "limit_price": price}));
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
        let told = judged(&order, Some(&quote), NOON, Money::Simulated).unwrap();
        let told = [told.warnings, told.unchecked].concat().join("; ");
        assert!(told.contains(simulated), "{told}");
        assert_eq!(told.is_empty(), simulated.is_empty(), "{told}");
        match judged(&order, Some(&quote), NOON, Money::Live) {
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
    let limits = Trading::default().limits(Money::Simulated);
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
        let mut result = judged(order, Some(&quote), NOON, Money::Simulated).unwrap();
        apply_estimate(&limits, order, cost.parse().unwrap(), &mut result).unwrap();
        assert_eq!(result.day_value, counted.parse().unwrap(), "{cost}");
        let told = result.warnings.iter().any(|warning| warning.starts_with("Aries estimates"));
        assert_eq!(told, warned, "{cost} {:?}", result.warnings);
    }
    // Fees of a tiny order are no surprise.
    let tiny = msft(&json!({"type": "limit", "limit_price": "0.50"}));
    let mut result = judged(&tiny, Some(&quoted("0.49", "0.50", NOON)), NOON, Money::Simulated).unwrap();
    apply_estimate(&limits, &tiny, "1.49".parse().unwrap(), &mut result).unwrap();
    assert!(result.warnings.is_empty());
    let mut result = judged(&buy, Some(&quote), NOON, Money::Simulated).unwrap();
    let refused = apply_estimate(&limits, &buy, "1000000.01".parse().unwrap(), &mut result).unwrap_err();
    assert!(
        refused.cause.contains("a value of 1,000,000.01 USD by Aries' own estimate"),
        "{}",
        refused.cause
    );
}

#[test]
fn an_order_for_the_evening_needs_a_price_of_the_evening() {
    let (close, evening) = ("2026-11-20T15:59:30-05:00", "2026-11-20T18:00:00-05:00");
    let limit = |tif: &str| msft(&json!({"type": "limit", "limit_price": "400.00", "time_in_force": tif}));
    let old = quoted("400.00", "400.10", close);
    let refused = refusal(judged(&limit("extended_hours"), Some(&old), evening, Money::Live));
    assert!(refused.contains("old or delayed"), "{refused}");
    assert_eq!(
        judged(&limit("extended_hours"), Some(&old), evening, Money::Simulated).unwrap().warnings,
        ["the quote is old or delayed"]
    );
    // For tomorrow's session the price of the close is the last word.
    assert!(judged(&limit("day"), Some(&old), evening, Money::Live).is_ok());
    let new = quoted("400.00", "400.10", "2026-11-20T17:59:00-05:00");
    assert!(judged(&limit("extended_hours"), Some(&new), evening, Money::Live).is_ok());
}

#[test]
fn a_price_from_the_future_is_none_of_now() {
    let quote = quoted("400.00", "400.10", "2027-09-20T12:00:00-05:00");
    let told = "the quote is stamped in the future, or this machine's clock is wrong";
    let refused = judged(&msft(&json!({})), Some(&quote), NOON, Money::Live).unwrap_err();
    assert_eq!(refused.cause, format!("not allowed on a live account: {told}"));
    assert!(refused.hint.contains("check the clock of this machine"), "{}", refused.hint);
    assert_eq!(judged(&msft(&json!({})), Some(&quote), NOON, Money::Simulated).unwrap().warnings, [told]);
    // Clocks differ a little.
    let quote = quoted("400.00", "400.10", "2026-11-20T12:00:59-05:00");
    assert!(judged(&msft(&json!({})), Some(&quote), NOON, Money::Live).unwrap().warnings.is_empty());
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
        for money in [Money::Simulated, Money::Live] {
            match judged(&call(expiration), Some(&quote), now, money) {
                Err(error) => {
                    assert!(over && error.cause.contains("expired at the close of today"), "{}", error.cause);
                }
                Ok(result) => {
                    let warned = result.warnings.iter().any(|warning| warning.ends_with("expires today"));
                    assert_eq!((over, warned), (false, expiration != "2026-12-18"), "{now}");
                }
            }
        }
    }
}

#[test]
fn an_old_last_trade_never_outweighs_a_fresh_bid_and_ask() {
    let quote =
        |bid: &str, ask: &str, last: &str| Quote { last: last.parse().ok(), ..quoted(bid, ask, NOON) };
    let value = |changes: Value, last: &str| {
        let result = judged(&msft(&changes), Some(&quote("400", "400.2", last)), NOON, Money::Live);
        result.unwrap().value.to_string()
    };
    // Two sold at 400 or more, two bought at 400.2: whatever was paid days ago.
    for (last, sold, bought) in
        [("4000", "800.4", "800.4"), ("40", "800.0", "800.4"), ("400.1", "800.2", "800.4")]
    {
        let sale = json!({"action": "sell", "quantity": "2", "type": "limit", "limit_price": "400.00"});
        assert_eq!(value(sale, last).parse(), sold.parse::<Decimal>(), "{last}");
        assert_eq!(value(json!({"quantity": "2"}), last).parse(), bought.parse::<Decimal>(), "{last}");
    }
    // Where one side is missing the last trade is all there is: 2 x 4000 and no more than the limit of 5000.
    let refused = refusal(judged(
        &msft(&json!({"action": "sell", "quantity": "2", "type": "limit", "limit_price": "400.00"})),
        Some(&quote("400", "", "4000")),
        NOON,
        Money::Live,
    ));
    assert!(refused.contains("a value of 8,000.00 USD"), "{refused}");
    // Stops that protect a position: nothing has reached them.
    for (action, stop, bid, ask, last) in [
        ("buy", "7.00", "5.00", "5.10", "8"),
        ("sell", "4.00", "5.00", "5.10", "3"),
        ("buy", "420", "400", "400.2", "430"),
    ] {
        for limit in [None, Some(stop)] {
            let kind = if limit.is_some() { "stop_limit" } else { "stop" };
            let order =
                msft(&json!({"action": action, "type": kind, "stop_price": stop, "limit_price": limit}));
            let result = judged(&order, Some(&quote(bid, ask, last)), NOON, Money::Live).unwrap();
            assert!(result.warnings.is_empty(), "{action} {stop}: {result:?}");
        }
    }
    // A stop that is reached is reported with all the prices, and none of them as "the market".
    let order = msft(&json!({"type": "stop", "stop_price": "390"}));
    let refused = refusal(judged(&order, Some(&quote("400", "400.2", "380")), NOON, Money::Live));
    assert!(refused.contains("the stop 390 is already reached (bid 400, ask 400.2, last 380)"), "{refused}");
    let refused = refusal(judged(&order, Some(&quote("380", "", "395")), NOON, Money::Live));
    assert!(refused.contains("already reached (bid 380, ask —, last 395)"), "{refused}");
}

#[test]
fn an_auction_is_not_judged_by_the_distance_of_bid_and_ask() {
    // Before the opening quotes are wide as a rule, and an auction fills at a price of its own.
    let (early, closed) = ("2026-11-20T09:00:00-05:00", "the session is closed: the order waits");
    for (action, bid, ask, told) in [
        ("buy", "300", "450", "bid 300 and ask 450 are more than 5 % apart"),
        ("sell", "300", "450", "bid 300 and ask 450 are more than 5 % apart"),
        ("buy", "", "450", "there is no bid"),
        ("sell", "", "450", "there is no bid"),
    ] {
        let quote = Quote { last: "400".parse().ok(), ..quoted(bid, ask, early) };
        let order = |tif: &str| msft(&json!({"action": action, "time_in_force": tif}));
        for tif in ["at_the_opening", "at_the_close"] {
            let result = judged(&order(tif), Some(&quote), early, Money::Live).unwrap();
            let all = [result.warnings, result.unchecked].concat();
            assert_eq!(all.len(), 2, "{all:?}");
            assert!(all.iter().any(|text| text.contains(told)), "{all:?}");
            assert!(all.iter().any(|text| text.starts_with(closed)), "{all:?}");
        }
        let refused = refusal(judged(&order("day"), Some(&quote), NOON, Money::Live));
        assert!(refused.contains("old or delayed"), "{refused}");
        let quote = Quote { at: NOON.parse().ok(), ..quote };
        let refused = refusal(judged(&order("day"), Some(&quote), NOON, Money::Live));
        assert!(refused.contains(told), "{refused}");
    }
    // A wrong quote stays one.
    let refused = refusal(judged(
        &msft(&json!({"time_in_force": "at_the_close"})),
        Some(&quoted("600", "200", NOON)),
        NOON,
        Money::Live,
    ));
    assert!(refused.contains("is above ask 200"), "{refused}");
}

#[test]
fn what_an_order_waits_for_is_told_as_it_is() {
    let (evening, night) = ("2026-11-20T18:00:00-05:00", "2026-11-20T21:00:00-05:00");
    let (sunday, thanksgiving) = ("2026-11-22T12:00:00-05:00", "2026-11-26T12:00:00-05:00");
    for (tif, now, told) in [
        ("day", NOON, ""),
        ("at_the_close", NOON, ""),
        ("ioc", NOON, ""),
        (
            "at_the_opening",
            NOON,
            "today's opening is over: the order waits for the next one (Monday 2026-11-23 09:30 in New York) or is rejected",
        ),
        (
            "at_the_opening",
            evening,
            "the session is closed: the order waits for the next one (Monday 2026-11-23 09:30 in New York)",
        ),
        (
            "ioc",
            evening,
            "the session is closed: ioc does not wait, so the order would be canceled or rejected",
        ),
        (
            "fok",
            sunday,
            "the session is closed: fok does not wait, so the order would be canceled or rejected",
        ),
        (
            "gtc",
            sunday,
            "the session is closed: the order waits for the next one (Monday 2026-11-23 09:30 in New York)",
        ),
        ("extended_hours", NOON, ""),
        ("extended_hours", evening, ""),
        (
            "extended_hours",
            night,
            "the extended hours are closed too: the order waits for the next ones (Monday 2026-11-23 04:00 in New York) or is rejected",
        ),
        (
            "extended_hours",
            sunday,
            "the extended hours are closed too: the order waits for the next ones (Monday 2026-11-23 04:00 in New York) or is rejected",
        ),
        (
            "extended_hours",
            thanksgiving,
            "the extended hours are closed too: the order waits for the next ones (Friday 2026-11-27 04:00 in New York) or is rejected",
        ),
    ] {
        let order = msft(&json!({"type": "limit", "limit_price": "400.00", "time_in_force": tif}));
        let warnings =
            judged(&order, Some(&quoted("400.00", "400.10", now)), now, Money::Live).unwrap().warnings;
        assert_eq!(warnings.join("; "), told, "{tif} {now}");
    }
    for tif in ["ioc", "fok"] {
        let order = msft(&json!({"time_in_force": tif}));
        let quote = quoted("400.00", "400.10", sunday);
        let refused = refusal(judged(&order, Some(&quote), sunday, Money::Live));
        assert!(refused.contains("would be canceled or rejected"), "{refused}");
        let warnings = judged(&order, Some(&quote), sunday, Money::Simulated).unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("would be canceled or rejected"), "{warnings:?}");
    }
}

#[test]
fn a_spread_is_crossed_where_one_of_its_contracts_is() {
    let leg = |strike: u32, action: &str| json!({"contract": format!("AAPL 2026-12-18 {strike} C"), "action": action});
    let spread = order(
        json!({"symbol": "AAPL", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "0.02",
        "legs": [leg(270, "buy_to_open"), leg(275, "sell_to_open")]}),
    );
    // Bid and ask of the net are those of the first contract less ask and bid of the second one.
    for (first, second, net, wrong) in [
        (("5.01", "5.00"), ("4.98", "4.98"), ("0.03", "0.02"), None),
        (("5.30", "5.00"), ("4.98", "4.98"), ("0.32", "0.02"), Some("bid 5.3 is above ask 5:")),
        // What the width of the other one hides.
        (("5.30", "5.00"), ("4.60", "5.10"), ("0.20", "0.40"), Some("bid 5.3 is above ask 5:")),
        // A cent is the smallest step there is.
        (("0.04", "0.03"), ("0.01", "0.01"), ("0.03", "0.02"), None),
        (("0.05", "0.03"), ("0.01", "0.01"), ("0.04", "0.02"), Some("bid 0.05 is above ask 0.03:")),
    ] {
        let quote = Quote {
            legs: vec![quoted(first.0, first.1, NOON), quoted(second.0, second.1, NOON)],
            ..quoted(net.0, net.1, NOON)
        };
        match (judged(&spread, Some(&quote), NOON, Money::Live), wrong) {
            (Ok(result), None) => assert!(result.warnings.is_empty(), "{result:?}"),
            (Err(error), Some(wrong)) => assert!(error.cause.contains(wrong), "{}", error.cause),
            (result, wrong) => panic!("{first:?} {wrong:?}: {result:?}"),
        }
    }
}

#[test]
fn a_purchase_that_brings_money_in_is_told() {
    let limits = Trading::default().limits(Money::Simulated);
    let quote = quoted("400", "400.1", NOON);
    for (action, cost, told) in [("buy", "-3999", true), ("buy", "4000", false), ("sell", "-4000", false)] {
        let order =
            msft(&json!({"action": action, "quantity": "10", "type": "limit", "limit_price": "400.00"}));
        let mut result = judged(&order, Some(&quote), NOON, Money::Simulated).unwrap();
        apply_estimate(&limits, &order, cost.parse().unwrap(), &mut result).unwrap();
        let warning = "Aries estimates that 3,999.00 USD come in, but a purchase costs money";
        assert_eq!(result.warnings, if told { vec![warning] } else { vec![] }, "{action} {cost}");
    }
}
