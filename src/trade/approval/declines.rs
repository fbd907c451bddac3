//! How often the person said no lately: a model that asks again and again has to pause.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::told::Told;

/// So many questions may be declined within [`LATELY`] before the next preview of a live order has to wait.
const MOST: usize = 3;
const LATELY: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_secs(60);

/// When questions were declined; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Declines(Arc<Mutex<Vec<Instant>>>);

impl Declines {
    pub(crate) fn note(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
    }

    /// Fails within a minute after the third question that the person declined within ten minutes.
    pub(crate) fn check(&self) -> Result<()> {
        self.check_at(Instant::now())
    }

    fn check_at(&self, now: Instant) -> Result<()> {
        let mut declined = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        declined.retain(|at| now.saturating_duration_since(*at) < LATELY);
        let Some(last) = declined.last().filter(|_| declined.len() >= MOST) else { return Ok(()) };
        let left = PAUSE.saturating_sub(now.saturating_duration_since(*last));
        if left.is_zero() {
            return Ok(());
        }
        let (times, seconds) = (declined.len(), left.as_secs() + 1);
        Err(Error::new(
            Kind::Refused,
            format!("{times} orders were declined within ten minutes"),
            Told::pair("ask the person what they want, in words; ", "")
                .and(format!("a live order can be previewed again in {seconds} s")),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_within_ten_minutes_are_followed_by_a_pause_of_a_minute() {
        let (declines, start) = (Declines::default(), Instant::now());
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let decline = |seconds: u64| declines.0.lock().unwrap().push(at(seconds));
        let waits = |seconds: u64| declines.check_at(at(seconds)).is_err();
        decline(0);
        decline(10);
        assert!(!waits(10));
        decline(500);
        assert_eq!([500, 559, 560].map(waits), [true, true, false]);
        // The first two are long ago by then.
        decline(700);
        assert!(!waits(700));
        decline(701);
        assert!(waits(701));
        let told = declines.check_at(at(711)).unwrap_err();
        assert!(
            told.cause.contains("3 orders were declined") && told.hint.to_string().contains("in 51 s"),
            "{told:?}"
        );
    }
}
