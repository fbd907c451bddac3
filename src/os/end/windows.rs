use std::future::Future;

use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
use winsafe::{FILETIME, GetCurrentProcessId, HPROCESS, HPROCESSLIST, co};

use crate::os::blocking;

/// Waits until this process is told to end: by Ctrl-C or Ctrl-Break, since its console is closed, or since the person logs
/// off. Windows ends a process by itself some seconds after the last three. It listens from the call on, not from the first
/// wait.
pub(crate) fn signal() -> impl Future<Output = ()> + Send {
    let events = (ctrl_c(), ctrl_break(), ctrl_close(), ctrl_logoff(), ctrl_shutdown());
    async move {
        let (Ok(mut interrupt), Ok(mut pause), Ok(mut close), Ok(mut logoff), Ok(mut shutdown)) = events
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = pause.recv() => {}
            _ = close.recv() => {}
            _ = logoff.recv() => {}
            _ = shutdown.recv() => {}
        }
    }
}

/// Waits until the process that started this one has ended: a process in between may hold the pipe open after the client
/// died.
pub(crate) async fn parent() {
    let ended = blocking::run(None, || wait_for_parent().is_some()).await;
    if ended != Some(true) {
        std::future::pending().await
    }
}

/// Returns when the parent has ended; `None` if it cannot be found or watched.
fn wait_for_parent() -> Option<()> {
    let own = GetCurrentProcessId();
    let mut all = HPROCESSLIST::CreateToolhelp32Snapshot(co::TH32CS::SNAPPROCESS, None).ok()?;
    let mut ids =
        all.iter_processes().filter_map(Result::ok).map(|one| (one.th32ProcessID, one.th32ParentProcessID));
    let (_, parent) = ids.find(|(id, _)| *id == own)?;
    let rights = co::PROCESS::SYNCHRONIZE | co::PROCESS::QUERY_LIMITED_INFORMATION;
    let parent = HPROCESS::OpenProcess(rights, false, parent).ok()?;
    // Windows gives the id of a process that has ended to a later one, which did not start this one.
    let is_older = began(&parent)? <= began(&HPROCESS::GetCurrentProcess())?;
    is_older.then_some(())?;
    parent.WaitForSingleObject(None).ok().map(drop)
}

fn began(process: &HPROCESS) -> Option<u64> {
    let (FILETIME { dwLowDateTime: low, dwHighDateTime: high }, ..) = process.GetProcessTimes().ok()?;
    Some(u64::from(high) << 32 | u64::from(low))
}
