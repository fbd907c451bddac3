//! Figures of different answers about one thing agree: each is computed here from the others.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::Bench;
use crate::exchange;
use crate::sandbox::broker::Broker;
use crate::sandbox::broker::account::multiplier;
use crate::sandbox::market::Market;

fn decimal(value: &Value) -> Decimal {
    value.to_string().trim_matches('"').parse().unwrap_or_else(|_| panic!("{value} is no number"))
}

fn round(value: Decimal) -> Decimal {
    value.round_dp(2)
}

#[tokio::test]
async fn ratios_follow_from_price_and_statements() {
    let bench = Bench::unlimited().await;
    for symbol in ["AAPL", "KO", "TSLA", "JPM"] {
        let get = async |path: &str| {
            let (status, answer) = bench.get(&path.replace('*', symbol)).await;
            assert_eq!(status, 200, "{path} {answer}");
            answer
        };
        let quarters = get(
            "/v1/financials/income-statements?tickers=*&timeframe=quarterly&limit=24&sort=period_end.desc",
        )
        .await;
        let quarters = quarters["results"].as_array().unwrap().clone();
        let eps = |row: &Value| decimal(&row["dilutedEarningsPerShare"]);
        for row in &quarters {
            let shares = decimal(&row["dilutedSharesOutstanding"]);
            assert_eq!(
                decimal(&row["netIncomeLossAttributableCommonShareholders"]),
                eps(row) * shares,
                "{row}"
            );
            assert_eq!(
                decimal(&row["grossProfit"]) - decimal(&row["totalOperatingExpenses"]),
                decimal(&row["operatingIncome"])
            );
        }
        let twelve: Decimal = quarters.iter().take(4).map(eps).sum();
        let ratios = get("/v1/financials/ratios?ticker=*").await["results"][0].clone();
        assert_eq!(decimal(&ratios["earningsPerShare"]), twelve, "{symbol}");
        let (price, shares) = (decimal(&ratios["price"]), decimal(&quarters[0]["dilutedSharesOutstanding"]));
        assert_eq!(decimal(&ratios["priceToEarnings"]), round(price / twelve), "{symbol}");
        assert_eq!(decimal(&ratios["marketCap"]), price * shares, "{symbol}");
        let metrics = get("/v1/company/metrics?symbol=*&metric=all").await["metric"].clone();
        assert_eq!(decimal(&metrics["epsTTM"]), twelve, "{symbol}");
        assert_eq!(decimal(&metrics["peTTM"]), decimal(&ratios["priceToEarnings"]), "{symbol}");
        let statements = get("/v1/financials/statements?symbol=*&statement=ic&freq=annual").await;
        let year = &statements["data"]["financials"][0];
        let of_year = quarters.iter().filter(|row| row["fiscalYear"] == year["year"]);
        assert_eq!(decimal(&year["dilutedEPS"]), of_year.map(eps).sum(), "{symbol}");
        let surprises = get("/v1/stock/earnings?symbol=*&limit=4").await;
        let newest = &surprises["earningSurprises"][0];
        assert_eq!(decimal(&newest["actual"]), eps(&quarters[0]), "{symbol}");
        assert_eq!(decimal(&newest["surprise"]), decimal(&newest["actual"]) - decimal(&newest["estimate"]));
    }
}

#[tokio::test]
async fn a_fund_has_no_earnings_and_nothing_happens_on_a_day_off() {
    let bench = Bench::unlimited().await;
    for (path, list, member) in [
        ("/v1/calendars/earnings?from=2020-01-01&to=2040-01-01", "", "date"),
        ("/v1/calendars/conference-calls?dateFrom=2020-01-01", "conferenceCalls", "date"),
        ("/v1/calendars/economics?from=2020-01-01&to=2040-01-01", "events", "date"),
        ("/v1/corporate-actions/dividends?limit=500", "results", "exDividendDate"),
    ] {
        let (_, answer) = bench.get(path).await;
        let rows = if list.is_empty() { &answer } else { &answer[list] };
        let days = rows.as_array().unwrap_or_else(|| panic!("{path} {answer}")).iter();
        let days: Vec<Date> = days.map(|row| row[member].as_str().unwrap()[..10].parse().unwrap()).collect();
        assert!(days.len() > 4 && days.iter().all(|day| exchange::is_trading_day(*day)), "{path} {days:?}");
    }
    for path in [
        "/v1/calendars/earnings?from=2020-01-01&to=2040-01-01&symbol=SPY",
        "/v1/stock/earnings?symbol=SPY&limit=4",
        "/v1/financials/ratios?ticker=SPY",
    ] {
        let (status, answer) = bench.get(path).await;
        assert!(status == 200 && !answer.to_string().contains("SPY"), "{path} {answer}");
    }
}

/// On a weekend, before the opening, in a session and after it, with and without hours.
#[test]
fn a_days_profit_is_what_the_equity_has_changed_by() {
    for (keeps_hours, at) in [
        (false, "2026-11-28T12:00:00-05:00"),
        (true, "2026-11-28T12:00:00-05:00"),
        (true, "2026-11-30T09:00:00-05:00"),
        (true, "2026-11-30T11:00:00-05:00"),
        (true, "2026-11-26T20:00:00-05:00"),
    ] {
        let now: Timestamp = at.parse().unwrap();
        let market = Market::new(now).with_hours(keeps_hours);
        let broker = Broker::seeded(&market, now);
        for account in &broker.accounts {
            let change = |(symbol, holding): (&String, &crate::sandbox::broker::account::Holding)| {
                let quote = market.quote(symbol, now).unwrap();
                (quote.last - quote.previous_close) * holding.qty * multiplier(symbol)
            };
            let of_quotes: Decimal = account.holdings.iter().map(change).sum();
            assert_eq!(account.earned_today(None, &market, now), of_quotes, "{at} {keeps_hours}");
            let start = account.cash_at_start(&market, now) + account.positions_at_start(&market, now);
            let equity = account.cash + account.positions_value(&market, now);
            assert_eq!(equity - start, of_quotes, "{at} {keeps_hours}");
            assert!(!of_quotes.is_zero(), "{at} {keeps_hours}");
        }
    }
}
