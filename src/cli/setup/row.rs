//! The files that a run of `setup` is about, each with how this program stands in it.

use super::fault;
use super::plan::{self, State, Wish};
use super::store::Stored;
use crate::cli::clients::Client;
use crate::cli::clients::folders::Folders;
use crate::cli::clients::off::{Lists, Off};
use crate::cli::clients::server::Launch;
use crate::error::{Error, Result};

/// A client with its file here, and how this program stands in it.
pub(super) struct Row {
    pub(super) client: &'static Client,
    pub(super) file: Result<(Stored, State)>,
    /// What is wrong with the entries there.
    pub(super) fault: Option<Error>,
    /// What keeps the client from starting one of them.
    pub(super) off: Option<Off>,
}

/// The files of a client that this run is about: those with us in them, else the one to write.
pub(super) fn rows_of(
    client: &'static Client,
    folders: &Folders,
    name: Option<&str>,
    launch: &Launch,
    wish: Wish,
) -> Vec<Row> {
    let lists = Lists::read(client, folders);
    let row = |path| {
        let file = Stored::read(path).map(|stored| {
            let state = plan::state(stored.text(), client, name, launch);
            let state = if wish == Wish::Remove { state.for_removal(name) } else { state };
            (stored, state)
        });
        let found = file.as_ref().ok();
        let fault = found.and_then(|(stored, state)| fault::now(stored.text(), state, client, &folders.env));
        let off = file.as_ref().ok().and_then(|(stored, state)| {
            fault::switched_off(stored.text(), state, client, &lists).into_iter().next().map(|(_, off)| off)
        });
        Row { client, file, fault, off }
    };
    let all: Vec<Row> = folders.files(client).into_iter().map(row).collect();
    // One that cannot be read may have us in it.
    let concerned = |one: &Row| {
        one.has_us() || (wish == Wish::Remove && (!one.is_readable() || !one.others().is_empty()))
    };
    let concerned: Vec<Row> = all.into_iter().filter(concerned).collect();
    if !concerned.is_empty() {
        return concerned;
    }
    let missing =
        || Error::failed(format!("{} does not exist on this system", client.name), "choose another client");
    vec![
        folders
            .file(client)
            .map_or_else(|| Row { client, file: Err(missing()), fault: None, off: None }, row),
    ]
}

impl Row {
    pub(super) fn has_us(&self) -> bool {
        matches!(self.file, Ok((_, State::Ours(_))))
    }

    /// Our entries there that this run is not about.
    pub(super) fn others(&self) -> Vec<String> {
        let of = |(stored, state): &(Stored, State)| state.others(stored.text(), self.client);
        self.file.as_ref().map(of).unwrap_or_default()
    }

    pub(super) fn is_readable(&self) -> bool {
        !matches!(self.file, Err(_) | Ok((_, State::Broken(_))))
    }
}
