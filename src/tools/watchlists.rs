//! `get_watchlists` and `edit_watchlist`. An edit reads, changes one list, and shows it before and after.

mod edit;

use schemars::JsonSchema;
use serde::Deserialize;

use self::edit::{Action, Edit, Edited, NAME, is_named, none_named};
use super::account::chosen;
use super::answer::Table;
use super::cell::quoted;
use super::format::{count, now};
use super::no_symbols::NoSymbols;
use super::{Answer, Call, Hints, READS, Tool, Work, schema, typed};
use crate::aries::endpoints;
use crate::aries::symbols::Symbol;
use crate::aries::watchlists::{self, Watchlist};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::text::clean;
use crate::told::Told;

pub(super) static GET_WATCHLISTS: Tool = Tool {
    name: "get_watchlists",
    title: "Get watchlists",
    description: "The person's watchlists with their symbols. Prices: get_quotes.",
    toolset: Toolset::Account,
    default: true,
    hints: READS,
    output: None,
    example: "{}",
    work: Work::Code {
        input: schema::input::<GetWatchlists>,
        endpoints: &[
            (&endpoints::WATCHLISTS, "{}"),
            (&endpoints::WATCHLIST, r#"{"list":"700131"}"#),
            (&endpoints::WATCHLISTS_V1, "{}"),
        ],
        run: |call, args| Box::pin(get_watchlists(call, args)),
    },
};

pub(super) static EDIT_WATCHLIST: Tool = Tool {
    name: "edit_watchlist",
    title: "Edit a watchlist",
    description: "Changes one watchlist: add or remove symbols, create or delete a list. Shows the list before and after. \
                  Only when the person asks for it.",
    toolset: Toolset::Account,
    default: true,
    hints: Hints { read_only: false, destructive: true, idempotent: false, open_world: true, meta: None },
    output: None,
    example: r#"{"action":"add","list":"Tech","symbols":["MSFT"]}"#,
    work: Work::Code {
        input: schema::input::<EditWatchlist>,
        endpoints: &[
            (&endpoints::WATCHLIST_CREATED, r#"{"action":"create","list":"Chips","symbols":["NVDA"]}"#),
            (&endpoints::WATCHLIST_CHANGED, r#"{"action":"add","list":"Dividends","symbols":["MSFT"]}"#),
            (&endpoints::WATCHLIST_DELETED, r#"{"action":"delete","list":"Dividends"}"#),
            (
                &endpoints::WATCHLISTS_REPLACED_V1,
                r#"{"action":"add","list":"Dividends","symbols":["MSFT"],"account":"1002"}"#,
            ),
            (&endpoints::WATCHLIST_DELETED_V1, r#"{"action":"delete","list":"Dividends","account":"1002"}"#),
        ],
        run: |call, args| Box::pin(edit_watchlist(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetWatchlists {
    /// Only this list: id or name
    #[schemars(length(max = 40))]
    list: Option<String>,
    /// Last four characters or full id; only an older Aries wants it
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
    /// Last four characters or full id; only an older Aries wants it
    account: Option<String>,
}

async fn get_watchlists(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetWatchlists = typed(args)?;
    let (id, name) = match &args.list {
        Some(list) if list.bytes().any(|byte| !byte.is_ascii_digit()) => (None, Some(list)),
        list => (list.as_ref(), None),
    };
    if let Some(id) = id {
        let list = watchlists::one(&call.aries, id).await?;
        return Ok(of_person(&call, &[list]));
    }
    if let Some(lists) = watchlists::of_person(&call.aries).await? {
        let named = |list: &Watchlist| name.is_none_or(|name| is_named(list, name));
        let found: Vec<Watchlist> = lists.iter().filter(|list| named(list)).cloned().collect();
        return if found.is_empty() && name.is_some() {
            Err(none_named(&lists, ""))
        } else {
            Ok(of_person(&call, &found))
        };
    }
    let accounts = chosen(&call, args.account.as_deref()).await?;
    let label = accounts.first().map_or(call.market().to_owned(), |account| account.money.to_string());
    let together = format!("{label} · {} · asked {}", count(accounts.len(), "account"), now());
    let mut answer = if accounts.len() > 1 { Answer::new(together) } else { Answer::default() };
    for account in &accounts {
        let lists = watchlists::of_account(&call.aries, &account.id).await?;
        let facts = format!("{} · {}", account.label(), count(lists.len(), "watchlist"));
        answer = answer.line(if accounts.len() > 1 { facts } else { format!("{facts} · asked {}", now()) });
        if !lists.is_empty() {
            answer = answer.table(table(&lists));
        }
    }
    Ok(answer)
}

fn of_person(call: &Call, lists: &[Watchlist]) -> Answer {
    let head = format!("{} · {} · asked {}", call.market(), count(lists.len(), "watchlist"), now());
    let answer = Answer::new(head);
    if lists.is_empty() { answer } else { answer.table(table(lists)) }
}

fn table(lists: &[Watchlist]) -> Table {
    let mut table = Table::new(["list", "symbols", "id"], "name one list by its id");
    for list in lists {
        table.row([quoted(&list.name, NAME), Some(symbols(list)), list.id.as_ref().map(|id| clean(id, 40))]);
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

async fn edit_watchlist(call: Call, args: schema::Object) -> Result<Answer> {
    let args: EditWatchlist = typed(args)?;
    let (symbols, left_out) = checked(&args)?;
    let edit = Edit { action: args.action, name: args.list.trim(), symbols: &symbols };
    let Some(writer) = call.lists.clone() else {
        return Err(Error::new(
            Kind::Refused,
            "this process only reads",
            Told::person("start it without --read-only to change lists"),
        ));
    };
    let _turn = writer.turn("person").await?;
    let lists = match watchlists::of_person(&call.aries).await {
        // So Aries answers a person without a list; a name that is taken is refused by the call that creates one.
        Err(error) if error.kind == Kind::Unavailable && edit.action == Action::Create => Some(Vec::new()),
        lists => lists?,
    };
    if let Some(before) = lists {
        let edited = edit::of_person(&call.aries, &writer, before, &edit).await?;
        return Ok(left_out.into_iter().fold(shown(call.market(), &edit, &edited), Answer::line));
    }
    let mut accounts = chosen(&call, args.account.as_deref()).await?;
    let (Some(account), true) = (accounts.pop(), accounts.is_empty()) else {
        return Err(Error::usage("`account` is missing, and there are several", "get_accounts lists them"));
    };
    let edited = edit::of_account(&call.aries, &writer, &account.id, &edit).await?;
    Ok(left_out.into_iter().fold(shown(&account.label(), &edit, &edited), Answer::line))
}

/// The symbols of an edit, as they are sent, and which were left out since they are none. What cannot be read may stand in a
/// list all the same, and be taken out of it.
fn checked(args: &EditWatchlist) -> Result<(Vec<String>, Option<Told>)> {
    let mut wrong = NoSymbols::default();
    let mut symbols = Vec::new();
    for text in args.symbols.iter().flatten() {
        match (args.action, Symbol::parse(text)) {
            (Action::Remove, Err(_)) => symbols.push(text.trim().to_owned()),
            _ => symbols.extend(wrong.read(text).map(|symbol| symbol.to_string())),
        }
    }
    if symbols.is_empty()
        && let Some(error) = wrong.error()
    {
        return Err(error.of_argument("symbols"));
    }
    if matches!(args.action, Action::Add | Action::Remove) && symbols.is_empty() {
        return Err(Error::usage("`symbols` is missing", "name at least one symbol"));
    }
    if args.action == Action::Delete && !symbols.is_empty() {
        return Err(Error::usage(
            "`symbols` does not go with delete, which deletes the whole list",
            "use remove to take symbols out; leave `symbols` out to delete the list",
        ));
    }
    Ok((symbols, wrong.line()))
}

fn shown(owner: &str, edit: &Edit<'_>, edited: &Edited) -> Answer {
    let own = |list: &&Watchlist| is_named(list, edit.name);
    let (old, new) = (edited.before.iter().find(own), edited.after.iter().find(own));
    // The list's own name, however the person wrote it.
    let name = old.or(new).map_or(edit.name, |list| &list.name);
    let name = quoted(name, NAME).unwrap_or_default();
    let unneeded = old.and_then(|old| edit.unneeded(old));
    let [old, new] = [old, new].map(|list| list.map_or("(none)".to_owned(), symbols));
    let state = if old == new { "UNCHANGED" } else { "CHANGED" };
    let others = edited.after.iter().filter(|list| !is_named(list, edit.name)).count();
    let mut answer = Answer::new(format!("{state} · {owner} · list {name} · {}", now()))
        .line(format!("before: {old}"))
        .line(format!("after: {new}"))
        .line(format!("other lists: {others}"));
    answer = unneeded.into_iter().fold(answer, Answer::line);
    if let Some(failure) = edited.failure.as_ref().filter(|_| !edited.is_as_asked) {
        answer = answer.line(failure.cause.clone());
    }
    if !edited.invalid.is_empty() {
        answer = answer.line(format!("Aries does not know: {}", edited.invalid.join(" ")));
    } else if !edited.is_as_asked {
        answer = answer.line(Told::pair(
            "Aries' lists now differ from what was asked for; look with get_watchlists and tell the person",
            "Aries' lists now differ from what was asked for; look with get_watchlists",
        ));
    }
    answer
}
