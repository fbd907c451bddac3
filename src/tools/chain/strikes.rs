//! The chain of one expiration: a row per strike, calls and puts side by side. It is asked for in a band of strikes
//! around the money, since a whole one has many pages.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::pages::{PAGE, contracts, pages};
use super::underlying::{Underlying, money};
use super::{GetOptionChain, Side};
use crate::aries::model::greeks::Greeks;
use crate::aries::symbols::Contract;
use crate::aries::symbols::compare::option_root;
use crate::aries::{Json, time};
use crate::error::Result;
use crate::tools::answer::Table;
use crate::tools::cell::cell;
use crate::tools::format::{plain, quantity};
use crate::tools::layout::MOST_CHARACTERS;
use crate::tools::shape::Unit;
use crate::tools::{Answer, Call, cursor};

/// Strikes shown unless another number is wanted.
pub(super) const USUAL_STRIKES: usize = 10;

/// Calls and puts of one strike.
type Sides<'a> = [Option<Json<'a>>; 2];

/// By strike, then by root: adjusted contracts have a root of their own.
type Strikes<'a> = BTreeMap<Decimal, BTreeMap<String, Sides<'a>>>;

/// `None` if there are no contracts of that day.
pub(super) async fn strikes(
    call: &Call,
    ticker: &str,
    day: Date,
    args: &GetOptionChain,
) -> Result<Option<Answer>> {
    if args.cursor.as_ref().is_some_and(|cursor| cursor.parse::<Decimal>().is_err()) {
        return Err(cursor::wrong());
    }
    let asked = time::rfc3339(time::now().timestamp());
    let head =
        |rest: String| format!("{} · {ticker} options {day} · {rest} · asked {asked} · USD", call.market());
    let Some(underlying) = money(call, ticker, day).await? else { return Ok(None) };
    let is_filtered = args.strike_from.is_some() || args.strike_to.is_some() || args.cursor.is_some();
    let is_banded = !is_filtered && underlying.price.is_some();
    let (low, high) = match is_filtered {
        true => (json!(args.strike_from), json!(args.strike_to)),
        false => underlying.band(20, Decimal::from(5)),
    };
    let filters = [
        ("symbol", json!(ticker)),
        ("expiration", json!(day.to_string())),
        ("side", json!(args.side)),
        ("strike_from", low),
        ("strike_to", high),
        ("strike_after", json!(args.cursor)),
        ("limit", json!(PAGE)),
    ];
    let (replies, more) = pages(call, filters).await?;
    let all = contracts(&replies)?;
    let underlying = if underlying.price.is_some() { underlying } else { Underlying::of(&all) };
    let money = underlying.price.filter(|_| !is_filtered);
    let mut strikes = by_strike(&all, day, args.side);
    if more {
        // The last strike may lack its other side, or another root.
        strikes.pop_last();
    }
    let limit = args.strikes.map_or(USUAL_STRIKES, |strikes| strikes as usize);
    let begin = money.map_or(0, |price| around(&strikes.keys().copied().collect::<Vec<_>>(), price, limit));
    // Of strikes that were chosen, none need be near the price.
    let is_between = |price: &Decimal| {
        strikes.range(..=*price).next().is_some() && strikes.range(*price..).next().is_some()
    };
    let at = underlying
        .price
        .filter(is_between)
        .and_then(|price| strikes.keys().min_by_key(|strike| (**strike - price).abs()))
        .copied();
    let (table, shown) = table(strikes.iter().skip(begin).take(limit), ticker, at, args);
    let feed = all.iter().find_map(|contract| cell(*contract, "lastQuote/timeframe", Unit::Word));
    let feed = feed.map(|feed| format!(" · option prices {}", feed.to_lowercase())).unwrap_or_default();
    let (total, or_more) = (strikes.len(), if more { " or more" } else { "" });
    let near = if money.is_some() { " near the money" } else { "" };
    let counts = format!("{} of {total}{or_more} strikes{near}{feed}", shown.len());
    let answer = Answer::new(head(format!("{} · {counts}", underlying.words(ticker))));
    if table.is_empty() {
        return Ok(Some(answer.line("no strikes there; widen strike_from and strike_to")));
    }
    let answer = answer.table(table);
    let has_higher = begin + shown.len() < total || more || is_banded;
    Ok(Some(match shown.last().filter(|_| has_higher) {
        Some(last) => answer.line(format!(
            "higher strikes: next: cursor \"{}\"; others: strike_from, strike_to",
            quantity(**last)
        )),
        None if begin > 0 => answer.line("lower strikes: strike_from, strike_to"),
        None => answer,
    }))
}

/// The contracts of one day and side: an Aries that does not know a filter answers more than was asked for.
fn by_strike<'a>(contracts: &[Json<'a>], day: Date, side: Option<Side>) -> Strikes<'a> {
    let mut strikes = Strikes::new();
    for contract in contracts {
        let parsed = contract.text_at("details/ticker").and_then(|text| Contract::parse(&text));
        let fits = |parsed: &Contract| {
            parsed.expiration == day && side.is_none_or(|side| (side == Side::Call) == parsed.call)
        };
        let Some(parsed) = parsed.filter(fits) else { continue };
        let [calls, puts] = strikes.entry(parsed.strike).or_default().entry(parsed.root).or_default();
        *if parsed.call { calls } else { puts } = Some(*contract);
    }
    strikes
}

/// As many of the strikes as there is room for, and which they are. The cursor is a strike, so a strike counts once all
/// of its roots are shown; a next page repeats one that is not.
fn table<'a, 'b: 'a>(
    strikes: impl Iterator<Item = (&'a Decimal, &'a BTreeMap<String, Sides<'b>>)>,
    ticker: &str,
    at_the_money: Option<Decimal>,
    args: &GetOptionChain,
) -> (Table, Vec<&'a Decimal>) {
    let greeks = args.greeks == Some(true);
    let (with_calls, with_puts) = (args.side != Some(Side::Put), args.side != Some(Side::Call));
    let head = |letter: char, wanted: bool| if wanted { heads(letter, greeks) } else { Vec::new() };
    let usual_root = option_root(ticker);
    let header = [head('C', with_calls), vec!["strike".to_owned()], head('P', with_puts)].concat();
    let mut table = Table::with_header(header, "give fewer `strikes`");
    let side = |contract: &Option<Json<'_>>, wanted: bool| match contract {
        _ if !wanted => Vec::new(),
        Some(contract) => figures(*contract, greeks),
        None => vec![None; heads('C', greeks).len()],
    };
    let mut left = MOST_CHARACTERS;
    let mut is_shown = |strike: &Decimal, roots: &BTreeMap<String, Sides<'_>>| {
        roots.iter().all(|(root, [calls, puts])| {
            let adjusted = if *root == usual_root { String::new() } else { format!(" ({root})") };
            let mark = if at_the_money == Some(*strike) { " (ATM)" } else { "" };
            let strike = Some(format!("{}{adjusted}{mark}", quantity(*strike)));
            let row = [side(calls, with_calls), vec![strike], side(puts, with_puts)].concat();
            table.row_within(row, &mut left)
        })
    };
    let shown = strikes.take_while(|(strike, roots)| is_shown(strike, roots));
    let shown = shown.map(|(strike, _)| strike).collect();
    (table, shown)
}

fn heads(letter: char, greeks: bool) -> Vec<String> {
    let greeks: &[&str] = if greeks { &["gamma", "theta", "vega"] } else { &[] };
    let heads = [&["symbol", "bid", "ask", "mid", "IV%", "delta"], greeks, &["vol", "OI"]].concat();
    heads.into_iter().map(|head| format!("{letter} {head}")).collect()
}

/// What is shown of one contract, below [`heads`].
fn figures(contract: Json<'_>, with_greeks: bool) -> Vec<Option<String>> {
    let value = |path: &str, unit: Unit| cell(contract, path, unit);
    let short = |figure: Option<Decimal>| figure.map(|figure| figure.round_dp(3).normalize().to_string());
    let parsed = contract.text_at("details/ticker").and_then(|text| Contract::parse(&text));
    let greeks = parsed.as_ref().map(|parsed| Greeks::read(contract, parsed)).unwrap_or_default();
    let volatility = greeks.volatility.and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
    let mut cells = vec![
        parsed.map(|parsed| parsed.to_string()),
        value("lastQuote/bid", Unit::Price),
        value("lastQuote/ask", Unit::Price),
        middle(contract).map(plain),
        volatility.map(|share| share.round_dp(1).normalize().to_string()),
        short(greeks.delta),
    ];
    if with_greeks {
        cells.extend([greeks.gamma, greeks.theta, greeks.vega].map(short));
    }
    cells.extend([value("day/volume", Unit::Quantity), value("openInterest", Unit::Quantity)]);
    cells
}

/// The middle of bid and ask, where both are there.
fn middle(contract: Json<'_>) -> Option<Decimal> {
    let side = |path: &str| contract.decimal_at(path).filter(|price| *price > Decimal::ZERO);
    let (bid, ask) = (side("lastQuote/bid")?, side("lastQuote/ask")?);
    bid.checked_add(ask)?.checked_div(Decimal::TWO)
}

/// Where the strikes nearest to the price begin.
pub(super) fn around(keys: &[Decimal], price: Decimal, limit: usize) -> usize {
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
