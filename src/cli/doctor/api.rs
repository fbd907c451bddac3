//! `aries-mcp doctor --api`: asks every reading call once and compares the answer with the documented one, which is that
//! of the embedded Aries to the same request.

mod calls;
mod report;
mod shape;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::mask::Mask;
use crate::aries::Aries;
use crate::aries::endpoint::Request;
use crate::aries::model::account;
use crate::auth::Scopes;
use crate::cli::output::{answer, answer_json, say};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::{atomic_file, end};
use crate::server;
use calls::Call;
use report::{Found, Verdict};
use shape::Shape;

#[derive(Debug, Args)]
pub(super) struct ApiArgs {
    /// Ask Aries every reading call once instead, and compare the answers with the documented ones
    #[arg(long)]
    pub(super) api: bool,
    /// Write what --api finds into a new file, for an issue: names and types of members, no values
    #[arg(long, value_name = "FILE", requires = "api")]
    save: Option<PathBuf>,
}

/// How the findings are printed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Lines,
    Json,
}

/// One Aries with the first account there.
struct Place {
    aries: Aries,
    account: Option<String>,
}

/// Asks, prints and saves. Fails, after printing, if a call differs, fails, or was not asked before Ctrl-C.
pub(super) async fn run(settings: Settings, args: &ApiArgs, form: Form, mask: &Mask) -> Result<()> {
    if let Some(path) = args.save.as_deref().filter(|path| path.exists()) {
        let cause = format!("{} is there already", path.display());
        return Err(Error::usage(cause, "name another file after --save, or remove that one"));
    }
    let (settings, session) = crate::cli::signed_in(settings)?;
    let granted = crate::cli::selector(&settings, &session)().granted;
    let aries = crate::cli::sender(&settings, &session);
    let calls = calls::all();
    let mut found = Vec::new();
    let asking = async {
        let account = account::all(&aries).await?.into_iter().next().map(|account| account.id);
        let live = Place { aries: aries.clone(), account };
        let documented = embedded(settings).await?;
        for call in &calls {
            found.push(ask(call, granted.as_ref(), &live, &documented).await);
            let line = found.last().map(Found::line).unwrap_or_default();
            say!("{:>3} of {}  {line}", found.len(), calls.len());
        }
        Ok(())
    };
    let outcome = tokio::select! {
        outcome = asking => outcome,
        () = end::signal() => Ok(()),
    };
    server::finish(&session, None).await;
    outcome?;
    let report = json!({
        "version": env!("CARGO_PKG_VERSION"), "asked": found.len(), "of": calls.len(), "calls": found
    });
    if let Some(path) = &args.save {
        save(path, &report)?;
    }
    match form {
        Form::Json => answer_json(&report),
        Form::Lines => {
            lines(&found, calls.len(), args).iter().for_each(|line| answer!("{}", mask.apply(line)))
        }
    }
    let is_fine = found.len() == calls.len() && found.iter().all(Found::is_fine);
    if is_fine { Ok(()) } else { Err(Error::failed("", "")) }
}

/// The embedded Aries, whose answers hold every documented member.
async fn embedded(settings: Settings) -> Result<Place> {
    let (settings, session) = crate::cli::signed_in(Settings { sandbox: true, ..settings })?;
    let aries = crate::cli::sender(&settings, &Arc::clone(&session));
    let account = account::all(&aries).await?.into_iter().next().map(|account| account.id);
    Ok(Place { aries, account })
}

async fn ask(call: &Call, granted: Option<&Scopes>, live: &Place, documented: &Place) -> Found {
    let scopes = call.endpoint.scopes;
    let is_granted = |scope: &&str| granted.is_none_or(|granted| granted.contains(scope));
    if !scopes.is_empty() && !scopes.iter().any(is_granted) {
        return Found::without_answer(call, Verdict::NotGranted);
    }
    let request = |place: &Place| call.request(place.account.as_deref());
    let (Some(real), Some(embedded)) = (request(live), request(documented)) else {
        return Found::without_answer(call, Verdict::NotAsked);
    };
    let found = match shape(&live.aries, &real).await {
        Ok(found) => found,
        Err(error) => return Found::failed(call, error),
    };
    // The embedded Aries does not answer what nobody documents.
    let documented = shape(&documented.aries, &embedded).await.unwrap_or_else(|_| Shape::nothing());
    Found::compared(call, &documented, found)
}

async fn shape(aries: &Aries, request: &Request) -> Result<Shape> {
    let reply = aries.read(request).await?;
    let value = serde_json::from_str(reply.json()?.raw()).expect("a reply was checked to be JSON");
    Ok(Shape::of(&value))
}

/// For people: each call with what differs, the sum, and what to do with the file.
fn lines(found: &[Found], of: usize, args: &ApiArgs) -> Vec<String> {
    let mut lines: Vec<String> = found.iter().flat_map(Found::lines).collect();
    let trouble = found.iter().filter(|one| !one.is_fine()).count();
    lines.push(String::new());
    lines.push(format!("{} of {of} calls looked at; with a difference or an error: {trouble}.", found.len()));
    lines.push(match &args.save {
        Some(path) => {
            format!(
                "{} holds names and types of members and no values: attach it to an issue.",
                path.display()
            )
        }
        None => "`--save FILE` writes this as a file for an issue, without any value.".to_owned(),
    });
    lines
}

fn save(path: &Path, report: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(report).expect("texts, numbers and lists can be written");
    atomic_file::write(path, text.as_bytes()).map_err(|error| {
        let cause = format!("{} cannot be written: {error}", path.display());
        Error::failed(cause, "name a file in a folder of yours after --save")
    })
}
