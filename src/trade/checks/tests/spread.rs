//! Orders of several legs against the quotes of the legs.

use super::*;

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
                    assert!(error.cause.contains("(7.00 to 7.20)"), "{}", error.cause);
                    assert!(
                        error.hint.to_string().ends_with(&format!("`action` is {right}")),
                        "{}",
                        error.hint
                    );
                }
                (Err(error), None) => assert!(!error.cause.contains("`action`"), "{}", error.cause),
                (Ok(_), right) => assert_eq!(right, None, "{action} {bid} {ask}"),
            }
        }
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
        (("5.00", "5.00"), ("4.98", "4.98"), ("0.02", "0.02"), None),
        (("5.01", "5.00"), ("4.98", "4.98"), ("0.03", "0.02"), Some("bid 5.01 is above ask 5.00:")),
        (("5.30", "5.00"), ("4.98", "4.98"), ("0.32", "0.02"), Some("bid 5.30 is above ask 5.00:")),
        // What the width of the other one hides.
        (("5.30", "5.00"), ("4.60", "5.10"), ("0.20", "0.40"), Some("bid 5.30 is above ask 5.00:")),
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
