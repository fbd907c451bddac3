//! What the person allows now. What the config file said when the process started holds until its end, so what was loosened
//! since counts after a restart; what was tightened since counts at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::setting::READ_ONLY;
use super::{ConfigFile, Settings, Trading};
use crate::error::{Error, Kind, Result};
use crate::os::blocking;
use crate::told::Told;

/// Where `[trading]` came from, to be read again before anything is sent.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    at_start: Arc<Trading>,
    file: Option<PathBuf>,
    /// Whether there was a file at the start: then it has to be there for as long as the process lasts.
    was_there: bool,
    patience: Duration,
}

/// What holds for one order, and how the file was tightened since the start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allowed {
    pub(crate) trading: Arc<Trading>,
    /// `live: true → false`, one for each key.
    tightened: Vec<String>,
    /// The file switches live trading on by now, which this process does not know yet.
    is_live_later: bool,
}

impl Allowance {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            at_start: Arc::new(settings.trading.clone()),
            file: settings.places.config_file.clone(),
            was_there: settings.config_file_was_there,
            patience: settings.timing.config_file,
        }
    }

    /// What held at the start, without a look at the file.
    pub(crate) fn at_start(&self) -> Allowed {
        let trading = Arc::clone(&self.at_start);
        Allowed { trading, tightened: Vec::new(), is_live_later: false }
    }

    /// Reads the file again, off the runtime's thread. Fails if it is gone, cannot be read or has a mistake, and if it says
    /// that nothing may be ordered any more.
    pub(crate) async fn now(&self) -> Result<Allowed> {
        let Some(path) = self.file.clone() else { return Ok(self.at_start()) };
        let shown = path.display().to_string();
        let reading = blocking::run(Some(self.patience), move || read(&path)).await;
        let file = reading.unwrap_or_else(|| {
            let seconds = self.patience.as_secs_f32();
            Err(Error::failed(format!("{shown} could not be read within {seconds} s"), ""))
        });
        let file = file.map_err(|error| unreadable(&error.cause))?;
        match file {
            None if self.was_there => Err(unreadable(&format!("{shown} is gone"))),
            None => Ok(self.at_start()),
            Some(file) if file.top.get(&READ_ONLY) == Some("true") => Err(closed(
                "the config file says `read_only` = true by now",
                Told::person("aries-mcp sends no order until that line is taken out"),
            )),
            Some(file) => Ok(Allowed {
                tightened: self.at_start.tightened_by(&file.trading),
                is_live_later: file.trading.live && !self.at_start.live,
                trading: Arc::new(file.trading.within(&self.at_start)),
            }),
        }
    }
}

impl Allowed {
    /// The same refusal, with what the file says otherwise since the start.
    pub(crate) fn explain(&self, mut error: Error) -> Error {
        if error.kind == Kind::Refused && !self.tightened.is_empty() {
            let changes = self.tightened.join(", ");
            error.cause += &format!(" (the config file was tightened since aries-mcp started: {changes})");
        } else if error.kind == Kind::Refused && self.is_live_later {
            error.cause +=
                " (the config file has live = true by now, which counts once the client is restarted)";
        }
        error
    }

    /// Fails if the file has changed since `self` was read.
    pub(crate) fn check_unchanged(&self, now: &Self) -> Result<()> {
        if self == now {
            return Ok(());
        }
        let changes = match now.tightened.as_slice() {
            [] => "it was loosened".to_owned(),
            changes => changes.join(", "),
        };
        Err(closed(
            &format!("the config file was changed while the order was checked: {changes}"),
            Told::pair(
                "ask the person; to order it after all, call preview_order again",
                "to order it after all, preview it again",
            ),
        ))
    }
}

/// Reads the file; `None` if there is none.
fn read(path: &Path) -> Result<Option<ConfigFile>> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Ok(metadata) if !metadata.is_file() => {
            Err(Error::failed(format!("{} is no file", path.display()), ""))
        }
        _ => ConfigFile::read(path).map(Some),
    }
}

fn unreadable(cause: &str) -> Error {
    closed(
        &format!("what is allowed cannot be read any more: {cause}"),
        Told::person_to("put the config file right (`aries-mcp status` names it) and to restart the client"),
    )
}

fn closed(cause: &str, hint: impl Into<Told>) -> Error {
    Error::new(Kind::Refused, cause, hint)
}
