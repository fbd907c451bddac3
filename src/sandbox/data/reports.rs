//! When a company reports which quarter: the one rule behind the calendar, the statements, the ratios and the estimates.
//!
//! The next report is always a few days ahead, so that a calendar has rows on whichever day it is asked for.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::sandbox::market::calendar;
use crate::sandbox::market::instruments::{self, INSTRUMENTS, Kind};

/// No quarter is reported sooner after its end.
const DAYS_TO_REPORT: i64 = 10;

/// The reports of one company. Offsets count quarters from the one that is reported next: -1 is the last one reported.
pub(crate) struct Reports {
    next: Date,
    /// The last day of the quarter that is reported next.
    quarter: Date,
}

impl Reports {
    /// The companies report one after another, two days apart.
    pub(crate) fn of(symbol: &str, today: Date) -> Self {
        let company = instruments::find(symbol).map_or(symbol, |found| found.moves_with());
        let mut companies = INSTRUMENTS.iter().filter(|found| found.kind == Kind::Stock);
        let place = companies.position(|found| found.symbol == company).unwrap_or_default();
        let days = 1 + 2 * i64::try_from(place).unwrap_or_default();
        let next = calendar::open_day(calendar::plus_days(today, days));
        let ended = calendar::plus_days(next, -DAYS_TO_REPORT);
        let months_over = i64::from(ended.tomorrow().unwrap_or(ended).month() - 1) % 3;
        let month_after = ended.tomorrow().unwrap_or(ended).first_of_month();
        let quarter = calendar::plus_days(month_after.saturating_sub(months_over.months()), -1);
        Self { next, quarter }
    }

    /// The day of a report.
    pub(crate) fn day(&self, offset: i64) -> Date {
        calendar::open_day(self.next.saturating_add((3 * offset).months()))
    }

    /// The last day of a quarter.
    pub(crate) fn period(&self, offset: i64) -> Date {
        self.quarter.first_of_month().saturating_add((3 * offset).months()).last_of_month()
    }

    /// A year, so many from the one whose quarters are being reported: -1 is the last one reported whole.
    pub(crate) fn year(&self, offset: i64) -> i64 {
        i64::from(self.quarter.year()) + offset
    }

    /// The last quarter of a year.
    pub(crate) fn last_quarter(&self, year: i64) -> i64 {
        4 * year + 4 - (i64::from(self.quarter.month()) + 2) / 3
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::exchange;

    #[test]
    fn the_next_report_is_of_the_last_quarter_that_has_ended_and_lies_ahead() {
        for day in 0..800 {
            let today = calendar::plus_days(date(2026, 1, 1), day);
            for symbol in ["AAPL", "KO", "F", "BRK.A", "BRK.B", "SPY"] {
                let reports = Reports::of(symbol, today);
                assert!(reports.day(0) > today && reports.day(-1) <= today, "{symbol} {today}");
                for offset in -12..2 {
                    let (report, period) = (reports.day(offset), reports.period(offset));
                    let waited = (report - period).get_days();
                    assert!(
                        exchange::is_trading_day(report) && (9..110).contains(&waited),
                        "{symbol} {today} {period} {report}"
                    );
                }
                let last = reports.period(reports.last_quarter(-1));
                assert_eq!((i64::from(last.year()), last.month(), last.day()), (reports.year(-1), 12, 31));
                assert!(
                    reports.day(reports.last_quarter(-1)) <= today
                        && reports.day(reports.last_quarter(0)) > today
                );
            }
        }
        let reports = Reports::of("AAPL", date(2026, 11, 29));
        assert_eq!((reports.day(0), reports.period(0)), (date(2026, 11, 30), date(2026, 9, 30)));
    }
}
