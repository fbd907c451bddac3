//! `get_quotes`: stocks, options and indices in one answer, by the ways of `aries::quotes`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Table;
use super::format::{count, now, percent, plain, quantity};
use super::{Answer, Call, READS_OFTEN, Tool, Work, schema, typed};
use crate::aries::endpoints;
use crate::aries::model::quote::Feed;
use crate::aries::model::{Position, Quote};
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::Symbol;
use crate::config::Toolset;
use crate::error::{Error, Result};

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
    let priced = quotes::fetch(&call.aries, &symbols, Need::Day).await;
    if !priced.iter().any(|one| one.quote.has_price())
        && let Some(error) = priced.iter().find_map(|one| one.problem.clone())
    {
        return Err(error);
    }
    let mut table = Table::new(
        ["symbol", "last", "bid", "ask", "change", "change %", "volume", "time", "feed"],
        "ask for fewer symbols",
    );
    for Priced { symbol, quote, .. } in &priced {
        table.row(cells(symbol, quote));
    }
    let (market, quoted, asked) = (call.market(), count(symbols.len(), "quote"), now());
    let answer =
        Answer::new(format!("{market} · {quoted} · asked {asked} · USD, times New York")).table(table);
    Ok(mention(answer, &priced))
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
        quote.age(Timestamp::now()),
        match quote.feed {
            Feed::RealTime => Some("real-time".to_owned()),
            Feed::Delayed => Some("delayed".to_owned()),
            Feed::Unsaid | Feed::Unknown => None,
        },
    ]
}

/// Says why prices are missing or incomplete, once per cause with the symbols it concerns.
pub(super) fn mention(mut answer: Answer, priced: &[Priced]) -> Answer {
    let mut by_cause: BTreeMap<&str, (Vec<String>, &str)> = BTreeMap::new();
    for Priced { symbol, problem, .. } in priced {
        let Some(error) = problem else { continue };
        by_cause.entry(&error.cause).or_insert_with(|| (Vec::new(), &error.hint)).0.push(symbol.to_string());
    }
    for (cause, (names, hint)) in by_cause {
        answer = answer.line(format!("incomplete: {} ({cause}); {hint}", names.join(", ")));
    }
    answer
}

/// What a position is worth at a quote; unknown without a price, a quantity or a known multiplier.
pub(super) fn value(position: &Position, quote: Option<&Quote>) -> Option<Decimal> {
    quote?.last?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?)
}
