//! Aries moves calls to newer paths. Which of two this Aries has is learned from the first answer, for the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::endpoint::Endpoint;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    Newer,
    Older,
}

/// Which of two paths was the first to answer, by the newer one.
#[derive(Debug, Default)]
pub(super) struct Generations(Mutex<BTreeMap<&'static str, Generation>>);

impl Generations {
    pub(super) fn first_to_answer(&self, newer: &Endpoint) -> Option<Generation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(newer.path).copied()
    }

    /// Later answers change nothing: a newer path that answers exists, and its 404 is about what was asked for.
    pub(super) fn answered(&self, newer: &Endpoint, generation: Generation) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(newer.path).or_insert(generation);
    }
}
