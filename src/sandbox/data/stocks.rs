//! `/v1/stocks/…` (market-data.md 3.2, 3.3 and 5.2).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply, number};
use super::super::call::Call;
use super::super::market::bars::{Bar, Span};
use super::super::market::instruments::{self, Instrument};
use super::super::market::{self, calendar};
use super::super::world::World;
use super::{dollars, nanoseconds, next_url, read_cursor, request_id};

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
    Answer::ok(&json!({
        "ticker": stock.symbol,
        "adjusted": true,
        "queryCount": results.len(),
        "resultsCount": results.len(),
        "requestId": request_id(),
        "status": stock.status(),
        "results": results,
    }))
}

/// `GET /v1/stocks/aggs`: bars, paged by `next`.
pub(crate) fn aggs(world: &mut World, call: &Call) -> Reply {
    let stock = stock(call)?;
    let span = span(call)?;
    let limit = usize::try_from(call.number("limit", 5000, 1..=50_000)?).unwrap_or(5000);
    let descending = call.query("sort") == Some("desc");
    let window = Window::of(call, span, descending)?;
    let market = world.market();
    let bars = market.bars(stock.symbol, span, window.days, false, call.now.as_second());
    let within = bars.filter(|bar| bar.start >= window.from && bar.start <= window.to);
    let mut bars: Vec<Bar> = match descending {
        true => {
            let mut all: Vec<Bar> = within.collect();
            all.reverse();
            all.truncate(limit + 1);
            all
        }
        false => within.take(limit + 1).collect(),
    };
    // The one too many begins the next page.
    let more = if bars.len() > limit { bars.pop() } else { None };
    let results: Vec<Value> = bars.iter().map(|bar| aggregate(bar, None)).collect();
    let mut body = json!({
        "ticker": stock.symbol,
        "adjusted": call.query("adjusted") != Some("false"),
        "queryCount": results.len(),
        "resultsCount": results.len(),
        "requestId": request_id(),
        "status": stock.status(),
        "results": results,
    });
    if let (Some(more), Value::Object(fields)) = (more, &mut body) {
        fields.insert("nextUrl".into(), json!(next_url(call, more.start)));
    }
    Answer::ok(&body)
}

/// The part of time that one page looks at.
struct Window {
    days: (Date, Date),
    /// First and last Unix second at which a bar may begin.
    from: i64,
    to: i64,
}

impl Window {
    fn of(call: &Call, span: Span, descending: bool) -> Result<Self, Answer> {
        let (mut from, _) = moment(call, "from")?;
        let (_, mut to) = moment(call, "to")?;
        if to < from {
            return Err(Answer::bad_request("to must not be before from"));
        }
        match read_cursor(call)? {
            Some(at) if descending => to = to.min(at),
            Some(at) => from = from.max(at),
            None => {}
        }
        // Never make more bars than a page can need: second bars of ten years would take minutes.
        if let Span::Seconds(length) = span {
            let most = (60_000 * length / calendar::SESSION_SECONDS * 7 / 5 + 14) * 86_400;
            match descending {
                true => from = from.max(to - most),
                false => to = to.min(from + most),
            }
        }
        Ok(Self { days: (calendar::new_york_date(from), calendar::new_york_date(to)), from, to })
    }
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
