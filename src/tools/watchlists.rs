//! `get_watchlists` and `edit_watchlist`. Aries' write replaces everything, so an edit reads, changes one thing,
//! writes, and shows before and after.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::chosen;
use super::answer::Table;
use super::cell::quoted;
use super::format::{count, now};
use super::{Answer, Call, Hints, READS, Tool, Work, schema, typed};
use crate::aries::Json;
use crate::aries::endpoints::{self, WATCHLIST_DELETED, WATCHLISTS, WATCHLISTS_REPLACED};
use crate::aries::model::Account;
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::is_same_symbol;
use crate::aries::text::clean;
use crate::aries::watchlists::{Watchlist, WatchlistSender};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};

/// A list name of a person is shown this far.
const NAME: usize = 60;

pub(super) static GET_WATCHLISTS: Tool = Tool {
    name: "get_watchlists",
    title: "Get watchlists",
    description: "The watchlists of one account or of all, with their symbols. Prices: get_quotes.",
    toolset: Toolset::Account,
    default: true,
    hints: READS,
    output: None,
    example: "{}",
    work: Work::Code {
        input: schema::input::<GetWatchlists>,
        endpoints: &[(&endpoints::WATCHLISTS, "{}")],
        run: |call, args| Box::pin(get_watchlists(call, args)),
    },
};

pub(super) static EDIT_WATCHLIST: Tool = Tool {
    name: "edit_watchlist",
    title: "Edit a watchlist",
    description: "Changes one watchlist of one account: add or remove symbols, create or delete a list. Shows the list before and \
                  after. Only when the person asks for it.",
    toolset: Toolset::Account,
    default: true,
    hints: Hints { read_only: false, destructive: true, idempotent: false, open_world: true },
    output: None,
    example: r#"{"action":"add","list":"Tech","symbols":["MSFT"]}"#,
    work: Work::Code {
        input: schema::input::<EditWatchlist>,
        endpoints: &[
            (
                &endpoints::WATCHLISTS_REPLACED,
                r#"{"action":"add","list":"Dividends","symbols":["MSFT"],"account":"1002"}"#,
            ),
            (&endpoints::WATCHLIST_DELETED, r#"{"action":"delete","list":"Dividends","account":"1002"}"#),
        ],
        run: |call, args| Box::pin(edit_watchlist(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetWatchlists {
    /// Last four characters or full id; every account if left out
    account: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditWatchlist {
    /// What to do
    action: Action,
    /// Name of the list
    #[schemars(length(min = 1, max = 60))]
    list: String,
    /// Symbols to add or remove, or those of a new list
    #[schemars(length(max = 100), inner(length(max = 40)))]
    symbols: Option<Vec<String>>,
    /// Last four characters or full id; may be left out if there is one account
    account: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Action {
    Add,
    Remove,
    Create,
    Delete,
}

async fn get_watchlists(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetWatchlists = typed(args)?;
    let accounts = chosen(&call, args.account.as_deref()).await?;
    let label = accounts.first().map_or(call.market().to_owned(), |account| account.money.to_string());
    let together = format!("{label} · {} · asked {}", count(accounts.len(), "account"), now());
    let mut answer = if accounts.len() > 1 { Answer::new(together) } else { Answer::default() };
    for account in &accounts {
        let lists = read(&call, account).await?;
        let facts = format!("{} · {}", account.label(), count(lists.len(), "watchlist"));
        answer = answer.line(if accounts.len() > 1 { facts } else { format!("{facts} · asked {}", now()) });
        if !lists.is_empty() {
            answer = answer.table(table(&lists));
        }
    }
    Ok(answer)
}

fn table(lists: &[Watchlist]) -> Table {
    let mut table = Table::new(["list", "symbols"], "name one account");
    for list in lists {
        table.row([quoted(&list.name, NAME), Some(symbols(list))]);
    }
    table
}

fn symbols(list: &Watchlist) -> String {
    if list.symbols.is_empty() {
        return "(empty)".to_owned();
    }
    let word = |symbol: &String| clean(symbol, 30).replace(' ', "_");
    list.symbols.iter().map(word).collect::<Vec<_>>().join(" ")
}

async fn read(call: &Call, account: &Account) -> Result<Vec<Watchlist>> {
    let reply = call.read(&WATCHLISTS, [("account", json!(account.id))]).await?;
    reply.rows("watchlist", &["name"])?;
    Watchlist::read_all(reply.json()?).ok_or_else(|| {
        let cause = "Aries' watchlists are not in a form that is understood";
        Error::new(Kind::Refused, cause, "tell the person; nothing was changed")
    })
}

async fn edit_watchlist(call: Call, args: schema::Object) -> Result<Answer> {
    let args: EditWatchlist = typed(args)?;
    let parse = |text: &String| Symbol::parse(text).map(|symbol| symbol.to_string());
    let symbols = args.symbols.iter().flatten().map(parse).collect::<Result<Vec<String>>>();
    let symbols = symbols.map_err(|error| error.of_argument("symbols"))?;
    if matches!(args.action, Action::Add | Action::Remove) && symbols.is_empty() {
        return Err(Error::usage("`symbols` is missing", "name at least one symbol"));
    }
    if args.action == Action::Delete && !symbols.is_empty() {
        return Err(Error::usage(
            "`symbols` does not go with delete, which deletes the whole list",
            "use remove to take symbols out; leave `symbols` out to delete the list",
        ));
    }
    let Some(writer) = call.lists.clone() else {
        return Err(Error::new(Kind::Refused, "this process only reads", "ask the person"));
    };
    let mut accounts = chosen(&call, args.account.as_deref()).await?;
    let (Some(account), true) = (accounts.pop(), accounts.is_empty()) else {
        return Err(Error::usage("`account` is missing, and there are several", "get_accounts lists them"));
    };
    let _turn = writer.turn(&account.id).await?;
    let name = args.list.trim();
    let before = read(&call, &account).await?;
    let wanted = changed(&before, args.action, name, &symbols)?;
    let after = match &wanted {
        None => {
            let id = before.iter().find(|list| is_named(list, name)).and_then(|list| list.id.as_ref());
            let cause = "Aries gave that list no id, so it cannot be deleted";
            let id = id.ok_or_else(|| Error::new(Kind::Refused, cause, "tell the person"))?;
            writer.send(&WATCHLIST_DELETED.with([("list", json!(id))])?, None).await?;
            read(&call, &account).await?
        }
        Some(wanted) if same(wanted, &before) => before.clone(),
        Some(wanted) => replace(&call, &writer, &account, wanted).await?,
    };
    let find = |lists: &[Watchlist]| {
        lists.iter().find(|list| is_named(list, name)).map_or("(none)".to_owned(), self::symbols)
    };
    let (old, new, quoted) = (find(&before), find(&after), quoted(name, NAME).unwrap_or_default());
    let state = if old == new { "UNCHANGED" } else { "CHANGED" };
    let others = after.iter().filter(|list| !is_named(list, name)).count();
    let mut answer = Answer::new(format!("{state} · {} · list {quoted} · {}", account.label(), now()))
        .line(format!("before: {old}"))
        .line(format!("after: {new}"))
        .line(format!("other lists: {others}"));
    if wanted.is_some_and(|wanted| !same(&wanted, &after)) {
        answer = answer.line(
            "Aries' lists now differ from what was asked for; look with get_watchlists and tell the person",
        );
    }
    Ok(answer)
}

fn is_named(list: &Watchlist, name: &str) -> bool {
    list.name.trim().to_lowercase() == name.to_lowercase()
}

fn same(one: &[Watchlist], other: &[Watchlist]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.name == other.name && one.symbols == other.symbols)
}

/// All lists as they shall be; `None` to delete one.
fn changed(
    before: &[Watchlist],
    action: Action,
    name: &str,
    symbols: &[String],
) -> Result<Option<Vec<Watchlist>>> {
    let mut lists = before.to_vec();
    match (action, lists.iter_mut().find(|list| is_named(list, name))) {
        (Action::Create, Some(_)) => {
            let hint = "add to it, or choose another name";
            return Err(Error::usage("`list`: there is one of that name", hint));
        }
        (Action::Create, None) => {
            let mut seen = HashSet::new();
            let symbols = symbols.iter().filter(|symbol| seen.insert(*symbol)).cloned().collect();
            lists.push(Watchlist { id: None, name: name.to_owned(), symbols });
        }
        (_, None) => {
            let names: Vec<String> = before.iter().filter_map(|list| quoted(&list.name, NAME)).collect();
            let hint = format!("there are: {}", names.join(", "));
            return Err(Error::usage("`list`: there is none of that name", hint));
        }
        (Action::Delete, Some(_)) => return Ok(None),
        (Action::Add, Some(list)) => {
            for symbol in symbols {
                if !list.symbols.iter().any(|have| is_same_symbol(have, symbol)) {
                    list.symbols.push(symbol.clone());
                }
            }
        }
        (Action::Remove, Some(list)) => {
            list.symbols.retain(|have| !symbols.iter().any(|symbol| is_same_symbol(have, symbol)));
        }
    }
    Ok(Some(lists))
}

async fn replace(
    call: &Call,
    writer: &WatchlistSender,
    account: &Account,
    lists: &[Watchlist],
) -> Result<Vec<Watchlist>> {
    let body: Value = lists.iter().map(|list| json!({"name": list.name, "symbols": list.symbols})).collect();
    let request = WATCHLISTS_REPLACED.with([("account", json!(account.id))])?;
    let answer = writer.send(&request, Some(&body)).await?;
    match Json::parse(&answer).ok().and_then(Watchlist::read_all) {
        Some(after) => Ok(after),
        None => read(call, account).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, symbols: &[&str]) -> Watchlist {
        let symbols = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
        Watchlist { id: Some("7".to_owned()), name: name.to_owned(), symbols }
    }

    #[test]
    fn one_thing_changes_and_the_rest_is_written_back_as_it_was() {
        let before = [list("Tech", &["AAPL", "O:AAPL261218C00200000"]), list("Ölwerte", &[])];
        let edit = |action, name: &str, symbols: &[&str]| {
            let symbols: Vec<String> = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
            changed(&before, action, name, &symbols)
        };
        let after = edit(Action::Add, "tech", &["MSFT", "AAPL"]).unwrap().unwrap();
        assert_eq!(after[0].symbols, ["AAPL", "O:AAPL261218C00200000", "MSFT"]);
        assert_eq!(after[1], before[1]);
        let after = edit(Action::Add, "tech", &["AAPL261218C00200000"]).unwrap().unwrap();
        assert_eq!(after, before);
        let after = edit(Action::Remove, "Tech", &["AAPL261218C00200000"]).unwrap().unwrap();
        assert_eq!(after[0].symbols, ["AAPL"]);
        let after = edit(Action::Create, "New", &["A", "A"]).unwrap().unwrap();
        assert_eq!((after.len(), after[2].symbols.len()), (3, 1));
        assert_eq!(edit(Action::Delete, "Tech", &[]).unwrap(), None);
        assert!(edit(Action::Create, "TECH", &[]).is_err());
        assert_eq!(edit(Action::Add, "x", &["A"]).unwrap_err().hint, "there are: \"Tech\", \"Ölwerte\"");
    }

    #[test]
    fn lists_that_are_not_understood_are_never_replaced() {
        for text in [
            r#"{}"#,
            r#"{"watchlist":{}}"#,
            r#"{"watchlist":[{"symbols":[]}]}"#,
            r#"{"watchlist":[{"name":"a","symbols":"AAPL"}]}"#,
        ] {
            assert!(Watchlist::read_all(Json::parse(text).unwrap()).is_none(), "{text}");
        }
        assert_eq!(Watchlist::read_all(Json::parse(r#"{"watchlist":[]}"#).unwrap()).unwrap(), []);
    }
}
