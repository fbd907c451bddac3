//! The bare contract symbols of one expiration.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::{GetOptionChain, Side};
use crate::aries::absence::is_absence;
use crate::aries::endpoints::CONTRACT_SYMBOLS;
use crate::aries::symbols::Contract;
use crate::aries::symbols::compare::option_root;
use crate::aries::{Json, time};
use crate::error::Result;
use crate::tools::format::{count, quantity};
use crate::tools::{Answer, Call};

pub(super) async fn symbols(call: &Call, ticker: &str, day: Date, args: &GetOptionChain) -> Result<Answer> {
    let names = [("symbol", json!(ticker)), ("expiration", json!(day.to_string()))];
    let reply = call.read(&CONTRACT_SYMBOLS, names).await?;
    let whole = reply.json()?;
    let is_none = is_absence(whole);
    let json = if is_none { whole } else { reply.object(whole, "", &["calls,puts,contracts"])?.rows };
    let list = |name: &str, letter: &str| -> Vec<(Decimal, String)> {
        let own = json.get(name).map(Json::items).unwrap_or_default();
        let old = json.get("contracts").map(Json::items).unwrap_or_default();
        let old = old
            .into_iter()
            .filter(|row| row.text_at("type").is_some_and(|side| side.to_lowercase().starts_with(letter)));
        let contract = |row: Json<'_>| {
            let parsed = Contract::parse(&row.text_at("symbol").or_else(|| row.text_at("ticker"))?)?;
            Some((parsed.strike, parsed.root))
        };
        own.into_iter().chain(old).filter_map(contract).collect()
    };
    let usual_root = option_root(ticker);
    let (calls, puts) = (list("calls", "c"), list("puts", "p"));
    let asked = time::rfc3339(time::now().timestamp());
    let mut answer = Answer::new(format!(
        "{} · {ticker} contracts {day} · {} · {} · asked {asked}",
        call.market(),
        count(calls.len(), "call"),
        count(puts.len(), "put")
    ));
    let line = |side: &str, list: &[(Decimal, String)]| {
        let words = list.iter().take(500).map(|(strike, root)| match *root == usual_root {
            true => quantity(*strike),
            false => format!("{} ({root})", quantity(*strike)),
        });
        format!("{side}: {}", words.collect::<Vec<_>>().join(" "))
    };
    if calls == puts && args.side.is_none() {
        answer = answer.line(line("strikes of calls and puts", &calls));
    } else {
        if args.side != Some(Side::Put) {
            answer = answer.line(line("strikes of calls", &calls));
        }
        if args.side != Some(Side::Call) {
            answer = answer.line(line("strikes of puts", &puts));
        }
    }
    let example = Contract {
        root: usual_root.clone(),
        expiration: day,
        call: true,
        strike: calls.first().map_or(Decimal::ONE_HUNDRED, |one| one.0),
    };
    Ok(answer.line(format!("a symbol is made like {} = {example}", example.words())))
}
