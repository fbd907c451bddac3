//! What can be said of a chain without the right to the chain itself: the symbol search finds contracts, and they are
//! quoted as any symbol is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::strikes::{USUAL_STRIKES, around};
use super::{GetOptionChain, Side};
use crate::aries::endpoints::SEARCH;
use crate::aries::model::Quote;
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::compare::option_root;
use crate::aries::symbols::{Contract, Symbol};
use crate::error::{Error, Result};
use crate::told::Told;
use crate::tools::answer::Table;
use crate::tools::format::{count, now, plain, quantity};
use crate::tools::quotes::mention;
use crate::tools::{Answer, Call};

/// The most that the search answers.
const MOST_FOUND: usize = 100;

/// The expirations of the contracts that the search finds; `refusal` is why the list itself could not be read.
pub(super) async fn expirations(call: &Call, ticker: &str, refusal: &Error) -> Result<Answer> {
    let found = find(call, &option_root(ticker)).await?;
    let days: BTreeSet<Date> = found.iter().map(|contract| contract.expiration).collect();
    let counted = count(days.len(), "date");
    let head = format!("{} · {ticker} expirations · {counted} · asked {}", call.market(), now());
    let days = days.iter().map(Date::to_string).collect::<Vec<_>>().join(" ");
    let answer = Answer::new(head).line(if days.is_empty() {
        "the search found no options of this symbol".to_owned()
    } else {
        days
    });
    let found = count(found.len(), "contract");
    let words = format!(
        "these are the dates of {found} that the search found; there may be more ({}); ",
        refusal.cause
    );
    Ok(answer.line(Told::from(words).and(refusal.hint.clone())))
}

/// The same, as days.
pub(super) async fn dates(call: &Call, ticker: &str) -> Result<Vec<Date>> {
    let found = find(call, &option_root(ticker)).await?;
    let days: BTreeSet<Date> = found.iter().map(|contract| contract.expiration).collect();
    Ok(days.into_iter().collect())
}

/// The contracts of one expiration that the search finds, with their prices.
pub(super) async fn strikes(
    call: &Call,
    ticker: &str,
    day: Date,
    args: &GetOptionChain,
    refusal: &Error,
) -> Result<Answer> {
    let underlying = Symbol::Stock(ticker.to_owned());
    let money =
        quotes::fetch(&call.aries, &[underlying], Need::Last).await.pop().and_then(|one| one.quote.last);
    let sides: Vec<char> = match args.side {
        Some(Side::Call) => vec!['C'],
        Some(Side::Put) => vec!['P'],
        None => vec!['C', 'P'],
    };
    let mut found = Vec::new();
    for side in &sides {
        let begin = format!("{}{}{side}", option_root(ticker), day.strftime("%y%m%d"));
        found.extend(find(call, &begin).await?);
    }
    let is_cut = found.len() >= MOST_FOUND;
    found.retain(|contract| {
        let is_wanted = |bound: &Option<String>, fits: fn(Decimal, Decimal) -> bool| {
            let bound = bound.as_ref().and_then(|text| text.parse().ok());
            bound.is_none_or(|bound| fits(contract.strike, bound))
        };
        contract.expiration == day
            && is_wanted(&args.strike_from, |strike, bound| strike >= bound)
            && is_wanted(&args.strike_to, |strike, bound| strike <= bound)
            && is_wanted(&args.cursor, |strike, bound| strike > bound)
    });
    let strikes: Vec<Decimal> =
        found.iter().map(|found| found.strike).collect::<BTreeSet<_>>().into_iter().collect();
    let limit = args.strikes.map_or(USUAL_STRIKES, |strikes| strikes as usize);
    let begin = money.filter(|_| args.cursor.is_none()).map_or(0, |money| around(&strikes, money, limit));
    let shown: BTreeSet<Decimal> = strikes.iter().copied().skip(begin).take(limit).collect();
    let wanted = found.into_iter().filter(|contract| shown.contains(&contract.strike)).map(Symbol::Option);
    let priced = quotes::fetch(&call.aries, &wanted.collect::<Vec<_>>(), Need::Last).await;
    let head = format!(
        "{} · {ticker} options {day} · {ticker} {} · {} of {} strikes · asked {} · USD",
        call.market(),
        money.map_or("—".to_owned(), plain),
        shown.len(),
        strikes.len(),
        now()
    );
    let answer = match priced.is_empty() {
        true => Answer::new(head).line("the search found no contracts of that expiration and those strikes"),
        false => mention(Answer::new(head).table(table(&priced, &sides)), &priced),
    };
    let more =
        if is_cut { "; the search finds 100 contracts at most, so strikes may be missing" } else { "" };
    let words = format!(
        "without IV, delta, volume, open interest and the age of the prices{more} ({}); ",
        refusal.cause
    );
    Ok(answer.line(Told::from(words).and(refusal.hint.clone())))
}

/// The contracts that the search finds for the beginning of their symbol.
async fn find(call: &Call, begin: &str) -> Result<Vec<Contract>> {
    let query = [("query", json!(format!(".{begin}"))), ("limit", json!(MOST_FOUND))];
    let reply = call.read(&SEARCH, query).await?;
    let contract = |text: &str| match Symbol::listed(text)? {
        Symbol::Option(contract) => Some(contract).filter(|contract| contract.to_string().starts_with(begin)),
        _ => None,
    };
    Ok(reply
        .rows(SEARCH.rows, &["symbol"])?
        .iter()
        .filter_map(|row| contract(&row.text_at("symbol")?))
        .collect())
}

fn table(priced: &[Priced], sides: &[char]) -> Table {
    let mut strikes: BTreeMap<Decimal, BTreeMap<char, &Quote>> = BTreeMap::new();
    for Priced { symbol, quote, .. } in priced {
        let Symbol::Option(contract) = symbol else { continue };
        let side = if contract.call { 'C' } else { 'P' };
        strikes.entry(contract.strike).or_default().insert(side, quote);
    }
    let heads = sides.iter().flat_map(|side| ["bid", "ask", "last"].map(|head| format!("{side} {head}")));
    let mut table = Table::with_header(
        std::iter::once("strike".to_owned()).chain(heads).collect(),
        "give fewer `strikes`",
    );
    for (strike, quotes) in strikes {
        let cells = sides.iter().flat_map(|side| {
            let price =
                |price: fn(&Quote) -> Option<Decimal>| quotes.get(side).and_then(|quote| price(quote));
            [price(|quote| quote.bid), price(|quote| quote.ask), price(|quote| quote.last)]
        });
        table.row(std::iter::once(Some(quantity(strike))).chain(cells.map(|price| price.map(plain))));
    }
    table
}
