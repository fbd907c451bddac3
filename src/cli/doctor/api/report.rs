//! What was found about each call: for people, as JSON, and as a file for an issue. Names and types alone, never a value.

use serde::Serialize;

use super::calls::Call;
use super::shape::{Differences, Member, Shape};
use crate::aries::endpoints;
use crate::error::{Error, Kind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "title_case")]
pub(super) enum Verdict {
    AsDocumented,
    ExtraMembers,
    MissingMembers,
    OtherShape,
    Refused,
    NotGranted,
    NotFound,
    Failed,
    NotAsked,
}

#[derive(Debug, Serialize)]
pub(super) struct Found {
    pub(super) result: Verdict,
    method: &'static str,
    path: &'static str,
    tool: &'static str,
    source: &'static str,
    /// A newer call has taken its place, so that it need not be there.
    #[serde(skip)]
    is_older: bool,
    #[serde(flatten)]
    differences: Differences,
    /// Everything that the answer held.
    members: Vec<Member>,
    /// For the person alone, since Aries may repeat values in it.
    #[serde(skip)]
    pub(super) error: Option<Error>,
}

/// Names in one line.
const MOST_NAMES: usize = 12;

impl Found {
    pub(super) fn without_answer(call: &Call, result: Verdict) -> Self {
        let row = call.endpoint;
        Self {
            result,
            method: row.method.name(),
            path: row.path,
            tool: call.tool,
            source: row.source.name(),
            is_older: endpoints::newer_than(row).is_some(),
            differences: Differences::default(),
            members: Vec::new(),
            error: None,
        }
    }

    pub(super) fn failed(call: &Call, error: Error) -> Self {
        let result = match error.kind {
            Kind::NotFound => Verdict::NotFound,
            Kind::Refused | Kind::Forbidden | Kind::SignIn => Verdict::Refused,
            _ => Verdict::Failed,
        };
        Self { error: Some(error), ..Self::without_answer(call, result) }
    }

    pub(super) fn compared(call: &Call, documented: &Shape, found: Shape) -> Self {
        let found = found.named_as(documented);
        let differences = documented.differences(&found);
        let result = match &differences {
            Differences { other, .. } if !other.is_empty() => Verdict::OtherShape,
            Differences { missing, .. } if !missing.is_empty() => Verdict::MissingMembers,
            Differences { extra, .. } if !extra.is_empty() => Verdict::ExtraMembers,
            _ => Verdict::AsDocumented,
        };
        Self { differences, members: found.members(), ..Self::without_answer(call, result) }
    }

    /// Whether the program can be trusted with this call, or was not allowed to make it.
    pub(super) fn is_fine(&self) -> bool {
        match self.result {
            Verdict::AsDocumented | Verdict::ExtraMembers | Verdict::NotGranted | Verdict::NotAsked => true,
            Verdict::NotFound => self.is_older,
            Verdict::MissingMembers | Verdict::OtherShape | Verdict::Refused | Verdict::Failed => false,
        }
    }

    pub(super) fn line(&self) -> String {
        format!(
            "{:<16}  {} {}  ({})",
            self.result.to_string().to_lowercase(),
            self.method,
            self.path,
            self.tool
        )
    }

    /// The line, and below it what differs.
    pub(super) fn lines(&self) -> Vec<String> {
        let Differences { extra, missing, other } = &self.differences;
        let below = [("extra", extra), ("missing", missing), ("of another type", other)];
        let below = below.into_iter().filter(|(_, members)| !members.is_empty());
        let below = below.map(|(what, members)| format!("{:<16}  {what}: {}", "", names(members)));
        let error = self.error.iter().map(|error| format!("{:<16}  {}", "", error.cause));
        [self.line()].into_iter().chain(below).chain(error).collect()
    }
}

fn names(members: &[Member]) -> String {
    let shown: Vec<_> =
        members.iter().take(MOST_NAMES).map(|one| format!("{} ({})", one.member, one.kind)).collect();
    let more = members.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}
