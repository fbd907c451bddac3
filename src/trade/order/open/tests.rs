//! One row of a list of orders, as [`Order`] reads it.

use serde_json::{Value, json};

use super::*;
use crate::aries::Json;
use crate::aries::symbols::Contract;

fn read(row: &Value, changes: &Value) -> Order {
    let mut row = row.clone();
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    Order::read(Json::parse(&row.to_string()).unwrap())
}

fn sale(changes: &Value) -> Order {
    let row = json!({"clOrdId": "S1", "symbol": "F", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "300",
        "price": "20", "cumQty": "0", "leavesQty": "300", "ordStatus": "NEW", "securityType": "CS"});
    read(&row, changes)
}

fn option(order: &Value, leg: &Value) -> Order {
    let mut one = json!({"securityType": "OPT", "side": "SELL", "ratioQty": "1", "putCall": "CALL", "strikePrice": "280",
        "maturity": "2027-01-15", "positionEffect": "CLOSE"});
    one.as_object_mut().unwrap().extend(leg.as_object().unwrap().clone());
    let row = json!({"clOrdId": "O1", "symbol": "AAPL", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "2",
        "price": "9", "cumQty": "0", "leavesQty": "2", "ordStatus": "NEW", "securityType": "OPT", "legs": [one]});
    read(&row, order)
}

#[test]
fn the_most_that_can_still_be_filled_counts() {
    for (changes, leaves) in [
        (json!({}), 300),
        (json!({"cumQty": "100", "leavesQty": "200"}), 200),
        (json!({"cumQty": "300", "leavesQty": "300"}), 300),
        (json!({"cumQty": "100", "leavesQty": "250"}), 250),
        (json!({"cumQty": "100", "leavesQty": null}), 200),
        (json!({"qty": null}), 300),
        (json!({"symbol": "f"}), 300),
        (json!({"symbol": "F.US"}), 300),
        (json!({"ordStatus": "CANCELED"}), 0),
    ] {
        let order = sale(&changes);
        assert_eq!((order.leaves(), order.unreadable), (Decimal::from(leaves), None), "{changes}");
        assert_eq!(order.ticker, "F", "{changes}");
    }
}

#[test]
fn orders_that_contradict_themselves_are_unreadable() {
    for changes in [
        json!({"qty": "-300", "leavesQty": "-300"}),
        json!({"qty": "0", "leavesQty": "300"}),
        json!({"leavesQty": "-1"}),
        json!({"cumQty": "-1"}),
        json!({"cumQty": "many"}),
        json!({"qty": "1,000"}),
        json!({"qty": "9e27"}),
        json!({"side": "SLD"}),
        json!({"side": null, "securityType": null}),
        json!({"symbol": "<b>F</b> about 1.00 USD"}),
        json!({"symbol": "^F"}),
        json!({"legs": {"side": "SELL"}}),
        json!({"securityType": "OPT"}),
    ] {
        let order = sale(&changes);
        assert!(order.may_refer_to("F") && !order.may_refer_to("MSFT"), "{changes}: {:?}", order.unreadable);
    }
    assert!(sale(&json!({"symbol": "Ғ", "legs": null})).may_refer_to("F"));
    let long = sale(&json!({"symbol": format!("AAPL 15 Jan 2027 280.00 CALL {}", "(adjusted) ".repeat(20))}));
    assert!(long.may_refer_to("AAPL") && !long.may_refer_to("F"));
    assert!(long.sentence().contains("AAPL 15 Jan 2027 280.00 CALL (adjusted)…"), "{}", long.sentence());
    // A future, of which orders for shares know nothing.
    let future = sale(&json!({"symbol": "/F"}));
    assert!(future.unreadable.is_some() && !future.may_refer_to("F"));
    for (order, leg) in [
        (json!({}), json!({"positionEffect": "AUTO"})),
        (json!({}), json!({"positionEffect": "DEFAULT"})),
        (json!({}), json!({"putCall": "1"})),
        (json!({}), json!({"putCall": "CAP"})),
        (json!({}), json!({"side": "2"})),
        (json!({}), json!({"side": "BOTH"})),
        (json!({}), json!({"ratioQty": "-1"})),
        (json!({}), json!({"strikePrice": "50000000000000000000000000000"})),
        (json!({}), json!({"strikePrice": "100000"})),
        (json!({}), json!({"strikePrice": "280.0001"})),
        (json!({}), json!({"maturity": "2127-01-15"})),
        (json!({}), json!({"symbol": "AAPL270115C00290000"})),
        (json!({}), json!({"symbol": "MSFT"})),
        (json!({"side": "BUY"}), json!({})),
        (json!({"symbol": "AAPL270115C00290000"}), json!({})),
        (json!({"symbol": "<i>AAPL"}), json!({})),
    ] {
        let read = option(&order, &leg);
        assert!(read.may_refer_to("AAPL"), "{order} {leg}: {:?}", read.unreadable);
    }
    let leg = json!({"side": "SELL", "ratioQty": "1", "putCall": "CALL", "strikePrice": "280", "maturity": "2027-01-15",
        "positionEffect": "CLOSE"});
    let legs = |count: usize| option(&json!({"legs": vec![leg.clone(); count]}), &json!({}));
    assert_eq!((legs(4).unreadable, legs(4).legs.len()), (None, 4));
    let endless = legs(3_000);
    assert_eq!(endless.unreadable, Some("it has more legs than an order can have"));
    assert!(endless.may_refer_to("AAPL") && !endless.may_refer_to("MSFT"));
    assert_eq!(endless.sentence(), "SELL 2 AAPL (OPT), limit 9.00 day");
    // What its legs are on is as much in doubt as what its symbol says.
    assert!(option(&json!({}), &json!({"symbol": "MSFT"})).may_refer_to("MSFT"));
}

#[test]
fn every_documented_spelling_of_a_leg_is_one_contract() {
    let contract = Contract::parse("AAPL270115C00280000").unwrap();
    for (order, leg) in [
        (json!({}), json!({})),
        (json!({"symbol": "aapl"}), json!({"side": "S", "putCall": "C", "positionEffect": "C"})),
        (json!({}), json!({"symbol": "aapl", "strikePrice": "280.000"})),
        (json!({}), json!({"symbol": "O:AAPL270115C00280000"})),
        (
            json!({"symbol": "AAPL270115C00280000"}),
            json!({"putCall": null, "strikePrice": null, "maturity": null}),
        ),
        (json!({"side": null}), json!({})),
    ] {
        let read = option(&order, &leg);
        assert_eq!(read.unreadable, None, "{order} {leg}");
        assert_eq!((&read.legs[0].contract, read.side.as_str()), (&contract, "SELL"), "{order} {leg}");
        assert_eq!((read.legs[0].buys, read.legs[0].closes), (false, Some(true)), "{order} {leg}");
    }
    let class = option(&json!({"symbol": "BRK.B"}), &json!({}));
    assert_eq!((class.unreadable, class.ticker.as_str()), (None, "BRKB"));
    assert!(class.has_underlying("BRK.B") && class.has_underlying("BRKB") && !class.has_underlying("BRK.A"));
    let preferred = sale(&json!({"symbol": "MS-I"}));
    assert!(preferred.has_underlying("MS.I") && !preferred.has_underlying("MSI"));
}

#[test]
fn what_a_row_may_leave_out_keeps_nobody_from_reading_it() {
    let no_side = sale(&json!({"side": null}));
    assert_eq!((no_side.unreadable, no_side.leaves()), (None, Decimal::from(300)));
    assert_eq!(no_side.sentence(), "(side unknown) 300 F, limit 20.00 day");
    assert_eq!(no_side.cancel_body("A1").get("side"), None);
    assert_eq!(sale(&json!({})).cancel_body("A1").get("side"), Some(&json!("SELL")));
    // The category of an order for shares says what it is, unless something else does.
    for (changes, readable) in [
        (json!({"category": "EQUITY"}), true),
        (json!({"category": "EQUITY", "legs": []}), true),
        (json!({"category": "SINGLE_LEG"}), false),
        (json!({"category": "SINGLE_LEG", "securityType": "EQUITY"}), true),
        (json!({"category": "MULTI_LEG"}), false),
        (json!({"category": null}), false),
        (json!({"category": "EQUITY", "securityType": "OPTION"}), false),
        (json!({"category": "EQUITY", "symbol": "^F"}), false),
    ] {
        let mut row = json!({"securityType": null});
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        assert_eq!(sale(&row).unreadable.is_none(), readable, "{changes}");
    }
}

#[test]
fn a_spread_reads_as_one() {
    let leg = |side: &str, ratio: &str, strike: &str, effect: Value| {
        json!({"side": side, "ratioQty": ratio, "putCall": "CALL", "strikePrice": strike, "maturity": "2027-01-15",
            "positionEffect": effect})
    };
    let legs = json!([leg("BUY", "1", "260", json!("OPEN")), leg("SELL", "2", "310.00", json!("OPEN"))]);
    let spread = option(&json!({"side": "BUY", "price": "0.01", "legs": legs}), &json!({}));
    assert_eq!(
        spread.sentence(),
        "BUY 2 AAPL spread [BUY TO OPEN 1 AAPL 2027-01-15 260 C + SELL TO OPEN 2 AAPL 2027-01-15 310 C], limit 0.01 day"
    );
    assert_eq!(
        option(&json!({}), &json!({})).sentence(),
        "SELL TO CLOSE 2 AAPL 2027-01-15 280 C, limit 9.00 day"
    );
    assert_eq!(
        option(&json!({"legs": [leg("SELL", "3", "260", Value::Null)]}), &json!({})).sentence(),
        "SELL 2 AAPL [SELL 3 AAPL 2027-01-15 260 C], limit 9.00 day"
    );
    assert_eq!(sale(&json!({"symbol": "F.US"})).sentence(), "SELL 300 F, limit 20.00 day");
}

#[test]
fn what_is_listed_otherwise_than_it_was_sent_is_told() {
    let sent = json!({"symbol": "F", "side": "SELL", "type": "LIMIT", "qty": "300", "price": "20.00", "timeInForce": "DAY"});
    let difference =
        |changes: Value| crate::trade::reconcile::fingerprint::difference(&sent, &sale(&changes));
    for same in [
        json!({}),
        json!({"symbol": "F.US", "price": "20.0000", "qty": "300.0"}),
        json!({"type": null, "timeInForce": null, "price": ""}),
        json!({"ordStatus": "FILLED", "cumQty": "300", "leavesQty": "0"}),
    ] {
        assert_eq!(difference(same.clone()), None, "{same}");
    }
    for (changes, words) in [
        (json!({"side": "BUY"}), "Aries lists it as BUY 300 F, limit 20.00 day"),
        (json!({"qty": "3000"}), "Aries lists it as SELL 3000 F, limit 20.00 day"),
        (json!({"price": "2"}), "Aries lists it as SELL 300 F, limit 2.00 day"),
        (json!({"stopPrice": "19"}), "Aries lists it as SELL 300 F, stop 19.00 limit 20.00 day"),
        (json!({"type": "MARKET"}), "Aries lists it as SELL 300 F, at the market limit 20.00 day"),
        (json!({"timeInForce": "GTC"}), "Aries lists it as SELL 300 F, limit 20.00 gtc"),
        (json!({"symbol": "F-F"}), "Aries lists it as SELL 300 F-F, limit 20.00 day"),
        (json!({"symbol": "FF"}), "Aries lists it as SELL 300 FF, limit 20.00 day"),
        (json!({"securityType": "OPT"}), "cannot be compared with it"),
    ] {
        let told = difference(changes.clone()).unwrap_or_default();
        assert!(told.contains(words), "{changes}: {told}");
    }
    let leg = json!({"side": "SELL", "ratioQty": "1", "putCall": "CALL", "strikePrice": "280", "maturity": "2027-01-15",
        "positionEffect": "CLOSE"});
    let sent = json!({"symbol": "AAPL", "side": "SELL", "type": "LIMIT", "qty": "2", "price": "9", "timeInForce": "DAY",
        "legs": [leg]});
    for (changes, same) in [
        (json!({}), true),
        (json!({"positionEffect": null}), true),
        (json!({"positionEffect": "OPEN"}), false),
        (json!({"ratioQty": "2"}), false),
        (json!({"strikePrice": "285"}), false),
    ] {
        let listed = option(&json!({}), &changes);
        assert_eq!(
            crate::trade::reconcile::fingerprint::difference(&sent, &listed).is_none(),
            same,
            "{changes}"
        );
    }
}

#[test]
fn the_older_list_is_read_as_the_newer_one() {
    let older = |changes: &Value| {
        let row = json!({"orderId": "9", "clOrdId": "S1", "symbol": "F", "side": "SELL", "orderType": "LIMIT", "tif": "DAY",
            "quantity": "300", "filledQty": "100", "leavesQty": "200", "price": "20", "stopPrice": "", "avgPrice": "20.1",
            "status": "WORKING", "destination": "X", "instrument": "EQUITY", "category": "SINGLE_LEG", "legs": []});
        read(&row, changes)
    };
    let newer =
        sale(&json!({"cumQty": "100", "leavesQty": "200", "ordStatus": "WORKING", "avgPrice": "20.1"}));
    assert_eq!(older(&json!({})), Order { security: "EQUITY".to_owned(), ..newer });
    for ended in ["FILLED", "CANCELED", "Rejected"] {
        assert!(!older(&json!({"status": ended})).is_open(), "{ended}");
    }
    assert_eq!(older(&json!({"clOrdId": null})).id, "9");
    for (changes, why) in [
        (json!({"instrument": "OPTION"}), "it is not said to be for shares"),
        (json!({"quantity": "some"}), "its quantities cannot be read"),
        (json!({"filledQty": "-1"}), "its quantities cannot be read"),
        (json!({"quantity": null, "leavesQty": null}), "its quantity is missing"),
    ] {
        assert!(older(&changes).unreadable.is_some_and(|what| what.starts_with(why)), "{changes}");
    }
}
