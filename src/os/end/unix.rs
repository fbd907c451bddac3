use std::future::Future;
use std::time::Duration;

use futures_util::future::select_all;
use tokio::signal::unix::{SignalKind, signal as received};

/// Waits until this process is told to end. Claude Code ends a server with SIGINT, Gemini CLI with SIGTERM; neither
/// closes stdin first. It listens from the call on, not from the first wait.
pub(crate) fn signal() -> impl Future<Output = ()> + Send {
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let mut streams: Vec<_> = kinds.into_iter().filter_map(|kind| received(kind).ok()).collect();
    async move {
        if streams.is_empty() {
            return std::future::pending().await;
        }
        select_all(streams.iter_mut().map(|stream| Box::pin(stream.recv()))).await;
    }
}

/// Waits until the process that started this one has ended: a process in between may hold the pipe open after the client
/// died, and then only the id of the parent shows it.
pub(crate) async fn parent() {
    let first = nix::unistd::getppid();
    if first.as_raw() <= 1 {
        return std::future::pending().await;
    }
    while nix::unistd::getppid() == first {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
