//! Blocking work on a thread of its own.
//!
//! Not on the runtime's blocking pool: a keychain may show a dialog, and a terminal may wait for a line, for minutes;
//! the runtime would wait for the pool at its end, a detached thread ends with the process.

use std::time::Duration;

use tokio::sync::oneshot;

/// Runs `work` beside the runtime and waits at most `limit`; `None` if it took longer or could not start.
///
/// Work that took longer is not stopped: it ends by itself or with the process.
pub(crate) async fn aside<T: Send + 'static>(
    limit: Option<Duration>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, outcome) = oneshot::channel();
    let run = move || drop(done.send(work()));
    std::thread::Builder::new().name("aside".to_owned()).spawn(run).ok()?;
    match limit {
        Some(limit) => tokio::time::timeout(limit, outcome).await.ok()?.ok(),
        None => outcome.await.ok(),
    }
}
