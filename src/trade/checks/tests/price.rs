//! An order against bid, ask and last trade.

use super::*;
use crate::config::OrderType;

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
            assert!(error.hint.to_string().contains("type market or limit"), "{}", error.hint);
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
fn a_market_order_needs_both_sides_of_a_sound_quote() {
    let limit =
        |action: &str, price: &str| msft(&json!({"action": action, "type": "limit", "limit_price": price}));
    for (order, bid, ask, live, simulated) in [
        (msft(&json!({})), "", "414.3", "there is no bid", "there is no bid"),
        (msft(&json!({"action": "sell"})), "414.3", "", "there is no ask", "there is no ask"),
        (msft(&json!({})), "100", "414.3", "too far apart", "more than 50 % apart"),
        (msft(&json!({})), "390", "414.3", "more than 5 % apart", ""),
        (msft(&json!({})), "600", "200", "is above ask 200.00", "is above ask 200.00"),
        (limit("buy", "200"), "600", "200", "is above ask 200.00", "is above ask 200.00"),
        (limit("sell", "600"), "600", "200", "is above ask 200.00", "is above ask 200.00"),
        (limit("buy", "414"), "", "414.3", "there is no bid", ""),
        (msft(&json!({})), "400.01", "400", "is above ask 400", "is above ask 400"),
        // Locked.
        (msft(&json!({})), "400", "400", "", ""),
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
fn an_auction_is_not_judged_by_the_distance_of_bid_and_ask() {
    // Before the opening quotes are wide as a rule, and an auction fills at a price of its own.
    let (early, closed) = ("2026-11-20T09:00:00-05:00", "the session is closed: the order waits");
    for (action, bid, ask, told) in [
        ("buy", "300", "450", "bid 300.00 and ask 450.00 are too far apart"),
        ("sell", "300", "450", "bid 300.00 and ask 450.00 are too far apart"),
        ("buy", "", "450", "there is no bid"),
        ("sell", "", "450", "there is no bid"),
    ] {
        // The close of the day before, which the opening begins with.
        let traded = "2026-11-19T15:59:59-05:00".parse().ok();
        let quote = Quote { last: "400".parse().ok(), traded, ..quoted(bid, ask, early) };
        let order = |tif: &str| msft(&json!({"action": action, "time_in_force": tif}));
        for tif in ["at_the_opening", "at_the_close"] {
            let result = judged(&order(tif), Some(&quote), early, Money::Live).unwrap();
            let all = [result.warnings, result.unchecked].concat();
            assert!(
                all.iter().any(|text| text.contains(told)
                    && text.ends_with("so its price is checked against the last trade")),
                "{all:?}"
            );
            // The line of the session has the time of the auction at the close.
            let waits = all.iter().any(|text| text.starts_with(closed));
            assert_eq!(waits, tif == "at_the_opening", "{all:?}");
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
    assert!(refused.contains("is above ask 200.00"), "{refused}");
}
