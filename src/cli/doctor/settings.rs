//! Version, config file, variables, profile and client id.

use super::check::{Check, Finding, Verdict};
use super::mask;
use crate::auth::login::{checked_id, refuse_other_api};
use crate::config::setting::{is_variable, nearest_variable};
use crate::config::{ConfigFile, Environment, Options, Places, Settings};
use crate::error::{Result, did_you_mean, nearest};

/// The checks that need no valid settings.
pub(super) fn checks(options: &Options, env: &Environment, resolved: &Result<Settings>) -> Vec<Check> {
    let file = config_file(options, env).unwrap_or_else(Finding::from);
    let file_is_fine = file.result == Verdict::Ok;
    let mut checks = vec![version().named("version"), file.named("config file")];
    let names_are_fine = env.unknown().next().is_none();
    if let (true, true, Err(error)) = (file_is_fine, names_are_fine, resolved) {
        checks.push(Finding::from(error.clone()).named("settings"));
    }
    checks.extend(variables(env).into_iter().map(|finding| finding.named("variables")));
    checks
}

fn version() -> Finding {
    let place =
        std::env::current_exe().map_or_else(|_| "unknown".to_owned(), |path| path.display().to_string());
    let (os, cpu) = (std::env::consts::OS, std::env::consts::ARCH);
    Finding::ok(format!("aries-mcp {} on {os} {cpu}, the file {place}", env!("CARGO_PKG_VERSION")))
}

fn config_file(options: &Options, env: &Environment) -> Result<Finding> {
    let Some(path) = Places::find(options, env)?.config_file else {
        return Ok(Finding::ok("with --sandbox none is read, unless --config names one"));
    };
    ConfigFile::read(&path)?;
    let shown = path.display();
    Ok(Finding::ok(match path.is_file() {
        true => format!("{shown} holds no mistake"),
        false => format!("there is none at {shown}; the defaults apply"),
    }))
}

fn variables(env: &Environment) -> Vec<Finding> {
    let known: Vec<&str> = env.ours().filter(|name| is_variable(name)).collect();
    let unknown = |name| {
        let next = did_you_mean(nearest_variable(name), "unset it");
        Finding::problem(
            format!("{name} is set, and aries-mcp has no such variable: no command runs with it"),
            next,
        )
    };
    let mut findings: Vec<Finding> = env.unknown().map(unknown).collect();
    if env.get("ARIES_CLIENT_SECRET").is_some() {
        findings.push(Finding::warning(
            "ARIES_CLIENT_SECRET is set: every program started here can read it",
            "unset it and type the secret at the hidden prompt of `aries-mcp login`, which keeps it in the keychain",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(match known.is_empty() {
            true => "no variable of aries-mcp is set".to_owned(),
            false => format!("set: {}", known.join(", ")),
        }));
    }
    findings
}

pub(super) fn profile_checks(settings: &Settings) -> Vec<Check> {
    if settings.sandbox {
        let why = "the practice account has none";
        return vec![Finding::not_checked(why).named("profile")];
    }
    let profile = profile(settings).unwrap_or_else(Finding::from);
    let client_id = client_id(settings).unwrap_or_else(Finding::from);
    vec![profile.named("profile"), client_id.named("client id")]
}

fn profile(settings: &Settings) -> Result<Finding> {
    let (name, origin) = (&settings.profile, settings.urls.api_origin());
    refuse_other_api(settings)?;
    if settings.profiles.is_empty() || settings.profiles.contains(name) {
        return Ok(Finding::ok(format!("{name}, for {origin}")));
    }
    let recorded = settings.profiles.join(", ");
    let next = match nearest(name, settings.profiles.iter().map(String::as_str)) {
        Some(near) => format!("did you mean --profile {near}?"),
        None => format!("run `aries-mcp login --profile {name}` if it is to be a new one"),
    };
    let meaning = format!("nothing is recorded for {name} at {origin}; recorded are: {recorded}");
    Ok(Finding::warning(meaning, next))
}

fn client_id(settings: &Settings) -> Result<Finding> {
    if settings.access_token.is_some() {
        return Ok(Finding::not_checked("a ready token (ARIES_ACCESS_TOKEN) needs none"));
    }
    let Some(id) = settings.client_id.as_deref() else {
        return Ok(Finding::warning(
            "none is known for this profile and API",
            "make a key in Aries' Client Center (API, Generate Key); `aries-mcp login` asks for its client id",
        ));
    };
    checked_id(id)?;
    Ok(Finding::ok(format!("{} is known", mask::client_id(id))))
}
