//! The economy: the calendar of one day, the history of a series, treasury yields
//! (options-analytics-calendars.md 7 and 9; supplemental.md 10).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::{self, fixed, within};
use super::super::market::noise::uniform;
use super::super::market::{self, calendar};
use super::super::world::World;
use super::near;
use crate::exchange;

/// How often a series is published.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    Weekly(Weekday),
    /// On the first trading day at or after this day of the month.
    Monthly(i8),
}

/// One series: its code, names, value in tenths, unit, importance and rhythm.
struct Series {
    code: &'static str,
    category: &'static str,
    event: &'static str,
    source: &'static str,
    tenths: i64,
    unit: &'static str,
    importance: i64,
    time: &'static str,
    rhythm: Rhythm,
}

#[expect(clippy::too_many_arguments, reason = "one row of the table below, in the order of its columns")]
const fn row(
    code: &'static str,
    category: &'static str,
    event: &'static str,
    source: &'static str,
    tenths: i64,
    unit: &'static str,
    importance: i64,
    time: &'static str,
    rhythm: Rhythm,
) -> Series {
    Series { code, category, event, source, tenths, unit, importance, time, rhythm }
}

use Rhythm::{Monthly, Weekly};

const LABOR: &str = "U.S. Department of Labor";
const STATISTICS: &str = "U.S. Bureau of Labor Statistics";
const RESERVE: &str = "Federal Reserve";

#[rustfmt::skip]
const SERIES: &[Series] = &[
    row("UNITEDSTACONJOBCLA", "Continuing Jobless Claims", "Continuing Jobless Claims", LABOR, 18_330, "K", 1, "13:30:00", Weekly(Weekday::Thursday)),
    row("IJCUSA", "Initial Jobless Claims", "Initial Jobless Claims", LABOR, 2_240, "K", 2, "13:30:00", Weekly(Weekday::Thursday)),
    row("UNITEDSTACRUOILSTOC", "Crude Oil Stocks Change", "EIA Crude Oil Stocks Change", "U.S. Energy Information Administration", 32, "M", 2, "15:30:00", Weekly(Weekday::Wednesday)),
    row("UNITEDSTAMORRAT", "Mortgage Rate", "MBA 30-Year Mortgage Rate", "Mortgage Bankers Association", 63, "%", 1, "12:00:00", Weekly(Weekday::Wednesday)),
    row("USURTOT", "Unemployment Rate", "Unemployment Rate", STATISTICS, 43, "%", 3, "13:30:00", Monthly(4)),
    row("NFPTCH", "Non Farm Payrolls", "Non Farm Payrolls", STATISTICS, 1_190, "K", 3, "13:30:00", Monthly(4)),
    row("USACPIYOY", "Inflation Rate", "Inflation Rate YoY", STATISTICS, 29, "%", 3, "13:30:00", Monthly(12)),
    row("USARETAILSALES", "Retail Sales MoM", "Retail Sales MoM", "U.S. Census Bureau", 4, "%", 3, "13:30:00", Monthly(15)),
    row("UNITEDSTACONCRE", "Consumer Credit", "Consumer Credit Change", RESERVE, 131, "B", 1, "20:00:00", Monthly(7)),
    row("UNITEDSTAHOUSTA", "Housing Starts", "Housing Starts", "U.S. Census Bureau", 13_700, "K", 2, "13:30:00", Monthly(18)),
    row("USABUSINESSPMI", "Business Confidence", "ISM Manufacturing PMI", "Institute for Supply Management", 487, "points", 3, "15:00:00", Monthly(1)),
];

impl Series {
    /// Whether it is published on a day.
    fn due(&self, day: Date) -> bool {
        match self.rhythm {
            Weekly(weekday) => day.weekday() == weekday,
            Monthly(number) => {
                let mut due = day.first_of_month().saturating_add(i64::from(number - 1).days());
                while !exchange::is_trading_day(due) {
                    due = calendar::plus_days(due, 1);
                }
                due == day
            }
        }
    }

    /// A name for the period that a publication is about; the one before is one less.
    fn period(&self, day: Date) -> i64 {
        match self.rhythm {
            Weekly(_) => calendar::midnight(day) / (7 * 86_400),
            Monthly(_) => i64::from(day.year()) * 12 + i64::from(day.month()),
        }
    }

    /// The last day of that period.
    fn reference(&self, day: Date) -> Date {
        match self.rhythm {
            Weekly(_) => calendar::plus_days(day, -5),
            Monthly(_) => calendar::plus_days(day.first_of_month(), -1),
        }
    }

    fn value(&self, period: i64) -> i64 {
        near(self.tenths, 5, self.code, "value", period)
    }

    /// Tenths as text with the unit behind it: `1833K`, `4.3%`.
    fn text(&self, tenths: i64) -> String {
        let unit = if self.unit == "points" { "" } else { self.unit };
        match self.unit {
            "K" => format!("{}{unit}", tenths / 10),
            _ => format!("{}.{}{unit}", tenths / 10, tenths.abs() % 10),
        }
    }
}

/// `GET /v1/calendars/economics`: the events of one day. Weekends have none.
pub(crate) fn economics(_: &mut World, call: &Call) -> Reply {
    let day = rows::required_date(call, "date")?;
    let out = day < market::today(call.now);
    let mut due: Vec<&Series> = SERIES.iter().filter(|series| series.due(day)).collect();
    due.sort_by_key(|series| series.time);
    let events: Value = due.into_iter().map(|series| event(series, day, out)).collect();
    let mut important: Vec<Date> = (-15..=15)
        .map(|days| calendar::plus_days(day, days))
        .filter(|day| SERIES.iter().any(|series| series.importance == 3 && series.due(*day)))
        .collect();
    important.dedup();
    Answer::ok(&json!({
        "events": events,
        "importantDates": important.iter().map(Date::to_string).collect::<Vec<_>>(),
    }))
}

fn event(series: &Series, day: Date, out: bool) -> Value {
    let period = series.period(day);
    let (value, reference) = (series.value(period), series.reference(day));
    let forecast = near(value, 4, series.code, "forecast", period);
    let mut row = json!({
        "calendarID": format!("te_{}", 390_000 + period * 7 % 9_000 + uniform(series.code, "id", 0)),
        "date": day.to_string(),
        "time": series.time,
        "country": "United States",
        "category": series.category,
        "event": series.event,
        "importance": series.importance,
        "reference": reference.strftime("%b/%d").to_string(),
        "referenceDate": format!("{reference}T00:00:00"),
        "previous": series.text(series.value(period - 1)),
        "forecast": series.text(forecast),
        "teForecast": series.text(near(value, 5, series.code, "own forecast", period)),
        "unit": series.unit,
        "source": series.source,
        "sourceUrl": "https://www.example.com/statistics",
        "ticker": series.code,
        "symbol": series.code,
        "lastUpdate": format!("{day}T{}", series.time),
    });
    if let (true, Value::Object(fields)) = (out, &mut row) {
        fields.insert("actual".into(), json!(series.text(value)));
    }
    row
}

/// `GET /v1/calendars/historical/{symbol}`: five years of one series, oldest first.
pub(crate) fn historical(_: &mut World, call: &Call) -> Reply {
    let code = call.param("symbol");
    let series = SERIES.iter().find(|series| series.code.eq_ignore_ascii_case(code));
    let series = series.ok_or_else(|| Answer::not_found(format!("no such economic series: {code}")))?;
    let today = market::today(call.now);
    let days = (1..5 * 365).rev().map(|ago| calendar::plus_days(today, -ago));
    let rows = days.filter(|day| series.due(*day)).map(|day| {
        json!({
            "country": "United States",
            "category": series.category,
            "dateTime": format!("{}T00:00:00", series.reference(day)),
            "frequency": if matches!(series.rhythm, Weekly(_)) { "Weekly" } else { "Monthly" },
            "historicalDataSymbol": series.code,
            "lastUpdate": format!("{day}T{}", series.time),
            "value": fixed(series.value(series.period(day)), 1),
        })
    });
    Answer::ok(&rows.collect())
}

/// `GET /v1/economy/treasury-yields`: a row per trading day, in percent; three years of them.
pub(crate) fn treasury_yields(_: &mut World, call: &Call) -> Reply {
    let today = market::today(call.now);
    let mut found = Vec::new();
    for day in (1..3 * 365).map(|ago| calendar::plus_days(today, -ago)) {
        let wanted = within(call, "date", &day)? && rows::named(call, "dates", &day.to_string());
        if wanted && exchange::is_trading_day(day) {
            found.push(day);
        }
    }
    if rows::choice(call, "sort", &["date.desc", "date.asc", "desc", "asc"])?.ends_with("asc") {
        found.reverse();
    }
    rows::page(call, &found, 100..=50_000, |day| {
        let week = calendar::midnight(*day) / (7 * 86_400);
        let of = |name: &str, around: i64| {
            let slow = near(around, 6, name, "week", week);
            fixed(near(slow, 2, name, "day", calendar::midnight(*day)), 2)
        };
        Some(json!({
            "date": day.to_string(),
            "yield1Month": of("1m", 402),
            "yield3Month": of("3m", 391),
            "yield1Year": of("1y", 368),
            "yield2Year": of("2y", 358),
            "yield5Year": of("5y", 369),
            "yield10Year": of("10y", 408),
            "yield30Year": of("30y", 467),
        }))
    })
}
