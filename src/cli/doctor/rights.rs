//! What the granted scopes allow: which tools are missing for which scope, and how trading stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::{Check, Finding};
use crate::aries::endpoints::newer_than;
use crate::auth::scope::{EDITING, TRADING};
use crate::auth::{Scopes, Session};
use crate::cli::status::trading;
use crate::config::{Settings, Toolsets};
use crate::text::count;
use crate::told::Reader;
use crate::tools::{Signed, endpoints_with_tools};
use crate::trade::checks::usage;
use crate::trade::journal::file::Journal;

pub(super) fn checks(settings: &Settings, session: &Arc<Session>) -> Vec<Check> {
    let selection = crate::cli::selector(settings, session)();
    let granted = selection.granted.as_ref().filter(|_| selection.signed != Signed::Out);
    let narrowed = match selection.toolsets {
        Toolsets::Only(_) => ", as --toolsets asks for",
        _ => "",
    };
    let listed = format!("{} tools are listed{narrowed}", selection.tools().len());
    let journal = Journal::of(settings);
    let usage = usage::limit_usage(&settings.trading, &journal.known_history()).into_iter();
    let limits =
        usage.map(|(kind, limited)| Finding::ok(limited.words()).named(format!("limits on {kind} accounts")));
    let scopes = scopes(granted, &listed).named("scopes");
    let trading = Finding::ok(trading(settings, granted)).named("trading");
    [scopes, trading].into_iter().chain(limits).chain([orders(&journal).named("order journal")]).collect()
}

/// The order journal: readable, and without an order of unknown outcome, which keeps others from being sent.
fn orders(journal: &Journal) -> Finding {
    let history = match journal.verify().and_then(|_| journal.read()) {
        Ok(Some(history)) => history,
        Ok(None) => return Finding::ok("none yet: no order was ever sent from here"),
        Err(error) => {
            return Finding::problem(
                format!("no order can be sent: {}", error.cause),
                error.hint.to(Reader::Person),
            );
        }
    };
    match history.unknown().count() {
        0 => Finding::ok(format!("{}, and what became of each is known", count(history.0.len(), "order"))),
        doubts => Finding::problem(
            format!(
                "{} may or may not be at Aries; further ones on the same underlying are refused",
                count(doubts, "order")
            ),
            "look for them in Aries' own application, then `aries-mcp orders` and `aries-mcp orders settle`",
        ),
    }
}

fn scopes(granted: Option<&Scopes>, listed: &str) -> Finding {
    let Some(granted) = granted else {
        return Finding::not_checked(format!("not known before a sign-in; {listed}"));
    };
    let missing: Vec<String> = missing(granted)
        .into_iter()
        .map(|(scope, tools)| format!("{scope} (for {})", tools.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    if missing.is_empty() {
        return Finding::ok(format!("every tool has what it needs; {listed}"));
    }
    Finding::warning(
        format!("{listed}; not granted: {}", missing.join("; ")),
        "enable these for the key in Client Center, API, and run `aries-mcp login`; or leave it, if you do not want these tools",
    )
}

/// For each scope that is not there, the tools that lack something.
fn missing(granted: &Scopes) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut missing: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let newest = endpoints_with_tools().into_iter().filter(|(row, ..)| newer_than(row).is_none());
    for (row, tool, _) in newest {
        // A row without a documented scope is allowed. Not to ask for trading or for edits of watchlists is a choice.
        let allowed = row.scopes.is_empty() || row.scopes.iter().any(|scope| granted.contains(scope));
        if !allowed && ![TRADING, EDITING].iter().any(|choice| row.scopes.contains(choice)) {
            missing.entry(row.scope_words()).or_default().insert(tool.name);
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::scope::READING;

    #[test]
    fn a_missing_scope_names_its_tools() {
        assert!(missing(&Scopes::parse(&READING.join(" "))).is_empty());
        let without: Vec<&str> =
            READING.iter().copied().filter(|scope| *scope != "order:information").collect();
        let missing = missing(&Scopes::parse(&without.join(" ")));
        assert!(missing["order:information"].contains("get_orders"), "{missing:?}");
    }
}
