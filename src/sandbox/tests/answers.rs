//! The answer files, and the handler that reads them.

use serde_json::{Map, Value, json};

use super::Bench;
use crate::aries::endpoint::{Endpoint, Method, ParamKind, Request};
use crate::aries::endpoints;
use crate::sandbox::answers::{FILES, file, file_name};
use crate::tools::endpoints_with_tools;

fn reads() -> impl Iterator<Item = &'static Endpoint> {
    endpoints::all().filter(|row| matches!(row.method, Method::Get | Method::PostRead))
}

/// The example arguments that a tool has for a row.
fn example_of(row: &Endpoint) -> String {
    let shown = endpoints_with_tools().into_iter().find(|(shown, ..)| std::ptr::eq(*shown, row));
    shown.unwrap_or_else(|| panic!("{}: show it in a tool (src/tools/research)", row.path)).2
}

/// The example of a row as the request that reaches it; a tool that makes several calls of one symbol is asked for
/// Apple.
fn example(row: &'static Endpoint) -> Request {
    let example: Map<String, Value> = serde_json::from_str(&example_of(row)).unwrap();
    let is_ours = |name: &str| row.params.iter().any(|param| param.name == name);
    let mut args: Map<String, Value> = example.into_iter().filter(|(name, _)| is_ours(name)).collect();
    for param in
        row.params.iter().filter(|param| param.required && matches!(param.kind, ParamKind::Symbol(_)))
    {
        args.entry(param.name).or_insert(json!("AAPL"));
    }
    row.request(&args).unwrap_or_else(|error| panic!("{}: {error:?}", row.path))
}

async fn ask(bench: &Bench, request: &Request) -> (u16, Value) {
    let url = request.url(&"http://aries/".parse().unwrap());
    let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    match request.endpoint.method {
        Method::PostRead => bench.post(&path, request.json()).await,
        _ => bench.get(&path).await,
    }
}

/// Whether a row of the endpoint table finds its rows in an answer.
fn finds_rows(row: &Endpoint, answer: &Value) -> bool {
    row.rows.split(',').any(|path| {
        let at = if path.is_empty() { String::new() } else { format!("/{path}") };
        match answer.pointer(&at) {
            Some(Value::Array(rows)) => !rows.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Number(_)) => true,
            _ => false,
        }
    })
}

#[tokio::test]
async fn every_endpoint_is_answered_by_code_or_by_a_file() {
    let bench = Bench::unlimited().await;
    for row in reads().filter(|row| file(row.path).is_none()) {
        let (_, answer) = bench.get(row.path).await;
        let is_unknown =
            answer["error"]["message"].as_str().is_some_and(|told| told.starts_with("no such endpoint"));
        assert!(!is_unknown, "{}: add src/sandbox/answers/{}", row.path, file_name(row.path));
    }
}

#[test]
fn every_file_belongs_to_a_row() {
    for (name, text) in FILES {
        assert!(
            reads().any(|row| file_name(row.path) == *name),
            "{name}: add its row in src/aries/endpoints"
        );
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{name} is not JSON");
    }
}

#[tokio::test]
async fn the_example_of_every_row_finds_its_rows_in_the_file() {
    let bench = Bench::unlimited().await;
    for row in reads().filter(|row| file(row.path).is_some()) {
        let asked = example(row);
        let (status, answer) = ask(&bench, &asked).await;
        assert_eq!(status, 200, "{asked:?}: {answer}");
        assert!(finds_rows(row, &answer), "{asked:?}: nothing at {:?} in {answer}", row.rows);
    }
}

#[tokio::test]
async fn parameters_are_checked_by_the_row() {
    let bench = Bench::unlimited().await;
    for wrong in [
        "/v1/calendars/economics?from=tomorrow",
        "/v1/company/profile",
        "/v1/company/metrics?symbol=AAPL&metric=price",
        "/v1/stock/eps-estimate?symbol=AAPL&freq=monthly",
        "/v1/analytics/ratings?importance=6",
        "/v1/options/trades?ticker=O:AAPL270521C00250000&order=desc&sort=timestamp&timestampFrom=soon",
        "/v1/corporate-actions/dividends?sort=ex_dividend_date.desc&limit=0",
        "/v1/corporate-actions/dividends?sort=ex_dividend_date.desc&next=nonsense",
        "/v1/predictions/search?q=fed&tradable=maybe",
        "/v1/indicator?symbol=AAPL&resolution=1D&indicator=sma&from=1&to=2",
        "/v1/indicator?symbol=AAPL&resolution=D&indicator=obv&from=1&to=2",
        "/v1/indices/chart-bars?identifier=SPX.IND_CBOM&startTime=11/19/2025&endTime=11/20/2025&precision=Hours",
        "/v1/chart/history?symbol=AAPL&resolution=7&from=1&to=2",
    ] {
        let (status, answer) = bench.get(wrong).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("BAD_REQUEST")), "{wrong}: {answer}");
    }
    for unknown in [
        "/v1/company/profile?symbol=ZZZZ",
        "/v1/options/last-trade?ticker=O:ZZZZ270521C00250000",
        "/v1/predictions/base-events/ZZZZ",
        "/v1/calendars/historical/ZZZZ",
    ] {
        assert_eq!(bench.get(unknown).await.0, 404, "{unknown}");
    }
}

#[tokio::test]
async fn lists_are_filtered_by_what_was_asked() {
    let bench = Bench::unlimited().await;
    let days = "from=2000-01-01&to=2100-01-01";
    let (_, all) = bench.get(&format!("/v1/calendars/earnings?{days}")).await;
    let (_, one) = bench.get(&format!("/v1/calendars/earnings?{days}&symbol=KO")).await;
    // Prices move between two calls, days do not.
    let days_of = |rows: &Value, symbol: &str| -> Vec<String> {
        let rows = rows.as_array().unwrap().iter().filter(|row| row["symbol"] == symbol);
        rows.map(|row| row["date"].to_string()).collect()
    };
    assert!(days_of(&one, "KO").len() > 4 && days_of(&one, "AAPL").is_empty());
    assert_eq!(days_of(&one, "KO"), days_of(&all, "KO"));
    let (_, none) = bench.get("/v1/calendars/earnings?from=2000-01-01&to=2000-01-02").await;
    assert_eq!(none, json!([]));
    let (_, split) =
        bench.get("/v1/stock/split?sort=execution_date.desc&ticker=NVDA&executionDateFrom=2024-01-01").await;
    assert_eq!(split["results"].as_array().unwrap().len(), 1);
    let (_, gainers) = bench.get("/v1/equity/top-gainers?limit=99").await;
    let change = |row: &Value| row["changePercent"].as_f64().unwrap();
    assert!(gainers.as_array().unwrap().is_sorted_by(|one, next| change(one) >= change(next)));
    let (_, found) = bench.get("/v1/predictions/search?q=fed%20rate&perPage=2").await;
    assert_eq!((&found["data"]["found"], found["data"]["hits"].as_array().unwrap().len()), (&json!(6), 2));
}

#[tokio::test]
async fn lists_have_the_order_that_was_asked_for_or_else_that_of_aries() {
    let bench = Bench::unlimited().await;
    let years = async |query: &str| {
        let (_, answer) = bench.get(&format!("/v1/financials/income-statements?tickers=AAPL{query}")).await;
        let rows = answer["results"].as_array().unwrap().iter();
        rows.map(|row| row["periodEnd"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (oldest_first, newest_first) =
        (years("&limit=24").await, years("&limit=24&sort=period_end.desc").await);
    assert!(oldest_first.is_sorted() && oldest_first.len() == 24);
    assert!(newest_first.iter().rev().eq(&oldest_first));
}

#[tokio::test]
async fn lists_are_paged_in_each_of_the_documented_ways() {
    let bench = Bench::unlimited().await;
    let dividends = "/v1/corporate-actions/dividends?sort=ex_dividend_date.desc&ticker=KO&limit=10";
    let (_, first) = bench.get(dividends).await;
    let next = first["nextUrl"].as_str().unwrap().rsplit_once("next=").unwrap().1;
    let (_, last) = bench.get(&format!("{dividends}&next={next}")).await;
    assert_eq!(
        (first["results"].as_array().unwrap().len(), last["results"].as_array().unwrap().len()),
        (10, 6)
    );
    assert!(last["nextUrl"].is_null());
    let (_, ratings) = bench.get("/v1/analytics/ratings?tickers=KO&pageSize=10&page=1").await;
    assert_eq!(ratings["ratings"].as_array().unwrap().len(), 3);
    let (_, totals) = bench.get("/v1/prediction/candidates/totals?perPage=5&page=2").await;
    assert_eq!((&totals["pagination"]["pages"], totals["results"].as_array().unwrap().len()), (&json!(2), 3));
    let (mut seen, mut last) = (0, String::new());
    loop {
        let (_, page) = bench.get(&format!("/v1/prediction/disbursements?perPage=25{last}")).await;
        seen += page["results"].as_array().unwrap().len();
        let Some(index) = page["pagination"]["lastIndexes"]["lastIndex"].as_str() else { break };
        last = format!("&lastIndex={index}");
    }
    assert_eq!(seen, 60);
}

#[tokio::test]
async fn a_body_is_read_as_the_row_says() {
    let bench = Bench::unlimited().await;
    let (_, answer) = bench.post("/v1/etb/search", json!({ "symbols": ["AAPL", "F"] })).await;
    assert_eq!(answer["results"], json!({ "AAPL": true, "F": true }));
    assert_eq!(bench.post("/v1/etb/search?symbols=AAPL", json!({})).await.0, 400);
    let clause =
        |operator: &str, value: &str| json!({ "field": "close_price", "operator": operator, "value": value });
    let screened = |operator: &str| json!({ "operator": operator, "clauses": [clause("gt", "100"), clause("lt", "300")] });
    let path = "/v1/stock/screener?order_column=close_price&order_direction=desc";
    let mut counts = Vec::new();
    for operator in ["AND", "OR", "NOT"] {
        let (_, answer) = bench.post(path, screened(operator)).await;
        let tags = answer[0]["data"].as_array().cloned().unwrap_or_default();
        let price = tags
            .iter()
            .find(|figure| figure["tag"] == "close_price")
            .map(|figure| figure["number_value"].as_f64());
        counts.push((answer.as_array().unwrap().len(), price.flatten().is_some_and(|price| price < 300.0)));
    }
    assert_eq!(counts, [(11, true), (24, false), (0, false)]);
}
