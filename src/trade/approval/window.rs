//! The time for a ticket or an approval, by the monotonic **and** the wall clock.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result};
use crate::told::Told;

/// How often the window is looked at: a clock can jump.
const TICK: Duration = Duration::from_secs(1);
/// How far the wall clock may be set back before it proves nothing.
const SLACK: SignedDuration = SignedDuration::from_secs(5);

/// A time that begins when it is opened. A machine that sleeps stops the monotonic clock, and a clock that is set moves
/// the wall clock, so it is over as soon as either says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    lifetime: Duration,
    began: Instant,
    born: Timestamp,
}

impl Window {
    pub(crate) fn open(lifetime: Duration) -> Self {
        Self { lifetime, began: Instant::now(), born: Timestamp::now() }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over_at(Instant::now(), Timestamp::now())
    }

    /// How long it still lasts by the monotonic clock.
    pub(super) fn left(&self) -> Duration {
        self.lifetime.saturating_sub(self.began.elapsed())
    }

    /// When it ends by the wall clock.
    /// Fails if that clock is off beyond all dates.
    pub(super) fn end(&self) -> Result<Timestamp> {
        let end = self.born.checked_add(self.lifetime);
        end.map_err(|_| Error::failed("the clock of this machine is off", Told::person_to("set it")))
    }

    fn is_over_at(&self, monotonic: Instant, wall: Timestamp) -> bool {
        let passed = wall.duration_since(self.born);
        monotonic.saturating_duration_since(self.began) >= self.lifetime
            || passed < -SLACK
            || passed.unsigned_abs() >= self.lifetime
    }

    pub(crate) async fn over(&self) {
        while !self.is_over() {
            tokio::time::sleep(self.left().min(TICK)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approval_ends_by_either_clock() {
        let window = Window::open(Duration::from_secs(300));
        // Seconds passed by the monotonic and by the wall clock.
        for (monotonic, wall, over) in [
            (0, 0, false),
            (299, 299, false),
            (300, 299, true),
            // Asleep for a while, and set forwards or back.
            (1, 300, true),
            (1, 1200, true),
            (10, -4, false),
            (10, -6, true),
            (10, -3600, true),
        ] {
            let at = window.born.checked_add(SignedDuration::from_secs(wall)).unwrap();
            let monotonic_at = window.began + Duration::from_secs(monotonic);
            assert_eq!(window.is_over_at(monotonic_at, at), over, "{monotonic} {wall}");
        }
    }
}
