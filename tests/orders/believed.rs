//! Quotes that nothing supports, that contradict each other, or that are of another instrument.

use serde_json::{Value, json};

use super::table::Listed;
use crate::support::Client;
use crate::support::stage::*;

fn ready() -> (Stage, Client) {
    let limits = "max_order_value = 1000000\nmax_value_per_day = 9000000\n";
    let stage = Stage::new(&format!("[trading]\nlive = true\napproval = \"client\"\n{limits}"));
    let client = stage.client();
    (stage, client)
}

/// Has the call for several stocks answer with these rows, and every other source of prices with a refusal.
fn alone(stage: &Stage, rows: &[Value]) {
    stage.behave();
    let body = json!({"data": rows, "errors": []}).to_string();
    let path = "/v1/marketdata/equities/details";
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 999}));
    for path in ["/v1/chart/*", "/v1/stocks/*"] {
        stage.aries.faults(json!({"path": path, "fault": "status", "status": 403, "times": 999}));
    }
}

/// A row of MSFT as Aries documents it, with these changes; null leaves a member out.
fn row(changes: Value) -> Value {
    let now = jiff::Timestamp::now().to_string();
    let mut row = json!({"symbol": "MSFT", "bidPrice": 413.9, "askPrice": 414.1, "lastPrice": 414.0, "closePrice": 413.99,
        "netChange": 0.01, "quoteTimestamp": now, "tradeTimestamp": now});
    let row_of = row.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            row_of.remove(name);
        } else {
            row_of.insert(name.clone(), value.clone());
        }
    }
    row
}

fn limit(action: &str, price: &str) -> Value {
    json!({"account": "1002", "symbol": "MSFT", "action": action, "quantity": "1", "type": "limit", "limit_price": price})
}

fn ago(hours: i64) -> String {
    (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours)).to_string()
}

#[test]
fn a_tight_quote_that_no_trade_and_no_close_supports_judges_nothing() {
    let (stage, mut client) = ready();
    let high = |more: Value| {
        let mut changes = json!({"bidPrice": 9998, "askPrice": 9999});
        changes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row(changes)
    };
    let far = "bid and ask are far from the last trade (414.00)";
    let close = "bid and ask are far from the last close (413.99)";
    for (row, action, price, said) in [
        (high(json!({"tradeTimestamp": null})), "buy", "9999", far),
        (high(json!({"tradeTimestamp": ""})), "buy", "9999", far),
        (high(json!({"tradeTimestamp": ago(-1)})), "buy", "9999", far),
        (high(json!({"tradeTimestamp": "soon", "lastPrice": 9998})), "buy", "9999", close),
        (high(json!({"lastPrice": null, "price": null})), "buy", "9999", close),
        (high(json!({"lastPrice": 0})), "buy", "9999", close),
        (high(json!({"lastPrice": 9998, "tradeTimestamp": ago(240)})), "buy", "9999", close),
        (high(json!({"bidPrice": 829, "askPrice": 830, "tradeTimestamp": ago(240)})), "buy", "830", far),
        (row(json!({"bidPrice": 0.5, "askPrice": 0.51, "tradeTimestamp": null})), "sell", "0.50", far),
        (
            row(json!({"tradeTimestamp": null, "closePrice": null})),
            "buy",
            "414",
            "nothing confirms bid and ask: there is no trade of a known time, and no close",
        ),
        (row(json!({"lastPrice": null, "closePrice": 0})), "buy", "414", "nothing confirms bid and ask"),
    ] {
        alone(&stage, std::slice::from_ref(&row));
        let refused = client.failure("preview_order", limit(action, price));
        assert!(refused.contains(said) && refused.contains("tell the person"), "{row}: {refused}");
    }
    // What a close or an older trade supports is believed; what they support badly, with a word.
    for (row, price, warned) in [
        (row(json!({})), "414", false),
        (row(json!({"tradeTimestamp": null})), "414", false),
        (row(json!({"lastPrice": null})), "414", false),
        (row(json!({"closePrice": null, "tradeTimestamp": ago(240)})), "414", false),
        (row(json!({"bidPrice": 499, "askPrice": 500, "lastPrice": null})), "500", true),
    ] {
        alone(&stage, std::slice::from_ref(&row));
        let told = client.text("preview_order", limit("buy", price));
        let warning = "warning: bid and ask are far from the last price that is known, an old one (413.99)";
        assert_eq!(told.contains(warning), warned, "{row}: {told}");
    }
}

#[test]
fn rows_of_one_symbol_that_contradict_each_other_are_none() {
    let (stage, mut client) = ready();
    let stub = row(json!({"bidPrice": 9998, "askPrice": 9999, "lastPrice": 9998}));
    for rows in [[stub.clone(), row(json!({}))], [row(json!({})), stub.clone()]] {
        alone(&stage, &rows);
        for price in ["9999", "414"] {
            let refused = client.failure("preview_order", limit("buy", price));
            let why = "Aries' answer has several rows of MSFT, and they differ";
            assert!(refused.contains(why), "{refused}");
        }
    }
    // The same twice is the same.
    let one = row(json!({}));
    alone(&stage, &[one.clone(), row(json!({"symbol": "MSFU"})), one]);
    client.text("preview_order", limit("buy", "414"));
}

#[test]
fn a_snapshot_of_another_contract_is_no_price() {
    let (stage, mut client) = ready();
    let listed = Listed::find(&stage.aries);
    let order = json!({"account": "1002", "symbol": listed.osi('C', 270), "action": "buy_to_open", "quantity": "1",
        "type": "limit", "limit_price": "12.70"});
    let now = jiff::Timestamp::now().as_nanosecond().to_string();
    let quote = json!({"bid": 12.4, "ask": 12.7, "lastUpdated": now.parse::<u64>().unwrap(), "timeframe": "REAL-TIME"});
    let mut told = |changes: Value| {
        let mut details = json!({"ticker": format!("O:{}", listed.osi('C', 270)), "strikePrice": 270,
            "contractType": "call", "expirationDate": listed.day, "sharesPerContract": 100});
        details.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        stage.behave();
        let body = json!({"status": "OK", "results": {"lastQuote": quote, "details": details}}).to_string();
        stage
            .aries
            .faults(json!({"path": "/v1/options/snapshot/*", "fault": "body", "body": body, "times": 99}));
        client.call("preview_order", order.clone())
    };
    for changes in [
        json!({}),
        json!({"strikePrice": "270.000", "contractType": "CALL"}),
        json!({"strikePrice": null, "contractType": "", "expirationDate": null}),
    ] {
        let result = told(changes);
        assert_ne!(result["isError"], json!(true), "{result}");
    }
    for changes in
        [json!({"strikePrice": 180}), json!({"contractType": "put"}), json!({"expirationDate": "2027-12-17"})]
    {
        let result = told(changes);
        assert_eq!(result["isError"], json!(true), "{result}");
        let said = "Aries answered with the price of another contract";
        assert!(crate::support::text_of(&result).contains(said), "{result}");
    }
}
