//! `/v1/analytics/…`: ratings, insights, market breadth (options-analytics-calendars.md 5 and 6).

use std::cmp::Reverse;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Reply, money, number};
use super::super::call::Call;
use super::super::data::rows::{self, fixed};
use super::super::market::instruments::INSTRUMENTS;
use super::super::market::noise::uniform;
use super::super::market::{self, calendar};
use super::super::world::World;
use super::companies::{COMPANIES, Company};
use super::{near, pick};

/// Ratings per company; about one every two weeks.
const PER_COMPANY: i64 = 12;
pub(super) const FIRMS: &[&str] = &[
    "Northgate Securities",
    "Harbor & Pine",
    "Meridian Research",
    "Castellan Capital",
    "Blue Ridge Partners",
    "Old Mill Equity",
];
const ANALYSTS: &[&str] =
    &["Dana Whitfield", "Tomás Ibarra", "Priya Raman", "Erik Sundqvist", "Mei-Ling Zhao", "Conor O'Neill"];
pub(super) const GRADES: &[&str] = &["Buy", "Outperform", "Neutral", "Overweight", "Hold", "Underperform"];

/// One analyst's opinion on one company.
pub(super) struct Opinion {
    pub(super) company: &'static Company,
    pub(super) at: i64,
    pub(super) day: Date,
    pub(super) firm: &'static str,
    pub(super) now: &'static str,
    /// None: the firm begins to look at the company.
    pub(super) before: Option<&'static str>,
}

/// What analysts said of a company, newest first.
pub(super) fn opinions(company: &'static Company, today: Date) -> impl Iterator<Item = Opinion> {
    (0..PER_COMPANY).map(move |at| {
        let symbol = company.symbol;
        let days = at * 14 + uniform(symbol, "rated", at) * 13 / 1000;
        let first = uniform(symbol, "first", at) < 150;
        Opinion {
            company,
            at,
            day: calendar::plus_days(today, -days),
            firm: pick(FIRMS, symbol, "firm", at),
            now: pick(GRADES, symbol, "grade", at),
            before: (!first).then(|| pick(GRADES, symbol, "grade", at + 1)),
        }
    })
}

impl Opinion {
    /// The word for what happened to the grade; lower in the list is worse.
    pub(super) fn action(&self) -> &'static str {
        let rank = |grade: &str| GRADES.iter().position(|one| *one == grade);
        match self.before {
            None => "Initiates Coverage On",
            Some(before) if before == self.now => "Maintains",
            Some(before) if rank(self.now) < rank(before) => "Upgrades",
            Some(_) => "Downgrades",
        }
    }

    fn target(&self, which: &str) -> Decimal {
        market::decimal(
            near(self.company.cents() * 11 / 10, 20, self.company.symbol, which, self.at) / 100 * 100,
        )
    }

    fn id(&self) -> String {
        let number = uniform(self.company.symbol, "id", self.at) * 1000 + self.at;
        format!("{}{number:06}", self.company.cik.trim_start_matches('0'))
    }

    fn importance(&self) -> i64 {
        uniform(self.company.symbol, "importance", self.at) * 6 / 1000
    }

    fn analyst(&self) -> &'static str {
        pick(ANALYSTS, self.firm, "analyst", uniform(self.company.symbol, "analyst", self.at) % 2)
    }
}

/// `GET /v1/analytics/ratings`. Pages count from 0, as the newer page says.
pub(crate) fn ratings(_: &mut World, call: &Call) -> Reply {
    let days = match rows::date(call, "date")? {
        Some(day) => day..=day,
        None => rows::days(call, "dateFrom", "dateTo")?,
    };
    let least = call.number("importance", 0, 0..=5)?;
    let size = rows::count(call, "pageSize", 50..=1000)?;
    let page = usize::try_from(call.number("page", 0, 0..=100_000)?).unwrap_or_default();
    let companies = COMPANIES.iter().filter(|company| rows::named(call, "tickers", company.symbol));
    let mut found: Vec<Opinion> = companies
        .flat_map(|company| opinions(company, market::today(call.now)))
        .filter(|one| days.contains(&one.day) && one.importance() >= least)
        .filter(|one| rows::named(call, "action", one.action()))
        .collect();
    found.sort_by_key(|one| Reverse(one.day));
    let rows: Value = found.iter().skip(page * size).take(size).map(rating).collect();
    Answer::ok(&json!({ "ratings": rows }))
}

/// What is empty is left out, as documented; targets are strings, as in the feed this resembles.
fn rating(one: &Opinion) -> Value {
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("id", json!(one.id()));
    put("date", json!(one.day.to_string()));
    put("time", json!(format!("{:02}:{:02}:00", 7 + one.at % 8, one.at * 7 % 60)));
    put("ticker", json!(one.company.symbol));
    put("name", json!(one.company.name()));
    put("exchange", json!(exchange(one.company)));
    put("currency", json!("USD"));
    put("analyst", json!(one.firm));
    put("analyst_name", json!(one.analyst()));
    put("analyst_id", json!(format!("a{:05}", uniform(one.analyst(), "id", 0))));
    put("action_company", json!(one.action()));
    put("rating_current", json!(one.now));
    put("pt_current", json!(money(one.target("target"))));
    put("pt_current_adjusted", json!(money(one.target("target"))));
    match one.before {
        None => put("action_pt", json!("Announces")),
        Some(before) => {
            put("rating_prior", json!(before));
            put("pt_prior", json!(money(one.target("prior"))));
            put("pt_prior_adjusted", json!(money(one.target("prior"))));
            let raised = one.target("target") >= one.target("prior");
            put("action_pt", json!(if raised { "Raises" } else { "Lowers" }))
        }
    };
    put("importance", json!(one.importance()));
    put("ratings_accuracy", accuracy(one.analyst()));
    put("updated", json!(calendar::midnight(one.day) + 43_200));
    Value::Object(row)
}

fn accuracy(analyst: &str) -> Value {
    let mut fields = Map::new();
    let of = |purpose: &str| uniform(analyst, purpose, 0);
    fields.insert("smart_score".into(), fixed(400 + of("score") / 2, 1));
    fields.insert("success_rate".into(), fixed(450 + of("success") / 3, 1));
    fields.insert("total_ratings".into(), json!(40 + of("total")));
    for span in ["1m", "3m", "9m", "1y", "2y", "3y"] {
        fields.insert(format!("gain_count_{span}"), json!(20 + of(span) / 20));
        fields.insert(format!("loss_count_{span}"), json!(10 + of(span) / 30));
        fields.insert(format!("avg_return_{span}"), fixed(of(span) / 4 - 60, 1));
        fields.insert(format!("std_dev_return_{span}"), fixed(80 + of(span) / 5, 1));
    }
    Value::Object(fields)
}

fn exchange(company: &Company) -> &'static str {
    match company.instrument().map_or("", |found| found.venue) {
        "XNAS" => "NASDAQ",
        _ => "NYSE",
    }
}

/// `GET /v1/analytics/insights`: only the path is documented; this shape is a guess after look-alikes.
pub(crate) fn insights(_: &mut World, call: &Call) -> Reply {
    let companies = COMPANIES.iter().filter(|company| rows::named(call, "tickers", company.symbol));
    let found = companies.flat_map(|company| opinions(company, market::today(call.now)).take(2));
    let rows: Value = found.take(rows::count(call, "pageSize", 50..=1000)?).map(insight).collect();
    Answer::ok(&json!({ "insights": rows }))
}

fn insight(one: Opinion) -> Value {
    let (firm, name) = (one.firm, one.company.name());
    json!({
        "id": one.id(),
        "date": one.day.to_string(),
        "firm": firm,
        "action": one.action(),
        "rating": one.now,
        "pt": money(one.target("target")),
        "security": { "symbol": one.company.symbol, "name": name, "exchange": exchange(one.company) },
        "analyst_insights": format!(
            "{} of {firm} rates {name} {} and expects demand to hold through the next two quarters.",
            one.analyst(),
            one.now
        ),
        "updated": calendar::midnight(one.day) + 43_200,
    })
}

/// `GET /v1/analytics/market-breadth`: the listed stocks stand for the whole market, 240 for each.
pub(crate) fn breadth(world: &mut World, call: &Call) -> Reply {
    let market = world.market();
    let changes = INSTRUMENTS.iter().filter(|one| one.tradable()).filter_map(|one| {
        let quote = market.quote(one.symbol, call.now)?;
        Some(quote.last - quote.previous_close)
    });
    let (mut up, mut down, mut same) = (173, 168, 211);
    for change in changes {
        match () {
            () if change > Decimal::ZERO => up += 240,
            () if change < Decimal::ZERO => down += 240,
            () => same += 240,
        }
    }
    let all = up + down + same;
    let share = |count: i64| number((Decimal::from(count * 100) / Decimal::from(all)).round_dp(2));
    Answer::ok(&json!({
        "success": true,
        "data": {
            "advancers": up,
            "decliners": down,
            "unchanged": same,
            "totalSymbols": all,
            "advancersPercent": share(up),
            "declinersPercent": share(down),
            "advanceDeclineRatio": number((Decimal::from(up) / Decimal::from(down)).round_dp(2)),
            "timestamp": call.now,
        },
    }))
}
