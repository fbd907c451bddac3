//! Orders from place to end, and what they do to the account.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Bench;

const LIVE: &str = "AR4471002";

fn stock(side: &str, symbol: &str, qty: &str, limit: Option<&str>) -> Value {
    let mut order = json!({ "tradingAccountId": LIVE, "symbol": symbol, "side": side, "type": "MARKET", "qty": qty,
        "timeInForce": "DAY", "clientId": "mine-1" });
    if let Some(limit) = limit {
        order["type"] = json!("LIMIT");
        order["price"] = json!(limit);
    }
    order
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}")).parse().unwrap()
}

impl Bench {
    async fn place(&self, order: Value) -> Value {
        let (status, placed) = self.post("/v1/orders", order).await;
        assert_eq!(status, 200, "{placed}");
        placed
    }

    async fn order(&self, id: &Value) -> Value {
        let (_, list) = self.get(&format!("/v2/accounts/{LIVE}/orders?limit=500")).await;
        list["orders"]
            .as_array()
            .unwrap()
            .iter()
            .find(|order| order["clOrdId"] == *id)
            .cloned()
            .unwrap_or_default()
    }

    async fn balance(&self, name: &str) -> Decimal {
        decimal(&self.get(&format!("/v1/accounts/{LIVE}/balances")).await.1[name])
    }

    async fn held(&self, symbol: &str) -> Decimal {
        let (_, list) = self.get(&format!("/v1/accounts/{LIVE}/positions")).await;
        let rows = list["positions"].as_array().unwrap();
        let row = rows.iter().find(|row| row["symbol"] == symbol);
        row.map_or(Decimal::ZERO, |row| decimal(&row["quantity"]))
    }

    /// A symbol of the contract near the money that expires last.
    async fn contract(&self, ending: char) -> String {
        let (_, found) = self.get("/v1/marketdata/search?query=.AAPL&limit=100").await;
        let symbols = found.as_array().unwrap().iter().filter_map(|row| row["symbol"].as_str());
        symbols.filter(|osi| osi.as_bytes()[10] == ending as u8).max().unwrap().to_owned()
    }
}

#[tokio::test]
async fn ten_msft_at_400_rest_are_replaced_and_cancelled() {
    let bench = Bench::unlimited().await;
    let before = bench.balance("stockBuyingPower").await;
    let placed = bench.place(stock("BUY", "MSFT", "10", Some("400"))).await;
    assert_eq!((&placed["success"], &placed["status"]), (&json!(true), &json!("NEW")));
    let resting = bench.order(&placed["clOrdId"]).await;
    assert_eq!((&resting["ordStatus"], &resting["leavesQty"]), (&json!("NEW"), &json!("10")));
    assert_eq!((&resting["price"], &resting["clientId"]), (&json!("400.00"), &json!("mine-1")));
    // The market moves between two looks, so buying power is right to within a little.
    let used = before - bench.balance("stockBuyingPower").await;
    assert!((used - Decimal::from(4_000)).abs() < Decimal::from(300), "{used}");
    let change = json!({ "tradingAccountId": LIVE, "origClOrdId": placed["clOrdId"], "symbol": "MSFT", "price": "401" });
    let (_, replaced) = bench.post("/v1/orders/replace", change.clone()).await;
    assert_eq!((&replaced["success"], &replaced["status"]), (&json!(true), &json!("REPLACED")));
    assert_ne!(replaced["clOrdId"], placed["clOrdId"]);
    assert!(bench.order(&placed["clOrdId"]).await.is_null(), "superseded orders are not listed");
    // The old id is finished.
    assert_eq!(bench.post("/v1/orders/replace", change).await.1["success"], false);
    let mut cancel =
        json!({ "tradingAccountId": LIVE, "origClOrdId": replaced["clOrdId"], "symbol": "MSFT" });
    assert_eq!(bench.post("/v1/orders/cancel", cancel.clone()).await.0, 400, "side is required");
    cancel["side"] = json!("BUY");
    assert_eq!(bench.post("/v1/orders/cancel", cancel.clone()).await.1["status"], "CANCELED");
    assert_eq!(bench.post("/v1/orders/cancel", cancel).await.1["success"], false);
    assert_eq!(bench.order(&replaced["clOrdId"]).await["ordStatus"], "CANCELED");
    assert!((before - bench.balance("stockBuyingPower").await).abs() < Decimal::from(300));
}

#[tokio::test]
async fn a_market_order_fills_and_cash_and_position_follow() {
    let bench = Bench::unlimited().await;
    let cash = bench.balance("settledFunds").await;
    let placed = bench.place(stock("BUY", "DIS", "7", None)).await;
    assert_eq!(placed["status"], "NEW", "an acknowledgement is never a fill");
    let filled = bench.order(&placed["clOrdId"]).await;
    assert_eq!((&filled["ordStatus"], &filled["cumQty"]), (&json!("FILLED"), &json!("7")));
    let price = decimal(&filled["avgPrice"]);
    assert!(price > Decimal::from(104) && price < Decimal::from(106));
    assert_eq!(cash - bench.balance("settledFunds").await, price * Decimal::from(7));
    assert_eq!(bench.held("DIS").await, Decimal::from(7));
}

#[tokio::test]
async fn refusals_name_their_reason() {
    let bench = Bench::unlimited().await;
    for (order, reason) in [
        (stock("BUY", "MSFT", "5000", Some("400")), "INSUFFICIENT_BUYING_POWER"),
        (stock("SELL", "MSFT", "26", None), "INSUFFICIENT_POSITION"),
        (stock("SELL", "TSLA", "1", None), "INSUFFICIENT_POSITION"),
        (stock("BUY", "NOPE", "1", None), "UNKNOWN_SYMBOL"),
        (stock("BUY", "SPX.IND_CBOM", "1", None), "UNKNOWN_SYMBOL"),
    ] {
        let placed = bench.place(order).await;
        assert_eq!((&placed["success"], &placed["ordRejReason"]), (&json!(false), &json!(reason)));
        assert_eq!(bench.order(&placed["clOrdId"]).await["ordStatus"], "REJECTED");
    }
    let (status, wrong) = bench.post("/v1/orders", json!({ "accountId": LIVE })).await;
    assert_eq!((status, &wrong["codes"][0]["field"]), (400, &json!("symbol")));
    assert_eq!(bench.post("/v1/orders/preview", stock("BUY", "MSFT", "5000", Some("400"))).await.0, 200);
}

#[tokio::test]
async fn a_stop_waits_for_its_price_and_a_hand_can_fill_in_part() {
    let bench = Bench::unlimited().await;
    let mut stop = stock("SELL", "MSFT", "5", None);
    stop["type"] = json!("STOP");
    stop["stopPrice"] = json!("380");
    let stop = bench.place(stop).await;
    let rest = bench.place(stock("BUY", "MSFT", "10", Some("350"))).await;
    assert_eq!(bench.order(&stop["clOrdId"]).await["ordStatus"], "NEW");
    bench.post("/sandbox/price", json!({ "symbol": "MSFT", "price": "379.50" })).await;
    let sold = bench.order(&stop["clOrdId"]).await;
    assert_eq!(
        (&sold["ordStatus"], decimal(&sold["avgPrice"]) < Decimal::from(380)),
        (&json!("FILLED"), true)
    );
    let (status, _) = bench.post("/sandbox/fill", json!({ "clOrdId": rest["clOrdId"], "qty": "4" })).await;
    assert_eq!(status, 200);
    let partly = bench.order(&rest["clOrdId"]).await;
    assert_eq!((&partly["ordStatus"], &partly["leavesQty"]), (&json!("PARTIALLY_FILLED"), &json!("6")));
    assert_eq!(bench.held("MSFT").await, Decimal::from(24));
}

#[tokio::test]
async fn immediate_orders_never_rest() {
    let bench = Bench::unlimited().await;
    for word in ["IOC", "FOK"] {
        let mut order = stock("BUY", "MSFT", "1", Some("300"));
        order["timeInForce"] = json!(word);
        let placed = bench.place(order).await;
        assert_eq!(bench.order(&placed["clOrdId"]).await["ordStatus"], "CANCELED");
    }
}

#[tokio::test]
async fn options_open_close_and_spread() {
    let bench = Bench::unlimited().await;
    let call = bench.contract('C').await;
    let placed = bench.place(stock("BUY", &call, "2", None)).await;
    assert_eq!(placed["success"], true, "{placed}");
    assert_eq!(bench.order(&placed["clOrdId"]).await["ordStatus"], "FILLED");
    assert_eq!(bench.held(&call).await, Decimal::TWO);
    let sold = bench.place(stock("SELL", &call, "2", None)).await;
    let sold = bench.order(&sold["clOrdId"]).await;
    assert_eq!((&sold["ordStatus"], &sold["legs"][0]["positionEffect"]), (&json!("FILLED"), &json!("CLOSE")));
    assert_eq!(bench.held(&call).await, Decimal::ZERO);

    let put = bench.contract('P').await;
    let maturity = format!("20{}-{}-{}", &put[4..6], &put[6..8], &put[8..10]);
    let leg = |side: &str, strike: &str| {
        json!({ "securityType": "OPT", "side": side, "ratioQty": "1", "putCall": "PUT", "strikePrice": strike,
            "maturity": maturity, "positionEffect": "OPEN" })
    };
    let mut spread = stock("SELL", "AAPL", "1", Some("0.01"));
    spread["legs"] = json!([leg("SELL", "260"), leg("BUY", "250")]);
    let (_, previewed) = bench.post("/v1/orders/preview", spread.clone()).await;
    assert!(decimal(&previewed["estimatedMargin"]) <= Decimal::from(1_001), "{previewed}");
    let placed = bench.place(spread).await;
    let filled = bench.order(&placed["clOrdId"]).await;
    assert_eq!((&filled["ordStatus"], &filled["category"]), (&json!("FILLED"), &json!("MULTI_LEG")));
    assert_eq!(filled["legs"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_history_is_seeded_paged_and_bounded() {
    let bench = Bench::unlimited().await;
    let path = format!("/v2/accounts/{LIVE}/orders/history");
    assert_eq!(bench.get(&path).await.0, 400);
    let days_ago =
        |days: i64| jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() - days * 86_400).unwrap();
    assert_eq!(bench.get(&format!("{path}?from={}", days_ago(91))).await.0, 400);
    let query = format!("{path}?from={}&exclude_today=true&order_by=asc&limit=4", days_ago(89));
    let (mut created, mut cursor) = (Vec::new(), 0);
    loop {
        let (_, page) = bench.get(&format!("{query}&cursor={cursor}")).await;
        let rows = page["orders"].as_array().unwrap();
        created.extend(rows.iter().map(|order| order["createdAt"].as_str().unwrap().to_owned()));
        cursor = page["nextCursor"].as_i64().unwrap();
        if cursor == 0 {
            break;
        }
    }
    assert_eq!(created.len(), 16);
    assert!(created.is_sorted());
    let (_, today) = bench.get(&format!("/v2/accounts/{LIVE}/orders")).await;
    assert_eq!(
        (&today["orders"][0]["symbol"], &today["orders"][0]["ordStatus"]),
        (&json!("KO"), &json!("NEW"))
    );
}

#[tokio::test]
async fn an_option_is_replaced_with_its_leg_or_its_symbol_and_a_spread_with_its_legs() {
    let bench = Bench::unlimited().await;
    let call = bench.contract('C').await;
    let strike: Decimal = call[call.len() - 8..].parse::<Decimal>().unwrap() / Decimal::from(1_000);
    let leg = json!({ "securityType": "OPT", "side": "BUY", "ratioQty": "1", "putCall": "CALL",
        "strikePrice": strike.normalize().to_string(), "positionEffect": "OPEN",
        "maturity": format!("20{}-{}-{}", &call[4..6], &call[6..8], &call[8..10]) });
    let mut order = stock("BUY", "AAPL", "1", Some("0.01"));
    order["legs"] = json!([leg]);
    let placed = bench.place(order).await;
    let mut change = json!({ "tradingAccountId": LIVE, "origClOrdId": placed["clOrdId"], "symbol": "AAPL", "price": "0.02" });
    let (status, refused) = bench.post("/v1/orders/replace", change.clone()).await;
    assert_eq!((status, &refused["codes"][0]["field"]), (400, &json!("legs")));
    change["legs"] = json!([leg]);
    let (_, replaced) = bench.post("/v1/orders/replace", change).await;
    assert_eq!(replaced["success"], true, "{replaced}");
    let listed = bench.order(&replaced["clOrdId"]).await;
    assert_eq!((&listed["origClOrdId"], &listed["category"]), (&placed["clOrdId"], &json!("SINGLE_LEG")));
    let change = json!({ "tradingAccountId": LIVE, "origClOrdId": replaced["clOrdId"], "symbol": call, "timeInForce": "GTC" });
    assert_eq!(bench.post("/v1/orders/replace", change).await.1["success"], true);
}

#[tokio::test]
async fn an_account_without_an_order_today_has_no_list() {
    let bench = Bench::unlimited().await;
    let (_, today) = bench.get("/v2/accounts/SIM8820017/orders").await;
    assert_eq!(today, json!({ "orders": null, "nextCursor": 0 }));
}

#[tokio::test]
async fn a_hand_gives_an_order_any_status() {
    let bench = Bench::unlimited().await;
    let placed = bench.place(stock("BUY", "MSFT", "1", Some("300"))).await;
    for status in ["PENDING_CANCEL", "DONE_FOR_DAY", "SUSPENDED", "PENDING_REPLACE", "CANCELED"] {
        bench.post("/sandbox/status", json!({ "clOrdId": placed["clOrdId"], "status": status })).await;
        assert_eq!(bench.order(&placed["clOrdId"]).await["ordStatus"], status);
    }
}
