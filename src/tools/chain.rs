//! `get_option_chain`: one file per answer. Expirations, the strikes of one with calls and puts side by side, one contract,
//! bare symbols.

mod contract;
mod expirations;
mod pages;
mod searched;
mod strikes;
mod symbols;
mod underlying;
mod wanted;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::wanted::Wanted;
use super::{Answer, Call, Tool, Work, schema, typed};
use crate::aries::endpoints::{self, CHAIN};
use crate::aries::symbols::{Form, Symbol, listed_below};
use crate::aries::time;
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};

pub(super) static GET_OPTION_CHAIN: Tool = Tool {
    name: "get_option_chain",
    title: "Get an option chain",
    description: "Options of a stock. Without `expiration`: the expirations there are. With one: strikes around the money (ATM), calls \
                  (C) and puts (P) side by side with symbol, bid, ask, mid, IV, delta, volume, open interest (OI). With `contract`: \
                  everything about that one.",
    toolset: Toolset::Options,
    example: r#"{"symbol":"AAPL","expiration":"2027-05-21"}"#,
    work: Work::Code {
        input: schema::input::<GetOptionChain>,
        endpoints: &[
            (&endpoints::EXPIRATIONS, r#"{"symbol":"AAPL"}"#),
            (&endpoints::CHAIN, r#"{"symbol":"AAPL","expiration":"2027-05-21"}"#),
            (&endpoints::CONTRACT, r#"{"contract":"AAPL 2027-05-21 250 C"}"#),
            (
                &endpoints::CONTRACT_SYMBOLS,
                r#"{"symbol":"AAPL","expiration":"2027-05-21","symbols_only":true}"#,
            ),
            (&endpoints::SEARCH, r#"{"symbol":"AAPL"}"#),
        ],
        run: |call, args| Box::pin(get_option_chain(call, args)),
    },
    ..Tool::READER
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetOptionChain {
    /// Ticker of the underlying stock; not needed with contract
    #[schemars(length(max = 40))]
    symbol: Option<String>,
    /// One contract instead: AAPL261218C00200000 or AAPL 2026-12-18 200 C
    #[schemars(length(max = 40))]
    contract: Option<String>,
    /// 2026-12-18, nearest, 3 weeks, January
    #[schemars(length(max = 40))]
    expiration: Option<String>,
    /// Only calls or only puts
    side: Option<Side>,
    /// Most strikes, those nearest the money; 10 if left out
    #[schemars(range(min = 1, max = 100))]
    strikes: Option<u32>,
    /// Lowest strike
    #[schemars(length(max = 20))]
    strike_from: Option<String>,
    /// Highest strike
    #[schemars(length(max = 20))]
    strike_to: Option<String>,
    /// Also gamma, theta, vega (per share)
    greeks: Option<bool>,
    /// Only contract symbols, no prices
    symbols_only: Option<bool>,
    /// `next` of the last answer
    #[schemars(length(max = 40))]
    cursor: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Side {
    Call,
    Put,
}

/// Refuses what was given besides an argument that it does not go with.
fn refuse(given: &[(&str, bool)], with: &str, which: &str) -> Result<()> {
    let Some((name, _)) = given.iter().find(|(_, given)| *given) else { return Ok(()) };
    Err(Error::usage(
        format!("`{name}` does not go with `{with}`, which {which}"),
        format!("leave `{name}` out, or leave `{with}` out"),
    ))
}

async fn get_option_chain(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetOptionChain = typed(args)?;
    if let Some(contract) = &args.contract {
        let given = [
            ("symbol", args.symbol.is_some()),
            ("expiration", args.expiration.is_some()),
            ("side", args.side.is_some()),
            ("strike_from", args.strike_from.is_some()),
            ("strike_to", args.strike_to.is_some()),
            ("cursor", args.cursor.is_some()),
        ];
        refuse(&given, "contract", "names one contract")?;
        return contract::contract(&call, contract).await;
    }
    let Some(symbol) = &args.symbol else {
        return Err(Error::usage(
            "`symbol` is missing",
            format!(
                "get_option_activity has the contracts of the whole market that moved or traded most; example: get_option_chain {}",
                GET_OPTION_CHAIN.example
            ),
        ));
    };
    let ticker = underlying_of(symbol).map_err(|error| error.of_argument("symbol"))?;
    // Refused here, before the price of the underlying is asked for.
    CHAIN.with([
        ("symbol", json!(ticker)),
        ("strike_from", json!(args.strike_from)),
        ("strike_to", json!(args.strike_to)),
    ])?;
    let Some(expiration) = &args.expiration else { return expirations_only(&call, &ticker, &args).await };
    let today = time::now().date();
    let wanted = Wanted::parse(expiration, today)?;
    let (day, listed) = match wanted {
        Wanted::Day(day) => (day, Vec::new()),
        // Every other word means one of those that there are.
        words => {
            let listed = expirations::listed(&call, &ticker).await?;
            match words.choose(&listed, today) {
                Some(day) => (day, listed),
                None => return Ok(expirations::none_of(&call, &ticker, expiration, &listed)),
            }
        }
    };
    let answer = of_day(&call, &ticker, day, &args).await?;
    Ok(match answer {
        Some(answer) => {
            wanted::reading(expiration, day, &listed, today).into_iter().fold(answer, Answer::line)
        }
        None => {
            let listed = expirations::listed(&call, &ticker).await.unwrap_or_default();
            expirations::none_of(&call, &ticker, expiration, &listed)
        }
    })
}

/// The contracts of one expiration; `None` if there are none.
async fn of_day(call: &Call, ticker: &str, day: Date, args: &GetOptionChain) -> Result<Option<Answer>> {
    if args.symbols_only == Some(true) {
        let given = [
            ("strikes", args.strikes.is_some()),
            ("strike_from", args.strike_from.is_some()),
            ("strike_to", args.strike_to.is_some()),
            ("greeks", args.greeks == Some(true)),
            ("cursor", args.cursor.is_some()),
        ];
        refuse(&given, "symbols_only", "answers every strike at once")?;
        return symbols::symbols(call, ticker, day, args).await.map(Some);
    }
    match strikes::strikes(call, ticker, day, args).await {
        Err(error) if error.kind == Kind::Forbidden => {
            searched::strikes(call, ticker, day, args, &error).await.map(Some)
        }
        answer => Ok(answer?.map(|answer| expirations::remark(day).into_iter().fold(answer, Answer::line))),
    }
}

/// The ticker or the index that options are asked of: `SPXW` is a root of those on `SPX`.
fn underlying_of(text: &str) -> Result<String> {
    let named = match Symbol::traded(text)? {
        Symbol::Index { name, .. } => name,
        symbol => symbol.to_form(Form::Ticker)?,
    };
    Ok(listed_below(&named).to_owned())
}

/// The expirations there are; what narrows the contracts of one does not go with that.
async fn expirations_only(call: &Call, ticker: &str, args: &GetOptionChain) -> Result<Answer> {
    let given = [
        ("side", args.side.is_some()),
        ("strikes", args.strikes.is_some()),
        ("strike_from", args.strike_from.is_some()),
        ("strike_to", args.strike_to.is_some()),
        ("cursor", args.cursor.is_some()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
        let cause = format!("`{name}` needs `expiration`");
        return Err(Error::usage(
            cause,
            "give one day, or leave both out to see which expirations there are",
        ));
    }
    match expirations::expirations(call, ticker).await {
        Err(error) if error.kind == Kind::Forbidden => searched::expirations(call, ticker, &error).await,
        answer => answer,
    }
}
