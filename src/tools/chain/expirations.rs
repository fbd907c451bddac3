//! Which expirations there are. Aries has no list of them over REST, so they are read off the calls close to the
//! money.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::pages::{PAGE, contracts, pages};
use super::underlying::money;
use crate::aries::{Json, time};
use crate::error::{Error, Result};
use crate::tools::format::count;
use crate::tools::{Answer, Call};

/// How far from the money expirations are looked for, in percent of the price and in dollars: further out until that
/// finds no more of them, since dates far away have strikes far apart.
const BANDS: [(i64, Decimal); 4] = [
    (3, Decimal::from_parts(125, 0, 0, false, 2)),
    (8, Decimal::from_parts(5, 0, 0, false, 0)),
    (20, Decimal::from_parts(125, 0, 0, false, 1)),
    (50, Decimal::from_parts(50, 0, 0, false, 0)),
];

pub(super) async fn expirations(call: &Call, ticker: &str, cursor: Option<&str>) -> Result<Answer> {
    let named = |error: Error| Error { cause: format!("`cursor`: {}", error.cause), ..error };
    let from = cursor.map(time::date).transpose().map_err(named)?;
    let asked = time::rfc3339(time::now().timestamp());
    let head = |rest: String| format!("{} · {ticker} expirations · {rest} · asked {asked}", call.market());
    let Some(underlying) = money(call, ticker, None).await? else {
        return Ok(Answer::new(head("none".to_owned()))
            .line("Aries lists no options of this symbol; check it with find_symbol"));
    };
    let mut days: BTreeSet<Date> = BTreeSet::new();
    // Up to where every date was read, if later ones may be missing.
    let mut seen_to: Option<Date> = None;
    for (percent, dollars) in BANDS {
        let (low, high) = underlying.band(percent, dollars);
        let (found, more) = dates(call, ticker, from, low, high).await?;
        let before = days.len();
        seen_to = found.last().copied().filter(|_| more);
        days.extend(found);
        if more || underlying.price.is_none() || (before > 0 && days.len() == before) {
            break;
        }
    }
    if days.is_empty() && underlying.price.is_some() {
        // There is a contract, so there is a date.
        let (found, more) = dates(call, ticker, from, Value::Null, Value::Null).await?;
        seen_to = found.last().copied().filter(|_| more);
        days.extend(found);
    }
    let dates = days.iter().map(Date::to_string).collect::<Vec<_>>().join(" ");
    let mut answer =
        Answer::new(head(format!("{} · {}", underlying.words(ticker), count(days.len(), "date"))));
    if !days.is_empty() {
        answer = answer.line(dates);
    }
    if let Some(last) = seen_to {
        answer = answer.line(format!("all up to {last}; later ones: next: cursor \"{last}\""));
    }
    Ok(answer)
}

/// The dates of the calls in a band of strikes; true if later ones were not read.
async fn dates(
    call: &Call,
    ticker: &str,
    from: Option<Date>,
    low: Value,
    high: Value,
) -> Result<(BTreeSet<Date>, bool)> {
    // Sorted by contract symbol, calls of one root come in the order of their dates.
    let (replies, more) = pages(
        call,
        [
            ("symbol", json!(ticker)),
            ("from", from.map_or(Value::Null, |from| json!(from.to_string()))),
            ("side", json!("call")),
            ("strike_from", low),
            ("strike_to", high),
            ("sort", json!("ticker")),
            ("limit", json!(PAGE)),
        ],
    )
    .await?;
    let contracts = contracts(&replies)?;
    let day = |contract: &Json<'_>| contract.text_at("details/expirationDate")?.parse::<Date>().ok();
    Ok((contracts.iter().filter_map(day).collect(), more))
}
