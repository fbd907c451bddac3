//! `get_quotes`: stocks, options and indices in one answer, by the ways of `aries::quotes`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Table;
use super::elsewhere::{self, Elsewhere};
use super::format::{count, few, now, percent, plain, quantity};
use super::no_symbols::NoSymbols;
use super::{Answer, Call, READS_OFTEN, Tool, Work, schema, typed};
use crate::aries::endpoints;
use crate::aries::model::Quote;
use crate::aries::model::quote::Feed;
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::Symbol;
use crate::clock;
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::told::Told;

pub(super) static GET_QUOTES: Tool = Tool {
    name: "get_quotes",
    title: "Get quotes",
    description: "Current prices of up to 50 stocks, option contracts (OSI, AAPL260116C00190000) and indices (SPX, NDX, VIX), \
                  mixed: last, bid, ask, change since the previous close, day volume, time of the last price or the day it is \
                  the close of, real-time or delayed where known.",
    toolset: Toolset::Market,
    default: true,
    hints: READS_OFTEN,
    output: None,
    example: r#"{"symbols":["AAPL","SPX"]}"#,
    work: Work::Code {
        input: schema::input::<GetQuotes>,
        endpoints: &[
            (&endpoints::EQUITY_DETAILS, r#"{"symbols":["AAPL"]}"#),
            (&endpoints::CHART_QUOTES, r#"{"symbols":["AAPL"]}"#),
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

async fn get_quotes(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetQuotes = typed(args)?;
    let (mut symbols, mut futures, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
    let mut wrong = NoSymbols::default();
    for text in &args.symbols {
        match Elsewhere::of(text) {
            Some(place) => elsewhere.push((place, text.as_str())),
            None => match wrong.read(text).map(Symbol::priced) {
                Some(Symbol::Future(future)) => futures.push(future),
                Some(symbol) if !symbols.contains(&symbol) => symbols.push(symbol),
                _ => {}
            },
        }
    }
    if symbols.is_empty()
        && futures.is_empty()
        && elsewhere.is_empty()
        && let Some(error) = wrong.error()
    {
        return Err(error);
    }
    let mut notes: Vec<Told> = Vec::new();
    if !futures.is_empty() {
        let names = few(&futures, 8);
        notes
            .push(format!("{names}: Aries documents no quotes of futures; get_bars has their prices").into());
    }
    notes.extend(elsewhere::words(&call, elsewhere).await.into_iter().map(Told::from));
    notes.extend(wrong.line());
    let priced = quotes::fetch(&call.aries, &symbols, Need::Day).await;
    let found = priced.iter().filter(|one| one.quote.has_price()).count();
    if found == 0
        && notes.is_empty()
        && let Some(error) = priced.iter().find_map(|one| one.problem.clone())
    {
        return Err(of_all(error, &priced));
    }
    let mut table = Table::new(
        ["symbol", "last", "bid", "ask", "change", "change %", "volume", "time", "feed"],
        "ask for fewer symbols",
    );
    for Priced { symbol, quote, .. } in &priced {
        table.row(cells(symbol, quote));
    }
    let quoted = match symbols.len() {
        all if all == found => count(all, "quote"),
        all => format!("{} for {}", count(found, "quote"), count(all, "symbol")),
    };
    let (market, asked) = (call.market(), now());
    let answer = Answer::new(format!("{market} · {quoted} · asked {asked} · USD, times New York"));
    let answer = if table.is_empty() { answer } else { answer.table(table) };
    let answer = mention(answer, &priced);
    Ok(notes.into_iter().fold(answer, Answer::line))
}

/// The error where nothing has a price, with the symbols that it is about.
fn of_all(error: Error, priced: &[Priced]) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let is_alike = |one: &&Priced| one.problem.as_ref().is_some_and(|own| own.cause == error.cause);
    let names: Vec<String> = priced.iter().filter(is_alike).map(|one| one.symbol.to_string()).collect();
    Error { cause: format!("{}: {}", few(&names, 8), error.cause), ..error }
}

fn cells(symbol: &Symbol, quote: &Quote) -> [Option<String>; 9] {
    let change = quote.last.zip(quote.previous);
    let change = change.and_then(|(last, previous)| Some((last.checked_sub(previous)?, previous)));
    [
        Some(symbol.to_string()),
        quote.last.map(plain),
        quote.bid.map(plain),
        quote.ask.map(plain),
        change.map(|(change, _)| plain(change)),
        change.and_then(|(change, previous)| percent(change, previous)),
        quote.volume.map(quantity),
        quote.age(clock::now()),
        match quote.feed {
            Feed::RealTime => Some("real-time".to_owned()),
            Feed::Delayed => Some("delayed".to_owned()),
            Feed::Unsaid | Feed::Unknown => None,
        },
    ]
}

/// Says why prices are missing or incomplete, once per cause with the symbols it concerns.
pub(super) fn mention(mut answer: Answer, priced: &[Priced]) -> Answer {
    let mut by_cause: BTreeMap<&str, (Vec<String>, &Told)> = BTreeMap::new();
    for Priced { symbol, problem, .. } in priced {
        let Some(error) = problem else { continue };
        by_cause.entry(&error.cause).or_insert_with(|| (Vec::new(), &error.hint)).0.push(symbol.to_string());
    }
    for (cause, (names, hint)) in by_cause {
        let words = format!("incomplete: {} ({cause}); ", few(&names, 8));
        answer = answer.line(Told::from(words).and(hint.clone()));
    }
    answer
}
