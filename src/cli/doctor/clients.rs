//! The configuration of each MCP client on this machine: what is in it, and whether several start different programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::check::{Check, Finding};
use super::entry;
use crate::cli::clients::Client;
use crate::cli::clients::disk;
use crate::cli::clients::entry::{Entry, entries};
use crate::cli::clients::folders::Folders;
use crate::cli::clients::table::CLIENTS;
use crate::config::Environment;

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
        match look(client, path) {
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
    checks.extend(several(&with_us).map(|finding| finding.named("configured copies")));
    checks
}

/// `None` if there is no such file; fails with the finding if no entry of ours is in it.
fn look(client: &'static Client, path: PathBuf) -> Result<Option<Found>, Finding> {
    let shown = path.display();
    let text = match disk::read(&path) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(None),
        Err(error) => return Err(Finding::not_checked(error.cause).next(error.hint)),
    };
    let entries = entries(&text, client).map_err(|line| {
        Finding::problem(
            format!("{shown} line {line} is not as the client can read it; none of its servers start"),
            "correct that line; a comma or bracket is the usual cause",
        )
    })?;
    if entries.is_empty() {
        let next = format!("to use it there, run `aries-mcp setup {}`", client.key);
        return Err(Finding::ok(format!("aries-mcp is not in {shown}")).next(next));
    }
    Ok(Some(Found { client, path, entries }))
}

fn judge(Found { client, path, entries }: &Found, env: &Environment, settings_hold: bool) -> Vec<Check> {
    let file = path.display().to_string();
    let findings = entries.iter().flat_map(|one| entry::judge(client, &file, one, env, settings_hold));
    findings.map(|finding| finding.named(client.name)).collect()
}

/// Clients that start different programs, and a file that starts the same one twice.
fn several(found: &[Found]) -> Option<Finding> {
    let mut starts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Found { client, entries, .. } in found {
        for entry in entries {
            let clients = starts.entry(&entry.command).or_default();
            if !clients.contains(&client.name) {
                clients.push(client.name);
            }
        }
    }
    let twice = found.iter().find_map(|Found { client, path, entries }| {
        let is_twin = |one: &Entry| entries.iter().filter(|other| other.starts_like(one)).count() > 1;
        entries.iter().any(is_twin).then(|| (client.key, path.display().to_string()))
    });
    if let Some((key, path)) = twice {
        let next = format!("remove one of them: `aries-mcp setup {key} --remove --name NAME`");
        return Some(Finding::warning(format!("{path} starts the same program twice under two names"), next));
    }
    (starts.len() > 1).then(|| {
        let each = starts.iter().map(|(command, clients)| format!("{command} ({})", clients.join(", ")));
        Finding::warning(
            format!("the clients start different programs: {}", each.collect::<Vec<_>>().join("; ")),
            "run `aries-mcp setup` with the one you want to keep",
        )
    })
}
