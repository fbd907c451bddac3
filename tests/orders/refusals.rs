//! Answers that say no: which of them are Aries' own refusal of this order, and which may hide an order that is there.

use serde_json::{Value, json};

use crate::support::stage::*;
use crate::support::text_of;

/// Answers of gateways, of frameworks, and of an Aries that speaks of something else than this order.
fn doubtful() -> Vec<(u16, Value)> {
    let aries = |changes: Value| {
        let mut error =
            json!({"type": "VALIDATION", "code": "INVALID_VALUE", "message": "the price is wrong"});
        error.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({"error": error, "meta": {}})
    };
    vec![
        (
            400,
            json!({"timestamp": "2026-11-28T16:00:00Z", "status": 400, "error": "Bad Request", "path": "/v1/orders"}),
        ),
        (
            400,
            json!({"statusCode": 400, "error": "Bad Request", "message": "Invalid request payload JSON format"}),
        ),
        (404, json!({"error": "Not Found"})),
        (405, json!({"error": "Method Not Allowed", "codes": []})),
        (403, json!({"error": "error code: 1020"})),
        (
            403,
            json!({"error": {"code": 403, "message": "The request is blocked", "status": "PERMISSION_DENIED"}}),
        ),
        (413, json!({"error": {"code": 413, "message": "Request Entity Too Large"}})),
        (400, json!({"errors": [{"message": "upstream connect error"}]})),
        (400, json!({"error": {"code": "BAD", "message": "something"}})),
        (422, aries(json!({"type": "CONFLICT"}))),
        (422, aries(json!({"type": "INTERNAL"}))),
        // Aries' own form, and not about this order alone.
        (400, aries(json!({"message": "clientId already used"}))),
        (400, aries(json!({"message": "see order C1A224276FF7-22"}))),
        (400, aries(json!({"details": {"clientId": ["is a duplicate"]}}))),
        (
            400,
            json!({"error": "there is one already", "codes": [{"code": "INVALID_VALUE", "field": "clientId"}]}),
        ),
        (400, json!({"error": aries(json!({}))["error"], "ordStatus": "NEW"})),
        (400, json!({"error": aries(json!({}))["error"], "order": {"ordStatus": "NEW", "symbol": "MSFT"}})),
        (400, json!({"error": aries(json!({}))["error"], "orders": ["C1-7"]})),
        (400, json!({"error": aries(json!({}))["error"], "id": "C1-7"})),
        (400, json!({"error": {"code": "DUP", "message": "duplicate of order C1-7"}})),
        (422, aries(json!({"code": "DUPLICATE_ORDER"}))),
        (409, json!({"error": "conflict", "codes": [{"code": "CLIENT_ID_EXISTS"}]})),
        (200, json!({"success": false, "ordRejReason": "DUPLICATE_ORDER", "text": "no"})),
        (200, json!({"success": false, "text": "clientId already used"})),
    ]
}

#[test]
fn a_no_that_is_not_aries_own_about_this_order_alone_is_looked_up() {
    std::thread::scope(|scope| {
        for some in doubtful().chunks(6) {
            let some = some.to_vec();
            scope.spawn(move || {
                let stage = Stage::new("");
                let mut client = stage.client();
                for (at, (status, body)) in some.into_iter().enumerate() {
                    let mut order = msft("0017");
                    order["quantity"] = json!((at + 1).to_string());
                    let ticket = ticket(&mut client, order);
                    // The order is booked, whatever is answered.
                    stage.fault(
                        "/v1/orders",
                        json!({"fault": "body", "status": status, "body": body.to_string()}),
                    );
                    let placed = place(&mut client, &ticket);
                    assert_eq!(state(&placed), "WORKING", "{body}: {placed}");
                    let booked = stage.book(SIM, "MSFT");
                    let own = booked.iter().find(|row| row["qty"] == json!((at + 1).to_string())).unwrap();
                    assert_eq!(order_id(&placed), own["clOrdId"], "{body}");
                    assert_eq!(stage.posts("/v1/orders"), at + 1, "{body}");
                }
                stage.verified();
            });
        }
    });
}

/// A code that says so can only be true if the order is there: no list that lacks it ends the doubt.
#[test]
fn a_duplicate_that_no_list_shows_stays_a_doubt() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let nested =
        json!({"error": {"type": "VALIDATION", "code": "DUPLICATE_CLIENT_ID", "message": "there is one"}});
    let rejected =
        json!({"success": false, "status": "REJECTED", "ordRejReason": "DUPLICATE_ORDER", "text": "no"});
    for (symbol, status, body) in [("MSFT", 400, nested), ("KO", 200, rejected)] {
        let order = json!({"account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit",
            "limit_price": "5"});
        let ticket = ticket(&mut client, order);
        stage.fault("/v1/orders", json!({"fault": "status", "status": status, "body": body.to_string()}));
        let placed = place(&mut client, &ticket);
        assert_eq!(state(&placed), "UNKNOWN", "{placed}");
        assert!(text_of(&placed).contains("says that such an order is there"), "{placed}");
    }
}

/// Aries' own refusals leave no doubt: nothing is looked for.
#[test]
fn a_refusal_in_a_documented_form_is_believed_at_once() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let rejected = json!({"success": false, "text": "the account is restricted"});
    for (status, body, said) in [
        (
            400,
            json!({"error": {"type": "VALIDATION", "code": "INVALID_PARAMETER", "message": "the price is wrong",
                "details": [{"field": "price", "message": "must be a multiple of 0.01"}], "request_id": "req-9f2"}, "meta": {}}),
            "the price is wrong",
        ),
        (
            403,
            json!({"error": {"type": "AUTHORIZATION", "code": "NOT_ALLOWED", "message": "no right to trade"}}),
            "no right to trade",
        ),
        (
            400,
            json!({"error": "validation failed", "codes": [{"code": "INVALID_VALUE", "description": "price is wrong",
                "field": "price"}], "metadata": {"requestId": "r-1"}}),
            "price is wrong",
        ),
        (400, rejected, "the account is restricted"),
    ] {
        let ticket = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", json!({"fault": "status", "status": status, "body": body.to_string()}));
        let placed = place(&mut client, &ticket);
        assert_eq!(state(&placed), "NOT SENT", "{body}: {placed}");
        assert!(text_of(&placed).contains(said), "{placed}");
        let log = stage.aries.log();
        let after = log.iter().rev().take_while(|line| *line != "POST /v1/orders");
        assert_eq!(after.filter(|line| line.starts_with("GET /v2/accounts")).count(), 0, "{log:?}");
    }
}
