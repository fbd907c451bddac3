//! Every endpoint's answer against the field lists of the documentation, written out by hand.

use serde_json::json;

use super::Bench;
use super::documented::{Documented, check};

const ACCOUNT: &str = "AR4471002";

const DOCUMENTED: &[Documented] = &[
    ("/v2/users/me/accounts", "", "accounts"),
    (
        "/v2/users/me/accounts",
        "/accounts/0",
        "trading_account_id broker_account_id status is_sim account_type account_class",
    ),
    ("/v1/users/me/accounts", "", "accounts"),
    (
        "/v1/users/me/accounts",
        "/accounts/0",
        "trading_account_id id sterling_account_id apex_account_id apex_id fdid status is_sim account_type \
         account_class primary_user_id joint_user_id primary_user joint_user account_application created_at updated_at",
    ),
    (
        "/v2/accounts/AR4471002/balance",
        "",
        "accountId amountAvailableToWithdraw balance cashBalance costOfPositions credit creditRemaining dayOpenPnl \
         dayRealizedPnl dayTotalPnl dayTradeBuyingPower dayTradeOvernightRegTBuyingPower fundsAvailableForWithdrawal \
         grossMargin heldBackFunds intradayMarginBalance maintReq netBuyingPower openPnl optionBuyingPower pdt \
         pdtCreditRemaining pendingOrdersCount pendingOrdersMarginRequirements realizedPl settledFunds sma \
         smaCreditRemaining sodGrossFundsAvailable sodMarginTradeBalance sodNetFundsAvailable sodPositionsMarketValue \
         sodTtlEquity sodTtlEquityUpdatedAt startOfDayCash stockBuyingPower unrealizedPl unsettledFunds valueBought \
         valueSold",
    ),
    (
        "/v1/accounts/AR4471002/balances",
        "",
        "accountId totalEquity netBuyingPower stockBuyingPower optionBuyingPower dayTradeBuyingPower \
         dayTradeOvernightRegTBuyingPower settledFunds unsettledFunds heldBackFunds startOfDayCash sodTtlEquity \
         sodTtlEquityUpdatedAt sodPositionsMarketValue realizedPl unrealizedPl maintReq grossMargin sma credit \
         creditRemaining pdt pdtCreditRemaining pendingOrdersCount pendingOrdersMarginRequirements valueBought \
         valueSold",
    ),
    ("/v1/accounts/AR4471002/positions", "", "positions"),
    (
        "/v1/accounts/AR4471002/positions",
        "/positions/0",
        "accountId symbol securityType quantity averagePrice price marketValue costBasis todayRealizedPnL unrealizedPl \
         todayPl createdAt",
    ),
    ("/v2/accounts/AR4471002/orders", "", "orders nextCursor"),
    (
        "/v2/accounts/AR4471002/orders",
        "/orders/0",
        "clOrdId ordId accountId clientId symbol side type timeInForce qty price stopPrice cumQty leavesQty avgPrice \
         ordStatus currency exDestination text ordRejReason securityType category createdAt updatedAt",
    ),
    ("/v1/accounts/AR4471002/orders", "", "orders availability"),
    (
        "/v1/accounts/AR4471002/orders",
        "/orders/0",
        "symbol side orderId clOrdId orderType status tif quantity filledQty leavesQty price stopPrice avgPrice \
         destination instrument category text legs createdAt updatedAt",
    ),
    ("/v1/marketdata/search?query=AAPL", "/0", "symbol description tag type"),
    ("/v1/marketdata/search?query=.AAPL", "/0", "symbol description tag type"),
    ("/v1/marketdata/search?query=%2FES", "/0", "symbol description tag type"),
    ("/v1/chart/history?symbol=AAPL&resolution=1D&from=1740009600&to=1741564800", "", "s t o h l c v"),
    (
        "/v1/stocks/aggs?ticker=AAPL&multiplier=1&timespan=day&from=2025-01-06&to=2025-01-10",
        "",
        "ticker adjusted queryCount resultsCount requestId status results",
    ),
    (
        "/v1/stocks/aggs?ticker=AAPL&multiplier=1&timespan=day&from=2025-01-06&to=2025-01-10",
        "/results/0",
        "o h l c v vw n t",
    ),
    ("/v1/indices/realtime/values?identifiers=SPX.IND_CBOM", "", "items"),
    (
        "/v1/indices/realtime/values?identifiers=SPX.IND_CBOM",
        "/items/0",
        "identifier identifierType index value",
    ),
    (
        "/v1/indices/realtime/values?identifiers=SPX.IND_CBOM",
        "/items/0/index",
        "indexName symbol indexGroup valoren currency",
    ),
    (
        "/v1/indices/realtime/values?identifiers=SPX.IND_CBOM",
        "/items/0/value",
        "date time utcOffset open high low last close volume high52Weeks low52Weeks changeFromOpen \
         percentChangeFromOpen previousClose previousCloseDate changeFromPreviousClose \
         percentChangeFromPreviousClose",
    ),
    (
        "/v1/indices/bar?identifier=SPX.IND_CBOM&endTime=11/19/2025%2003:45%20PM&precision=Hours",
        "/bar",
        "startDate startTime endDate endTime utcOffset open high low close volume",
    ),
    (
        "/v1/indices/bars?identifier=NDX.IND_CBOM&startTime=11/03/2025&endTime=11/19/2025&precision=Hours",
        "/bars/11",
        "startDate startTime endDate endTime open high low close volume",
    ),
    (
        "/v1/indices/chart-bars?identifier=DJI.IND_DJI&startTime=11/19/2025&endTime=11/20/2025&period=30",
        "",
        "timing indexName symbol indexGroup valoren currency chartBars",
    ),
    (
        "/v1/indices/chart-bars?identifier=DJI.IND_DJI&startTime=11/19/2025&endTime=11/20/2025&period=30",
        "/chartBars/12",
        "startDate startTime endDate endTime open high low close volume trades twap vwap currency session \
         adjustmentRatio",
    ),
];

/// The parts of a contract in a chain.
const CHAIN: &[(&str, &str)] = &[
    (
        "",
        "details greeks impliedVolatility openInterest breakEvenPrice fmv fmvLastUpdated day lastQuote lastTrade \
         underlyingAsset",
    ),
    ("/details", "ticker contractType exerciseStyle expirationDate strikePrice sharesPerContract"),
    ("/greeks", "delta gamma theta vega"),
    ("/day", "open high low close previousClose change changePercent volume vwap lastUpdated"),
    ("/lastQuote", "bid ask midpoint bidSize askSize bidExchange askExchange lastUpdated timeframe"),
    ("/lastTrade", "price size exchange conditions sipTimestamp timeframe"),
    ("/underlyingAsset", "ticker price changeToBreakEven lastUpdated timeframe"),
];

#[tokio::test]
async fn answers_have_the_documented_fields() {
    Bench::unlimited().await.answers(DOCUMENTED).await;
}

#[tokio::test]
async fn options_have_the_documented_fields() {
    let bench = Bench::unlimited().await;
    let (_, found) = bench.get("/v1/marketdata/search?query=.MSFT").await;
    let osi = found[0]["symbol"].as_str().unwrap();
    let (_, details) = bench.get(&format!("/v1/marketdata/options/details?symbols={osi},NOPE")).await;
    check(&details["data"][0], "", "symbol lastPrice bidPrice askPrice midPrice closePrice", "details");
    assert_eq!(
        (details["data"].as_array().unwrap().len(), details["errors"].as_array().unwrap().len()),
        (1, 1)
    );
    let (_, one) = bench.get(&format!("/v1/options/snapshot/MSFT/O:{osi}")).await;
    check(&one, "", "requestId status results", "contract");
    for (at, documented) in CHAIN {
        check(&one["results"], at, documented, "contract");
    }
    let day = one["results"]["details"]["expirationDate"].as_str().unwrap();
    let chain = format!("/v1/options/snapshot/chain/MSFT?expirationDate={day}&contractType=put&limit=3");
    let (_, first) = bench.get(&chain).await;
    check(&first, "", "requestId status nextUrl results", "chain");
    assert!(first["results"].as_array().unwrap().iter().all(|row| row["details"]["contractType"] == "put"));
    let next = first["nextUrl"].as_str().unwrap().rsplit_once("next=").unwrap().1;
    let (_, second) = bench.get(&format!("{chain}&next={next}")).await;
    assert_ne!(first["results"][0]["details"], second["results"][0]["details"]);
    let (_, contracts) = bench.get(&format!("/v1/options/MSFT/contracts/{day}")).await;
    check(&contracts, "", "symbol expiryDate calls puts", "contracts");
    check(&contracts, "/calls/0", "symbol strikePrice", "contracts");
}

#[tokio::test]
async fn order_calls_have_the_documented_fields() {
    let bench = Bench::unlimited().await;
    let order = json!({ "tradingAccountId": ACCOUNT, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "10",
        "price": "400.00", "timeInForce": "DAY" });
    let (_, previewed) = bench.post("/v1/orders/preview", order.clone()).await;
    check(
        &previewed,
        "",
        "estimatedCost estimatedMargin commission fees buyingPowerImpact numDayTrades warnRuleId optionFees \
         optionPremium optionRequirement warnings errors",
        "preview",
    );
    let (_, placed) = bench.post("/v1/orders", order).await;
    check(
        &placed,
        "",
        "success clOrdId status symbol side qty cumQty leavesQty avgPrice text ordRejReason transactTime",
        "place",
    );
    let change = json!({ "tradingAccountId": ACCOUNT, "origClOrdId": placed["clOrdId"], "symbol": "MSFT",
        "side": "BUY", "qty": "12" });
    let (_, replaced) = bench.post("/v1/orders/replace", change).await;
    check(&replaced, "", "success clOrdId origClOrdId status qty price text transactTime", "replace");
    let cancel = json!({ "tradingAccountId": ACCOUNT, "origClOrdId": replaced["clOrdId"], "symbol": "MSFT",
        "side": "BUY" });
    let (_, canceled) = bench.post("/v1/orders/cancel", cancel).await;
    check(&canceled, "", "success clOrdId origClOrdId status text", "cancel");
}
