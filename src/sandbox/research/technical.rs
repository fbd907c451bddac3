//! Technical indicators and chart patterns, computed from the same bars as charts (supplemental.md 9).

use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::chart;
use super::super::data::rows::{self, fixed};
use super::super::market::bars::{Bar, Span};
use super::super::market::{Market, calendar};
use super::super::world::World;
use super::pick;

const DAY: i64 = 86_400;
/// Indicators are computed in millionths of a dollar, or of a percent.
const PLACES: u32 = 6;
const FROM_CENTS: i64 = 10_000;

/// `GET /v1/indicator`: one list per output, and `t`. What cannot be known at the begin is 0, as in the sample.
pub(crate) fn indicator(world: &mut World, call: &Call) -> Reply {
    let symbol = call.required("symbol")?;
    let span = resolution(call)?;
    call.required("indicator")?;
    let name = rows::choice(call, "indicator", &["sma", "ema", "rsi", "macd", "bbands"])?;
    let now = call.now.as_second();
    let to = call.number("to", now, 1..=i64::MAX)?.min(now);
    let usual = match span {
        Span::Seconds(_) => 7 * DAY,
        Span::Days(_) => 365 * DAY,
        _ => 5 * 365 * DAY,
    };
    let from = call.number("from", to - usual, 1..=i64::MAX)?;
    if to <= from {
        return Err(Answer::bad_request("to must be greater than from"));
    }
    let period = rows::count(call, "timeperiod", if name == "rsi" { 14..=500 } else { 20..=500 })?;
    let bars = bars(world.market(), symbol, span, (from, to), now)?;
    let closes: Vec<i64> = bars.iter().map(|bar| bar.close * FROM_CENTS).collect();
    let outputs = match name {
        "sma" => vec![("sma", sma(&closes, period))],
        "ema" => vec![("ema", ema(&closes, period))],
        "rsi" => vec![("rsi", rsi(&closes, period))],
        "macd" => macd(&closes),
        _ => bands(&closes, period),
    };
    let mut body = Map::new();
    for (name, values) in outputs {
        body.insert(name.to_owned(), values.into_iter().map(|value| fixed(value, PLACES)).collect());
    }
    body.insert("t".into(), bars.iter().map(|bar| chart::stamp(bar, span)).collect());
    Answer::ok(&Value::Object(body))
}

fn resolution(call: &Call) -> Result<Span, Answer> {
    let text = call.required("resolution")?;
    chart::span(text).ok_or_else(|| Answer::bad_request(format!("unknown resolution {text}")))
}

fn bars(market: &Market, symbol: &str, span: Span, window: (i64, i64), now: i64) -> Result<Vec<Bar>, Answer> {
    if market.cents_at(symbol, now).is_none() {
        return Err(Answer::not_found(format!("no such symbol: {symbol}")));
    }
    let (from, to) = (chart::earliest(span, window), window.1);
    let days = (calendar::new_york_date(from), calendar::new_york_date(to));
    let found = market.bars(symbol, span, days, false, now);
    Ok(found.filter(|bar| (from..=to).contains(&chart::stamp(bar, span))).collect())
}

/// The mean of the last `period` values.
fn sma(values: &[i64], period: usize) -> Vec<i64> {
    over_windows(values, period, |window| window.iter().sum::<i64>() / length(window))
}

/// A value per window of `period`, with zeros before the first.
fn over_windows(values: &[i64], period: usize, value: impl Fn(&[i64]) -> i64) -> Vec<i64> {
    let missing = values.len().min(period - 1);
    std::iter::repeat_n(0, missing).chain(values.windows(period).map(value)).collect()
}

fn length(values: &[i64]) -> i64 {
    i64::try_from(values.len()).unwrap_or(i64::MAX)
}

/// The exponential mean, begun with the simple one.
fn ema(values: &[i64], period: usize) -> Vec<i64> {
    let (first, rest) = values.split_at(values.len().min(period));
    if first.len() < period {
        return vec![0; values.len()];
    }
    let mut mean = first.iter().sum::<i64>() / length(first);
    let later = rest.iter().map(|value| {
        mean += (value - mean) * 2 / (length(first) + 1);
        mean
    });
    let begun = first.iter().sum::<i64>() / length(first);
    std::iter::repeat_n(0, period - 1).chain([begun]).chain(later).collect()
}

/// Wilder's relative strength, 0 to 100.
fn rsi(values: &[i64], period: usize) -> Vec<i64> {
    let moves: Vec<i64> = values.iter().zip(values.iter().skip(1)).map(|(one, next)| next - one).collect();
    let mut all = vec![0; values.len().min(period)];
    let (first, rest) = moves.split_at(moves.len().min(period));
    if first.len() < period {
        return vec![0; values.len()];
    }
    let count = length(first);
    let mut up = first.iter().map(|change| (*change).max(0)).sum::<i64>() / count;
    let mut down = first.iter().map(|change| (-change).max(0)).sum::<i64>() / count;
    let strength = |up: i64, down: i64| 100_000_000 * up / (up + down).max(1);
    all.push(strength(up, down));
    for change in rest {
        up = (up * (count - 1) + (*change).max(0)) / count;
        down = (down * (count - 1) + (-change).max(0)) / count;
        all.push(strength(up, down));
    }
    all
}

/// Of 12, 26 and 9.
fn macd(values: &[i64]) -> Vec<(&'static str, Vec<i64>)> {
    const SLOW: usize = 26;
    const SIGNAL: usize = 9;
    let known = SLOW - 1;
    let both = ema(values, 12).into_iter().zip(ema(values, SLOW)).enumerate();
    let line: Vec<i64> = both.map(|(at, (fast, slow))| if at < known { 0 } else { fast - slow }).collect();
    let begin = line.len().min(known);
    let signal: Vec<i64> =
        std::iter::repeat_n(0, begin).chain(ema(line.get(begin..).unwrap_or_default(), SIGNAL)).collect();
    let begun = known + SIGNAL - 1;
    let both = line.iter().zip(&signal).enumerate();
    let rest = both.map(|(at, (line, signal))| if at < begun { 0 } else { line - signal }).collect();
    vec![("macd", line), ("macdSignal", signal), ("macdHist", rest)]
}

/// Two standard deviations around the mean.
fn bands(values: &[i64], period: usize) -> Vec<(&'static str, Vec<i64>)> {
    let middle = sma(values, period);
    let width = over_windows(values, period, |window| {
        let mean = window.iter().sum::<i64>() / length(window);
        // In cents first: squares of millionths could overflow.
        let squares = window.iter().map(|value| ((value - mean) / 100).pow(2)).sum::<i64>();
        (squares / length(window)).isqrt() * 100
    });
    let both = || middle.iter().zip(&width);
    let upper = both().map(|(mean, width)| mean + 2 * width).collect();
    let lower = both().map(|(mean, width)| mean - 2 * width).collect();
    vec![("upperband", upper), ("middleband", middle), ("lowerband", lower)]
}

const PATTERNS: &[&str] =
    &["Double Bottom", "Ascending Triangle", "Head and Shoulders", "Falling Wedge", "Gartley", "Bull Flag"];

/// `GET /v1/scan/pattern`: three patterns, whose corners are real prices of the last months.
pub(crate) fn patterns(world: &mut World, call: &Call) -> Reply {
    let symbol = call.required("symbol")?;
    let span = resolution(call)?;
    let now = call.now.as_second();
    let reach = if matches!(span, Span::Seconds(_)) { 10 * DAY } else { 3 * 365 * DAY };
    let bars = bars(world.market(), symbol, span, (now - reach, now), now)?;
    let points: Value = (0..3).filter_map(|which| point(symbol, span, &bars, which)).collect();
    Answer::ok(&json!({ "data": { "points": points } }))
}

fn point(symbol: &str, span: Span, bars: &[Bar], which: usize) -> Option<Value> {
    let recent = bars.rchunks(16).nth(which)?;
    let corner = |at: usize| recent.get(at).map(|bar| (fixed(bar.close, 2), chart::stamp(bar, span)));
    let (a, b, c, d) = (corner(0)?, corner(4)?, corner(9)?, corner(13)?);
    let (last, entry) = (recent.last()?, recent.get(13)?.close);
    let number = i64::try_from(which).unwrap_or_default();
    let bullish = pick(&["bullish", "bearish"], symbol, "pattern type", number) == "bullish";
    let aim = |percent: i64| fixed(entry + entry * if bullish { percent } else { -percent } / 100, 2);
    Some(json!({
        "patternname": pick(PATTERNS, symbol, "pattern", number),
        "patterntype": if bullish { "bullish" } else { "bearish" },
        "status": pick(&["complete", "incomplete", "successful"], symbol, "status", number),
        "entry": fixed(entry, 2),
        "profit1": aim(4),
        "profit2": aim(7),
        "stoploss": aim(-3),
        "mature": 1,
        "terminal": 0,
        "sortTime": chart::stamp(last, span),
        "end_price": fixed(last.close, 2),
        "symbol": format!("{symbol}.US"),
        "aprice": a.0,
        "atime": a.1,
        "bprice": b.0,
        "btime": b.1,
        "cprice": c.0,
        "ctime": c.1,
        "dprice": d.0,
        "dtime": d.1,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_those_of_the_textbook() {
        let values: Vec<i64> = (1..=40).map(|value| value * 1_000_000).collect();
        assert_eq!(sma(&values, 4)[2..5], [0, 2_500_000, 3_500_000]);
        assert_eq!(ema(&values, 3)[1..4], [0, 2_000_000, 3_000_000]);
        let rsi = rsi(&values, 14);
        assert_eq!((rsi.len(), rsi[13], rsi[14]), (40, 0, 100_000_000));
        let macd = macd(&values);
        assert!(macd.iter().all(|(_, values)| values.len() == 40));
        assert_eq!((macd[0].1[24], macd[0].1[25]), (0, 7_000_000));
        // The deviation of 1, 2, 3, 4 is 1.118.
        assert_eq!(bands(&values, 4)[0].1[3], 2_500_000 + 2 * 1_118_000);
        assert_eq!(sma(&values[..2], 4), [0, 0]);
    }
}
