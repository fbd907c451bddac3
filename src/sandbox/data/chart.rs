//! `GET /v1/chart/history`, a call of TradingView's UDF.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::dollars;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::calendar;
use crate::sandbox::{Answer, Call, Reply, World};

/// Minute bars reach back only as far as makes this many.
const MOST_BARS: i64 = 20_000;

const RESOLUTIONS: &[&str] = &[
    "1", "3", "5", "15", "30", "45", "60", "120", "180", "240", "D", "W", "M", "1D", "1W", "1M", "3M", "6M",
    "12M",
];

/// `GET /v1/chart/history`: 400 for what is malformed; an unknown symbol and a window without bars stand in `s` and
/// `errmsg`.
pub(crate) fn history(world: &mut World, call: &Call) -> Reply {
    let symbol = call.required("symbol")?;
    let span = span(call.required("resolution")?).ok_or_else(|| Answer::bad_request("unknown resolution"))?;
    let (from, to) = (second(call, "from")?, second(call, "to")?);
    if from < 1 || to <= from {
        return Err(Answer::bad_request("from must be at least 1 and to must be greater"));
    }
    let market = world.market();
    if market.cents_at(symbol, call.now.as_second()).is_none() {
        return Answer::ok(&json!({ "s": "error", "errmsg": "unknown_symbol" }));
    }
    let now = call.now.as_second();
    // The future has no bars; looking there means looking at now.
    let (from, to) = (from.min(now), to.min(now));
    // A day bar is stamped with midnight UTC, which is the evening before in New York.
    let days = (calendar::new_york_date(earliest(span, (from, to))), calendar::new_york_date(to));
    let extended = call.query("includeExtended") == Some("true");
    let found = market.bars(symbol, span, days, extended, now);
    let found: Vec<Bar> = found.filter(|bar| (from..=to).contains(&stamp(bar, span))).collect();
    if found.is_empty() {
        let before = calendar::trading_day_before(calendar::new_york_date(from));
        return Answer::ok(
            &json!({ "s": "no_data", "errmsg": "no bars in this window", "nextTime": midnight_utc(before) }),
        );
    }
    let column = |value: fn(&Bar) -> i64| found.iter().map(|bar| dollars(value(bar))).collect::<Value>();
    Answer::ok(&json!({
        "s": "ok",
        "t": found.iter().map(|bar| stamp(bar, span)).collect::<Vec<_>>(),
        "o": column(|bar| bar.open),
        "h": column(|bar| bar.high),
        "l": column(|bar| bar.low),
        "c": column(|bar| bar.close),
        "v": found.iter().map(|bar| bar.volume).collect::<Vec<_>>(),
    }))
}

/// Where to begin within `from..=to`: not before the most bars are reached.
pub(crate) fn earliest(span: Span, (from, to): (i64, i64)) -> i64 {
    match span {
        Span::Seconds(length) => {
            from.max(to - MOST_BARS * length / calendar::SESSION_SECONDS * 7 / 5 * 86_400)
        }
        _ => from,
    }
}

/// UDF stamps daily and longer bars with midnight UTC of their first day.
pub(crate) fn stamp(bar: &Bar, span: Span) -> i64 {
    match span {
        Span::Seconds(_) => bar.start,
        _ => midnight_utc(bar.day),
    }
}

fn midnight_utc(day: Date) -> i64 {
    day.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// The length of a bar by its documented name.
pub(crate) fn span(resolution: &str) -> Option<Span> {
    // `1m` is one month like `1M`: one page version lists lower case too, and one minute is plain `1`.
    let resolution = resolution.to_uppercase();
    let name = RESOLUTIONS.iter().find(|name| **name == resolution)?;
    Some(match *name {
        "D" | "1D" => Span::Days(1),
        "W" | "1W" => Span::Weeks(1),
        "M" | "1M" => Span::Months(1),
        "3M" => Span::Months(3),
        "6M" => Span::Months(6),
        "12M" => Span::Months(12),
        minutes => Span::Seconds(60 * minutes.parse::<i64>().ok()?),
    })
}

/// Unix seconds; milliseconds are converted, as documented.
pub(super) fn second(call: &Call, name: &str) -> Result<i64, Answer> {
    let text = call.required(name)?;
    let value: i64 = text.parse().map_err(|_| Answer::bad_request(format!("{name} must be a Unix time")))?;
    Ok(if value > 100_000_000_000 { value / 1000 } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_a_minute_and_one_m_a_month() {
        assert_eq!(span("1"), Some(Span::Seconds(60)));
        assert_eq!(span("1M"), Some(Span::Months(1)));
        assert_eq!(span("1m"), Some(Span::Months(1)));
        assert_eq!(span("7"), None);
    }
}
