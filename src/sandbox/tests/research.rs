//! Analytics, calendars and supplemental data against the field lists of the documentation.

use serde_json::{Value, json};

use super::Bench;
use super::fields::check;

/// Path, where in the answer to look, the fields that must stand there and no others.
const DOCUMENTED: &[(&str, &str, &str)] = &[
    // options-analytics-calendars.md 6 to 9
    ("/v1/analytics/market-breadth", "", "success data"),
    (
        "/v1/analytics/market-breadth",
        "/data",
        "advancers decliners unchanged totalSymbols advancersPercent declinersPercent advanceDeclineRatio timestamp",
    ),
    ("/v1/calendars/economics?date=2026-03-05", "", "events importantDates"),
    (
        "/v1/calendars/economics?date=2026-03-05",
        "/events/1",
        "calendarID date time country category event importance reference referenceDate previous forecast \
         teForecast unit source sourceUrl ticker symbol lastUpdate actual",
    ),
    (
        "/v1/calendars/historical/USURTOT",
        "/59",
        "category country dateTime frequency historicalDataSymbol lastUpdate value",
    ),
    // supplemental.md 5
    ("/v1/stock/earnings?symbol=AAPL&limit=8", "", "earningSurprises"),
    (
        "/v1/stock/earnings?symbol=AAPL&limit=8",
        "/earningSurprises/7",
        "symbol period year quarter actual estimate surprise surprisePercent",
    ),
    // supplemental.md 10
    ("/v1/economy/treasury-yields?limit=1", "", "requestId status results nextUrl"),
    (
        "/v1/economy/treasury-yields?limit=1",
        "/results/0",
        "date yield1Month yield3Month yield1Year yield2Year yield5Year yield10Year yield30Year",
    ),
];

/// Calls that lack what they need.
const REFUSED: &[&str] = &[
    "/v1/calendars/economics",
    "/v1/calendars/economics?date=tomorrow",
    "/v1/calendars/earnings?from=2026-01-01",
    "/v1/calendars/earnings?from=2026-02-01&to=2026-01-01",
    "/v1/stock/earnings",
];

/// Paths that the documentation does not show: a client must live without them.
const INFERRED: &[&str] = &[
    "/v1/options/stocks/top-losers",
    "/v1/options/etfs/top-gainers",
    "/v1/options/open-close?ticker=O:AAPL261218C00270000&date=2026-11-20",
    "/v1/financials/balance-sheets?tickers=AAPL",
    "/v1/stock/revenue-estimate?symbol=AAPL",
    "/v1/stock/recommendation?symbol=AAPL",
    "/v1/stock/supply-chain?symbol=AAPL",
    "/v1/scan/support-resistance?symbol=AAPL&resolution=D",
    "/v1/corporate-actions/tender-offers",
];

#[tokio::test]
async fn answers_have_the_documented_fields() {
    let bench = Bench::unlimited().await;
    for (path, at, documented) in DOCUMENTED {
        let (status, answer) = bench.get(path).await;
        assert_eq!(status, 200, "{path}: {answer}");
        check(&answer, at, documented, path);
    }
}

#[tokio::test]
async fn what_is_missing_or_undocumented_is_refused() {
    let bench = Bench::unlimited().await;
    for path in REFUSED {
        let (status, answer) = bench.get(path).await;
        assert_eq!((status, &answer["error"]), (400, &json!("bad_request")), "{path}");
    }
    for path in INFERRED {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn ratings_are_filtered_and_leave_out_what_is_empty() {
    let bench = Bench::unlimited().await;
    let (_, all) = bench.get("/v1/analytics/ratings?pageSize=1000").await;
    let all = all["ratings"].as_array().unwrap();
    let documented = "id updated importance date time ticker name exchange currency analyst analyst_id analyst_name \
                      action_company action_pt rating_current rating_prior pt_current pt_prior pt_current_adjusted \
                      pt_prior_adjusted ratings_accuracy";
    let full: Vec<&Value> = all.iter().filter(|row| row["rating_prior"].is_string()).collect();
    check(full[0], "", documented, "rating");
    assert!(full.len() < all.len());
    let day = all[30]["date"].as_str().unwrap();
    let (_, one) = bench.get(&format!("/v1/analytics/ratings?tickers=AAPL,KO&dateFrom={day}")).await;
    let one = one["ratings"].as_array().unwrap();
    assert!(!one.is_empty() && one.iter().all(|row| row["ticker"] == "AAPL" || row["ticker"] == "KO"));
    assert_eq!(bench.get("/v1/analytics/ratings?page=900").await.1["ratings"], json!([]));
}

#[tokio::test]
async fn earnings_are_dated_around_today() {
    let bench = Bench::unlimited().await;
    let year = jiff::Zoned::now().year();
    let path = format!("/v1/calendars/earnings?from={}-01-01&to={}-12-31", year - 1, year + 1);
    let (_, rows) = bench.get(&path).await;
    let rows = rows.as_array().unwrap();
    check(
        &rows[0],
        "",
        "date symbol name quarter year hour epsActual epsEstimate epsSurprise revenueActual revenueEstimate \
         revenueSurprise marketCap logo analystRating",
        "earnings",
    );
    check(&rows[0], "/logo", "logoLight logoDark", "earnings");
    let rating = "currentRating priceTarget totalRatings successRate averageReturn";
    check(&rows[0], "/analystRating", rating, "earnings");
    assert!(rows[0]["epsActual"].is_number() && rows[rows.len() - 1]["epsActual"].is_null());
}
