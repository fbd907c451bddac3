//! What `doctor` finds: what was looked at, how it is, what that means, and what to do next.

use serde::Serialize;

use super::mask::Mask;
use crate::error::Error;
use crate::told::Reader;

/// Only a problem makes `doctor` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub(super) enum Verdict {
    Ok,
    Warning,
    Problem,
    NotChecked,
}

impl From<Verdict> for &'static str {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
            Verdict::NotChecked => "not checked",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    pub(super) result: Verdict,
    pub(super) meaning: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_step: Option<String>,
}

/// A finding under the name of what was looked at.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    name: String,
    #[serde(flatten)]
    pub(super) finding: Finding,
}

impl Finding {
    pub(super) fn ok(meaning: impl Into<String>) -> Self {
        Self { result: Verdict::Ok, meaning: meaning.into(), next_step: None }
    }

    pub(super) fn not_checked(why: impl Into<String>) -> Self {
        Self { result: Verdict::NotChecked, ..Self::ok(why) }
    }

    pub(super) fn warning(meaning: impl Into<String>, next: impl Into<String>) -> Self {
        Self { result: Verdict::Warning, ..Self::ok(meaning) }.next(next)
    }

    pub(super) fn problem(meaning: impl Into<String>, next: impl Into<String>) -> Self {
        Self { result: Verdict::Problem, ..Self::ok(meaning) }.next(next)
    }

    pub(super) fn next(self, step: impl Into<String>) -> Self {
        Self { next_step: Some(step.into()), ..self }
    }

    pub(super) fn into_error(self) -> Error {
        Error::failed(self.meaning, self.next_step.unwrap_or_default())
    }

    pub(super) fn named(self, name: impl Into<String>) -> Check {
        Check { name: name.into(), finding: self }
    }
}

impl From<Error> for Finding {
    fn from(error: Error) -> Self {
        Self::problem(error.cause, error.hint.to(Reader::Person))
    }
}

impl Check {
    pub(super) fn masked(self, mask: &Mask) -> Self {
        let Finding { result, meaning, next_step } = self.finding;
        let next_step = next_step.map(|step| mask.apply(&step));
        Finding { result, meaning: mask.apply(&meaning), next_step }.named(self.name)
    }
}

pub(super) fn count(checks: &[Check], verdict: Verdict) -> usize {
    checks.iter().filter(|check| check.finding.result == verdict).count()
}

/// For people: a line per finding, the next step below it, and the sum.
pub(super) fn lines(checks: &[Check]) -> Vec<String> {
    let mut lines = Vec::new();
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    for Check { name, finding: Finding { result, meaning, next_step } } in checks {
        let result: &str = (*result).into();
        lines.push(format!("{result:<11}  {name:<width$}  {meaning}"));
        lines.extend(next_step.iter().map(|step| format!("{:<11}  {:<width$}  next: {step}", "", "")));
    }
    let sum = crate::text::count;
    lines.push(String::new());
    lines.push(match (count(checks, Verdict::Problem), count(checks, Verdict::Warning)) {
        (0, 0) => "Nothing is wrong.".to_owned(),
        (0, warnings) => format!("Nothing is wrong; {}.", sum(warnings, "warning")),
        (problems, warnings) => {
            let sums = format!("{}, {}.", sum(problems, "problem"), sum(warnings, "warning"));
            let first = "Begin with the first problem: others may come of it.";
            if problems > 1 { format!("{sums} {first}") } else { sums }
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_stands_below_the_finding() {
        let checks = [Finding::ok("fine").named("a"), Finding::problem("held", "end it").named("port")];
        assert_eq!(
            lines(&checks),
            [
                "ok           a     fine",
                "problem      port  held",
                "                   next: end it",
                "",
                "1 problem, 0 warnings."
            ]
        );
    }
}
