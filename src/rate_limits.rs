//! How often Aries may be asked (`api-reference`, rate limits): a budget for each documented category, which all calls
//! of a process share. What other processes use up is learned from a 429, which holds its whole category.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, Kind, Result};

/// What Aries counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    Authentication,
    Users,
    /// Orders, and what is read of an account: the documentation leaves open whether those reads count, too.
    Trading,
    MarketData,
}

impl Category {
    /// The category of a path; none for the sign-in page and for sockets, which are not counted.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let begins = |beginning: &str| path.starts_with(beginning);
        match () {
            () if begins("/oauth2/") || path.ends_with("/ws") => None,
            () if begins("/v1/oauth2/") => Some(Self::Authentication),
            () if path.contains("/users/") || path.contains("/watchlist") => Some(Self::Users),
            () if path.contains("/accounts/") || begins("/v1/orders") => Some(Self::Trading),
            () => Some(Self::MarketData),
        }
    }

    pub(crate) fn per_minute(self) -> usize {
        match self {
            Self::Authentication => 10,
            Self::Users => 100,
            Self::Trading => 50,
            Self::MarketData => 1000,
        }
    }

    /// The calls a minute that only those of this urgency may make.
    fn reserve(self, urgency: Urgency) -> usize {
        match (self, urgency) {
            (Self::Trading, Urgency::Cancel) => 10,
            // Two looks at both lists.
            (Self::Trading, Urgency::Doubt) => 4,
            _ => 0,
        }
    }

    /// The calls a minute that any may make.
    fn usual(self) -> usize {
        self.per_minute() - self.reserve(Urgency::Cancel) - self.reserve(Urgency::Doubt)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Authentication => "sign-in",
            Self::Users => "user",
            Self::Trading => "trading",
            Self::MarketData => "market data",
        }
    }
}

/// All but the usual ones are sent in spite of a 429: at worst Aries says no to them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    Usual,
    /// What is read around a cancel, which has a reserve of its own.
    Cancel,
    /// Looking for an order that may be at Aries; likewise.
    Doubt,
    /// A cancel itself waits for nothing, however many calls this program has counted.
    AtOnce,
}

/// How many of the calls of this minute are left for what can do without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Plenty,
    Few,
    HardlyAny,
}

/// The budgets of a process; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct RateLimits {
    /// How long a request counts; zero keeps no limits.
    minute: Duration,
    used: Arc<Mutex<Used>>,
}

#[derive(Debug, Default)]
struct Used {
    /// When the requests of the last minute were sent, and those that wait will be.
    sent: BTreeMap<Category, VecDeque<Instant>>,
    of_reserve: BTreeMap<(Category, Urgency), VecDeque<Instant>>,
    held_until: BTreeMap<Category, Instant>,
}

/// A request that waits for its place; one that is given up leaves it to the next.
struct Waiting<'l> {
    limits: &'l RateLimits,
    place: Option<Instant>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.limits.used().give_back(place);
        }
    }
}

impl RateLimits {
    /// Counts each request for so long.
    pub(crate) fn within(minute: Duration) -> Self {
        Self { minute, used: Arc::default() }
    }

    /// Waits until a request may be sent. Fails at once, with the seconds that it would take, if that is later than
    /// `latest`.
    pub(crate) async fn turn(&self, category: Category, urgency: Urgency, latest: Instant) -> Result<()> {
        if self.minute.is_zero() {
            return Ok(());
        }
        loop {
            let now = Instant::now();
            let place = self.used().take(category, urgency, self.minute, now, latest);
            let place = place.map_err(|wait| reached(category, wait))?;
            if place <= now {
                return Ok(());
            }
            tracing::debug!("waiting {} ms for Aries' {} limit", (place - now).as_millis(), category.name());
            let mut waiting = Waiting { limits: self, place: Some(place) };
            tokio::time::sleep_until(place).await;
            waiting.place = None;
            // A 429 that came meanwhile counts for this request, too.
            if self.used().held(category, urgency) <= Some(Instant::now()) {
                return Ok(());
            }
        }
    }

    /// Waits until so many calls may be sent one after the other, and takes none of them. Fails at once, with the seconds
    /// that it would take, if that is later than `latest`.
    pub(crate) async fn room(&self, category: Category, calls: usize, latest: Instant) -> Result<()> {
        if self.minute.is_zero() {
            return Ok(());
        }
        let now = Instant::now();
        let from = self.used().room(category, calls, self.minute, now);
        if from > latest {
            return Err(reached(category, from - now));
        }
        tokio::time::sleep_until(from).await;
        Ok(())
    }

    /// Says how many calls are left; those that have a reserve always have a few.
    pub(crate) fn left(&self, category: Category, urgency: Urgency) -> Left {
        if self.minute.is_zero() {
            return Left::Plenty;
        }
        let sent = self.used().sent_within(category, self.minute, Instant::now());
        match category.usual() {
            usual if sent <= usual / 4 => Left::Plenty,
            usual if sent <= usual * 2 / 3 || urgency != Urgency::Usual => Left::Few,
            _ => Left::HardlyAny,
        }
    }

    /// Holds a category after a 429 for as long as Aries asks, else until the minute is over; returns how long that is.
    pub(crate) fn hold(&self, category: Category, asked: Option<Duration>) -> Duration {
        self.used().hold(category, asked, self.minute, Instant::now())
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Used {
    /// Takes the next place in the budget and returns its time. Takes none if it is later than `latest`, and fails with
    /// how long it would take.
    fn take(
        &mut self,
        category: Category,
        urgency: Urgency,
        minute: Duration,
        now: Instant,
        latest: Instant,
    ) -> std::result::Result<Instant, Duration> {
        let held = self.held(category, urgency);
        let usual = next_free(self.sent.entry(category).or_default(), category.usual(), minute, now);
        let (mut place, mut places) = (usual, self.sent.entry(category).or_default());
        // The reserve is used first: so what is usual loses as little as possible by it.
        let owner = if urgency == Urgency::AtOnce { Urgency::Cancel } else { urgency };
        let reserve = category.reserve(owner);
        if reserve > 0 {
            let of_reserve = self.of_reserve.entry((category, owner)).or_default();
            let reserved = next_free(of_reserve, reserve, minute, now);
            if reserved <= place {
                (place, places) = (reserved, of_reserve);
            }
        }
        if urgency == Urgency::AtOnce {
            place = now;
        }
        let place = held.map_or(place, |held| held.max(place));
        if place > latest && urgency != Urgency::AtOnce {
            return Err(place - now);
        }
        let at = places.partition_point(|other| *other <= place);
        places.insert(at, place);
        Ok(place)
    }

    /// When so many calls may begin to follow one another.
    fn room(&mut self, category: Category, calls: usize, minute: Duration, now: Instant) -> Instant {
        let held = self.held(category, Urgency::Usual);
        let sent = self.sent.entry(category).or_default();
        let from = next_free(sent, (category.usual() + 1).saturating_sub(calls), minute, now);
        held.map_or(from, |held| held.max(from))
    }

    /// Gives back a place that is not used.
    fn give_back(&mut self, place: Instant) {
        for places in self.sent.values_mut().chain(self.of_reserve.values_mut()) {
            if let Some(at) = places.iter().position(|taken| *taken == place) {
                places.remove(at);
                return;
            }
        }
    }

    fn sent_within(&mut self, category: Category, minute: Duration, now: Instant) -> usize {
        let sent = self.sent.entry(category).or_default();
        next_free(sent, category.usual(), minute, now);
        sent.len()
    }

    fn hold(
        &mut self,
        category: Category,
        asked: Option<Duration>,
        minute: Duration,
        now: Instant,
    ) -> Duration {
        let first = self.sent.get(&category).and_then(VecDeque::front).copied();
        let begun = first.map_or(now, |first| first.min(now));
        let rest = asked.unwrap_or_else(|| (begun + minute).saturating_duration_since(now));
        let end = self.held_until.entry(category).or_insert(now);
        *end = (*end).max(now + rest);
        rest
    }

    fn held(&self, category: Category, urgency: Urgency) -> Option<Instant> {
        self.held_until.get(&category).copied().filter(|_| urgency == Urgency::Usual)
    }
}

/// When the next request may be sent, so that no minute has more than `most`.
fn next_free(sent: &mut VecDeque<Instant>, most: usize, minute: Duration, now: Instant) -> Instant {
    while sent.front().is_some_and(|first| *first + minute <= now) {
        sent.pop_front();
    }
    let before = sent.len().checked_sub(most).and_then(|at| sent.get(at));
    before.map_or(now, |before| *before + minute)
}

fn reached(category: Category, wait: Duration) -> Error {
    let (most, name) = (category.per_minute(), category.name());
    Error::new(
        Kind::RateLimited,
        format!("Aries takes {most} {name} calls a minute, and those of this minute are used up"),
        format!("wait {} s, then ask again", wait.as_secs() + 1),
    )
}

#[cfg(test)]
mod tests;
