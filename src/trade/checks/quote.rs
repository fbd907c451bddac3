//! The prices an order is judged by, and how old they are.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, json};

use crate::aries::endpoints::{CONTRACT, OPTION_DETAILS};
use crate::aries::model::MOST;
use crate::aries::model::quote::Feed;
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::compare::is_same_symbol;
use crate::aries::symbols::{Contract, Symbol};
use crate::aries::{Aries, Json, time};
use crate::error::{Error, Kind, Result};
use crate::exchange::{self, Hours};
use crate::text::clean;
use crate::told::Told;
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::decimal::price_words;
use crate::trade::order::terms::Action;

pub(crate) use crate::aries::model::Quote;

/// How far the clocks of Aries and of this machine may differ before the time of a quote says nothing.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    Undated,
    /// Stamped in the future: its time is wrong, or this machine's clock is.
    Ahead,
    /// Too old. A delayed quote is one by its time; the word alone proves nothing, since Aries' own samples of current
    /// quotes carry it.
    Stale,
}

impl Quote {
    /// Keeps what is a price. A bid that is said to be zero beside an ask is one: nobody bids for a contract that is worth
    /// next to nothing, and no sale can be below it.
    fn checked(self) -> Self {
        // Where nobody stands there is no price.
        let is_there = |size: Option<Decimal>| size.is_none_or(|size| size > Decimal::ZERO);
        let [bid_size, ask_size] = self.sizes;
        let ask = positive(self.ask).filter(|_| is_there(ask_size));
        let zero = self.bid.filter(|bid| bid.is_zero() && ask.is_some());
        let bid = positive(self.bid).filter(|_| is_there(bid_size)).or(zero);
        let underlying = positive(self.underlying);
        Self { bid, ask, last: positive(self.last), underlying, ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bid.is_none() && self.ask.is_none()
    }

    /// The last trade as far as it counts: it has a time of its own, which can be days ago, so where bid and ask are
    /// there it says nothing that lies beyond them.
    pub(crate) fn counted_last(&self) -> Option<Decimal> {
        match (self.bid, self.ask) {
            (Some(bid), Some(ask)) => self.last.map(|last| last.clamp(bid.min(ask), bid.max(ask))),
            _ => self.last,
        }
    }

    /// The highest of its prices: what a leg counts as for the limits.
    pub(crate) fn highest(&self) -> Option<Decimal> {
        self.bid.max(self.ask).max(self.counted_last())
    }

    /// `bid 399.90, ask 400.10, last 400.00`: the last trade as it is, whether it counts or not.
    pub(crate) fn prices(&self) -> String {
        let [bid, ask, last] =
            [self.bid, self.ask, self.last].map(|price| price.map_or_else(|| "—".to_owned(), price_words));
        format!("bid {bid}, ask {ask}, last {last}")
    }

    /// `bid 399.90, ask 400.10, last 400.00, made at 2026-11-20 12:00:00 New York time`. Never its age: a person may read this
    /// minutes later.
    pub(crate) fn words(&self) -> String {
        let made = self.at.map(|at| format!("made at {} New York time", time::local(at)));
        let made = made.as_deref().unwrap_or("Aries tells no time");
        let delayed = if self.feed == Feed::Delayed { ", delayed feed" } else { "" };
        format!("{}, {made}{delayed}", self.prices())
    }
}

/// How fresh a price of this time is at `now`, if it may be so old, counted in the hours in which the order can be filled;
/// `None` for a market that never closes.
pub(crate) fn freshness(
    at: Option<Timestamp>,
    now: Timestamp,
    hours: Option<Hours>,
    most: SignedDuration,
) -> Freshness {
    let Some(at) = at else { return Freshness::Undated };
    if at.duration_since(now) > AHEAD {
        return Freshness::Ahead;
    }
    let reference = hours.map_or(now, |hours| exchange::last_open(now, hours));
    if reference.duration_since(at) > most { Freshness::Stale } else { Freshness::Fresh }
}

/// Asks for the prices that belong to an order. A symbol that Aries has no price for gives an empty quote.
pub(crate) async fn fetch(aries: &Aries, order: &Order) -> Result<Quote> {
    if order.is_stock() { stock(aries, &order.underlying).await } else { options(aries, order).await }
}

async fn stock(aries: &Aries, ticker: &str) -> Result<Quote> {
    let symbol = Symbol::Stock(ticker.to_owned());
    let Some(Priced { quote, problem, .. }) = quotes::fetch(aries, &[symbol], Need::Market).await.pop()
    else {
        return Ok(Quote::default());
    };
    // Of shares somebody always bids, so a bid of zero stands for no price.
    let quote = Quote { bid: positive(quote.bid), ..quote.checked() };
    match problem {
        Some(error) if quote.is_empty() => Err(error),
        _ => Ok(quote),
    }
}

async fn options(aries: &Aries, order: &Order) -> Result<Quote> {
    let snapshots = order.legs.iter().map(|leg| snapshot(aries, &leg.contract));
    let mut legs =
        futures_util::future::join_all(snapshots).await.into_iter().collect::<Result<Vec<Quote>>>()?;
    if legs.iter().any(Quote::is_empty) {
        let undated = undated(aries, order).await?;
        for (leg, undated) in legs.iter_mut().zip(undated).filter(|(leg, _)| leg.is_empty()) {
            *leg = Quote { shares: leg.shares, underlying: leg.underlying, ..undated };
        }
    }
    if legs.iter().all(|leg| leg.underlying.is_none())
        && let Some(written) =
            order.legs.iter().find(|leg| leg.contract.call && leg.action == Action::SellToOpen)
    {
        let price = behind(aries, written.contract.underlying()).await;
        legs.iter_mut().for_each(|leg| leg.underlying = price);
    }
    Ok(net(order, legs))
}

/// The price of the shares behind a contract; a written call may have to deliver them.
async fn behind(aries: &Aries, ticker: &str) -> Option<Decimal> {
    highest(aries, &[Symbol::Stock(ticker.to_owned())]).await.pop().map(|(_, price)| price)
}

/// The highest price that Aries says of each of these symbols; those without any are left out.
pub(crate) async fn highest(aries: &Aries, symbols: &[Symbol]) -> Vec<(Symbol, Decimal)> {
    let all = quotes::fetch(aries, symbols, Need::Last).await.into_iter();
    all.filter_map(|Priced { symbol, quote, .. }| Some((symbol, quote.checked().highest()?))).collect()
}

/// The quote of one contract with its time; an empty one if Aries has none or does not say whose it is. Fails if it is
/// said to be of another instrument.
async fn snapshot(aries: &Aries, contract: &Contract) -> Result<Quote> {
    let args = Map::from_iter([
        ("symbol".to_owned(), json!(contract.root)),
        ("contract".to_owned(), json!(contract.to_string())),
    ]);
    let Ok(reply) = aries.read_if_granted(&CONTRACT.request(&args)?).await else {
        return Ok(Quote::default());
    };
    let read = reply.strictly(|json| {
        let found = reply.object(json, CONTRACT.rows, &["lastQuote"])?;
        let name = found.rows.text_at("details/ticker").map(Cow::into_owned);
        // What contradicts the name is of another contract, whatever its name.
        let other = contradicts(found.rows, contract).then(|| "another contract".to_owned());
        Ok((other.or(name), Quote::of_contract(&found).checked()))
    });
    match read {
        Ok((Some(name), quote)) if is_same_symbol(&name, &contract.to_string()) => Ok(quote),
        Ok((Some(name), _)) => {
            let cause = format!("Aries answered with the price of {}", clean(&name, 40));
            Err(Error::new(Kind::Unavailable, cause, Told::person_that("Aries is out of order")))
        }
        Ok((None, _)) | Err(_) => Ok(Quote::default()),
    }
}

/// Whether a snapshot tells another strike, side or expiration than those of the contract.
fn contradicts(snapshot: Json<'_>, contract: &Contract) -> bool {
    let side = if contract.call { "call" } else { "put" };
    let is_other = |name: &str, is_own: &dyn Fn(&str) -> bool| {
        snapshot.text_at(name).is_some_and(|said| !said.trim().is_empty() && !is_own(said.trim()))
    };
    snapshot.decimal_at("details/strikePrice").is_some_and(|strike| strike != contract.strike)
        || is_other("details/contractType", &|said| said.eq_ignore_ascii_case(side))
        || is_other("details/expirationDate", &|said| said == contract.expiration.to_string())
}

/// Prices of every leg from the call that has no time. They stand in where a snapshot has no quote, and never take its
/// time: how old they are stays unknown.
async fn undated(aries: &Aries, order: &Order) -> Result<Vec<Quote>> {
    let names: Vec<String> = order.legs.iter().map(|leg| leg.contract.to_string()).collect();
    let args = Map::from_iter([("symbols".to_owned(), json!(names))]);
    let reply = aries.read(&OPTION_DETAILS.request(&args)?).await?;
    reply.strictly(|json| {
        let rows = reply.list(json, OPTION_DETAILS.rows, &["symbol"])?.rows.items();
        let quote = |name: &String| {
            let mut found = rows.iter().filter_map(|row| Quote::of_contract_row(*row));
            let own = found.find(|(symbol, _)| is_same_symbol(symbol, name));
            own.map_or_else(Quote::default, |(_, quote)| quote.checked())
        };
        Ok(names.iter().map(quote).collect())
    })
}

/// The net of the legs: as old as the oldest of them, and of unknown age as soon as one is. One contract alone is
/// quoted as it is.
pub(crate) fn net(order: &Order, legs: Vec<Quote>) -> Quote {
    if let [alone] = legs.as_slice() {
        return Quote { legs: vec![alone.clone()], ..alone.clone() };
    }
    // What one side of the market pays is what the other gets: for a leg that goes the other way than the order, bid and
    // ask change places and sign.
    let sum = |with: fn(&Quote) -> Option<Decimal>, against: fn(&Quote) -> Option<Decimal>| {
        let signed = |(leg, quote): (&Leg, &Quote)| {
            let price = if leg.action.buys() == order.buys() { with(quote)? } else { -against(quote)? };
            Some(price * Decimal::from(leg.ratio))
        };
        order.legs.iter().zip(&legs).map(signed).sum::<Option<Decimal>>()
    };
    let (bid, ask) = (sum(|quote| quote.bid, |quote| quote.ask), sum(|quote| quote.ask, |quote| quote.bid));
    let last = sum(Quote::counted_last, Quote::counted_last);
    let at = legs.iter().map(|leg| leg.at).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().min());
    let delayed = legs.iter().any(|leg| leg.feed == Feed::Delayed);
    let feed = if delayed { Feed::Delayed } else { Feed::Unsaid };
    let underlying = legs.iter().find_map(|leg| leg.underlying);
    Quote { bid, ask, last, at, feed, underlying, legs, ..Quote::default() }
}

/// A price; zero stands for none, and one beyond all sense is not a price.
fn positive(price: Option<Decimal>) -> Option<Decimal> {
    price.filter(|price| *price > Decimal::ZERO && *price <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::order::request;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_quote_says_when_it_was_made() {
        let price = |text: &str| text.parse().ok();
        let mut quote = Quote {
            bid: price("399.90"),
            ask: price("400.10"),
            at: Some(at("2026-11-20T17:00:00Z")),
            ..Quote::default()
        };
        assert_eq!(
            quote.words(),
            "bid 399.90, ask 400.10, last —, made at 2026-11-20 12:00:00 New York time"
        );
        quote.at = None;
        quote.feed = Feed::Delayed;
        assert_eq!(quote.words(), "bid 399.90, ask 400.10, last —, Aries tells no time, delayed feed");
    }

    #[test]
    fn a_quote_ages_only_while_the_market_is_open() {
        use Freshness::{Ahead, Fresh, Stale};
        let (regular, extended) = (Some(Hours::Regular), Some(Hours::Extended));
        for (made, now, hours, fresh) in [
            ("2026-11-20T15:59:30-05:00", "2026-11-22T12:00:00-05:00", regular, Fresh),
            ("2026-11-20T15:59:30-05:00", "2026-11-23T09:29:00-05:00", regular, Fresh),
            ("2026-11-20T15:59:30-05:00", "2026-11-23T09:33:00-05:00", regular, Stale),
            ("2026-11-20T15:59:30-05:00", "2026-11-22T12:00:00-05:00", None, Stale),
            ("2026-11-20T12:00:00-05:00", "2026-11-20T18:00:00-05:00", regular, Stale),
            // What is filled in the evening or the morning needs a price of that time.
            ("2026-11-20T15:59:30-05:00", "2026-11-20T18:00:00-05:00", extended, Stale),
            ("2026-11-20T17:59:00-05:00", "2026-11-20T18:00:00-05:00", extended, Fresh),
            ("2026-11-19T15:59:30-05:00", "2026-11-20T08:00:00-05:00", extended, Stale),
            ("2026-11-20T19:59:00-05:00", "2026-11-22T12:00:00-05:00", extended, Fresh),
            ("2026-11-20T12:00:00-05:00", "2026-11-20T12:01:00-05:00", extended, Fresh),
            // A price from the future is no price of now.
            ("2026-11-20T12:01:00-05:00", "2026-11-20T12:00:00-05:00", regular, Fresh),
            ("2026-11-20T12:01:01-05:00", "2026-11-20T12:00:00-05:00", regular, Ahead),
            ("2027-11-20T12:00:00-05:00", "2026-11-20T18:00:00-05:00", None, Ahead),
        ] {
            let most = SignedDuration::from_secs(120);
            assert_eq!(freshness(Some(at(made)), at(now), hours, most), fresh, "{made} at {now} {hours:?}");
        }
        let now = at("2026-11-20T18:00:00-05:00");
        assert_eq!(freshness(None, now, regular, SignedDuration::ZERO), Freshness::Undated);
    }

    #[test]
    fn last_trades_of_legs_count_within_their_bid_and_ask() {
        let leg = |strike: u32, action: &str| json!({"contract": format!("AAPL 2026-12-18 {strike} C"), "action": action});
        let order = |wanted: serde_json::Value| {
            request::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap()
        };
        let spread = order(json!({"symbol": "AAPL", "action": "buy", "quantity": "1", "type": "market",
            "legs": [leg(270, "buy_to_open"), leg(290, "sell_to_open")]}));
        let quote = |bid: &str, ask: &str, last: &str| {
            let price = |text: &str| text.parse().ok();
            Quote { bid: price(bid), ask: price(ask), last: price(last), ..Quote::default() }
        };
        // 5.00 - 1.10 and 5.10 - 1.00; the old 40 counts as 5.10, and 5.10 - 1.05 is left.
        let legs = vec![quote("5.00", "5.10", "40"), quote("1.00", "1.10", "1.05")];
        assert_eq!(net(&spread, legs).prices(), "bid 3.90, ask 4.10, last 4.05");
        let single =
            order(json!({"symbol": "AAPL 2026-12-18 270 C", "action": "sell_to_open", "quantity": "1",
            "type": "market"}));
        let alone = net(&single, vec![quote("5.00", "5.10", "40")]);
        assert_eq!(alone.prices(), "bid 5.00, ask 5.10, last 40.00");
        assert_eq!((alone.highest(), alone.legs.len()), ("5.10".parse().ok(), 1));
    }
}
