//! The configuration of each MCP client on this machine: what is in it, and whether several start different programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::check::{Check, Finding};
use super::{bundle, entry};
use crate::cli::clients::disk;
use crate::cli::clients::entry::{Entry, entries};
use crate::cli::clients::folders::{Folders, in_path};
use crate::cli::clients::jsonc::{self, Dialect};
use crate::cli::clients::off::{Lists, Off};
use crate::cli::clients::table::CLIENTS;
use crate::cli::clients::unread::Unread;
use crate::cli::clients::{Client, Shape};
use crate::config::Environment;
use crate::told::Reader;

/// One file of a client with our entries in it.
struct Found {
    client: &'static Client,
    path: PathBuf,
    entries: Vec<Entry>,
}

/// `settings_hold` says whether an entry's own settings are worth resolving: a broken config file breaks them all.
pub(super) fn checks(env: &Environment, settings_hold: bool) -> Vec<Check> {
    let Some(folders) = Folders::of_process(env) else {
        return vec![Finding::not_checked("this user has no home folder").named("clients")];
    };
    let files =
        CLIENTS.iter().flat_map(|client| folders.files(client).into_iter().map(move |path| (client, path)));
    let (mut checks, mut with_us) = (Vec::new(), Vec::new());
    for (client, path) in files {
        if let Some((folder, entry)) = bundle::beside(&path) {
            let meaning = format!("the bundle in {} starts {}", folder.display(), entry.command);
            checks.push(Finding::ok(meaning).named(client.name));
            with_us.push(Found { client, path: folder, entries: vec![entry] });
        }
        match look(client, path, &folders) {
            Ok(None) => {}
            Ok(Some(found)) => {
                checks.extend(judge(&found, env, settings_hold));
                with_us.push(found);
            }
            Err(finding) => checks.push(finding.named(client.name)),
        }
    }
    if checks.is_empty() {
        checks.push(Finding::ok("no configuration of a known client lies on this computer").named("clients"));
    }
    checks.extend(several(&with_us, env).into_iter().map(|finding| finding.named("configured copies")));
    checks
}

/// `None` if there is no such file; fails with the finding if no entry of ours is in it.
fn look(client: &'static Client, path: PathBuf, folders: &Folders) -> Result<Option<Found>, Finding> {
    let shown = path.display();
    let text = match disk::read(&path) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(None),
        Err(error) => return Err(Finding::not_checked(error.cause).next(error.hint.to(Reader::Person))),
    };
    let mut entries = entries(&text, client).map_err(|unread| match unread {
        Unread::Broken(line) => Finding::problem(
            format!("{shown} line {line} is not as the client can read it; none of its servers start"),
            format!("correct that line; a comma or bracket is the usual cause{}", not_read(client)),
        ),
        Unread::Form(line) => Finding::not_checked(format!(
            "{shown} line {line} is YAML in a form that this program does not read; aries-mcp may be in it"
        ))
        .next("`goose configure` shows the extensions of such a file"),
    })?;
    if let Shape::Json(shape) = client.shape
        && let Some(name) = jsonc::twice(&text, shape.key)
    {
        let meaning = format!("{shown} has {name:?} twice; which of them counts depends on the client");
        return Err(Finding::problem(
            meaning,
            "put into one of them what both are to have, and take the other one out",
        ));
    }
    if entries.is_empty() {
        let next = format!("to use it there, run `aries-mcp setup {}`", client.key);
        return Err(Finding::ok(format!("aries-mcp is not in {shown}")).next(next));
    }
    let lists = Lists::read(client, folders);
    for entry in &mut entries {
        entry.off = entry.off.take().or_else(|| lists.off(&entry.name));
    }
    Ok(Some(Found { client, path, entries }))
}

/// What this client does not read, and others do.
fn not_read(client: &Client) -> &'static str {
    match client.shape {
        Shape::Json(shape) if shape.dialect == Dialect::Json => {
            ", or a comment, which this client does not read"
        }
        _ => "",
    }
}

fn judge(Found { client, path, entries }: &Found, env: &Environment, settings_hold: bool) -> Vec<Check> {
    let file = path.display().to_string();
    let findings = entries.iter().flat_map(|one| entry::judge(client, &file, one, env, settings_hold));
    findings.map(|finding| finding.named(client.name)).collect()
}

/// Clients that start different programs, and one that starts the same one twice.
fn several(found: &[Found], env: &Environment) -> Vec<Finding> {
    let mut starts: BTreeMap<PathBuf, (&str, Vec<&str>)> = BTreeMap::new();
    for Found { client, entries, .. } in found {
        for entry in entries.iter().filter(|entry| starts_something(entry)) {
            let (_, clients) = starts.entry(program(entry, env)).or_insert((&entry.command, Vec::new()));
            if !clients.contains(&client.name) {
                clients.push(client.name);
            }
        }
    }
    let mut findings: Vec<Finding> = CLIENTS.iter().filter_map(|client| twins(client, found, env)).collect();
    if starts.len() > 1 {
        let each = starts.values().map(|(command, clients)| format!("{command} ({})", clients.join(", ")));
        findings.push(Finding::warning(
            format!("the clients start different programs: {}", each.collect::<Vec<_>>().join("; ")),
            match found.iter().any(|found| found.entries.iter().any(|entry| entry.name == bundle::NAME)) {
                true => "keep one: uninstall the bundle in Claude Desktop (Settings, Extensions), or take the others \
                         out with `aries-mcp setup all --remove`",
                false => "run `aries-mcp setup` with the one you want to keep",
            },
        ));
    }
    findings
}

/// Two entries of one client, in whichever of its files, that start the same program in the same way.
fn twins(client: &Client, found: &[Found], env: &Environment) -> Option<Finding> {
    let files = found.iter().filter(|found| found.client.key == client.key);
    let all: Vec<(&Entry, &PathBuf)> = files
        .flat_map(|found| found.entries.iter().map(|entry| (entry, &found.path)))
        .filter(|(entry, _)| starts_something(entry))
        .collect();
    let is_twin = |one: &Entry, other: &Entry| {
        one.name != other.name
            && one.words() == other.words()
            && one.env == other.env
            && program(one, env) == program(other, env)
    };
    let pairs =
        all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (one, other)));
    let ((one, path), (other, second)) =
        pairs.into_iter().find(|((one, _), (other, _))| is_twin(one, other))?;
    let at = if path == second {
        path.display().to_string()
    } else {
        format!("{} and {}", path.display(), second.display())
    };
    Some(Finding::warning(
        format!("{at} start the same program twice, as {:?} and as {:?}", one.name, other.name),
        format!("remove one of them: `aries-mcp setup {} --remove --name {}`", client.key, other.name),
    ))
}

fn starts_something(entry: &Entry) -> bool {
    let is_off = entry.off.as_ref().is_some_and(Off::everywhere);
    !is_off && !entry.command.trim().is_empty()
}

/// The file that an entry starts, whichever link or name leads there.
fn program(entry: &Entry, env: &Environment) -> PathBuf {
    let named = PathBuf::from(&entry.command);
    let path = match entry.command.contains(['/', '\\']) {
        true => named,
        false => in_path(&entry.command, env.get("PATH")).unwrap_or(named),
    };
    path.canonicalize().unwrap_or(path)
}
