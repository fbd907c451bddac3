//! What analysts think of a stock. The firms take turns, and each change of a firm begins where its last one ended.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::sandbox::market;
use crate::sandbox::market::instruments::Instrument;
use crate::sandbox::market::noise::uniform;

/// Each firm with its own words, the worst first.
const FIRMS: [(&str, [&str; 3]); 4] = [
    ("Northgate Securities", ["Sell", "Hold", "Buy"]),
    ("Harbor & Pine", ["Underperform", "Neutral", "Outperform"]),
    ("Meridian Research", ["Underweight", "Equal Weight", "Overweight"]),
    ("Castellan Capital", ["Reduce", "Neutral", "Buy"]),
];

/// An opinion of a firm: how good, and what price it expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opinion {
    pub(crate) grade: &'static str,
    pub(crate) target: Decimal,
    rank: usize,
}

/// A change of a firm's opinion.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) firm: &'static str,
    pub(crate) now: Opinion,
    pub(crate) before: Opinion,
}

impl Change {
    /// The change of this number among all of a stock, the newest first; none of a negative number.
    pub(crate) fn of(instrument: &Instrument, number: i64) -> Option<Self> {
        let (turn, step) = (usize::try_from(number % 4).ok()?, number / 4);
        let (firm, grades) = FIRMS.get(turn)?;
        let opinion = |step: i64| {
            let random = |what: &str| uniform(instrument.symbol, &format!("{firm} {what}"), step);
            let rank = [120, 480].iter().filter(|bound| random("rating") >= **bound).count();
            let percent = 90 + 10 * i64::try_from(rank).ok()? + random("target") * 7 / 1000;
            let target = market::decimal(instrument.cents * percent / 100).round();
            Some(Opinion { grade: grades.get(rank)?, target, rank })
        };
        Some(Self { firm, now: opinion(step)?, before: opinion(step + 1)? })
    }

    /// Better, alike or worse than before.
    pub(crate) fn direction(&self) -> Ordering {
        self.now.rank.cmp(&self.before.rank)
    }

    /// The same of the expected price.
    pub(crate) fn target_direction(&self) -> Ordering {
        self.now.target.cmp(&self.before.target)
    }
}
