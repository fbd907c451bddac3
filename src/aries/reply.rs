//! An answer of Aries: JSON that was checked when it arrived.

use super::json::Json;
use crate::error::{Error, Kind, Result};

/// The answer to a read or an order.
pub(crate) struct Reply {
    body: String,
}

impl Reply {
    /// Fails if the text is cut off or not JSON.
    pub(super) fn checked(body: String) -> Result<Self> {
        Json::parse(&body).map_err(|_| unusable("is cut off or not JSON"))?;
        Ok(Self { body })
    }

    /// Makes a reply of this body, for tests of what is made of answers.
    #[cfg(test)]
    pub(crate) fn of(body: &str) -> Self {
        Self { body: body.to_owned() }
    }

    /// Returns the answer as a lazily read value. A reply that Aries sent never fails here: its text was checked.
    pub(crate) fn json(&self) -> Result<Json<'_>> {
        Json::parse(&self.body).map_err(|_| unusable("is not JSON"))
    }

    /// Returns the rows of the answer: the list at a path, or the answer itself where an older shape is a bare list.
    /// Fails if there is no list: that is not the same as an empty one.
    pub(crate) fn rows(&self, path: &str) -> Result<Vec<Json<'_>>> {
        let json = self.json()?;
        let list = json.get(path).filter(|list| list.is_array()).or_else(|| json.is_array().then_some(json));
        list.map(Json::items).ok_or_else(|| unusable(&format!("lacks the list `{path}`")))
    }
}

/// The error for an answer that is not what was asked for; `what` continues "Aries' answer …".
pub(super) fn unusable(what: &str) -> Error {
    let hint = "trying again may help; if not, tell the person that Aries is out of order";
    Error::new(Kind::Unavailable, format!("Aries' answer {what}"), hint)
}
