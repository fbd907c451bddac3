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
            tokio::time::sleep_until(place).await;
            // A 429 that came meanwhile counts for this request, too.
            if self.used().held(category, urgency) <= Some(Instant::now()) {
                return Ok(());
            }
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
        if urgency == Urgency::AtOnce {
            let sent = self.sent.entry(category).or_default();
            let at = sent.partition_point(|other| *other <= now);
            sent.insert(at, now);
            return Ok(now);
        }
        let held = self.held(category, urgency);
        let (usual, reserve) = (category.usual(), category.reserve(urgency));
        let sent = self.sent.entry(category).or_default();
        let mut place = next_free(sent, usual, minute, now);
        let mut places = sent;
        if place > now && reserve > 0 {
            let of_reserve = self.of_reserve.entry((category, urgency)).or_default();
            let reserved = next_free(of_reserve, reserve, minute, now);
            if reserved < place {
                (place, places) = (reserved, of_reserve);
            }
        }
        let place = held.map_or(place, |held| held.max(place));
        if place > latest {
            return Err(place - now);
        }
        let at = places.partition_point(|other| *other <= place);
        places.insert(at, place);
        Ok(place)
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
        match category {
            Category::Trading => format!("wait {} s, then ask again; nothing was sent", wait.as_secs() + 1),
            _ => format!("wait {} s, then ask again", wait.as_secs() + 1),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Duration = Duration::from_secs(61);

    proptest! {
        #[test]
        fn no_sixty_seconds_have_more_calls_than_documented(
            calls in prop::collection::vec((0u64..3_000, 0usize..8), 1..300),
        ) {
            let (mut used, mut now) = (Used::default(), Instant::now());
            let (mut all, mut usual) = (Vec::new(), Vec::new());
            for (pause, which) in calls {
                now += Duration::from_millis(pause);
                let urgency = *[Urgency::Cancel, Urgency::Doubt].get(which).unwrap_or(&Urgency::Usual);
                let latest = now + Duration::from_secs(600);
                let Ok(place) = used.take(Category::Trading, urgency, MINUTE, now, latest) else { continue };
                prop_assert!(place >= now);
                all.push(place);
                usual.extend((urgency == Urgency::Usual).then_some(place));
            }
            let most_at_once = |places: &mut Vec<Instant>| {
                places.sort();
                let window = |first: &Instant| {
                    places.iter().filter(|at| **at >= *first && **at - *first < Duration::from_secs(60)).count()
                };
                places.iter().map(window).max().unwrap_or_default()
            };
            prop_assert!(most_at_once(&mut all) <= 50);
            prop_assert!(most_at_once(&mut usual) <= 36);
        }
    }

    #[test]
    fn calls_below_the_limit_wait_for_nothing() {
        let (mut used, now) = (Used::default(), Instant::now());
        for _ in 0..1000 {
            assert_eq!(used.take(Category::MarketData, Urgency::Usual, MINUTE, now, now), Ok(now));
        }
        assert_eq!(used.take(Category::MarketData, Urgency::Usual, MINUTE, now, now), Err(MINUTE));
    }

    /// The wait for the next place at a moment, for a call that waits 20 s at most.
    fn wait(used: &mut Used, category: Category, urgency: Urgency, now: Instant) -> Result<u64> {
        let place = used.take(category, urgency, MINUTE, now, now + Duration::from_secs(20));
        place.map(|place| (place - now).as_secs()).map_err(|wait| reached(category, wait))
    }

    #[test]
    fn a_call_that_cannot_wait_so_long_hears_at_once_how_long_it_would_take() {
        let (mut used, now) = (Used::default(), Instant::now());
        for _ in 0..36 {
            assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, now), Ok(0));
        }
        let error = wait(&mut used, Category::Trading, Urgency::Usual, now).unwrap_err();
        assert_eq!(
            (error.kind, &*error.hint),
            (Kind::RateLimited, "wait 62 s, then ask again; nothing was sent")
        );
        // A cancel and the look for an order in doubt go out of their reserves, and other categories have their own limits.
        for (urgency, reserve) in [(Urgency::Doubt, 4), (Urgency::Cancel, 10)] {
            for _ in 0..reserve {
                assert_eq!(wait(&mut used, Category::Trading, urgency, now), Ok(0), "{urgency:?}");
            }
            assert!(wait(&mut used, Category::Trading, urgency, now).is_err(), "{urgency:?}");
        }
        assert_eq!(wait(&mut used, Category::Trading, Urgency::AtOnce, now), Ok(0));
        assert_eq!(wait(&mut used, Category::Users, Urgency::Usual, now), Ok(0));
        let later = now + Duration::from_secs(50);
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, later), Ok(11));
    }

    #[test]
    fn a_429_holds_its_category_and_no_cancel() {
        let (mut used, now) = (Used::default(), Instant::now());
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, now), Ok(0));
        let now = now + Duration::from_secs(30);
        // What Aries does not say is the rest of the minute that began with the first call.
        let (rest, asked) = (Duration::from_secs(31), Duration::from_secs(7));
        assert_eq!(used.hold(Category::Trading, None, MINUTE, now), rest);
        assert!(wait(&mut used, Category::Trading, Urgency::Usual, now).is_err());
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Cancel, now), Ok(0));
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Doubt, now), Ok(0));
        assert_eq!(used.hold(Category::MarketData, Some(asked), MINUTE, now), asked);
        assert_eq!(wait(&mut used, Category::MarketData, Urgency::Usual, now), Ok(7));
    }

    #[tokio::test]
    async fn a_call_that_waits_heeds_a_429_that_comes_meanwhile() {
        let (limits, millis) = (RateLimits::within(MINUTE), Duration::from_millis);
        limits.hold(Category::Users, Some(millis(50)));
        let begun = Instant::now();
        let waiting = limits.turn(Category::Users, Urgency::Usual, begun + Duration::from_secs(20));
        let later = async { limits.hold(Category::Users, Some(millis(150))) };
        let (waited, _) = tokio::join!(waiting, later);
        waited.unwrap();
        assert!(begun.elapsed() >= millis(150));
    }

    #[test]
    fn each_path_has_its_category() {
        for (path, category) in [
            ("/v1/oauth2/token", Some(Category::Authentication)),
            ("/v2/users/me/accounts", Some(Category::Users)),
            ("/v1/config/watchlist", Some(Category::Users)),
            ("/v2/accounts/{id}/orders", Some(Category::Trading)),
            ("/v1/orders/preview", Some(Category::Trading)),
            ("/v1/chart/quotes", Some(Category::MarketData)),
            ("/v1/market/ws", None),
            ("/oauth2/authorize", None),
        ] {
            assert_eq!(Category::of(path), category, "{path}");
        }
    }
}
