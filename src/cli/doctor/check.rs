//! One finding: what was looked at, how it is, what that means, and what to do next.

use serde::Serialize;

use super::mask::Mask;

/// How it is. Only a problem makes `doctor` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Verdict {
    #[serde(rename = "ok")]
    Ok,
    #[serde(rename = "warning")]
    Warning,
    #[serde(rename = "problem")]
    Problem,
    #[serde(rename = "not checked")]
    NotChecked,
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
            Verdict::NotChecked => "not checked",
        }
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) result: Verdict,
    pub(super) meaning: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_step: Option<String>,
}

impl Check {
    fn new(name: impl Into<String>, result: Verdict, meaning: impl Into<String>) -> Self {
        Self { name: name.into(), result, meaning: meaning.into(), next_step: None }
    }

    pub(super) fn ok(name: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(name, Verdict::Ok, meaning)
    }

    pub(super) fn not_checked(name: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(name, Verdict::NotChecked, meaning)
    }

    pub(super) fn warning(
        name: impl Into<String>,
        meaning: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self::new(name, Verdict::Warning, meaning).next(next)
    }

    pub(super) fn problem(
        name: impl Into<String>,
        meaning: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self::new(name, Verdict::Problem, meaning).next(next)
    }

    /// The program's own error as a finding.
    pub(super) fn failed(name: impl Into<String>, error: &crate::error::Error) -> Self {
        Self::problem(name, error.cause.clone(), error.hint.clone())
    }

    pub(super) fn next(self, step: impl Into<String>) -> Self {
        Self { next_step: Some(step.into()), ..self }
    }

    pub(super) fn masked(self, mask: &Mask) -> Self {
        Self {
            name: self.name,
            result: self.result,
            meaning: mask.apply(&self.meaning),
            next_step: self.next_step.map(|step| mask.apply(&step)),
        }
    }
}

/// For people: a line per finding, the next step below it, and the sum.
pub(super) fn lines(checks: &[Check]) -> Vec<String> {
    let mut lines = Vec::new();
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    for check in checks {
        lines.push(format!("{:<11}  {:<width$}  {}", check.result.name(), check.name, check.meaning));
        lines.extend(check.next_step.iter().map(|step| format!("{:<11}  {:<width$}  next: {step}", "", "")));
    }
    let count = |verdict| checks.iter().filter(|check| check.result == verdict).count();
    let sum = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    lines.push(String::new());
    lines.push(match (count(Verdict::Problem), count(Verdict::Warning)) {
        (0, 0) => "Nothing is wrong.".to_owned(),
        (0, warnings) => format!("Nothing is wrong; {}.", sum(warnings, "warning")),
        (problems, warnings) => format!("{}, {}.", sum(problems, "problem"), sum(warnings, "warning")),
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_stands_below_the_finding() {
        let checks = [Check::ok("a", "fine"), Check::problem("port", "held", "end it")];
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
