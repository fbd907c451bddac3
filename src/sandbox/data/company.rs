//! What a made-up company earns, owns and is worth. Every answer that tells of it takes its figures from here, so that they
//! agree with each other: its statements are parts of its revenue, a quarter of which is its net income.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::sandbox::market;
use crate::sandbox::market::instruments::{self, Instrument, Kind};
use crate::sandbox::market::noise::uniform;

/// A period that lies so many before the one of today.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Period {
    Quarter(i64),
    Year(i64),
}

pub(crate) struct Company {
    instrument: &'static Instrument,
    today: Date,
}

/// Revenue is so many times the net income.
const REVENUE: Decimal = Decimal::from_parts(4, 0, 0, false, 0);
const HUNDREDTHS: fn(i64) -> Decimal = |hundredths| Decimal::new(hundredths, 2);

impl Company {
    /// The company behind a ticker; funds, indices and the like have none.
    pub(crate) fn of(symbol: &str, today: Date) -> Option<Self> {
        let instrument = instruments::find(symbol).filter(|found| found.kind == Kind::Stock)?;
        Some(Self { instrument, today })
    }

    fn shares(&self) -> Decimal {
        Decimal::from(300 * self.instrument.volume)
    }

    /// Diluted earnings per share: those of a year are the sum of its quarters.
    pub(crate) fn eps(&self, period: Period) -> Decimal {
        let this = (i64::from(self.today.month()) - 1) / 3;
        match period {
            Period::Quarter(back) => self.eps_of_quarter(back),
            Period::Year(back) => (0..4).map(|quarter| self.eps_of_quarter(4 * back + this - quarter)).sum(),
        }
    }

    /// A fourth of what makes the usual price 10 to 30 times the earnings of a year, growing by a percent a quarter.
    fn eps_of_quarter(&self, back: i64) -> Decimal {
        let symbol = self.instrument.symbol;
        let multiple = 10 + uniform(symbol, "multiple", 0) * 20 / 1000;
        let growth = 1000 - 10 * back + uniform(symbol, "eps", back) / 25 - 20;
        let eps = market::decimal(self.instrument.cents) / Decimal::from(4 * multiple);
        (eps * Decimal::new(growth, 3)).round_dp(2).max(Decimal::new(1, 2))
    }

    pub(crate) fn eps_of_twelve_months(&self) -> Decimal {
        (1..=4).map(|back| self.eps_of_quarter(back)).sum()
    }

    /// What analysts expected of a quarter.
    pub(crate) fn expected_eps(&self, period: Period) -> Decimal {
        (self.eps(period) * HUNDREDTHS(97)).round_dp(2)
    }

    pub(crate) fn revenue(&self, period: Period) -> Decimal {
        self.eps(period) * self.shares() * REVENUE
    }

    /// The size of its balance sheet at the end of a period: the revenue of a year like that quarter.
    pub(crate) fn size(&self, period: Period) -> Decimal {
        let this = (i64::from(self.today.month()) - 1) / 3;
        let back = match period {
            Period::Quarter(back) => back,
            Period::Year(back) => 4 * back + this - 3,
        };
        self.revenue(Period::Quarter(back)) * Decimal::from(4)
    }

    /// A figure that compares its price with its statements, by its name; none if there is no such figure.
    pub(crate) fn ratio(&self, name: &str, price: Decimal) -> Option<Decimal> {
        let (eps, shares) = (self.eps_of_twelve_months(), self.shares());
        let (sales, size) = (eps * REVENUE, self.size(Period::Quarter(1)) / shares);
        let worth = price + size * (HUNDREDTHS(25) - Decimal::new(125, 3));
        let figure = match name {
            "eps" => eps,
            "pe" => price / eps,
            "price-to-sales" => price / sales,
            "price-to-book" => price / (size * HUNDREDTHS(60)),
            "price-to-cash-flow" => price / (sales * HUNDREDTHS(30)),
            "price-to-free-cash-flow" => price / (sales * HUNDREDTHS(24)),
            "dividend" => sales * HUNDREDTHS(4),
            "dividend-yield" => sales * HUNDREDTHS(4) / price,
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
