//! How a person can be reached: by a question that the client asks, or by the address of a page that it shows.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

#[derive(Clone, Default)]
pub(crate) struct Prompter {
    pub(crate) forms: Way,
    /// How the client shows the address of a page. That it did approves nothing.
    pub(crate) pages: Way,
    /// The question that the reply of `forms` is for.
    pub(crate) answered: Option<String>,
    /// What the client calls itself.
    pub(crate) client: Option<String>,
}

#[derive(Clone, Default)]
pub(crate) enum Way {
    #[default]
    None,
    /// While the call waits (protocols up to 2025).
    InCall(Ask),
    /// After the call; then it calls again (protocols since 2026), with this reply if there is one.
    BetweenCalls(Option<Reply>),
}

pub(crate) type Ask = Arc<dyn Fn(Question) -> BoxFuture<'static, Reply> + Send + Sync>;

/// What the client has to put before the person: a text to say yes or no to, or the page where they decide.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Tells it from every other question.
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) page: Option<SecretString>,
}

impl Prompter {
    /// Whether the client of this call can put the question before the person after the call.
    pub(crate) fn carries(&self, question: &Question) -> bool {
        let way = if question.page.is_none() { &self.forms } else { &self.pages };
        matches!(way, Way::BetweenCalls(_))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Accept,
    Decline,
    Dismiss,
    NotShown,
}

impl Reply {
    /// An answer that comes sooner than anybody can read counts as not shown: never as a yes, and not as a no either.
    pub(crate) fn after(self, elapsed: Duration, least_reading: Duration) -> Self {
        if elapsed < least_reading { Reply::NotShown } else { self }
    }
}
