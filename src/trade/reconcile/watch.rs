//! Watching an order until it has ended, with few calls: Aries takes fifty a minute.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::Reconciler;
use super::heard::{self, Listener};
use crate::aries::model;
use crate::rate_limits::{Category, Left};

impl Reconciler {
    /// Looks at an order until it has ended or the time is over, and returns how it was last seen. What a listener hears
    /// of its end meanwhile counts, too; while it hears of the order, the lists are looked at once.
    pub(crate) async fn watch<F: Future<Output = Option<model::Order>>>(
        &self,
        patience: Duration,
        mut listener: Option<Listener>,
        look: impl Fn() -> F,
    ) -> Option<model::Order> {
        let begun = Instant::now();
        let end = begun + patience;
        // The lists would be looked at for the last time then.
        let last =
            looks(self.timing.settling_pause, patience, Left::Plenty).last().copied().unwrap_or_default();
        let mut seen: Option<model::Order> = None;
        for after in looks(self.timing.settling_pause, patience, self.calls_left()) {
            tokio::select! {
                ended = heard::end(&mut listener) => return Some(ended),
                () = sleep_until(begun + after) => {}
            }
            let is_told = seen.is_some() && listener.as_ref().is_some_and(Listener::is_heard);
            let is_dear = seen.is_some() && self.calls_left() != Left::Plenty;
            if is_told || is_dear {
                continue;
            }
            let found = tokio::select! {
                ended = heard::end(&mut listener) => return Some(ended),
                found = timeout_at(end, look()) => found,
            };
            let Ok(found) = found else { break };
            seen = found.or(seen);
            if seen.as_ref().is_some_and(|seen| !seen.is_open()) {
                return seen;
            }
        }
        let Some(listener) = listener.as_mut().filter(|listener| listener.is_heard()) else { return seen };
        match timeout_at(begun + last, listener.end()).await {
            Ok(ended) => Some(ended),
            Err(_) => listener.with_fills(seen),
        }
    }

    fn calls_left(&self) -> Left {
        self.aries.calls_left(Category::Trading)
    }
}

/// How long after the beginning the lists are looked at: at once, and then after pauses that grow, since what does not
/// happen at once may take its time. With few calls left there is one look, when it tells more than at once; with hardly
/// any there is none, and `get_orders` tells.
fn looks(pause: Duration, patience: Duration, left: Left) -> Vec<Duration> {
    let several = std::iter::successors(Some(Duration::ZERO), |after| Some(*after * 3 + pause));
    let all: Vec<Duration> = several.take_while(|after| *after < patience).collect();
    match left {
        Left::Plenty => all,
        Left::Few => all.into_iter().take(2).next_back().into_iter().collect(),
        Left::HardlyAny => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_become_rarer_and_with_few_calls_left_there_is_one() {
        let millis = |all: Vec<Duration>| all.iter().map(Duration::as_millis).collect::<Vec<_>>();
        let looks = |pause, patience, left| {
            millis(looks(Duration::from_millis(pause), Duration::from_millis(patience), left))
        };
        assert_eq!(looks(400, 3_000, Left::Plenty), [0, 400, 1_600]);
        assert_eq!(looks(400, 3_000, Left::Few), [400]);
        assert_eq!(looks(400, 10_000, Left::Plenty), [0, 400, 1_600, 5_200]);
        assert_eq!(looks(1_500, 1_500, Left::Plenty), [0]);
        assert_eq!(looks(1_500, 1_500, Left::Few), [0]);
        assert_eq!(looks(400, 3_000, Left::HardlyAny), []);
    }
}
