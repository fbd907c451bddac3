//! Answers of the embedded Aries against what the documentation says of them.

use serde_json::Value;

use super::{Bench, keys};

/// Path, where in the answer to look, the fields that must stand there and no others.
pub(super) type Documented = (&'static str, &'static str, &'static str);

impl Bench {
    /// Every path is answered with its fields.
    pub(super) async fn answers(&self, all: &[Documented]) {
        for (path, at, documented) in all {
            let (status, answer) = self.get(path).await;
            assert_eq!(status, 200, "{path}: {answer}");
            check(&answer, at, documented, path);
        }
    }
}

pub(super) fn check(answer: &Value, at: &str, documented: &str, told: &str) {
    let found = answer.pointer(at).unwrap_or_else(|| panic!("{told}: nothing at {at}: {answer}"));
    let mut found = keys(found);
    let mut wanted: Vec<&str> = documented.split_whitespace().collect();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "{told} at {at}");
}
