//! `get_portfolio`: balances and positions of one account or all, valued with fresh quotes.

use futures_util::future::join_all;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

use super::answer::Table;
use super::format::{cents, count, percent, plain, quantity};
use super::quotes::{self, Depth, Quote};
use super::{Answer, Call, READS, Tool, Work, account, schema, typed, with};
use crate::aries::endpoints::{self, BALANCES};
use crate::aries::model::quote::Feed;
use crate::aries::model::{self, Account, Position};
use crate::aries::symbols::Symbol;
use crate::aries::text::clean;
use crate::aries::{Json, Reply, time};
use crate::config::Toolset;
use crate::error::Result;

pub(super) static GET_PORTFOLIO: Tool = Tool {
    name: "get_portfolio",
    title: "Get portfolio",
    description: "What the person owns: equity, cash, buying power, and every position with quantity, average price, last price, \
                  value, weight, day and open profit or loss, for one account or all of them. Values use fresh quotes; \
                  profit and loss are Aries' own figures.",
    toolset: Toolset::Account,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"account":"1002"}"#,
    work: Work::Code {
        input: schema::input::<GetPortfolio>,
        endpoints: &[(&endpoints::BALANCES, "{}"), (&endpoints::POSITIONS_HELD, "{}")],
        run: |call, args| Box::pin(get_portfolio(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetPortfolio {
    /// Last four characters or full id; all accounts if left out
    account: Option<String>,
}

/// What was read of one account; each part may have failed on its own.
struct Holding {
    account: Account,
    balances: Result<Reply>,
    positions: Result<Positions>,
}

struct Positions {
    list: Vec<Position>,
    /// Rows that could not be read, which must not pass for absent positions.
    unreadable: usize,
    /// Aries says whether its cache can be used; `false` is "not available", never "none".
    available: bool,
}

async fn get_portfolio(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetPortfolio = typed(args)?;
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    call.progress.tell(1, 3, "accounts").await;
    let holdings = join_all(accounts.into_iter().map(|account| read(&call, account))).await;
    if let Some(error) = nothing_read(&holdings) {
        return Err(error);
    }
    call.progress.tell(2, 3, "positions").await;
    let mut symbols: Vec<Symbol> = Vec::new();
    for position in
        holdings.iter().filter_map(|holding| holding.positions.as_ref().ok()).flat_map(|found| &found.list)
    {
        symbols.extend(position.parsed.clone().filter(|symbol| !symbols.contains(symbol)));
    }
    let (quotes, problem) = match quotes::fetch(&call, &symbols, Depth::Last).await {
        Ok(quotes) => (quotes, None),
        Err(error) => (BTreeMap::new(), Some(error)),
    };
    call.progress.tell(3, 3, "quotes").await;
    let mut answer = Answer::new(facts(&call, &holdings, &quotes));
    for holding in &holdings {
        if holdings.len() > 1 {
            answer = answer.line(named(&holding.account));
        }
        answer = show(answer, holding, &quotes);
    }
    if let Some(error) = problem {
        answer = answer.line(format!("no fresh prices: {}; {}", error.cause, error.hint));
    }
    Ok(answer)
}

/// If every part of every account failed there is nothing to show, only the failure.
fn nothing_read(holdings: &[Holding]) -> Option<crate::error::Error> {
    let first = holdings.first()?.balances.as_ref().err()?.clone();
    holdings.iter().all(|holding| holding.balances.is_err() && holding.positions.is_err()).then_some(first)
}

async fn read(call: &Call, account: Account) -> Holding {
    let args = with([("account", json!(account.id))]);
    let balances = async { call.aries.read(&BALANCES.request(&args)?).await };
    let positions = async {
        let model::position::Positions { list, available } =
            model::position::all(&call.aries, &account.id).await?;
        let rows = if available { list? } else { list.unwrap_or_default() };
        let all = rows.len();
        let list: Vec<Position> = rows.into_iter().filter(|position| !position.symbol.is_empty()).collect();
        Ok(Positions { unreadable: all - list.len(), list, available })
    };
    let (balances, positions) = futures_util::join!(balances, positions);
    Holding { account, balances, positions }
}

fn facts(call: &Call, holdings: &[Holding], quotes: &BTreeMap<String, Quote>) -> String {
    let who = match holdings {
        [one] => named(&one.account),
        many => {
            let label = account::together(call, many.iter().map(|holding| &holding.account));
            format!("{label} · {} accounts", many.len())
        }
    };
    let delayed: Vec<&str> = quotes
        .iter()
        .filter(|(_, quote)| quote.price.feed == Feed::Delayed)
        .map(|(name, _)| name.as_str())
        .collect();
    let feed = match delayed.len() {
        0 => String::new(),
        _ => format!(" · delayed: {}", delayed.join(", ")),
    };
    format!("{who} · portfolio {}{feed} · USD, times New York", time::rfc3339(time::now().timestamp()))
}

/// `LIVE …1002 INDIVIDUAL MARGIN OPEN`.
fn named(account: &Account) -> String {
    let kind = [&account.kind, &account.class, &account.status];
    std::iter::once(account.label()).chain(kind.into_iter().flatten().cloned()).collect::<Vec<_>>().join(" ")
}

fn show(mut answer: Answer, holding: &Holding, quotes: &BTreeMap<String, Quote>) -> Answer {
    let mut equity = None;
    match &holding.balances {
        Ok(reply) => {
            if let Ok(json) = reply.json() {
                equity = json.decimal_at("totalEquity");
                answer = answer.line(balances(json));
            }
        }
        Err(error) => {
            answer = answer.line(format!("balances not available: {}; {}", error.cause, error.hint))
        }
    }
    match &holding.positions {
        Ok(found) if found.list.is_empty() && found.available && found.unreadable == 0 => {
            answer.line("no positions")
        }
        Ok(found) if found.list.is_empty() => {
            answer.line("positions: not available from Aries right now (this does not mean none)")
        }
        Ok(found) => {
            let mut answer = positions(answer, &found.list, equity, quotes);
            if found.unreadable > 0 {
                answer = answer
                    .line(format!("{} of Aries could not be read", count(found.unreadable, "position")));
            }
            match found.available {
                true => answer,
                false => {
                    answer.line("Aries marks these positions as not available right now; they may be old")
                }
            }
        }
        Err(error) => answer.line(format!("positions not available: {}; {}", error.cause, error.hint)),
    }
}

/// The figures a person asks for, by the documented names; there is no single "cash" field.
const BALANCE_FIGURES: [(&str, &str); 9] = [
    ("equity", "totalEquity"),
    ("settled cash", "settledFunds"),
    ("unsettled cash", "unsettledFunds"),
    ("stock buying power", "stockBuyingPower"),
    ("option buying power", "optionBuyingPower"),
    ("day-trade buying power", "dayTradeBuyingPower"),
    ("realized P&L", "realizedPl"),
    ("open P&L", "unrealizedPl"),
    ("maintenance requirement", "maintReq"),
];

fn balances(json: Json<'_>) -> String {
    let figure = |(name, field): (&str, &str)| {
        format!("{name} {}", json.decimal_at(field).map_or("—".to_owned(), plain))
    };
    let mut text = BALANCE_FIGURES.map(figure).join(" · ");
    if let Some(pending) = json.text_at("pendingOrdersCount").filter(|count| count != "0") {
        text.push_str(&format!(" · open orders {}", clean(&pending, 12)));
    }
    text
}

fn positions(
    answer: Answer,
    list: &[Position],
    equity: Option<Decimal>,
    quotes: &BTreeMap<String, Quote>,
) -> Answer {
    let quote =
        |position: &Position| position.parsed.as_ref().and_then(|symbol| quotes.get(&symbol.to_string()));
    let values: Vec<Option<Decimal>> =
        list.iter().map(|position| quotes::value(position, quote(position))).collect();
    let total: Decimal = values.iter().flatten().sum();
    let (whole, of) = match equity.filter(|equity| *equity > Decimal::ZERO) {
        Some(equity) => (equity, "weight % of equity"),
        None => (total, "weight % of positions"),
    };
    let mut table = Table::new(
        ["symbol", "quantity", "average", "last", "value", of, "day P&L", "open P&L", "price time"],
        "name one account",
    );
    let mut order: Vec<usize> = (0..list.len()).collect();
    let size = |index: &usize| values.get(*index).copied().flatten().unwrap_or_default().abs();
    order.sort_by_key(|index| std::cmp::Reverse(size(index)));
    for index in order {
        let (Some(position), Some(value)) = (list.get(index), values.get(index).copied()) else { continue };
        let quote = quote(position);
        table.row([
            Some(clean(&position.symbol, 32)),
            position.quantity.map(quantity),
            position.average.map(plain),
            quote.and_then(|quote| quote.price.last).map(plain),
            value.map(cents),
            value.and_then(|value| percent(value, whole)),
            position.day_pl.map(plain),
            position.open_pl.map(plain),
            quote.and_then(|quote| quote.price.at).map(time::local),
        ]);
    }
    let known = |pick: fn(&Position) -> Option<Decimal>| total_of(list.iter().map(pick));
    let totals = format!(
        "total of {}: value {} · day P&L {} · open P&L {}",
        count(list.len(), "position"),
        total_of(values.iter().copied()),
        known(|position| position.day_pl),
        known(|position| position.open_pl),
    );
    answer.line(totals).table(table)
}

/// A sum that says what it leaves out; unknown if nothing is known.
fn total_of(values: impl Iterator<Item = Option<Decimal>>) -> String {
    let values: Vec<Option<Decimal>> = values.collect();
    let known: Vec<Decimal> = values.iter().copied().flatten().collect();
    match values.len() - known.len() {
        0 => cents(known.iter().sum()),
        _ if known.is_empty() => "—".to_owned(),
        missing => format!("{} ({missing} unknown left out)", cents(known.iter().sum())),
    }
}
