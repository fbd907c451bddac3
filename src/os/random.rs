//! Random bytes from the operating system.

use crate::error::{Error, Result};

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::failed(format!("no randomness on this machine: {error}"), "report this"))?;
    Ok(bytes)
}
