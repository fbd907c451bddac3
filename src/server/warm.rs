//! The first connection to Aries, opened before the first call: that call then takes one round trip, not four.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::config::Urls;
use crate::http;

/// The answer in the making is written first; loading certificates would hold it up.
const AFTER_ANSWER: Duration = Duration::from_millis(20);

/// Whether the connection was opened. Clones share it.
#[derive(Clone, Default)]
pub(super) struct FirstConnection(Arc<AtomicBool>);

impl FirstConnection {
    /// Opens it in the background, once.
    pub(super) fn open(&self, urls: &Urls) {
        if self.0.swap(true, Ordering::Relaxed) {
            return;
        }
        let urls = urls.clone();
        tokio::spawn(async move {
            tokio::time::sleep(AFTER_ANSWER).await;
            // A client that cannot be built is told of by the first call.
            if let Ok(client) = http::client(&urls) {
                http::open_connection(&client, &urls.api).await;
            }
        });
    }
}
