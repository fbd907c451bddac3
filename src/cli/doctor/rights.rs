//! What the granted scopes allow: which tools are missing for which scope, and how trading stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::Check;
use crate::auth::{Scopes, Session};
use crate::cli::status::trading;
use crate::config::{Settings, Toolsets};
use crate::tools::endpoints_with_tools;
use crate::trade::checks::usage;
use crate::trade::journal::file::Journal;

pub(super) fn checks(settings: &Settings, session: &Arc<Session>) -> Vec<Check> {
    let selection = crate::cli::selector(settings, session)();
    let granted = if selection.signed_out { None } else { selection.granted.clone() };
    let tools = selection.tools().len();
    let narrowed = match selection.toolsets {
        Toolsets::Only(_) => ", as --toolsets asks for",
        _ => "",
    };
    let journal = Journal::of(settings);
    let mut checks = vec![
        scopes(granted.as_ref(), &format!("{tools} tools are listed{narrowed}")),
        Check::ok("trading", trading(settings, granted.as_ref())),
    ];
    checks.extend(
        usage::limit_usage(&settings.trading, &journal)
            .into_iter()
            .map(|(kind, limited)| Check::ok(format!("limits on {kind} accounts"), limited.words())),
    );
    checks.push(orders(&journal));
    checks
}

/// The order journal: readable, and without an order of unknown outcome, which keeps others from being sent.
fn orders(journal: &Journal) -> Check {
    const NAME: &str = "order journal";
    let history = match journal.verify().and_then(|_| journal.read()) {
        Ok(Some(history)) => history,
        Ok(None) => return Check::ok(NAME, "none yet: no order was ever sent from here"),
        Err(error) => {
            return Check::problem(NAME, format!("no order can be sent: {}", error.cause), error.hint);
        }
    };
    match history.unknown().count() {
        0 => Check::ok(NAME, format!("{} orders, none in doubt", history.0.len())),
        doubts => Check::problem(
            NAME,
            format!(
                "{doubts} orders may or may not be at Aries; further ones on the same underlying are refused"
            ),
            "look for them in Aries' own application, then `aries-mcp orders` and `aries-mcp orders settle`",
        ),
    }
}

fn scopes(granted: Option<&Scopes>, listed: &str) -> Check {
    const NAME: &str = "scopes";
    let Some(granted) = granted else {
        return Check::not_checked(NAME, format!("not known before a sign-in; {listed}"));
    };
    let missing = missing(granted);
    if missing.is_empty() {
        return Check::ok(NAME, format!("every tool has what it needs; {listed}"));
    }
    let missing: Vec<String> = missing
        .into_iter()
        .map(|(scope, tools)| format!("{scope} (for {})", tools.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    Check::warning(
        NAME,
        format!("{listed}; not granted: {}", missing.join("; ")),
        "enable these for the key in Client Center, API, and run `aries-mcp login`; or leave it, if you mean it so",
    )
}

/// For each scope that is not there, the tools that lack something.
fn missing(granted: &Scopes) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut missing: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    // A row without a documented scope is allowed.
    let rows = endpoints_with_tools().into_iter();
    let lacking = rows.filter(|(row, ..)| {
        !row.scopes.is_empty() && !row.scopes.iter().any(|scope| granted.contains(scope))
    });
    // Not to ask for trading is a choice; the line on trading names it.
    let lacking = lacking.filter(|(row, ..)| !row.scopes.contains(&crate::auth::scope::TRADING));
    for (row, tool, _) in lacking {
        missing.entry(row.scope_words()).or_default().insert(tool.name);
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
