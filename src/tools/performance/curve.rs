//! The curve of profit and loss over the period, where the account socket can be had.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, Zoned};
use rust_decimal::Decimal;
use tokio::time::{Instant, timeout_at};

use crate::aries::socket::Curve;
use crate::aries::time;
use crate::exchange::{self, Hours};
use crate::tools::Call;
use crate::tools::format::{cents, few};
use crate::tools::period::Period;

/// Points that are shown; the interval is chosen so that a period has no more.
const MOST: usize = 70;

/// The interval of a period's candles, in Aries' word and in ours.
fn interval(period: Period) -> (&'static str, &'static str) {
    match period {
        _ if !period.is_longer_than(2) => ("1h", "hour"),
        _ if !period.is_longer_than(62) => ("1d", "day"),
        _ => ("1mo", "month"),
    }
}

/// The profit or loss of an account over the period, realized or not.
pub(super) struct Gained {
    pub(super) total: Decimal,
    unit: &'static str,
    /// The running total at the end of each unit, oldest first.
    points: Vec<String>,
}

impl Gained {
    /// The running total over the period.
    pub(super) fn points(&self) -> String {
        format!("that total at the end of each {}: {}", self.unit, few(&self.points, MOST))
    }
}

/// Reads the curve of an account; the error says why there is none.
pub(super) async fn gained(call: &Call, account: &str, period: Period) -> Result<Gained, String> {
    within(&read(call, account, period).await?, period)
}

async fn read(call: &Call, account: &str, period: Period) -> Result<Curve, String> {
    let timing = call.streams.timing.sockets;
    let mut candles = call.streams.pnl(account, period.from, interval(period).0);
    let last = Instant::now() + timing.candles;
    let mut end = last;
    loop {
        if let Some(why) = candles.link().trouble() {
            return Err(format!("Aries tells it on its account socket alone, and {why}"));
        }
        let known = candles.state(|curve| curve.closes.len());
        let waited = timeout_at(end, candles.change()).await;
        let is_more = candles.state(|curve| curve.closes.len()) > known;
        match waited {
            Ok(()) if is_more => end = last.min(Instant::now() + timing.candles_end),
            Ok(()) => {}
            Err(_) => break,
        }
    }
    match candles.state(Curve::clone) {
        curve if !curve.closes.is_empty() => Ok(curve),
        curve if curve.is_unread => {
            Err("what the account socket sent has no candle that is understood".to_owned())
        }
        _ => Err(format!("the account socket sent no candle within {} s", timing.candles.as_secs())),
    }
}

/// The points of a curve that lie in the period.
fn within(curve: &Curve, period: Period) -> Result<Gained, String> {
    let (_, unit) = interval(period);
    let day = |moment: Timestamp| moment.to_zoned(time::zone()).date();
    let days = day(period.from)..=day(period.to);
    let mut last = None;
    let point = |(moment, close): (&Timestamp, &Decimal)| {
        let of_bar: Date = time::bar_day(moment.as_second())?;
        let (date, label) = match unit {
            "hour" => (day(*moment), end_of_hour(*moment).strftime("%m-%d %H:%M").to_string()),
            "day" => (of_bar, of_bar.strftime("%m-%d").to_string()),
            _ => (of_bar.last_of_month(), of_bar.strftime("%Y-%m").to_string()),
        };
        let is_within = days.contains(&date) || unit == "month" && of_bar <= *days.end();
        is_within.then(|| {
            last = Some(*close);
            format!("{label} {}", cents(*close))
        })
    };
    let points = curve.closes.iter().filter_map(point).collect();
    match last {
        None => Err(format!("the account socket has no candle of {}", period.words())),
        Some(total) => Ok(Gained { total, unit, points }),
    }
}

/// When the hour that begins at a moment ends: with the session, and not after now.
fn end_of_hour(begin: Timestamp) -> Zoned {
    let end = begin.saturating_add(1.hour()).unwrap_or(begin);
    end.min(exchange::next_close(begin, Hours::Regular)).min(time::now().timestamp()).to_zoned(time::zone())
}
