//! Answers that say that there is nothing: an envelope around an empty list, with remarks beside it.

use super::json::{Json, is_alike};
use super::said_error::{is_hollow, is_remark};

/// Members that say how an answer came about, and nothing of what was asked for, wherever they stand.
const HOW: [&str; 4] = ["status", "s", "requestId", "count"];

/// Members that repeat the question beside an empty answer, or tell how much of it there is.
const ECHOES: [&str; 16] = [
    "symbol",
    "ticker",
    "from",
    "to",
    "year",
    "freq",
    "interval",
    "page",
    "limit",
    "total",
    "queryCount",
    "resultsCount",
    "adjusted",
    "hasMore",
    "nextUrl",
    "nextCursor",
];

/// Whether an answer without rows says that there are none.
pub(crate) fn is_absence(answer: Json<'_>) -> bool {
    let is_how = |name: &str| HOW.iter().any(|known| is_alike(known, name));
    let says_how = answer.members().iter().all(|(name, value)| is_how(name) || is_hollow(*value));
    if answer.is_object() { says_how || has_empty_room(answer) } else { is_hollow(answer) }
}

/// Whether an object has room for rows, which is empty, and nothing beside it but remarks and echoes. One of those alone may
/// be all that an answer says.
pub(crate) fn has_empty_room(answer: Json<'_>) -> bool {
    let members = answer.members();
    let is_echo = |name: &str| ECHOES.iter().any(|known| is_alike(known, name));
    members.iter().any(|(name, value)| is_hollow(*value) && !is_remark(name))
        && members.iter().all(|(name, value)| is_remark(name) || is_echo(name) || is_hollow(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_with_remarks_beside_it_is_an_absence() {
        for body in [
            "{}",
            "[]",
            "null",
            r#"{"data":[]}"#,
            r#"{"status":"OK","results":[],"count":0}"#,
            r#"{"status":"OK"}"#,
            r#"{"s":"no_data"}"#,
            r#"{"error":false,"data":[]}"#,
            r#"{"errorCode":0,"data":[]}"#,
            r#"{"code":200,"message":"OK","data":[]}"#,
            r#"{"isSuccess":true,"code":1,"data":[]}"#,
            r#"{"header":{"code":0,"msg":"ok"},"data":[]}"#,
            r#"{"success":true,"message":"OK","data":{"rows":[],"total":0}}"#,
            r#"{"symbol":"AAPL","data":[]}"#,
            r#"{"ticker":"AAPL","queryCount":0,"resultsCount":0,"adjusted":true,"results":[]}"#,
            r#"{"metric":{},"symbol":"AAPL"}"#,
        ] {
            assert!(is_absence(Json::parse(body).unwrap()), "{body}");
        }
        for body in [
            "7",
            "[7]",
            r#"{"symbol":"AAPL"}"#,
            r#"{"message":"OK"}"#,
            r#"{"code":200,"message":"OK"}"#,
            r#"{"symbol":"AAPL","price":1,"data":[]}"#,
            r#"{"status":"OK","results":[{"a":1}]}"#,
            r#"{"title":"Apple","symbols":[],"body":"It has grown"}"#,
        ] {
            assert!(!is_absence(Json::parse(body).unwrap()), "{body}");
        }
    }
}
