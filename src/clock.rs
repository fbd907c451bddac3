//! What time it is at Aries: this machine's time, or the one that the person set for the practice market, which goes on from
//! there. Whatever is compared with a time of Aries is compared with this one; sign-ins keep to this machine's.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};

/// How far the practice market is ahead of this machine, if its time was set.
static AHEAD: OnceLock<SignedDuration> = OnceLock::new();

/// A time that the person set: what the practice market's clock showed when this machine's showed `since`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) time: Timestamp,
    pub(crate) since: Timestamp,
}

/// Sets the clock of this process. The first time that is set stays.
pub(crate) fn set(clock: Clock) {
    let _ = AHEAD.set(clock.time.duration_since(clock.since));
}

pub(crate) fn is_set() -> bool {
    AHEAD.get().is_some()
}

pub(crate) fn now() -> Timestamp {
    at(Timestamp::now())
}

/// What it is at Aries when this machine's clock shows this time.
pub(crate) fn at(machine: Timestamp) -> Timestamp {
    AHEAD.get().map_or(machine, |ahead| machine.saturating_add(*ahead).unwrap_or(machine))
}
