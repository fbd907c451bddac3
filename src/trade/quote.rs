//! The prices an order is judged by, and how old they are.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, json};

use super::order::{Leg, Order, Shape};
use crate::aries::endpoints::{CONTRACT, OPTION_DETAILS, STOCK_QUOTE, STOCK_TRADE};
use crate::aries::symbols::Symbol;
use crate::aries::{Aries, Json, time};
use crate::error::Result;
use crate::exchange;

/// A quote is stale when it is older than this, counted in the time that the market was open.
const STALE: SignedDuration = SignedDuration::from_secs(120);

/// Bid, ask and last of one instrument; for a spread the net of its legs.
#[derive(Debug, Clone, Default)]
pub struct Quote {
    /// Best bid.
    pub bid: Option<Decimal>,
    /// Best ask.
    pub ask: Option<Decimal>,
    /// Last trade.
    pub last: Option<Decimal>,
    /// When it was made, if Aries says so.
    pub at: Option<Timestamp>,
    /// Whether Aries says that the feed is delayed.
    pub delayed: bool,
    /// Prices of the single legs: the higher of bid and ask, for the limits.
    pub legs: Vec<Option<Decimal>>,
}

/// How fresh a quote is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Usable.
    Fresh,
    /// Aries does not say when it was made.
    Untold,
    /// Too old, or delayed.
    Stale,
}

impl Quote {
    /// How fresh it is at `now`. The embedded market never closes.
    pub fn freshness(&self, now: Timestamp, always_open: bool) -> Freshness {
        let Some(at) = self.at else { return Freshness::Untold };
        if self.delayed {
            return Freshness::Stale;
        }
        let reference = if always_open { now } else { exchange::last_open(now) };
        if reference.duration_since(at) > STALE { Freshness::Stale } else { Freshness::Fresh }
    }

    /// `bid 399.90, ask 400.10, last 400.00`.
    pub fn words(&self) -> String {
        let one = |name: &str, price: Option<Decimal>| {
            format!("{name} {}", price.map_or_else(|| "—".to_owned(), |price| price.normalize().to_string()))
        };
        format!("{}, {}, {}", one("bid", self.bid), one("ask", self.ask), one("last", self.last))
    }
}

/// Asks for the prices that belong to an order.
///
/// # Errors
/// As the sender. A symbol that Aries has no price for gives an empty quote.
pub async fn fetch(aries: &Aries, order: &Order) -> Result<Quote> {
    match &order.shape {
        Shape::Stock { ticker, .. } => stock(aries, ticker).await,
        _ => options(aries, order).await,
    }
}

async fn stock(aries: &Aries, ticker: &str) -> Result<Quote> {
    let args = Map::from_iter([("symbol".to_owned(), json!(ticker))]);
    let (nbbo, trade) = (STOCK_QUOTE.request(&args)?, STOCK_TRADE.request(&args)?);
    let (nbbo, trade) = futures_util::join!(aries.read(&nbbo), aries.read(&trade));
    let nbbo = nbbo?;
    let json = nbbo.json()?;
    let delayed = |json: Json<'_>| json.text_at("status").is_some_and(|status| status != "OK");
    let mut quote = Quote {
        bid: positive(json, "results/bidPrice"),
        ask: positive(json, "results/askPrice"),
        at: json.get("results/sipTimestamp").and_then(Json::integer).and_then(time::from_unix),
        delayed: delayed(json),
        ..Quote::default()
    };
    if let Ok(trade) = trade {
        quote.last = positive(trade.json()?, "results/price");
    }
    Ok(quote)
}

async fn options(aries: &Aries, order: &Order) -> Result<Quote> {
    let names: Vec<String> = order.legs().iter().map(|leg| leg.contract.to_string()).collect();
    let args = Map::from_iter([("symbols".to_owned(), json!(names))]);
    let details = OPTION_DETAILS.request(&args)?;
    let (reply, stamps) = futures_util::join!(aries.read(&details), stamps(aries, order));
    let reply = reply?;
    let json = reply.json()?;
    let rows = json.get(OPTION_DETAILS.rows).map(Json::items).unwrap_or_default();
    let find = |name: &String| {
        let is_it = |row: &Json<'_>| {
            let symbol = row.text_at("symbol").and_then(|text| Symbol::parse(&text).ok());
            symbol.is_some_and(|symbol| symbol.to_string() == *name)
        };
        rows.iter().copied().find(is_it)
    };
    let (mut bid, mut ask, mut last) = (Some(Decimal::ZERO), Some(Decimal::ZERO), Some(Decimal::ZERO));
    // As old as the oldest leg, and of unknown age as soon as one is.
    let at = stamps
        .iter()
        .copied()
        .collect::<Option<Vec<_>>>()
        .and_then(|all| all.into_iter().map(|(at, _)| at).min());
    let delayed = stamps.iter().flatten().any(|(_, delayed)| *delayed);
    let mut quote = Quote { at, delayed, ..Quote::default() };
    for (leg, name) in order.legs().iter().zip(&names) {
        let row = find(name);
        let price = |field: &str| row.and_then(|row| positive(row, field));
        let (leg_bid, leg_ask) = (price("bidPrice"), price("askPrice"));
        quote.legs.push(leg_bid.max(leg_ask).max(price("lastPrice")));
        // What one side of the market pays is what the other gets: for a leg that goes the other way than the
        // order, bid and ask change places and sign.
        let ratio = Decimal::from(leg.ratio);
        let with = leg.action.buys() == order.buys();
        let signed = |price: Option<Decimal>| Some(if with { price? * ratio } else { -price? * ratio });
        let (low, high) = if with { (leg_bid, leg_ask) } else { (leg_ask, leg_bid) };
        bid = bid.zip(signed(low)).map(|(sum, price)| sum + price);
        ask = ask.zip(signed(high)).map(|(sum, price)| sum + price);
        last = last.zip(signed(price("lastPrice"))).map(|(sum, price)| sum + price);
    }
    Ok(Quote { bid, ask, last, ..quote })
}

/// When the quote of each leg was made and whether its feed is delayed: prices come without a time, snapshots with one
/// (`options-analytics-calendars.md` 2).
async fn stamps(aries: &Aries, order: &Order) -> Vec<Option<(Timestamp, bool)>> {
    let one = async |leg: &Leg| {
        let args = Map::from_iter([
            ("symbol".to_owned(), json!(leg.contract.root)),
            ("contract".to_owned(), json!(leg.contract.to_string())),
        ]);
        let reply = aries.read(&CONTRACT.request(&args).ok()?).await.ok()?;
        let json = reply.json().ok()?;
        let at =
            json.get("results/lastQuote/lastUpdated").and_then(Json::integer).and_then(time::from_unix)?;
        let delayed = json
            .text_at("results/lastQuote/timeframe")
            .is_some_and(|word| word.eq_ignore_ascii_case("delayed"));
        Some((at, delayed))
    };
    futures_util::future::join_all(order.legs().iter().map(one)).await
}

fn positive(json: Json<'_>, path: &str) -> Option<Decimal> {
    json.decimal_at(path).filter(|price| *price > Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_quote_ages_only_while_the_market_is_open() {
        let quote = |text: &str| Quote { at: Some(at(text)), ..Quote::default() };
        let close = quote("2026-11-20T15:59:30-05:00");
        assert_eq!(close.freshness(at("2026-11-22T12:00:00-05:00"), false), Freshness::Fresh);
        assert_eq!(close.freshness(at("2026-11-23T09:29:00-05:00"), false), Freshness::Fresh);
        assert_eq!(close.freshness(at("2026-11-23T09:33:00-05:00"), false), Freshness::Stale);
        assert_eq!(close.freshness(at("2026-11-22T12:00:00-05:00"), true), Freshness::Stale);
        assert_eq!(
            quote("2026-11-20T12:00:00-05:00").freshness(at("2026-11-20T18:00:00-05:00"), false),
            Freshness::Stale
        );
        assert_eq!(Quote::default().freshness(at("2026-11-20T18:00:00-05:00"), false), Freshness::Untold);
    }
}
