//! An answer of Aries: JSON that was checked when it arrived.

use reqwest::StatusCode;

use super::absence::is_absence;
use super::difference::{Difference, unclear};
use super::endpoint::Endpoint;
use super::json::{Ambiguity, Found, Json};
use super::said_error;
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::Stranger;
use crate::told::Told;

/// What some servers write before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The answer to a read or an order.
#[derive(Clone)]
pub(crate) struct Reply {
    path: &'static str,
    body: String,
}

impl Reply {
    /// Fails if the body is empty, cut off or not JSON. What is JSON is read whatever its label says.
    pub(super) fn checked(endpoint: &Endpoint, body: Vec<u8>) -> Result<Self> {
        let body = text_of(body);
        if body.is_empty() {
            return Err(unusable("is empty"));
        }
        Json::parse(&body).map_err(|_| no_json(&body))?;
        Ok(Self { path: endpoint.path, body })
    }

    /// The error that the answer stands for although its status is that of a success.
    pub(super) fn failure(&self) -> Option<Error> {
        said_error::of(self.json().ok()?, &self.body)
    }

    /// The error that an answer to an order or a cancel stands for, in Aries' words.
    pub(crate) fn denial(&self) -> Option<String> {
        said_error::of_order(self.json().ok()?, &self.body).map(|error| error.cause)
    }

    /// What the answer says in sentences, to follow a sentence of ours.
    pub(crate) fn remark(&self) -> String {
        remark(ErrorBody::read(&self.body).said())
    }

    /// The same of an answer that holds nothing. A code alone may be that of what was asked for.
    pub(crate) fn remark_on_absence(&self) -> String {
        let read = ErrorBody::read(&self.body);
        let says = |said: &String| Some(said.as_str()) != read.code() && !said_error::is_harmless(said);
        remark(read.said().filter(says))
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
            _ if is_absence(json) => Err(unclear(&format!("Aries' answer holds nothing ({})", self.path))),
            (Some(difference), _) => Err(difference.into_error(self.path)),
            (None, None) => Err(Difference::new(needed.iter().copied(), &[there]).into_error(self.path)),
        }
    }
}

fn remark(said: Option<String>) -> String {
    said.map(|said| format!("; it says \"{said}\"")).unwrap_or_default()
}

/// The text of a body without what some servers write around it. A letter in another encoding loses itself alone.
fn text_of(body: Vec<u8>) -> String {
    let pairs = || body.chunks_exact(2).map(|pair| <[u8; 2]>::try_from(pair).unwrap_or_default());
    let wide = |units: Vec<u16>| String::from_utf16_lossy(&units);
    let text = match body.get(..2) {
        Some([0xff, 0xfe]) => wide(pairs().map(u16::from_le_bytes).collect()),
        Some([0xfe, 0xff]) => wide(pairs().map(u16::from_be_bytes).collect()),
        _ => String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    };
    text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == BYTE_ORDER_MARK).to_owned()
}

/// The error for a text that is no JSON: a page of something between here and Aries, its words, or JSON that is cut off.
fn no_json(body: &str) -> Error {
    if let Some(Stranger { cause, step }) = Stranger::of(StatusCode::OK, body) {
        return Error::new(Kind::Unavailable, cause, Told::person(step));
    }
    match ErrorBody::read(body).said().map(|said| format!(": {said:?}")) {
        Some(said) => unusable(&format!("is not JSON{said}")),
        None => unusable("is cut off"),
    }
}

/// The error for an answer that is not what was asked for; `what` continues "Aries' answer …".
pub(super) fn unusable(what: &str) -> Error {
    let hint = Told::from("trying again may help; if not, ").and(Told::person_that("Aries is out of order"));
    Error::new(Kind::Unavailable, format!("Aries' answer {what}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::endpoints::ORDER_PREVIEW;

    #[test]
    fn what_stands_around_an_answer_and_its_encoding_do_not_matter() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for body in [
            "{\"a\":1}".as_bytes().to_vec(),
            " \u{feff}\u{feff}{\"a\":1}\n\0".as_bytes().to_vec(),
            wide("\u{feff}{\"a\":1}"),
            b"{\"a\":1,\"name\":\"Nestl\xe9\"}".to_vec(),
        ] {
            let reply = Reply::checked(&ORDER_PREVIEW, body).unwrap();
            assert_eq!(reply.json().unwrap().decimal_at("a"), Some(1.into()));
        }
    }

    #[test]
    fn what_is_no_answer_is_told_as_what_it_is() {
        for (body, cause) in [
            ("", "Aries' answer is empty"),
            (
                "<html><title>Hotel Wi-Fi login</title></html>",
                "a page came in place of Aries' answer (200): \"Hotel Wi-Fi login\"",
            ),
            ("upstream connect error", "Aries' answer is not JSON: \"upstream connect error\""),
            ("{\"a\":", "Aries' answer is cut off"),
        ] {
            let error = Reply::checked(&ORDER_PREVIEW, body.as_bytes().to_vec()).map(drop).unwrap_err();
            assert_eq!(error.cause, cause);
        }
    }

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
