//! Quotes that cannot be believed: a live order is judged by the last trade where that is fresh, else refused.

use super::*;

const MINUTES_AGO: &str = "2026-11-20T11:45:00-05:00";

fn limit(action: &str, price: &str) -> Order {
    msft(&json!({"action": action, "type": "limit", "limit_price": price}))
}

/// With a last trade of this time.
fn traded(quote: Quote, last: &str, at: &str) -> Quote {
    Quote { last: last.parse().ok(), traded: at.parse().ok(), ..quote }
}

fn live(order: &Order, quote: &Quote) -> Result<CheckResult> {
    judged(order, Some(quote), NOON, Money::Live)
}

#[test]
fn no_stub_judges_a_live_order() {
    for (bid, ask, why) in [
        ("0.01", "9999", "bid 0.01 and ask 9999.00 are too far apart to check its price against"),
        ("350", "450", "too far apart"),
        ("", "400.1", "there is no bid"),
        ("399.9", "", "there is no ask"),
        ("", "", "Aries gave no quote to check its price against"),
        ("400.2", "400.1", "bid 400.20 is above ask 400.10: such a quote is wrong"),
    ] {
        let quote = quoted(bid, ask, NOON);
        // Nine times the market, and at it.
        for price in ["3600", "400"] {
            for quote in
                [quote.clone(), traded(quote.clone(), "400", MINUTES_AGO.replace("11:45", "11:15").as_str())]
            {
                let told = refusal(live(&limit("buy", price), &quote));
                assert!(told.contains(why) || price == "3600" && told.contains("a value of"), "{told}");
            }
        }
        // A fresh trade judges what has a limit, and nothing that takes any price.
        let quote = traded(quote, "400", NOON);
        let result = live(&limit("buy", "400"), &quote).unwrap();
        assert!(
            result
                .warnings
                .iter()
                .any(|text| text.ends_with("so its price is checked against the last trade")),
            "{result:?}"
        );
        let told = refusal(live(&limit("buy", "421"), &quote));
        assert!(told.contains("above ask 400.00"), "{told}");
        assert!(live(&msft(&json!({})), &quote).is_err(), "{bid} {ask}");
    }
}

#[test]
fn a_fresh_trade_far_from_bid_and_ask_has_to_agree() {
    let quote = traded(quoted("399.9", "400.1", NOON), "300", NOON);
    assert!(refusal(live(&limit("buy", "400"), &quote)).contains("above ask 300.00"));
    let result = live(&limit("buy", "310"), &quote).unwrap();
    assert!(
        result
            .warnings
            .iter()
            .any(|text| text
                .contains("far from the last trade (300.00), so its price is checked against both")),
        "{result:?}"
    );
    assert!(refusal(live(&limit("sell", "300"), &quote)).contains("below bid 399.90"));
    assert!(refusal(live(&msft(&json!({})), &quote)).contains("far from the last trade (300.00)"));
}

#[test]
fn bid_and_ask_need_a_trade_or_a_close_that_supports_them() {
    let quote = |last: &str, at: &str, close: &str| {
        let quote = traded(quoted("399.9", "400.1", NOON), last, at);
        live(&limit("buy", "400"), &Quote { close: close.parse().ok(), ..quote })
    };
    let (old, ahead) = ("2026-11-13T12:00:00-05:00", "2026-11-20T13:00:00-05:00");
    let alone = "nothing confirms bid and ask";
    for (last, at, close, said) in [
        ("400", NOON, "", ""),
        // Within a tenth in silence, within half and twice with a word.
        ("365", old, "", ""),
        ("360", old, "", "far from the last price that is known, an old one (360.00)"),
        ("201", old, "", "an old one (201.00)"),
        ("199", old, "", "far from the last trade (199.00)"),
        ("800", old, "", "an old one (800.00)"),
        ("801", old, "", "far from the last trade (801.00)"),
        ("400", old, "16", "far from the last close (16.00)"),
        ("16", old, "400", "far from the last trade (16.00)"),
        // A trade of no time, or of the future, supports nothing, and may not contradict.
        ("400", "", "", alone),
        ("400", ahead, "", alone),
        ("", "", "", alone),
        ("", "", "0", alone),
        ("400", "", "400", ""),
        ("16", "", "400", "far from the last trade (16.00)"),
        ("16", ahead, "400", "far from the last trade (16.00)"),
        ("400", "", "16", "far from the last close (16.00)"),
    ] {
        let is_told = said.contains("an old one");
        let case = format!("{last} {at} {close}");
        match quote(last, at, close) {
            Ok(result) if is_told => assert!(result.warnings[0].contains(said), "{case}: {result:?}"),
            Ok(result) => assert!(said.is_empty() && result.warnings.is_empty(), "{case}: {result:?}"),
            Err(error) => {
                assert!(!is_told && !said.is_empty() && error.cause.contains(said), "{case}: {error:?}")
            }
        }
    }
}

#[test]
fn a_contract_has_bounds_and_wider_quotes() {
    let option = |right: char, action: &str, price: &str| {
        order(json!({"symbol": format!("AAPL 2026-12-18 270 {right}"), "action": action, "quantity": "1",
            "type": "limit", "limit_price": price}))
    };
    let buy = option('C', "buy_to_open", "0.10");
    for (bid, ask, is_believed) in [
        ("1.00", "1.60", true),
        ("1.00", "1.70", false),
        ("0", "0.25", true),
        ("0", "0.26", false),
        ("0.05", "0.30", true),
        ("0", "9999", false),
    ] {
        let result = live(&buy, &quoted(bid, ask, NOON));
        assert_eq!(result.is_ok(), is_believed, "{bid} {ask}: {result:?}");
    }
    // The quote of the shares under the name of a contract on them.
    let shares = Quote { underlying: "272".parse().ok(), ..quoted("399.9", "400.1", NOON) };
    let told = refusal(live(&buy, &shares));
    assert!(told.contains("the price 399.90 is more than the shares are worth (299.20)"), "{told}");
    let told = refusal(live(&option('P', "buy_to_open", "1.00"), &quoted("271", "272", NOON)));
    assert!(told.contains("the price 271.00 is more than its strike (270.00)"), "{told}");
}

#[test]
fn a_limit_order_may_be_judged_by_a_delayed_quote_and_says_so() {
    let quote = Quote { feed: Feed::Delayed, ..quoted("399.9", "400.1", MINUTES_AGO) };
    let result = live(&limit("buy", "400"), &quote).unwrap();
    assert_eq!(result.remark.as_deref(), Some("judged by prices of 2026-11-20 11:45:00"));
    assert_eq!(
        result.warnings,
        [
            "it is judged by prices that are old or delayed, of 2026-11-20 11:45:00 in New York; it fills at its limit price or better"
        ]
    );
    let stop = msft(&json!({"type": "stop", "stop_price": "450"}));
    let both = msft(&json!({"type": "stop_limit", "stop_price": "450", "limit_price": "455"}));
    for order in [msft(&json!({})), stop, both] {
        let error = live(&order, &quote).unwrap_err();
        assert!(error.cause.contains("the quote is old or delayed"), "{}", error.cause);
        assert!(
            error.hint.to_string().contains("give a limit price")
                && error.hint.to_string().contains("subscribed"),
            "{}",
            error.hint
        );
        // A person who knows it can allow it.
        let trading = Trading { live: true, max_quote_age: Some(900), ..Trading::default() };
        assert!(judged_by(&trading, &order, Some(&quote), NOON, Money::Live).is_ok());
    }
    let older = quoted("399.9", "400.1", "2026-11-20T11:39:59-05:00");
    assert!(refusal(live(&limit("buy", "400"), &older)).contains("old or delayed"));
    let minute = quoted("399.9", "400.1", "2026-11-20T11:59:00-05:00");
    assert!(live(&msft(&json!({})), &minute).unwrap().remark.is_none());
}

#[test]
fn a_refusal_says_why_there_is_no_quote_and_what_the_person_can_do() {
    let error = judged(&limit("buy", "400"), None, NOON, Money::Live).unwrap_err();
    assert!(error.cause.contains("Aries gave no quote"), "{}", error.cause);
    assert!(error.hint.to_string().contains("they can check the symbol"), "{}", error.hint);
    let undated = Quote { at: None, ..quoted("1.00", "1.10", NOON) };
    let error = live(&call("2026-12-18"), &undated).unwrap_err();
    assert!(
        error.hint.to_string().contains("market:supplemental")
            && error.hint.to_string().contains("aries-mcp login"),
        "{}",
        error.hint
    );
}

#[test]
fn a_market_that_has_moved_beyond_the_collar_is_not_what_was_approved() {
    let moved = |approved: &str, now: &str, order: &Order| {
        super::super::sound::check_moved(Decimal::from(5), order, approved.parse().ok(), now.parse().ok())
    };
    let shares = msft(&json!({}));
    for (now, is_fine) in
        [("400", true), ("420", true), ("420.01", false), ("380", true), ("379.99", false), ("", true)]
    {
        assert_eq!(moved("400", now, &shares).is_ok(), is_fine, "{now}");
    }
    let error = moved("400.10", "430", &shares).unwrap_err();
    assert_eq!(
        error.cause,
        "the market has moved by more than 5 % since the preview: 400.10 was shown, it is 430.00 now"
    );
    // A cheap contract moves by more than that with every tick.
    assert!(
        moved("0.10", "0.15", &call("2026-12-18")).is_ok()
            && moved("0.10", "0.16", &call("2026-12-18")).is_err()
    );
}
