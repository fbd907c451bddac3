//! Blocking work on a thread of its own. At its end the runtime waits for its blocking pool, and a keychain or a
//! terminal may wait for a person for minutes; a detached thread ends with the process.

use std::time::Duration;

use tokio::sync::oneshot;

/// Runs `work` on a new thread and waits for it, at most `limit`. Returns `None` if it took longer (it is not stopped) or
/// if the thread could not start.
pub(crate) async fn run<T: Send + 'static>(
    limit: Option<Duration>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, outcome) = oneshot::channel();
    let thread = move || drop(sender.send(work()));
    std::thread::Builder::new().name("blocking".to_owned()).spawn(thread).ok()?;
    match limit {
        Some(limit) => tokio::time::timeout(limit, outcome).await.ok()?.ok(),
        None => outcome.await.ok(),
    }
}
