//! `get_quotes`: stocks, options and indices in one answer, built from documented calls (`market-data.md` 3.1).

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Table;
use super::format::{count, percent, plain, quantity};
use super::{Answer, Call, READS, Tool, Work, schema, typed, with};
use crate::aries::account::Position;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints::{
    self, INDEX_VALUES, OPTION_DETAILS, STOCK_DAY, STOCK_PREVIOUS, STOCK_QUOTE, STOCK_TRADE,
};
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

/// What is known of one symbol's price. Missing means not available.
#[derive(Debug, Clone, Default)]
pub(super) struct Quote {
    pub(crate) last: Option<Decimal>,
    bid: Option<Decimal>,
    ask: Option<Decimal>,
    previous: Option<Decimal>,
    volume: Option<Decimal>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) delayed: Option<bool>,
    /// The first thing that went wrong while asking.
    problem: Option<Error>,
}

/// How much to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The last price only: one call per stock.
    Last,
    /// Everything.
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
        let quote = quotes.get(&name).cloned().unwrap_or_default();
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
            quote.delayed.map(|delayed| if delayed { "delayed" } else { "real-time" }.to_owned()),
        ]);
        problems.extend(quote.problem.map(|error| (name, error)));
    }
    let asked = time::rfc3339(time::now().timestamp());
    let quoted = count(symbols.len(), "quote");
    let answer = Answer::new(format!("{} · {quoted} · asked {asked} · USD, times New York", call.market()));
    let answer = answer.table(table);
    let timeless = symbols.iter().any(|symbol| matches!(symbol, Symbol::Option(_)));
    let answer = if timeless {
        answer.line("Aries tells no time with prices of options: their age is not known")
    } else {
        answer
    };
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

/// Prices of symbols, keyed by their plain form. What fails for one symbol leaves the others alone.
///
/// # Errors
/// Only if nothing at all could be had: then the first failure.
pub(super) async fn fetch(call: &Call, symbols: &[Symbol], depth: Depth) -> Result<BTreeMap<String, Quote>> {
    let stocks = symbols.iter().filter(|symbol| matches!(symbol, Symbol::Stock(_)));
    let options = symbols
        .iter()
        .filter(|symbol| matches!(symbol, Symbol::Option(_)))
        .map(Symbol::to_string)
        .collect::<Vec<_>>();
    let indices = symbols
        .iter()
        .filter(|symbol| matches!(symbol, Symbol::Index { .. }))
        .map(Symbol::to_string)
        .collect::<Vec<_>>();
    let stocks = stocks.map(|symbol| stock(call, symbol.to_string(), depth)).collect::<Vec<_>>();
    let (stocks, options, indices) = futures_util::join!(
        stream::iter(stocks).buffered(AT_ONCE).collect::<Vec<_>>(),
        batches(call, &options, &OPTION_DETAILS, read_option),
        batches(call, &indices, &INDEX_VALUES, read_index),
    );
    let all: BTreeMap<String, Quote> = stocks.into_iter().chain(options).chain(indices).collect();
    let nothing = all.values().all(|quote| quote.last.is_none() && quote.bid.is_none());
    match all.values().find_map(|quote| quote.problem.clone()) {
        Some(error) if nothing => Err(error),
        _ => Ok(all),
    }
}

async fn stock(call: &Call, ticker: String, depth: Depth) -> (String, Quote) {
    let today = time::now().date();
    let ask = async |endpoint: &'static Endpoint, dated: bool| {
        let day = || if dated { json!(today.to_string()) } else { Value::Null };
        call.aries
            .read(&endpoint.request(&with([("symbol", json!(ticker)), ("from", day()), ("to", day())]))?)
            .await
    };
    let mut quote = Quote::default();
    let trade = ask(&STOCK_TRADE, false);
    if depth == Depth::Last {
        quote.take_trade(trade.await);
        return (ticker.clone(), quote);
    }
    let (trade, nbbo, previous, day) = futures_util::join!(
        trade,
        ask(&STOCK_QUOTE, false),
        ask(&STOCK_PREVIOUS, false),
        ask(&STOCK_DAY, true)
    );
    quote.take_trade(trade);
    quote.take(nbbo, |quote, json| {
        let results = json.get("results")?;
        quote.bid = results.decimal_at("bidPrice");
        quote.ask = results.decimal_at("askPrice");
        quote.note_feed(json);
        let at = results.get("sipTimestamp").and_then(Json::integer).and_then(time::from_unix);
        quote.at = quote.at.or(at);
        Some(())
    });
    quote.take(previous, |quote, json| {
        quote.previous = json.get("results")?.items().first()?.decimal_at("c");
        Some(())
    });
    quote.take(day, |quote, json| {
        quote.volume = json.get("results")?.items().last()?.decimal_at("v");
        Some(())
    });
    (ticker.clone(), quote)
}

impl Quote {
    fn take(&mut self, reply: Result<Reply>, read: impl FnOnce(&mut Self, Json<'_>) -> Option<()>) {
        match reply {
            Ok(reply) => {
                if let Ok(json) = reply.json() {
                    read(self, json);
                }
            }
            Err(error) => self.problem = self.problem.take().or(Some(error)),
        }
    }

    fn take_trade(&mut self, reply: Result<Reply>) {
        self.take(reply, |quote, json| {
            let results = json.get("results")?;
            quote.last = results.decimal_at("price");
            quote.at = results.get("sipTimestamp").and_then(Json::integer).and_then(time::from_unix);
            quote.note_feed(json);
            Some(())
        });
    }

    /// `OK` is real-time, `DELAYED` is not, anything else says nothing (`market-data.md` 3.4).
    fn note_feed(&mut self, json: Json<'_>) {
        let delayed = json.text_at("status").and_then(|status| match status.as_ref() {
            "OK" => Some(false),
            "DELAYED" => Some(true),
            _ => None,
        });
        self.delayed = match (self.delayed, delayed) {
            (Some(before), Some(now)) => Some(before || now),
            (before, now) => before.or(now),
        };
    }
}

/// Calls that take many symbols at once; a row names its symbol.
async fn batches(
    call: &Call,
    names: &[String],
    endpoint: &'static Endpoint,
    read: fn(Json<'_>) -> Option<(String, Quote)>,
) -> Vec<(String, Quote)> {
    let mut quotes = Vec::new();
    for chunk in names.chunks(CONTRACTS_AT_ONCE) {
        let reply = match endpoint.request(&with([("symbols", json!(chunk))])) {
            Ok(request) => call.aries.read(&request).await,
            Err(error) => Err(error),
        };
        let mut found: BTreeMap<String, Quote> = BTreeMap::new();
        let mut problem =
            Error::new(Kind::Refused, "Aries has no price for it", "check the symbol with find_symbol");
        match reply {
            Ok(reply) => {
                let json = reply.json();
                let rows =
                    json.ok().and_then(|json| json.get(endpoint.rows)).map(Json::items).unwrap_or_default();
                found.extend(rows.into_iter().filter_map(read));
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

fn read_option(row: Json<'_>) -> Option<(String, Quote)> {
    let name = Symbol::parse(&row.text_at("symbol")?).ok()?.to_string();
    let quote = Quote {
        last: row.decimal_at("lastPrice").or_else(|| row.decimal_at("midPrice")),
        bid: row.decimal_at("bidPrice"),
        ask: row.decimal_at("askPrice"),
        previous: row.decimal_at("closePrice"),
        ..Quote::default()
    };
    Some((name, quote))
}

fn read_index(row: Json<'_>) -> Option<(String, Quote)> {
    let name =
        Symbol::parse(&row.text_at("identifier").or_else(|| row.text_at("index/symbol"))?).ok()?.to_string();
    let value = row.get("value")?;
    let quote = Quote {
        last: value.decimal_at("last"),
        previous: value.decimal_at("previousClose"),
        volume: value.decimal_at("volume").filter(|volume| !volume.is_zero()),
        at: index_time(value),
        ..Quote::default()
    };
    Some((name, quote))
}

/// `MM/DD/YYYY` and `hh:mm:ss am` in the index's own zone, which `utcOffset` (hours) places (`market-data.md` 0.4).
fn index_time(value: Json<'_>) -> Option<Timestamp> {
    let text = format!("{} {}", value.text_at("date")?, value.text_at("time")?.to_lowercase());
    let formats = ["%m/%d/%Y %I:%M:%S %P", "%m/%d/%Y %I:%M %P", "%m/%d/%Y %H:%M:%S"];
    let local = formats.iter().find_map(|format| jiff::civil::DateTime::strptime(format, &text).ok())?;
    let seconds = value.decimal_at("utcOffset")? * Decimal::from(3600);
    let offset = jiff::tz::Offset::from_seconds(i32::try_from(seconds.trunc().mantissa()).ok()?).ok()?;
    offset.to_timestamp(local).ok()
}

/// What a position is worth at a quote; unknown without a price, a quantity or a known multiplier.
pub(super) fn value(position: &Position, quote: Option<&Quote>) -> Option<Decimal> {
    quote?.last?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_times_are_placed_by_their_offset() {
        let json = Json::parse(r#"{"date":"01/02/2026","time":"04:15:00 PM","utcOffset":-5}"#).unwrap();
        assert_eq!(time::rfc3339(index_time(json).unwrap()), "2026-01-02T16:15:00-05:00");
    }
}
