//! Candles of an account's profit and loss since a moment, as a running total: what was held then and what was traded since
//! has earned. Not documented, and so chosen here: their members, and that each comes in an event of its own.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::World;
use crate::sandbox::answer::money;
use crate::sandbox::broker::books::State;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::{Market, calendar};

/// The newest candles that are sent.
const MOST: usize = 60;

/// Returns the candles of an account, oldest first.
pub(crate) fn candles(world: &mut World, params: &Value, now: Timestamp) -> Result<Vec<Value>, String> {
    let word = |name: &str| params.get(name).and_then(Value::as_str);
    let id = word("accountId").ok_or("accountId is required")?;
    let from: Timestamp = word("startTime")
        .and_then(|time| time.parse().ok())
        .ok_or("startTime must be RFC 3339 with a zone")?;
    let interval = word("interval").unwrap_or("1m");
    let span = span(interval).ok_or("interval must be one of 15s, 1m, 5m, 15m, 1h, 1d, 1mo")?;
    let (broker, market) = world.trading(now);
    let account = broker.account(id).map_err(|_| format!("there is no account {id}"))?;
    let last = now.as_second();
    // No further back than the newest candles can lie: a session is a third of a day.
    let since = match span {
        Span::Seconds(length) => from.as_second().max(last - 3 * length * MOST as i64),
        _ => from.as_second(),
    };
    let days = (calendar::new_york_date(since), calendar::new_york_date(last));
    let mut bars: Vec<Bar> = market.bars("SPY", span, days, false, last).collect();
    bars.drain(..bars.len().saturating_sub(MOST));
    let start = State::at(from, market, now);
    let gain = |state: State| {
        let state = if state.before < start.before { start } else { state };
        account.earned(None, state, market) - account.earned(None, start, market)
    };
    let count = bars.len();
    let candle = |(at, bar): (usize, &Bar)| {
        let (begin, end) = match span {
            Span::Seconds(length) => seconds(bar, length, market, last),
            _ => (State::before_day(bar.day), State::before_day(span.day_after(bar.day))),
        };
        let end = if at + 1 == count { State::now(market, now) } else { end };
        let (open, close) = (gain(begin), gain(end));
        json!({ "accountId": id, "interval": interval, "time": calendar::instant(bar.start), "open": money(open),
            "high": money(open.max(close)), "low": money(open.min(close)), "close": money(close) })
    };
    Ok(bars.iter().enumerate().map(candle).collect())
}

/// Begin and end of a bar within a session.
fn seconds(bar: &Bar, length: i64, market: &Market, now: i64) -> (State, State) {
    let (_, close) = market.session(bar.day, false, now);
    let state = |second| State { before: calendar::instant(second), priced_at: second };
    (state(bar.start), state((bar.start + length).min(close)))
}

fn span(interval: &str) -> Option<Span> {
    Some(match interval {
        "15s" => Span::Seconds(15),
        "1m" => Span::Seconds(60),
        "5m" => Span::Seconds(300),
        "15m" => Span::Seconds(900),
        "1h" => Span::Seconds(3600),
        "1d" => Span::Days(1),
        "1mo" => Span::Months(1),
        _ => return None,
    })
}
