//! What analysts expect of a company, and how they grade it (supplemental.md 5).

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::{self, fixed};
use super::super::market::noise::uniform;
use super::super::market::{self, calendar};
use super::super::world::World;
use super::analytics::opinions;
use super::companies::{COMPANIES, Company};
use super::quarters::{Figures, Quarter};
use super::{company, near};

/// `GET /v1/stock/eps-estimate`.
pub(crate) fn eps(_: &mut World, call: &Call) -> Reply {
    estimates(call, "eps", |company, of| (company.per_share(of.net), 2))
}

/// `GET /v1/stock/ebit-estimate`: in dollars.
pub(crate) fn ebit(_: &mut World, call: &Call) -> Reply {
    estimates(call, "ebit", |_, of| (of.operating * 1000, 0))
}

/// `GET /v1/stock/ebitda-estimate`: in dollars.
pub(crate) fn ebitda(_: &mut World, call: &Call) -> Reply {
    estimates(call, "ebitda", |_, of| ((of.operating + of.revenue / 20) * 1000, 0))
}

/// Four periods to come and four past ones, the latest first.
fn estimates(call: &Call, what: &str, value: impl Fn(&Company, Figures) -> (i64, u32)) -> Reply {
    let company = company(call)?;
    let freq = rows::choice(call, "freq", &["quarterly", "annual"])?;
    let today = market::today(call.now);
    let annual = freq == "annual";
    let step = if annual { 4 } else { 1 };
    let this = Quarter::of(today);
    let first = if annual { this.back(this.number() - 4) } else { this };
    let data = (-3..5).map(|count| first.back(count * step)).map(|last| {
        let figures = if annual { company.yearly(last, today) } else { company.figures(last, today) };
        let (around, places) = value(company, figures);
        let mean = near(around, 6, company.symbol, what, last.point());
        let spread = (mean / 12).abs().max(1);
        let mut row = Map::new();
        row.insert("period".into(), json!(last.end().to_string()));
        row.insert("year".into(), json!(last.year()));
        row.insert("quarter".into(), json!(if annual { 0 } else { last.number() }));
        row.insert(format!("{what}Avg"), fixed(mean, places));
        row.insert(format!("{what}High"), fixed(mean + spread, places));
        row.insert(format!("{what}Low"), fixed(mean - spread, places));
        row.insert("numberAnalysts".into(), json!(8 + uniform(company.symbol, "analysts", 0) / 40));
        Value::Object(row)
    });
    let data: Value = data.collect();
    let mut body = Map::new();
    body.insert(format!("{what}Estimates"), json!({ "symbol": company.symbol, "freq": freq, "data": data }));
    Answer::ok(&Value::Object(body))
}

/// `GET /v1/stock/price-target`.
pub(crate) fn price_target(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    let mean = near(company.cents() * 11 / 10, 10, company.symbol, "mean target", 0);
    let today = market::today(call.now);
    Answer::ok(&json!({
        "symbol": company.symbol,
        "lastUpdated": format!("{} 00:00:00", calendar::trading_day_before(today)),
        "targetHigh": fixed(mean * 13 / 10, 2),
        "targetLow": fixed(mean * 7 / 10, 2),
        "targetMean": fixed(mean, 2),
        "targetMedian": fixed(mean * 101 / 100, 2),
        "numberAnalysts": 12 + uniform(company.symbol, "ratings", 0) / 30,
    }))
}

/// `GET /v1/stock/upgrade-downgrade`: of one company or of all, newest first. Agrees with the ratings of analytics.
pub(crate) fn upgrade_downgrade(_: &mut World, call: &Call) -> Reply {
    let days = rows::days(call, "from", "to")?;
    let today = market::today(call.now);
    let companies = COMPANIES.iter().filter(|company| rows::named(call, "symbol", company.symbol));
    let mut found: Vec<_> = companies
        .flat_map(|company| opinions(company, today))
        .filter(|one| days.contains(&one.day))
        .collect();
    found.sort_by_key(|one| Reverse(one.day));
    let data: Value = found
        .iter()
        .map(|one| {
            let action = match one.action() {
                "Upgrades" => "up",
                "Downgrades" => "down",
                "Maintains" => "main",
                _ => "init",
            };
            json!({
                "symbol": one.company.symbol,
                "gradeTime": calendar::midnight(one.day) + 43_200,
                "company": one.firm,
                "fromGrade": one.before.unwrap_or_default(),
                "toGrade": one.now,
                "action": action,
            })
        })
        .collect();
    Answer::ok(&json!({ "data": data }))
}

/// `GET /v1/stock/earnings-quality-score`.
pub(crate) fn quality(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    call.required("freq")?;
    let freq = rows::choice(call, "freq", &["quarterly", "annual"])?;
    let last = company.last_reported(market::today(call.now));
    let (first, step) = if freq == "annual" { (last.number() % 4, 4) } else { (0, 1) };
    let data: Value = (0..8)
        .map(|count| last.back(first + count * step))
        .map(|quarter| {
            let of = |purpose: &str| 300 + uniform(company.symbol, purpose, quarter.point()) * 65 / 100;
            let parts = [of("growth"), of("profitability"), of("capital"), of("leverage")];
            let score = parts.iter().sum::<i64>() / 4;
            let letter = match score {
                800.. => "A",
                650..800 => "B+",
                500..650 => "B",
                _ => "C",
            };
            let [growth, profitability, capital, leverage] = parts;
            json!({
                "period": quarter.end().to_string(),
                "growth": fixed(growth, 1),
                "profitability": fixed(profitability, 1),
                "cashGenerationCapitalAllocation": fixed(capital, 1),
                "leverage": fixed(leverage, 1),
                "score": fixed(score, 1),
                "letterScore": letter,
            })
        })
        .collect();
    Answer::ok(&json!({ "symbol": company.symbol, "freq": freq, "data": data }))
}
