//! One entry of a client's configuration that starts this program, checked for what makes it fail or leak a secret.

use std::path::Path;
use std::sync::Arc;

use clap::{CommandFactory, Parser};

use super::check::{Finding, Verdict};
use crate::auth::{Session, SessionFile, login_command};
use crate::cli::clients::entry::Entry;
use crate::cli::clients::folders::{executable, in_path};
use crate::cli::clients::odd::Odd;
use crate::cli::clients::off::Off;
use crate::cli::clients::program::{Start, is_in_cache_of_packages, is_ours, package};
use crate::cli::clients::server::quoted;
use crate::cli::clients::{Client, Starts, Unit};
use crate::config::Environment;
use crate::config::setting::is_variable;
use crate::error::Error;
use crate::text::looks_like_token;
use crate::told::Reader;

/// A word of this length with letters and digits, where no secret belongs.
const TOKEN: usize = 24;

pub(super) fn judge(
    client: &Client,
    file: &str,
    entry: &Entry,
    env: &Environment,
    settings_hold: bool,
) -> Vec<Finding> {
    let here = format!("entry {:?} in {file}", entry.name);
    let mut findings = faults(client, entry, env, &here);
    findings.extend(lax(client, entry, &here));
    findings.extend(entry.off.as_ref().map(|off| switched_off(client, &entry.name, off, &here)));
    if settings_hold {
        findings.extend(started(client, entry, env, &here));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(format!("{here} starts {}", entry.command)));
    }
    findings
}

/// Why nothing starts of the entry, or why it must not stay as it is.
pub(in crate::cli) fn problem(client: &Client, entry: &Entry, env: &Environment) -> Option<Error> {
    let here = format!("entry {:?}", entry.name);
    let mut findings = faults(client, entry, env, &here);
    findings.extend(started(client, entry, env, &here));
    findings.into_iter().find(|finding| finding.result == Verdict::Problem).map(Finding::into_error)
}

/// What the person has chosen in the entry that is against what an approval needs.
pub(in crate::cli) fn choices(client: &Client, entry: &Entry) -> Vec<Error> {
    lax(client, entry, &format!("entry {:?}", entry.name)).map(Finding::into_error).collect()
}

fn faults(client: &Client, entry: &Entry, env: &Environment, here: &str) -> Vec<Finding> {
    let odd = entry.odd.map(|Odd { member, wanted }| {
        let meaning = format!("{here} has a {member:?} that clients do not read: they start nothing of it");
        Finding::problem(meaning, format!("write {member:?} as {wanted}"))
    });
    let missing = entry.missing.map(|Odd { member, wanted }| {
        let (name, key) = (client.name, client.key);
        let meaning = format!("{here} has no {member:?}; some versions of {name} start nothing of it");
        Finding::warning(
            meaning,
            format!("write {member:?} as {wanted} there, or have `aries-mcp setup {key}` do it"),
        )
    });
    let command = command(client, entry, env, here);
    [secrets(entry, here), command, folder(entry, here), odd, missing].into_iter().flatten().collect()
}

fn lax(client: &Client, entry: &Entry, here: &str) -> impl Iterator<Item = Finding> {
    let unasked = entry.unasked.map(|member| {
        let meaning = format!(
            "{here} has {} use the tools for orders without asking, by its {member:?}; a live order then has this \
             program's own approval alone",
            client.name
        );
        Finding::warning(meaning, format!("have it ask: change {member:?} there"))
    });
    too_short(client, entry, here).into_iter().chain(unasked)
}

fn command(client: &Client, entry: &Entry, env: &Environment, here: &str) -> Option<Finding> {
    let command = entry.command.as_str();
    if entry.odd.is_some_and(|odd| odd.member == "command") {
        return None;
    }
    let own = std::env::current_exe()
        .map_or_else(|_| "`command -v aries-mcp`".to_owned(), |path| path.display().to_string());
    // Something else starts this program, with words that are not its own.
    let other = Path::new(command).file_name().filter(|_| !is_ours(command));
    let full = other.map_or_else(
        || format!("put the full path there: {own}"),
        |other| format!("put the full path of {} there", other.display()),
    );
    if command.trim().is_empty() {
        return Some(Finding::problem(format!("{here} names no command"), full));
    }
    // A variable that only the client can fill in.
    if command.contains("${") {
        return None;
    }
    let here = format!("{here} starts {command}");
    if !command.contains(['/', '\\']) {
        return match in_path(command, env.get("PATH")) {
            None => Some(Finding::problem(format!("{here}, which is not in the PATH"), full)),
            Some(found) => (client.starts == Starts::FromDesktop).then(|| {
                Finding::warning(
                    format!("{here} without a folder; desktop programs often do not see your PATH"),
                    format!("put the full path there: {}", found.display()),
                )
            }),
        };
    }
    let path = Path::new(command);
    let wrong = match std::fs::metadata(path) {
        _ if !path.is_absolute() => "is no full path: clients do not expand it",
        Err(_) => "does not exist",
        Ok(found) if !found.is_file() => "is not a file",
        Ok(found) if !executable(&found) => {
            let next = format!("run `chmod +x {}`", quoted(command));
            return Some(Finding::problem(format!("{here}, which is not executable"), next));
        }
        Ok(_) if is_in_cache_of_packages(command) => {
            let meaning = format!("{here}, which is in a cache of npx or its like, emptied now and then");
            let next = format!("run `npm install --global {}`, then `aries-mcp setup`", package());
            return Some(Finding::warning(meaning, next));
        }
        Ok(_) => return None,
    };
    Some(Finding::problem(format!("{here}, which {wrong}"), full))
}

/// The folder that it is to be started in. What is no full path, or has a variable in it, is for the client to fill in.
fn folder(entry: &Entry, here: &str) -> Option<Finding> {
    let cwd = entry.cwd.as_deref().filter(|cwd| !cwd.contains(['$', '%']))?;
    let path = Path::new(cwd);
    let wrong = match std::fs::metadata(path) {
        _ if !path.is_absolute() => return None,
        Ok(found) if found.is_dir() => return None,
        Ok(_) => "is not a folder",
        Err(_) => "does not exist",
    };
    let meaning =
        format!("{here} is to be started in {cwd}, its \"cwd\", which {wrong}: then it does not start");
    Some(Finding::problem(meaning, "name a folder that exists, or take \"cwd\" out: this program needs none"))
}

/// Our entry needs none, and the file is open to every program of this user, to backups and to screenshots.
fn secrets(entry: &Entry, here: &str) -> Option<Finding> {
    let in_env =
        entry.env.iter().filter(|(name, value)| secret_variable(name, value)).map(|(name, _)| name.as_str());
    // A path may be long and mixed, but no secret has slashes at its beginning.
    let in_args = entry.args.iter().filter(|word| word.split('=').any(|part| looks_like_token(part, TOKEN)));
    let found: Vec<&str> = in_env.chain(in_args.map(|_| "an argument")).collect();
    (!found.is_empty()).then(|| {
        Finding::problem(
            format!("{here} holds a secret in clear text: {}", found.join(", ")),
            "delete it there: `aries-mcp login` keeps what is needed in the keychain; then make a new secret in Client \
             Center, since the old one may have been read",
        )
    })
}

/// A call that waits for a person can last as long; a client that gives up by then shows an error instead.
const LEAST_SECONDS: u64 = 60;

fn too_short(client: &Client, entry: &Entry, here: &str) -> Option<Finding> {
    let limit = client.limit?;
    let seconds = entry.seconds.or(limit.default).filter(|seconds| *seconds <= LEAST_SECONDS)?;
    let meaning = format!(
        "{here} gives a call {seconds} s; approving an order can take {LEAST_SECONDS} s, and the client may give up before"
    );
    let next = match limit.member {
        Some((member, Unit::Seconds)) => format!("set {member} to 180 there"),
        Some((member, Unit::Milliseconds)) => format!("set {member} to 180000 there"),
        None => {
            "the client has no setting for it: ask it again for the outcome after you approved".to_owned()
        }
    };
    Some(Finding::warning(meaning, next))
}

fn switched_off(client: &Client, name: &str, off: &Off, here: &str) -> Finding {
    let there = if off.everywhere() { "" } else { " there" };
    let meaning = format!("{here} {}; {} does not start it{there}", off.meaning(), client.name);
    Finding::warning(meaning, off.step(name, client))
}

fn secret_variable(name: &str, value: &str) -> bool {
    let filled_in_elsewhere = value.trim().is_empty() || value.starts_with('$') || value.starts_with("${");
    let secret_of_ours = matches!(name, "ARIES_CLIENT_SECRET" | "ARIES_ACCESS_TOKEN");
    // The other variables of ours hold addresses and ids, which are long and no secrets.
    let known = is_variable(name) && !secret_of_ours;
    !filled_in_elsewhere && (secret_of_ours || (!known && looks_like_token(value, TOKEN)))
}

/// Whether the program would start with the words and variables of an entry that starts it, as whom, and with how many
/// tools. A wrapper around it has words of its own.
fn started(client: &Client, entry: &Entry, env: &Environment, here: &str) -> Vec<Finding> {
    match entry.start().filter(|_| entry.odd.is_none()) {
        Some(start) => settings(client, &start, &env.without_ours().with(entry.env.clone()), here),
        None => Vec::new(),
    }
}

fn settings(client: &Client, start: &Start, env: &Environment, here: &str) -> Vec<Finding> {
    let words = std::iter::once("aries-mcp").chain(start.args.iter().map(String::as_str));
    let command_line = crate::cli::CommandLine::try_parse_from(words);
    let command_line = command_line.map_err(|error| crate::cli::usage(&error));
    let is_other = command_line.as_ref().is_ok_and(|line| line.runs_another_command());
    let is_command = |word: &&String| crate::cli::CommandLine::command().find_subcommand(word).is_some();
    let other_command = start.args.iter().find(is_command).filter(|_| is_other);
    let own = env.with(start.env.clone());
    let settings = match command_line.and_then(|line| crate::cli::resolve(&line.global.0, &own)) {
        Ok(settings) => settings,
        Err(Error { cause, hint, .. }) => {
            return vec![Finding::problem(
                format!("{here} would not start: {cause}"),
                hint.to(Reader::Person),
            )];
        }
    };
    if let Some(word) = other_command {
        return vec![Finding::problem(
            format!("{here} runs `aries-mcp {word}`, which does not speak MCP"),
            format!("take {word:?} out of its args; without a command, or with `serve`, it does"),
        )];
    }
    if settings.sandbox || settings.access_token.is_some() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if SessionFile::read(&settings).is_none_or(|note| note.is_over(jiff::Timestamp::now())) {
        let (profile, origin) = (&settings.profile, settings.urls.api_origin());
        findings.push(Finding::warning(
            format!("{here} uses profile {profile} at {origin}, where nobody is signed in"),
            format!("run `{}`", login_command(&settings)),
        ));
    }
    let session = Arc::new(Session::stored(&settings));
    let tools = crate::cli::selector(&settings, &session)().tools().len();
    findings.extend(client.most_tools.filter(|most| tools > *most).map(|most| {
        Finding::warning(
            format!(
                "{here} brings {tools} tools; this client takes {most} of all servers together and drops the rest"
            ),
            "name fewer toolsets in its args, for example --toolsets default",
        )
    }));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_ids_and_references() {
        assert!(secret_variable("ARIES_CLIENT_SECRET", "short"));
        assert!(!secret_variable("ARIES_ACCESS_TOKEN", "${input:token}"));
        assert!(!secret_variable("ARIES_CLIENT_ID", "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"));
        assert!(secret_variable("TOKEN", "eyJhbGciOiJIUzI1NiJ9.e30.x"));
        assert!(!secret_variable("RUST_LOG", "debug"));
    }
}
