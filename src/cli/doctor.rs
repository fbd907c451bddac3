//! `aries-mcp doctor`: everything that can be wrong, each with what it means and what to do.
//!
//! A client that starts it shows what the server sees there. Each file beside this one probes one group. Nothing is
//! printed before it has gone through the [`Mask`]: the output is made to be pasted into an issue.

mod api;
mod bundle;
mod check;
mod clients;
mod copies;
pub(super) mod entry;
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
use crate::cli::output::{answer, answer_json, waiting};
use crate::config::{Environment, Options, Settings};
use crate::error::{Error, Result};
use api::{ApiArgs, Form};
use check::{Check, Finding, Verdict};
use mask::Mask;
use store::Holding;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    api: ApiArgs,
}

/// Checks and prints. Wrong settings are findings here, where every other command stops at them.
/// Fails without words, after printing, if anything is wrong.
pub(super) async fn run(options: &Options, env: &Environment, args: &DoctorArgs) -> Result<()> {
    let resolved = super::resolve(options, env);
    let mask = Mask::of(resolved.as_ref().ok(), env);
    if args.api.api {
        let form = if args.json { Form::Json } else { Form::Lines };
        return api::run(resolved?, &args.api, form, &mask).await;
    }
    let mut checks = settings::checks(options, env, &resolved);
    let settings_hold = resolved.is_ok();
    match resolved {
        Ok(settings) => checks.extend(of_settings(settings, env).await?),
        Err(_) => {
            let why = "they depend on the settings; correct those first";
            checks.push(Finding::not_checked(why).named("sign-in and network"));
        }
    }
    checks.extend(clients::checks(env, settings_hold));
    checks.push(copies::check().named("other copies"));
    let checks: Vec<Check> = checks.into_iter().map(|check| check.masked(&mask)).collect();
    let problems = check::count(&checks, Verdict::Problem);
    if args.json {
        answer_json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "ok": problems == 0,
            "problems": problems,
            "warnings": check::count(&checks, Verdict::Warning),
            "checks": checks,
        }));
    } else {
        answer!("{}", check::lines(&checks).join("\n"));
    }
    if problems > 0 { Err(Error::failed("", "")) } else { Ok(()) }
}

/// The groups that need settings, those that wait at the same time.
async fn of_settings(given: Settings, env: &Environment) -> Result<Vec<Check>> {
    let (settings, session) = super::signed_in(given)?;
    let mut checks = settings::profile_checks(&settings);
    let probes = async {
        let (network, store) = tokio::join!(network::probe(&settings, env), store::probe(&settings));
        let signed_in = session.is_fixed() || matches!(store.holding, Holding::Tokens(_));
        let note = SessionFile::read(&settings);
        let accepted = sign_in::accepted(&settings, &session, network.reached_api, signed_in);
        checks.push(sign_in::redirect(&settings).named("redirect URI"));
        checks.push(sign_in::port(&settings, signed_in).await.named("callback port"));
        checks.extend(store.checks);
        checks.push(sign_in::tokens(&settings, &store.holding, note.as_ref()).named("sign-in"));
        checks.extend(network.checks);
        checks.push(accepted.await.named("signed-in call"));
        checks.extend(rights::checks(&settings, &session));
        Ok(())
    };
    waiting("checking", super::until_told_to_end(&session, None, probes)).await?;
    Ok(checks)
}
