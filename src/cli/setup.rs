//! `aries-mcp setup`: writes this program into the configuration of MCP clients, and takes it out again.
//!
//! `plan` decides from text to text, `store` touches the files, `show` has the words.

mod arguments;
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
use crate::cli::clients::entry::in_projects;
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
    if failures < rows.len() && wish == Wish::Have && !settings.sandbox && is_signed_out(settings) {
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
    let rows_of = |client| rows_of(client, folders, name, launch, wish);
    let here = || CLIENTS.iter().filter(|client| folders.is_installed(client)).flat_map(rows_of);
    if !args.clients.is_empty() && args.clients != ["all"] {
        let named = args.clients.iter().map(|word| find(word)).collect::<Result<Vec<_>>>()?;
        let keys: Vec<&str> = named.iter().map(|client| client.key).collect();
        // A client that is named twice is set up once.
        let once = named
            .into_iter()
            .enumerate()
            .filter(|(at, client)| !keys.iter().take(*at).any(|key| *key == client.key));
        return Ok(once.flat_map(|(_, client)| rows_of(client)).collect());
    }
    let rows: Vec<Row> =
        here().filter(|row| wish == Wish::Have || row.has_us() || !row.is_readable()).collect();
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

/// The files of a client that this run is about: those with us in them, else the one to write.
fn rows_of(
    client: &'static Client,
    folders: &Folders,
    name: Option<&str>,
    launch: &Launch,
    wish: Wish,
) -> Vec<Row> {
    let row = |path| {
        let file = Stored::read(path).map(|stored| {
            let state = plan::state(stored.text.as_deref().unwrap_or_default(), client, name, launch);
            (stored, state)
        });
        Row { client, file }
    };
    let all: Vec<Row> = folders.files(client).into_iter().map(row).collect();
    // One that cannot be read may have us in it.
    let concerned = |one: &Row| one.has_us() || (wish == Wish::Remove && !one.is_readable());
    let concerned: Vec<Row> = all.into_iter().filter(concerned).collect();
    if !concerned.is_empty() {
        return concerned;
    }
    let missing =
        || Error::failed(format!("{} does not exist on this system", client.name), "choose another client");
    vec![folders.file(client).map_or_else(|| Row { client, file: Err(missing()) }, row)]
}

impl Row {
    fn has_us(&self) -> bool {
        matches!(self.file, Ok((_, State::Ours(_))))
    }

    fn is_readable(&self) -> bool {
        !matches!(self.file, Err(_) | Ok((_, State::Broken(_))))
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
        let hint = format!("nothing was written; {}", broken.step);
        Error::failed(format!("{}: {}", stored.path.display(), broken.cause), hint)
    })?;
    stored.allows(&outcome)?;
    if args.dry_run {
        return Ok(show::preview(stored, &outcome, wish, folders));
    }
    let keep =
        if matches!((wish, state), (Wish::Have, State::NotThere { .. })) { Keep::Anew } else { Keep::IfNone };
    let copy = stored.write(&outcome, keep)?;
    let mut words =
        show::result(stored, &outcome, wish, copy.as_deref(), folders) + &show::entries(state, wish);
    if wish == Wish::Remove {
        words += &show::projects(&in_projects(text.unwrap_or_default(), row.client));
    }
    match (wish, &outcome) {
        (_, Outcome::Stays) | (Wish::Remove, Outcome::ByHand(_)) => {}
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
