//! `/v1/stocks/…`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{chart, dollars, nanoseconds, request_id};
use crate::sandbox::answer::number;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::instruments::{self, Instrument};
use crate::sandbox::market::{self, calendar};
use crate::sandbox::{Answer, Call, Reply, World, paging};

/// `GET /v1/stocks/last-quote`.
pub(crate) fn last_quote(world: &mut World, call: &Call) -> Reply {
    let stock = stock(call)?;
    let quote = world.market().quote(stock.symbol, call.now).ok_or_else(|| unknown(stock.symbol))?;
    let stamp = nanoseconds(call.now);
    Answer::ok(&json!({
        "requestId": request_id(),
        "status": stock.status(),
        "results": {
            "ticker": stock.symbol,
            "bidPrice": number(quote.bid),
            "bidSize": quote.bid_size,
            "bidExchange": 12,
            "askPrice": number(quote.ask),
            "askSize": quote.ask_size,
            "askExchange": 21,
            "indicators": [604],
            "sequenceNumber": call.now.as_second() % 100_000_000,
            "sipTimestamp": stamp,
            "participantTimestamp": stamp - 214_000,
            "tape": tape(stock),
        },
    }))
}

/// `GET /v1/stocks/last-trade`.
pub(crate) fn last_trade(world: &mut World, call: &Call) -> Reply {
    let stock = stock(call)?;
    let quote = world.market().quote(stock.symbol, call.now).ok_or_else(|| unknown(stock.symbol))?;
    let stamp = nanoseconds(call.now);
    let sequence = call.now.as_second() % 100_000_000;
    Answer::ok(&json!({
        "requestId": request_id(),
        "status": stock.status(),
        "results": {
            "ticker": stock.symbol,
            "price": number(quote.last),
            "size": quote.bid_size,
            "exchange": 4,
            "id": sequence.to_string(),
            "conditions": [12, 37],
            "sequenceNumber": sequence,
            "trfId": 202,
            "trfTimestamp": stamp - 1_000,
            "sipTimestamp": stamp,
            "participantTimestamp": stamp - 214_000,
            "tape": tape(stock),
        },
    }))
}

/// `GET /v1/stocks/prev`: the bar of the last trading day before today.
pub(crate) fn prev(world: &mut World, call: &Call) -> Reply {
    let stock = stock(call)?;
    let now = call.now.as_second();
    let bar = world.market().previous_day(stock.symbol, market::today(call.now), now);
    let results: Vec<Value> = bar.iter().map(|bar| aggregate(bar, Some(stock.symbol))).collect();
    Answer::ok(&aggregates(stock, results))
}

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
    let results: Vec<Value> = bars.iter().map(|bar| aggregate(bar, None)).collect();
    let mut body = aggregates(stock, results);
    page.link(call, &mut body);
    Answer::ok(&body)
}

fn aggregates(stock: &Instrument, results: Vec<Value>) -> Value {
    json!({
        "ticker": stock.symbol,
        "adjusted": true,
        "queryCount": results.len(),
        "resultsCount": results.len(),
        "requestId": request_id(),
        "status": stock.status(),
        "results": results,
    })
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

/// One bar; `T` only where the documentation shows it.
fn aggregate(bar: &Bar, ticker: Option<&str>) -> Value {
    let middle = (bar.open + bar.high + bar.low + bar.close) / 4;
    let mut row = json!({
        "o": dollars(bar.open),
        "h": dollars(bar.high),
        "l": dollars(bar.low),
        "c": dollars(bar.close),
        "v": bar.volume,
        "vw": dollars(middle),
        "n": bar.volume / 85 + 1,
        "t": bar.start * 1000,
    });
    if let (Some(ticker), Value::Object(fields)) = (ticker, &mut row) {
        fields.insert("T".into(), json!(ticker));
    }
    row
}

fn stock(call: &Call) -> Result<&'static Instrument, Answer> {
    let ticker = call.required("ticker")?;
    instruments::find(ticker).filter(|found| found.tradable()).ok_or_else(|| unknown(ticker))
}

fn unknown(ticker: &str) -> Answer {
    Answer::not_found(format!("no such ticker: {ticker}"))
}

/// The consolidated tape: 3 for Nasdaq, 1 for New York, 2 for the rest.
fn tape(stock: &Instrument) -> i64 {
    match stock.venue {
        "XNAS" => 3,
        "XNYS" => 1,
        _ => 2,
    }
}
