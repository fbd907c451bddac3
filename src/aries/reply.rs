//! An answer of Aries: JSON that was checked when it arrived.

use super::difference::{Difference, unclear};
use super::endpoint::Endpoint;
use super::json::{Ambiguity, Found, Json};
use super::said_error;
use crate::error::{Error, Kind, Result};

/// The answer to a read or an order.
#[derive(Clone)]
pub(crate) struct Reply {
    path: &'static str,
    body: String,
}

impl Reply {
    /// Fails if the text is cut off or not JSON.
    pub(super) fn checked(endpoint: &Endpoint, body: String) -> Result<Self> {
        Json::parse(&body).map_err(|_| unusable("is cut off or not JSON"))?;
        Ok(Self { path: endpoint.path, body })
    }

    /// The error that the answer stands for although its status is that of a success.
    pub(super) fn failure(&self) -> Option<Error> {
        said_error::of(self.json().ok()?, &self.body)
    }

    /// Makes a reply of this body, for tests of what is made of answers.
    #[cfg(test)]
    pub(crate) fn of(body: &str) -> Self {
        Self { path: "/test", body: body.to_owned() }
    }

    /// Returns the answer as a lazily read value. A reply that Aries sent never fails here: its text was checked.
    pub(crate) fn json(&self) -> Result<Json<'_>> {
        Json::parse(&self.body).map_err(|_| unusable("is not JSON"))
    }

    /// Returns the rows of the list that is documented in one of these places. Fails if there is no list, which is not the
    /// same as an empty one, or if a needed member is in none of the rows.
    pub(crate) fn rows(&self, places: &str, needed: &[&str]) -> Result<Vec<Json<'_>>> {
        let found = self.list(self.json()?, places, needed)?;
        Ok(found.rows.items())
    }

    /// Reads what decides about money: two members that match one documented name and say different things are an error
    /// that names both.
    pub(crate) fn strictly<T>(&self, read: impl FnOnce(Json<'_>) -> Result<T>) -> Result<T> {
        let ambiguity = Ambiguity::default();
        let value = read(self.json()?.noting(&ambiguity));
        match ambiguity.found() {
            None => value,
            Some([one, other]) => {
                let cause =
                    format!("Aries' answer has both `{one}` and `{other}`, and they differ ({})", self.path);
                Err(unclear(&cause))
            }
        }
    }

    /// The list that is documented in one of these places of `json`, which is this answer. Fails as [`Self::rows`] does.
    pub(crate) fn list<'a>(&self, json: Json<'a>, places: &str, needed: &[&str]) -> Result<Found<'a>> {
        let found = json
            .list(places)
            .ok_or_else(|| Difference::new([places], &[json.inmost()]).into_error(self.path))?;
        match Difference::of_rows(&found.rows.items(), needed) {
            Some(difference) => Err(difference.into_error(self.path)),
            None => Ok(found),
        }
    }

    /// The object that is documented in one of these places of `json`, which is this answer. Fails if one of the needed
    /// members is missing.
    pub(crate) fn object<'a>(&self, json: Json<'a>, places: &str, needed: &[&str]) -> Result<Found<'a>> {
        let has_any = |found: &Found<'_>| needed.iter().any(|name| found.rows.has(name));
        let found = json.places(places).find(has_any);
        let there = found.as_ref().map_or_else(|| json.inmost(), |found| found.rows);
        match (Difference::of_rows(&[there], needed), found) {
            (None, Some(found)) => Ok(found),
            (Some(difference), _) => Err(difference.into_error(self.path)),
            (None, None) => Err(Difference::new(needed.iter().copied(), &[there]).into_error(self.path)),
        }
    }
}

/// The error for an answer that is not what was asked for; `what` continues "Aries' answer …".
pub(super) fn unusable(what: &str) -> Error {
    let hint = "trying again may help; if not, tell the person that Aries is out of order";
    Error::new(Kind::Unavailable, format!("Aries' answer {what}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_about_money_is_read_without_doubt_or_not_at_all() {
        let read = |text: &str| {
            let reply = Reply::of(text);
            let quantity = reply.strictly(|json| {
                let rows = reply.list(json, "orders", &["qty"])?.rows.items();
                Ok(rows
                    .iter()
                    .map(|row| row.text_at("qty").unwrap_or_default().into_owned())
                    .collect::<Vec<_>>())
            });
            quantity.map_err(|error| error.cause)
        };
        for text in [
            r#"{"orders":[{"qty":"5","QTY":5.0}]}"#,
            r#"{"data":[{"Qty":"5","qty_":null}]}"#,
            r#"{"orders":[{"qty":"5","SYMBOL":"A","symbol":"B"}],"data":[],"items":[1]}"#,
        ] {
            assert_eq!(read(text), Ok(vec!["5".to_owned()]), "{text}");
        }
        for text in [r#"{"orders":null}"#, r#"{"orders":[]}"#, r#"{"data":{"orders":null}}"#, "[]"] {
            assert_eq!(read(text), Ok(Vec::new()), "{text}");
        }
        let cases = [
            (r#"{"orders":[{"qty":"5","QTY":"6"}]}"#, "has both `qty` and `QTY`, and they differ (/test)"),
            (r#"{"orders":[{"Qty":"5","QTY":"6"}]}"#, "has both `Qty` and `QTY`, and they differ (/test)"),
            (r#"{"orders":[{"qty":null,"QTY":"6"}]}"#, "has both `qty` and `QTY`, and they differ (/test)"),
            (r#"{"orders":[{"qty":1,"qty":2}]}"#, "has both `qty` and `qty`, and they differ (/test)"),
            (
                r#"{"orders":[],"ORDERS":[{"qty":1}]}"#,
                "has both `orders` and `ORDERS`, and they differ (/test)",
            ),
            (r#"{"data":[],"items":[{"qty":1}]}"#, "has both `data` and `items`, and they differ (/test)"),
            (
                r#"{"orders":[{"menge":"5"},{"id":7}]}"#,
                "differs from its documentation: `qty` is missing, there are `menge`, `id` (/test)",
            ),
            (
                r#"{"auftraege":7}"#,
                "differs from its documentation: `orders` is missing, there is `auftraege` (/test)",
            ),
            ("{}", "differs from its documentation: `orders` is missing, there are no members (/test)"),
            (
                r#"{"orders":{"qty":"5"},"count":1}"#,
                "differs from its documentation: `orders` is not of the kind that is documented (/test)",
            ),
        ];
        for (text, cause) in cases {
            assert_eq!(read(text), Err(format!("Aries' answer {cause}")), "{text}");
        }
    }
}
