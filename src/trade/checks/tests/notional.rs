//! The value of an order, and how money is told.

use super::super::notional::cents;
use super::*;

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
fn an_old_last_trade_never_outweighs_a_fresh_bid_and_ask() {
    let traded = "2026-11-17T12:00:00-05:00".parse().ok();
    let quote = |bid: &str, ask: &str, last: &str| Quote {
        last: last.parse().ok(),
        traded,
        ..quoted(bid, ask, NOON)
    };
    let value = |changes: Value, last: &str| {
        let result = judged(&msft(&changes), Some(&quote("400", "400.2", last)), NOON, Money::Live);
        result.unwrap().value.to_string()
    };
    // Two sold at 400 or more, two bought at 400.2: whatever was paid days ago.
    for (last, sold, bought) in
        [("550", "800.4", "800.4"), ("250", "800.0", "800.4"), ("400.1", "800.2", "800.4")]
    {
        let sale = json!({"action": "sell", "quantity": "2", "type": "limit", "limit_price": "400.00"});
        assert_eq!(value(sale, last).parse(), sold.parse::<Decimal>(), "{last}");
        assert_eq!(value(json!({"quantity": "2"}), last).parse(), bought.parse::<Decimal>(), "{last}");
    }
    // Where one side is missing the last trade is all there is: 2 x 4000 and no more than the limit of 5000.
    let refused = refusal(judged(
        &msft(&json!({"action": "sell", "quantity": "2", "type": "limit", "limit_price": "400.00"})),
        Some(&Quote { traded: NOON.parse().ok(), ..quote("400", "", "4000") }),
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
            // That the last trade is far away is told; that it is beyond the stop counts for nothing.
            assert!(!result.warnings.join(" ").contains("reached"), "{action} {stop}: {result:?}");
        }
    }
    // A stop that is reached is reported with all the prices, and none of them as "the market".
    let order = msft(&json!({"type": "stop", "stop_price": "390"}));
    let refused = refusal(judged(&order, Some(&quote("400", "400.2", "380")), NOON, Money::Live));
    assert!(
        refused.contains("the stop 390.00 is already reached (bid 400.00, ask 400.20, last 380.00)"),
        "{refused}"
    );
    let refused = refusal(judged(
        &order,
        Some(&Quote { traded: NOON.parse().ok(), ..quote("380", "", "395") }),
        NOON,
        Money::Live,
    ));
    assert!(refused.contains("already reached (bid 380.00, ask —, last 395.00)"), "{refused}");
}
