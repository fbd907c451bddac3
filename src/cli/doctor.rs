//! `aries-mcp doctor`: everything that can be wrong, each with what it means and what to do.
//!
//! It runs where it is started, so a client that starts it shows what the server sees there. Each file beside
//! this one probes one group and judges it by plain functions; what comes out is a list of [`Check`]s. Nothing is
//! printed before it has gone through the [`Mask`]: the output is made to be pasted into an issue.

mod check;
mod clients;
mod copies;
mod entry;
mod jsonc;
mod mask;
mod network;
mod port;
mod rights;
mod settings;
mod sign_in;
mod store;

use clap::Args;
use serde_json::json;

use crate::auth::SessionFile;
use crate::cli::output::answer;
use crate::config::{Environment, Options, Settings};
use crate::error::{Error, Result};
use check::{Check, Verdict};
use mask::Mask;

/// Options of `doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Checks and prints. Wrong settings are findings here, where every other command stops at them.
///
/// # Errors
/// Without words, after printing, if anything is wrong.
pub(super) async fn run(options: &Options, env: &Environment, args: &DoctorArgs) -> Result<()> {
    let resolved = super::resolve(options, env);
    let mask = Mask::of(resolved.as_ref().ok(), env);
    let mut checks = settings::checks(options, env, &resolved);
    match resolved {
        Ok(settings) => {
            checks.extend(of_settings(&settings, env).await?);
            checks.extend(clients::checks(env, true));
        }
        Err(_) => {
            checks.push(Check::not_checked(
                "sign-in and network",
                "they depend on the settings; correct those first",
            ));
            checks.extend(clients::checks(env, false));
        }
    }
    checks.push(copies::check());
    let checks: Vec<Check> = checks.into_iter().map(|check| check.masked(&mask)).collect();
    let text = if args.json { json(&checks)? } else { check::lines(&checks).join("\n") };
    answer!("{text}");
    let wrong = checks.iter().any(|check| check.result == Verdict::Problem);
    if wrong { Err(Error::failed("", "")) } else { Ok(()) }
}

/// The groups that need settings, those that wait at the same time.
async fn of_settings(given: &Settings, env: &Environment) -> Result<Vec<Check>> {
    let (settings, session) = super::signed_in(given.clone())?;
    let mut checks = settings::profile_checks(&settings);
    let probes = async {
        let (network, store) = tokio::join!(network::probe(&settings, env), store::probe(&settings));
        let signed_in = session.is_fixed() || store.holds_sign_in();
        checks.push(sign_in::redirect(&settings));
        checks.push(sign_in::port(&settings, signed_in).await);
        checks.extend(store.checks());
        checks.push(sign_in::tokens(&settings, store.tokens(), SessionFile::read(&settings).as_ref()));
        checks.extend(network.checks());
        checks.push(sign_in::accepted(&settings, &session, network.reached_api(), signed_in).await);
        checks.extend(rights::checks(&settings, &session));
        Ok(())
    };
    super::until_told_to_end(&session, None, probes).await?;
    Ok(checks)
}

fn json(checks: &[Check]) -> Result<String> {
    let count = |verdict| checks.iter().filter(|check| check.result == verdict).count();
    let all = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "ok": count(Verdict::Problem) == 0,
        "problems": count(Verdict::Problem),
        "warnings": count(Verdict::Warning),
        "checks": checks,
    });
    serde_json::to_string_pretty(&all)
        .map_err(|error| Error::failed(format!("cannot write JSON: {error}"), "report this"))
}
