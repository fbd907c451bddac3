//! What stands in braces in the texts of an answer file.
//!
//! | placeholder | becomes |
//! | --- | --- |
//! | `{symbol}` | the symbol or id that was asked for, or else that of the row |
//! | `{name}`, `{sector}`, `{venue}`, `{type}` | what is known of this symbol |
//! | `{feed}`, `{volume}` | `OK` or `DELAYED`, the kind of its data; the shares on an ordinary day, times a factor |
//! | `{quote last}` | its quote: `last`, `bid`, `ask`, `mid`, `bid-size`, `ask-size`, `previous-close`, `change`, `change-percent` |
//! | `{at -60n bid}` | the same of a moment, so many seconds from the beginning of this hour; `underlying` is that of a contract |
//! | `{bar -1 close}` | its bar of so many trading days ago: `open`, `high`, `low`, `close`, `volume`, `start`, and `bid`, `ask`, `mid`, `underlying` at the close; of the day as it is now with `today`, of the day before that with `before`, of the asked `date` with `asked` |
//! | `{traded size}` | of a trade of this day or one before, three a day, the newest first: `day`, `time`, `seconds`, `moment`, `size`, the day's `volume`, and what `at` tells of its moment |
//! | `{candle -90 45 open}` | its bar of so many seconds from a moment on |
//! | `{52-weeks high}` | its `high`, `low`, `high-day`, `low-day`, `return` of 52 weeks |
//! | `{near n}` | its call nearest to the money, of a listed option expiration |
//! | `{IV}`, `{open-interest}` | of a contract, as the chain has them |
//! | `{session OPEN\|CLOSED}` | the first text while the market is open |
//! | `{exchange}` | the name of the exchange |
//! | `{= price * size * 100}` | a figure of other members of the row, from left to right |
//! | `{same KEY any A\|B}` | a placeholder whose random choice is that of all with this key in the row; a part of a price may be a choice too |
//! | `{underlying}`, `{strike}`, `{expiry}`, `{side CALL\|PUT}` | what a contract is |
//! | `{price 0.9}`, `{price 0.9 1.1}` | its usual price, times a factor, or times a random factor between two |
//! | `{report -n-1}`, `{period -n-1}` | the day on which a company reports a quarter, and the last day of that quarter: 0 for the one that is reported next |
//! | `{fiscal-year -n-1}`, `{year-report -n-1}` | a year, 0 for the one that is being reported, and the day of its last report |
//! | `{eps -n-1}`, `{eps -n-1 0.97}`, `{eps-of-year -n-1}` | earnings per share of such a quarter (of a year, if `annual` was asked), times a factor |
//! | `{eps-expected -n-1}`, `{eps-surprise -n-1}`, `{eps-surprise-percent -n-1}` | what was expected of them, and the difference |
//! | `{revenue -n-1 0.56}`, `{revenue-of-year -n-1}` | the revenue of such a period, times a factor |
//! | `{balance -n-1 0.6}` | the size of its balance sheet at the end of such a period, times a factor |
//! | `{paid-out -n-1 -1}` | the dividends that it paid in such a period, times a factor |
//! | `{dividend -n}`, `{ex-date -n}`, `{pay-date -n}`, `{declaration-date -n}` | a dividend per share and its days, 0 for the next; nothing of who pays none |
//! | `{opinion firm}` | of the analysts' change with the number of the row: `firm`, `grade`, `grade-before`, `target`, `target-before`, `move up\|main\|down`, `target-move Raises\|Maintains\|Lowers` |
//! | `{ratio pe}`, `{ratio market-cap 0.000001}` | a figure of `data::company`, times a factor |
//! | `{asked NAME}`, `{asked NAME\|OTHER}` | what was asked as the parameter NAME, or else OTHER |
//! | `{between 10 20}`, `{between 1.00 2.00 -0.05}` | a random number, rising by the third with each row |
//! | `{any A\|B\|C}` | one of these texts at random |
//! | `{text price 0.9}`, `{whole price 0.9}` | a placeholder's number as text; rounded |
//! | `{n}`, `{number 100n+p}` | the number of the row, from 0; an offset as it is |
//! | `{day -7n}` | a date, so many days from today |
//! | `{open-day -7n}` | the same, or the next trading day if the market is closed then |
//! | `{trading-day -n-1}` | a date, so many trading days from today |
//! | `{day-before}` | the date of the previous close |
//! | `{quarter -n}` | the last day of a quarter, so many quarters from this one |
//! | `{expiration n}` | the date of a listed option expiration, 0 for the next |
//! | `{year -n}` | a year |
//! | `{clock -n-1 09:41}` | the seconds since 1970 of such a trading day and time |
//! | `{time -3600n}` | a moment, so many seconds from the beginning of this hour |
//! | `{seconds -3600n}`, `{milliseconds}`, `{nanoseconds}` | the same as a number since 1970 |
//! | `{now}` | the moment of the request, in nanoseconds since 1970 |
//! | `{count}`, `{pages}` | rows and pages of the list before, over all pages |
//! | `{next}`, `{next-url}` | where its next page begins; the member is left out on the last page |
//!
//! Offsets are sums of whole numbers, of which `n` is the number of the row, `s` the number of its symbol among those of the
//! list, and `p` that among all instruments. A date or a
//! moment may be followed by a format of `strftime` (with `%s` for the seconds since 1970). "Random" is the same for the
//! same symbol, member and row in every run. A text that is one placeholder alone becomes a number where its value is one.

mod of_company;
mod priced;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::sandbox::Call;
use crate::sandbox::answer::number;
use crate::sandbox::market::noise::uniform;
use crate::sandbox::market::{self, Market, calendar, instruments};
use crate::sandbox::paging::Page;

#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The symbol or id that this part of the answer is about.
    pub(super) subject: &'a str,
    /// Name of the member.
    pub(super) key: &'a str,
    /// Number of the row.
    pub(super) n: i64,
    /// Number of the symbol among `$symbols`.
    pub(super) s: i64,
    /// The members of the row that are known already.
    pub(super) row: Option<&'a Map<String, Value>>,
}

/// Fills in a text; none if a placeholder in it has no value. The error names a placeholder that is wrong.
pub(super) fn fill(
    text: &str,
    call: &Call,
    market: &Market,
    page: Option<&Page>,
    spot: Spot,
) -> Result<Option<Value>, String> {
    let filler = Filler { call, market, page, spot };
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) =
            behind.split_once('}').ok_or_else(|| format!("{text}: a brace is not closed"))?;
        let Some(value) = filler.value(inside).ok_or_else(|| format!("{{{inside}}} is no placeholder"))?
        else {
            return Ok(None);
        };
        if inside.len() + 2 == text.len() {
            return Ok(Some(value));
        }
        filled.push_str(before);
        filled.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        rest = after;
    }
    filled.push_str(rest);
    Ok(Some(Value::String(filled)))
}

struct Filler<'a> {
    call: &'a Call,
    market: &'a Market,
    page: Option<&'a Page>,
    spot: Spot<'a>,
}

impl Filler<'_> {
    /// The value of a placeholder: the outer option is empty if there is no such placeholder, the inner one if it has
    /// nothing to say.
    fn value(&self, inside: &str) -> Option<Option<Value>> {
        let (word, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        let (offset, format) = rest.split_once(' ').unwrap_or((rest, ""));
        let instrument = instruments::find(self.spot.subject);
        Some(Some(match word {
            "symbol" => json!(self.spot.subject),
            "name" => match self.contract() {
                Some(contract) => json!(contract.description()),
                None => json!(instrument.map_or(self.spot.subject, |found| found.name)),
            },
            "underlying" => json!(self.contract()?.underlying),
            "strike" => number(self.contract()?.strike),
            "expiry" => json!(self.contract()?.expiration.to_string()),
            "side" => {
                let (call, put) = rest.split_once('|')?;
                json!(if self.contract()?.call { call } else { put })
            }
            "sector" => json!(instrument.map_or("", |found| found.sector)),
            "venue" => json!(instrument.map_or("OPRA", |found| found.venue)),
            "type" => json!(instrument.map_or("option", |found| found.kind.chart_word())),
            "feed" => json!(instrument.map_or("OK", |found| found.status())),
            "exchange" => json!(instrument.map_or("OPRA", |found| found.exchange())),
            "volume" => {
                let factor = if rest.is_empty() { Decimal::ONE } else { rest.parse().ok()? };
                number(Decimal::from(instrument.map_or(0, |found| found.volume)) * factor)
            }
            "same" => {
                let (key, rest) = rest.split_once(' ')?;
                return Filler { spot: Spot { key, ..self.spot }, ..*self }.value(rest);
            }
            "=" => return self.computed(rest),
            "price" => self.price(rest)?,
            "asked" => {
                let (name, other) =
                    rest.split_once('|').map_or((rest, None), |(name, other)| (name, Some(other)));
                return Some(self.call.asked(name).or(other).map(|text| json!(text)));
            }
            "between" => number(self.between(rest)?),
            "text" => {
                let value = self.value(rest)?;
                return Some(
                    value.map(|value| json!(value.as_str().map_or_else(|| value.to_string(), str::to_owned))),
                );
            }
            "whole" => {
                let Some(value) = self.value(rest)? else { return Some(None) };
                json!(value.as_f64().or_else(|| value.as_str()?.parse().ok())?.round() as i64)
            }
            "any" => json!(self.any(rest)),
            "n" => json!(self.spot.n),
            "number" => json!(self.offset(rest)?),
            "year" => json!(i64::from(self.today().year()) + self.offset(offset)?),
            "day" | "open-day" | "trading-day" | "day-before" | "quarter" | "expiration" => {
                date_text(self.date(word, offset)?, format)
            }
            "time" if format.is_empty() => json!(self.moment(offset)?),
            "time" => json!(self.moment(offset)?.strftime(format).to_string()),
            "clock" => json!(self.clock(offset, format)?),
            "seconds" => json!(self.moment(offset)?.as_second()),
            "milliseconds" => json!(self.moment(offset)?.as_millisecond()),
            "nanoseconds" => json!(i64::try_from(self.moment(offset)?.as_nanosecond()).ok()?),
            "now" => json!(i64::try_from(self.call.now.as_nanosecond()).ok()?),
            "count" => json!(self.page?.count),
            "pages" => json!(self.page?.count.div_ceil(self.page?.size)),
            "next" => return Some(self.page?.next.map(|at| json!(at.to_string()))),
            "next-url" => return Some(self.page?.next_url(self.call).map(|url| json!(url))),
            _ => return self.of_company(word, rest).or_else(|| self.priced(word, rest)),
        }))
    }

    fn today(&self) -> Date {
        market::today(self.call.now)
    }

    /// A number of 0 to 999 that belongs to this symbol, member and row.
    fn random(&self) -> i64 {
        uniform(self.spot.subject, self.spot.key, self.spot.n)
    }

    fn any<'a>(&self, words: &'a str) -> &'a str {
        let words: Vec<&str> = words.split('|').collect();
        let at = usize::try_from(self.random()).unwrap_or(0) * words.len() / 1000;
        words.get(at).copied().unwrap_or_default()
    }

    fn between(&self, bounds: &str) -> Option<Decimal> {
        let bounds: Vec<Decimal> = bounds.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
        let (low, high) = (*bounds.first()?, *bounds.get(1)?);
        let rise = bounds.get(2).copied().unwrap_or_default() * Decimal::from(self.spot.n);
        let share = Decimal::new(self.random(), 3);
        Some((low + (high - low) * share + rise).round_dp(low.scale().max(high.scale())))
    }

    /// What members of the row that stand before it come to, from left to right: `price * size * 100`. An operand may be a
    /// number, or the `last` price.
    fn computed(&self, formula: &str) -> Option<Option<Value>> {
        let operand = |word: &str| {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let member = self.spot.row.and_then(|row| row.get(word)).map(text);
            let last = || Some(self.market.quote(self.traded(), self.call.now)?.last);
            if word == "last" { last() } else { member.unwrap_or_else(|| word.to_owned()).parse().ok() }
        };
        let mut words = formula.split(' ');
        let mut total = operand(words.next()?);
        while let Some(sign) = words.next() {
            let other: Option<Decimal> = operand(words.next()?);
            total = total.zip(other).and_then(|(total, other)| match sign {
                "+" => total.checked_add(other),
                "-" => total.checked_sub(other),
                "*" => total.checked_mul(other),
                "/" => total.checked_div(other),
                _ => None,
            });
        }
        Some(total.map(|total| number(total.round_dp(2))))
    }

    fn date(&self, word: &str, offset: &str) -> Option<Date> {
        let (offset, today) = (self.offset(offset)?, self.today());
        Some(match word {
            "trading-day" if offset < 0 => {
                (offset..0).fold(today, |day, _| calendar::trading_day_before(day))
            }
            "day-before" => calendar::trading_day_before(self.market.day(self.call.now)),
            "open-day" => calendar::open_day(calendar::plus_days(today, offset)),
            "quarter" => {
                let month = (i64::from(today.month()) + 2) / 3 * 3 + 3 * offset;
                Date::new(today.year(), 1, 1).ok()?.saturating_add((month - 1).months()).last_of_month()
            }
            "expiration" => *calendar::expirations(today).get(usize::try_from(offset).ok()?)?,
            _ => calendar::plus_days(today, offset),
        })
    }

    /// The Unix second of a time such as `09:41` on a trading day.
    fn clock(&self, offset: &str, time: &str) -> Option<i64> {
        let (hours, minutes) = time.split_once(':')?;
        let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
        let day = self.date("trading-day", offset)?;
        Some(calendar::midnight(day) + 3600 * hours + 60 * minutes)
    }

    fn moment(&self, offset: &str) -> Option<Timestamp> {
        let now = self.call.now.as_second();
        Some(calendar::instant(now - now.rem_euclid(3600) + self.offset(offset)?))
    }

    /// Reads an offset such as `-7n+3`; 0 if it is empty.
    fn offset(&self, text: &str) -> Option<i64> {
        let terms = text.replace('-', "+-");
        terms.split('+').filter(|term| !term.is_empty()).try_fold(0, |sum: i64, term| {
            let place = || instruments::place(self.spot.subject).unwrap_or_default();
            let (times, unit) = match term.as_bytes().last() {
                Some(b'n') => (term.trim_end_matches('n'), self.spot.n),
                Some(b's') => (term.trim_end_matches('s'), self.spot.s),
                Some(b'p') => (term.trim_end_matches('p'), place()),
                _ => (term, 1),
            };
            let value = match times {
                "" => unit,
                "-" => -unit,
                times => times.parse::<i64>().ok()? * unit,
            };
            Some(sum + value)
        })
    }
}

/// A date in a format; digits alone become a number.
fn date_text(day: Date, format: &str) -> Value {
    if format.is_empty() {
        return json!(day.to_string());
    }
    let midnight = day.to_zoned(TimeZone::UTC).map(|zoned| zoned.strftime(format).to_string());
    let text = midnight.unwrap_or_default();
    text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, n: i64) -> Result<Option<Value>, String> {
        let now = Timestamp::from_second(1_795_265_355).unwrap();
        let call = Call::from_within("", "freq=annual", now);
        let page = Page { count: 25, size: 10, next: None };
        let spot = Spot { subject: "AAPL", key: "x", n, s: 2, row: None };
        fill(text, &call, &Market::new(now), Some(&page), spot)
    }

    #[test]
    fn each_placeholder_has_its_value() {
        // Saturday, 21 November 2026, 12:49:15 UTC.
        for (text, expected) in [
            ("{symbol} is {name}", json!("AAPL is Apple Inc.")),
            ("{sector} {venue} {type}", json!("Technology XNAS stock")),
            ("{asked freq}", json!("annual")),
            ("{asked page|1}", json!("1")),
            ("{n}", json!(3)),
            ("{number 100n+p+7}", json!(307)),
            ("{period 0} by {report 0}", json!("2026-09-30 by 2026-11-23")),
            ("{period -n %q}", json!(4)),
            ("{fiscal-year -1}", json!(2025)),
            ("{year-report -1}", json!("2026-02-23")),
            ("{clock -1 09:30}", json!(1_795_185_000)),
            ("{day -7n+1}", json!("2026-11-01")),
            ("{day s} 00:00:00", json!("2026-11-23 00:00:00")),
            ("{trading-day -n+2}", json!("2026-11-20")),
            ("{quarter -n}", json!("2026-03-31")),
            ("{quarter -1 %Y}", json!(2026)),
            ("{quarter -n %q}", json!(1)),
            ("{expiration 0 %y%m%d}", json!(261_127)),
            ("AAPL{expiration 0 %y%m%d}C00270000", json!("AAPL261127C00270000")),
            ("{year -n}", json!(2023)),
            ("{time -3600}", json!("2026-11-21T11:00:00Z")),
            ("{time 0 %H:%M}", json!("12:00")),
            ("{seconds 60}", json!(1_795_262_460)),
            ("{milliseconds}", json!(1_795_262_400_000_i64)),
            ("{any A}", json!("A")),
            ("{text n}", json!("3")),
            ("{whole price 1.001}", json!(270)),
            ("{count} on {pages}", json!("25 on 3")),
        ] {
            assert_eq!(filled(text, 3), Ok(Some(expected)), "{text}");
        }
        assert_eq!(filled("{next-url}", 0), Ok(None));
        assert_eq!(filled("{asked sort}", 0), Ok(None));
    }

    #[test]
    fn random_numbers_stay_between_their_bounds_and_repeat() {
        for n in 0..50 {
            let value = filled("{between 1.00 2.00 0.5}", n).unwrap().unwrap();
            let base = value.as_f64().unwrap() - 0.5 * f64::from(i32::try_from(n).unwrap());
            assert!((1.0..=2.0).contains(&base), "{n}: {value}");
            assert_eq!(filled("{between 1.00 2.00 0.5}", n), Ok(Some(value)));
        }
        let price = filled("{price 1.1}", 0).unwrap().unwrap().as_f64().unwrap();
        assert!((296.9..297.1).contains(&price), "{price}");
    }

    #[test]
    fn a_wrong_placeholder_is_named() {
        for wrong in ["{colour}", "{day tomorrow}", "{between 1}", "{symbol"] {
            assert!(filled(wrong, 0).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
