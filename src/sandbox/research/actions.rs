//! Corporate actions: dividends, splits, spin-offs (supplemental.md 6).

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::{self, fixed, within};
use super::super::market::{self, calendar};
use super::super::world::World;
use super::companies::{self, COMPANIES, Company};
use super::financials::by_company;
use super::quarters::Quarter;
use crate::exchange;

/// A dividend is paid every quarter: this many, of which the first may lie ahead.
const DIVIDENDS: i64 = 16;

struct Dividend {
    company: &'static Company,
    ex: Date,
    cents: i64,
    kind: &'static str,
}

/// `GET /v1/corporate-actions/dividends`.
pub(crate) fn dividends(_: &mut World, call: &Call) -> Reply {
    let this = Quarter::of(market::today(call.now));
    let kinds = ["", "recurring", "special", "supplemental", "irregular", "unknown"];
    let kind = rows::choice(call, "distributionType", &kinds)?;
    let mut found = Vec::new();
    for company in COMPANIES.iter().filter(|company| company.dividend > 0) {
        for back in -1..DIVIDENDS {
            let one = dividend(company, this.back(back), back);
            let fits = by_company(call, company)? && within(call, "exDividendDate", &one.ex)?;
            if fits && frequency(call)? && (kind.is_empty() || kind == one.kind) {
                found.push(one);
            }
        }
    }
    let key = rows::choice(
        call,
        "sort",
        &["ex_dividend_date.desc", "ex_dividend_date.asc", "ticker.asc", "ticker.desc"],
    )?;
    found.sort_by(|one, other| match key {
        "ticker.asc" => one.company.symbol.cmp(other.company.symbol),
        "ticker.desc" => other.company.symbol.cmp(one.company.symbol),
        "ex_dividend_date.asc" => one.ex.cmp(&other.ex),
        _ => other.ex.cmp(&one.ex),
    });
    rows::page(call, &found, 100..=5000, |one| Some(row(one)))
}

fn dividend(company: &'static Company, quarter: Quarter, back: i64) -> Dividend {
    let mut ex = calendar::plus_days(quarter.end(), -40);
    while !exchange::is_trading_day(ex) {
        ex = calendar::plus_days(ex, -1);
    }
    // Raised by 4 % each year.
    let cents = (company.dividend * (100 - 4 * (back.max(0) / 4)) / 100).max(1);
    Dividend { company, ex, cents, kind: "recurring" }
}

/// Every dividend here is quarterly: the five filters of the frequency, held against 4.
fn frequency(call: &Call) -> Result<bool, Answer> {
    type Fits = fn(i64) -> bool;
    let rules: [(&str, Fits); 5] = [
        ("frequency", |wanted| wanted == 4),
        ("frequencyMin", |wanted| wanted <= 4),
        ("frequencyAbove", |wanted| wanted < 4),
        ("frequencyMax", |wanted| wanted >= 4),
        ("frequencyBelow", |wanted| wanted > 4),
    ];
    let mut fits = true;
    for (name, rule) in rules {
        fits &= call.query(name).is_none() || rule(call.number(name, 4, 0..=365)?);
    }
    Ok(fits)
}

fn row(one: &Dividend) -> Value {
    json!({
        "ticker": one.company.symbol,
        "cashAmount": fixed(one.cents, 2),
        "exDividendDate": one.ex.to_string(),
        "recordDate": one.ex.to_string(),
        "payDate": calendar::plus_days(one.ex, 21).to_string(),
        "frequency": 4,
        "distributionType": one.kind,
    })
}

/// Ticker, day, from, to: splits that really took place.
const SPLITS: &[(&str, Date, i64, i64)] = &[
    ("NFLX", date(2025, 11, 17), 1, 10),
    ("NVDA", date(2024, 6, 10), 1, 10),
    ("WMT", date(2024, 2, 26), 1, 3),
    ("TSLA", date(2022, 8, 25), 1, 3),
    ("GOOGL", date(2022, 7, 18), 1, 20),
    ("AMZN", date(2022, 6, 6), 1, 20),
    ("NVDA", date(2021, 7, 20), 1, 4),
    ("AAPL", date(2020, 8, 31), 1, 4),
    ("TSLA", date(2020, 8, 31), 1, 5),
];

/// `GET /v1/stock/split`.
pub(crate) fn splits(_: &mut World, call: &Call) -> Reply {
    let mut found = Vec::new();
    for split in SPLITS {
        let (ticker, day, ..) = split;
        let company = companies::find(ticker).map(|company| by_company(call, company)).transpose()?;
        if company == Some(true) && within(call, "executionDate", day)? {
            found.push(split);
        }
    }
    if rows::choice(call, "sort", &["execution_date.desc", "execution_date.asc"])? == "execution_date.asc" {
        found.reverse();
    }
    rows::page(call, &found, 10..=1000, |(ticker, day, from, to)| {
        Some(json!({
            "id": format!("E{ticker}{day}").replace('-', ""),
            "ticker": ticker,
            "executionDate": day.to_string(),
            "splitFrom": from,
            "splitTo": to,
            "adjustmentType": "forward_split",
            "historicalAdjustmentFactor": fixed(from * 1_000_000 / to, 6),
        }))
    })
}

/// `GET /v1/corporate-actions/spinoffs`: one that really took place, from AT&T.
pub(crate) fn spinoffs(_: &mut World, call: &Call) -> Reply {
    let identifier = call.required("identifier")?;
    call.required("identifierType")?;
    if rows::choice(
        call,
        "identifierType",
        &["Symbol", "CUSIP", "ISIN", "SEDOL", "Valoren", "FIGI", "CompositeFIGI"],
    )? != "Symbol"
    {
        return Err(Answer::bad_request("the sandbox knows companies by Symbol only"));
    }
    let days = rows::required_date(call, "startDate")?..=rows::required_date(call, "endDate")?;
    let found = (identifier == "T" && days.contains(&date(2022, 4, 11))).then(|| {
        json!({
            "exDate": "2022-04-11",
            "declaredDate": "2022-03-25",
            "recordDate": "2022-04-05",
            "paymentDate": "2022-04-08",
            "ratio": 0.241917,
            "fromSymbol": "T",
            "fromCompanyName": "AT&T Inc.",
            "toSymbol": "WBD",
            "toCompanyName": "Warner Bros. Discovery, Inc.",
            "description": "0.241917 shares of WBD for each share of T",
        })
    });
    Answer::ok(&json!({ "spinoffs": found.into_iter().collect::<Vec<Value>>() }))
}
