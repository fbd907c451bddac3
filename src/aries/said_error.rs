//! Errors that stand inside an answer of 200: services that Aries passes on say so in a member, and not by the status.

use super::json::{Json, is_alike};
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;

/// Bytes of the longest answer in which an error is looked for.
const LONGEST: usize = 64 * 1024;
/// Words of `status`, `s` and `result` that mean a failure.
const FAILURES: [&str; 6] = ["error", "err", "fail", "failed", "failure", "exception"];
/// Words of `status` that mean success.
const SUCCESSES: [&str; 4] = ["ok", "success", "delayed", "200"];
/// Members that hold an error.
const ERRORS: [&str; 3] = ["error", "fault", "exception"];
/// Members that tell whether what was asked was done.
const FLAGS: [&str; 5] = ["success", "ok", "isSuccess", "successful", "succeeded"];
/// Members in which services write what is wrong.
const SENTENCES: [&str; 8] =
    ["message", "detail", "errorMessage", "errorDescription", "errMsg", "msg", "reason", "errors"];
/// Other members of an answer that is about its failure alone.
const REMARKS: [&str; 18] = [
    "code",
    "codes",
    "statusCode",
    "status",
    "error",
    "errorCode",
    "success",
    "requestId",
    "traceId",
    "timestamp",
    "path",
    "details",
    "type",
    "title",
    "instance",
    "meta",
    "metadata",
    "count",
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
    if level.is_array() {
        let items = level.items();
        return !items.is_empty() && items.iter().all(|item| item.is_object() && is_about_failure(*item));
    }
    if !level.is_object() {
        // A text or a boolean is no answer to any question; a number is one.
        return level.decimal().is_none();
    }
    let word = |name: &str| level.text_at(name).map(|word| word.trim().to_lowercase());
    let is_failing = |name: &&str| word(name).is_some_and(|word| FAILURES.contains(&word.as_str()));
    let is_no = |name: &&str| word(name).is_some_and(|word| word == "false" || word == "0");
    ERRORS.iter().any(|name| level.get(name).is_some_and(is_said))
        || FLAGS.iter().any(is_no)
        || ["status", "s", "result"].iter().any(is_failing)
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

/// Whether there is nothing in it but remarks, of which one is a code of failure, or says what is wrong.
fn is_about_failure(level: Json<'_>) -> bool {
    let says =
        |value: Json<'_>| value.text().is_some() || !value.members().is_empty() || !value.items().is_empty();
    let members = level.members();
    let is_of = |names: &[&str], name: &str| names.iter().any(|known| is_alike(known, name));
    let is_remark = |name: &str| is_of(&SENTENCES, name) || is_of(&REMARKS, name);
    if !members.iter().all(|(name, value)| is_remark(name) || !says(*value)) {
        return false;
    }
    let code = ["code", "statusCode", "status"].iter().find_map(|name| level.get(name)?.integer());
    let has_code = code.is_some_and(|code| (400..600).contains(&code));
    let is_success =
        level.text_at("status").is_some_and(|word| SUCCESSES.contains(&word.trim().to_lowercase().as_str()));
    let has_list = members.iter().any(|(name, value)| value.is_array() && !is_remark(name));
    let is_wrong = |name: &str| match name {
        "errors" | "codes" => level.get(name).is_some_and(|errors| says(errors) && !is_of_symbols(errors)),
        // "No data" beside an empty list is absence, and so is a remark on a success.
        _ => level.get(name).is_some_and(says) && !has_list && !is_success,
    };
    let has_error = ERRORS.iter().any(|name| level.get(name).is_some_and(is_said));
    has_code || has_error || is_wrong("codes") || SENTENCES.iter().any(|name| is_wrong(name))
}

/// Whether errors are about single symbols: those of the others are answered.
fn is_of_symbols(errors: Json<'_>) -> bool {
    errors.items().iter().any(|error| ["symbol", "ticker"].iter().any(|name| error.has(name)))
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
            (
                r#"{"status":"NOT_AUTHORIZED","message":"no such plan","request_id":"1"}"#,
                ": no such plan (request 1)",
            ),
            (
                r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"no such plan"}"#,
                ": no such plan",
            ),
            (r#"{"detail":"no such plan"}"#, ": no such plan"),
            (r#"{"message":"no such plan"}"#, ": no such plan"),
            (r#"{"errorMessage":"no such plan"}"#, ": no such plan"),
            (r#"{"error_code":"PLAN","error_message":"no such plan"}"#, ": no such plan"),
            (r#"{"Error Message":"no such plan"}"#, ": no such plan"),
            (r#"{"errors":"no such plan"}"#, ": no such plan"),
            (r#"{"errors":{"symbol":["no such plan"]}}"#, ": symbol: no such plan"),
            (r#"{"data":[],"errors":["no such plan"]}"#, ": no such plan"),
            (r#"{"data":null,"message":"no such plan"}"#, ": no such plan"),
            (r#"[{"error":"no such plan"}]"#, ": no such plan"),
            (r#""no such plan""#, ": no such plan"),
            ("false", ""),
            (r#"{"success":0,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"isSuccess":false,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"result":"error","message":"no such plan"}"#, ": no such plan"),
            (r#"{"fault":{"faultstring":"no such plan"}}"#, ": no such plan"),
            (r#"{"code":"NOT_FOUND","message":"no such plan"}"#, ": no such plan"),
            (r#"{"Status":"Failure","Message":"no such plan"}"#, ": no such plan"),
            (
                r#"{"chart":{"result":null,"error":{"code":"Not Found","description":"no such plan"}}}"#,
                ": no such plan",
            ),
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
            r#"{"data":[],"message":"no data"}"#,
            r#"{"status":"OK","results":[],"message":"nothing found"}"#,
            r#"[{"title":"Apple","type":"Common Stock"}]"#,
            r#"{"error":null,"data":[]}"#,
        ] {
            assert_eq!(said(body), None, "{body}");
        }
    }
}
