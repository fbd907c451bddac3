//! The last answer to a question, for those who may take one that is a little old.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::endpoint::Endpoint;
use super::reply::Reply;

/// One answer, and the sign-in that it was given to.
#[derive(Default)]
pub(super) struct Recent(Mutex<Option<Kept>>);

struct Kept {
    endpoint: &'static Endpoint,
    login: Option<String>,
    at: Instant,
    reply: Reply,
}

impl Recent {
    pub(super) fn keep(&self, endpoint: &'static Endpoint, login: Option<String>, reply: &Reply) {
        let kept = Kept { endpoint, login, at: Instant::now(), reply: reply.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The answer, if it is of this sign-in and not older.
    pub(super) fn get(
        &self,
        endpoint: &'static Endpoint,
        login: Option<&String>,
        age: Duration,
    ) -> Option<Reply> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &&Kept| {
            std::ptr::eq(kept.endpoint, endpoint) && kept.login.as_ref() == login && kept.at.elapsed() < age
        };
        kept.as_ref().filter(fits).map(|kept| kept.reply.clone())
    }
}
