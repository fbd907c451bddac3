//! `GET /v1/marketdata/search`.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::market::contracts::{self, Contract};
use crate::sandbox::market::instruments::{INSTRUMENTS, Instrument, Kind};
use crate::sandbox::market::{self, calendar};
use crate::sandbox::{Answer, Call, Reply, World};

/// Looks up stocks and indices; options behind `.`, futures behind `/`.
pub(crate) fn search(_: &mut World, call: &Call) -> Reply {
    let query = call.required("query")?.trim().to_uppercase();
    let limit = usize::try_from(call.number("limit", 20, 1..=100)?).unwrap_or(20);
    let mut rows = match query.strip_prefix('.') {
        Some(text) => options(text, call.now),
        None => named(&query),
    };
    rows.truncate(limit);
    Answer::ok(&Value::Array(rows))
}

/// The best matches first: the symbol itself, its beginning, a word of the name, any part of the name.
fn named(query: &str) -> Vec<Value> {
    let futures = query.starts_with('/');
    let mut found: Vec<(u8, &Instrument)> = INSTRUMENTS
        .iter()
        .filter(|instrument| (instrument.kind == Kind::Future) == futures)
        .filter_map(|instrument| rank(instrument, query).map(|rank| (rank, instrument)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, instrument)| row(instrument)).collect()
}

fn rank(instrument: &Instrument, query: &str) -> Option<u8> {
    let name = instrument.name.to_uppercase();
    let bare = instrument.symbol.split(".IND").next().unwrap_or_default();
    match () {
        () if instrument.symbol == query || bare == query => Some(0),
        () if instrument.symbol.starts_with(query) => Some(1),
        () if name.split(' ').any(|word| word.starts_with(query)) => Some(2),
        () if name.contains(query) => Some(3),
        () => None,
    }
}

fn row(instrument: &Instrument) -> Value {
    json!({
        "symbol": instrument.symbol,
        "description": instrument.name,
        "tag": instrument.venue,
        "type": instrument.kind.word(),
    })
}

/// Contracts whose OSI symbol begins with the text; near the money first, so that a short answer shows every
/// expiration.
fn options(text: &str, now: Timestamp) -> Vec<Value> {
    let mut found = Vec::new();
    for instrument in INSTRUMENTS {
        let same_beginning = text.starts_with(instrument.symbol) || instrument.symbol.starts_with(text);
        if !text.is_empty() && same_beginning {
            found.extend(
                contracts_of(instrument, now).filter(|(_, contract)| contract.osi().starts_with(text)),
            );
        }
    }
    found.sort_by(|(near, one), (other_near, other)| {
        near.cmp(other_near).then_with(|| one.expiration.cmp(&other.expiration))
    });
    found.iter().map(|(_, contract)| option_row(contract)).collect()
}

/// Every contract on a ticker, with how many strikes it is away from the money.
fn contracts_of(instrument: &Instrument, now: Timestamp) -> impl Iterator<Item = (usize, Contract)> {
    let price = market::decimal(instrument.cents);
    let mut strikes = contracts::strikes(instrument);
    strikes.sort_by_key(|strike| (*strike - price).abs());
    let days = calendar::expirations(market::today(now));
    let symbol = instrument.symbol;
    strikes.into_iter().enumerate().flat_map(move |(near, strike)| {
        let both = days.clone().into_iter().flat_map(move |day| [(day, true), (day, false)]);
        both.map(move |(day, call)| (near, Contract::new(symbol, day, call, strike)))
    })
}

fn option_row(contract: &Contract) -> Value {
    json!({
        "symbol": contract.osi(),
        "description": contract.description(),
        "tag": "OPRA",
        "type": "option",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(rows: &[Value]) -> Vec<&str> {
        rows.iter().filter_map(|row| row["symbol"].as_str()).collect()
    }

    #[test]
    fn exact_symbols_come_first() {
        assert_eq!(symbols(&named("T"))[0], "T");
        assert_eq!(symbols(&named("APPLE")), ["AAPL"]);
        assert_eq!(symbols(&named("SPX")), ["SPX.IND_CBOM"]);
        assert_eq!(symbols(&named("/ES")), ["/ES"]);
        assert!(named("ES").iter().all(|row| row["type"] != "future"));
        assert!(named("!ES").is_empty());
    }

    #[test]
    fn a_short_list_of_options_shows_every_expiration() {
        let now = Timestamp::from_second(1_795_265_355).unwrap();
        let days = calendar::expirations(market::today(now)).len();
        let rows = options("AAPL", now);
        let expirations: std::collections::BTreeSet<&str> =
            symbols(&rows[..20]).into_iter().map(|osi| &osi[4..10]).collect();
        assert_eq!(expirations.len(), days.min(10));
        assert!(options("BRK.B", now).is_empty() && options("", now).is_empty());
    }
}
