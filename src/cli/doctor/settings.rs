//! Version, config file, variables, profile and client id.

use super::check::Check;
use super::mask;
use crate::auth::login::{checked_id, refuse_other_api};
use crate::config::setting::{SANDBOX, is_variable, nearest_variable};
use crate::config::{ConfigFile, Environment, Options, Places, Settings};
use crate::error::{Result, nearest};

/// The checks that need no valid settings.
pub(super) fn checks(options: &Options, env: &Environment, resolved: &Result<Settings>) -> Vec<Check> {
    let mut checks = vec![version()];
    let sandbox = resolved.as_ref().map_or(options.has(&SANDBOX), |settings| settings.sandbox);
    let file = config_file(options, env, sandbox);
    let file_is_fine = file.result == super::Verdict::Ok;
    checks.push(file);
    if let (true, Err(error)) = (file_is_fine, resolved) {
        checks.push(Check::failed("settings", error));
    }
    checks.extend(variables(env));
    checks
}

fn version() -> Check {
    let place =
        std::env::current_exe().map_or_else(|_| "unknown".to_owned(), |path| path.display().to_string());
    let (os, cpu) = (std::env::consts::OS, std::env::consts::ARCH);
    Check::ok("version", format!("aries-mcp {} on {os} {cpu}, the file {place}", env!("CARGO_PKG_VERSION")))
}

fn config_file(options: &Options, env: &Environment, sandbox: bool) -> Check {
    const NAME: &str = "config file";
    let places = match Places::find(options, env, sandbox) {
        Ok(places) => places,
        Err(error) => return Check::failed(NAME, &error),
    };
    let Some(path) = places.config_file else {
        return Check::ok(NAME, "none is read with --sandbox unless one is named");
    };
    match ConfigFile::read(&path) {
        Err(error) => Check::failed(NAME, &error),
        Ok(_) if path.is_file() => Check::ok(NAME, format!("{} holds no mistake", path.display())),
        Ok(_) => Check::ok(NAME, format!("there is none at {}; the defaults apply", path.display())),
    }
}

fn variables(env: &Environment) -> Vec<Check> {
    const NAME: &str = "variables";
    let (known, unknown): (Vec<&str>, Vec<&str>) = env.ours().partition(|name| is_variable(name));
    let mut checks: Vec<Check> = unknown
        .iter()
        .map(|name| {
            let near = nearest_variable(name);
            let next = near.map_or_else(|| "unset it".to_owned(), |near| format!("did you mean {near}?"));
            Check::warning(
                NAME,
                format!("{name} is set, and is no variable of aries-mcp: it has no effect"),
                next,
            )
        })
        .collect();
    if env.get("ARIES_CLIENT_SECRET").is_some() {
        checks.push(Check::warning(
            NAME,
            "ARIES_CLIENT_SECRET is set: every program started here can read it",
            "unset it and type the secret at the hidden prompt of `aries-mcp login`, which keeps it in the keychain",
        ));
    }
    if checks.is_empty() {
        let set = if known.is_empty() {
            "none of ARIES_… is set".to_owned()
        } else {
            format!("set: {}", known.join(", "))
        };
        checks.push(Check::ok(NAME, set));
    }
    checks
}

/// Profile and client id.
pub(super) fn profile_checks(settings: &Settings) -> Vec<Check> {
    if settings.sandbox {
        return vec![Check::not_checked("profile", "the embedded practice broker needs none")];
    }
    vec![profile(settings), client_id(settings)]
}

fn profile(settings: &Settings) -> Check {
    const NAME: &str = "profile";
    let (name, origin) = (&settings.profile, settings.urls.api_origin());
    if let Err(error) = refuse_other_api(settings) {
        return Check::failed(NAME, &error);
    }
    if settings.profiles.is_empty() || settings.profiles.contains(name) {
        return Check::ok(NAME, format!("{name}, for {origin}"));
    }
    let recorded = settings.profiles.join(", ");
    let next = match nearest(name, settings.profiles.iter().map(String::as_str)) {
        Some(near) => format!("did you mean --profile {near}?"),
        None => format!("run `aries-mcp login --profile {name}` if it is to be a new one"),
    };
    Check::warning(
        NAME,
        format!("nothing is recorded for {name} at {origin}; recorded are: {recorded}"),
        next,
    )
}

fn client_id(settings: &Settings) -> Check {
    const NAME: &str = "client id";
    if settings.access_token.is_some() {
        return Check::not_checked(NAME, "a ready token (ARIES_ACCESS_TOKEN) needs none");
    }
    match settings.client_id.as_deref().map(|id| (id, checked_id(id))) {
        Some((id, Ok(_))) => Check::ok(NAME, format!("{} is known", mask::client_id(id))),
        Some((_, Err(error))) => Check::failed(NAME, &error),
        None => Check::warning(
            NAME,
            "none is known for this profile and API",
            "make a key in Aries' Client Center (API, Generate Key); `aries-mcp login` asks for its client id",
        ),
    }
}
