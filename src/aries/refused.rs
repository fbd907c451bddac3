//! Which calls Aries answered with 403 in this process, so that where there is another way it is taken at once.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::endpoint::Endpoint;
use crate::auth::scope::Scopes;
use crate::error::Error;

/// How long a refusal counts: Aries may give the right meanwhile.
const COUNTS: Duration = Duration::from_secs(600);

#[derive(Default)]
pub(super) struct Refusals(Mutex<Vec<Refusal>>);

struct Refusal {
    endpoint: &'static Endpoint,
    /// What was granted then: another sign-in may have the right.
    granted: Option<Scopes>,
    at: Instant,
    error: Error,
}

impl Refusals {
    /// The error with which a call was refused a short while ago, under the same sign-in.
    pub(super) fn of(&self, endpoint: &Endpoint, granted: Option<&Scopes>) -> Option<Error> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |refusal: &&Refusal| {
            std::ptr::eq(refusal.endpoint, endpoint)
                && refusal.granted.as_ref() == granted
                && refusal.at.elapsed() < COUNTS
        };
        known.iter().find(counts).map(|refusal| refusal.error.clone())
    }

    pub(super) fn note(&self, endpoint: &'static Endpoint, granted: Option<Scopes>, error: Error) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| !std::ptr::eq(known.endpoint, endpoint));
        known.push(Refusal { endpoint, granted, at: Instant::now(), error });
    }
}
