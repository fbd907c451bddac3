//! What a kind of socket has to say for itself, and what its listeners hear.

use std::borrow::Cow;

use crate::aries::Aries;
use crate::aries::endpoint::Endpoint;
use crate::aries::json::Object;
use crate::error::{Error, Result};
use crate::timing::Sockets;

/// What one socket is about. A subscription is named by a text: a symbol, or an account.
pub(crate) trait About: Send + Sync + Sized + 'static {
    /// What is known of one subscription.
    type State: Clone + Default + Send + Sync;
    /// One piece of news.
    type News: Clone + Send + Sync;
    /// What REST answers about one subscription.
    type Polled: Send;

    fn endpoint() -> &'static Endpoint;

    /// The payload that subscribes; `None` for what comes unasked.
    fn subscribe(key: &str) -> Option<serde_json::Value>;

    fn unsubscribe(key: &str) -> Option<serde_json::Value>;

    /// The name that a message gives itself, where it needs no looking for; it may be none of the subscriptions.
    fn name<'p>(_: &Object<'p>) -> Option<Cow<'p, str>> {
        None
    }

    /// Names the subscription that a message is for.
    fn key(id: Option<&str>, payload: &Object<'_>, known: &[&str]) -> Option<String>;

    /// Merges a message into what is known; `None` if it is not understood.
    fn merge(state: &mut Self::State, payload: &Object<'_>) -> Option<Vec<Self::News>>;

    /// Whether a message that could not be merged tells of something that REST knows: it is asked about everything then.
    fn is_of_note(_: &Object<'_>) -> bool {
        false
    }

    /// Whether REST is asked at once about what nothing is known of, also while the socket is up.
    const ASKS_AT_ONCE: bool = false;

    /// Whether news tells all there is on a session, so that REST is not asked any more.
    fn is_all(_: &[Self::News]) -> bool {
        true
    }

    /// Merges an answer of REST.
    fn merge_polled(state: &mut Self::State, polled: Self::Polled) -> Vec<Self::News>;

    /// Asks REST about subscriptions, each of which gets an answer.
    fn poll(
        aries: &Aries,
        keys: &[String],
    ) -> impl Future<Output = Vec<(String, Result<Self::Polled>)>> + Send;

    /// The pause between two questions to REST about so many subscriptions.
    fn pause(timing: &Sockets, subscriptions: usize) -> std::time::Duration;
}

/// What a listener hears.
#[derive(Debug, Clone)]
pub(crate) enum Word<N> {
    News(N),
    /// REST has no answer.
    Problem(Error),
    /// Words were missed: the state has what they amount to.
    Missed,
}

/// How the socket stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    Closed,
    Opening,
    Up,
    /// It cannot be had for now, and why.
    Down(String),
    /// Aries does not open it to this sign-in, and why.
    Refused(String),
}

impl Link {
    /// Why it cannot be had, if that is so.
    pub(crate) fn trouble(&self) -> Option<&str> {
        match self {
            Self::Down(why) | Self::Refused(why) => Some(why),
            Self::Closed | Self::Opening | Self::Up => None,
        }
    }
}
