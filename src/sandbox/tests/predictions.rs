//! Index bars and prediction markets against the field lists of the documentation.

use super::Bench;
use super::documented::Documented;

const KEYSET: &str = "pages perPage count isCountExact lastIndexes";

const DOCUMENTED: &[Documented] = &[
    // market-data.md 11.3
    ("/v1/indices/bar?identifier=SPX.IND_CBOM&endTime=11/19/2025%2003:45%20pm&period=5", "", "index bar"),
    (
        "/v1/indices/bar?identifier=SPX.IND_CBOM&endTime=11/19/2025%2003:45%20PM&precision=Hours",
        "/bar",
        "startDate startTime endDate endTime utcOffset open high low close volume",
    ),
    (
        "/v1/indices/bars?identifier=NDX.IND_CBOM&startTime=11/03/2025&endTime=11/19/2025&precision=Days",
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
    // prediction-markets.md
    ("/v1/prediction/search?q=HORC_1126", "", "success data"),
    ("/v1/prediction/search?q=HORC_1126", "/data", "hits found page"),
    (
        "/v1/predictions/search?q=fed%20rate&tradable=true",
        "/data/hits/4",
        "symbol eventId productId tradable eventDisplayName question eventQuestion description state strikeValue score",
    ),
    ("/v1/prediction/products/HORC", "/data", "product events"),
    ("/v1/prediction/products/HORC", "/data/product", "productId firstSeenAt lastSyncedAt"),
    ("/v1/prediction/products/FEDR", "/data/events/3", "event instruments"),
    (
        "/v1/predictions/events/HORC_1126/instruments",
        "/data/event",
        "eventId productId eventDisplayName question eventQuestion sourceAgency sourceAgencyUrl underlyingSpec \
         calculationMethod payoutType timeSpecifier expectedPayoutDate expectedPayoutTime rawAttributes lastSyncedAt",
    ),
    (
        "/v1/prediction/events/HORC_1126/instruments",
        "/data/instruments/1",
        "symbol eventId productId state tradable nonTradable description strikeValue strikeUnit evaluationType \
         baseCurrency tickSize multiplier minTradeQty startDate expirationDate terminationDate lastTradeDate \
         priceScale priceLimit tradingSchedule rawPayload lastSyncedAt",
    ),
    ("/v1/prediction/candidates/search?office=S", "", "pagination results"),
    ("/v1/prediction/candidates/search?office=S", "/pagination", "page pages perPage count isCountExact"),
    (
        "/v1/prediction/candidates/totals?candidateId[]=S6GA00004",
        "/pagination",
        "page pages perPage count isCountExact",
    ),
    ("/v1/prediction/candidates/S6GA00004/totals", "", "pagination results"),
    ("/v1/prediction/receipts?committeeId=C00900001", "/pagination", KEYSET),
    ("/v1/prediction/disbursements?perPage=5", "/pagination", KEYSET),
    ("/v1/prediction/disbursements?perPage=5", "/pagination/lastIndexes", "lastIndex sortNullOnly"),
    ("/v1/predictions/independent-expenditures?candidateOffice=S", "/pagination", KEYSET),
];

/// Calls that lack what they need.
const REFUSED: &[&str] = &[
    "/v1/indices/bar?identifier=SPX.IND_CBOM",
    "/v1/indices/bars?identifier=SPX.IND_CBOM&startTime=2025-01-01&endTime=2025-01-02",
    "/v1/indices/chart-bars",
    "/v1/prediction/search",
    "/v1/prediction/candidates/totals?sortOrder=ascending",
    "/v1/prediction/receipts",
    "/v1/prediction/independent-expenditures?candidateOffice=X",
];

#[tokio::test]
async fn answers_have_the_documented_fields() {
    let bench = Bench::unlimited().await;
    bench.answers(DOCUMENTED).await;
    bench.refuses(REFUSED).await;
}

#[tokio::test]
async fn payments_are_paged_behind_the_last_one_seen() {
    let bench = Bench::unlimited().await;
    let path = "/v1/prediction/disbursements?perPage=40&sortBy=disbursementAmount";
    let (mut seen, mut last) = (Vec::new(), String::new());
    loop {
        let (_, page) = bench.get(&format!("{path}{last}")).await;
        let rows = page["results"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["disbursementAmount"].as_f64().unwrap()));
        let Some(index) = page["pagination"]["lastIndexes"]["lastIndex"].as_str() else { break };
        last = format!("&lastIndex={index}&lastDisbursementAmount=0");
    }
    assert_eq!(seen.len(), 135);
    assert!(seen.is_sorted_by(|one, next| one >= next));
}
