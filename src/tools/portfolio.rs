//! `get_portfolio`: balances and positions of one account or all, valued with fresh quotes.

mod balances;
mod exposure;
mod positions;
mod totals;

use futures_util::future::join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::balances::Balances;
use self::positions::{Place, Row, Shown, Wanted};
use self::totals::Part;
use super::format::{count, now};
use super::quotes::mention;
use super::{Answer, Call, READS_OFTEN, Tool, Work, account, closed, schema, typed};
use crate::aries::endpoints::{self, BALANCE};
use crate::aries::model::position::Kind;
use crate::aries::model::quote::Feed;
use crate::aries::model::{self, Account, Position};
use crate::aries::quotes::{self, Need, Priced};
use crate::aries::symbols::{Contract, Symbol};
use crate::config::Toolset;
use crate::error::{Error, Result};

/// As many symbols are named in the first line; of more, only how many they are.
const MOST_NAMED: usize = 5;
/// The most characters of all rows of positions.
const ROOM: usize = 19_000;

pub(super) static GET_PORTFOLIO: Tool = Tool {
    name: "get_portfolio",
    title: "Get portfolio",
    description: "What the person owns: equity, cash, buying power, every position with fresh value, weight, day and open profit or \
                  loss (Aries' own figures), totals over all accounts, greeks and exposure of options.",
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
    /// `name` adds company names
    fields: Option<Vec<Field>>,
    /// `next` of the answer before, with its account
    cursor: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Field {
    Name,
    All,
}

/// What was read of one account; each part may have failed on its own.
struct Holding {
    account: Account,
    balances: Result<Balances>,
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
    let after = args.cursor.as_deref().map(Place::read).transpose()?;
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    if args.cursor.is_some() && accounts.len() > 1 {
        return Err(Error::usage("`cursor`: it belongs to one account", "give `account` as well"));
    }
    call.progress.tell(1, 3, "accounts").await;
    let (holdings, closed) = futures_util::join!(
        join_all(accounts.into_iter().map(|account| read(&call, account))),
        closed::closed_since(&call)
    );
    let is_read = |holding: &Holding| holding.balances.is_ok() || holding.positions.is_ok();
    if let [Holding { balances: Err(error), .. }, ..] = holdings.as_slice()
        && !holdings.iter().any(is_read)
    {
        return Err(error.clone());
    }
    call.progress.tell(2, 3, "positions").await;
    let mut symbols: Vec<Symbol> = Vec::new();
    for position in holdings.iter().flat_map(Holding::positions) {
        symbols.extend(position.priced().filter(|symbol| !symbols.contains(symbol)).cloned());
    }
    let contracts: Vec<Contract> = symbols.iter().filter_map(contract).collect();
    let (quotes, greeks) = futures_util::join!(
        quotes::fetch(&call.aries, &symbols, Need::Last),
        exposure::read(&call, &contracts)
    );
    call.progress.tell(3, 3, "quotes").await;
    let mut answer = Answer::new(facts(&call, &holdings, &quotes));
    let started = holdings.iter().filter_map(|holding| holding.balances.as_ref().ok()?.started).max();
    if let Some(day) = closed::counted(closed, started) {
        answer = answer.line(format!("the market is closed: day P&L is that of {}", closed::named(day)));
    }
    let mut rows: Vec<Vec<Row<'_>>> =
        holdings.iter().map(|holding| positions::valued(holding.positions(), &quotes)).collect();
    if holdings.len() > 1 {
        let both = holdings.iter().zip(&rows);
        let parts = both.map(|(holding, rows)| Part {
            account: &holding.account,
            balances: &holding.balances,
            rows,
            unknown: holding.unknown(),
        });
        let parts: Vec<Part<'_>> = parts.collect();
        answer = totals::lines(&parts).into_iter().fold(answer, Answer::line);
    }
    let names = args.fields.is_some_and(|fields| !fields.is_empty());
    let wanted = Wanted { after, room: ROOM / holdings.len().max(1), names };
    for (holding, rows) in holdings.iter().zip(&mut rows) {
        if holdings.len() > 1 {
            answer = answer.line(named(&holding.account));
        }
        answer = show(answer, holding, rows, &wanted);
        answer = exposure::show(answer, rows, &greeks, &quotes);
    }
    Ok(mention(answer, &quotes))
}

fn contract(symbol: &Symbol) -> Option<Contract> {
    match symbol {
        Symbol::Option(contract) => Some(contract.clone()),
        _ => None,
    }
}

impl Holding {
    fn positions(&self) -> &[Position] {
        self.positions.as_ref().map(|found| found.list.as_slice()).unwrap_or_default()
    }

    /// How many positions are not known; a list that cannot be used counts as one.
    fn unknown(&self) -> usize {
        self.positions.as_ref().map_or(1, |found| found.unreadable + usize::from(!found.available))
    }
}

async fn read(call: &Call, account: Account) -> Holding {
    let balances = async {
        let reply = call.read(&BALANCE, [("account", json!(account.id))]).await?;
        reply.strictly(|json| {
            let json = reply.object(json, BALANCE.rows, &["balance,totalEquity"])?.rows;
            Ok(Balances::read(json, &account))
        })
    };
    let positions = async {
        let found = model::position::all(&call.aries, &account.id).await?;
        let mut list = if found.available { found.list? } else { found.list.unwrap_or_default() };
        let all = list.len();
        list.retain(|position| !position.symbol.is_empty() || position.kind() == Kind::Cash);
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
    let feed = match delayed.len() {
        0 => String::new(),
        1..=MOST_NAMED => format!(" · delayed: {}", delayed.join(", ")),
        many => format!(" · {many} delayed"),
    };
    format!("{who} · portfolio {}{feed} · USD, times New York", now())
}

/// `LIVE …1002 INDIVIDUAL MARGIN OPEN`.
fn named(account: &Account) -> String {
    let kind = [&account.kind, &account.class, &account.status];
    std::iter::once(account.label()).chain(kind.into_iter().flatten().cloned()).collect::<Vec<_>>().join(" ")
}

fn show(mut answer: Answer, holding: &Holding, rows: &mut [Row<'_>], wanted: &Wanted) -> Answer {
    answer = answer.line(match &holding.balances {
        Ok(balances) => balances.line.clone().into(),
        Err(error) => error.after("balances not available"),
    });
    let Positions { list, unreadable, available } = match &holding.positions {
        Ok(found) => found,
        Err(error) => {
            return answer.line(error.after("positions not available"));
        }
    };
    if list.is_empty() {
        return answer.line(match *available && *unreadable == 0 {
            true => "no positions",
            false => "positions: not available from Aries right now (this does not mean none)",
        });
    }
    let equity = holding.balances.as_ref().ok().and_then(|balances| balances.equity);
    answer = answer.line(positions::totals(rows));
    let Shown { table, before, next } = positions::table(rows, equity, wanted);
    if next.is_some() || before > 0 {
        let (first, last) = (before + 1, before + table.len());
        answer =
            answer.line(format!("positions {first} to {last} of {}, the largest cost first", list.len()));
    }
    answer = answer.table(table);
    if let Some(next) = next {
        let account = holding.account.masked();
        let account = account.trim_start_matches('…');
        answer = answer.line(format!("next: the same call with account {account:?} and cursor \"{next}\""));
    }
    answer = positions::remarks(list).into_iter().fold(answer, Answer::line);
    if *unreadable > 0 {
        answer = answer.line(format!("{} of Aries could not be read", count(*unreadable, "position")));
    }
    if !available {
        answer = answer.line("Aries marks these positions as not available right now; they may be old");
    }
    answer
}
