//! The market socket, where the status is not told by a call: what it tells, where it is asked for, and through which proxy.

use crate::support::scripted::Scripted;
use crate::support::{Aries, Home, READING, pairs, stderr, stdout};
use serde_json::json;

const ASK: [&str; 2] = ["call", "get_market_status"];
/// Without the right to the call that tells the status, the socket is asked at once.
const SOCKET_ONLY: (&str, &str) = ("ARIES_SCOPES", "market:information");

#[test]
fn the_status_is_told_by_the_embedded_aries() {
    for (scopes, path) in [(READING, "/v1/market/status"), (&["market:information"], "/v1/market/ws")] {
        let aries = Aries::start(Default::default());
        let output = Home::new().run(&ASK, &pairs(&aries.env(scopes)));
        assert!(
            stdout(&output).starts_with("SANDBOX · market open · "),
            "{}{}",
            stdout(&output),
            stderr(&output)
        );
        let asked = aries.log();
        assert!(asked.len() == 1 && asked[0].contains(path), "{asked:?}");
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
        assert!(stderr(&output).contains("refused the connection (200)"), "{}", stderr(&output));
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
        assert!(!output.status.success());
        assert_eq!(proxy.asked(), through, "{}", stderr(&output));
        assert_eq!(near.asked(), direct, "{}", stderr(&output));
    }
}
