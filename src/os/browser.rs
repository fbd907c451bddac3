//! The person's browser.

use std::time::Duration;

use super::blocking;

/// Opens an address in the person's browser, with its output closed. Returns false if the desktop could not be asked
/// within ten seconds (some take seconds to start it); true does not prove that the person sees a page.
pub(crate) async fn open(address: String) -> bool {
    let opening = move || open::that_detached(address).is_ok();
    blocking::run(Some(Duration::from_secs(10)), opening).await == Some(true)
}
