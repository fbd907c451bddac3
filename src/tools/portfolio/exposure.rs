//! Greeks of option positions, and how many shares of each underlying they stand for by their delta.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use rust_decimal::Decimal;
use serde_json::json;

use super::positions::Row;
use crate::aries::endpoints::CONTRACT;
use crate::aries::model::greeks::Greeks;
use crate::aries::quotes::Priced;
use crate::aries::symbols::compare::is_same_stock;
use crate::aries::symbols::{Contract, Symbol, listed_below};
use crate::error::Result;
use crate::tools::answer::Table;
use crate::tools::format::{cents, count, quantity};
use crate::tools::{Answer, Call};

/// Contracts whose greeks are asked for, each with a call of its own.
const MOST: usize = 24;
/// Calls at the same time.
const AT_ONCE: usize = 8;

/// What the snapshot of one contract tells.
pub(super) struct Known {
    contract: Contract,
    greeks: Greeks,
    /// Shares that it delivers.
    shares: Option<Decimal>,
    /// The price of the underlying.
    underlying: Option<Decimal>,
}

/// The greeks of these contracts, as many as are asked for; an error if none could be read.
pub(super) async fn read(call: &Call, contracts: &[Contract]) -> Result<Vec<Known>> {
    let asking: Vec<_> = contracts.iter().take(MOST).map(|contract| one(call, contract.clone())).collect();
    let answers: Vec<Result<Known>> = stream::iter(asking).buffered(AT_ONCE).collect().await;
    let mut known = Vec::new();
    let mut error = None;
    for answer in answers {
        match answer {
            Ok(one) => known.push(one),
            Err(found) => error = Some(found),
        }
    }
    match error {
        Some(error) if known.is_empty() => Err(error),
        _ => Ok(known),
    }
}

async fn one(call: &Call, contract: Contract) -> Result<Known> {
    let underlying = listed_below(&contract.root);
    let names = [("symbol", json!(underlying)), ("contract", json!(contract.to_string()))];
    let reply = call.aries.read_if_granted(&CONTRACT.with(names)?).await?;
    let found = reply.object(reply.json()?, CONTRACT.rows, &["greeks,impliedVolatility"])?;
    Ok(Known {
        greeks: Greeks::read(found.rows, &contract),
        shares: found.rows.decimal_at("details/sharesPerContract"),
        underlying: found.rows.decimal_at("underlyingAsset/price"),
        contract,
    })
}

/// Adds the greeks of an account's option positions and the exposure per underlying.
pub(super) fn show(
    answer: Answer,
    rows: &[Row<'_>],
    known: &Result<Vec<Known>>,
    quotes: &[Priced],
) -> Answer {
    let options: Vec<(&Contract, Decimal)> = rows
        .iter()
        .filter_map(|row| match row.position.priced()? {
            Symbol::Option(contract) => Some((contract, row.position.quantity?)),
            _ => None,
        })
        .collect();
    if options.is_empty() {
        return answer;
    }
    let known = match known {
        Ok(known) => known,
        Err(error) => return answer.line(error.after("greeks: not available")),
    };
    let mut table = Table::new(["contract", "quantity", "IV %", "delta", "gamma", "theta", "vega"], "");
    let mut delta_shares: BTreeMap<&str, Option<Decimal>> = BTreeMap::new();
    let mut missing = 0_usize;
    for (contract, held) in &options {
        let of_underlying = delta_shares.entry(contract.underlying()).or_insert(Some(Decimal::ZERO));
        let Some(one) = known.iter().find(|one| one.contract == **contract) else {
            *of_underlying = None;
            missing += 1;
            continue;
        };
        let Greeks { delta, gamma, theta, vega, volatility } = &one.greeks;
        let short =
            |figure: &Option<Decimal>| figure.map(|figure| figure.round_dp(4).normalize().to_string());
        let volatility = volatility.and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
        table.row([
            Some(contract.to_string()),
            Some(quantity(*held)),
            volatility.map(|share| share.round_dp(1).normalize().to_string()),
            short(delta),
            short(gamma),
            short(theta),
            short(vega),
        ]);
        let multiplier = one.shares.or((!contract.is_adjusted()).then_some(Decimal::ONE_HUNDRED));
        let own = delta.and_then(|delta| delta.checked_mul(*held)?.checked_mul(multiplier?));
        *of_underlying = of_underlying.zip(own).map(|(sum, own)| sum + own);
    }
    let answer = match table.is_empty() {
        true => answer,
        false => answer.line("greeks per share of the underlying, not of the position:").table(table),
    };
    let answer = delta_shares.into_iter().fold(answer, |answer, (underlying, options)| {
        answer.line(exposure(underlying, options, rows, known, quotes))
    });
    match missing {
        0 => answer,
        _ => answer.line(format!(
            "greeks of {} are missing: those of {MOST} are asked for at once, and some may not be known",
            count(missing, "contract")
        )),
    }
}

/// What shares and options of one underlying together stand for.
fn exposure(
    underlying: &str,
    options: Option<Decimal>,
    rows: &[Row<'_>],
    known: &[Known],
    quotes: &[Priced],
) -> String {
    let is_own =
        |symbol: &Symbol| matches!(symbol, Symbol::Stock(ticker) if is_same_stock(ticker, underlying));
    let own = rows.iter().filter(|row| row.position.priced().is_some_and(is_own));
    let shares: Decimal = own.filter_map(|row| row.position.quantity).sum();
    let quoted = quotes.iter().find(|one| is_own(&one.symbol)).and_then(|one| one.quote.last);
    let told = || known.iter().find(|one| one.contract.underlying() == underlying)?.underlying;
    let price = quoted.or_else(told);
    let Some(options) = options else {
        return format!("delta-adjusted exposure {underlying}: not known, since a delta is missing");
    };
    let all = shares + options;
    let value = price.and_then(|price| price.checked_mul(all)).map_or_else(|| "—".to_owned(), cents);
    let round = |figure: Decimal| quantity(figure.round_dp(1));
    format!(
        "delta-adjusted exposure {underlying}: options {} shares + {} held = {} shares, {value} USD",
        round(options),
        round(shares),
        round(all)
    )
}
