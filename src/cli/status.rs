//! `aries-mcp status`: who is signed in, with what rights, for how long.

mod profiles;
use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::aries::time::rfc3339;
use crate::auth::store::Store;
use crate::auth::{Bearer, Scopes, Session, login_command};
use crate::cli::accounts;
use crate::cli::output::{answer, answer_json, waiting};
use crate::clock;
use crate::config::{Approval, Settings};
use crate::error::{Error, Kind, Result};
use crate::exchange;
use crate::told::Reader;
use crate::tools::AccountFacts;
use crate::trade::checks::session::NEVER_CLOSES;
use crate::trade::checks::usage::{LimitUsage, Restrictions, limit_usage};
use crate::trade::journal::file::Journal;

#[derive(Debug, Clone, Args)]
pub(crate) struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Everything that `status` says; `--json` prints it as it is. Absent fields are left out.
#[derive(Debug, Serialize)]
struct Status {
    profile: String,
    api: String,
    signed_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    tokens: String,
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accounts: Option<Vec<AccountFacts>>,
    /// The hours of a practice market.
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<String>,
    trading: String,
    restrictions: Restrictions,
    limits: BTreeMap<&'static str, LimitUsage>,
    profiles: Vec<profiles::Profile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_file: Option<String>,
    state_dir: String,
}

/// Fails, after printing, if a sign-in is needed or the store cannot be opened; being offline is no error.
pub(crate) async fn run(settings: &Settings, session: &Arc<Session>, args: &StatusArgs) -> Result<()> {
    let asking = async {
        let bearer = session.bearer().await;
        let listed = match &bearer {
            Ok(_) => accounts::all(settings, session).await,
            Err(error) => Err(error.clone()),
        };
        (bearer, listed)
    };
    let (bearer, listed) = waiting("asking Aries", asking).await;
    let mut status = gather(settings, session, bearer.ok(), &listed);
    // Offline or not allowed to list accounts: said in the lines, and no reason to fail.
    let fails = |error: &Error| matches!(error.kind, Kind::SignIn | Kind::Usage | Kind::Failed);
    let failure = listed.err().filter(fails);
    if args.json {
        answer_json(&status);
    } else {
        // An error is printed as the command's own.
        status.problem = status.problem.filter(|_| failure.is_none());
        lines(&status).iter().for_each(|line| answer!("{line}"));
    }
    failure.map_or(Ok(()), Err)
}

fn gather(
    settings: &Settings,
    session: &Session,
    bearer: Option<Bearer>,
    accounts: &Result<Vec<AccountFacts>>,
) -> Status {
    let note = session.file();
    let trouble = accounts.as_ref().err();
    let refused = trouble.is_some_and(|error| error.kind == Kind::SignIn);
    let signed_in = !refused && (bearer.is_some() || note.is_some());
    // After a sign-out the note may be a leftover; it is shown only while somebody is signed in.
    let note = note.filter(|_| signed_in);
    let access_end = bearer.as_ref().and_then(|bearer| bearer.expires_at);
    let scopes = bearer.and_then(|bearer| bearer.scopes).or_else(|| session.granted());
    let scopes = scopes.filter(|_| signed_in).unwrap_or_default();
    let access_end = access_end.or_else(|| note.as_ref().map(|note| note.access_expires_at));
    Status {
        profile: settings.profile.clone(),
        api: settings.urls.api_origin(),
        signed_in,
        problem: trouble.map(|error| format!("{}; {}", error.cause, error.hint.to(Reader::Person))),
        tokens: match session.is_fixed() {
            true if settings.sandbox => "no sign-in is needed for the practice account".to_owned(),
            true => "the token of ARIES_ACCESS_TOKEN: it is used as it is, and neither kept nor renewed"
                .to_owned(),
            false => Store::of(settings).describe(),
        },
        access_expires_at: access_end.map(rfc3339),
        refresh_expires_at: note.as_ref().and_then(|note| note.refresh_expires_at).map(rfc3339),
        warning: note.and_then(|note| note.ends_soon(Timestamp::now())).map(|end| {
            format!("the sign-in ends at {}; run `{}` before that", rfc3339(end), login_command(settings))
        }),
        market: market(settings),
        trading: trading(settings, Some(&scopes)).to_owned(),
        restrictions: Restrictions::of(&settings.trading),
        limits: limit_usage(&settings.trading, &Journal::of(settings).known_history()),
        scopes: scopes.iter().map(str::to_owned).collect(),
        accounts: accounts.as_ref().ok().cloned(),
        profiles: profiles::all(settings),
        config_file: settings.places.config_file.as_ref().map(|path| path.display().to_string()),
        state_dir: settings.places.state_dir.display().to_string(),
    }
}

/// The hours of the practice market; `None` on Aries' own.
fn market(settings: &Settings) -> Option<String> {
    let hours = || {
        let now = clock::now();
        format!("{}: the practice market's clock shows {}", exchange::session(now).words(), rfc3339(now))
    };
    let never = settings.urls.market_never_closes().then(|| NEVER_CLOSES.to_owned());
    settings.urls.on_this_machine().then(|| never.unwrap_or_else(hours))
}

pub(crate) fn trading(settings: &Settings, granted: Option<&Scopes>) -> &'static str {
    match (settings.read_only, granted.is_some_and(Scopes::may_trade)) {
        (true, _) => "off: read-only",
        (false, false) => "off: order:execution is not granted (`aries-mcp login --trade` asks for it)",
        (false, true) if !settings.trading.live => "simulated accounts only: live trading is off",
        (false, true) if settings.trading.approval == Approval::Client => {
            "simulated and live accounts; live orders rely on the client's own prompt"
        }
        (false, true) => "simulated and live accounts; a person approves every live order",
    }
}

/// In how many days the sign-in ends, and when that is.
pub(super) fn end_of(end: &str, now: Timestamp) -> String {
    let left = end.parse::<Timestamp>().map(|at| at.duration_since(now).as_hours());
    match left {
        Ok(hours @ 48..) => format!("ends in {} days ({end})", hours / 24),
        Ok(hours @ 2..) => format!("ends in {hours} hours ({end})"),
        Ok(0..) => format!("ends within two hours ({end})"),
        _ => format!("ended {end}"),
    }
}

fn lines(status: &Status) -> Vec<String> {
    let mut lines = vec![format!("Profile:    {}", status.profile), format!("API:        {}", status.api)];
    lines.push(format!("Signed in:  {}", if status.signed_in { "yes" } else { "no" }));
    lines.extend(status.problem.iter().map(|text| format!("Problem:    {text}")));
    lines.push(format!("Tokens in:  {}", status.tokens));
    if status.signed_in {
        let scopes = if status.scopes.is_empty() { "unknown".to_owned() } else { status.scopes.join(" ") };
        lines.push(format!("Scopes:     {scopes}"));
        lines.extend(
            status
                .access_expires_at
                .iter()
                .map(|end| format!("Access:     until {end}, then it is renewed by itself")),
        );
        let now = Timestamp::now();
        lines.extend(status.refresh_expires_at.iter().map(|end| format!("Sign-in:    {}", end_of(end, now))));
    }
    lines.extend(status.warning.iter().map(|text| format!("Warning:    {text}")));
    match &status.accounts {
        Some(accounts) => lines.extend(accounts::lines(accounts)),
        None => lines.push("Accounts:   not available".to_owned()),
    }
    lines.extend(status.market.iter().map(|text| format!("Market:     {text}")));
    lines.push(format!("Trading:    {}", status.trading));
    lines.push(format!("  {:<9}  {}", "allowed", status.restrictions.words()));
    lines.extend(status.limits.iter().map(|(kind, limited)| format!("  {kind:<9}  {}", limited.words())));
    lines.extend(profiles::lines(&status.profiles));
    lines.push(format!("Config:     {}", status.config_file.as_deref().unwrap_or("none")));
    lines.push(format!("State:      {}", status.state_dir));
    lines
}
