//! The market socket: prices of stocks, contracts and indices, and the status of the market.

use std::borrow::Cow;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::about::About;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints::MARKET_SOCKET;
use crate::aries::json::Object;
use crate::aries::model::Quote;
use crate::aries::quotes::{self, Need};
use crate::aries::symbols::Symbol;
use crate::aries::{Aries, time};
use crate::clock;
use crate::error::Result;
use crate::timing::Sockets;

/// How long a dated price counts more than one without a time.
const DATED: SignedDuration = SignedDuration::from_mins(2);

/// Names the status of the market, which comes unasked after each sign-in and at each change.
pub(crate) const STATUS: &str = "marketStatus";

pub(crate) struct Market;

/// What is known of the price of one symbol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ticker {
    pub(crate) quote: Quote,
    /// The lowest and the highest price of the day.
    pub(crate) low: Option<Decimal>,
    pub(crate) high: Option<Decimal>,
    /// The status of the market as JSON and when it was told, where this is about that.
    pub(crate) status: Option<(String, Timestamp)>,
}

impl About for Market {
    type State = Ticker;
    type News = Ticker;
    type Polled = Quote;

    const ASKS_AT_ONCE: bool = true;

    fn endpoint() -> &'static Endpoint {
        &MARKET_SOCKET
    }

    fn subscribe(key: &str) -> Option<Value> {
        let symbol = Symbol::parse(key).ok().filter(|_| key != STATUS)?;
        let kind = if matches!(symbol, Symbol::Option(_)) { "option" } else { "equity" };
        Some(json!([{"symbol": key, "symbolType": kind, "quoteFields": "*", "tradeFields": "*"}]))
    }

    fn unsubscribe(key: &str) -> Option<Value> {
        Some(json!([key])).filter(|_| key != STATUS)
    }

    fn name<'p>(payload: &Object<'p>) -> Option<Cow<'p, str>> {
        payload.text_at("symbol")
    }

    fn key(_: Option<&str>, payload: &Object<'_>, known: &[&str]) -> Option<String> {
        // The documented place of the kind is `type`; an older page has it in `action`.
        let kinds = [payload.text_at("type"), payload.text_at("action")];
        if kinds.iter().flatten().any(|kind| kind == STATUS) {
            return Some(STATUS.to_owned());
        }
        let name = payload.text_at("symbol").or_else(|| payload.text_at("data/symbol"))?;
        if let Some(same) = known.iter().find(|key| **key == name) {
            return Some((*same).to_owned());
        }
        let named = Symbol::listed(&name)?;
        let is_it = |key: &&&str| Symbol::parse(key).is_ok_and(|symbol| symbol.is_same_instrument(&named));
        known.iter().find(is_it).map(|key| (*key).to_owned())
    }

    fn merge(state: &mut Ticker, payload: &Object<'_>) -> Option<Vec<Ticker>> {
        let data = payload.get("data")?.opened();
        let is_price = || ["bidPrice", "askPrice", "lastPrice", "price"].iter().any(|name| data.has(name));
        if data.has("market") && !is_price() {
            state.status = Some((data.whole().raw().to_owned(), Timestamp::now()));
            return Some(vec![state.clone()]);
        }
        let sent = payload.text_at("timestamp").and_then(|text| time::stamp(&text));
        let news = [state.take_sides(&data, sent), state.take_trade(&data, sent)];
        // Neither a quote nor a trade: depth, Greeks, or something new.
        if news == [Taken::NotThere; 2] {
            return None;
        }
        Some(if news.contains(&Taken::New) { vec![state.clone()] } else { Vec::new() })
    }

    fn merge_polled(state: &mut Ticker, polled: Quote) -> Vec<Ticker> {
        state.take_quote(polled);
        vec![state.clone()]
    }

    async fn poll(aries: &Aries, keys: &[String]) -> Vec<(String, Result<Quote>)> {
        let symbols: Vec<Symbol> = keys.iter().filter_map(|key| Symbol::parse(key).ok()).collect();
        let priced = quotes::fetch(aries, &symbols, Need::Day).await;
        let answer = |one: quotes::Priced| {
            let answer = match one.problem {
                Some(problem) if !one.quote.has_price() => Err(problem),
                _ => Ok(one.quote),
            };
            (one.symbol.to_string(), answer)
        };
        priced.into_iter().map(answer).collect()
    }

    fn pause(timing: &Sockets, _: usize) -> Duration {
        timing.quotes
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    NotThere,
    /// Older than what is known.
    Old,
    New,
}

impl Ticker {
    /// Takes bid and ask. An update holds what has changed; one that is older than what is known changes nothing.
    fn take_sides(&mut self, data: &Object<'_>, sent: Option<Timestamp>) -> Taken {
        let (bid, ask) = (data.decimal_at("bidPrice"), data.decimal_at("askPrice"));
        let stamp = |name: &str| data.text_at(name).and_then(|text| time::stamp(&text));
        let own = stamp("quoteTimestamp").or_else(|| stamp("bidTimestamp").max(stamp("askTimestamp")));
        let at = own.or(sent);
        // A time alone dates no price.
        if bid.or(ask).is_none() || is_ahead(at) {
            return Taken::NotThere;
        }
        if is_older(at, self.quote.at) {
            return Taken::Old;
        }
        // A negative side takes the place of the one that was known, and is none.
        let side = |new: Option<Decimal>, known: Option<Decimal>| {
            new.map_or(known, |price| Some(price).filter(|price| !price.is_sign_negative()))
        };
        self.quote.bid = side(bid, self.quote.bid);
        self.quote.ask = side(ask, self.quote.ask);
        self.quote.at = at.or(self.quote.at);
        Taken::New
    }

    fn take_trade(&mut self, data: &Object<'_>, sent: Option<Timestamp>) -> Taken {
        let positive = |name: &str| data.decimal_at(name).filter(|price| *price > Decimal::ZERO);
        let last = positive("lastPrice").or_else(|| positive("price"));
        let own = data.text_at("tradeTimestamp").and_then(|text| time::stamp(&text));
        let others = ["lowPrice", "highPrice", "previousClosePrice", "totalVolume"].map(positive);
        let at = own.or(sent);
        if (last.is_none() && others == [None; 4]) || is_ahead(at) {
            return Taken::NotThere;
        }
        if is_older(at, self.quote.traded) {
            return Taken::Old;
        }
        let [low, high, previous, volume] = others;
        let (quote, change) = (&mut self.quote, data.decimal_at("netChange"));
        if last.is_some() {
            (quote.last, quote.bar) = (last, None);
            quote.traded = at.or(quote.traded);
        }
        quote.volume = volume.or(quote.volume);
        let before = last.zip(change).and_then(|(last, change)| last.checked_sub(change));
        quote.previous = previous.or(before).or(quote.previous);
        (self.low, self.high) = (low.or(self.low), high.or(self.high));
        Taken::New
    }

    /// Takes an answer of REST: each part of it that is not older than what is known.
    fn take_quote(&mut self, polled: Quote) {
        let known = &mut self.quote;
        // The middle between bid and ask is nobody's price.
        let last = polled.last.filter(|last| polled.traded.is_some() || polled.middle != Some(*last));
        if replaces(polled.at, known.at) && polled.bid.or(polled.ask).is_some() {
            (known.bid, known.ask, known.at) = (polled.bid, polled.ask, polled.at);
        }
        if replaces(polled.traded, known.traded) && last.is_some() {
            (known.last, known.traded, known.bar) = (last, polled.traded, polled.bar);
        }
        known.feed = polled.feed;
        known.previous = polled.previous.or(known.previous);
        known.volume = polled.volume.or(known.volume);
    }
}

/// Whether a time is known to be before another one. One in whole seconds may be anywhere in its second.
fn is_older(new: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    new.zip(known).is_some_and(|(new, known)| match new.subsec_nanosecond() {
        0 => new.as_second() < known.as_second(),
        _ => new < known,
    })
}

fn is_ahead(at: Option<Timestamp>) -> bool {
    at.is_some_and(|at| time::is_ahead(at, clock::now()))
}

/// Whether a price of REST takes the place of a known one. Without a time it may have been overtaken on its way.
fn replaces(new: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    match (new, known) {
        (None, Some(known)) => clock::now().duration_since(known) > DATED,
        _ => !is_older(new, known) && !is_ahead(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::Json;

    fn merged(state: &mut Ticker, payload: &Value) -> Option<usize> {
        Market::merge(state, &Json::parse(&payload.to_string()).unwrap().opened()).map(|news| news.len())
    }

    fn quote(data: Value) -> Value {
        json!({"symbol": "AAPL", "type": "quote", "data": data})
    }

    #[test]
    fn updates_are_merged_and_late_ones_left_out() {
        let mut ticker = Ticker::default();
        let first = json!({"bidPrice": 1.5, "askPrice": "1.6", "quoteTimestamp": 1_790_000_000_000_i64});
        assert_eq!(merged(&mut ticker, &quote(first)), Some(1));
        assert_eq!(
            merged(&mut ticker, &quote(json!({"bidPrice": 1.4, "quoteTimestamp": 1_790_000_000_500_i64}))),
            Some(1)
        );
        let late = json!({"bidPrice": 9, "quoteTimestamp": 1_790_000_000_200_i64});
        assert_eq!(merged(&mut ticker, &quote(late)), Some(0));
        let price = |text: &str| text.parse::<Decimal>().ok();
        assert_eq!((ticker.quote.bid, ticker.quote.ask), (price("1.4"), price("1.6")));
    }

    #[test]
    fn a_trade_tells_the_day_and_a_price_of_zero_is_none() {
        let mut ticker = Ticker::default();
        let trade = json!({"price": 10, "lastPrice": 10, "netChange": 1, "totalVolume": 500, "lowPrice": 9, "highPrice": 11});
        assert_eq!(merged(&mut ticker, &quote(trade)), Some(1));
        assert_eq!(merged(&mut ticker, &quote(json!({"lastPrice": 0, "totalVolume": 600}))), Some(1));
        let dec = |number: u32| Some(Decimal::from(number));
        let quote = &ticker.quote;
        assert_eq!((quote.last, quote.previous, quote.volume), (dec(10), dec(9), dec(600)));
        assert_eq!((ticker.low, ticker.high), (dec(9), dec(11)));
    }

    fn moment(seconds_ago: i64) -> i64 {
        (clock::now().as_second() - seconds_ago) * 1_000 + 500
    }

    #[test]
    fn a_time_alone_and_a_time_of_the_future_date_no_price() {
        let mut ticker = Ticker::default();
        let old = json!({"lastPrice": 205, "tradeTimestamp": moment(500_000), "bidPrice": 190, "askPrice": 191,
            "quoteTimestamp": moment(60)});
        merged(&mut ticker, &quote(old)).unwrap();
        let traded = ticker.quote.traded;
        let dated = json!({"symbol": "AAPL", "timestamp": moment(0), "data": {"previousClosePrice": 190}});
        assert_eq!(merged(&mut ticker, &dated), Some(1));
        assert_eq!(ticker.quote.traded, traded);
        let ahead = json!({"lastPrice": 300, "tradeTimestamp": moment(-600)});
        assert_eq!(merged(&mut ticker, &quote(ahead)), None);
        assert_eq!(
            merged(&mut ticker, &quote(json!({"lastPrice": 206, "tradeTimestamp": moment(1)}))),
            Some(1)
        );
        assert_eq!(ticker.quote.last, Some(Decimal::from(206)));
        // In whole seconds it may be the later one of its second.
        let whole = json!({"lastPrice": 207, "tradeTimestamp": moment(1) / 1_000});
        assert_eq!(merged(&mut ticker, &quote(whole)), Some(1));
        assert_eq!(ticker.quote.last, Some(Decimal::from(207)));
        assert_eq!(
            merged(&mut ticker, &quote(json!({"bidPrice": -1, "askPrice": -1, "quoteTimestamp": moment(0)}))),
            Some(1)
        );
        assert_eq!((ticker.quote.bid, ticker.quote.ask), (None, None));
    }

    #[test]
    fn a_price_of_rest_without_a_time_replaces_no_fresh_one() {
        let price = |number: i64| Some(Decimal::from(number));
        let dated = json!({"lastPrice": 190, "tradeTimestamp": moment(1)});
        let mut ticker = Ticker::default();
        merged(&mut ticker, &quote(dated)).unwrap();
        ticker.take_quote(Quote { last: price(205), ..Quote::default() });
        assert_eq!(ticker.quote.last, price(190));
        let mut ticker = Ticker::default();
        let of_sides =
            Quote { bid: price(1), ask: price(5), middle: price(3), last: price(3), ..Quote::default() };
        ticker.take_quote(of_sides);
        assert_eq!((ticker.quote.last, ticker.quote.bid), (None, price(1)));
        ticker.take_quote(Quote { last: price(4), ..Quote::default() });
        assert_eq!(ticker.quote.last, price(4));
    }

    #[test]
    fn depth_and_novelties_are_not_understood() {
        for data in
            [json!({"orderBook": ["1:2:0"]}), json!({"delta": 0.5}), json!({}), json!([1]), json!("x")]
        {
            assert_eq!(merged(&mut Ticker::default(), &quote(data.clone())), None, "{data}");
        }
    }

    #[test]
    fn a_message_finds_its_symbol_in_any_spelling() {
        let key = |payload: Value, known: &[&str]| {
            Market::key(None, &Json::parse(&payload.to_string()).unwrap().opened(), known)
        };
        assert_eq!(key(json!({"symbol": "BRK B"}), &["BRK.B"]).as_deref(), Some("BRK.B"));
        assert_eq!(key(json!({"symbol": "AAPL"}), &["MSFT"]), None);
        assert_eq!(key(json!({"action": "update", "type": "marketStatus"}), &[]).as_deref(), Some(STATUS));
    }
}
