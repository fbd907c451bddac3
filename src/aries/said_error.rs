//! Errors that stand inside an answer of 200: services that Aries passes on say so in a member, and not by the status.

use super::json::{Json, is_alike};
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;

/// Bytes of the longest answer in which an error is looked for.
const LONGEST: usize = 64 * 1024;
/// Words of `status` and `s` that mean a failure.
const FAILURES: [&str; 6] = ["error", "err", "fail", "failed", "failure", "exception"];
/// Members of an answer that is about its failure alone.
const REMARKS: [&str; 12] = [
    "code",
    "codes",
    "statusCode",
    "status",
    "message",
    "msg",
    "error",
    "errors",
    "requestId",
    "timestamp",
    "path",
    "details",
];

/// The error that an answer of 200 stands for, in Aries' words; `None` of an ordinary answer.
pub(super) fn of(json: Json<'_>, body: &str) -> Option<Error> {
    if json.is_null() {
        let hint = "trying again may help; if not, tell the person that Aries is out of order";
        return Some(Error::new(Kind::Unavailable, "Aries answered null, which says nothing", hint));
    }
    // What is about a failure alone is short, and a long answer is not read twice.
    if body.len() > LONGEST {
        return None;
    }
    let failing = json.levels().into_iter().find(|level| fails(*level))?;
    let said = [body, failing.raw()].map(|text| ErrorBody::read(text).after_colon());
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    let hint = "check the arguments, a symbol with find_symbol; if they are right, try again in a minute";
    Some(Error::new(Kind::Refused, format!("Aries answered with an error{said}"), hint))
}

fn fails(level: Json<'_>) -> bool {
    if !level.is_object() {
        return false;
    }
    let is_failing = |name: &str| {
        level.text_at(name).is_some_and(|word| FAILURES.contains(&word.trim().to_lowercase().as_str()))
    };
    level.get("error").is_some_and(is_said)
        || level.get("success").and_then(Json::boolean) == Some(false)
        || level.get("ok").and_then(Json::boolean) == Some(false)
        || is_failing("status")
        || is_failing("s")
        || is_about_failure(level)
}

/// Whether the member says that something is wrong: not when it is false, zero, or empty.
fn is_said(error: Json<'_>) -> bool {
    match error.text() {
        Some(text) => {
            !["false", "0", "none", "null", "ok"].contains(&text.trim().to_lowercase().as_str())
                && !text.trim().is_empty()
        }
        None => !error.members().is_empty() || !error.items().is_empty(),
    }
}

/// Whether there is nothing in it but remarks, of which one is a code of failure or a list of errors.
fn is_about_failure(level: Json<'_>) -> bool {
    let members = level.members();
    let says = |value: &Json<'_>| value.text().is_some() || !value.members().is_empty() || value.is_array();
    let is_remark = |name: &str| REMARKS.iter().any(|remark| is_alike(remark, name));
    let only_remarks = members.iter().all(|(name, value)| is_remark(name) || !says(value));
    let code = ["code", "statusCode", "status"].iter().find_map(|name| level.get(name)?.integer());
    let has_errors =
        ["errors", "codes"].iter().any(|name| level.get(name).is_some_and(|list| !list.items().is_empty()));
    only_remarks && (code.is_some_and(|code| (400..600).contains(&code)) || has_errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> Option<String> {
        of(Json::parse(body).unwrap(), body).map(|error| error.cause)
    }

    #[test]
    fn an_error_inside_a_success_is_told_in_aries_words() {
        for (body, words) in [
            (r#"{"error":"no such plan"}"#, ": no such plan"),
            (r#"{"error":{"message":"no such plan","code":"PLAN"}}"#, ": no such plan"),
            (r#"{"success":false,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"success":"false","data":[]}"#, ""),
            (r#"{"status":"ERROR","message":"no such plan"}"#, ": no such plan"),
            (
                r#"{"status":"error","requestId":"r-1","error":"no such plan"}"#,
                ": no such plan (request r-1)",
            ),
            (r#"{"s":"error","errmsg":"no such plan"}"#, ": no such plan"),
            (r#"{"data":{"error":"no such plan"}}"#, ": no such plan"),
            (r#"{"data":null,"errors":[{"message":"no such plan"}]}"#, ": no such plan"),
            (r#"{"code":500,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"statusCode":429,"message":"slow down"}"#, ": slow down"),
        ] {
            assert_eq!(said(body), Some(format!("Aries answered with an error{words}")), "{body}");
        }
        assert_eq!(said("null").as_deref(), Some("Aries answered null, which says nothing"));
    }

    #[test]
    fn an_ordinary_answer_is_none() {
        for body in [
            "{}",
            "[]",
            "7",
            r#"{"orders":null,"nextCursor":0}"#,
            r#"{"data":[{"symbol":"A"}],"errors":[{"symbol":"B","error":"unknown symbol"}]}"#,
            r#"{"data":[],"errors":[{"symbol":"B","error":"unknown symbol"}]}"#,
            r#"{"success":true,"data":{"error":null}}"#,
            r#"{"status":"OK","results":[],"error":""}"#,
            r#"{"accounts":[{"status":"ERROR"}]}"#,
            r#"{"d":[{"s":"error"}],"s":"ok"}"#,
            r#"{"s":"no_data"}"#,
            r#"{"errors":[]}"#,
            r#"{"code":"USURTOT","value":4.1}"#,
        ] {
            assert_eq!(said(body), None, "{body}");
        }
    }
}
