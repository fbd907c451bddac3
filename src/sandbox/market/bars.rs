//! Bars, made from the same prices as quotes. The past keeps to sessions, weekends and holidays.
//!
//! Today does not where the market never closes, so that a test or a demo on a Sunday can trade: its running bar must then
//! exist too, or the last bar would contradict the quote.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, Unit};

use super::{Market, calendar, instruments, noise};
use crate::exchange::{self, Hours};

/// No bars before this day.
const FIRST_DAY: Date = jiff::civil::date(2015, 1, 2);
/// A price is looked at this often within a bar to find its high and low.
const LOOKS: i64 = 12;

/// Open, high, low, close in cents, and volume, from `start` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Unix second of its begin: of the day's midnight in New York, or of the minute.
    pub(crate) start: i64,
    pub(crate) day: Date,
    pub(crate) open: i64,
    pub(crate) high: i64,
    pub(crate) low: i64,
    pub(crate) close: i64,
    pub(crate) volume: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// Seconds within a session.
    Seconds(i64),
    Days(i64),
    /// Weeks, beginning on Monday.
    Weeks(i64),
    Months(i64),
}

impl Span {
    /// The day after a bar of days, weeks or months that begins on this one.
    pub(crate) fn day_after(self, day: Date) -> Date {
        match self {
            Span::Seconds(_) => day,
            Span::Days(count) => calendar::plus_days(day, count),
            Span::Weeks(count) => calendar::plus_days(day, 7 * count),
            Span::Months(count) => day.saturating_add(count.months()),
        }
    }

    /// The first day of the bar that a day belongs to.
    fn first_day(self, day: Date) -> Date {
        let epoch = jiff::civil::date(1970, 1, 5);
        let since = |unit| epoch.until((unit, day)).map_or(0, |span| i64::from(span.get_days()));
        match self {
            Span::Seconds(_) | Span::Days(1) => day,
            Span::Days(count) => calendar::plus_days(day, -since(Unit::Day).rem_euclid(count)),
            Span::Weeks(count) => calendar::plus_days(day, -since(Unit::Day).rem_euclid(7 * count)),
            Span::Months(count) => {
                let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
                day.first_of_month().saturating_sub(month.rem_euclid(count).months())
            }
        }
    }
}

impl Market {
    /// Bars whose days lie within `from..=to`, oldest first, none later than `now` (Unix seconds). Empty for unknown
    /// symbols.
    pub(crate) fn bars<'a>(
        &'a self,
        symbol: &'a str,
        span: Span,
        (from, to): (Date, Date),
        extended: bool,
        now: i64,
    ) -> Box<dyn Iterator<Item = Bar> + 'a> {
        if self.cents_at(symbol, now).is_none() {
            return Box::new(std::iter::empty());
        }
        let today = calendar::new_york_date(now);
        let last = to.min(today);
        let first = span.first_day(from).max(FIRST_DAY);
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= last)
            .filter(move |day| (*day == today && !self.keeps_hours) || exchange::is_trading_day(*day));
        match span {
            Span::Seconds(length) => {
                Box::new(days.flat_map(move |day| self.bars_of_day(symbol, day, length, extended, now)))
            }
            _ => Box::new(grouped(days.filter_map(move |day| self.daily(symbol, day, now)), span)),
        }
    }

    /// The bar of a day; none if there was no session, and for unknown symbols.
    pub(crate) fn day_bar(&self, symbol: &str, day: Date, now: Timestamp) -> Option<Bar> {
        let has_session = exchange::is_trading_day(day) || !self.keeps_hours && day == super::today(now);
        self.daily(symbol, day, now.as_second()).filter(|_| has_session)
    }

    /// The bar between two seconds.
    pub(crate) fn bar_between(&self, symbol: &str, start: i64, end: i64, now: i64) -> Option<Bar> {
        self.bar(symbol, calendar::new_york_date(start), start, end, now)
    }

    /// Contracts that are open; the same all day.
    pub(crate) fn open_interest(&self, symbol: &str, now: Timestamp) -> i64 {
        1_000 + 20 * noise::uniform(symbol, "open interest", calendar::midnight(self.day(now)))
    }

    /// The bar of today so far, or of the last session before it; none for unknown symbols.
    pub(crate) fn running_day(&self, symbol: &str, now: Timestamp) -> Option<Bar> {
        let at = self.last_open(Hours::Regular, now);
        // A session that opens this second has no bar yet, and no price but the one at its opening.
        self.daily(
            symbol,
            super::today(at),
            at.as_second().max(self.session(super::today(at), false, at.as_second()).0 + 1),
        )
    }

    /// First and last second of a day's session. Where the market never closes, that of today has begun and has not ended:
    /// before its hour it counts from midnight, and after its hour it goes on.
    pub(crate) fn session(&self, day: Date, extended: bool, now: i64) -> (i64, i64) {
        let (open, close) = calendar::session(day, extended);
        if self.keeps_hours || calendar::new_york_date(now) != day {
            return (open, close);
        }
        let open = if open < now { open } else { calendar::midnight(day).min(now - 1) };
        (open, close.max(now))
    }

    fn daily(&self, symbol: &str, day: Date, now: i64) -> Option<Bar> {
        let (open, close) = self.session(day, false, now);
        let bar = self.bar(symbol, day, open, close, now)?;
        Some(Bar { start: calendar::midnight(day), ..bar })
    }

    fn bars_of_day<'a>(
        &'a self,
        symbol: &'a str,
        day: Date,
        length: i64,
        extended: bool,
        now: i64,
    ) -> impl Iterator<Item = Bar> + 'a {
        let (open, close) = self.session(day, extended, now);
        let length = length.max(1);
        let count = (close - open + length - 1) / length;
        (0..count).filter_map(move |index| {
            let start = open + index * length;
            self.bar(symbol, day, start, (start + length).min(close), now)
        })
    }

    /// One bar of `start..end`; none if it has not begun.
    fn bar(&self, symbol: &str, day: Date, start: i64, end: i64, now: i64) -> Option<Bar> {
        let end = end.min(now);
        if end <= start {
            return None;
        }
        let price = |second| self.cents_at(symbol, second);
        let (open, close) = (price(start)?, price(end)?);
        let looks = (1..LOOKS).filter_map(|look| price(start + (end - start) * look / LOOKS));
        let (low, high) = looks
            .fold((open.min(close), open.max(close)), |(low, high), price| (low.min(price), high.max(price)));
        let volume = volume(symbol, start, end);
        Some(Bar { start, day, open, high, low, close, volume })
    }
}

/// The day's volume in proportion, a third more or less.
fn volume(symbol: &str, start: i64, end: i64) -> i64 {
    let daily = instruments::find(symbol).map_or(1_200, |instrument| instrument.volume);
    let even = daily * (end - start).min(calendar::SESSION_SECONDS) / calendar::SESSION_SECONDS;
    even * (667 + noise::uniform(symbol, "volume", start) * 2 / 3) / 1000
}

fn grouped(daily: impl Iterator<Item = Bar>, span: Span) -> impl Iterator<Item = Bar> {
    let mut daily = daily.peekable();
    std::iter::from_fn(move || {
        let mut bar = daily.next()?;
        let first = span.first_day(bar.day);
        while let Some(next) = daily.next_if(|next| span.first_day(next.day) == first) {
            bar.high = bar.high.max(next.high);
            bar.low = bar.low.min(next.low);
            bar.close = next.close;
            bar.volume += next.volume;
        }
        Some(Bar { start: calendar::midnight(first), day: first, ..bar })
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Saturday, 21 November 2026.
    const NOW: i64 = 1_795_265_355;

    fn market() -> Market {
        Market::new(Timestamp::from_second(NOW).unwrap())
    }

    fn bars(span: Span, from: Date, to: Date) -> Vec<Bar> {
        market().bars("AAPL", span, (from, to), false, NOW).collect()
    }

    #[test]
    fn a_week_has_five_days_and_they_add_up() {
        let daily = bars(Span::Days(1), date(2026, 11, 9), date(2026, 11, 15));
        let weekly = bars(Span::Weeks(1), date(2026, 11, 9), date(2026, 11, 15));
        assert_eq!((daily.len(), weekly.len()), (5, 1));
        assert_eq!((weekly[0].open, weekly[0].close), (daily[0].open, daily[4].close));
        assert_eq!(weekly[0].high, daily.iter().map(|bar| bar.high).max().unwrap());
        assert!(
            daily.iter().all(|bar| bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close))
        );
    }

    #[test]
    fn a_session_has_thirteen_half_hours_and_nothing_is_later_than_now() {
        let day = date(2026, 11, 20);
        assert_eq!(bars(Span::Seconds(1800), day, day).len(), 13);
        let now = calendar::session(day, false).0 + 3600;
        assert_eq!(market().bars("AAPL", Span::Seconds(1800), (day, day), false, now).count(), 2);
    }

    #[test]
    fn today_has_a_bar_even_on_a_saturday_and_it_ends_at_the_live_price() {
        let today = date(2026, 11, 21);
        let mut market = market();
        assert!(market.pin("AAPL", Some(300.into()), Timestamp::from_second(NOW).unwrap()));
        for span in [Span::Days(1), Span::Seconds(300)] {
            let last = market.bars("AAPL", span, (today, today), false, NOW).last().unwrap();
            assert_eq!((last.close, last.high), (30_000, 30_000));
        }
    }

    #[test]
    fn months_group_and_thanksgiving_is_closed() {
        let monthly = bars(Span::Months(1), date(2025, 1, 15), date(2025, 12, 31));
        assert_eq!(monthly.len(), 12);
        assert_eq!(monthly[0].day, date(2025, 1, 1));
        assert_eq!(bars(Span::Months(3), date(2025, 2, 15), date(2025, 12, 31)).len(), 4);
        assert!(bars(Span::Days(1), date(2025, 11, 27), date(2025, 11, 27)).is_empty());
    }
}
