//! Candles of an account's profit and loss since a moment: what its positions of now gained since then, or since they
//! were opened. Not documented, and so chosen here: their members, and that each comes in an event of its own.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::sandbox::World;
use crate::sandbox::answer::money;
use crate::sandbox::broker::account::{Account, multiplier};
use crate::sandbox::market::bars::Span;
use crate::sandbox::market::{Market, calendar};

/// The newest candles that are sent.
const MOST: usize = 60;

/// Returns the candles of an account, oldest first.
pub(super) fn candles(world: &mut World, params: &Value, now: Timestamp) -> Result<Vec<Value>, String> {
    let word = |name: &str| params.get(name).and_then(Value::as_str);
    let id = word("accountId").ok_or("accountId is required")?;
    let from: Timestamp = word("startTime")
        .and_then(|time| time.parse().ok())
        .ok_or("startTime must be RFC 3339 with a zone")?;
    let interval = word("interval").unwrap_or("1m");
    let span = span(interval).ok_or("interval must be one of 15s, 1m, 5m, 15m, 1h, 1d, 1mo")?;
    let (broker, market) = world.trading(now);
    let account = broker.account(id).map_err(|_| format!("there is no account {id}"))?;
    let (first, last) = (from.as_second(), now.as_second());
    // No further back than the newest candles can lie: a session is a third of a day.
    let since = match span {
        Span::Seconds(length) => first.max(last - 3 * length * MOST as i64),
        _ => first,
    };
    let days = (calendar::new_york_date(since), calendar::new_york_date(last));
    let mut starts: Vec<i64> = market.bars("SPY", span, days, false, last).map(|bar| bar.start).collect();
    starts.drain(..starts.len().saturating_sub(MOST));
    let ends = starts.iter().skip(1).copied().chain([last]);
    let candle = |(start, end): (&i64, i64)| {
        let (open, close) = (gain(account, market, first, *start), gain(account, market, first, end));
        json!({ "accountId": id, "interval": interval, "time": calendar::instant(*start), "open": money(open),
            "high": money(open.max(close)), "low": money(open.min(close)), "close": money(close) })
    };
    Ok(starts.iter().zip(ends).map(candle).collect())
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

/// What the positions gained between two seconds.
fn gain(account: &Account, market: &Market, from: i64, to: i64) -> Decimal {
    let of = |(symbol, holding): (&String, &crate::sandbox::broker::account::Holding)| {
        let from = from.max(holding.opened.as_second()).min(to);
        let price = |second| market.cents_at(symbol, second).map(|cents| Decimal::new(cents, 2));
        Some((price(to)? - price(from)?) * holding.qty * multiplier(symbol))
    };
    account.holdings.iter().filter_map(of).sum()
}
