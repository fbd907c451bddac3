//! Errors that stand inside an answer of 200: services that Aries passes on say so in a member, and not by the status.

use super::json::{Json, is_alike};
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;
use crate::told::Told;

/// Bytes of the longest answer in which an error is looked for.
const LONGEST: usize = 64 * 1024;
/// Members that tell in one word how it went.
const OUTCOMES: [&str; 11] =
    ["status", "s", "result", "response", "outcome", "state", "type", "@type", "level", "severity", "kind"];
/// Words of those that mean a failure.
const FAILURES: [&str; 6] = ["error", "err", "fail", "failed", "failure", "exception"];
/// Parts of a status that means a failure where nothing else is answered.
const DENIALS: [&str; 13] = [
    "error",
    "fail",
    "denied",
    "unavail",
    "not_found",
    "not found",
    "notfound",
    "unauthor",
    "not_author",
    "forbidden",
    "invalid",
    "expired",
    "refused",
];
/// Members that tell of an answer how it came about.
const ABOUT: [&str; 4] = ["meta", "metadata", "header", "status"];
/// Words of `status` that mean success.
const SUCCESSES: [&str; 4] = ["ok", "success", "delayed", "200"];
/// Members that hold an error.
const ERRORS: [&str; 3] = ["error", "fault", "exception"];
/// Members that tell whether what was asked was done.
const FLAGS: [&str; 6] = ["success", "ok", "isSuccess", "successful", "isSuccessful", "succeeded"];
/// Members that tell whether it went wrong.
const FAILURE_FLAGS: [&str; 5] = ["failed", "failure", "isError", "hasError", "hasErrors"];
/// Members that say no where nothing else is answered.
const REFUSALS: [&str; 2] = ["valid", "isValid"];
/// Members that hold an answer, or a sentence in its place.
const IN_PLACE_OF_AN_ANSWER: [&str; 7] =
    ["info", "data", "result", "results", "response", "items", "payload"];
/// Members in which services write what is wrong.
const SENTENCES: [&str; 24] = [
    "errorMsg",
    "errorDetails",
    "err",
    "failure",
    "exc",
    "errorText",
    "statusMessage",
    "statusText",
    "why",
    "retMsg",
    "faultString",
    "messages",
    "message",
    "detail",
    "errorMessage",
    "errorDescription",
    "errMsg",
    "msg",
    "reason",
    "errors",
    "note",
    "notice",
    "information",
    "warning",
];
/// Other members of an answer that is about its failure alone.
const REMARKS: [&str; 31] = [
    "httpStatus",
    "httpCode",
    "level",
    "severity",
    "kind",
    "@type",
    "text",
    "errno",
    "errCode",
    "retCode",
    "faultCode",
    "state",
    "outcome",
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
        let hint =
            Told::from("trying again may help; if not, ").and(Told::person_that("Aries is out of order"));
        return Some(Error::new(Kind::Unavailable, "Aries answered null, which says nothing", hint));
    }
    // What is about a failure alone is short, and a long answer is not read twice.
    if body.len() > LONGEST {
        return None;
    }
    let whole = Some(json).filter(|whole| holds_no_rows(*whole));
    let failing = whole.or_else(|| json.levels().into_iter().find(|level| fails(*level)))?;
    Some(error(body, failing))
}

/// The error that an answer of 200 to an order or a cancel stands for. A yes to those may be a sentence and nothing else,
/// so it is a no only where it says so.
pub(super) fn of_order(json: Json<'_>, body: &str) -> Option<Error> {
    let has_errors =
        |level: Json<'_>| level.get("errors").is_some_and(|errors| says(errors) && !is_of_symbols(errors));
    let is_no = |level: &Json<'_>| denies(*level) || tells_of_failure(*level) || has_errors(*level);
    let failing = json.levels().into_iter().find(is_no)?;
    Some(error(body, failing))
}

fn error(body: &str, failing: Json<'_>) -> Error {
    let said = [body, failing.raw()].map(|text| ErrorBody::read(text).after_colon());
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    let hint = "check the arguments, a symbol with find_symbol; if they are right, try again in a minute";
    Error::new(Kind::Refused, format!("Aries answered with an error{said}"), hint)
}

/// Whether the whole answer is a list of sentences or of nulls, as none of Aries' answers is.
fn holds_no_rows(whole: Json<'_>) -> bool {
    let items = whole.items();
    !items.is_empty() && items.iter().all(|item| item.is_null() || is_sentence(*item))
}

fn is_sentence(value: Json<'_>) -> bool {
    value.text().is_some_and(|text| text.trim().contains(char::is_whitespace))
}

fn fails(level: Json<'_>) -> bool {
    if level.is_array() {
        let items = level.items();
        let says_nothing = |item: &Json<'_>| item.is_null() || item.is_object() && is_about_failure(*item);
        return !items.is_empty() && items.iter().all(says_nothing);
    }
    if !level.is_object() {
        // A text or a boolean is no answer to any question; a number is one.
        return level.decimal().is_none();
    }
    denies(level) || is_refused_alone(level) || is_about_failure(level)
}

/// Whether it says no in so many words, whatever else it says.
fn denies(level: Json<'_>) -> bool {
    let word = |name: &str| level.text_at(name).map(|word| word.trim().to_lowercase());
    let is_failing = |name: &&str| word(name).is_some_and(|word| FAILURES.contains(&word.as_str()));
    let is_no = |name: &&str| word(name).is_some_and(|word| word == "false" || word == "0");
    let is_yes = |name: &&str| word(name).is_some_and(|word| word == "true");
    ERRORS.iter().any(|name| level.get(name).is_some_and(is_said))
        || FLAGS.iter().any(is_no)
        || FAILURE_FLAGS.iter().any(is_yes)
        || OUTCOMES.iter().any(is_failing)
        || ABOUT.iter().any(|name| level.get(name).is_some_and(tells_of_failure))
        || is_denied(level)
}

/// Whether what is said about an answer is that there is none.
fn tells_of_failure(about: Json<'_>) -> bool {
    let has_text = |name: &&str| about.text_at(name).is_some_and(|text| !text.trim().is_empty());
    let is_failing = |name: &&str| {
        about.text_at(name).is_some_and(|word| FAILURES.contains(&word.trim().to_lowercase().as_str()))
    };
    about.is_object()
        && (ERRORS.iter().any(|name| about.get(name).is_some_and(is_said))
            || FLAGS.iter().any(|name| about.get(name).and_then(Json::boolean) == Some(false))
            || OUTCOMES.iter().any(is_failing)
            || ["errorMessage", "errorDescription", "errMsg", "errorText"].iter().any(has_text)
            || has_code_of_failure(about))
}

fn has_code_of_failure(level: Json<'_>) -> bool {
    let codes = ["code", "statusCode", "status", "httpStatus", "httpCode"]
        .iter()
        .filter_map(|name| level.get(name)?.integer());
    codes.into_iter().any(|code| code < 0 || (400..600).contains(&code))
}

/// Whether nothing is answered but a no, or a sentence stands in the place of the answer.
fn is_refused_alone(level: Json<'_>) -> bool {
    let is_of = |names: &[&str], name: &str| names.iter().any(|known| is_alike(known, name));
    let is_no = |value: Json<'_>| value.boolean() == Some(false);
    let (telling, others): (Vec<_>, Vec<_>) = level.members().into_iter().partition(|(name, value)| {
        is_of(&REFUSALS, name) && is_no(*value) || is_of(&IN_PLACE_OF_AN_ANSWER, name) && is_sentence(*value)
    });
    !telling.is_empty() && others.iter().all(|(name, value)| is_remark(name) || value.is_null())
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

/// Whether nothing is answered, and the status says that it was denied.
fn is_denied(level: Json<'_>) -> bool {
    let status = level.text_at("status").unwrap_or_default().trim().to_lowercase();
    DENIALS.iter().any(|part| status.contains(part)) && has_remarks_alone(level)
}

fn has_remarks_alone(level: Json<'_>) -> bool {
    level.members().iter().all(|(name, value)| is_remark(name) || !says(*value))
}

fn is_remark(name: &str) -> bool {
    SENTENCES.iter().chain(&REMARKS).any(|known| is_alike(known, name))
}

fn says(value: Json<'_>) -> bool {
    value.text().is_some() || !value.members().is_empty() || !value.items().is_empty()
}

/// Whether there is nothing in it but remarks, of which one is a code of failure, or says what is wrong.
fn is_about_failure(level: Json<'_>) -> bool {
    if !has_remarks_alone(level) {
        return false;
    }
    let members = level.members();
    let is_success =
        level.text_at("status").is_some_and(|word| SUCCESSES.contains(&word.trim().to_lowercase().as_str()));
    let has_list = members.iter().any(|(name, value)| value.is_array() && !is_remark(name));
    let is_wrong = |name: &str| match name {
        "errors" | "codes" => level.get(name).is_some_and(|errors| says(errors) && !is_of_symbols(errors)),
        // "No data" beside an empty list is absence, and so is a remark on a success.
        _ => level.get(name).is_some_and(says) && !has_list && !is_success,
    };
    let has_error = ERRORS.iter().any(|name| level.get(name).is_some_and(is_said));
    has_code_of_failure(level)
        || has_error
        || is_wrong("codes")
        || SENTENCES.iter().any(|name| is_wrong(name))
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
            (r#"{"error_msg":"no such plan"}"#, ": no such plan"),
            (r#"{"error_code":5,"errorMsg":"no such plan"}"#, ": no such plan"),
            (r#"{"httpStatus":500,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"level":"ERROR","message":"no such plan"}"#, ": no such plan"),
            (r#"{"severity":"error","message":"no such plan"}"#, ": no such plan"),
            (r#"{"@type":"Error","message":"no such plan"}"#, ": no such plan"),
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
            (r#"{"Response":"Error","Message":"no such plan"}"#, ": no such plan"),
            (r#"{"Note":"no such plan"}"#, ": no such plan"),
            ("[null]", ""),
            (r#"["no such plan"]"#, ": no such plan"),
            (r#"{"failed":true}"#, ""),
            (r#"{"failed":true,"reason":"no such plan"}"#, ": no such plan"),
            (r#"{"data":[],"hasErrors":true}"#, ""),
            (r#"{"valid":false}"#, ""),
            (r#"{"valid":false,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"info":"no such plan"}"#, ": no such plan"),
            (r#"{"meta":{"error":"no such plan"},"positions":[]}"#, ": no such plan"),
            (r#"{"meta":{"status":"error","message":"no such plan"},"data":[]}"#, ": no such plan"),
            (r#"{"meta":{"code":429,"message":"slow down"},"data":null}"#, ": slow down"),
            (r#"{"header":{"status":"error","message":"no such plan"},"data":[]}"#, ": no such plan"),
            (r#"{"status":{"error_code":1002,"error_message":"no such plan"},"data":[]}"#, ": no such plan"),
            (r#"{"status":"denied","results":[],"message":"no such plan"}"#, ": no such plan"),
            (r#"{"status":"unavailable","results":[]}"#, ""),
            (r#"{"status":"NOT_AUTHORIZED"}"#, ""),
            (r#"{"code":-1,"msg":"no such plan","data":[]}"#, ": no such plan"),
            (r#"{"err":"no such plan"}"#, ": no such plan"),
            (r#"{"exc":"no such plan"}"#, ": no such plan"),
            (r#"{"errno":4,"errmsg":"no such plan"}"#, ": no such plan"),
            (r#"{"retcode":4,"retmsg":"no such plan"}"#, ": no such plan"),
            (r#"{"errorCode":"P","errorText":"no such plan"}"#, ": no such plan"),
            (r#"{"faultcode":"P","faultstring":"no such plan"}"#, ": no such plan"),
            (r#"{"statusCode":500,"statusMessage":"no such plan"}"#, ": no such plan"),
            (r#"{"status":500,"statusText":"no such plan"}"#, ": no such plan"),
            (r#"{"isSuccessful":false,"message":"no such plan"}"#, ": no such plan"),
            (r#"{"outcome":"FAILURE","why":"no such plan"}"#, ": no such plan"),
            (r#"{"state":"FAILED","info":"no such plan"}"#, ": no such plan"),
            (r#"{"type":"error","text":"no such plan"}"#, ": no such plan"),
            (r#"{"messages":["no such plan"]}"#, ": no such plan"),
            (r#"{"message":{"text":"no such plan"}}"#, ": no such plan"),
            (r#"{"failed":true,"why":"no such plan"}"#, ": no such plan"),
            (r#"{"results":"no such plan"}"#, ": no such plan"),
            (r#"{"data":[null]}"#, ""),
            (r#"{"data":"no such plan"}"#, ": no such plan"),
            (r#"{"result":"no such plan","status":"OK"}"#, ": no such plan"),
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
            r#"[{"title":"Apple","text":"It has grown again"}]"#,
            r#"{"error":null,"data":[]}"#,
            r#"{"meta":{"error":null,"status":"OK","code":200},"data":[]}"#,
            r#"{"status":"no_data","results":[]}"#,
            r#"{"status":"open"}"#,
            r#"{"symbol":"A","text":"filed late","status":"EXPIRED"}"#,
            r#"{"code":0,"msg":"done","data":[]}"#,
            r#"["AAPL","MSFT"]"#,
            r#"{"peers":["Apple Inc","Microsoft Corp"]}"#,
            r#"{"failed":0,"succeeded":3}"#,
            r#"{"symbol":"AAPL","valid":false}"#,
            r#"{"data":"AAPL"}"#,
        ] {
            assert_eq!(said(body), None, "{body}");
        }
    }
}
