//! `aries-mcp setup`: writes this program into the configuration of MCP clients, and takes it out again.
//!
//! `plan` decides from text to text, `store` touches the files, `show` has the words.

mod arguments;
mod edit;
mod fault;
mod json_file;
mod launch;
mod members;
mod plan;
mod row;
mod show;
mod store;
mod toml_file;
mod tree;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::auth::{SessionFile, login_command};
use crate::cli::clients::disk;
use crate::cli::clients::entry::in_projects;
use crate::cli::clients::folders::Folders;
use crate::cli::clients::off::Lists;
use crate::cli::clients::server::Launch;
use crate::cli::clients::table::CLIENTS;
use crate::cli::clients::{Client, Shape};
use crate::cli::login::ask;
use crate::cli::output::{answer, say, to_stdout_as_columns};
use crate::config::{Environment, Options, Settings};
use crate::error::{Error, Result, did_you_mean, nearest};
use crate::os::holder;
use crate::os::lock::{self, Lock};
use crate::told::Reader;
use plan::{Outcome, State, Wish};
use row::{Row, rows_of};
use store::Keep;

/// How long another `setup` may take that asks nobody.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub(super) struct SetupArgs {
    /// Clients by name, or `all` for those on this machine; without a name it lists them and asks
    #[arg(value_name = "CLIENT")]
    clients: Vec<String>,
    /// Take this program out of the clients again
    #[arg(long)]
    remove: bool,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print a link instead: opened in a browser, it has the client add the server by itself
    #[arg(long, conflicts_with_all = ["remove", "dry_run"])]
    link: bool,
    /// The name under which the clients list the server; `aries` if left out
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) async fn run(options: &Options, env: &Environment, args: &SetupArgs) -> Result<()> {
    let folders = Folders::of_process(env).ok_or_else(|| {
        Error::failed("this user has no home folder", "set HOME to the full path of a folder")
    })?;
    let launch = launch::of_process(options, &folders)?;
    let name = args.name.as_deref().map(checked_name).transpose()?;
    if args.link {
        links(&args.clients, name, &launch)?;
        told_before(&launch, options, env);
        return Ok(());
    }
    let wish = if args.remove { Wish::Remove } else { Wish::Have };
    // Two at a time would each write what they have read before the other one wrote.
    let lock = folders.base.state.join("setup.lock");
    let _lock = match args.dry_run {
        true => None,
        false => Some(locked(&lock).await?),
    };
    let rows = chosen(&folders, args, name, &launch, wish).await?;
    if wish == Wish::Have {
        told_before(&launch, options, env);
    }
    let failures = rows.iter().filter(|row| !done(row, &folders, args, wish, &launch)).count();
    if failures < rows.len()
        && wish == Wish::Have
        // What the entry starts knows nothing of this shell's variables.
        && let Ok(settings) = super::resolve(options, &launch::as_in_client(env))
        && !settings.sandbox
        && is_signed_out(&settings)
    {
        say!(
            "Nobody is signed in yet: run `{}`, or ask the assistant to sign you in.",
            login_command(&settings)
        );
    }
    if failures > 0 { Err(Error::failed("", "")) } else { Ok(()) }
}

async fn locked(path: &Path) -> Result<Lock> {
    let hint =
        "nothing was written; check who owns that folder, which lies in the home of the clients (HOME)";
    let lock = lock::acquire(path, PATIENCE).await.map_err(|error| Error { hint: hint.into(), ..error })?;
    lock.ok_or_else(|| {
        Error::failed(
            format!("another `aries-mcp setup` is at work ({})", holder::described(path)),
            "wait until it is done, or answer its question",
        )
    })
}

/// What the person is told of the entry before anything is written.
fn told_before(launch: &Launch, options: &Options, env: &Environment) {
    let unseen = launch::unseen(options, env).map(|(variable, option)| {
        format!("note: {variable} is set in this shell alone; to have it in the entry too, add `{option}`")
    });
    for line in launch::warning(launch).into_iter().chain(unseen) {
        say!("{line}");
    }
}

fn is_signed_out(settings: &Settings) -> bool {
    SessionFile::read(settings).is_none_or(|note| note.is_over(jiff::Timestamp::now()))
}

fn checked_name(name: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match (1..=32).contains(&name.len()) && name.chars().all(plain) {
        true => Ok(name),
        false => Err(Error::usage(
            "--name takes 1 to 32 letters, digits, - and _",
            "clients put it before the names of tools; `aries` is the usual one",
        )),
    }
}

/// The clients that were named; without names those here that the person chooses at the terminal.
async fn chosen(
    folders: &Folders,
    args: &SetupArgs,
    name: Option<&str>,
    launch: &Launch,
    wish: Wish,
) -> Result<Vec<Row>> {
    let named = named(&args.clients)?;
    let is_named = |row: &Row| named.iter().any(|client| client.key == row.client.key);
    let of_all = args.clients.is_empty() || args.clients.iter().any(|word| is_all(word));
    let installed = CLIENTS.iter().filter(|client| of_all && folders.is_installed(client));
    let clients = once_each(named.iter().copied().chain(installed));
    let rows = clients.into_iter().flat_map(|client| rows_of(client, folders, name, launch, wish));
    // Where nobody has named it, there is nothing to take out of a file without us.
    let may_have_us = |row: &Row| row.has_us() || !row.is_readable() || !row.others().is_empty();
    let rows = rows.filter(|row| wish == Wish::Have || is_named(row) || may_have_us(row));
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() && wish == Wish::Remove {
        answer!("aries-mcp is in no client's configuration here; nothing to do");
        return Ok(rows);
    }
    if rows.is_empty() {
        return Err(Error::usage(
            "no client that this program knows was found on this machine",
            format!("name one all the same, for example `aries-mcp setup cursor`: {}", keys().join(", ")),
        ));
    }
    if !args.clients.is_empty() {
        return Ok(rows);
    }
    to_stdout_as_columns(&show::table(&rows, folders));
    if args.dry_run {
        return Ok(rows);
    }
    if !ask::on_terminal() {
        return Err(Error::usage(
            "setup can ask which clients to set up only in a terminal",
            "name them, for example `aries-mcp setup claude-code cursor`, or `aries-mcp setup all`",
        ));
    }
    let words = ask::line("Which ones? Numbers or names, `all`, or Enter for none: ").await?;
    pick(rows, &words)
}

fn pick(rows: Vec<Row>, words: &str) -> Result<Vec<Row>> {
    let words: Vec<&str> = words.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| is_all(word)) {
        return Ok(rows);
    }
    let mut keys = Vec::new();
    for word in words {
        keys.push(
            match word.parse::<usize>().map(|number| number.checked_sub(1).and_then(|at| rows.get(at))) {
                Ok(Some(row)) => row.client.key,
                Ok(None) => {
                    let numbers = format!("the numbers of the list go from 1 to {}", rows.len());
                    return Err(Error::usage(format!("there is no number {word} in the list"), numbers));
                }
                Err(_) => find(word)?.key,
            },
        );
    }
    Ok(rows.into_iter().filter(|row| keys.contains(&row.client.key)).collect())
}

fn is_all(word: &str) -> bool {
    word.eq_ignore_ascii_case("all")
}

/// The clients that were named, besides `all`.
fn named(words: &[String]) -> Result<Vec<&'static Client>> {
    words.iter().filter(|word| !is_all(word)).map(|word| find(word)).collect()
}

/// A client that is named twice is set up once.
fn once_each(clients: impl Iterator<Item = &'static Client>) -> Vec<&'static Client> {
    let mut once: Vec<&Client> = Vec::new();
    for client in clients {
        if !once.iter().any(|known| known.key == client.key) {
            once.push(client);
        }
    }
    once
}

fn keys() -> Vec<&'static str> {
    CLIENTS.iter().map(|client| client.key).collect()
}

fn find(word: &str) -> Result<&'static Client> {
    let words = |client: &'static Client| {
        let (also_key, also_name) = client.also.unzip();
        [Some(client.key), Some(client.name), also_key, also_name].into_iter().flatten()
    };
    let found = CLIENTS.iter().find(|client| words(client).any(|known| known.eq_ignore_ascii_case(word)));
    found.ok_or_else(|| {
        let near = nearest(word, CLIENTS.iter().flat_map(words).filter(|known| !known.contains(' ')));
        let known = format!("the names are {}", keys().join(", "));
        Error::usage(format!("there is no client named {word:?}"), did_you_mean(near, &known))
    })
}

/// Changes one client's file and says so; tells whether that went well.
fn done(row: &Row, folders: &Folders, args: &SetupArgs, wish: Wish, launch: &Launch) -> bool {
    match change(row, folders, args, wish, launch) {
        Ok(text) => {
            answer!("{}: {text}", row.client.names());
            true
        }
        Err(error) => {
            say!("{}", error.to(Reader::Person));
            false
        }
    }
}

fn change(row: &Row, folders: &Folders, args: &SetupArgs, wish: Wish, launch: &Launch) -> Result<String> {
    let (stored, state) = row.file.as_ref().map_err(Clone::clone)?;
    let (text, before) = (stored.text.as_deref(), stored.before(row.client));
    let outcome = plan::outcome(text, before, row.client, wish, state, launch).map_err(|broken| {
        let hint = format!("nothing was written; {}", broken.step);
        Error::failed(format!("{}: {}", stored.path.display(), broken.cause), hint)
    })?;
    let left = match &outcome {
        Outcome::Becomes(text) => text.as_str(),
        Outcome::Stays => stored.text(),
        Outcome::Disappears | Outcome::ByHand(..) => "",
    };
    if wish == Wish::Have
        && let Some(fault) = fault::left(left, state, row.client, &folders.env)
    {
        return Err(Error { cause: format!("{}: {}", stored.path.display(), fault.cause), ..fault });
    }
    stored.allows(&outcome)?;
    let others = if wish == Wish::Remove { row.others() } else { Vec::new() };
    let others_stay = show::others(&others, row.client);
    if outcome == Outcome::Stays && !others.is_empty() {
        return Ok(show::no_such_entry(stored, folders) + &others_stay);
    }
    if args.dry_run {
        return Ok(show::preview(stored, &outcome, folders) + &others_stay);
    }
    let has_us = !plan::names_in(text.unwrap_or_default(), row.client).is_empty();
    let keep = if has_us { Keep::IfNone } else { Keep::Anew };
    let copy = stored.write(&outcome, keep)?;
    let mut words = show::result(stored, &outcome, wish, copy.as_ref(), folders)
        + &show::entries(state, wish, row.client, launch);
    if wish == Wish::Have {
        words += &fault::chosen(left, state, row.client);
        words += &not_started(row, state, left, folders);
    }
    if wish == Wish::Remove {
        words += &others_stay;
        words += &show::projects(&in_projects(text.unwrap_or_default(), row.client));
    }
    match (wish, &outcome) {
        (_, Outcome::Stays) | (Wish::Remove, Outcome::ByHand(..)) => {}
        (Wish::Have, _) => words += &format!("\n  next: {}", row.client.next),
        (Wish::Remove, _) => words += "\n  next: start the client again; until then it has the server still",
    }
    Ok(words)
}

/// What this run leaves that the client, or another edition of it, does not start.
fn not_started(row: &Row, state: &State, left: &str, folders: &Folders) -> String {
    let Ok((stored, _)) = &row.file else { return String::new() };
    // What is changed by hand is as it was.
    let text = if left.is_empty() { stored.text() } else { left };
    let off = fault::switched_off(text, state, row.client, &Lists::read(row.client, folders));
    let mut others = folders.other_editions(row.client, &stored.path);
    others.retain(|file| {
        plan::names_in(&disk::read(file).ok().flatten().unwrap_or_default(), row.client).is_empty()
    });
    show::switched_off(&off, row.client) + &show::other_editions(&others, row.client, folders)
}

/// Prints the link of each client that has one.
fn links(words: &[String], name: Option<&str>, launch: &Launch) -> Result<()> {
    let with_link: Vec<&'static Client> = CLIENTS.iter().filter(|client| client.link.is_some()).collect();
    let named = named(words)?;
    let of_all = words.is_empty() || words.iter().any(|word| is_all(word));
    let asked = once_each(named.into_iter().chain(with_link.iter().copied().filter(|_| of_all)));
    for client in asked {
        let (Some(link), Shape::Json(shape)) = (client.link, client.shape) else {
            let keys: Vec<&str> = with_link.iter().map(|client| client.key).collect();
            return Err(Error::usage(
                format!("{} takes no link", client.name),
                format!(
                    "`aries-mcp setup {}` writes its file; links are for {}",
                    client.key,
                    keys.join(", ")
                ),
            ));
        };
        answer!("{}", link.address(name.unwrap_or(plan::NAME), &launch.json(&shape)));
    }
    Ok(())
}
