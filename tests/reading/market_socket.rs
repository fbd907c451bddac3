//! The market socket, where the status is not told by a call: what it tells, where it is asked for, and through which proxy.

use crate::support::scripted::Scripted;
use crate::support::{Aries, Home, READING, pairs, stderr, stdout};
use serde_json::json;

const ASK: [&str; 2] = ["call", "get_market_status"];
/// Without the right to the call that tells the status, the socket is asked at once.
const SOCKET_ONLY: (&str, &str) = ("ARIES_SCOPES", "market:information");

#[test]
fn the_status_is_told_by_the_embedded_aries() {
    for (scopes, path, calls) in
        [(READING, "/v1/market/status", 2), (&["market:information"], "/v1/market/ws", 1)]
    {
        let aries = Aries::start(Default::default());
        let output = Home::new().run(&ASK, &pairs(&aries.env(scopes)));
        assert!(
            stdout(&output).starts_with("SANDBOX · market open · "),
            "{}{}",
            stdout(&output),
            stderr(&output)
        );
        let asked = aries.log();
        assert!(asked.len() == calls && asked[0].contains(path), "{asked:?}");
    }
}

#[test]
fn it_is_asked_for_below_the_path_of_its_base() {
    let scripted = Scripted::start(&json!([{"request": "*", "answer": {}}]));
    let host = scripted.origin.strip_prefix("http://").unwrap();
    for (variable, base) in [
        ("ARIES_STREAM_URL", format!("ws://{host}/base/")),
        ("ARIES_STREAM_URL", format!("http://{host}/base")),
        ("ARIES_API_URL", format!("http://{host}/base")),
    ] {
        let env = [("ARIES_ACCESS_TOKEN", "x"), SOCKET_ONLY, (variable, base.as_str())];
        let output = Home::new().run(&ASK, &env);
        let text = stdout(&output);
        assert!(text.contains("used: it refused the connection (200)"), "{text}{}", stderr(&output));
        assert!(text.lines().next().unwrap().contains(" · by the calendar · asked "), "{text}");
        assert_eq!(scripted.asked().last().unwrap(), "GET /base/v1/market/ws");
    }
    assert_eq!(scripted.asked().len(), 3);
}

#[test]
fn it_goes_through_the_proxy_unless_it_is_on_this_machine() {
    let proxy = Scripted::start(&json!([]));
    let near = Scripted::start(&json!([]));
    for (stream, through, direct) in [
        ("wss://stream.invalid/base", vec!["CONNECT stream.invalid:443"], vec![]),
        (near.origin.as_str(), vec!["CONNECT stream.invalid:443"], vec!["GET /v1/market/ws"]),
    ] {
        let env = [
            ("ARIES_ACCESS_TOKEN", "x"),
            SOCKET_ONLY,
            ("ARIES_API_URL", "https://aries.invalid"),
            ("ARIES_STREAM_URL", stream),
            ("https_proxy", proxy.origin.as_str()),
            ("http_proxy", proxy.origin.as_str()),
            ("no_proxy", ""),
        ];
        let output = Home::new().run(&ASK, &env);
        assert!(
            stdout(&output).contains("Aries does not tell it: Aries' market socket "),
            "{}",
            stdout(&output)
        );
        assert_eq!(proxy.asked(), through, "{}", stderr(&output));
        assert_eq!(near.asked(), direct, "{}", stderr(&output));
    }
}

#[test]
fn crypto_and_indices_are_told_if_they_are_asked_for() {
    let aries = Aries::start(Default::default());
    let ask = |scopes: &[&str], fields: &str| {
        let args = format!(r#"{{"fields":[{fields}]}}"#);
        let output = Home::new().run(&["call", "get_market_status", &args], &pairs(&aries.env(scopes)));
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    for scopes in [READING, &["market:information"]] {
        let usual = ask(scopes, "");
        assert!(!usual.contains("crypto") && !usual.contains("dow jones"), "{usual}");
        let crypto = ask(scopes, r#""crypto""#);
        assert!(crypto.contains("\ncurrencies: crypto open, fx open"), "{crypto}");
        assert!(!crypto.contains("dow jones"), "{crypto}");
        let all = ask(scopes, r#""crypto","indices""#);
        assert!(all.contains("crypto open") && all.contains("\nindicesGroups: dow jones open"), "{all}");
    }
    let without = ask(&["market:supplemental"], r#""indices""#);
    assert!(without.contains("\nnothing about crypto and indices: "), "{without}");
}

#[test]
fn holidays_are_those_that_aries_lists_or_the_calendar_has() {
    let answer = |list: serde_json::Value, status: u16| {
        let scripted = Scripted::start(&json!([
            {"request": "GET /v1/market/status?exchange=US",
                "answer": {"isOpen": false, "session": "", "timestamp": 1_796_162_400}},
            {"request": "GET /v1/market/holiday?exchange=US", "answer": list, "status": status},
        ]));
        let env = [("ARIES_API_URL", scripted.origin.as_str()), ("ARIES_ACCESS_TOKEN", "x")];
        stdout(&Home::new().run(&ASK, &env))
    };
    // It is Tuesday, 2026-12-01, 17:00 in New York.
    let list = json!({"holidays": [
        {"atDate": "2026-12-02", "eventName": "Day of mourning", "tradingHour": ""},
        {"atDate": "2026-12-24", "eventName": "Christmas Eve", "tradingHour": "09:30-13:00"}]});
    let text = answer(list, 200);
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("SANDBOX · market closed · Aries' clock 2026-12-01 17:00:00 · asked "),
        "{text}"
    );
    assert_eq!(
        lines[1..],
        [
            "next opening 2026-12-03 09:30 · next closing 2026-12-03 16:00",
            "holidays to come: 2026-12-02 \"Day of mourning\", closed, 2026-12-24 \"Christmas Eve\", a half day, 09:30 to 13:00",
            "holidays to come, by the calendar: 2026-12-25 Christmas Day, closed, 2027-01-01 New Year's Day, closed",
        ]
    );
    let text = answer(json!({}), 403);
    assert!(
        text.contains("\nnext opening 2026-12-02 09:30 · next closing 2026-12-02 16:00 · by the calendar\n"),
        "{text}"
    );
    assert!(
        text.contains("\nholidays to come, by the calendar: 2026-12-24 a half day, 09:30 to 13:00, "),
        "{text}"
    );
}
