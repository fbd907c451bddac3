//! `aries-mcp setup`: writes this program into the configuration of MCP clients, and takes it out again.
//!
//! `plan` decides from text to text, `store` touches the files, `show` has the words.

mod edit;
mod json_file;
mod launch;
mod plan;
mod show;
mod store;
mod toml_file;

#[cfg(test)]
mod tests;

use clap::Args;

use crate::auth::{SessionFile, login_command};
use crate::cli::clients::folders::Folders;
use crate::cli::clients::server::Launch;
use crate::cli::clients::table::CLIENTS;
use crate::cli::clients::{Client, Shape};
use crate::cli::login::ask;
use crate::cli::output::{answer, say};
use crate::config::{Environment, Options, Settings};
use crate::error::{Error, Result, did_you_mean, nearest};
use plan::{Outcome, State, Wish};
use store::{Keep, Stored};

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
    /// Print the address that has the client add the server by itself
    #[arg(long, conflicts_with_all = ["remove", "dry_run"])]
    link: bool,
    /// What the server is called in the clients
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// A client with its file here, and how this program stands in it.
struct Row {
    client: &'static Client,
    file: Result<(Stored, State)>,
}

pub(super) async fn run(
    settings: &Settings,
    options: &Options,
    env: &Environment,
    args: &SetupArgs,
) -> Result<()> {
    let folders = Folders::of_process(env)
        .ok_or_else(|| Error::failed("this user has no home folder", "set HOME to a folder that exists"))?;
    let launch = launch::of_process(options, &folders)?;
    let name = args.name.as_deref().map(checked_name).transpose()?;
    if args.link {
        return links(&args.clients, name, &launch);
    }
    let wish = if args.remove { Wish::Remove } else { Wish::Have };
    let rows = chosen(&folders, args, name, &launch, wish).await?;
    if wish == Wish::Have
        && let Some(warning) = launch::warning(&launch)
    {
        say!("{warning}");
    }
    let failures = rows.iter().filter(|row| !done(row, &folders, args, wish, &launch)).count();
    if wish == Wish::Have && !settings.sandbox && is_signed_out(settings) {
        say!(
            "Nobody is signed in yet: run `{}`, or ask the assistant to sign you in.",
            login_command(settings)
        );
    }
    if failures > 0 { Err(Error::failed("", "")) } else { Ok(()) }
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
    let row = |client| row(client, folders, name, launch);
    let here = || CLIENTS.iter().filter(|client| folders.is_installed(client)).map(row);
    if !args.clients.is_empty() && args.clients != ["all"] {
        let named = args.clients.iter().map(|word| find(word)).collect::<Result<Vec<_>>>()?;
        return Ok(named.into_iter().map(row).collect());
    }
    let rows: Vec<Row> = here().filter(|row| wish == Wish::Have || row.has_us()).collect();
    if rows.is_empty() {
        let cause = match wish {
            Wish::Have => "no client that this program knows was found on this machine",
            Wish::Remove => "this program is in no client's configuration here",
        };
        let hint =
            format!("name one all the same, for example `aries-mcp setup cursor`: {}", keys().join(", "));
        return Err(Error::usage(cause, hint));
    }
    if !args.clients.is_empty() {
        return Ok(rows);
    }
    answer!("{}", show::table(&rows, folders));
    if args.dry_run {
        return Ok(rows);
    }
    if !ask::on_terminal() {
        return Err(Error::usage(
            "which clients is asked on a terminal only",
            "name them, for example `aries-mcp setup claude-code cursor`, or `aries-mcp setup all`",
        ));
    }
    let words = ask::line("Which ones? Numbers or names, `all`, or Enter for none: ").await?;
    pick(rows, &words)
}

fn pick(rows: Vec<Row>, words: &str) -> Result<Vec<Row>> {
    let words: Vec<&str> = words.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if words == ["all"] {
        return Ok(rows);
    }
    let mut keys = Vec::new();
    for word in words {
        let by_number = word.parse::<usize>().ok().and_then(|number| rows.get(number.checked_sub(1)?));
        keys.push(match by_number {
            Some(row) => row.client.key,
            None => find(word)?.key,
        });
    }
    Ok(rows.into_iter().filter(|row| keys.contains(&row.client.key)).collect())
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
        let known = format!("it knows {}", keys().join(", "));
        Error::usage(format!("there is no client named {word:?}"), did_you_mean(near, &known))
    })
}

fn row(client: &'static Client, folders: &Folders, name: Option<&str>, launch: &Launch) -> Row {
    let missing =
        || Error::failed(format!("{} does not exist on this system", client.name), "choose another client");
    let stored = folders.file(client).ok_or_else(missing).and_then(Stored::read);
    let file = stored.map(|stored| {
        let state = plan::state(stored.text.as_deref().unwrap_or_default(), client, name, launch);
        (stored, state)
    });
    Row { client, file }
}

impl Row {
    fn has_us(&self) -> bool {
        let state = self.file.as_ref().map(|(_, state)| state);
        matches!(state, Ok(State::Ours { .. } | State::Differs { .. }))
    }
}

/// Changes one client's file and says so; tells whether that went well.
fn done(row: &Row, folders: &Folders, args: &SetupArgs, wish: Wish, launch: &Launch) -> bool {
    match change(row, folders, args, wish, launch) {
        Ok(text) => {
            answer!("{}: {text}", row.client.names());
            true
        }
        Err(error) => {
            say!("{error}");
            false
        }
    }
}

fn change(row: &Row, folders: &Folders, args: &SetupArgs, wish: Wish, launch: &Launch) -> Result<String> {
    let (stored, state) = row.file.as_ref().map_err(Clone::clone)?;
    let (text, before) = (stored.text.as_deref(), stored.before.as_deref());
    let outcome = plan::outcome(text, before, row.client, wish, state, launch).map_err(|broken| {
        let hint = match state {
            State::Taken { .. } => "nothing was written; choose another name with --name",
            _ => "nothing was written; correct the file first: a comma or a bracket is the usual cause",
        };
        Error::failed(format!("{}: {}", stored.path.display(), broken.0), hint)
    })?;
    if args.dry_run {
        return Ok(show::preview(stored, &outcome, folders));
    }
    let keep =
        if matches!((wish, state), (Wish::Have, State::NotThere { .. })) { Keep::Anew } else { Keep::IfNone };
    let copy = stored.write(&outcome, keep)?;
    let mut words = show::result(stored, &outcome, wish, copy.as_deref(), folders);
    match (wish, &outcome) {
        (_, Outcome::Stays) => {}
        (Wish::Have, _) => words += &format!("\n  next: {}", row.client.next),
        (Wish::Remove, _) => words += "\n  it is gone with the next start of the client",
    }
    Ok(words)
}

/// Prints the link of each client that has one.
fn links(words: &[String], name: Option<&str>, launch: &Launch) -> Result<()> {
    let with_link: Vec<&Client> = CLIENTS.iter().filter(|client| client.link.is_some()).collect();
    let named = words.iter().map(|word| find(word)).collect::<Result<Vec<_>>>()?;
    let asked = if named.is_empty() { with_link.clone() } else { named };
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
