//! How a person can be reached: by a question that the client asks, or by the address of a page that it shows.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::trade::approval::approved::Reply;

/// How a person can be reached during this call.
#[derive(Clone, Default)]
pub(crate) struct Prompter {
    /// How the client asks questions.
    pub(crate) forms: Forms,
    /// How the client shows addresses.
    pub(crate) addresses: Addresses,
    /// Whether the client was given the page's address at the end of the last call, and says that it did not show it.
    pub(crate) not_shown: bool,
}

/// How a client asks its person a question.
#[derive(Clone, Default)]
pub(crate) enum Forms {
    #[default]
    None,
    /// It asks while the call waits (protocols up to 2025).
    InCall(Arc<dyn Fn(String) -> BoxFuture<'static, Reply> + Send + Sync>),
    /// It asks after the call and then calls again (protocols since 2026): what the person answered, on such a call.
    BetweenCalls(Option<Reply>),
}

/// How a client shows its person the address of a page. That it did approves nothing.
#[derive(Clone, Default)]
pub(crate) enum Addresses {
    #[default]
    None,
    /// It shows them while the call waits, and says whether it did (protocols up to 2025).
    InCall(Arc<dyn Fn(Notice) -> BoxFuture<'static, bool> + Send + Sync>),
    /// It shows them after the call and then calls again (protocols since 2026).
    BetweenCalls,
}

/// The address of the page where a person decides.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    /// Our id of the order, which tells one address from others.
    pub(crate) id: String,
    /// What stands beside it.
    pub(crate) text: String,
    pub(crate) address: SecretString,
}

/// What the client has to put before the person after a call.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// A text to say yes or no to.
    Form(String),
    /// A page to decide on.
    Page(Notice),
}

impl Prompter {
    /// Whether the client of this call can put the question before the person after the call.
    pub(crate) fn carries(&self, question: &Question) -> bool {
        match question {
            Question::Form(_) => matches!(self.forms, Forms::BetweenCalls(_)),
            Question::Page(_) => matches!(self.addresses, Addresses::BetweenCalls),
        }
    }
}
