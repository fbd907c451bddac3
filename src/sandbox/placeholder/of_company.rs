//! The placeholders that tell of a company: what it earns, when it reports, what it pays out, what analysts think of it.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Filler, date_text};
use crate::sandbox::answer::number;
use crate::sandbox::data::company::{Company, Period};
use crate::sandbox::data::dividends;
use crate::sandbox::data::indices::percent;
use crate::sandbox::data::opinions::Change;
use crate::sandbox::data::reports::Reports;
use crate::sandbox::market::instruments;

impl Filler<'_> {
    /// The outer option is empty if there is no such placeholder or it is not written well, the inner one if there is no
    /// such company.
    pub(super) fn of_company(&self, word: &str, rest: &str) -> Option<Option<Value>> {
        let (what, format) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "report" | "period" | "year-report" | "fiscal-year" => {
                self.reported(word, what, format).map(Some)
            }
            "dividend" | "ex-date" | "pay-date" | "declaration-date" => self.dividend(word, what),
            "opinion" => self.opinion(what, format),
            "eps"
            | "eps-of-year"
            | "eps-expected"
            | "eps-surprise"
            | "eps-surprise-percent"
            | "revenue"
            | "revenue-of-year"
            | "balance"
            | "paid-out"
            | "ratio" => self.figure(word, what, format),
            _ => None,
        }
    }

    fn figure(&self, word: &str, what: &str, factor: &str) -> Option<Option<Value>> {
        let Some(company) = Company::of(self.spot.subject, self.today()) else { return Some(None) };
        let factor: Decimal = if factor.is_empty() { Decimal::ONE } else { factor.parse().ok()? };
        let is_annual = ["freq", "timeframe"].iter().any(|name| self.call.asked(name) == Some("annual"));
        let period = || {
            let back = -self.offset(what)?;
            Some(if is_annual || word.ends_with("-of-year") {
                Period::Year(back)
            } else {
                Period::Quarter(back)
            })
        };
        let figure = match word {
            "ratio" => {
                let price = self.market.quote(self.spot.subject, self.call.now)?.previous_close;
                company.ratio(what, price)?
            }
            "eps" | "eps-of-year" => company.eps(period()?),
            "eps-expected" => company.expected_eps(period()?),
            "eps-surprise" => company.eps(period()?) - company.expected_eps(period()?),
            "eps-surprise-percent" => {
                let expected = company.expected_eps(period()?);
                percent(company.eps(period()?) - expected, expected)
            }
            "balance" => company.size(period()?),
            "paid-out" => company.paid_out(period()?),
            _ => company.revenue(period()?),
        };
        let figure = figure * factor;
        let places = match figure.abs() {
            small if small < Decimal::ONE && word == "ratio" => 4,
            large if large > Decimal::from(1_000_000) => 0,
            large if large > Decimal::from(1_000) => 3,
            _ => 2,
        };
        Some(Some(number(figure.round_dp(places))))
    }

    fn reported(&self, word: &str, offset: &str, format: &str) -> Option<Value> {
        let (offset, reports) = (self.offset(offset)?, Reports::of(self.spot.subject, self.today()));
        Some(match word {
            "report" => date_text(reports.day(offset), format),
            "period" => date_text(reports.period(offset), format),
            "year-report" => date_text(reports.day(reports.last_quarter(offset)), format),
            _ => json!(reports.year(offset)),
        })
    }

    fn dividend(&self, word: &str, offset: &str) -> Option<Option<Value>> {
        let (symbol, back) = (self.spot.subject, -self.offset(offset)?);
        let Some(day) = dividends::ex_day(symbol, self.today(), back) else { return Some(None) };
        Some(match word {
            "dividend" => dividends::amount(symbol, back).map(number),
            "ex-date" => Some(json!(day.to_string())),
            "pay-date" => Some(json!(dividends::pay_day(day).to_string())),
            _ => Some(json!(dividends::declaration_day(day).to_string())),
        })
    }

    /// A part of the change that has the number of the row; of three words the one that says whether it is for the better.
    fn opinion(&self, part: &str, words: &str) -> Option<Option<Value>> {
        let instrument = instruments::find(self.spot.subject);
        let Some(change) = instrument.and_then(|found| Change::of(found, self.spot.n)) else {
            return Some(None);
        };
        let word = |direction: Ordering| {
            let mut words = words.split('|');
            words.nth(match direction {
                Ordering::Greater => 0,
                Ordering::Equal => 1,
                Ordering::Less => 2,
            })
        };
        Some(Some(match part {
            "firm" => json!(change.firm),
            "grade" => json!(change.now.grade),
            "grade-before" => json!(change.before.grade),
            "target" => number(change.now.target),
            "target-before" => number(change.before.target),
            "move" => json!(word(change.direction())?),
            "target-move" => json!(word(change.target_direction())?),
            _ => return None,
        }))
    }
}
