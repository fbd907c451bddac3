//! How a person can be reached: by a question that the client asks, or by the address of a page.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::trade::approval::approved::Reply;

/// How a person can be reached during this call.
#[derive(Clone, Default)]
pub(crate) struct Channel {
    /// How the client asks questions.
    pub(crate) forms: Forms,
    /// How the client shows addresses.
    pub(crate) addresses: Addresses,
    /// The client was given the page's address in the last call, and did not show it (2026).
    pub(crate) not_shown: bool,
}

/// How a client asks its person a question.
#[derive(Clone, Default)]
pub(crate) enum Forms {
    /// It cannot.
    #[default]
    None,
    /// It asks and answers on the same connection (protocols up to 2025).
    Ask(Asker),
    /// It asks and then calls again (2026): what the person answered, on such a second call.
    Rounds(Option<Reply>),
}

/// How a client shows its person the address of a page. Whatever it says to that approves nothing.
#[derive(Clone, Default)]
pub(crate) enum Addresses {
    /// It cannot.
    #[default]
    None,
    /// On the same connection (protocols up to 2025).
    Show(Shower),
    /// As the end of a call, after which it calls again (2026).
    Rounds,
}

/// Puts a question to the person and waits for the answer.
pub(crate) type Asker = Arc<dyn Fn(String) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Has the client show the address of a page; whether it did.
pub(crate) type Shower = Arc<dyn Fn(Notice) -> BoxFuture<'static, bool> + Send + Sync>;

/// The address of the page that decides, for a client that shows it.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    /// Tells it from others.
    pub(crate) id: String,
    /// What stands beside it.
    pub(crate) text: String,
    /// Where the page is.
    pub(crate) address: SecretString,
}

/// What the client has to put before the person.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// A text to say yes or no to.
    Form(String),
    /// A page to decide on.
    Page(Notice),
}
