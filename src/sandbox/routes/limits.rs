//! The documented rate limits, counted over the last 60 seconds.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

/// The category that a request counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Rate {
    /// Token calls: 10 a minute.
    Auth,
    /// User management: 100 a minute.
    User,
    /// Orders; we count account reads too, which the documentation leaves open: 50 a minute.
    Trading,
    /// Everything that is data: 1,000 a minute.
    Market,
    /// Sign-in pages and `/sandbox/`: not counted.
    Free,
}

impl Rate {
    pub(crate) fn of(path: &str) -> Self {
        let begins = |beginning: &str| path.starts_with(beginning);
        match () {
            () if begins("/sandbox/") || begins("/oauth2/") || path.ends_with("/ws") => Rate::Free,
            () if begins("/v1/oauth2/") => Rate::Auth,
            () if begins("/v1/users/") || begins("/v2/users/") || path.contains("/watchlist") => Rate::User,
            () if begins("/v1/accounts/") || begins("/v2/accounts/") || begins("/v1/orders") => Rate::Trading,
            () => Rate::Market,
        }
    }

    fn per_minute(self) -> usize {
        match self {
            Rate::Auth => 10,
            Rate::User => 100,
            Rate::Trading => 50,
            Rate::Market => 1000,
            Rate::Free => usize::MAX,
        }
    }
}

/// When the last requests of each category came, as Unix seconds.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    recent: HashMap<Rate, VecDeque<i64>>,
}

impl Limits {
    /// Counts one request; if it is one too many, the seconds until there is room again.
    pub(crate) fn count(&mut self, rate: Rate, now: Timestamp) -> Result<(), i64> {
        if rate == Rate::Free {
            return Ok(());
        }
        let now = now.as_second();
        let recent = self.recent.entry(rate).or_default();
        while recent.front().is_some_and(|first| first + 60 <= now) {
            recent.pop_front();
        }
        match recent.front() {
            Some(first) if recent.len() >= rate.per_minute() => Err(first + 60 - now),
            _ => {
                recent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_token_call_of_a_minute_waits() {
        let mut limits = Limits::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        for second in 0..10 {
            assert_eq!(limits.count(Rate::Auth, at(second)), Ok(()));
        }
        assert_eq!(limits.count(Rate::Auth, at(10)), Err(50));
        assert_eq!(limits.count(Rate::Trading, at(10)), Ok(()));
        assert_eq!(limits.count(Rate::Auth, at(60)), Ok(()));
    }
}
