//! Requests that change something at Aries and whose outcome is not on disk yet: a process ends after them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::error::{Error, Result};

/// Counts them. Clones share the count.
#[derive(Clone)]
pub(crate) struct InFlight {
    count: watch::Sender<usize>,
    ending: Arc<AtomicBool>,
}

/// Held from before the request is journalled until its outcome is.
pub(crate) struct Guard(InFlight);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl InFlight {
    pub(crate) fn new() -> Self {
        Self { count: watch::channel(0).0, ending: Arc::default() }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// Once the process is ending.
    pub(crate) fn begin(&self) -> Result<Guard> {
        self.count.send_modify(|count| *count += 1);
        let guard = Guard(self.clone());
        if self.ending.load(Ordering::SeqCst) { Err(ending()) } else { Ok(guard) }
    }

    /// Lets no new one begin and waits until the outcome of each is in the journal. The caller bounds the time.
    pub(crate) async fn finish(&self) {
        self.ending.store(true, Ordering::SeqCst);
        let mut count = self.count.subscribe();
        count.wait_for(|count| *count == 0).await.expect("this very value holds the sender");
    }
}

/// Why nothing begins any more.
pub(crate) fn ending() -> Error {
    Error::failed("aries-mcp is ending", "start it again")
}
