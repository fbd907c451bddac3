//! Tells the desktop of an event, for a person who does not look at the terminal.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::os::blocking;

/// A desktop that takes longer shows nothing.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn show(event: &str) -> Result<()> {
    let mut notification = notify_rust::Notification::new();
    notification.appname("aries-mcp").summary("Aries").body(event);
    let shown = blocking::run(Some(PATIENCE), move || notification.show().map(drop)).await;
    let why = match shown {
        Some(Ok(())) => return Ok(()),
        Some(Err(error)) => error.to_string(),
        None => "the desktop did not answer".to_owned(),
    };
    Err(Error::failed(
        format!("the notification could not be shown: {why}"),
        "check that a desktop is running",
    ))
}
