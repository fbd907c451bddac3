//! `get_quotes`: stocks, options and indices in one answer, built from documented calls.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::answer::Table;
use super::format::{count, now, percent, plain, quantity};
use super::{Answer, Call, READS, Tool, Work, schema, typed};
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints::{
    self, INDEX_VALUES, OPTION_DETAILS, STOCK_DAY, STOCK_PREVIOUS, STOCK_QUOTE, STOCK_TRADE,
};
use crate::aries::model::quote::Feed;
use crate::aries::model::{self, Position};
use crate::aries::symbols::Symbol;
use crate::aries::{Json, Reply, time};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};

/// Stocks asked for at the same time; each takes up to four calls.
const AT_ONCE: usize = 12;
/// Contracts in one call; the documentation states no maximum.
const CONTRACTS_AT_ONCE: usize = 50;

pub(super) static GET_QUOTES: Tool = Tool {
    name: "get_quotes",
    title: "Get quotes",
    description: "Current prices of up to 50 stocks, option contracts (OSI, AAPL260116C00190000) and indices (SPX, NDX, VIX), \
                  mixed: last, bid, ask, change since the previous close, day volume, time of the last trade, real-time or \
                  delayed. A dash means not available, not zero.",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"symbols":["AAPL","SPX"]}"#,
    work: Work::Code {
        input: schema::input::<GetQuotes>,
        endpoints: &[
            (&endpoints::STOCK_QUOTE, r#"{"symbols":["AAPL"]}"#),
            (&endpoints::STOCK_TRADE, r#"{"symbols":["AAPL"]}"#),
            (&endpoints::STOCK_PREVIOUS, r#"{"symbols":["AAPL"]}"#),
            (&endpoints::STOCK_DAY, r#"{"symbols":["AAPL"]}"#),
            (&endpoints::OPTION_DETAILS, r#"{"symbols":["AAPL270521C00250000"]}"#),
            (&endpoints::INDEX_VALUES, r#"{"symbols":["SPX"]}"#),
        ],
        run: |call, args| Box::pin(get_quotes(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetQuotes {
    /// Tickers, OSI option symbols or index symbols, mixed
    #[schemars(length(min = 1, max = 50), inner(length(max = 40)))]
    symbols: Vec<String>,
}

/// What is known of one symbol's price, out of several answers. Missing means not available.
#[derive(Debug, Clone, Default)]
pub(super) struct Quote {
    pub(super) price: model::Quote,
    /// The first thing that went wrong while asking.
    problem: Option<Error>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The last price only: one call per stock.
    Last,
    Full,
}

async fn get_quotes(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetQuotes = typed(args)?;
    let mut symbols = Vec::new();
    for text in &args.symbols {
        let symbol = Symbol::parse(text)?;
        if let Symbol::Future(_) = symbol {
            let hint = "ask for stocks, options or indices; get_bars has prices of futures";
            return Err(Error::usage(format!("Aries documents no quotes of futures ({symbol})"), hint));
        }
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
    let quotes = fetch(&call, &symbols, Depth::Full).await?;
    let mut table = Table::new(
        ["symbol", "last", "bid", "ask", "change", "change %", "volume", "time", "feed"],
        "ask for fewer symbols",
    );
    let mut problems = Vec::new();
    for symbol in &symbols {
        let name = symbol.to_string();
        let Quote { price: quote, problem } = quotes.get(&name).cloned().unwrap_or_default();
        let change = quote.last.zip(quote.previous).map(|(last, previous)| (last - previous, previous));
        table.row([
            Some(name.clone()),
            quote.last.map(plain),
            quote.bid.map(plain),
            quote.ask.map(plain),
            change.map(|(change, _)| plain(change)),
            change.and_then(|(change, previous)| percent(change, previous)),
            quote.volume.map(quantity),
            quote.at.map(time::local),
            match quote.feed {
                Feed::RealTime => Some("real-time".to_owned()),
                Feed::Delayed => Some("delayed".to_owned()),
                Feed::Unsaid | Feed::Unknown => None,
            },
        ]);
        problems.extend(problem.map(|error| (name, error)));
    }
    let (market, quoted, asked) = (call.market(), count(symbols.len(), "quote"), now());
    let mut answer =
        Answer::new(format!("{market} · {quoted} · asked {asked} · USD, times New York")).table(table);
    if symbols.iter().any(|symbol| matches!(symbol, Symbol::Option(_))) {
        answer = answer.line("Aries tells no time with prices of options: their age is not known");
    }
    Ok(mention(answer, problems))
}

/// Says once per cause which symbols it concerns.
fn mention(mut answer: Answer, problems: Vec<(String, Error)>) -> Answer {
    let mut by_cause: BTreeMap<String, (Vec<String>, String)> = BTreeMap::new();
    for (name, error) in problems {
        by_cause.entry(error.cause).or_insert_with(|| (Vec::new(), error.hint)).0.push(name);
    }
    for (cause, (names, hint)) in by_cause {
        answer = answer.line(format!("incomplete: {} ({cause}); {hint}", names.join(", ")));
    }
    answer
}

/// Prices of symbols, keyed by their plain form. What fails for one symbol leaves the others alone; fails with the first
/// failure if nothing at all could be had.
pub(super) async fn fetch(call: &Call, symbols: &[Symbol], depth: Depth) -> Result<BTreeMap<String, Quote>> {
    let names = |is_kind: fn(&Symbol) -> bool| -> Vec<String> {
        symbols.iter().filter(|symbol| is_kind(symbol)).map(Symbol::to_string).collect()
    };
    let stocks = names(|symbol| matches!(symbol, Symbol::Stock(_)));
    let options = names(|symbol| matches!(symbol, Symbol::Option(_)));
    let indices = names(|symbol| matches!(symbol, Symbol::Index { .. }));
    let stocks: Vec<_> = stocks.into_iter().map(|ticker| stock(call, ticker, depth)).collect();
    let (stocks, options, indices) = futures_util::join!(
        stream::iter(stocks).buffered(AT_ONCE).collect::<Vec<_>>(),
        batches(call, &options, &OPTION_DETAILS, model::Quote::of_contract_row),
        batches(call, &indices, &INDEX_VALUES, model::Quote::of_index_row),
    );
    let all: BTreeMap<String, Quote> = stocks.into_iter().chain(options).chain(indices).collect();
    let nothing = all.values().all(|quote| quote.price.last.is_none() && quote.price.bid.is_none());
    match all.values().find_map(|quote| quote.problem.clone()) {
        Some(error) if nothing => Err(error),
        _ => Ok(all),
    }
}

async fn stock(call: &Call, ticker: String, depth: Depth) -> (String, Quote) {
    let ask = |endpoint, day: Option<String>| {
        call.read(endpoint, [("symbol", json!(ticker)), ("from", json!(day)), ("to", json!(day))])
    };
    let mut quote = Quote::default();
    let trade = ask(&STOCK_TRADE, None);
    if depth == Depth::Last {
        quote.take(trade.await, model::Quote::of_stock_trade);
        return (ticker, quote);
    }
    let (trade, nbbo, previous, day) = futures_util::join!(
        trade,
        ask(&STOCK_QUOTE, None),
        ask(&STOCK_PREVIOUS, None),
        ask(&STOCK_DAY, Some(time::now().date().to_string()))
    );
    quote.take(trade, model::Quote::of_stock_trade);
    quote.take(nbbo, model::Quote::of_stock);
    quote.take(previous, |json| model::Quote {
        previous: bars(json).first().and_then(|bar| bar.decimal_at("c")),
        ..model::Quote::default()
    });
    quote.take(day, |json| model::Quote {
        volume: bars(json).last().and_then(|bar| bar.decimal_at("v")),
        ..model::Quote::default()
    });
    (ticker, quote)
}

fn bars(json: Json<'_>) -> Vec<Json<'_>> {
    json.get("results").map(Json::items).unwrap_or_default()
}

impl Quote {
    /// Adds what an answer says; what is known already stays, and one delayed price makes the whole delayed.
    fn take(&mut self, reply: Result<Reply>, read: impl FnOnce(Json<'_>) -> model::Quote) {
        let new = match reply {
            Ok(reply) => reply.json().map(read).unwrap_or_default(),
            Err(error) => {
                self.problem = self.problem.take().or(Some(error));
                return;
            }
        };
        let own = &mut self.price;
        own.last = own.last.or(new.last);
        own.bid = own.bid.or(new.bid);
        own.ask = own.ask.or(new.ask);
        own.previous = own.previous.or(new.previous);
        own.volume = own.volume.or(new.volume);
        own.at = own.at.or(new.at);
        // An answer without a price does not say how fresh one is.
        let priced = new.last.or(new.bid).or(new.ask).is_some();
        own.feed = match (own.feed, if priced { new.feed } else { Feed::Unsaid }) {
            (Feed::Unsaid | Feed::Unknown, feed) | (_, feed @ Feed::Delayed) => feed,
            (feed, _) => feed,
        };
    }
}

/// Calls that take many symbols at once; a row names its symbol.
async fn batches(
    call: &Call,
    names: &[String],
    endpoint: &'static Endpoint,
    read: fn(Json<'_>) -> Option<(Symbol, model::Quote)>,
) -> Vec<(String, Quote)> {
    let mut quotes = Vec::new();
    for chunk in names.chunks(CONTRACTS_AT_ONCE) {
        let mut found: BTreeMap<String, Quote> = BTreeMap::new();
        let mut problem =
            Error::new(Kind::Refused, "Aries has no price for it", "check the symbol with find_symbol");
        match call.read(endpoint, [("symbols", json!(chunk))]).await {
            Ok(reply) => {
                let json = reply.json().ok().and_then(|json| json.get(endpoint.rows));
                let rows = json.map(Json::items).unwrap_or_default();
                found.extend(rows.into_iter().filter_map(read).map(|(symbol, mut price)| {
                    price.last = price.last.or(price.middle);
                    (symbol.to_string(), Quote { price, problem: None })
                }));
            }
            Err(error) => problem = error,
        }
        quotes.extend(chunk.iter().map(|name| {
            let missing = || Quote { problem: Some(problem.clone()), ..Quote::default() };
            (name.clone(), found.remove(name).unwrap_or_else(missing))
        }));
    }
    quotes
}

/// What a position is worth at a quote; unknown without a price, a quantity or a known multiplier.
pub(super) fn value(position: &Position, quote: Option<&Quote>) -> Option<Decimal> {
    quote?.price.last?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?)
}
