//! The placeholders that tell prices: each by the market's own, so that answers agree with each other.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Filler;
use crate::exchange::{self, Hours};
use crate::sandbox::answer::number;
use crate::sandbox::data::dollars;
use crate::sandbox::data::indices::percent;
use crate::sandbox::market::bars::Bar;
use crate::sandbox::market::contracts::{self, Contract};
use crate::sandbox::market::{self, calendar, instruments, noise, pricing};

impl Filler<'_> {
    /// A figure of prices: the outer option is empty if there is no such placeholder, the inner one if there is no price.
    pub(super) fn priced(&self, word: &str, rest: &str) -> Option<Option<Value>> {
        let (first, part) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "quote" => self.quote(rest, self.call.now),
            "at" => self.quote(self.any(part), self.moment(first)?),
            "bar" => self.bar_of(first, self.any(part)),
            "candle" => {
                let (seconds, part) = part.split_once(' ')?;
                let (begin, seconds) = (self.moment(first)?.as_second(), seconds.parse::<i64>().ok()?);
                let now = self.call.now.as_second();
                self.part_of(self.market.bar_between(self.traded(), begin, begin + seconds, now), part)
            }
            "traded" => self.traded_in(rest),
            "52-weeks" => self.year(rest),
            "near" => Some(self.near(usize::try_from(self.offset(first)?).ok()?).map(|osi| json!(osi))),
            "IV" => Some(self.implied_volatility()),
            "open-interest" => Some(Some(json!(self.market.open_interest(self.traded(), self.call.now)))),
            "session" => {
                let (open, closed) = rest.split_once('|')?;
                let is_open = self.market.is_open(Hours::Regular, self.call.now);
                Some(Some(json!(if is_open { open } else { closed })))
            }
            _ => None,
        }
    }

    pub(super) fn price(&self, factors: &str) -> Option<Value> {
        let factor = match factors.contains(' ') {
            true => self.between(factors)?,
            false => factors.parse().ok()?,
        };
        let usual = instruments::find(self.traded()).map(|found| market::decimal(found.cents));
        let price = usual.or_else(|| Some(self.market.quote(self.traded(), self.call.now)?.last));
        Some(number((price.unwrap_or(Decimal::ONE_HUNDRED) * factor).round_dp(2)))
    }

    /// The symbol as the market knows it.
    pub(super) fn traded(&self) -> &str {
        self.spot.subject.strip_prefix("O:").unwrap_or(self.spot.subject)
    }

    pub(super) fn contract(&self) -> Option<Contract> {
        self.market.contract(self.traded(), self.call.now)
    }

    /// The symbol whose price a part is.
    fn priced_symbol(&self, part: &str) -> String {
        let contract = (part == "underlying").then(|| self.contract()).flatten();
        contract.map_or_else(|| self.traded().to_owned(), |contract| contract.underlying)
    }

    fn quote(&self, part: &str, at: Timestamp) -> Option<Option<Value>> {
        let symbol = self.priced_symbol(part);
        let Some(quote) = self.market.quote(&symbol, at) else { return Some(None) };
        Some(Some(match part {
            "last" | "underlying" => number(quote.last),
            "bid" => number(quote.bid),
            "ask" => number(quote.ask),
            "mid" => number((quote.bid + quote.ask) / Decimal::TWO),
            "bid-size" => json!(quote.bid_size),
            "ask-size" => json!(quote.ask_size),
            "previous-close" => number(quote.previous_close),
            "change" => number(quote.last - quote.previous_close),
            "change-percent" => number(percent(quote.last - quote.previous_close, quote.previous_close)),
            _ => return None,
        }))
    }

    /// A trade of the row: a few a day, the newest first, each within the hours of its day and before now.
    fn traded_in(&self, part: &str) -> Option<Option<Value>> {
        const A_DAY: i64 = 3;
        let now = self.market.last_open(Hours::Regular, self.call.now);
        let (back, turn) = (self.spot.n / A_DAY, self.spot.n % A_DAY);
        let day = (0..back).fold(market::today(now), |day, _| calendar::trading_day_before(day));
        let (open, close) = self.market.session(day, false, now.as_second());
        let random = |purpose: &str| noise::uniform(self.traded(), purpose, self.spot.n);
        let passed = 1000 * (A_DAY - turn) - random("traded") * 9 / 10;
        let second = open + (close.min(now.as_second()) - 1 - open).max(0) * passed / (1000 * A_DAY);
        let at = calendar::instant(second);
        let volume = || self.market.day_bar(self.traded(), day, now).map_or(1, |bar| bar.volume.max(1));
        Some(Some(match part {
            "day" => json!(day.to_string()),
            "time" => json!(at.to_zoned(exchange::zone()).strftime("%H:%M:%S").to_string()),
            "moment" => json!(at),
            "seconds" => json!(second),
            "volume" => json!(volume()),
            "size" => json!((volume() * (50 + random("size") * 3 / 10) / 1000).max(1)),
            _ => return self.quote(self.any(part), at),
        }))
    }

    /// A bar of one day: `today` with the prices of now, the one `before` it, that of the `asked` date, or so many trading
    /// days ago.
    fn bar_of(&self, day: &str, part: &str) -> Option<Option<Value>> {
        let now = self.call.now;
        let symbol = self.priced_symbol(part);
        let of = |day: Date| self.market.day_bar(&symbol, day, now);
        let bar = match day {
            "today" => self.market.running_day(&symbol, now),
            "before" => of(calendar::trading_day_before(self.market.day(now))),
            "asked" => self.call.asked("date").and_then(|day| of(day.parse().ok()?)),
            offset => of(self.date("trading-day", offset)?),
        };
        self.part_of(bar, part)
    }

    fn part_of(&self, bar: Option<Bar>, part: &str) -> Option<Option<Value>> {
        let Some(bar) = bar else { return Some(None) };
        let (bid, ask) = pricing::bid_and_ask(bar.close);
        Some(Some(match part {
            "open" => dollars(bar.open),
            "high" => dollars(bar.high),
            "low" => dollars(bar.low),
            "close" | "underlying" => dollars(bar.close),
            "bid" => dollars(bid),
            "ask" => dollars(ask),
            "mid" => number(market::decimal(bid + ask) / Decimal::TWO),
            "volume" => json!(bar.volume),
            "start" => json!(bar.start * 1000),
            _ => return None,
        }))
    }

    /// What happened to the price in the last 52 weeks.
    fn year(&self, part: &str) -> Option<Option<Value>> {
        let now = self.call.now.as_second();
        let days = (calendar::plus_days(self.today(), -364), self.today());
        let bars: Vec<Bar> =
            self.market.bars(self.traded(), market::bars::Span::Days(1), days, false, now).collect();
        let highest = bars.iter().max_by_key(|bar| bar.high);
        let lowest = bars.iter().min_by_key(|bar| bar.low);
        let (Some(highest), Some(lowest), Some(first), Some(last)) =
            (highest, lowest, bars.first(), bars.last())
        else {
            return Some(None);
        };
        let gain = market::decimal(last.close) - market::decimal(first.close);
        Some(Some(match part {
            "high" => dollars(highest.high),
            "high-day" => json!(highest.day.to_string()),
            "low" => dollars(lowest.low),
            "low-day" => json!(lowest.day.to_string()),
            "return" => number(percent(gain, market::decimal(first.close))),
            _ => return None,
        }))
    }

    /// The OSI symbol of the call nearest to the money, of one of the next expirations.
    fn near(&self, expiration: usize) -> Option<String> {
        let instrument = instruments::find(self.traded())?;
        let day = *calendar::expirations(self.today()).get(expiration)?;
        let usual = market::decimal(instrument.cents);
        let strike =
            contracts::strikes(instrument).into_iter().min_by_key(|strike| (*strike - usual).abs())?;
        Some(Contract::new(instrument.symbol, day, true, strike).osi())
    }

    fn implied_volatility(&self) -> Option<Value> {
        let contract = self.contract()?;
        let spot = self.market.quote(&contract.underlying, self.call.now)?;
        let value = pricing::value(&contract, market::cents(spot.last)?, spot.at.as_second());
        Some(json!((value.volatility * 1e6).round() / 1e6))
    }
}
