//! A tool as a value: its names, effects and examples, and how it answers.

use futures_util::future::BoxFuture;

use super::answer::Answer;
use super::call::Call;
use super::schema::Object;
use super::views::Views;
use crate::aries::endpoint::Endpoint;
use crate::config::Toolset;
use crate::error::Result;

pub(crate) struct Tool {
    /// `verb_noun`, at most 32 characters.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// For the model, at most 1,200 characters.
    pub(crate) description: &'static str,
    /// The set it belongs to.
    pub(crate) toolset: Toolset,
    /// Whether it is in the default toolset.
    pub(crate) default: bool,
    /// Its effects, for clients.
    pub(crate) hints: Hints,
    /// Schema of the structured answer, if there is one.
    pub(crate) output: Option<fn() -> Object>,
    /// Example arguments, as JSON.
    pub(crate) example: &'static str,
    pub(super) work: Work,
}

pub(super) enum Work {
    Views(Views),
    Code {
        input: fn() -> Object,
        /// The endpoints that belong to it, each with example arguments of the tool that reach it.
        endpoints: &'static [(&'static Endpoint, &'static str)],
        run: fn(Call, Object) -> BoxFuture<'static, Result<Answer>>,
    },
}

/// The four annotation hints of MCP, and one of a vendor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hints {
    pub(crate) read_only: bool,
    /// May end or overwrite something.
    pub(crate) destructive: bool,
    /// Calling twice does what calling once does.
    pub(crate) idempotent: bool,
    pub(crate) open_world: bool,
    /// The member of `_meta` that is true: a hint that one vendor's clients know beyond those of MCP.
    pub(crate) meta: Option<&'static str>,
}

pub(crate) const READS: Hints =
    Hints { read_only: true, destructive: false, idempotent: true, open_world: true, meta: None };
/// The same for a tool that most conversations need: Claude's clients load the others when they look for them.
pub(crate) const READS_OFTEN: Hints = Hints { meta: Some("anthropic/alwaysLoad"), ..READS };

impl Tool {
    /// What most tools have in common: a reader among the default tools.
    pub(super) const READER: Tool = Tool {
        name: "",
        title: "",
        description: "",
        toolset: Toolset::Research,
        default: true,
        hints: READS,
        output: None,
        example: "{}",
        work: Work::Views(Views { arguments: &[], views: &[] }),
    };
}
