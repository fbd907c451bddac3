//! `GET /v1/stocks/aggs`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{chart, dollars};
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::calendar;
use crate::sandbox::market::instruments::{self, Instrument};
use crate::sandbox::{Answer, Call, Reply, World, paging};

/// `GET /v1/stocks/aggs`: bars, paged by `next`.
pub(crate) fn aggs(world: &mut World, call: &Call) -> Reply {
    let stock = stock(call)?;
    let span = span(call)?;
    let ((from, _), (_, to)) = (moment(call, "from")?, moment(call, "to")?);
    if to < from {
        return Err(Answer::bad_request("to must not be before from"));
    }
    let now = call.now.as_second();
    // Bars of seconds over ten years would take minutes to make.
    let from = chart::earliest(span, (from, to.min(now)));
    let days = (calendar::new_york_date(from), calendar::new_york_date(to));
    let bars = world.market().bars(stock.symbol, span, days, false, now);
    let mut bars: Vec<Bar> = bars.filter(|bar| (from..=to).contains(&bar.start)).collect();
    if call.query("sort") == Some("desc") {
        bars.reverse();
    }
    let (bars, page) = paging::cut(call, bars, ("limit", 5000, 50_000))?;
    let results: Vec<Value> = bars.iter().map(aggregate).collect();
    let mut body = json!({
        "ticker": stock.symbol,
        "adjusted": true,
        "queryCount": results.len(),
        "resultsCount": results.len(),
        "requestId": "sandbox",
        "status": stock.status(),
        "results": results,
    });
    page.link(call, &mut body);
    Answer::ok(&body)
}

/// First and last second of what `from` or `to` names: a day, or one millisecond stamp.
fn moment(call: &Call, name: &str) -> Result<(i64, i64), Answer> {
    let text = call.required(name)?;
    if let Ok(day) = text.parse::<Date>() {
        return Ok((calendar::midnight(day), calendar::midnight(calendar::plus_days(day, 1)) - 1));
    }
    let milliseconds = text.parse::<i64>().ok().filter(|stamp| (0..=253_402_300_799_000).contains(stamp));
    let wrong = || Answer::bad_request(format!("{name} must be YYYY-MM-DD or a millisecond timestamp"));
    milliseconds.map(|stamp| (stamp / 1000, stamp / 1000)).ok_or_else(wrong)
}

fn span(call: &Call) -> Result<Span, Answer> {
    call.required("multiplier")?;
    let count = call.number("multiplier", 1, 1..=100_000)?;
    match call.required("timespan")? {
        "second" => Ok(Span::Seconds(count)),
        "minute" => Ok(Span::Seconds(60 * count)),
        "hour" => Ok(Span::Seconds(3600 * count)),
        "day" => Ok(Span::Days(count)),
        "week" => Ok(Span::Weeks(count)),
        "month" => Ok(Span::Months(count)),
        "quarter" => Ok(Span::Months(3 * count)),
        "year" => Ok(Span::Months(12 * count)),
        other => Err(Answer::bad_request(format!("unknown timespan {other}"))),
    }
}

fn aggregate(bar: &Bar) -> Value {
    json!({
        "o": dollars(bar.open),
        "h": dollars(bar.high),
        "l": dollars(bar.low),
        "c": dollars(bar.close),
        "v": bar.volume,
        "vw": dollars((bar.open + bar.high + bar.low + bar.close) / 4),
        "n": bar.volume / 85 + 1,
        "t": bar.start * 1000,
    })
}

fn stock(call: &Call) -> Result<&'static Instrument, Answer> {
    let ticker = call.required("ticker")?;
    let found = instruments::find(ticker).filter(|found| found.tradable());
    found.ok_or_else(|| Answer::not_found(format!("no such ticker: {ticker}")))
}
