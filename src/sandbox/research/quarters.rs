//! Quarters of the calendar, and a company's figures in them. For simplicity every fiscal year is a calendar year.

use jiff::civil::{Date, date};

use super::super::market::calendar;
use super::super::market::noise::uniform;
use super::companies::Company;
use crate::exchange;

/// One quarter of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quarter(i64);

impl Quarter {
    /// The quarter that a day belongs to.
    pub(crate) fn of(day: Date) -> Self {
        Self(i64::from(day.year()) * 4 + (i64::from(day.month()) - 1) / 3)
    }

    /// Some quarters earlier, or later.
    pub(crate) fn back(self, quarters: i64) -> Self {
        Self(self.0 - quarters)
    }

    /// Its year.
    pub(crate) fn year(self) -> i64 {
        self.0.div_euclid(4)
    }

    /// 1 to 4.
    pub(crate) fn number(self) -> i64 {
        self.0.rem_euclid(4) + 1
    }

    /// Its last day.
    pub(crate) fn end(self) -> Date {
        let year = i16::try_from(self.year()).unwrap_or(2000);
        let month = i8::try_from(self.number() * 3).unwrap_or(12);
        date(year, month, 1).last_of_month()
    }

    /// A number that no other quarter has, for noise.
    pub(crate) fn point(self) -> i64 {
        self.0
    }
}

/// A company's figures of a quarter or a year, in thousands of dollars.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Sales.
    pub(crate) revenue: i64,
    /// After the cost of sales.
    pub(crate) gross: i64,
    /// After the cost of operations.
    pub(crate) operating: i64,
    /// What is left.
    pub(crate) net: i64,
}

impl Company {
    /// What it earned in a quarter, or will have.
    ///
    /// Sales grow by about 2 % a quarter towards those of the table, which are those of about now.
    pub(crate) fn figures(&self, quarter: Quarter, today: Date) -> Figures {
        let back = Quarter::of(today).point() - quarter.point();
        let growth = (1_040 - 17 * back).max(150);
        let season = 970 + uniform(self.symbol, "sales", quarter.point()) * 60 / 1000;
        let revenue = self.sales * 250 * growth / 1000 * season / 1000;
        let (gross, operating, net) = self.margins;
        let margin = 960 + uniform(self.symbol, "margin", quarter.point()) * 80 / 1000;
        let part = |share: i64| revenue * share / 1000 * margin / 1000;
        Figures { revenue, gross: part(gross), operating: part(operating), net: part(net) }
    }

    /// The sum of the four quarters that end with this one.
    pub(crate) fn yearly(&self, last: Quarter, today: Date) -> Figures {
        (0..4).map(|back| self.figures(last.back(back), today)).fold(Figures::default(), |sum, one| Figures {
            revenue: sum.revenue + one.revenue,
            gross: sum.gross + one.gross,
            operating: sum.operating + one.operating,
            net: sum.net + one.net,
        })
    }

    /// Earnings per share in cents.
    pub(crate) fn per_share(&self, thousands: i64) -> i64 {
        thousands / (self.shares * 10).max(1)
    }

    /// When the quarter's figures come out: three to seven weeks after its end, on a trading day.
    pub(crate) fn report_day(&self, quarter: Quarter) -> Date {
        let days = 20 + uniform(self.symbol, "report", quarter.point()) * 25 / 1000;
        let mut day = calendar::plus_days(quarter.end(), days);
        while !exchange::is_trading_day(day) {
            day = calendar::plus_days(day, 1);
        }
        day
    }

    /// The last quarter whose figures are out.
    pub(crate) fn last_reported(&self, today: Date) -> Quarter {
        let this = Quarter::of(today);
        let out = |quarter: &Quarter| self.report_day(*quarter) <= today;
        (1..4).map(|back| this.back(back)).find(out).unwrap_or(this.back(4))
    }
}

#[cfg(test)]
mod tests {
    use super::super::companies::find;
    use super::*;

    #[test]
    fn quarters_count_across_years() {
        let quarter = Quarter::of(date(2026, 2, 14));
        assert_eq!((quarter.year(), quarter.number(), quarter.end()), (2026, 1, date(2026, 3, 31)));
        assert_eq!(quarter.back(1).end(), date(2025, 12, 31));
        assert!(quarter.back(1) < quarter);
    }

    #[test]
    fn figures_are_of_the_right_size_and_reported_in_time() {
        let (apple, today) = (find("AAPL").unwrap(), date(2026, 11, 21));
        let year = apple.yearly(apple.last_reported(today), today);
        assert!((380_000_000..460_000_000).contains(&year.revenue), "{}", year.revenue);
        assert!((600..900).contains(&apple.per_share(year.net)));
        assert_eq!(apple.last_reported(today).end(), date(2026, 9, 30));
    }
}
