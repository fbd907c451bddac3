//! What a made-up company earns, owns and is worth. Every answer that tells of it takes its figures from here, so that they
//! agree with each other: its statements are parts of its revenue, a quarter of which is its net income.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::dividends;
use super::reports::Reports;
use crate::sandbox::market;
use crate::sandbox::market::instruments::{self, Instrument, Kind};
use crate::sandbox::market::noise::uniform;

/// A period that lies so many before the one that is reported next.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Period {
    Quarter(i64),
    Year(i64),
}

pub(crate) struct Company {
    instrument: &'static Instrument,
    /// How many shares of it there are, which makes its value of the price.
    shares: Decimal,
    /// So many times the earnings of a year is its usual price.
    multiple: i64,
    reports: Reports,
}

/// Shares in thousands and the multiple of each company; those of a class are what the whole company would have of it.
#[rustfmt::skip]
const COMPANIES: &[(&str, i64, i64)] = &[
    ("AAPL", 14_800_000, 34), ("MSFT", 7_430_000, 33), ("NVDA", 24_300_000, 45), ("TSLA", 3_200_000, 60),
    ("AMZN", 10_700_000, 32), ("GOOGL", 12_100_000, 27), ("META", 2_520_000, 28), ("KO", 4_300_000, 24),
    ("JPM", 2_720_000, 15), ("XOM", 4_260_000, 16), ("DIS", 1_800_000, 18), ("PFE", 5_690_000, 15),
    ("INTC", 4_770_000, 40), ("F", 3_980_000, 11), ("AMD", 1_630_000, 55), ("NFLX", 4_240_000, 42),
    ("BA", 760_000, 45), ("T", 7_100_000, 10), ("V", 1_930_000, 31), ("WMT", 7_970_000, 38),
    ("CVX", 2_010_000, 17), ("JNJ", 2_410_000, 20), ("GE", 1_060_000, 42), ("BRK.B", 2_157_000, 15),
    ("BRK.A", 1_438, 15),
];

/// Revenue is so many times the net income.
const REVENUE: Decimal = Decimal::from_parts(4, 0, 0, false, 0);
const HUNDREDTHS: fn(i64) -> Decimal = |hundredths| Decimal::new(hundredths, 2);

impl Company {
    /// The company behind a ticker; funds, indices and the like have none.
    pub(crate) fn of(symbol: &str, today: Date) -> Option<Self> {
        let instrument = instruments::find(symbol).filter(|found| found.kind == Kind::Stock)?;
        let (_, thousands, multiple) = COMPANIES.iter().find(|(company, ..)| *company == symbol)?;
        let shares = Decimal::from(1_000 * thousands);
        Some(Self { instrument, shares, multiple: *multiple, reports: Reports::of(symbol, today) })
    }

    /// Sums up a figure of a quarter, or of the four of a year.
    fn over(&self, period: Period, of_quarter: impl Fn(i64) -> Decimal) -> Decimal {
        match period {
            Period::Quarter(back) => of_quarter(back),
            Period::Year(back) => {
                let last = -self.reports.last_quarter(-back);
                (last..last + 4).map(of_quarter).sum()
            }
        }
    }

    /// Diluted earnings per share: those of a year are the sum of its quarters.
    pub(crate) fn eps(&self, period: Period) -> Decimal {
        self.over(period, |back| self.eps_of_quarter(back))
    }

    /// A fourth of what its usual price is a multiple of, growing by a percent a quarter.
    fn eps_of_quarter(&self, back: i64) -> Decimal {
        let growth = 1000 - 10 * back + uniform(self.instrument.moves_with(), "eps", back) / 25 - 20;
        let eps = market::decimal(self.instrument.cents) / Decimal::from(4 * self.multiple);
        (eps * Decimal::new(growth, 3)).round_dp(2).max(Decimal::new(1, 2))
    }

    /// The earnings of the four quarters reported last.
    pub(crate) fn eps_of_twelve_months(&self) -> Decimal {
        (1..=4).map(|back| self.eps_of_quarter(back)).sum()
    }

    /// What analysts expected of a quarter.
    pub(crate) fn expected_eps(&self, period: Period) -> Decimal {
        (self.eps(period) * HUNDREDTHS(97)).round_dp(2)
    }

    pub(crate) fn revenue(&self, period: Period) -> Decimal {
        self.eps(period) * self.shares * REVENUE
    }

    /// What it paid out in a period: one payment in each quarter.
    pub(crate) fn paid_out(&self, period: Period) -> Decimal {
        let paid = |back| dividends::amount(self.instrument.symbol, back).unwrap_or_default();
        self.over(period, paid) * self.shares
    }

    /// The size of its balance sheet at the end of a period: the revenue of a year like that quarter.
    pub(crate) fn size(&self, period: Period) -> Decimal {
        let back = match period {
            Period::Quarter(back) => back,
            Period::Year(back) => -self.reports.last_quarter(-back),
        };
        self.revenue(Period::Quarter(back)) * Decimal::from(4)
    }

    /// A figure that compares its price with its statements, by its name; none if there is no such figure.
    pub(crate) fn ratio(&self, name: &str, price: Decimal) -> Option<Decimal> {
        let (eps, shares) = (self.eps_of_twelve_months(), self.shares);
        let dividend = dividends::of_a_year(self.instrument.symbol);
        let (sales, size) = (eps * REVENUE, self.size(Period::Quarter(1)) / shares);
        let worth = price + size * (HUNDREDTHS(25) - Decimal::new(125, 3));
        let figure = match name {
            "eps" => eps,
            "pe" => price / eps,
            "price-to-sales" => price / sales,
            "price-to-book" => price / (size * HUNDREDTHS(60)),
            "price-to-cash-flow" => price / (sales * HUNDREDTHS(30)),
            "price-to-free-cash-flow" => price / (sales * HUNDREDTHS(24)),
            "dividend" => dividend,
            "dividend-yield" => dividend / price,
            "return-on-assets" => eps / (size * HUNDREDTHS(130)),
            "return-on-equity" => eps / (size * HUNDREDTHS(60)),
            "debt-to-equity" => HUNDREDTHS(25) / HUNDREDTHS(60),
            "current" => HUNDREDTHS(40) / HUNDREDTHS(30),
            "cash" => Decimal::new(125, 3) / HUNDREDTHS(30),
            "shares" => shares,
            "market-cap" => price * shares,
            "enterprise-value" => worth * shares,
            "ev-to-sales" => worth / sales,
            "ev-to-ebitda" => worth / (sales * Decimal::new(352, 3)),
            "free-cash-flow" => sales * shares * HUNDREDTHS(24),
            _ => return None,
        };
        Some(figure)
    }
}
