//! `get_portfolio`: balances and positions of one account or all, valued with fresh quotes.

use futures_util::future::join_all;
use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::answer::Table;
use super::format::{cents, count, now, percent, plain, quantity};
use super::quotes::{mention, value};
use super::{Answer, Call, READS_OFTEN, Tool, Work, account, schema, typed};
use crate::aries::Json;
use crate::aries::endpoints::{self, BALANCE};
use crate::aries::model::quote::Feed;
use crate::aries::model::{self, Account, Position, Quote};
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::Symbol;
use crate::config::Toolset;
use crate::error::Result;
use crate::text::clean;

pub(super) static GET_PORTFOLIO: Tool = Tool {
    name: "get_portfolio",
    title: "Get portfolio",
    description: "What the person owns: equity, cash, buying power, and every position with quantity, average price, last price, \
                  value, weight, day and open profit or loss. Values use fresh quotes; profit and loss are Aries' own.",
    toolset: Toolset::Account,
    default: true,
    hints: READS_OFTEN,
    output: None,
    example: r#"{"account":"1002"}"#,
    work: Work::Code {
        input: schema::input::<GetPortfolio>,
        endpoints: &[
            (&endpoints::BALANCE, "{}"),
            (&endpoints::BALANCES_V1, "{}"),
            (&endpoints::POSITIONS_HELD, "{}"),
        ],
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
    /// Equity, and the line of all figures.
    balances: Result<(Option<Decimal>, String)>,
    positions: Result<Positions>,
}

struct Positions {
    list: Vec<Position>,
    /// Rows that could not be read, which must not pass for absent positions.
    unreadable: usize,
    available: bool,
}

async fn get_portfolio(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetPortfolio = typed(args)?;
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    call.progress.tell(1, 3, "accounts").await;
    let holdings = join_all(accounts.into_iter().map(|account| read(&call, account))).await;
    let is_read = |holding: &Holding| holding.balances.is_ok() || holding.positions.is_ok();
    if let [Holding { balances: Err(error), .. }, ..] = holdings.as_slice()
        && !holdings.iter().any(is_read)
    {
        return Err(error.clone());
    }
    call.progress.tell(2, 3, "positions").await;
    let mut symbols: Vec<Symbol> = Vec::new();
    for position in holdings.iter().flat_map(|holding| &holding.positions).flat_map(|found| &found.list) {
        symbols.extend(position.parsed.clone().filter(|symbol| !symbols.contains(symbol)));
    }
    let quotes = quotes::fetch(&call.aries, &symbols, Need::Last).await;
    call.progress.tell(3, 3, "quotes").await;
    let mut answer = Answer::new(facts(&call, &holdings, &quotes));
    for holding in &holdings {
        if holdings.len() > 1 {
            answer = answer.line(named(&holding.account));
        }
        answer = show(answer, holding, &quotes);
    }
    let unread = holdings.iter().flat_map(|holding| &holding.positions).flat_map(|found| &found.list);
    let unread = unread.filter(|position| position.parsed.is_none());
    let unread: Vec<String> = unread.map(|position| clean(&position.symbol, 32)).collect();
    if !unread.is_empty() {
        answer =
            answer.line(format!("no price: {} (not a symbol that is understood here)", unread.join(", ")));
    }
    Ok(mention(answer, &quotes))
}

async fn read(call: &Call, account: Account) -> Holding {
    let balances = async {
        let reply = call.read(&BALANCE, [("account", json!(account.id))]).await?;
        reply.strictly(|json| {
            let json = reply.object(json, BALANCE.rows, &["balance,totalEquity"])?.rows;
            Ok((EQUITY.iter().find_map(|name| json.decimal_at(name)), balances(json)))
        })
    };
    let positions = async {
        let found = model::position::all(&call.aries, &account.id).await?;
        let mut list = if found.available { found.list? } else { found.list.unwrap_or_default() };
        let all = list.len();
        list.retain(|position| !position.symbol.is_empty());
        Ok(Positions { unreadable: all - list.len(), list, available: found.available })
    };
    let (balances, positions) = futures_util::join!(balances, positions);
    Holding { account, balances, positions }
}

fn facts(call: &Call, holdings: &[Holding], quotes: &[Priced]) -> String {
    let who = match holdings {
        [one] => named(&one.account),
        many => {
            let label = account::together(call, many.iter().map(|holding| &holding.account));
            format!("{label} · {} accounts", many.len())
        }
    };
    let delayed = quotes.iter().filter(|one| one.quote.feed == Feed::Delayed);
    let delayed: Vec<String> = delayed.map(|one| one.symbol.to_string()).collect();
    let feed =
        if delayed.is_empty() { String::new() } else { format!(" · delayed: {}", delayed.join(", ")) };
    format!("{who} · portfolio {}{feed} · USD, times New York", now())
}

/// `LIVE …1002 INDIVIDUAL MARGIN OPEN`.
fn named(account: &Account) -> String {
    let kind = [&account.kind, &account.class, &account.status];
    std::iter::once(account.label()).chain(kind.into_iter().flatten().cloned()).collect::<Vec<_>>().join(" ")
}

fn show(mut answer: Answer, holding: &Holding, quotes: &[Priced]) -> Answer {
    let mut equity = None;
    match &holding.balances {
        Ok((own, figures)) => {
            equity = *own;
            answer = answer.line(figures);
        }
        Err(error) => {
            answer = answer.line(format!("balances not available: {}; {}", error.cause, error.hint))
        }
    }
    let Positions { list, unreadable, available } = match &holding.positions {
        Ok(found) => found,
        Err(error) => {
            return answer.line(format!("positions not available: {}; {}", error.cause, error.hint));
        }
    };
    if list.is_empty() {
        return answer.line(match *available && *unreadable == 0 {
            true => "no positions",
            false => "positions: not available from Aries right now (this does not mean none)",
        });
    }
    answer = positions(answer, list, equity, quotes);
    if *unreadable > 0 {
        answer = answer.line(format!("{} of Aries could not be read", count(*unreadable, "position")));
    }
    if !available {
        answer = answer.line("Aries marks these positions as not available right now; they may be old");
    }
    answer
}

/// The names of the account's value, of which the second is that of the older call.
const EQUITY: &[&str] = &["balance", "totalEquity"];

/// The figures a person asks for. The older call has neither cash nor the profit of the day.
const BALANCE_FIGURES: [(&str, &[&str]); 12] = [
    ("equity", EQUITY),
    ("cash", &["cashBalance"]),
    ("settled cash", &["settledFunds"]),
    ("unsettled cash", &["unsettledFunds"]),
    ("available to withdraw", &["amountAvailableToWithdraw"]),
    ("stock buying power", &["stockBuyingPower"]),
    ("option buying power", &["optionBuyingPower"]),
    ("day-trade buying power", &["dayTradeBuyingPower"]),
    ("day P&L", &["dayTotalPnl"]),
    ("realized P&L", &["realizedPl"]),
    ("open P&L", &["unrealizedPl", "openPnl"]),
    ("maintenance requirement", &["maintReq"]),
];

fn balances(json: Json<'_>) -> String {
    let found =
        BALANCE_FIGURES.map(|(name, fields)| (name, fields.iter().find_map(|field| json.decimal_at(field))));
    let (told, missing): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, figure)| figure.is_some());
    let told = told.into_iter().filter_map(|(name, figure)| Some(format!("{name} {}", plain(figure?))));
    let mut text = told.collect::<Vec<_>>().join(" · ");
    if !missing.is_empty() {
        let names = missing.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        text.push_str(&format!(" · not in Aries' answer: {names}"));
    }
    if let Some(pending) = json.text_at("pendingOrdersCount").filter(|count| count != "0") {
        text.push_str(&format!(" · open orders {}", clean(&pending, 12)));
    }
    text
}

fn positions(answer: Answer, list: &[Position], equity: Option<Decimal>, quotes: &[Priced]) -> Answer {
    let valued = list.iter().map(|position| {
        let priced = quotes.iter().find(|one| position.parsed.as_ref() == Some(&one.symbol));
        let quote = priced.map(|priced| &priced.quote);
        (position, quote, value(position, quote).or(position.value))
    });
    let mut rows: Vec<(&Position, Option<&Quote>, Option<Decimal>)> = valued.collect();
    let values = || rows.iter().map(|(.., value)| *value);
    let (whole, of) = match equity.filter(|equity| *equity > Decimal::ZERO) {
        Some(equity) => (equity, "weight % of equity"),
        None => (values().flatten().sum(), "weight % of positions"),
    };
    let total = total_of(values());
    let mut table = Table::new(
        ["symbol", "quantity", "average", "last", "value", of, "day P&L", "open P&L", "price time"],
        "name one account",
    );
    rows.sort_by_key(|(.., value)| std::cmp::Reverse(value.unwrap_or_default().abs()));
    for (position, quote, value) in rows {
        table.row([
            Some(clean(&position.symbol, 32)),
            position.quantity.map(quantity),
            position.average.map(plain),
            quote.and_then(|quote| quote.last).or(position.price).map(plain),
            value.map(cents),
            value.and_then(|value| percent(value, whole)),
            position.day_pl.map(plain),
            position.open_pl.map(plain),
            match quote.filter(|quote| quote.last.is_some()) {
                Some(quote) => quote.age(Timestamp::now()),
                None => position.price.map(|_| "of Aries' list".to_owned()),
            },
        ]);
    }
    let totals = format!(
        "total of {}: value {total} · cost {} · day P&L {} · open P&L {}",
        count(list.len(), "position"),
        total_of(list.iter().map(|position| position.cost)),
        total_of(list.iter().map(|position| position.day_pl)),
        total_of(list.iter().map(|position| position.open_pl)),
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
