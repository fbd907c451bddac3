//! `get_option_chain`: expirations, the chain of one with calls and puts side by side, one contract, bare symbols.
//!
//! Aries has no list of expirations over REST and answers a chain contract by contract, page by page. So expirations
//! are read off the calls close to the money, and a chain is asked for in a band of strikes (`options-analytics-calendars.md` 2).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Table;
use super::format::{count, plain, quantity};
use super::shape::{self, Wanted, cell};
use super::{Answer, Call, READS, Tool, schema, typed, with};
use crate::aries::endpoints::{CHAIN, CONTRACT, CONTRACT_SYMBOLS};
use crate::aries::shape::{Cursor, Unit};
use crate::aries::symbols::{Contract, Form, Symbol};
use crate::aries::{Json, Reply, time};
use crate::config::Toolset;
use crate::error::{Error, Result};

/// Aries' largest page.
const PAGE: usize = 250;
/// Pages read for one answer; what lies beyond is reached with the cursor.
const MOST_PAGES: usize = 8;
/// How far from the money expirations are looked for, in percent of the price and in dollars: further out until that
/// finds no more of them, since dates far away have strikes far apart.
const BANDS: [(i64, Decimal); 4] = [
    (3, Decimal::from_parts(125, 0, 0, false, 2)),
    (8, Decimal::from_parts(5, 0, 0, false, 0)),
    (20, Decimal::from_parts(125, 0, 0, false, 1)),
    (50, Decimal::from_parts(50, 0, 0, false, 0)),
];
/// Strikes shown unless another number is wanted.
const USUAL_STRIKES: usize = 10;

pub(super) static GET_OPTION_CHAIN: Tool = Tool {
    name: "get_option_chain",
    title: "Get an option chain",
    description: "Options of a stock. Without `expiration`: the expirations there are. With one: strikes around the money, calls (C) and \
                  puts (P) side by side with bid, ask, IV, delta, volume and open interest (OI). Filter by side and strikes; `greeks` \
                  adds gamma, theta, vega. With `contract`: everything about that one.",
    toolset: Toolset::Options,
    default: true,
    hints: READS,
    input: schema::input::<GetOptionChain>,
    output: None,
    example: r#"{"symbol":"AAPL","expiration":"2027-05-21"}"#,
    run: |call, args| Box::pin(get_option_chain(call, args)),
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
    /// Expiration such as 2026-12-18
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
    /// Also gamma, theta, vega
    greeks: Option<bool>,
    /// Only the contract symbols of the expiration, without prices
    symbols_only: Option<bool>,
    /// `next` of the answer before, same arguments
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
        if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
            return Err(Error::usage(
                format!("`{name}` does not go with `contract`, which names one contract"),
                format!("leave `{name}` out, or leave `contract` out"),
            ));
        }
        return one_contract(&call, contract).await;
    }
    let Some(symbol) = &args.symbol else {
        return Err(Error::usage(
            "`symbol` is missing",
            format!("example: get_option_chain {}", GET_OPTION_CHAIN.example),
        ));
    };
    let ticker = Symbol::parse(symbol)
        .and_then(|symbol| symbol.to_form(Form::Ticker))
        .map_err(|error| Error { cause: format!("`symbol`: {}", error.cause), ..error })?;
    // Refused here, before the price of the underlying is asked for.
    CHAIN.request(&with([
        ("symbol", json!(ticker)),
        ("strike_from", json!(args.strike_from)),
        ("strike_to", json!(args.strike_to)),
    ]))?;
    let Some(expiration) = &args.expiration else {
        return expirations(&call, &ticker, args.cursor.as_deref()).await;
    };
    let day = time::date(expiration).map_err(|error| Error {
        cause: format!("`expiration`: {}", error.cause),
        hint: "write one day, like 2026-12-18; leave it out to see which there are".to_owned(),
        ..error
    })?;
    if args.symbols_only == Some(true) {
        let more = [
            ("strikes", args.strikes.is_some()),
            ("strike_from", args.strike_from.is_some()),
            ("strike_to", args.strike_to.is_some()),
            ("greeks", args.greeks == Some(true)),
            ("cursor", args.cursor.is_some()),
        ];
        if let Some((name, _)) = more.iter().find(|(_, given)| *given) {
            return Err(Error::usage(
                format!("`{name}` does not go with `symbols_only`, which answers every strike at once"),
                format!("leave `{name}` out, or leave `symbols_only` out"),
            ));
        }
        return symbols(&call, &ticker, day, &args).await;
    }
    chain(&call, &ticker, day, &args).await
}

/// Every page of a request up to a bound; true if there was more.
async fn pages(call: &Call, filters: [(&str, Value); 7]) -> Result<(Vec<Reply>, bool)> {
    let request = CHAIN.request(&with(filters))?;
    let mut replies = Vec::new();
    let mut next: Option<String> = None;
    while replies.len() < MOST_PAGES {
        let mut page = request.clone();
        page.query.extend(next.take().map(|next| ("next", next)));
        let reply = call.aries.read(&page).await?;
        next = shape::next_page(Cursor::Next, reply.json()?, None, true);
        replies.push(reply);
        if next.is_none() {
            return Ok((replies, false));
        }
    }
    Ok((replies, true))
}

fn contracts(replies: &[Reply]) -> Result<Vec<Json<'_>>> {
    let answers = replies.iter().map(Reply::json).collect::<Result<Vec<_>>>()?;
    Ok(answers.into_iter().filter_map(|answer| answer.get(CHAIN.rows)).flat_map(Json::items).collect())
}

/// The price of the underlying, as the first contract of a chain tells it.
async fn money(call: &Call, ticker: &str, day: Option<Date>) -> Result<Option<Underlying>> {
    let day = day.map_or(Value::Null, |day| json!(day.to_string()));
    let request =
        CHAIN.request(&with([("symbol", json!(ticker)), ("expiration", day), ("limit", json!(1))]))?;
    let reply = call.aries.read(&request).await?;
    let first = reply.json()?.get(CHAIN.rows).map(Json::items).unwrap_or_default();
    Ok(first.first().map(|first| Underlying {
        price: first.decimal_at("underlyingAsset/price"),
        feed: cell(*first, "underlyingAsset/timeframe", Unit::Word),
    }))
}

struct Underlying {
    price: Option<Decimal>,
    feed: Option<String>,
}

impl Underlying {
    fn words(&self, ticker: &str) -> String {
        let feed = self.feed.as_deref().map(|feed| format!(" ({})", feed.to_lowercase())).unwrap_or_default();
        format!("{ticker} {}{feed}", self.price.map_or("—".to_owned(), plain))
    }

    /// Strikes within a share of the price, and never less than some dollars either side.
    fn band(&self, percent: i64, dollars: Decimal) -> (Value, Value) {
        let Some(price) = self.price else { return (Value::Null, Value::Null) };
        let width = (price * Decimal::new(percent, 2)).max(dollars);
        let text = |value: Decimal| json!(value.round_dp(2).normalize().to_string());
        let low = price - width;
        (if low.is_sign_positive() && !low.is_zero() { text(low) } else { Value::Null }, text(price + width))
    }
}

async fn expirations(call: &Call, ticker: &str, cursor: Option<&str>) -> Result<Answer> {
    let named = |error: Error| Error { cause: format!("`cursor`: {}", error.cause), ..error };
    let from = cursor.map(time::date).transpose().map_err(named)?;
    let asked = time::rfc3339(time::now().timestamp());
    let head = |rest: String| format!("{} · {ticker} expirations · {rest} · asked {asked}", call.market());
    let Some(underlying) = money(call, ticker, None).await? else {
        return Ok(Answer::new(head("none".to_owned()))
            .line("Aries lists no options of this symbol; check it with find_symbol"));
    };
    let mut days: BTreeSet<Date> = BTreeSet::new();
    // Up to where every date was surely seen, if there may be more.
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

async fn chain(call: &Call, ticker: &str, day: Date, args: &GetOptionChain) -> Result<Answer> {
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
    let mut strikes: BTreeMap<Decimal, BTreeMap<String, Sides<'_>>> = BTreeMap::new();
    for contract in &all {
        let Some(parsed) = contract.text_at("details/ticker").and_then(|text| Contract::parse(&text)) else {
            continue;
        };
        // A server that does not know a filter's name answers more than was asked for.
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
    let begin = match underlying.price.filter(|_| !filtered) {
        Some(price) => around(&keys, price, limit),
        None => 0,
    };
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
    let mut left = 21_000;
    // The cursor is a strike, so a strike counts once all of its roots are shown; a next page repeats one that is not.
    for (strike, roots) in strikes.iter().skip(begin).take(limit) {
        if !roots.iter().all(|(root, sides)| table.row_within(row(*strike, root, sides), &mut left)) {
            break;
        }
        last = Some(*strike);
        shown += 1;
    }
    let feed = all.first().and_then(|first| cell(*first, "lastQuote/timeframe", Unit::Word));
    let feed = feed.map(|feed| format!(" · quotes {}", feed.to_lowercase())).unwrap_or_default();
    let of = if more { format!("{total} or more") } else { total.to_string() };
    let near = if filtered { "" } else { " near the money" };
    let empty = table.is_empty();
    let end = begin + shown;
    let facts = head(format!("{} · {shown} of {of} strikes{near}{feed}", underlying.words(ticker)));
    let mut answer = Answer::new(facts);
    if empty {
        return Ok(answer.line("no strikes there; widen strike_from and strike_to"));
    }
    answer = answer.table(table);
    if let Some(last) = last.filter(|_| end < total || more || !filtered) {
        answer = answer.line(format!(
            "higher strikes: next: cursor \"{}\"; others: strike_from, strike_to",
            quantity(last)
        ));
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

async fn one_contract(call: &Call, text: &str) -> Result<Answer> {
    let symbol = Symbol::parse(text)
        .map_err(|error| Error { cause: format!("`contract`: {}", error.cause), ..error })?;
    let Symbol::Option(contract) = &symbol else {
        return Err(Error::usage(
            "`contract`: that is no option contract",
            "write it like AAPL 2026-12-18 200 C",
        ));
    };
    // The root of an adjusted contract carries a digit that its underlying does not.
    let underlying = contract.root.trim_end_matches(|c: char| c.is_ascii_digit());
    let request =
        CONTRACT.request(&with([("symbol", json!(underlying)), ("contract", json!(symbol.to_string()))]))?;
    let reply = call.aries.read(&request).await?;
    let body: Vec<_> = reply.json()?.get(CONTRACT.rows).into_iter().collect();
    let shaped = shape::shape(&CONTRACT.shape, &body, &Wanted { limit: 1, ..Wanted::default() }, "");
    let asked = time::rfc3339(time::now().timestamp());
    let head = format!("{} · {} · asked {asked} · {}", call.market(), contract.words(), CONTRACT.shape.units);
    Ok(match shaped.table.is_empty() {
        true => Answer::new(head).line("Aries sent nothing about it"),
        false => Answer::new(head).table(shaped.table),
    })
}

/// Bare contract symbols of one expiration.
async fn symbols(call: &Call, ticker: &str, day: Date, args: &GetOptionChain) -> Result<Answer> {
    let request = CONTRACT_SYMBOLS
        .request(&with([("symbol", json!(ticker)), ("expiration", json!(day.to_string()))]))?;
    let reply = call.aries.read(&request).await?;
    let json = reply.json()?;
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
    let (calls, puts) = (list("calls", "c"), list("puts", "p"));
    let asked = time::rfc3339(time::now().timestamp());
    let mut answer = Answer::new(format!(
        "{} · {ticker} contracts {day} · {} · {} · asked {asked}",
        call.market(),
        count(calls.len(), "call"),
        count(puts.len(), "put")
    ));
    let line = |side: &str, list: &[(Decimal, String)]| {
        let words = list.iter().take(500).map(|(strike, root)| match root == ticker {
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
        root: ticker.to_owned(),
        expiration: day,
        call: true,
        strike: calls.first().map_or(Decimal::ONE_HUNDRED, |one| one.0),
    };
    Ok(answer.line(format!("a symbol is made like {} = {example}", example.words())))
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

    #[test]
    fn a_band_never_reaches_below_nothing() {
        let cheap = Underlying { price: Some(Decimal::from(3)), feed: None };
        assert_eq!(cheap.band(20, Decimal::from(5)), (Value::Null, json!("8")));
        let usual = Underlying { price: Some(Decimal::from(200)), feed: None };
        assert_eq!(usual.band(20, Decimal::from(5)), (json!("160"), json!("240")));
    }
}
