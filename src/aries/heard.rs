//! What Aries has said of each account in this process, whoever asked. Of one that it calls different things nobody knows
//! what it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::environment::Money;

/// Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<HashMap<String, Vec<Said>>>>);

/// What one answer says of an account. What is left out says nothing.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) money: Money,
    pub(crate) kind: Option<String>,
    pub(crate) class: Option<String>,
}

impl Heard {
    pub(crate) fn note(&self, account: &str, said: Said) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.entry(account.to_owned()).or_default();
        if !known.iter().any(|known| known.is_alike(&said)) {
            known.push(said);
        }
    }

    /// Whether Aries has called the account different things.
    pub(crate) fn wavers(&self, account: &str) -> bool {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get(account).is_some_and(|said| said.len() > 1)
    }
}

impl Said {
    fn is_alike(&self, other: &Self) -> bool {
        let word = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        self.money == other.money && word(&self.kind, &other.kind) && word(&self.class, &other.class)
    }
}
