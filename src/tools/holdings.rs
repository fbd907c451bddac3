//! What the person holds, as tickers: shares, and the shares behind options.

use futures_util::future::join_all;

use super::Call;
use crate::aries::model;
use crate::aries::model::account;
use crate::aries::symbols::{Symbol, listed_below};
use crate::error::Result;

/// Tickers of every account, each once, and what could not be read of them.
pub(super) struct Holdings {
    pub(super) tickers: Vec<String>,
    pub(super) notes: Vec<String>,
}

pub(super) async fn read(call: &Call) -> Result<Holdings> {
    let accounts = account::all(&call.aries).await?;
    let read = accounts.iter().map(|account| model::position::all(&call.aries, &account.id));
    let mut found = Holdings { tickers: Vec::new(), notes: Vec::new() };
    let mut error = None;
    for (account, positions) in accounts.iter().zip(join_all(read).await) {
        let list = match positions.and_then(|positions| positions.list_or_unavailable()) {
            Ok(list) => list,
            Err(cause) => {
                found.notes.push(format!(
                    "positions of {} could not be read: {}",
                    account.label(),
                    cause.cause
                ));
                error = Some(cause);
                continue;
            }
        };
        let held = list.iter().filter(|position| position.quantity.is_none_or(|held| !held.is_zero()));
        for ticker in held.filter_map(|position| ticker(position.priced()?)) {
            if !found.tickers.contains(&ticker) {
                found.tickers.push(ticker);
            }
        }
    }
    match error {
        Some(error) if found.tickers.is_empty() => Err(error),
        _ => Ok(found),
    }
}

fn ticker(symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Stock(ticker) => Some(ticker.clone()),
        Symbol::Option(contract) => Some(listed_below(&contract.root).to_owned()),
        Symbol::Index { .. } | Symbol::Future(_) => None,
    }
}
