//! One entry of a client's configuration that starts this program, checked for what makes it fail or leak a secret.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use serde_json::Value;

use super::check::Check;
use super::clients::{Client, is_ours};
use crate::aries::text::looks_like_token;
use crate::auth::{Session, SessionFile, login_command};
use crate::config::Environment;
use crate::config::setting::{is_variable, nearest_variable};
use crate::error::Error;

/// A word of this length with letters and digits, where no secret belongs.
const TOKEN: usize = 24;

/// What the client starts.
pub(super) struct Entry {
    name: String,
    command: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
}

impl Entry {
    /// Reads a server; `None` if it is not ours, or not a program.
    pub(super) fn read(name: &str, server: &Value) -> Option<Self> {
        let command = server.get("command")?.as_str().unwrap_or_default().to_owned();
        let args = server.get("args").and_then(Value::as_array).into_iter().flatten();
        let args: Vec<String> = args.filter_map(Value::as_str).map(str::to_owned).collect();
        let env = server.get("env").and_then(Value::as_object).into_iter().flatten();
        let env = env.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
        let named = matches!(name, "aries" | "aries-mcp");
        let ours = named || std::iter::once(&command).chain(&args).any(|word| is_ours(word));
        ours.then_some(Self { name: name.to_owned(), command, args, env })
    }

    /// Whether the command is this program itself, not a wrapper around it.
    fn direct(&self) -> bool {
        is_ours(&self.command)
    }
}

/// Everything that is wrong with it, or that nothing is.
pub(super) fn judge(
    client: &Client,
    file: &str,
    entry: &Entry,
    env: &Environment,
    settings_hold: bool,
) -> Vec<Check> {
    let here = format!("entry {:?} in {file}", entry.name);
    let mut checks: Vec<Check> =
        secrets(client, entry, &here).into_iter().chain(command(client, entry, env, &here)).collect();
    if entry.direct() && settings_hold {
        checks.extend(settings(client, entry, env, &here));
    }
    if checks.is_empty() {
        checks.push(Check::ok(client.name, format!("{here} starts {}", entry.command)));
    }
    checks
}

fn command(client: &Client, entry: &Entry, env: &Environment, here: &str) -> Option<Check> {
    let command = entry.command.as_str();
    let own = std::env::current_exe()
        .map_or_else(|_| "`command -v aries-mcp`".to_owned(), |path| path.display().to_string());
    let full = format!("put the full path there: {own}");
    let problem = |meaning: String| Some(Check::problem(client.name, meaning, full.clone()));
    if command.trim().is_empty() {
        return problem(format!("{here} names no command"));
    }
    // A variable that only the client can fill in.
    if command.contains("${") {
        return None;
    }
    if !command.contains(['/', '\\']) {
        return match (in_path(command, env), client.desktop) {
            (None, _) => problem(format!("{here} starts {command}, which is not in the PATH")),
            (Some(_), true) => Some(Check::warning(
                client.name,
                format!(
                    "{here} starts {command} without a folder; desktop programs often do not see your PATH"
                ),
                full,
            )),
            (Some(_), false) => None,
        };
    }
    let path = Path::new(command);
    if !path.is_absolute() {
        return problem(format!("{here} starts {command}, which is no full path: clients do not expand it"));
    }
    match std::fs::metadata(path) {
        Err(_) => problem(format!("{here} starts {command}, which does not exist")),
        Ok(found) if !found.is_file() => problem(format!("{here} starts {command}, which is not a file")),
        Ok(found) if !executable(&found) => Some(Check::problem(
            client.name,
            format!("{here} starts {command}, which is not executable"),
            format!("run `chmod +x {command}`"),
        )),
        Ok(_) => None,
    }
}

fn in_path(command: &str, env: &Environment) -> Option<PathBuf> {
    let path = env.get("PATH")?;
    let suffixes: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd"] } else { &[""] };
    let names =
        |folder: PathBuf| suffixes.iter().map(move |suffix| folder.join(format!("{command}{suffix}")));
    std::env::split_paths(path)
        .flat_map(names)
        .find(|file| std::fs::metadata(file).is_ok_and(|found| found.is_file() && executable(&found)))
}

#[cfg(unix)]
fn executable(found: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(found) & 0o111 != 0
}

#[cfg(not(unix))]
fn executable(_found: &std::fs::Metadata) -> bool {
    true
}

/// Our entry needs none, and the file is open to every program of this user, to backups and to screenshots.
fn secrets(client: &Client, entry: &Entry, here: &str) -> Option<Check> {
    let in_env =
        entry.env.iter().filter(|(name, value)| secret_variable(name, value)).map(|(name, _)| name.clone());
    // A path may be long and mixed, but no secret has slashes at its beginning.
    let in_args = entry.args.iter().filter(|word| word.split('=').any(|part| looks_like_token(part, TOKEN)));
    let found: Vec<String> = in_env.chain(in_args.map(|_| "an argument".to_owned())).collect();
    if found.is_empty() {
        return None;
    }
    Some(Check::problem(
        client.name,
        format!("{here} holds a secret in clear text: {}", found.join(", ")),
        "delete it there: `aries-mcp login` keeps what is needed in the keychain; then make a new secret in Client \
         Center, since the old one may have been read",
    ))
}

fn secret_variable(name: &str, value: &str) -> bool {
    let filled_in_elsewhere = value.trim().is_empty() || value.starts_with('$') || value.starts_with("${");
    let secret_of_ours = matches!(name, "ARIES_CLIENT_SECRET" | "ARIES_ACCESS_TOKEN");
    // The other variables of ours hold addresses and ids, which are long and no secrets.
    let known = is_variable(name) && !secret_of_ours;
    !filled_in_elsewhere && (secret_of_ours || (!known && looks_like_token(value, TOKEN)))
}

/// Whether the program would start with these words and variables, as whom, and with how many tools.
fn settings(client: &Client, entry: &Entry, env: &Environment, here: &str) -> Vec<Check> {
    let problem = |error: Error| {
        vec![Check::problem(client.name, format!("{here} would not start: {}", error.cause), error.hint)]
    };
    let words = std::iter::once("aries-mcp").chain(entry.args.iter().map(String::as_str));
    let command_line = match crate::cli::CommandLine::try_parse_from(words) {
        Ok(command_line) => command_line,
        Err(error) => return problem(crate::cli::usage(&error)),
    };
    let mut checks: Vec<Check> =
        entry.env.iter().filter_map(|(name, _)| misspelt(client, name, here)).collect();
    let env = env.without_ours().with(entry.env.clone());
    let settings = match crate::cli::resolve(&command_line.global.0, &env) {
        Ok(settings) => settings,
        Err(error) => return problem(error),
    };
    if settings.sandbox || settings.access_token.is_some() {
        return checks;
    }
    let over = |note: SessionFile| note.is_over(jiff::Timestamp::now());
    if SessionFile::read(&settings).is_none_or(over) {
        checks.push(Check::warning(
            client.name,
            format!(
                "{here} uses profile {} at {}, where nobody is signed in",
                settings.profile,
                settings.urls.api_origin()
            ),
            format!("run `{}`", login_command(&settings)),
        ));
    }
    let session = Arc::new(Session::stored(&settings));
    let tools = crate::cli::selector(&settings, &session)().tools().len();
    checks.extend(too_many(client, tools, here));
    checks
}

fn misspelt(client: &Client, name: &str, here: &str) -> Option<Check> {
    if !name.starts_with("ARIES_") || is_variable(name) {
        return None;
    }
    let near = nearest_variable(name);
    let next = near.map_or_else(|| "remove it".to_owned(), |near| format!("did you mean {near}?"));
    Some(Check::warning(client.name, format!("{here} sets {name}, which is no variable of aries-mcp"), next))
}

fn too_many(client: &Client, tools: usize, here: &str) -> Option<Check> {
    let most = client.most_tools.filter(|most| tools > *most)?;
    Some(Check::warning(
        client.name,
        format!(
            "{here} brings {tools} tools; this client takes {most} of all servers together and drops the rest"
        ),
        "name fewer toolsets in its args, for example --toolsets default",
    ))
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
