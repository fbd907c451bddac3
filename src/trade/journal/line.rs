//! One line of the journal: when something happened, what, and the hash that chains it to the line before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::event::Event;
use crate::os::hex;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Counts from 1.
    pub(crate) n: u64,
    /// Hash of the line before; empty in the first.
    pub(crate) prev: String,
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) event: Event,
    /// Hash of this line without this field.
    pub(crate) hash: String,
}

/// How every line ends: with its hash, which is that of the very text of the line with an empty hash. So it covers
/// fields as well that only a newer version knows.
pub(crate) const SEAL: &str = ",\"hash\":\"";
pub(crate) const SEAL_END: &str = "\"}";

impl Line {
    /// The line with its hash, and the text of it.
    pub(crate) fn sealed(mut self) -> (Self, String) {
        let open = serde_json::to_string(&self).expect("all keys of a line are texts");
        self.hash = hex::encode(&Sha256::digest(&open));
        let text = format!("{}{}{SEAL_END}\n", open.strip_suffix(SEAL_END).unwrap_or(&open), self.hash);
        (self, text)
    }
}

/// One line of text as a line of the journal, after a line with the hash `prev`.
pub(crate) fn link(number: usize, text: &str, prev: &str) -> std::result::Result<Line, String> {
    let sealed = text.strip_suffix(SEAL_END).and_then(|text| text.rsplit_once(SEAL));
    let Some((said, hash)) = sealed else { return Err(format!("line {number} is not a journal line")) };
    let mut digest = Sha256::new();
    for part in [said, SEAL, SEAL_END] {
        digest.update(part);
    }
    if hex::encode(&digest.finalize()) != hash {
        return Err(format!("line {number} was changed"));
    }
    // An event that is not known here may mean anything: nothing is sent on a guess.
    let line: Line = serde_json::from_str(text)
        .map_err(|_| format!("line {number} was written by a newer aries-mcp: update this one"))?;
    if line.prev != prev || usize::try_from(line.n).ok() != Some(number) {
        return Err(format!("a line before line {number} is missing or was changed"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/journals` holds journals that an earlier build wrote.
    #[test]
    fn the_lines_of_an_earlier_build_are_written_with_the_same_bytes() {
        for text in [
            include_str!("../../../tests/journals/orders.jsonl"),
            include_str!("../../../tests/journals/shape.jsonl"),
        ] {
            let mut prev = String::new();
            for (at, written) in text.lines().enumerate() {
                let line = link(at + 1, written, &prev).unwrap();
                prev.clone_from(&line.hash);
                let (_, again) = Line { hash: String::new(), ..line }.sealed();
                assert_eq!(again.trim_end(), written);
            }
        }
    }
}
