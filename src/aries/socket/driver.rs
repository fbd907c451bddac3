//! What runs while somebody listens: sessions one after the other, and REST as long as there is none.

use std::time::Duration;

use tokio::time::Instant;

use super::about::{About, Link};
use super::feed::{Feed, Subscription};
use super::session::{self, End};
use crate::aries::Aries;
use crate::auth::scope::Scopes;
use crate::os::random;
use crate::timing::Sockets;

/// How long the end of a process waits for its sockets to be closed.
const LAST_WORDS: Duration = Duration::from_millis(50);

/// One socket of the process. Cheap to clone; clones share it.
pub(crate) struct Live<T: About> {
    aries: Aries,
    timing: Sockets,
    feed: Feed<T>,
}

impl<T: About> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self { aries: self.aries.clone(), timing: self.timing, feed: self.feed.clone() }
    }
}

impl<T: About> Live<T> {
    pub(super) fn new(aries: Aries, timing: Sockets, unasked: &[&str]) -> Self {
        Self { aries, timing, feed: Feed::new(unasked) }
    }

    /// Begins to listen, and opens the socket if nobody has.
    pub(crate) fn listen(&self, key: &str) -> Subscription<T> {
        let (subscription, is_first) = self.feed.join(key);
        if is_first {
            let live = self.clone();
            tokio::spawn(async move { live.drive().await });
        }
        subscription
    }

    /// Listens, if the socket is open anyway.
    pub(crate) fn listen_if_open(&self, key: &str) -> Option<Subscription<T>> {
        (self.feed.link() == Link::Up).then(|| self.listen(key))
    }

    pub(super) async fn close(&self) {
        let mut changes = self.feed.changes();
        self.feed.begin_closing();
        let closed = async { while self.feed.is_driven() && changes.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(LAST_WORDS, closed).await;
    }

    async fn drive(&self) {
        loop {
            tokio::select! {
                () = self.connect() => {}
                () = self.poll() => {}
            }
            if self.feed.retire() {
                return;
            }
        }
    }

    /// Opens sessions until nobody listens.
    async fn connect(&self) {
        let mut losses = 0;
        let mut renewed = false;
        loop {
            if self.is_forbidden() {
                let scopes = T::endpoint().scope_words();
                self.feed.set_link(Link::Refused(format!("the sign-in lacks {scopes}")));
                if self.is_idle_within(self.timing.longest_pause).await {
                    return;
                }
                continue;
            }
            self.feed.set_link(Link::Opening);
            let begun = Instant::now();
            let (link, pause) = match session::run(&self.aries, &self.timing, &self.feed).await {
                End::Idle => return,
                End::Lost { why, was_up } => {
                    // One that ends as soon as it is up is no better than none.
                    let has_lasted = was_up && begun.elapsed() >= self.timing.first_pause * 3;
                    losses = if has_lasted { 1 } else { losses + 1 };
                    renewed &= !was_up;
                    (Link::Down(why), self.pause(losses))
                }
                // The token may have ended early: once, another one is tried.
                End::Refused { token: Some(token), .. } if !renewed => {
                    renewed = true;
                    match self.aries.session().renew(&token).await {
                        Ok(_) => continue,
                        Err(error) => (Link::Refused(error.cause), self.timing.longest_pause),
                    }
                }
                End::Refused { why, .. } => (Link::Refused(why), self.timing.longest_pause),
            };
            tracing::debug!("the socket {} is {link:?}; again in {pause:?}", T::endpoint().path);
            self.feed.set_link(link);
            if self.is_idle_within(pause).await {
                return;
            }
        }
    }

    fn is_forbidden(&self) -> bool {
        let may = |granted: &Scopes| T::endpoint().scopes.iter().any(|scope| granted.contains(scope));
        self.aries.session().granted().is_some_and(|granted| !may(&granted))
    }

    /// Doubles with each loss, with a fifth of chance so that many programs do not come back at once.
    fn pause(&self, losses: u32) -> Duration {
        let pause = self.timing.first_pause * 2_u32.saturating_pow(losses.saturating_sub(1).min(16));
        let pause = pause.min(self.timing.longest_pause);
        let chance = random::bytes::<1>().map_or(128, |[byte]| u32::from(byte));
        pause * 4 / 5 + pause * 2 / 5 * chance / 255
    }

    /// Waits for a pause, or until nobody has listened for long enough, and tells whether that is so.
    async fn is_idle_within(&self, pause: Duration) -> bool {
        let mut changes = self.feed.changes();
        let end = Instant::now() + pause;
        loop {
            let idle = self.feed.idle_at(self.timing.idle);
            let now = Instant::now();
            if idle.is_some_and(|idle| idle <= now) {
                return true;
            }
            if end <= now {
                return false;
            }
            let next = idle.map_or(end, |idle| idle.min(end));
            tokio::select! {
                () = tokio::time::sleep_until(next) => {}
                changed = changes.changed() => if changed.is_err() { return true },
            }
        }
    }

    /// Asks REST about what the socket does not tell. Never ends.
    async fn poll(&self) {
        let mut changes = self.feed.changes();
        loop {
            let next = match self.feed.to_poll(&self.timing) {
                Ok(keys) => {
                    let answers = T::poll(&self.aries, &keys).await;
                    self.feed.take_polled(answers);
                    continue;
                }
                Err(next) => next,
            };
            let waiting = async {
                match next {
                    Some(next) => tokio::time::sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = waiting => {}
                _ = changes.changed() => {}
            }
        }
    }
}
