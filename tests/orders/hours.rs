//! What a preview says of the hours, and what the practice market does in them, by its clock.

use serde_json::json;

use crate::support::stage::*;
use crate::support::{Home, stderr, stdout};

fn call(clock: &str, tool: &str, arguments: &serde_json::Value) -> String {
    let args = ["--sandbox", "--clock", clock, "call", tool, &arguments.to_string()];
    let output = Home::new().run(&args, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_preview_says_which_session_it_is_and_whether_the_order_can_fill() {
    let monday = "Monday 2026-11-30 09:30 in New York, after the weekend";
    for (clock, tif, row) in [
        (
            "2026-11-27T12:59",
            "day",
            "regular session (a half day: the regular session ends at 13:00); time in force day: can fill now",
        ),
        (
            "2026-11-27T13:00",
            "day",
            "after hours (a half day: the regular session ends at 13:00); time in force day: cannot fill now",
        ),
        ("2026-11-28T12:00:00-05:00", "gtc", "closed (the weekend); time in force gtc: cannot fill now"),
    ] {
        let order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": 1, "type": "limit",
            "limit_price": "400.00", "time_in_force": tif});
        let text = call(clock, "preview_order", &order);
        let row = format!("session: {row}; next opening of the regular session: {monday}");
        assert!(text.lines().any(|line| line == row), "{row}\n{text}");
    }
}

#[test]
fn a_holiday_has_its_name() {
    let order =
        json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": 1, "type": "market"});
    let text = call("2026-12-25T10:00", "preview_order", &order);
    let row = "session: closed (Christmas Day); time in force day: cannot fill now; next opening of the regular session: \
               Monday 2026-12-28 09:30 in New York, after the weekend";
    assert!(text.lines().any(|line| line == row), "{row}\n{text}");
}

/// The state of an order of 10 MSFT on the account that plays simulated, once it is placed.
fn placed(clock: &str, kind: &str, tif: &str) -> String {
    let home = Home::new();
    let mut client = home.serve(&["serve", "--sandbox", "--clock", clock], &[]);
    client.initialize("2025-06-18");
    let mut order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": kind,
        "time_in_force": tif});
    if kind == "limit" {
        order["limit_price"] = json!("420.00");
    }
    let ticket = ticket(&mut client, order);
    state(&place(&mut client, &ticket)).to_owned()
}

#[test]
fn a_closed_market_fills_nothing() {
    assert_eq!(placed("2026-12-25T10:00", "market", "day"), "WORKING");
    assert_eq!(placed("2026-11-27T13:00", "limit", "gtc"), "WORKING");
    assert_eq!(placed("2026-11-27T12:59", "market", "day"), "FILLED");
}

#[test]
fn before_the_opening_only_extended_hours_fill() {
    assert_eq!(placed("2026-11-30T08:00", "limit", "extended_hours"), "FILLED");
    assert_eq!(placed("2026-11-30T08:00", "limit", "day"), "WORKING");
    assert_eq!(placed("2026-11-30T08:00", "limit", "ioc"), "CANCELED");
}

#[test]
fn whatever_is_answered_follows_the_clock() {
    for (tool, arguments, shown) in [
        ("get_market_status", json!({}), "market closed · session after-hours"),
        ("get_market_status", json!({}), "Aries' clock 2026-12-24 13:30:"),
        ("get_quotes", json!({"symbols": ["MSFT"]}), "asked 2026-12-24T13:30:"),
        ("get_quotes", json!({"symbols": ["MSFT"]}), "2026-12-24 13:30:"),
    ] {
        let text = call("2026-12-24T13:30", tool, &arguments);
        assert!(text.contains(shown), "{shown}\n{text}");
    }
    let home = Home::new();
    let mut client = home.serve(&["serve", "--sandbox", "--clock", "2026-12-24T12:30"], &[]);
    client.initialize("2025-06-18");
    let order =
        json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"});
    let ticket = ticket(&mut client, order);
    assert_eq!(state(&place(&mut client, &ticket)), "FILLED");
    let text = client.text("get_orders", json!({"account": "0017", "view": "today"}));
    assert!(text.contains("2026-12-24 12:30:"), "{text}");
}

#[test]
fn a_second_process_has_the_time_of_the_first() {
    // An hour ago it was half past eleven there.
    let since = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let text = call(&format!("2026-12-24T11:30@{since}"), "get_market_status", &json!({}));
    assert!(text.contains("Aries' clock 2026-12-24 12:30:"), "{text}");
}

#[test]
fn without_a_clock_the_preview_and_the_status_say_that_the_market_never_closes() {
    let always = "the practice market is always open unless `--clock` sets its time";
    let order = |tif: &str| json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market", "time_in_force": tif});
    let preview = |tif: &str| {
        stdout(&Home::new().run(&["--sandbox", "call", "preview_order", &order(tif).to_string()], &[]))
    };
    for args in [&["--sandbox", "call", "get_market_status"][..], &["--sandbox", "status"]] {
        let text = stdout(&Home::new().run(args, &[]));
        assert!(text.contains(always), "{args:?}\n{text}");
    }
    let text = preview("day");
    assert!(text.contains("\nsession: a practice market, open at any hour\n"), "{text}");
    // It has no auction, and what waits for one ends with the day; the calendar tells when the exchange has one.
    for (tif, name, time) in [
        ("at_the_opening", "at the opening", " 09:30 in New York"),
        ("at_the_close", "at the close", ":00 in New York"),
    ] {
        let text = preview(tif);
        let session = text.lines().find(|line| line.starts_with("session: ")).unwrap();
        let lead = format!(
            "session: a practice market, open at any hour; the exchange itself would fill it {name}: "
        );
        assert!(session.starts_with(&lead) && session.contains(time), "{session}");
        assert!(session.ends_with(", by the calendar"), "{session}");
        let warning = format!(
            "warning: this practice market never closes and has no auction {name}, so the order does not fill and ends at \
             midnight in New York"
        );
        assert!(text.contains(&warning), "{text}");
    }
}

/// What is said of the auction is what the practice market does by its clock.
#[test]
fn an_order_for_an_auction_says_when_that_is() {
    for (clock, tif, row) in [
        (
            "2026-11-28T12:00",
            "at_the_opening",
            "closed (the weekend); the order fills in the auction at the opening: Monday 2026-11-30 09:30 in New York, after the weekend, by the calendar",
        ),
        (
            "2026-11-25T18:00",
            "at_the_close",
            "after hours; the order fills in the auction at the close: Friday 2026-11-27 13:00 in New York, after Thanksgiving Day, a half day, by the calendar",
        ),
        (
            "2026-11-30T12:00",
            "at_the_close",
            "regular session; the order fills in the auction at the close: Monday 2026-11-30 16:00 in New York, by the calendar",
        ),
    ] {
        let order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": 1, "type": "limit",
            "limit_price": "400.00", "time_in_force": tif});
        let text = call(clock, "preview_order", &order);
        assert!(text.lines().any(|line| line == format!("session: {row}")), "{row}\n{text}");
    }
}

#[test]
fn a_clock_without_a_practice_market_is_a_wrong_setting() {
    for (args, env) in [
        (&["--clock", "2026-11-27T12:59", "status"][..], &[][..]),
        (&["--clock", "2026-11-27T12:59"][..], &[][..]),
        (&["doctor"][..], &[("ARIES_SANDBOX_CLOCK", "2026-11-27T12:59")][..]),
    ] {
        let output = Home::new().run(args, env);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("sets the time of a practice market, and none is used"));
    }
}

#[test]
fn a_clock_that_is_no_time_is_a_wrong_setting() {
    for (args, env) in [
        (&["--clock", "noon", "tools"][..], &[][..]),
        (&["tools"][..], &[("ARIES_SANDBOX_CLOCK", "2026-13-01")][..]),
        (&["--clock", "2026-11-27T12:59@yesterday", "tools"][..], &[][..]),
        (&["--clock", "1815-06-18T12:00", "tools"][..], &[][..]),
    ] {
        let output = Home::new().run(args, env);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("ARIES_SANDBOX_CLOCK is not a time"), "{}", stderr(&output));
    }
}
