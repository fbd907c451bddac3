//! The person's browser.

use std::time::Duration;

use super::blocking;

/// Opens an address in the person's browser, with its output closed. Returns false if the desktop could not be asked
/// within `limit`; true does not prove that the person sees a page.
pub(crate) async fn open(address: String, limit: Duration) -> bool {
    blocking::run(Some(limit), move || open::that_detached(address).is_ok()).await == Some(true)
}
