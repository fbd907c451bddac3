//! Requests that change something at Aries and whose outcome is not on disk yet: a process ends after them.

use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::error::{Error, Result};

/// Counts them. Clones share the count.
#[derive(Clone, Default)]
pub(crate) struct InFlight(TaskTracker);

/// Held from before the request is journalled until its outcome is.
pub(crate) type Guard = TaskTrackerToken;

impl InFlight {
    /// Fails once the process is ending.
    pub(crate) fn begin(&self) -> Result<Guard> {
        let guard = self.0.token();
        if self.0.is_closed() { Err(ending()) } else { Ok(guard) }
    }

    /// Lets no new one begin and waits until the outcome of each is in the journal. The caller bounds the time.
    pub(crate) async fn finish(&self) {
        self.0.close();
        self.0.wait().await;
    }
}

pub(crate) fn ending() -> Error {
    Error::failed("aries-mcp is ending", "start it again")
}
