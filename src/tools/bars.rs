//! `get_bars`: open, high, low, close and volume of one symbol.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::Table;
use super::format::{count, now, plain, quantity};
use super::layout::{MOST_CHARACTERS, USUAL_CHARACTERS};
use super::{Answer, Call, READS, Tool, Work, schema, typed};
use crate::aries::absence::is_absence;
use crate::aries::endpoints::{self, HISTORY};
use crate::aries::symbols::Symbol;
use crate::aries::time::{self, Toward};
use crate::aries::{Json, Reply};
use crate::config::Toolset;
use crate::error::{Error, Result};

const USUAL_LIMIT: usize = 100;

pub(super) static GET_BARS: Tool = Tool {
    name: "get_bars",
    title: "Get price bars",
    description: "Price history of one stock, option contract, index or future as bars: open, high, low, close, volume. Without from/to: \
                  the newest bars up to `limit`. Bars shorter than a day carry New York times, others the date.",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"symbol":"AAPL","interval":"1d","from":"2026-10-01"}"#,
    work: Work::Code {
        input: schema::input::<GetBars>,
        endpoints: &[(&endpoints::HISTORY, r#"{"symbol":"AAPL","interval":"1d"}"#)],
        run: |call, args| Box::pin(get_bars(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetBars {
    /// Ticker, OSI option symbol, index or future
    #[schemars(length(max = 40))]
    symbol: String,
    /// Length of a bar; 1mo is a month, 1m a minute
    interval: Interval,
    /// First day (2026-11-01) or moment
    from: Option<String>,
    /// Last day or moment; now if left out
    to: Option<String>,
    /// Also pre-market and after-hours
    extended: Option<bool>,
    /// Most bars, the newest; 100 if left out
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u32>,
}

/// The words of `INTERVALS` in `aries::endpoints`.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[schemars(inline)]
enum Interval {
    #[serde(rename = "1m")]
    OneMinute,
    #[serde(rename = "5m")]
    FiveMinutes,
    #[serde(rename = "15m")]
    FifteenMinutes,
    #[serde(rename = "30m")]
    ThirtyMinutes,
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "1d")]
    Day,
    #[serde(rename = "1w")]
    Week,
    #[serde(rename = "1mo")]
    Month,
}

impl Interval {
    fn is_intraday(self) -> bool {
        !matches!(self, Interval::Day | Interval::Week | Interval::Month)
    }

    /// Where a date begins: bars of a day and longer are stamped at midnight UTC of their date, or during its
    /// session; the UTC day holds both, and no other date's.
    fn zone(self) -> TimeZone {
        if self.is_intraday() { time::zone() } else { TimeZone::UTC }
    }

    /// Calendar days that surely hold so many bars, nights, weekends and holidays counted in.
    fn days_for(self, bars: usize) -> i64 {
        let bars = i64::try_from(bars).unwrap_or(i64::MAX / 100);
        // A trading session has 390 minutes.
        let sessions = match self {
            Interval::OneMinute => bars / 390,
            Interval::FiveMinutes => bars / 78,
            Interval::FifteenMinutes => bars / 26,
            Interval::ThirtyMinutes => bars / 13,
            Interval::Hour => bars / 6,
            Interval::Day => bars,
            Interval::Week => return bars * 7 + 7,
            Interval::Month => return bars * 31 + 31,
        };
        sessions * 3 / 2 + 5
    }
}

async fn get_bars(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetBars = typed(args)?;
    let symbol = Symbol::parse(&args.symbol)?;
    let limit = args.limit.map_or(USUAL_LIMIT, |limit| limit as usize);
    let (from, to) = range(&args, limit)?;
    let interval = json!(args.interval);
    let word = interval.as_str().expect("an interval is a word").to_owned();
    let query = [
        ("symbol", json!(symbol.to_string())),
        ("interval", interval),
        ("from", json!(from.to_string())),
        ("to", json!(to.to_string())),
        ("extended", json!(args.extended.filter(|wanted| *wanted))),
    ];
    let reply = call.read(&HISTORY, query).await?;
    let head = format!("{} · {symbol} · {word} bars", call.market());
    let Some(json) = bars(&reply)? else {
        return Ok(Answer::new(head).line(format!(
            "no bars from {} to {}; the market may have been closed, or the symbol may be wrong{}",
            time::rfc3339(from),
            time::rfc3339(to),
            reply.remark_on_absence()
        )));
    };
    // Futures alone may cost less than nothing.
    let least = if matches!(symbol, Symbol::Future(_)) { Decimal::MIN } else { Decimal::ZERO };
    let room = if args.limit.is_some() { MOST_CHARACTERS } else { USUAL_CHARACTERS };
    Ok(show(&head, json, args.interval, (limit, room), least))
}

/// The columns of the bars; `None` if Aries says that there are none.
fn bars(reply: &Reply) -> Result<Option<Json<'_>>> {
    let whole = reply.json()?;
    if is_absence(whole) {
        return Ok(None);
    }
    let json = reply.object(whole, "", &["t,s,errmsg"])?.rows;
    let is_empty = json.get("t").is_some_and(|times| times.items().is_empty());
    if is_empty || json.text_at("s").as_deref() == Some("no_data") {
        return Ok(None);
    }
    reply.object(json, "", &["t", "o", "h", "l", "c"])?;
    Ok(Some(json))
}

fn range(args: &GetBars, limit: usize) -> Result<(Timestamp, Timestamp)> {
    let zone = args.interval.zone();
    let now = time::now().timestamp();
    // A week or a month that `from` names ends where it ends.
    let named = args.from.as_deref().filter(|from| time::names_several_days(from, Toward::Past));
    let to = args.to.as_deref().or(named).map(|to| time::last_moment(to, &zone, Toward::Past)).transpose();
    let to = to
        .map_err(|error| error.of_argument("to"))?
        .map_or(now, |to| if named.is_some() { to.min(now) } else { to });
    let from = args.from.as_deref().map(|from| time::first_moment(from, &zone, Toward::Past)).transpose();
    let back = args.interval.days_for(limit).days();
    let default = to.to_zoned(time::zone()).saturating_sub(back).timestamp();
    let from = from.map_err(|error| error.of_argument("from"))?.unwrap_or(default);
    if from >= to {
        return Err(Error::usage("`from` is not before `to`", "give an earlier `from` or a later `to`"));
    }
    Ok((from, to))
}

/// At most so many bars in so many characters, the newest.
fn show(
    head: &str,
    json: Json<'_>,
    interval: Interval,
    (limit, room): (usize, usize),
    least: Decimal,
) -> Answer {
    let column = |name: &str| json.get(name).map(Json::items).unwrap_or_default();
    let times = column("t");
    let skipped = times.len().saturating_sub(limit);
    let [open, high, low, close, volume] = ["o", "h", "l", "c", "v"].map(column);
    let row = |index: usize| {
        let figure = |list: &[Json<'_>]| list.get(index).and_then(|json| json.decimal());
        let [open, high, low, close] =
            [&open, &high, &low, &close].map(|list| figure(list).filter(|price| *price >= least).map(plain));
        let time = times.get(index).and_then(|stamp| when(stamp.integer()?, interval));
        [time, open, high, low, close, figure(&volume).map(quantity)]
    };
    let heads = || Table::new(["time", "open", "high", "low", "close", "volume"], "");
    // Where there is no room for all of them, the oldest are left out.
    let (mut fitting, mut left) = (heads(), room);
    let fits = |index: &usize| fitting.row_within(row(*index), &mut left);
    let skipped = (skipped..times.len()).rev().take_while(fits).last().unwrap_or(times.len());
    let mut table = heads();
    (skipped..times.len()).for_each(|index| table.row(row(index)));
    let shown = count(table.len(), "bar");
    // How many there are in all is not known: only some were fetched.
    let first = if skipped > 0 { ", the newest" } else { "" };
    let zone = if interval.is_intraday() { ", times New York" } else { "" };
    let mut answer =
        Answer::new(format!("{head} · {shown}{first} · asked {} · USD{zone}", now())).table(table);
    if skipped > 0 {
        let before = times.get(skipped).and_then(|stamp| before(stamp.integer()?, interval));
        let to = before.map(|to| format!(" \"{to}\"")).unwrap_or_default();
        answer = answer.line(format!("older bars: the same call with `to`{to}"));
    }
    answer
}

/// The last day or moment before a bar, as `to` takes it.
fn before(stamp: i64, interval: Interval) -> Option<String> {
    if !interval.is_intraday() {
        return Some(time::bar_day(stamp)?.yesterday().ok()?.to_string());
    }
    Some(time::rfc3339(time::from_unix(stamp)?.saturating_sub(1.second()).ok()?))
}

/// A bar's start: the date of bars of a day and longer, else New York's clock.
fn when(stamp: i64, interval: Interval) -> Option<String> {
    if !interval.is_intraday() {
        return time::bar_day(stamp).map(|day| day.to_string());
    }
    Some(time::from_unix(stamp)?.to_zoned(time::zone()).strftime("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::endpoints::INTERVALS;

    #[test]
    fn the_words_are_those_of_the_row() {
        let schema = schema::input::<GetBars>();
        let words: Vec<&str> = INTERVALS.iter().map(|(ours, _)| *ours).collect();
        assert_eq!(schema["properties"]["interval"]["enum"], json!(words));
    }

    #[test]
    fn a_daily_bar_keeps_its_date_in_both_writings() {
        // Midnight UTC and the opening bell of the same Friday.
        assert_eq!(when(1_763_683_200, Interval::Day).as_deref(), Some("2025-11-21"));
        assert_eq!(when(1_763_735_400, Interval::Day).as_deref(), Some("2025-11-21"));
        assert_eq!(when(1_763_735_400, Interval::OneMinute).as_deref(), Some("2025-11-21 09:30"));
    }

    #[test]
    fn the_next_call_ends_right_before_the_oldest_bar() {
        assert_eq!(before(1_763_683_200, Interval::Day).as_deref(), Some("2025-11-20"));
        assert_eq!(before(1_763_735_400, Interval::OneMinute).as_deref(), Some("2025-11-21T09:29:59-05:00"));
    }

    #[test]
    fn a_month_that_is_named_ends_where_it_ends() {
        let args = typed(serde_json::from_str(r#"{"symbol":"A","interval":"1d","from":"2026-02"}"#).unwrap());
        let (from, to) = range(&args.unwrap(), 100).unwrap();
        assert_eq!([from, to].map(time::rfc3339), ["2026-01-31T19:00:00-05:00", "2026-02-28T18:59:59-05:00"]);
    }

    #[test]
    fn the_default_range_holds_enough_bars() {
        assert!(Interval::OneMinute.days_for(500) >= 5);
        assert!(Interval::Day.days_for(100) * 5 / 7 > 100);
    }
}
