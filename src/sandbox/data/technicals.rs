//! `GET /v1/indicator`: technical indicators, computed from the bars that the other calls tell. Floats live in here.

use serde_json::{Map, Value, json};

use super::chart;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::calendar;
use crate::sandbox::{Answer, Call, Reply, World};

const RESOLUTIONS: [&str; 8] = ["1", "5", "15", "30", "60", "D", "W", "M"];
/// So many periods before the first value are read, after which it no longer matters where an average began.
const WARM_UP: i64 = 8;

/// Answers with one list per line of the indicator, and `t` with their times; none while its first period lasts.
pub(crate) fn indicator(world: &mut World, call: &Call) -> Reply {
    let symbol = call.required("symbol")?;
    if !world.market().knows(symbol, call.now) {
        return Err(Answer::not_found(format!("no such symbol: {symbol}")));
    }
    let resolution = call.required("resolution")?;
    let span = RESOLUTIONS.contains(&resolution).then(|| chart::span(resolution)).flatten();
    let span =
        span.ok_or_else(|| Answer::bad_request("resolution must be one of 1, 5, 15, 30, 60, D, W, M"))?;
    let window = (chart::second(call, "from")?, chart::second(call, "to")?);
    let name = call.required("indicator")?;
    let number = |parameter: &str, usual: i64| call.number(parameter, usual, 1..=1000);
    let periods = Periods {
        usual: number("timeperiod", if matches!(name, "sma" | "ema" | "bbands" | "cci") { 20 } else { 14 })?,
        fast: number("fast_period", 12)?,
        slow: number("slow_period", 26)?,
        signal: number("signal_period", 9)?,
    };
    let now = call.now.as_second();
    let days = days(span, window, periods.usual.max(periods.slow + periods.signal));
    let bars: Vec<Bar> = world.market().bars(symbol, span, days, false, now).collect();
    let lines = lines(name, &Prices::of(&bars), &periods)
        .ok_or_else(|| Answer::bad_request(format!("unknown indicator {name}")))?;
    let stamps: Vec<i64> = bars.iter().map(|bar| chart::stamp(bar, span)).collect();
    let is_shown = |at: &usize| {
        let is_known = lines.iter().all(|(_, line)| line.get(*at).is_some_and(|value| value.is_finite()));
        is_known && stamps.get(*at).is_some_and(|stamp| (window.0..=window.1).contains(stamp))
    };
    let shown: Vec<usize> = (0..bars.len()).filter(is_shown).collect();
    let picked = |line: &[f64]| -> Value {
        shown.iter().filter_map(|at| line.get(*at)).map(|value| json!((value * 1e4).round() / 1e4)).collect()
    };
    let mut body: Map<String, Value> =
        lines.iter().map(|(name, line)| ((*name).to_owned(), picked(line))).collect();
    body.insert(
        "t".into(),
        shown.iter().filter_map(|at| stamps.get(*at)).map(|stamp| json!(stamp)).collect(),
    );
    Answer::ok(&Value::Object(body))
}

struct Periods {
    usual: i64,
    fast: i64,
    slow: i64,
    signal: i64,
}

/// The days whose bars are read for a window.
fn days(span: Span, (from, to): (i64, i64), period: i64) -> (jiff::civil::Date, jiff::civil::Date) {
    let before = match span {
        Span::Seconds(length) => period * length / calendar::SESSION_SECONDS + 1,
        Span::Days(_) => period,
        Span::Weeks(_) => 5 * period,
        Span::Months(_) => 21 * period,
    };
    let from = chart::earliest(span, (from, to));
    (
        calendar::plus_days(calendar::new_york_date(from), -WARM_UP * before * 3 / 2),
        calendar::new_york_date(to),
    )
}

/// The columns of bars.
struct Prices {
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    /// The mean of high, low and close.
    typical: Vec<f64>,
    volume: Vec<f64>,
}

impl Prices {
    fn of(bars: &[Bar]) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "cents and shares are far below 2^52")]
        let column = |value: fn(&Bar) -> i64| bars.iter().map(|bar| value(bar) as f64).collect::<Vec<f64>>();
        let dollars = |value| column(value).into_iter().map(|cents| cents / 100.0).collect();
        Self {
            high: dollars(|bar| bar.high),
            low: dollars(|bar| bar.low),
            close: dollars(|bar| bar.close),
            typical: column(|bar| bar.high + bar.low + bar.close)
                .into_iter()
                .map(|sum| sum / 300.0)
                .collect(),
            volume: column(|bar| bar.volume),
        }
    }
}

type Lines = Vec<(&'static str, Vec<f64>)>;

fn lines(name: &str, prices: &Prices, periods: &Periods) -> Option<Lines> {
    let period = usize::try_from(periods.usual).ok()?;
    let [fast, slow, signal] =
        [periods.fast, periods.slow, periods.signal].map(|period| usize::try_from(period).unwrap_or(1));
    let Prices { high, low, close, .. } = prices;
    Some(match name {
        "sma" => vec![("sma", over(close, period, mean))],
        "ema" => vec![("ema", smoothed(close, period, ema_share(period)))],
        "rsi" => {
            let (up, down) = (changes(close, 1.0), changes(close, -1.0));
            vec![("rsi", joined(&wilder(&up, period), &wilder(&down, period), strength))]
        }
        "macd" => {
            let [fast, slow] = [fast, slow].map(|period| smoothed(close, period, ema_share(period)));
            let macd = joined(&fast, &slow, |fast, slow| fast - slow);
            let signal = smoothed(&macd, signal, ema_share(signal));
            let difference = joined(&macd, &signal, |macd, signal| macd - signal);
            vec![("macd", macd), ("macdSignal", signal), ("macdHist", difference)]
        }
        "bbands" => {
            let (middle, width) =
                (over(close, period, mean), over(close, period, |part| 2.0 * deviation(part)));
            let band = |sign: f64| joined(&middle, &width, |middle, width| middle + sign * width);
            vec![("upperband", band(1.0)), ("lowerband", band(-1.0)), ("middleband", middle)]
        }
        "stoch" => {
            let slow = over(&place(prices, period), 3, mean);
            vec![("slowd", over(&slow, 3, mean)), ("slowk", slow)]
        }
        "willr" => vec![("willr", place(prices, period).into_iter().map(|place| place - 100.0).collect())],
        "cci" => vec![("cci", over(&prices.typical, period, channel))],
        "mfi" => {
            let flow = |sign: f64| {
                let risen = changes(&prices.typical, sign);
                let flow = joined(&prices.typical, &prices.volume, |price, volume| price * volume);
                over(&joined(&risen, &flow, |risen, flow| if risen > 0.0 { flow } else { 0.0 }), period, mean)
            };
            vec![("mfi", joined(&flow(1.0), &flow(-1.0), strength))]
        }
        "adx" => vec![("adx", adx(high, low, close, period))],
        _ => return None,
    })
}

/// A figure of the last values at each of them; not a number before there are so many.
fn over(values: &[f64], period: usize, figure: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let known = values.windows(period).map(figure);
    std::iter::repeat_n(f64::NAN, values.len().min(period.saturating_sub(1))).chain(known).collect()
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / float(values.len())
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    (values.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / float(values.len())).sqrt()
}

/// How far the last value lies from the mean, in mean distances.
fn channel(values: &[f64]) -> f64 {
    let middle = mean(values);
    let distance = values.iter().map(|value| (value - middle).abs()).sum::<f64>() / float(values.len());
    values.last().map_or(f64::NAN, |last| (last - middle) / (0.015 * distance))
}

fn ema_share(period: usize) -> f64 {
    2.0 / (float(period) + 1.0)
}

fn wilder(values: &[f64], period: usize) -> Vec<f64> {
    smoothed(values, period, 1.0 / float(period))
}

/// An average of which each new value is a share, begun with a plain one.
fn smoothed(values: &[f64], period: usize, share: f64) -> Vec<f64> {
    let (mut average, mut known) = (f64::NAN, Vec::new());
    let step = |value: &f64| {
        if average.is_finite() {
            average += (value - average) * share;
        } else if value.is_finite() {
            known.push(*value);
            if known.len() == period {
                average = mean(&known);
            }
        }
        average
    };
    values.iter().map(step).collect()
}

/// What each value rose by, or fell by with a negative sign; zero where it did not.
fn changes(values: &[f64], sign: f64) -> Vec<f64> {
    steps(values, sign).into_iter().map(|step| if step.is_finite() { step.max(0.0) } else { step }).collect()
}

fn joined(one: &[f64], other: &[f64], figure: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| figure(*one, *other)).collect()
}

/// The share of rises in percent.
fn strength(up: f64, down: f64) -> f64 {
    if up + down > 0.0 { 100.0 * up / (up + down) } else { 50.0 }
}

/// Where the close lies between the lowest and the highest price of a period, in percent.
fn place(prices: &Prices, period: usize) -> Vec<f64> {
    let highest = over(&prices.high, period, |part| part.iter().copied().fold(f64::MIN, f64::max));
    let lowest = over(&prices.low, period, |part| part.iter().copied().fold(f64::MAX, f64::min));
    let range = joined(&highest, &lowest, |high, low| high - low);
    joined(&joined(&prices.close, &lowest, |close, low| close - low), &range, |above, range| {
        100.0 * above / range
    })
}

fn adx(high: &[f64], low: &[f64], close: &[f64], period: usize) -> Vec<f64> {
    let (up, down) = (steps(high, 1.0), steps(low, -1.0));
    let stronger = |one: f64, other: f64| if one > other { one.max(0.0) } else { 0.0 };
    let before = std::iter::once(f64::NAN).chain(close.iter().copied());
    let ranges = high.iter().zip(low).zip(before);
    let ranges: Vec<f64> = ranges.map(|((high, low), close)| high.max(close) - low.min(close)).collect();
    let share = |moves: Vec<f64>| {
        joined(&wilder(&moves, period), &wilder(&ranges, period), |moves, range| moves / range)
    };
    let (plus, minus) = (share(joined(&up, &down, stronger)), share(joined(&down, &up, stronger)));
    wilder(&joined(&plus, &minus, |plus, minus| 100.0 * (plus - minus).abs() / (plus + minus)), period)
}

/// By how much each value is above the one before it, times a sign.
fn steps(values: &[f64], sign: f64) -> Vec<f64> {
    let before = std::iter::once(&f64::NAN).chain(values);
    values.iter().zip(before).map(|(value, before)| sign * (value - before)).collect()
}
