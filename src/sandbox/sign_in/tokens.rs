//! The book of tokens: what was given out, what it allows, what became of it.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::random_text;
use crate::sandbox::Options;

/// All tokens of one consent. Revoking the family kills every token that descends from it.
#[derive(Debug)]
struct Family {
    scopes: Vec<String>,
    revoked: bool,
}

#[derive(Debug)]
struct Token {
    family: usize,
    expires: i64,
    /// A refresh token that was exchanged for its successor.
    spent: bool,
}

pub(crate) struct Pair {
    pub(crate) access: String,
    /// The refresh token; empty if none is given out.
    pub(crate) refresh: String,
    /// Names the family, so that a reused code can revoke it.
    pub(crate) family: usize,
    pub(crate) scopes: Vec<String>,
}

/// Every token ever given out by this process, and two counters for tests.
#[derive(Debug, Default)]
pub(crate) struct TokenBook {
    families: Vec<Family>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Token>,
    pub(crate) refreshes: u64,
    /// Times a spent refresh token or code was presented again.
    pub(crate) reuses: u64,
}

impl TokenBook {
    /// Begins a family with these scopes and gives out its first pair.
    pub(crate) fn issue(&mut self, scopes: Vec<String>, options: &Options, now: Timestamp) -> Pair {
        let family = self.families.len();
        self.families.push(Family { scopes, revoked: false });
        let access = self.new_access(family, options, now);
        let refresh = self.new_refresh(family, options, now);
        self.pair(access, refresh, family)
    }

    /// Exchanges a refresh token; the error says why it is no longer good.
    ///
    /// A spent one presented again means that two parties hold the same token, so the whole family ends.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        options: &Options,
        now: Timestamp,
    ) -> Result<Pair, &'static str> {
        let found = self.refresh.get_mut(token).ok_or("the refresh token is unknown")?;
        let family = found.family;
        if found.spent {
            self.reuses += 1;
            self.revoke(family);
            return Err("the refresh token was used before; every token of this sign-in is revoked");
        }
        if found.expires <= now.as_second() {
            return Err("the refresh token has expired");
        }
        if self.families.get(family).is_none_or(|family| family.revoked) {
            return Err("the sign-in was revoked");
        }
        found.spent = options.rotate;
        self.refreshes += 1;
        let access = self.new_access(family, options, now);
        let refresh = if options.rotate { self.new_refresh(family, options, now) } else { String::new() };
        Ok(self.pair(access, refresh, family))
    }

    pub(crate) fn revoke(&mut self, family: usize) {
        if let Some(family) = self.families.get_mut(family) {
            family.revoked = true;
        }
    }

    /// The scopes of an access token that is still good.
    pub(crate) fn scopes(&self, access: &str, now: Timestamp) -> Option<&[String]> {
        let token = self.access.get(access).filter(|token| now.as_second() < token.expires)?;
        let family = self.families.get(token.family)?;
        (!family.revoked).then_some(family.scopes.as_slice())
    }

    fn pair(&self, access: String, refresh: String, family: usize) -> Pair {
        let scopes = self.families.get(family).map(|family| family.scopes.clone()).unwrap_or_default();
        Pair { access, refresh, family, scopes }
    }

    fn new_access(&mut self, family: usize, options: &Options, now: Timestamp) -> String {
        add(&mut self.access, family, options, after(now, options.access_ttl))
    }

    fn new_refresh(&mut self, family: usize, options: &Options, now: Timestamp) -> String {
        add(&mut self.refresh, family, options, after(now, options.refresh_ttl))
    }
}

fn add(tokens: &mut HashMap<String, Token>, family: usize, options: &Options, expires: i64) -> String {
    let text = random_text(options.token_length);
    tokens.insert(text.clone(), Token { family, expires, spent: false });
    text
}

fn after(now: Timestamp, ttl: Duration) -> i64 {
    now.as_second().saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_refresh_rotates_and_a_reuse_ends_the_family() {
        let (mut book, options) = (TokenBook::default(), Options::default());
        let first = book.issue(vec!["order:information".into()], &options, at(0));
        let second = book.refresh(&first.refresh, &options, at(10)).ok().unwrap();
        assert_ne!(first.refresh, second.refresh);
        assert!(book.scopes(&first.access, at(20)).is_some(), "the old access token lives until it expires");
        assert!(book.refresh(&first.refresh, &options, at(30)).is_err());
        assert!(book.scopes(&second.access, at(40)).is_none());
        assert!(book.refresh(&second.refresh, &options, at(40)).is_err());
        assert_eq!((book.refreshes, book.reuses), (1, 1));
    }

    #[test]
    fn without_rotation_the_old_token_stays() {
        let (mut book, options) = (TokenBook::default(), Options { rotate: false, ..Options::default() });
        let first = book.issue(vec![], &options, at(0));
        for second in 1..4 {
            assert!(book.refresh(&first.refresh, &options, at(second)).ok().unwrap().refresh.is_empty());
        }
    }

    #[test]
    fn tokens_expire() {
        let (mut book, options) = (TokenBook::default(), Options::default());
        let pair = book.issue(vec![], &options, at(0));
        assert!(book.scopes(&pair.access, at(3599)).is_some());
        assert!(book.scopes(&pair.access, at(3600)).is_none());
        assert!(book.refresh(&pair.refresh, &options, at(30 * 24 * 3600)).is_err());
    }
}
