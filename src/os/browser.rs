//! The person's browser.

use std::time::Duration;

use super::blocking;

/// Some desktops take seconds to start a browser.
const LIMIT: Duration = Duration::from_secs(10);

/// Opens an address in the person's browser, with its output closed. Returns false if the desktop could not be asked
/// within ten seconds; true does not prove that the person sees a page.
pub(crate) async fn open(address: String) -> bool {
    blocking::run(Some(LIMIT), move || open::that_detached(address).is_ok()).await == Some(true)
}
