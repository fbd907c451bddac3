//! A table of orders with the exact body that Aries gets, or the refusal, through the real binary.

use crate::support::stage::Stage;
use crate::support::{Aries, Client, text_of};
use serde_json::{Value, json};

enum Expect {
    /// The body that reaches Aries' preview, without account and our own id.
    Body(Value),
    /// A refusal that says this.
    No(&'static str),
}
use Expect::{Body, No};

/// A stock order on the simulated account: what is not said is a limit buy of 10 MSFT at 400.
fn with(changes: Value) -> Value {
    let mut order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"});
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            order.as_object_mut().unwrap().remove(name);
        } else {
            order[name] = value.clone();
        }
    }
    order
}

fn body(changes: Value) -> Expect {
    let mut body = json!({"symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "10", "price": "400.00", "timeInForce": "DAY"});
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    Body(body)
}

/// The call on Apple of which the account that plays live holds two, as previews call it.
pub(super) fn held_call(client: &mut Client) -> String {
    let portfolio = client.text("get_portfolio", json!({"account": "1002"}));
    let row = portfolio.lines().find(|line| line.starts_with("AAPL2") && line.contains("C00280000|2|"));
    let short = &row.unwrap_or_else(|| panic!("{portfolio}"))["AAPL".len()..];
    format!("AAPL 20{}-{}-{} 280 C", &short[..2], &short[2..4], &short[4..6])
}

/// A listed expiration of AAPL, some weeks out, and strikes around the money.
/// A chain of AAPL, and the last expiration shown of it.
pub(super) struct Listed {
    pub(super) day: String,
    short: String,
}

impl Listed {
    pub(super) fn find(aries: &Aries) -> Self {
        let token = aries.issue(crate::support::READING).access_token;
        let chain = aries.http(
            "GET",
            "/v1/options/snapshot/chain/AAPL?limit=250&sort=expiration_date",
            Some(&token),
            None,
        );
        let text = chain.to_string();
        // OSI symbols in the answer: the last expiration shown is far enough away.
        let mut days: Vec<&str> = text.split("O:AAPL").skip(1).filter_map(|rest| rest.get(..6)).collect();
        days.sort_unstable();
        let short = (*days.last().unwrap_or_else(|| panic!("no chain: {chain}"))).to_owned();
        Self { day: format!("20{}-{}-{}", &short[..2], &short[2..4], &short[4..]), short }
    }

    pub(super) fn osi(&self, right: char, strike: u32) -> String {
        format!("AAPL{}{right}{:08}", self.short, strike * 1000)
    }

    fn leg(&self, side: &str, effect: &str, ratio: &str, right: &str, strike: &str) -> Value {
        json!({"securityType": "OPT", "side": side, "ratioQty": ratio, "putCall": right, "strikePrice": strike, "maturity": self.day, "positionEffect": effect})
    }
}

fn stocks() -> Vec<(Value, Expect)> {
    let mut rows = vec![
        (with(json!({})), body(json!({}))),
        (with(json!({"symbol": "msft"})), body(json!({}))),
        (with(json!({"symbol": " MSFT "})), body(json!({}))),
        (with(json!({"limit_price": "400"})), body(json!({"price": "400"}))),
        (with(json!({"limit_price": "400.1"})), body(json!({"price": "400.1"}))),
        (
            with(json!({"limit_price": "399.99", "quantity": "1"})),
            body(json!({"price": "399.99", "qty": "1"})),
        ),
        (
            with(json!({"type": "market", "limit_price": null})),
            body(json!({"type": "MARKET", "price": null})),
        ),
        (
            with(json!({"type": "stop", "limit_price": null, "stop_price": "450"})),
            body(json!({"type": "STOP", "price": null, "stopPrice": "450"})),
        ),
        (
            with(json!({"type": "stop_limit", "limit_price": "455", "stop_price": "450"})),
            body(json!({"type": "STOP_LIMIT", "price": "455", "stopPrice": "450"})),
        ),
        // Price fields: exactly those of the type.
        (with(json!({"limit_price": null})), No("`limit_price` is missing")),
        (with(json!({"stop_price": "390"})), No("`stop_price` does not belong to a limit order")),
        (with(json!({"type": "market"})), No("`limit_price` does not belong to a market order")),
        (
            with(json!({"type": "market", "limit_price": null, "stop_price": "390"})),
            No("`stop_price` does not belong"),
        ),
        (with(json!({"type": "stop", "limit_price": null})), No("`stop_price` is missing")),
        (
            with(json!({"type": "stop", "stop_price": "450"})),
            No("`limit_price` does not belong to a stop order"),
        ),
        (with(json!({"type": "stop_limit"})), No("`stop_price` is missing")),
        (
            with(json!({"type": "stop_limit", "limit_price": null, "stop_price": "450"})),
            No("`limit_price` is missing"),
        ),
        (with(json!({"type": "trailing_stop"})), No("`type`")),
        (with(json!({"type": "LIMIT"})), body(json!({}))),
        // Other programs' spellings of the same share.
        (with(json!({"symbol": "$MSFT"})), body(json!({}))),
        (with(json!({"symbol": "NASDAQ: msft"})), body(json!({}))),
        (with(json!({"symbol": "ＭＳＦＴ"})), body(json!({}))),
        (with(json!({"symbol": "BRKB"})), body(json!({"symbol": "BRK.B"}))),
        (with(json!({"symbol": "BRK_B"})), body(json!({"symbol": "BRK.B"}))),
        // What is missing or strange.
        (with(json!({"action": null})), No("`action` is missing")),
        (with(json!({"type": null})), No("`type` is missing")),
        (with(json!({"symbol": null})), No("`symbol` is missing")),
        (with(json!({"quantity": null})), No("`quantity` is missing")),
        (with(json!({"account": null})), No("several accounts are open")),
        (with(json!({"account": "9999"})), No("no such open account")),
        (with(json!({"quantity": 10})), body(json!({}))),
        (with(json!({"limit_price": 400.0})), body(json!({"price": "400.0"}))),
        (with(json!({"price": "400"})), No("there is no argument `price`")),
        (with(json!({"symbol": "^SPX"})), No("SPX is an index, and an index cannot be bought or sold")),
        (with(json!({"symbol": "SPX"})), No("only options on it (SPX and SPXW) are traded")),
        (with(json!({"symbol": "DJI", "action": "sell"})), No("only options on it (DJX) are traded")),
        (with(json!({"symbol": "$comp"})), No("COMP is an index, and an index cannot be bought or sold")),
        (
            with(json!({"symbol": "COMP.IND_CBOM"})),
            No("COMP is an index, and an index cannot be bought or sold"),
        ),
        (with(json!({"symbol": "ſPY"})), No("not a symbol")),
        (with(json!({"symbol": "^TSLA"})), No("not a symbol")),
        (with(json!({"symbol": "TSX:BRK.B"})), No("not a symbol")),
        (with(json!({"symbol": "AT&T"})), No("not a symbol")),
        (with(json!({"symbol": "$SPX.X"})), No("SPX is an index, and an index cannot be bought or sold")),
        (with(json!({"symbol": "/ES"})), No("cannot be ordered here")),
        (with(json!({"symbol": "../x"})), No("not a symbol")),
        (with(json!({"symbol": "ZZZZ"})), No("ZZZZ")),
        // Actions.
        (with(json!({"action": "buy_to_open"})), No("is a stock, and buy_to_open is for options")),
        (with(json!({"action": "sell_to_close"})), No("is a stock")),
        (with(json!({"action": "sell_to_open"})), No("is a stock")),
        (with(json!({"action": "buy_to_close"})), No("is a stock")),
        (with(json!({"action": "BUY"})), body(json!({}))),
        (with(json!({"action": "short"})), No("`action`")),
        (
            with(json!({"action": "sell"})),
            No("more than there is to close (held 0, already in open orders 0, asked 10 shares)"),
        ),
        (with(json!({"action": "buy_to_cover"})), No("more than there is to close")),
        (
            with(json!({"action": "sell_short", "limit_price": "430"})),
            body(json!({"side": "SELL_SHORT", "price": "430"})),
        ),
        (
            with(json!({"symbol": "F", "action": "sell", "quantity": "300", "limit_price": "13"})),
            body(json!({"symbol": "F", "side": "SELL", "qty": "300", "price": "13"})),
        ),
        (
            with(json!({"symbol": "F", "action": "sell", "quantity": "301", "limit_price": "13"})),
            No("held 300, already in open orders 0, asked 301 shares"),
        ),
        (
            with(json!({"symbol": "F", "action": "sell_short", "limit_price": "13"})),
            No("you hold 300 F, so SELL SHORT would sell those"),
        ),
        (
            with(json!({"symbol": "F", "action": "buy_to_cover", "limit_price": "11"})),
            No("more than there is to close"),
        ),
        (
            with(
                json!({"symbol": "TSLA", "action": "sell", "quantity": "20", "type": "market", "limit_price": null}),
            ),
            body(json!({"symbol": "TSLA", "side": "SELL", "qty": "20", "type": "MARKET", "price": null})),
        ),
        // Far through the market.
        (with(json!({"limit_price": "900"})), No("% above ask")),
        (with(json!({"symbol": "F", "action": "sell", "limit_price": "1"})), No("% below bid")),
        (
            with(json!({"type": "stop_limit", "limit_price": "900", "stop_price": "450"})),
            No("% above its stop"),
        ),
        (with(json!({"quantity": "99999999"})), No("99999999 shares")),
        (with(json!({"quantity": "100000"})), No("a value of 40,000,000.00 USD")),
    ];
    // Time in force: seven words for stock.
    for (ours, theirs) in [
        ("day", "DAY"),
        ("gtc", "GTC"),
        ("ioc", "IOC"),
        ("fok", "FOK"),
        ("extended_hours", "EXTENDED_HOURS"),
        ("at_the_opening", "AT_THE_OPENING"),
        ("at_the_close", "AT_THE_CLOSE"),
    ] {
        rows.push((with(json!({"time_in_force": ours})), body(json!({"timeInForce": theirs}))));
    }
    for wrong in ["days", "gtd", "opg", ""] {
        rows.push((with(json!({"time_in_force": wrong})), No("`time_in_force`")));
    }
    for (kind, tif) in [
        ("market", "extended_hours"),
        ("stop", "ioc"),
        ("stop", "fok"),
        ("stop", "at_the_close"),
        ("stop", "extended_hours"),
    ] {
        let stop = if kind == "stop" { json!("450") } else { Value::Null };
        rows.push((
            with(json!({"type": kind, "limit_price": null, "stop_price": stop, "time_in_force": tif})),
            No("`time_in_force`"),
        ));
    }
    // Decimals as written.
    for odd in [
        "1e-7",
        "1,000",
        "NaN",
        "+5",
        "-5",
        " 5",
        "5 ",
        ".5",
        "5.",
        "007",
        "0",
        "0.00",
        "0x10",
        "1_0",
        "inf",
        "１０",
        "123456789",
        "1.2.3",
        "$400",
    ] {
        rows.push((with(json!({"limit_price": odd})), No("`limit_price`")));
    }
    for odd in ["1.5", "10.01", "1e1", "+10", "-10", "0", "1,000", "ten", "NaN", "010"] {
        rows.push((with(json!({"quantity": odd})), No("`quantity`")));
    }
    for (price, fits) in [
        ("400.001", false),
        ("400.0001", false),
        ("400.00001", false),
        ("0.0001", true),
        ("0.9999", true),
        ("1.0001", false),
        ("0.00001", true),
        ("0.12345", true),
        ("0.123456", false),
        ("400.10", true),
    ] {
        let expected = if fits { body(json!({"price": price})) } else { No("`limit_price`") };
        rows.push((with(json!({"limit_price": price})), expected));
    }
    rows
}

fn options(listed: &Listed) -> Vec<(Value, Expect)> {
    let (c270, c280, p260, p250) =
        (listed.osi('C', 270), listed.osi('C', 280), listed.osi('P', 260), listed.osi('P', 250));
    let single = |changes: Value| {
        let mut order =
            with(json!({"symbol": c270, "action": "buy_to_open", "quantity": "1", "limit_price": "1.00"}));
        order.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        order
    };
    let call = |side: &str, effect: &str| listed.leg(side, effect, "1", "CALL", "270");
    let opened = |price: &str, tif: &str| {
        Body(
            json!({"symbol": "AAPL", "side": "BUY", "type": "LIMIT", "qty": "1", "price": price, "timeInForce": tif, "legs": [call("BUY", "OPEN")]}),
        )
    };
    let spread = |action: &str, price: &str, legs: Value| {
        with(json!({"symbol": "AAPL", "action": action, "quantity": "2", "limit_price": price, "legs": legs}))
    };
    let leg = |contract: &str, action: &str| json!({"contract": contract, "action": action});
    let ratio = |contract: &str, action: &str, ratio: u32| json!({"contract": contract, "action": action, "ratio": ratio});
    let vertical = json!([leg(&c270, "buy_to_open"), leg(&c280, "sell_to_open")]);
    let mut rows = vec![
        (single(json!({})), opened("1.00", "DAY")),
        (single(json!({"time_in_force": "gtc"})), opened("1.00", "GTC")),
        (single(json!({"symbol": format!("AAPL {} 270 C", listed.day)})), opened("1.00", "DAY")),
        (single(json!({"symbol": format!("aapl 270 call {}", listed.day)})), opened("1.00", "DAY")),
        (single(json!({"symbol": format!("O:{c270}")})), opened("1.00", "DAY")),
        (single(json!({"symbol": format!("AAPL  {}C00270000", listed.short)})), opened("1.00", "DAY")),
        (single(json!({"symbol": format!("AAPL 21{} 270 C", &listed.day[2..])})), No("not a symbol")),
        (single(json!({"symbol": format!("AAPL 19{} 270 C", &listed.day[2..])})), No("not a symbol")),
        (single(json!({"action": "buy"})), No("does not say whether")),
        (single(json!({"action": "sell"})), No("does not say whether")),
        (single(json!({"action": "sell_short"})), No("does not say whether")),
        (single(json!({"action": "sell_to_close"})), No("more than there is to close (held 0")),
        (single(json!({"action": "buy_to_close"})), No("more than there is to close (held 0")),
        (single(json!({"limit_price": "1.005"})), No("between two ticks")),
        (single(json!({"limit_price": "0.0001"})), No("between two ticks")),
        (single(json!({"limit_price": "900"})), No("% above ask")),
        (single(json!({"symbol": "AAPL200117C00200000"})), No("expired")),
        (single(json!({"symbol": format!("AAPL1{}C00270000", listed.short)})), No("adjusted contract")),
        (single(json!({"quantity": "1001"})), No("1001 contracts")),
        (
            spread("buy", "2.00", vertical.clone()),
            Body(
                json!({"symbol": "AAPL", "side": "BUY", "type": "LIMIT", "qty": "2", "price": "2.00", "timeInForce": "DAY",
                "legs": [call("BUY", "OPEN"), listed.leg("SELL", "OPEN", "1", "CALL", "280")]}),
            ),
        ),
        (
            spread("sell", "9.00", json!([leg(&p260, "sell_to_open"), leg(&p250, "buy_to_open")])),
            Body(
                json!({"symbol": "AAPL", "side": "SELL", "type": "LIMIT", "qty": "2", "price": "9.00", "timeInForce": "DAY",
                "legs": [listed.leg("SELL", "OPEN", "1", "PUT", "260"), listed.leg("BUY", "OPEN", "1", "PUT", "250")]}),
            ),
        ),
        (
            spread("buy", "1.00", json!([ratio(&p260, "buy_to_open", 2), ratio(&p250, "buy_to_open", 1)])),
            Body(
                json!({"symbol": "AAPL", "side": "BUY", "type": "LIMIT", "qty": "2", "price": "1.00", "timeInForce": "DAY",
                "legs": [listed.leg("BUY", "OPEN", "2", "PUT", "260"), listed.leg("BUY", "OPEN", "1", "PUT", "250")]}),
            ),
        ),
        (spread("buy", "2.00", json!([leg(&c270, "buy_to_open")])), No("1 entries")),
        (
            spread("buy", "2.00", json!([leg(&c270, "buy_to_open"), leg(&c270, "sell_to_open")])),
            No("appears twice"),
        ),
        (
            spread("buy", "2.00", json!([leg(&c270, "buy"), leg(&c280, "sell")])),
            No(
                "`legs[0].action`: \"buy\" is not one of buy_to_open, sell_to_close, sell_to_open, buy_to_close",
            ),
        ),
        (
            spread("buy", "2.00", json!([ratio(&c270, "buy_to_open", 2), ratio(&c280, "sell_to_open", 2)])),
            No("every ratio can be divided by 2"),
        ),
        (
            spread("buy", "2.00", json!([ratio(&c270, "buy_to_open", 21), ratio(&c280, "sell_to_open", 1)])),
            No("ratio"),
        ),
        (
            spread("buy", "2.00", json!([leg(&c270, "buy_to_open"), leg("AAPL", "sell_to_open")])),
            No("is not an option contract"),
        ),
        (
            spread(
                "buy",
                "2.00",
                json!([
                    leg(&c270, "buy_to_open"),
                    leg(&format!("AAPL 21{} 280 C", &listed.day[2..]), "sell_to_open")
                ]),
            ),
            No("is not an option contract"),
        ),
        (
            spread("buy", "2.00", json!([leg(&c270, "buy_to_open"), leg(&c280, "sell_to_close")])),
            No("more than there is to close"),
        ),
        (spread("buy_to_open", "2.00", vertical.clone()), No("does not go with legs")),
        (spread("sell_short", "2.00", vertical.clone()), No("does not go with legs")),
        (spread("buy", "90.00", vertical.clone()), No("% above ask")),
        (spread("buy", "2.001", vertical.clone()), No("between two ticks")),
        (
            with(json!({"symbol": "MSFT", "action": "buy", "limit_price": "2.00", "legs": vertical})),
            No("is not on MSFT"),
        ),
        (
            spread(
                "buy",
                "2.00",
                json!([
                    json!({"contract": c270, "action": "buy_to_open", "side": "BUY"}),
                    leg(&c280, "sell_to_open")
                ]),
            ),
            No("there is no argument `legs[0].side`"),
        ),
        (
            spread("buy", "2.00", json!([leg(&c270, "buy_to_open"), {"contract": c280}])),
            No("`legs[1].action` is missing"),
        ),
        (spread("buy", "2.00", json!([leg(&c270, "buy_to_open"), c280])), No("`legs[1]`: ")),
    ];
    // Both of two roots that legs cannot tell apart.
    for root in ["SPX", "SPXW", "NDX", "NDXP", "RUT", "RUTW", "VIX", "VIXW", "OEX", "OEXW"] {
        let contract = format!("{root}{}C06000000", listed.short);
        rows.push((single(json!({"symbol": contract})), No("cannot say whether")));
    }
    let spx = |strike: u32| format!("SPX {} {strike} C", listed.day);
    let legs = json!([leg(&spx(6000), "buy_to_open"), leg(&spx(6100), "sell_to_open")]);
    for symbol in ["SPX", "^SPX"] {
        let order = json!({"symbol": symbol, "action": "buy", "limit_price": "2.00", "legs": legs});
        rows.push((with(order), No("cannot say whether SPX or SPXW is meant")));
    }
    for tif in ["ioc", "fok", "extended_hours", "at_the_opening", "at_the_close"] {
        rows.push((single(json!({"time_in_force": tif})), No("does not go with options")));
    }
    rows
}

#[test]
fn every_order_is_refused_or_becomes_exactly_its_body() {
    let stage = Stage::new("");
    let aries = &stage.aries;
    let listed = Listed::find(aries);
    let mut client = stage.client();
    let rows: Vec<_> = stocks().into_iter().chain(options(&listed)).collect();
    assert!(rows.len() >= 100, "{}", rows.len());
    let previews = || {
        let log = aries.http("GET", "/sandbox/log", None, None);
        let posts =
            log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/preview").cloned();
        posts.collect::<Vec<Value>>()
    };
    for (order, expected) in rows {
        aries.http("DELETE", "/sandbox/log", None, None);
        let result = client.call("preview_order", order.clone());
        let text = text_of(&result);
        match expected {
            No(why) => {
                assert_eq!(result["isError"], json!(true), "{order}\n{text}");
                assert!(text.contains(why), "{order}\nexpected {why}\n{text}");
                assert!(result.get("structuredContent").is_none());
            }
            Body(mut body) => {
                assert_ne!(result["isError"], json!(true), "{order}\n{text}");
                let mut sent = previews()[0]["body"].clone();
                assert!(sent["clientId"].as_str().unwrap().len() <= 50);
                sent.as_object_mut().unwrap().remove("clientId");
                body["tradingAccountId"] = json!("SIM8820017");
                assert_eq!(sent, body, "{order}");
            }
        }
    }
    assert!(!aries.log().iter().any(|line| line == "POST /v1/orders"));
}

#[test]
fn the_limits_count_every_leg_of_a_spread() {
    for (config, said) in [
        ("[trading]\nmax_value_per_day = 1000\n", "USD more would pass the limit of 1,000.00 USD a day"),
        ("[trading]\nmax_order_value = 1000\n", "USD, every leg counted, and the limit is 1,000.00 USD"),
        ("", ""),
    ] {
        let stage = Stage::new(config);
        let listed = Listed::find(&stage.aries);
        // Both legs are many hundreds of dollars; their difference is 120.
        let order =
            with(json!({"symbol": "AAPL", "action": "buy", "quantity": "2", "limit_price": "0.60", "legs": [
                {"contract": listed.osi('C', 250), "action": "buy_to_open"},
                {"contract": listed.osi('C', 260), "action": "sell_to_open"},
            ]}));
        let mut client = stage.client();
        if said.is_empty() {
            // What the person reads is what it costs.
            assert!(text_of(&client.call("preview_order", order)).contains("about 120.00 USD"));
        } else {
            let refused = client.failure("preview_order", order);
            assert!(refused.contains(said), "{refused}");
        }
    }
}

/// A server on an Aries whose option prices the test makes up; live accounts are open, and no person is asked.
struct Desk {
    stage: Stage,
    listed: Listed,
    client: Client,
}

impl Desk {
    fn open(limits: &str) -> Self {
        let stage = Stage::new(&format!("[trading]\nlive = true\napproval = \"client\"\n{limits}"));
        let listed = Listed::find(&stage.aries);
        let client = stage.client();
        Self { stage, listed, client }
    }

    /// Every further answer of these calls is this body.
    fn answers(&self, method: &str, path: &str, body: &Value) {
        self.stage.aries.faults(
            json!({"method": method, "path": path, "fault": "body", "body": body.to_string(), "times": 99}),
        );
    }

    /// What every snapshot of the call at 270 says from now on.
    fn snapshots(&self, results: &Value) {
        let mut results = results.clone();
        results["details"]["ticker"] = json!(format!("O:{}", self.listed.osi('C', 270)));
        self.answers("GET", "/v1/options/snapshot/*", &json!({"status": "OK", "results": results}));
    }

    /// What the call that tells no time says of a call from now on.
    fn undated(&self, strike: u32, bid: &str, ask: &str) {
        let row = json!({"symbol": self.listed.osi('C', strike), "bidPrice": bid, "askPrice": ask, "lastPrice": ask});
        self.answers("GET", "/v1/marketdata/options/details", &json!({"data": [row], "errors": []}));
    }

    fn forget(&self) {
        self.stage.aries.http("DELETE", "/sandbox/faults", None, None);
    }

    fn call(&self, account: &str, limit: &str) -> Value {
        json!({"account": account, "symbol": self.listed.osi('C', 270), "action": "buy_to_open", "quantity": "1",
            "type": "limit", "limit_price": limit})
    }
}

fn now_in_nanoseconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos()).unwrap()
}

#[test]
fn an_option_is_judged_by_prices_whose_time_is_known() {
    let mut desk = Desk::open("");
    let quote =
        json!({"bid": 12.4, "ask": 12.7, "lastUpdated": now_in_nanoseconds(), "timeframe": "REAL-TIME"});
    desk.snapshots(&json!({"lastQuote": quote, "lastTrade": {"price": 12.5}}));
    // Twice as high, and nobody knows when.
    desk.undated(270, "24.9", "25.0");
    let refused = desk.client.failure("preview_order", desk.call("1002", "25.00"));
    assert!(refused.contains("is more than 5 % above ask 12.70"), "{refused}");
    let preview = desk.client.text("preview_order", desk.call("1002", "12.70"));
    assert!(preview.contains("judged by: bid 12.40, ask 12.70, last 12.50, "), "{preview}");
    // Where the snapshot has no quote, prices are there, and their age is not.
    desk.forget();
    desk.snapshots(&json!({"lastTrade": {"price": 12.5, "sipTimestamp": now_in_nanoseconds()}}));
    desk.undated(270, "24.9", "25.0");
    let refused = desk.client.failure("preview_order", desk.call("1002", "25.00"));
    assert!(refused.contains("does not say how old the quote is"), "{refused}");
    let preview = desk.client.text("preview_order", desk.call("0017", "25.00"));
    assert!(
        preview.contains("judged by: bid 24.90, ask 25.00, last 25.00, ")
            && preview.contains("could not be checked: age of the quote"),
        "{preview}"
    );
}

#[test]
fn what_aries_expects_it_to_cost_counts_for_the_order_and_the_day() {
    let mut desk = Desk::open("max_value_per_day = 9000\n");
    let order = json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"});
    let estimate = |desk: &Desk, cost: &str| {
        desk.forget();
        desk.answers("POST", "/v1/orders/preview", &json!({"estimatedCost": cost, "numDayTrades": 0}));
    };
    estimate(&desk, "400000.00");
    let refused = desk.client.failure("preview_order", order.clone());
    assert!(refused.contains("a value of 400,000.00 USD by Aries' own estimate"), "{refused}");
    estimate(&desk, "4,900");
    let preview = desk.client.text("preview_order", order.clone());
    assert!(preview.contains("could not be checked: Aries' own estimate of the cost"), "{preview}");
    estimate(&desk, "4900.00");
    let preview = desk.client.call("preview_order", order.clone());
    assert!(
        text_of(&preview).contains(
            "warning: Aries estimates 4,900.00 USD, but by its price and quantity the order is worth 4,000.00 USD"
        ),
        "{preview}"
    );
    let placed = desk.client.text("place_order", json!({"ticket": preview["structuredContent"]["ticket"]}));
    assert!(placed.starts_with("WORKING"), "{placed}");
    // By its price alone there would be room for another one.
    let refused = desk.client.failure("preview_order", order);
    assert!(
        refused.contains("4,900.00 USD were ordered today, and 4,900.00 USD more would pass the limit of 9,000.00 USD a day"),
        "{refused}"
    );
}

#[test]
fn a_contract_that_is_not_for_100_shares_is_refused() {
    let mut desk = Desk::open("");
    let quote =
        json!({"bid": 0.99, "ask": 1.0, "lastUpdated": now_in_nanoseconds(), "timeframe": "REAL-TIME"});
    for (shares, said) in
        [(json!(10), "stands for 10 shares, not for 100"), (json!("1000"), "stands for 1000 shares")]
    {
        desk.forget();
        desk.snapshots(&json!({"lastQuote": quote, "details": {"sharesPerContract": shares}}));
        for account in ["1002", "0017"] {
            let refused = desk.client.failure("preview_order", desk.call(account, "1.00"));
            assert!(refused.contains(said), "{refused}");
        }
        let found =
            desk.client.text("find_symbol", json!({"query": desk.listed.osi('C', 270), "kind": "option"}));
        let number = shares.as_str().map_or_else(|| shares.to_string(), str::to_owned);
        assert!(found.contains(&format!(" · {number} shares per contract")), "{found}");
    }
    desk.forget();
    desk.snapshots(&json!({"lastQuote": quote, "details": {"sharesPerContract": 100}}));
    desk.client.text("preview_order", desk.call("1002", "1.00"));
}

#[test]
fn a_price_beyond_all_sense_breaks_nothing() {
    let mut desk = Desk::open("");
    let order =
        json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "market"});
    let preview = desk.client.call("preview_order", order.clone());
    let nonsense = json!({"symbol": "MSFT", "askPrice": 5e28, "bidPrice": 5e28, "quoteTimestamp": jiff::Timestamp::now().to_string()});
    desk.answers("GET", "/v1/marketdata/equities/details", &json!({"data": [nonsense]}));
    let placed = desk.client.text("place_order", json!({"ticket": preview["structuredContent"]["ticket"]}));
    assert!(
        placed.starts_with("NOT SENT") && placed.contains("no quote to check its price against"),
        "{placed}"
    );
    assert!(!desk.stage.aries.log().iter().any(|line| line == "POST /v1/orders"));
    let refused = desk.client.failure("preview_order", order);
    assert!(refused.contains("no quote to check its price against"), "{refused}");
}

#[test]
fn a_collar_that_holds_nothing_back_is_refused_when_the_file_is_read() {
    let stage = Stage::new("[trading]\nprice_collar_percent = 100\n");
    let output = stage.run(&["serve"]);
    assert_eq!(output.status.code(), Some(2));
    let said = crate::support::stderr(&output);
    assert!(said.contains("line 2: `price_collar_percent`: 100 is not below 100"), "{said}");
}

#[test]
fn fees_below_a_cent_are_told_and_counts_are_no_money() {
    let mut desk = Desk::open("");
    let estimate =
        json!({"estimatedCost": "4000.00", "commission": "0.004", "fees": "0.0049", "numDayTrades": 3});
    desk.answers("POST", "/v1/orders/preview", &estimate);
    let order = json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"});
    let preview = desk.client.text("preview_order", order);
    let (table, rest) = preview.split_once("\nday trades: 3\n").unwrap();
    assert!(
        table.ends_with("Aries' own estimate|USD\nEstimated cost|4,000.00\nCommission|0.004\nFees|0.0049"),
        "{preview}"
    );
    // However late it is read: the moment, not the age.
    assert!(rest.contains(", made at 20") && !preview.contains(" s old"), "{preview}");
}

#[test]
fn what_nobody_bids_for_can_be_sold_all_the_same() {
    // What is sold covers what was written.
    let mut desk = Desk::open("uncovered_options = true\n");
    let (near, far) = (desk.listed.osi('C', 270), desk.listed.osi('C', 290));
    let held = |symbol: &str, quantity: &str| json!({"symbol": symbol, "securityType": "OPT", "quantity": quantity, "averagePrice": "1", "accountId": "AR4471002"});
    let positions =
        json!({"positions": [held(&near, "-2"), held(&far, "2")], "availability": {"available": true}});
    // The contract that was sold at 0.30 to 0.35, and the one that was bought and that nobody bids for any more.
    let quotes = |desk: &Desk, bid: &Value| {
        desk.forget();
        desk.answers("GET", "/v1/accounts/AR4471002/positions", &positions);
        desk.answers("POST", "/v1/orders/preview", &json!({"estimatedCost": "0", "commission": "0.65"}));
        for (contract, bid, ask) in [(&near, &json!(0.30), 0.35), (&far, bid, 0.05)] {
            let quote = json!({"bid": bid, "ask": ask, "lastUpdated": now_in_nanoseconds(), "timeframe": "REAL-TIME"});
            desk.answers(
                "GET",
                &format!("/v1/options/snapshot/AAPL/O:{contract}"),
                &json!({"status": "OK", "results": {"details": {"ticker": format!("O:{contract}")}, "lastQuote": quote, "lastTrade": {"price": 0.02}}}),
            );
        }
    };
    let sale = json!({"account": "1002", "symbol": far, "action": "sell_to_close", "quantity": "1", "type": "limit",
        "limit_price": "0.05"});
    let mut market = sale.clone();
    market["type"] = json!("market");
    market.as_object_mut().unwrap().remove("limit_price");
    let close = |limit: &str| {
        json!({"account": "1002", "symbol": "AAPL", "action": "buy", "quantity": "1", "type": "limit", "limit_price": limit,
            "legs": [{"contract": near, "action": "buy_to_close"}, {"contract": far, "action": "sell_to_close"}]})
    };
    quotes(&desk, &json!(0));
    for (order, judged) in
        [(sale.clone(), "bid 0.00, ask 0.05, last 0.02"), (close("0.35"), "bid 0.25, ask 0.35,")]
    {
        let preview = desk.client.text("preview_order", order);
        assert!(preview.contains(judged), "{preview}");
        let words = format!("warning: nobody bids for AAPL {} 290 C", desk.listed.day);
        assert!(preview.contains(&words), "{preview}");
    }
    // 0.35 and 5 % of it.
    let refused = desk.client.failure("preview_order", close("0.37"));
    assert!(refused.contains("% above ask 0.35"), "{refused}");
    // Anything may be paid at the market.
    let refused = desk.client.failure("preview_order", market);
    assert!(refused.contains("bid 0.00 and ask 0.05 are more than 5 % apart"), "{refused}");
    // A bid that is not told is no bid of zero.
    quotes(&desk, &Value::Null);
    let refused = desk.client.failure("preview_order", sale);
    assert!(refused.contains("there is no bid to check its price against"), "{refused}");
}

#[test]
fn a_quote_that_is_named_delayed_is_judged_by_its_time() {
    let mut desk = Desk::open("");
    let order = json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "5", "type": "limit", "limit_price": "390.00"});
    let stock = |desk: &Desk, status: &str, at: u64| {
        desk.forget();
        for path in ["/v1/marketdata/equities/details", "/v1/chart/quotes"] {
            desk.stage.aries.faults(json!({"path": path, "fault": "status", "status": 403, "times": 99}));
        }
        let quote = json!({"ticker": "MSFT", "bidPrice": 400.0, "askPrice": 400.2, "sipTimestamp": at});
        desk.answers("GET", "/v1/stocks/last-quote", &json!({"status": status, "results": quote}));
    };
    let (now, quarter) = (now_in_nanoseconds(), 15 * 60 * 1_000_000_000);
    let told = "warning: Aries calls the quote delayed, although its time is of now";
    stock(&desk, "DELAYED", now);
    let preview = desk.client.text("preview_order", order.clone());
    assert!(preview.contains(told) && preview.contains(", delayed feed"), "{preview}");
    stock(&desk, "OK", now);
    assert!(!desk.client.text("preview_order", order.clone()).contains(told));
    // One that is delayed says so by its time: good enough for a limit, and the sentence says so.
    let bounded = "warning: it is judged by prices that are old or delayed, of 20";
    stock(&desk, "DELAYED", now - quarter);
    let preview = desk.client.text("preview_order", order.clone());
    assert!(
        preview.contains(bounded) && preview.contains(" at its limit price, judged by prices of 20"),
        "{preview}"
    );
    let mut market = order.clone();
    market["type"] = json!("market");
    market.as_object_mut().unwrap().remove("limit_price");
    let refused = desk.client.failure("preview_order", market);
    assert!(
        refused.contains("the quote is old or delayed") && refused.contains("give a limit price"),
        "{refused}"
    );
    // A word for an error is no quote at all.
    stock(&desk, "ERROR", now);
    let refused = desk.client.failure("preview_order", order.clone());
    assert!(refused.contains("Aries gave no quote to check its price against"), "{refused}");
    for (at, said) in
        [(now, told), (now - quarter, bounded), (now - 2 * quarter, "the quote is old or delayed")]
    {
        desk.forget();
        let quote = json!({"bid": 12.4, "ask": 12.7, "lastUpdated": at, "timeframe": "DELAYED"});
        desk.snapshots(&json!({"lastQuote": quote}));
        let result = desk.client.call("preview_order", desk.call("1002", "12.70"));
        assert!(text_of(&result).contains(said), "{result}");
    }
}

#[test]
fn a_quote_of_something_else_judges_no_live_order() {
    let mut desk = Desk::open("");
    let quote =
        json!({"bid": 12.4, "ask": 12.7, "lastUpdated": now_in_nanoseconds(), "timeframe": "REAL-TIME"});
    let stock = json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "5", "type": "limit", "limit_price": "390.00"});
    for (named, said) in [
        (json!(format!("O:{}", desk.listed.osi('P', 270))), "Aries answered with the price of O:AAPL"),
        (json!("AAPL"), "Aries answered with the price of AAPL"),
        // Without a name it counts for nothing; what is left tells no time.
        (Value::Null, "Aries does not say how old the quote is"),
    ] {
        desk.forget();
        let results = json!({"lastQuote": quote, "details": {"ticker": named}});
        desk.answers("GET", "/v1/options/snapshot/*", &json!({"status": "OK", "results": results}));
        let refused = desk.client.failure("preview_order", desk.call("1002", "12.70"));
        assert!(refused.contains(said), "{refused}");
    }
    for named in [json!("MSFU"), Value::Null] {
        desk.forget();
        let now = jiff::Timestamp::now().to_string();
        let row = json!({"symbol": named, "bidPrice": 390.0, "askPrice": 390.1, "lastPrice": 390.0, "quoteTimestamp": now,
            "tradeTimestamp": now});
        desk.answers("GET", "/v1/marketdata/equities/details", &json!({"data": [row], "errors": []}));
        let chart = json!({"s": named, "n": named, "v": {"lp": 390.0, "bid": 390.0, "ask": 390.1}});
        desk.answers("GET", "/v1/chart/quotes", &json!({"s": "ok", "d": [chart]}));
        let quote = json!({"ticker": named, "bidPrice": 390.0, "askPrice": 390.1, "price": 390.0,
            "sipTimestamp": now_in_nanoseconds()});
        desk.answers("GET", "/v1/stocks/*", &json!({"status": "OK", "results": quote}));
        let refused = desk.client.failure("preview_order", stock.clone());
        assert!(refused.contains("Aries gave no quote to check its price against: "), "{refused}");
    }
}

#[test]
fn a_market_order_goes_out_near_the_price_that_was_approved_or_not_at_all() {
    let mut desk = Desk::open("");
    let pin = |desk: &Desk, price: &str| {
        desk.stage.aries.http(
            "POST",
            "/sandbox/price",
            None,
            Some(json!({"symbol": "MSFT", "price": price})),
        );
    };
    let order =
        json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"});
    for (later, state) in [("430", "NOT SENT"), ("370", "NOT SENT"), ("402", "FILLED")] {
        pin(&desk, "400");
        let preview = desk.client.call("preview_order", order.clone());
        pin(&desk, later);
        let placed =
            desk.client.text("place_order", json!({"ticket": preview["structuredContent"]["ticket"]}));
        assert!(placed.starts_with(state), "{placed}");
        let told = "the market has moved by more than 5 % since the preview: 400.04 was shown, it is ";
        assert_eq!(placed.contains(told), state == "NOT SENT", "{placed}");
    }
    assert_eq!(desk.stage.posts("/v1/orders"), 1);
}

#[test]
fn bid_and_ask_need_a_price_beside_them_that_supports_them() {
    let mut desk = Desk::open("");
    let now = jiff::Timestamp::now();
    let (fresh, ahead) = (now.to_string(), (now + jiff::SignedDuration::from_hours(1)).to_string());
    let yesterday = (now - jiff::SignedDuration::from_hours(24)).to_string();
    let row = |bid: f64, ask: f64| json!({"symbol": "MSFT", "bidPrice": bid, "askPrice": ask, "quoteTimestamp": fresh});
    let with = |mut row: Value, members: Value| {
        row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        row
    };
    let buy = |limit: &str| {
        json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit",
        "limit_price": limit})
    };
    let stub = row(998.0, 999.0);
    let far = "bid and ask are far from the last trade (414.00)";
    for (rows, limit, said) in [
        (vec![with(stub.clone(), json!({"lastPrice": 414.0}))], "999", far),
        (vec![with(stub.clone(), json!({"lastPrice": 414.0, "tradeTimestamp": ""}))], "999", far),
        (vec![with(stub.clone(), json!({"lastPrice": 414.0, "tradeTimestamp": ahead}))], "999", far),
        (vec![with(stub.clone(), json!({"lastPrice": 414.0, "tradeTimestamp": yesterday}))], "999", far),
        (
            vec![stub.clone(), with(row(413.9, 414.1), json!({"lastPrice": 414.0, "tradeTimestamp": fresh}))],
            "999",
            "several rows of MSFT, and they differ",
        ),
    ] {
        desk.forget();
        desk.answers("GET", "/v1/marketdata/equities/details", &json!({"data": rows, "errors": []}));
        desk.answers("GET", "/v1/chart/quotes", &json!({"s": "ok", "d": []}));
        desk.answers("GET", "/v1/stocks/*", &json!({"status": "OK", "results": {}}));
        let refused = desk.client.failure("preview_order", buy(limit));
        assert!(refused.contains(said), "{said}: {refused}");
    }
    // What no fresh trade supports, and may be a gap over night, is said.
    desk.forget();
    let gap = with(row(780.0, 781.0), json!({"lastPrice": 414.0, "tradeTimestamp": yesterday}));
    desk.answers("GET", "/v1/marketdata/equities/details", &json!({"data": [gap], "errors": []}));
    let told = desk.client.text("preview_order", buy("781"));
    assert!(
        told.contains("warning: bid and ask are far from the last price that is known, an old one (414.00)"),
        "{told}"
    );
}

#[test]
fn a_list_that_says_there_is_more_and_not_where_is_not_whole() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let sale = json!({"account": "0017", "symbol": "SPY", "action": "sell", "quantity": "10", "type": "limit",
        "limit_price": "625.00"});
    let listed = json!({"clOrdId": "X1", "symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "1", "price": "50",
        "ordStatus": "NEW", "timeInForce": "DAY", "securityType": "EQUITY"});
    for more in [
        json!({"nextCursor": 0, "hasMore": true}),
        json!({"nextCursor": {"id": 5}}),
        json!({"nextCursor": 0, "total": 2}),
        // The cursor does not move.
        json!({"nextCursor": 7}),
    ] {
        stage.behave();
        let mut body = json!({"orders": [listed]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stage.aries.faults(
            json!({"method": "GET", "path": "/v2/accounts/*", "fault": "body", "body": body.to_string(),
            "times": 99}),
        );
        let refused = client.failure("preview_order", sale.clone());
        assert!(refused.contains("it may not be whole"), "{more}: {refused}");
    }
}
