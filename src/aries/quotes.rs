//! Prices of symbols, by the ways there are in this order: the call for many symbols of a kind, the chart's quotes, for
//! stocks the calls about one stock, and the last daily bar. A way is taken for the symbols that still lack a price, and
//! not where the sign-in has no right to it.

use std::borrow::Cow;

use futures_util::stream::{self, StreamExt};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::endpoints::{
    CHART_QUOTES, EQUITY_DETAILS, HISTORY, INDEX_VALUES, OPTION_DETAILS, STOCK_DAY, STOCK_PREVIOUS,
    STOCK_QUOTE, STOCK_TRADE,
};
use super::json::{Found as Place, Json};
use super::model::quote::Feed;
use super::model::{Bar, Quote};
use super::reply::Reply;
use super::symbols::{Form, Symbol};
use super::transport::Aries;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::http::TOTAL_LIMIT;
use crate::text::clean;
use crate::told::Told;

/// Symbols in one call; Aries states no maximum.
const IN_ONE_CALL: usize = 50;
/// Symbols asked for one by one at the same time.
const AT_ONCE: usize = 12;
/// Symbols asked for one by one in all. Of a long list those behind them stay without a price: it would use up what Aries
/// takes in a minute.
const MOST_ALONE: usize = 50;
/// Calendar days that hold two trading days, however many of them are holidays.
const DAYS_BACK: i64 = 10;

/// What a price is wanted for, and so when it is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Last,
    /// The last price, and what else there is about the day.
    Day,
    /// Bid and ask with their time, to judge an order by.
    Market,
}

/// What was found out about the price of one symbol.
#[derive(Debug, Clone)]
pub(crate) struct Priced {
    pub(crate) symbol: Symbol,
    /// As far as it is known; empty if no way has a price.
    pub(crate) quote: Quote,
    /// Why something is missing.
    pub(crate) problem: Option<Error>,
}

/// Asks for prices; the answer has the order of the symbols.
pub(crate) async fn fetch(aries: &Aries, symbols: &[Symbol], need: Need) -> Vec<Priced> {
    let empty = |symbol: &Symbol| Priced { symbol: symbol.clone(), quote: Quote::default(), problem: None };
    let mut prices = Prices { all: symbols.iter().map(empty).collect(), need, started: Instant::now() };
    let (stocks, options, indices) = futures_util::join!(
        rows(aries, Kinds::Stocks, prices.missing(Kinds::Stocks)),
        rows(aries, Kinds::Options, prices.missing(Kinds::Options)),
        rows(aries, Kinds::Indices, prices.missing(Kinds::Indices)),
    );
    prices.take([stocks, options, indices].concat());
    let found = rows(aries, Kinds::All, prices.missing(Kinds::All)).await;
    prices.take(found);
    let found = each(prices.missing(Kinds::Stocks), |symbol| one_stock(aries, symbol, need)).await;
    prices.take(found);
    if need != Need::Market {
        let found = each(prices.missing(Kinds::All), |symbol| last_bar(aries, symbol)).await;
        prices.take(found);
    }
    prices.all
}

#[derive(Clone, Copy)]
enum Kinds {
    Stocks,
    Options,
    Indices,
    All,
}

impl Kinds {
    fn include(self, symbol: &Symbol) -> bool {
        match self {
            Kinds::Stocks => matches!(symbol, Symbol::Stock(_)),
            Kinds::Options => matches!(symbol, Symbol::Option(_)),
            Kinds::Indices => matches!(symbol, Symbol::Index { .. }),
            Kinds::All => true,
        }
    }

    /// The call that takes many of them at once.
    fn endpoint(self) -> &'static Endpoint {
        match self {
            Kinds::Stocks => &EQUITY_DETAILS,
            Kinds::Options => &OPTION_DETAILS,
            Kinds::Indices => &INDEX_VALUES,
            Kinds::All => &CHART_QUOTES,
        }
    }

    /// The members without which its rows cannot be read.
    fn needed(self) -> &'static [&'static str] {
        match self {
            Kinds::Stocks => &["symbol", "lastPrice,price,bidPrice,askPrice"],
            Kinds::Options => &["symbol", "lastPrice,bidPrice,askPrice,midPrice"],
            Kinds::Indices => &["identifier,index", "value"],
            Kinds::All => &["s,n", "v"],
        }
    }

    /// Reads a row of that call, and the symbol it names.
    fn read(self, row: Json<'_>, now: Timestamp) -> Option<(Cow<'_, str>, Quote)> {
        match self {
            Kinds::Stocks => Quote::of_stock_row(row, now),
            // The middle of bid and ask is better than nothing: many contracts never trade.
            Kinds::Options => Quote::of_contract_row(row).map(|(name, quote)| (name, quote.or_middle())),
            Kinds::Indices => Quote::of_index_row(row),
            Kinds::All => Quote::of_chart_row(row),
        }
    }
}

struct Prices {
    all: Vec<Priced>,
    need: Need,
    started: Instant,
}

impl Prices {
    /// The symbols of some kinds for which another way is worth taking.
    fn missing(&self, kinds: Kinds) -> Vec<Symbol> {
        let is_late = self.started.elapsed() >= TOTAL_LIMIT;
        let may_help = |priced: &&Priced| {
            let fails_everywhere = |error: &Error| matches!(error.kind, Kind::SignIn | Kind::RateLimited);
            !is_late
                && !is_enough(self.need, &priced.quote)
                && !priced.problem.as_ref().is_some_and(fails_everywhere)
        };
        let wanted = self.all.iter().filter(may_help).map(|priced| priced.symbol.clone());
        wanted.filter(|symbol| kinds.include(symbol)).collect()
    }

    fn take(&mut self, found: Vec<Found>) {
        for Found { symbol, quote, problem } in found {
            let Some(priced) = self.all.iter_mut().find(|priced| priced.symbol == symbol) else { continue };
            priced.quote = std::mem::take(&mut priced.quote).or(quote);
            let is_done = is_enough(self.need, &priced.quote) && priced.quote.bar.is_none();
            let is_forbidden = |error: &Error| error.kind == Kind::Forbidden;
            let is_fault = |error: &Error| !matches!(error.kind, Kind::Forbidden | Kind::NotFound);
            priced.problem = match (priced.problem.take(), problem) {
                // The time of the price is not, and a fault is the reason.
                (Some(old), None)
                    if self.need == Need::Day && is_done && !priced.quote.has_time() && is_fault(&old) =>
                {
                    Some(old)
                }
                // The price is there; what is still missing is what the new problem is about.
                (_, new) if is_done => new,
                // A missing right says less about the symbol than what another way found out.
                (Some(old), Some(new)) if is_forbidden(&old) && !is_forbidden(&new) => Some(new),
                (old, new) => old.or(new),
            };
        }
    }
}

fn is_enough(need: Need, quote: &Quote) -> bool {
    match need {
        Need::Last | Need::Day => quote.last.is_some(),
        Need::Market => quote.bid.or(quote.ask).and(quote.at).is_some(),
    }
}

/// What one way found out about a symbol.
#[derive(Clone)]
struct Found {
    symbol: Symbol,
    quote: Quote,
    problem: Option<Error>,
}

impl Found {
    fn of(symbol: Symbol, outcome: Result<Quote>) -> Self {
        match outcome {
            Ok(quote) => {
                let quote = quote.with_prices();
                let quote = if matches!(symbol, Symbol::Index { .. }) { quote.of_index() } else { quote };
                Self { symbol, quote, problem: None }
            }
            Err(error) => Self { symbol, quote: Quote::default(), problem: Some(error) },
        }
    }
}

fn two_prices(symbol: &Symbol) -> Error {
    let cause = format!("Aries' answer has several rows of {symbol}, and they differ");
    Error::new(
        Kind::Unavailable,
        cause,
        Told::pair("try again in a minute; if it stays so, tell the person", "try again in a minute"),
    )
}

/// Asks the call that takes many symbols at once; its rows name their symbol.
async fn rows(aries: &Aries, kinds: Kinds, symbols: Vec<Symbol>) -> Vec<Found> {
    let (endpoint, now) = (kinds.endpoint(), clock::now());
    let mut found = Vec::new();
    for some in symbols.chunks(IN_ONE_CALL) {
        let names: Vec<String> = some.iter().map(exact).collect();
        let quotes = ask(aries, endpoint, [("symbols", json!(names))]).await.and_then(|reply| {
            reply.strictly(|json| {
                let rows = reply.list(json, endpoint.rows, kinds.needed())?.rows.items();
                let rows = rows.into_iter().filter_map(|row| kinds.read(row, now));
                let rows: Vec<_> = rows.map(|(name, quote)| (Meant::by(&name), quote)).collect();
                let quote = |symbol: &Symbol| {
                    let mut own = rows.iter().filter(|(meant, _)| meant.is(symbol)).map(|(_, quote)| quote);
                    let first = own.next().filter(|quote| (*quote).clone().with_prices().has_price());
                    let first = first.ok_or_else(|| no_price(Some(json), symbol))?;
                    if own.all(|other| other == first) { Ok(first.clone()) } else { Err(two_prices(symbol)) }
                };
                Ok(some.iter().map(quote).collect::<Vec<_>>())
            })
        });
        let quotes = quotes.unwrap_or_else(|error| vec![Err(error); some.len()]);
        found.extend(some.iter().cloned().zip(quotes).map(|(symbol, quote)| Found::of(symbol, quote)));
    }
    found
}

/// Asks for symbols one by one, some at the same time.
async fn each<F: Future<Output = Found>>(symbols: Vec<Symbol>, ask: impl Fn(Symbol) -> F) -> Vec<Found> {
    stream::iter(symbols.into_iter().take(MOST_ALONE).map(ask)).buffered(AT_ONCE).collect().await
}

/// The calls about one stock: its last trade, its best bid and ask, and the bars of the days up to that trade.
async fn one_stock(aries: &Aries, symbol: Symbol, need: Need) -> Found {
    let ticker = json!(symbol.to_string());
    let trade = ask(aries, &STOCK_TRADE, [("symbol", ticker.clone())]);
    let mut found = if need == Need::Last {
        Found::of(symbol, read_own(trade.await, &ticker, need, "price", Quote::of_stock_trade))
    } else {
        let bids = ask(aries, &STOCK_QUOTE, [("symbol", ticker.clone())]);
        let (trade, bids) = futures_util::join!(trade, bids);
        let mut found = Found::of(symbol, read_own(trade, &ticker, need, "price", Quote::of_stock_trade));
        match read_own(bids, &ticker, need, "bidPrice,askPrice", Quote::of_stock) {
            Ok(bids) => found.quote = std::mem::take(&mut found.quote).or(bids),
            Err(error) => found.problem = found.problem.or(Some(error)),
        }
        found
    };
    let day = found.quote.trade_day().filter(|_| need == Need::Day);
    if let Some(day) = day {
        let from = day.saturating_sub(DAYS_BACK.days()).to_string();
        let days = [("symbol", ticker.clone()), ("from", json!(from)), ("to", json!(day.to_string()))];
        let mut bars = bars(ask(aries, &STOCK_DAY, days).await, Bar::of_aggregates);
        if bars.is_empty() {
            bars = self::bars(ask(aries, &STOCK_PREVIOUS, [("symbol", ticker)]).await, Bar::of_aggregates);
        }
        found.quote = std::mem::take(&mut found.quote).with_day(&bars, Some(day));
    }
    found
}

/// Reads an answer about one stock, which has the member `needed`, unless it names another stock. One that names none
/// judges no order.
fn read_own(
    answer: Result<Reply>,
    ticker: &Value,
    need: Need,
    needed: &str,
    read: fn(&Place<'_>) -> Quote,
) -> Result<Quote> {
    let answer = answer?;
    answer.strictly(|json| {
        let status = json.text_at("status").filter(|word| Feed::of(Some(word)) == Feed::Unknown);
        if let Some(status) = status {
            let cause = format!("Aries marks its answer {}, which is no price", clean(&status, 24));
            return Err(out_of_order(cause));
        }
        let found = answer.object(json, "results", &[needed])?;
        match (found.rows.text_at("ticker"), ticker.as_str().and_then(Symbol::listed)) {
            (Some(name), Some(own)) if !is_named(&own, &name) => {
                Err(out_of_order(format!("Aries answered with the price of {}", clean(&name, 24))))
            }
            (None, _) if need == Need::Market => {
                Err(out_of_order("Aries does not say of which stock its price is".to_owned()))
            }
            _ => Ok(read(&found)),
        }
    })
}

fn out_of_order(cause: String) -> Error {
    Error::new(Kind::Unavailable, cause, Told::person_that("Aries is out of order"))
}

/// The last daily bar of the chart.
async fn last_bar(aries: &Aries, symbol: Symbol) -> Found {
    let now = clock::now();
    let from = now.saturating_sub((DAYS_BACK * 24).hours()).unwrap_or(now);
    let range = [
        ("symbol", json!(exact(&symbol))),
        ("interval", json!("1d")),
        ("from", json!(from.to_string())),
        ("to", json!(now.to_string())),
    ];
    let outcome = ask(aries, &HISTORY, range).await;
    let outcome = outcome.map(|answer| bars(Ok(answer), Bar::of_history));
    let quote = outcome.and_then(|bars| Quote::of_bars(&bars).ok_or_else(|| no_price(None, &symbol)));
    Found::of(symbol, quote)
}

fn bars(answer: Result<Reply>, read: fn(Json<'_>) -> Vec<Bar>) -> Vec<Bar> {
    answer.and_then(|answer| answer.json().map(read)).unwrap_or_default()
}

async fn ask<const N: usize>(
    aries: &Aries,
    endpoint: &'static Endpoint,
    args: [(&str, Value); N],
) -> Result<Reply> {
    aries.read_if_granted(&endpoint.with(args)?).await
}

/// A symbol in words that mean nothing else: a stock that is called like an index is marked as a stock.
fn exact(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Stock(ticker) if Symbol::parse(ticker).is_ok_and(|meant| meant != *symbol) => {
            format!("{ticker}.US")
        }
        other => other.to_form(Form::Chart).unwrap_or_else(|_| other.to_string()),
    }
}

/// What Aries may mean by a name; a market may stand in front of it (`NASDAQ:AAPL`).
struct Meant {
    index: Option<Symbol>,
    listed: Option<Symbol>,
}

impl Meant {
    fn by(name: &str) -> Self {
        let bare = name.rsplit(':').next().unwrap_or(name);
        Self { index: Symbol::parse(bare).ok(), listed: Symbol::listed(bare) }
    }

    fn is(&self, symbol: &Symbol) -> bool {
        let meant = if matches!(symbol, Symbol::Index { .. }) { &self.index } else { &self.listed };
        meant.as_ref().is_some_and(|meant| meant.is_same_instrument(symbol))
    }
}

/// Whether Aries means this symbol by a name.
fn is_named(symbol: &Symbol, name: &str) -> bool {
    Meant::by(name).is(symbol)
}

/// The error where an answer has no price of a symbol, with what the answer says about it.
fn no_price(json: Option<Json<'_>>, symbol: &Symbol) -> Error {
    let errors = json.and_then(|json| json.get("errors")).map(Json::items).unwrap_or_default();
    let own = errors.iter().find(|row| row.text_at("symbol").is_some_and(|name| is_named(symbol, &name)));
    let said = own.and_then(|row| row.text_at("error")).map(|text| format!(": {}", clean(&text, 120)));
    let cause = format!("Aries has no price{}", said.unwrap_or_default());
    Error::new(Kind::NotFound, cause, format!("check the symbol with find_symbol{}", or_as_class(symbol)))
}

/// How the symbol is written if it is a class of shares: behind a dash a preferred share is meant as often.
fn or_as_class(symbol: &Symbol) -> String {
    let name = symbol.to_string();
    match name.split_once('-') {
        Some((root, class)) if class.len() == 1 => {
            format!("; if it is a class of shares, write {root}.{class}")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn of_a_long_list_only_so_many_symbols_are_asked_for_one_by_one() {
        let symbols = vec![Symbol::Stock("AAPL".to_owned()); 700];
        let found = each(symbols, |symbol| async { Found::of(symbol, Ok(Quote::default())) }).await;
        assert_eq!(found.len(), MOST_ALONE);
    }
}
