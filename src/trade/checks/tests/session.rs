//! What the clock and the session say of an order.

use super::*;

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
        [
            "the session is closed: the order waits for the next one (Friday 2026-11-27 09:30 in New York, a half day)"
        ]
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
    assert!(refused.hint.to_string().contains("check the clock of this machine"), "{}", refused.hint);
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
            "today's opening is over: the order waits for the next one (Monday 2026-11-23 09:30 in New York, after the weekend) or is rejected",
        ),
        (
            "at_the_opening",
            evening,
            "the session is closed: the order waits for the next one (Monday 2026-11-23 09:30 in New York, after the weekend)",
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
            "the extended hours are closed too: the order waits for the next ones (Monday 2026-11-23 04:00 in New York, after the weekend) or is rejected",
        ),
        (
            "extended_hours",
            sunday,
            "the extended hours are closed too: the order waits for the next ones (Monday 2026-11-23 04:00 in New York) or is rejected",
        ),
        (
            "extended_hours",
            thanksgiving,
            "the extended hours are closed too: the order waits for the next ones (Friday 2026-11-27 04:00 in New York, a half day) or is rejected",
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
