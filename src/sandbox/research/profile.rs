//! What a company is: profile and metrics (supplemental.md 3).

use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Reply, number};
use super::super::call::Call;
use super::super::data::indices::percent;
use super::super::data::rows::{self, fixed};
use super::super::market::bars::{Bar, Span};
use super::super::market::noise::uniform;
use super::super::market::{self, Market, calendar};
use super::super::world::World;
use super::companies::Company;
use super::company;

/// `GET /v1/company/profile`: only the path is documented; these names are guesses after look-alikes.
pub(crate) fn profile(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    let venue = company.instrument().map_or("", |found| found.venue);
    Answer::ok(&json!({
        "symbol": company.symbol,
        "name": company.name(),
        "exchange": if venue == "XNAS" { "NASDAQ" } else { "NEW YORK STOCK EXCHANGE" },
        "industry": company.industry,
        "sector": company.instrument().map_or("", |found| found.sector),
        "country": "US",
        "currency": "USD",
        "cik": company.cik,
        "ipo": company.ipo,
        "marketCapitalization": company.cents() * company.shares / 100,
        "shareOutstanding": company.shares,
        "weburl": company.web,
        "logo": format!("https://logos.invalid/{}.png", company.symbol),
        "description": format!("{} works in {}. This text is made up.", company.name(), company.industry),
    }))
}

/// `GET /v1/company/metrics`: `metric` must be `all`, as the newest page says.
pub(crate) fn metrics(world: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    call.required("metric")?;
    rows::choice(call, "metric", &["all"])?;
    let today = market::today(call.now);
    let metric = metric(world.market(), company, call);
    let last = company.last_reported(today);
    // Five fiscal years, newest first.
    let years = |value: &dyn Fn(i64) -> Value| {
        let newest = last.back(last.number() % 4);
        let points = (0..5).map(|ago| (ago, newest.back(4 * ago)));
        points
            .map(|(ago, quarter)| json!({ "period": quarter.end().to_string(), "v": value(ago) }))
            .collect::<Value>()
    };
    let sales = |ago: i64| company.yearly(last.back(last.number() % 4 + 4 * ago), today);
    let ratio = |purpose: &'static str| move |ago: i64| fixed(800 + uniform(company.symbol, purpose, ago), 3);
    Answer::ok(&json!({
        "symbol": company.symbol,
        "metricType": "all",
        "metric": metric.unwrap_or_default(),
        "series": { "annual": {
            "currentRatio": years(&ratio("current")),
            "salesPerShare": years(&|ago| fixed(company.per_share(sales(ago).revenue), 2)),
            "netMargin": years(&|ago| fixed(sales(ago).net * 10_000 / sales(ago).revenue.max(1), 4)),
            "eps": years(&|ago| fixed(company.per_share(sales(ago).net), 2)),
        } },
    }))
}

/// The open map: prices of the last year, volumes, valuation.
fn metric(market: &Market, company: &Company, call: &Call) -> Option<Map<String, Value>> {
    let (today, now) = (market::today(call.now), call.now.as_second());
    let span = (calendar::plus_days(today, -364), today);
    let days: Vec<Bar> = market.bars(company.symbol, Span::Days(1), span, false, now).collect();
    let high = days.iter().max_by_key(|bar| bar.high)?;
    let low = days.iter().min_by_key(|bar| bar.low)?;
    let (first, last) = (days.first()?, days.last()?);
    let volume: i64 = days.iter().rev().skip(1).take(10).map(|bar| bar.volume).sum();
    let year = company.yearly(company.last_reported(today), today);
    let eps = company.per_share(year.net).max(1);
    let capital = last.close * company.shares;
    let of = |purpose: &str| uniform(company.symbol, purpose, 0);
    let fields = json!({
        "52WeekHigh": fixed(high.high, 2),
        "52WeekHighDate": high.day.to_string(),
        "52WeekLow": fixed(low.low, 2),
        "52WeekLowDate": low.day.to_string(),
        "52WeekPriceReturnDaily": number(percent(
            market::decimal(last.close - first.close),
            market::decimal(first.close)
        )),
        "10DayAverageTradingVolume": fixed(volume / 10 / 10_000, 2),
        "beta": fixed(600 + of("beta") * 9 / 10, 3),
        "marketCapitalization": fixed(capital, 2),
        "peTTM": fixed(last.close * 100 / eps, 2),
        "psTTM": fixed(capital * 1000 / year.revenue.max(1), 2),
        "epsTTM": fixed(eps, 2),
        "grossMarginTTM": fixed(year.gross * 10_000 / year.revenue.max(1), 2),
        "operatingMarginTTM": fixed(year.operating * 10_000 / year.revenue.max(1), 2),
        "netProfitMarginTTM": fixed(year.net * 10_000 / year.revenue.max(1), 2),
        "dividendPerShareTTM": fixed(company.dividend * 4, 2),
        "dividendYieldIndicatedAnnual": fixed(company.dividend * 40_000 / last.close.max(1), 2),
        "currentRatioQuarterly": fixed(800 + of("current"), 3),
        "roeTTM": fixed(800 + of("roe") * 4, 2),
    });
    match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}
