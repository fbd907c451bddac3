//! Bars of one index. Times are texts in New York's clock; volume is 0, as in every sample.

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::{chart, dollars, indices};
use crate::exchange;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::calendar;
use crate::sandbox::market::instruments::{self, Instrument, Kind};
use crate::sandbox::{Answer, Call, Reply, World};

const DAY: i64 = 86_400;
/// The words for minutes and hours.
const PRECISION: [&str; 2] = ["Minutes", "Hours"];

/// `GET /v1/indices/bar`: the last bar that has begun before `endTime`.
pub(crate) fn bar(world: &mut World, call: &Call) -> Reply {
    let index = index(call)?;
    let end = moment(call, "endTime")?;
    let span = span(call, PRECISION)?;
    let found = within(world, index, span, (end - 10 * DAY, end - 1), call.now.as_second());
    let bar = found.last().ok_or_else(|| Answer::not_found("no bar before endTime"))?;
    let mut row = row(bar, span);
    let offset = calendar::instant(bar.start).to_zoned(exchange::zone()).offset();
    row.insert("utcOffset".into(), json!(offset.seconds() / 3600));
    Answer::ok(&json!({ "index": indices::header(index), "bar": row }))
}

/// `GET /v1/indices/bars`.
pub(crate) fn bars(world: &mut World, call: &Call) -> Reply {
    let (index, span, window) = several(call, PRECISION)?;
    let found = within(world, index, span, window, call.now.as_second());
    Answer::ok(&json!({ "bars": found.iter().map(|bar| row(bar, span)).collect::<Vec<_>>() }))
}

/// `GET /v1/indices/chart-bars`: the same with averages.
pub(crate) fn chart_bars(world: &mut World, call: &Call) -> Reply {
    let (index, span, window) = several(call, ["Minute", "Hour"])?;
    let found = within(world, index, span, window, call.now.as_second());
    let chart_bar = |bar: &Bar| {
        let mut row = row(bar, span);
        let average = dollars((bar.open + bar.high + bar.low + bar.close) / 4);
        let more = [
            ("trades", json!(0)),
            ("twap", average.clone()),
            ("vwap", average),
            ("currency", json!("USD")),
            ("session", json!("Regular")),
            ("adjustmentRatio", json!(1)),
        ];
        row.extend(more.map(|(name, value)| (name.to_owned(), value)));
        row
    };
    let mut body = indices::header(index);
    body.insert("timing".into(), json!("RealTime"));
    body.insert("chartBars".into(), json!(found.iter().map(chart_bar).collect::<Vec<_>>()));
    Answer::ok(&Value::Object(body))
}

fn several(call: &Call, words: [&str; 2]) -> Result<(&'static Instrument, Span, (i64, i64)), Answer> {
    let index = index(call)?;
    let window = (moment(call, "startTime")?, moment(call, "endTime")?);
    if window.1 < window.0 {
        return Err(Answer::bad_request("endTime must not be before startTime"));
    }
    Ok((index, span(call, words)?, window))
}

fn index(call: &Call) -> Result<&'static Instrument, Answer> {
    let identifier = call.required("identifier")?;
    if call.query("identifierType").is_some_and(|kind| kind != "Symbol") {
        return Err(Answer::bad_request("the sandbox knows indices by Symbol only"));
    }
    let found = instruments::find(identifier).filter(|found| found.kind == Kind::Index);
    found.ok_or_else(|| Answer::not_found(format!("no such index: {identifier}")))
}

fn span(call: &Call, [minutes, hours]: [&str; 2]) -> Result<Span, Answer> {
    let period = call.number("period", 1, 1..=10_000)?;
    match call.query("precision") {
        None => Ok(Span::Seconds(60 * period)),
        Some(word) if word == minutes => Ok(Span::Seconds(60 * period)),
        Some(word) if word == hours => Ok(Span::Seconds(3600 * period)),
        Some(_) => Err(Answer::bad_request(format!("precision must be {minutes} or {hours}"))),
    }
}

/// `MM/DD/YYYY hh:mm am`, or the date alone for its midnight.
fn moment(call: &Call, name: &str) -> Result<i64, Answer> {
    let text = call.required(name)?;
    let midnight = format!("{text} 12:00 AM");
    let read = |text: &str| DateTime::strptime("%m/%d/%Y %I:%M %p", text);
    let read = read(text).or_else(|_| read(&midnight)).ok();
    let zoned = read.and_then(|local: DateTime| local.to_zoned(exchange::zone()).ok());
    let wrong = || Answer::bad_request(format!("{name} must be MM/DD/YYYY hh:mm am/pm"));
    zoned.map(|zoned| zoned.timestamp().as_second()).ok_or_else(wrong)
}

fn within(world: &mut World, index: &Instrument, span: Span, window: (i64, i64), now: i64) -> Vec<Bar> {
    let window = (window.0, window.1.min(now));
    let from = chart::earliest(span, window);
    let days = (calendar::new_york_date(from), calendar::new_york_date(window.1));
    let found = world.market().bars(index.symbol, span, days, false, now);
    found.filter(|bar| (from..=window.1).contains(&bar.start)).collect()
}

fn row(bar: &Bar, span: Span) -> Map<String, Value> {
    let (start, end) = match span {
        Span::Seconds(length) => (bar.start, bar.start + length),
        _ => calendar::session(bar.day, false),
    };
    let text = |second: i64, form: &str| {
        let local = calendar::instant(second).to_zoned(exchange::zone());
        json!(local.strftime(form).to_string().to_lowercase())
    };
    let members = [
        ("startDate", text(start, "%m/%d/%Y")),
        ("startTime", text(start, "%I:%M %p")),
        ("endDate", text(end, "%m/%d/%Y")),
        ("endTime", text(end, "%I:%M %p")),
        ("open", dollars(bar.open)),
        ("high", dollars(bar.high)),
        ("low", dollars(bar.low)),
        ("close", dollars(bar.close)),
        ("volume", json!(0)),
    ];
    members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
