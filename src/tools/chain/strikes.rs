//! The chain of one expiration: a row per strike, calls and puts side by side. It is asked for in a band of strikes
//! around the money, since a whole one has many pages.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::pages::{PAGE, contracts, pages};
use super::underlying::{Underlying, money};
use super::{GetOptionChain, Side};
use crate::aries::symbols::Contract;
use crate::aries::{Json, time};
use crate::error::{Error, Result};
use crate::tools::answer::Table;
use crate::tools::cell::cell;
use crate::tools::format::quantity;
use crate::tools::layout::MOST_CHARACTERS;
use crate::tools::shape::Unit;
use crate::tools::{Answer, Call};

/// Strikes shown unless another number is wanted.
const USUAL_STRIKES: usize = 10;

/// What is shown of one contract.
fn figures(contract: Json<'_>, greeks: bool) -> Vec<Option<String>> {
    let value = |path: &str, unit: Unit| cell(contract, path, unit);
    let short =
        |path: &str| contract.decimal_at(path).map(|number| number.round_dp(3).normalize().to_string());
    let volatility = contract
        .decimal_at("impliedVolatility")
        .and_then(|share| Some(share.checked_mul(Decimal::ONE_HUNDRED)?.round_dp(1).normalize().to_string()));
    let mut cells = vec![
        value("lastQuote/bid", Unit::Price),
        value("lastQuote/ask", Unit::Price),
        volatility,
        short("greeks/delta"),
    ];
    if greeks {
        cells.extend(["greeks/gamma", "greeks/theta", "greeks/vega"].map(short));
    }
    cells.extend([value("day/volume", Unit::Quantity), value("openInterest", Unit::Quantity)]);
    cells
}

fn heads(letter: char, greeks: bool) -> Vec<String> {
    let mut heads = vec!["bid", "ask", "IV%", "delta"];
    if greeks {
        heads.extend(["gamma", "theta", "vega"]);
    }
    heads.extend(["vol", "OI"]);
    heads.into_iter().map(|head| format!("{letter} {head}")).collect()
}

/// Calls and puts of one strike; adjusted contracts have a root of their own.
type Sides<'a> = [Option<Json<'a>>; 2];

pub(super) async fn strikes(call: &Call, ticker: &str, day: Date, args: &GetOptionChain) -> Result<Answer> {
    if args.cursor.as_ref().is_some_and(|cursor| cursor.parse::<Decimal>().is_err()) {
        return Err(Error::usage(
            "`cursor` is not one of this view",
            "copy `next` of the answer before, with the same arguments",
        ));
    }
    let limit = args.strikes.map_or(USUAL_STRIKES, |strikes| strikes as usize);
    let filtered = args.strike_from.is_some() || args.strike_to.is_some() || args.cursor.is_some();
    let asked = time::rfc3339(time::now().timestamp());
    let head =
        |rest: String| format!("{} · {ticker} options {day} · {rest} · asked {asked} · USD", call.market());
    let Some(underlying) = money(call, ticker, Some(day)).await? else {
        return Ok(Answer::new(head("none".to_owned()))
            .line("no contracts of that expiration; leave `expiration` out to see which there are"));
    };
    let is_banded = !filtered && underlying.price.is_some();
    let (low, high) = match filtered {
        true => (json!(args.strike_from), json!(args.strike_to)),
        false => underlying.band(20, Decimal::from(5)),
    };
    let (replies, more) = pages(
        call,
        [
            ("symbol", json!(ticker)),
            ("expiration", json!(day.to_string())),
            ("side", json!(args.side)),
            ("strike_from", low),
            ("strike_to", high),
            ("strike_after", json!(args.cursor)),
            ("limit", json!(PAGE)),
        ],
    )
    .await?;
    let all = contracts(&replies)?;
    let underlying = if underlying.price.is_some() { underlying } else { Underlying::of(&all) };
    let money = underlying.price.filter(|_| !filtered);
    let mut strikes: BTreeMap<Decimal, BTreeMap<String, Sides<'_>>> = BTreeMap::new();
    for contract in &all {
        let Some(parsed) = contract.text_at("details/ticker").and_then(|text| Contract::parse(&text)) else {
            continue;
        };
        // The names of the filters are inferred: an Aries that does not know one answers more than was asked for.
        if parsed.expiration != day || args.side.is_some_and(|side| (side == Side::Call) != parsed.call) {
            continue;
        }
        let sides = strikes.entry(parsed.strike).or_default().entry(parsed.root).or_default();
        let [calls, puts] = sides;
        *if parsed.call { calls } else { puts } = Some(*contract);
    }
    if more {
        // The last strike may lack its other side, or another root.
        strikes.pop_last();
    }
    let total = strikes.len();
    let keys: Vec<Decimal> = strikes.keys().copied().collect();
    let begin = money.map_or(0, |price| around(&keys, price, limit));
    let greeks = args.greeks == Some(true);
    let (with_calls, with_puts) = (args.side != Some(Side::Put), args.side != Some(Side::Call));
    let mut header = if with_calls { heads('C', greeks) } else { Vec::new() };
    header.push("strike".to_owned());
    header.extend(if with_puts { heads('P', greeks) } else { Vec::new() });
    let mut table = Table::with_header(header, "give fewer `strikes`");
    let blank = || vec![None; heads('C', greeks).len()];
    let row = |strike: Decimal, root: &str, [calls, puts]: &Sides<'_>| {
        let mut cells = Vec::new();
        if with_calls {
            cells.extend(calls.map_or_else(blank, |contract| figures(contract, greeks)));
        }
        let adjusted = if root == ticker { String::new() } else { format!(" ({root})") };
        cells.push(Some(format!("{}{adjusted}", quantity(strike))));
        if with_puts {
            cells.extend(puts.map_or_else(blank, |contract| figures(contract, greeks)));
        }
        cells
    };
    let mut last = None;
    let mut shown = 0;
    let mut left = MOST_CHARACTERS;
    // The cursor is a strike, so a strike counts once all of its roots are shown; a next page repeats one that is not.
    for (strike, roots) in strikes.iter().skip(begin).take(limit) {
        if !roots.iter().all(|(root, sides)| table.row_within(row(*strike, root, sides), &mut left)) {
            break;
        }
        last = Some(*strike);
        shown += 1;
    }
    let feed = all.iter().find_map(|contract| cell(*contract, "lastQuote/timeframe", Unit::Word));
    let feed = feed.map(|feed| format!(" · quotes {}", feed.to_lowercase())).unwrap_or_default();
    let of = if more { format!("{total} or more") } else { total.to_string() };
    let near = if money.is_some() { " near the money" } else { "" };
    let empty = table.is_empty();
    let end = begin + shown;
    let facts = head(format!("{} · {shown} of {of} strikes{near}{feed}", underlying.words(ticker)));
    let mut answer = Answer::new(facts);
    if empty {
        return Ok(answer.line("no strikes there; widen strike_from and strike_to"));
    }
    answer = answer.table(table);
    match last.filter(|_| end < total || more || is_banded) {
        Some(last) => {
            answer = answer.line(format!(
                "higher strikes: next: cursor \"{}\"; others: strike_from, strike_to",
                quantity(last)
            ));
        }
        None if begin > 0 => answer = answer.line("lower strikes: strike_from, strike_to"),
        None => {}
    }
    Ok(answer)
}

/// Where the strikes nearest to the price begin.
fn around(keys: &[Decimal], price: Decimal, limit: usize) -> usize {
    let mut begin = 0;
    // While the strike after the last one is nearer than the first one, they all move up.
    while let (Some(first), Some(next)) = (keys.get(begin), keys.get(begin + limit)) {
        if (next - price).abs() >= (price - first).abs() {
            break;
        }
        begin += 1;
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_money_stands_in_the_middle() {
        let keys: Vec<_> = (1..=20).map(|strike| Decimal::from(strike * 10)).collect();
        assert_eq!(around(&keys, Decimal::from(101), 4), 8);
        assert_eq!(around(&keys, Decimal::from(1), 4), 0);
        assert_eq!(around(&keys, Decimal::from(900), 4), 16);
        assert_eq!(around(&keys, Decimal::from(101), 100), 0);
        assert_eq!(around(&keys, Decimal::from(101), 1), 9);
        assert_eq!(around(&keys, Decimal::from(101), 3), 8);
    }
}
