//! Lists of symbols, and what Aries' own estimate counts for the limits.

use super::super::limits::{apply_estimate, check_symbol_lists};
use super::*;

#[test]
fn a_list_of_symbols_holds_tickers_alone() {
    let deny = |entry: &str| Trading { symbols_deny: vec![entry.to_owned()], ..Trading::default() };
    for entry in ["MSFT", " msft ", "BRK.B", "brk-b", "BRKB", "AAPL.US", "SPX", "COMP"] {
        assert!(check_symbol_lists(&deny(entry)).is_ok(), "{entry}");
    }
    for entry in [
        "",
        "$TSLA",
        "F,SPY",
        "*",
        "^SPX",
        "/ES",
        "AAPL 2026-12-18 200 C",
        "ſPY",
        "NYSE:F",
        "Ｆ",
        "BRK_B",
        "all of them",
    ] {
        let error = check_symbol_lists(&deny(entry)).unwrap_err();
        assert!(error.cause.contains("symbols_deny"), "{entry}: {}", error.cause);
        let allow = Trading { symbols_allow: Some(vec![entry.to_owned()]), ..Trading::default() };
        assert!(check_symbol_lists(&allow).unwrap_err().cause.contains("symbols_allow"), "{entry}");
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

#[test]
fn a_written_option_counts_by_its_obligation_and_not_by_its_premium() {
    let write = |right: char, quantity: &str| {
        order(
            json!({"symbol": format!("AAPL 2026-12-18 40 {right}"), "action": "sell_to_open", "quantity": quantity,
            "type": "limit", "limit_price": "1.00"}),
        )
    };
    let quote = |shares: &str| Quote { underlying: shares.parse().ok(), ..quoted("1.00", "1.01", NOON) };
    for (right, shares, quantity, counted) in [
        ('P', "", "1", "4000"),
        ('C', "", "1", "4000"),
        ('C', "45", "1", "4500"),
        ('C', "39", "1", "4000"),
        ('P', "45", "1", "4000"),
    ] {
        let result = judged(&write(right, quantity), Some(&quote(shares)), NOON, Money::Live).unwrap();
        assert_eq!(result.day_value, counted.parse().unwrap(), "{right} {shares}");
        // The sentence and Aries' estimate are about the premium.
        assert_eq!(result.value, Decimal::from(100), "{right} {shares}");
    }
    let refused = refusal(judged(&write('P', "2"), Some(&quote("")), NOON, Money::Live));
    assert!(
        refused.contains(
            "assignment of the options that it writes can move 8,000.00 USD, and the limit is 5,000.00 USD"
        ),
        "{refused}"
    );
}
