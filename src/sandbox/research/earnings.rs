//! Earnings: the calendar, and the surprises of one company (options-analytics-calendars.md 8; supplemental.md 5).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::{self, fixed};
use super::super::market::{self, noise::uniform};
use super::super::world::World;
use super::companies::{COMPANIES, Company};
use super::quarters::Quarter;
use super::{company, near, pick};

/// A quarter's report, past or to come.
struct Report {
    company: &'static Company,
    quarter: Quarter,
    day: Date,
    /// Whether the figures are out.
    out: bool,
    /// Earnings per share in cents.
    estimate: i64,
    actual: i64,
    /// In thousands of dollars.
    sales_estimate: i64,
    sales: i64,
}

impl Report {
    fn of(company: &'static Company, quarter: Quarter, today: Date) -> Self {
        let figures = company.figures(quarter, today);
        let actual = company.per_share(figures.net);
        let day = company.report_day(quarter);
        Self {
            company,
            quarter,
            day,
            out: day <= today,
            // Analysts are a little too careful, as they are.
            estimate: near(actual * 98 / 100, 8, company.symbol, "estimate", quarter.point()),
            actual,
            sales_estimate: near(figures.revenue, 3, company.symbol, "sales estimate", quarter.point()),
            sales: figures.revenue,
        }
    }

    /// The surprise in percent.
    fn surprise(&self) -> Value {
        percent(self.actual, self.estimate)
    }

    fn if_out(&self, value: Value) -> Value {
        if self.out { value } else { Value::Null }
    }
}

fn percent(actual: i64, estimate: i64) -> Value {
    fixed((actual - estimate) * 10_000 / estimate.abs().max(1), 2)
}

/// `GET /v1/calendars/earnings`: three years back, half a year ahead.
pub(crate) fn calendar(_: &mut World, call: &Call) -> Reply {
    let days = rows::required_date(call, "from")?..=rows::required_date(call, "to")?;
    if days.is_empty() {
        return Err(Answer::bad_request("to must not be before from"));
    }
    let today = market::today(call.now);
    let this = Quarter::of(today);
    let companies = COMPANIES.iter().filter(|company| rows::named(call, "symbol", company.symbol));
    let reports =
        companies.flat_map(|company| (-2..12).map(move |back| Report::of(company, this.back(back), today)));
    let mut found: Vec<Report> = reports.filter(|report| days.contains(&report.day)).collect();
    found.sort_by_key(|report| report.day);
    Answer::ok(&found.iter().map(calendar_row).collect())
}

fn calendar_row(report: &Report) -> Value {
    let (company, quarter) = (report.company, report.quarter);
    let symbol = company.symbol;
    let sales_surprise = percent(report.sales, report.sales_estimate);
    json!({
        "date": report.day.to_string(),
        "symbol": symbol,
        "name": company.name(),
        "quarter": quarter.number(),
        "year": quarter.year(),
        "hour": pick(&["bmo", "amc", "amc", "dmh"], symbol, "hour", 0),
        "epsEstimate": fixed(report.estimate, 2),
        "epsActual": report.if_out(fixed(report.actual, 2)),
        "epsSurprise": report.if_out(report.surprise()),
        "revenueEstimate": report.sales_estimate * 1000,
        "revenueActual": report.if_out(json!(report.sales * 1000)),
        "revenueSurprise": report.if_out(sales_surprise),
        "marketCap": company.cents() * company.shares * 10_000,
        "logo": {
            "logoLight": format!("https://logos.invalid/{symbol}-light.png"),
            "logoDark": format!("https://logos.invalid/{symbol}-dark.png"),
        },
        "analystRating": {
            "currentRating": pick(&["Buy", "Overweight", "Hold"], symbol, "consensus", 0),
            "priceTarget": fixed(near(company.cents() * 11 / 10, 10, symbol, "mean target", 0), 2),
            "totalRatings": 12 + uniform(symbol, "ratings", 0) / 30,
            "successRate": format!("{}%", 55 + uniform(symbol, "success", 0) / 40),
            "averageReturn": format!("{}.{}%", 4 + uniform(symbol, "return", 0) / 80, uniform(symbol, "tenth", 0) % 10),
        },
    })
}

/// `GET /v1/stock/earnings`: surprises, newest first.
pub(crate) fn surprises(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    let limit = call.number("limit", 4, 1..=1000)?.min(40);
    let today = market::today(call.now);
    let last = company.last_reported(today);
    let rows: Value = (0..limit)
        .map(|back| Report::of(company, last.back(back), today))
        .map(|report| {
            json!({
                "symbol": company.symbol,
                "period": report.quarter.end().to_string(),
                "year": report.quarter.year(),
                "quarter": report.quarter.number(),
                "actual": fixed(report.actual, 2),
                "estimate": fixed(report.estimate, 2),
                "surprise": fixed(report.actual - report.estimate, 2),
                "surprisePercent": report.surprise(),
            })
        })
        .collect();
    Answer::ok(&json!({ "earningSurprises": rows }))
}
