//! Sign-ins under way: from the first page to the redeemed code.

use std::collections::HashMap;

use jiff::Timestamp;

use super::random_text;

/// A page may be looked at, and a code redeemed, for ten minutes.
const LIFETIME_SECONDS: i64 = 600;

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// What was asked for, later what was granted.
    pub(crate) scopes: Vec<String>,
    pub(crate) state: Option<String>,
    /// The PKCE challenge; only a client with a secret may do without.
    pub(crate) challenge: Option<String>,
}

/// A code that was given out. It stays known after its use, so that a second use can be noticed.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) request: Request,
    expires: i64,
    used: bool,
    pub(crate) family: Option<usize>,
}

pub(crate) enum Redeemed {
    Fresh(Request),
    /// A second use: the tokens of the first must end.
    Reused(Option<usize>),
    Unknown,
}

/// All sign-ins under way.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    pending: HashMap<String, (Request, i64)>,
    codes: HashMap<String, Code>,
}

impl SignIns {
    /// Remembers a request under an id that nobody can guess.
    pub(crate) fn begin(&mut self, request: Request, now: Timestamp) -> String {
        let id = random_text(43);
        self.pending.retain(|_, (_, expires)| now.as_second() < *expires);
        self.pending.insert(id.clone(), (request, now.as_second() + LIFETIME_SECONDS));
        id
    }

    /// The request of an id, for the next page.
    pub(crate) fn look(&self, id: &str, now: Timestamp) -> Option<&Request> {
        self.pending.get(id).filter(|(_, expires)| now.as_second() < *expires).map(|(request, _)| request)
    }

    /// The request of an id, for the decision: this ends it.
    pub(crate) fn finish(&mut self, id: &str, now: Timestamp) -> Option<Request> {
        self.pending.remove(id).filter(|(_, expires)| now.as_second() < *expires).map(|(request, _)| request)
    }

    /// Gives out a code for a request that was allowed.
    pub(crate) fn grant(&mut self, request: Request, now: Timestamp) -> String {
        let code = random_text(43);
        let expires = now.as_second() + LIFETIME_SECONDS;
        self.codes.insert(code.clone(), Code { request, expires, used: false, family: None });
        code
    }

    /// Presents a code. It counts as used even if the rest of the exchange is refused: a code that turned up with
    /// the wrong verifier is in the wrong hands.
    pub(crate) fn redeem(&mut self, code: &str, now: Timestamp) -> Redeemed {
        match self.codes.get_mut(code) {
            Some(code) if code.used => Redeemed::Reused(code.family),
            Some(code) if now.as_second() < code.expires => {
                code.used = true;
                Redeemed::Fresh(code.request.clone())
            }
            _ => Redeemed::Unknown,
        }
    }

    pub(crate) fn redeemed_into(&mut self, code: &str, family: usize) {
        if let Some(code) = self.codes.get_mut(code) {
            code.family = Some(family);
        }
    }
}
