//! Whether a no to a request that would change something is Aries' own, whole, and says that nothing was done.
//!
//! Only then is it believed at once. Gateways and frameworks on the way answer in forms of their own, or with the bare words
//! of HTTP; and who says that the order is there already knows more than one who refuses it.

use reqwest::StatusCode;

use super::json::{Json, is_alike};
use crate::error_body::ErrorBody;

/// The members of the bodies in which Aries' services refuse (Aries' SDK), and of what stands in them.
const NESTED: [&str; 3] = ["error", "meta", "success"];
const OF_ERROR: [&str; 5] = ["type", "code", "message", "details", "request_id"];
const FLAT: [&str; 3] = ["error", "codes", "metadata"];
/// An answer about an order that says that there is none.
const OF_ORDER: [&str; 14] = [
    "success",
    "status",
    "clOrdId",
    "origClOrdId",
    "clientId",
    "symbol",
    "side",
    "qty",
    "price",
    "cumQty",
    "leavesQty",
    "avgPrice",
    "text",
    "ordRejReason",
];

/// Kinds of failure after which something may be there.
const UNSURE: [&str; 4] = ["CONFLICT", "TIMEOUT", "INTERNAL", "UNAVAILABLE"];

/// Parts of a code by which an order under the same id is there.
const TAKEN: [&str; 6] = ["DUP", "DUPLICATE", "DUPLICATED", "CONFLICT", "ALREADY", "EXISTS"];

/// Words by which a refusal says that what was asked for is there.
const THERE: [&str; 10] = [
    "duplicate",
    "duplicated",
    "duplicates",
    "already",
    "exist",
    "exists",
    "existing",
    "conflict",
    "idempotency",
    "idempotent",
];

/// An id has at least so many characters.
const LEAST_OF_ID: usize = 6;

pub(super) fn is_definite(json: Json<'_>, text: &str, status: StatusCode) -> bool {
    let says = |name: &str| json.text_at(name).is_some_and(|text| !text.trim().is_empty());
    let is_aries = match json.get("error") {
        Some(error) if error.is_object() => {
            has_only(json, &NESTED)
                && has_only(error, &OF_ERROR)
                && error.text_at("code").is_some_and(|code| is_code(&code))
                && !error.text_at("type").is_some_and(|kind| UNSURE.contains(&&*kind.to_ascii_uppercase()))
        }
        Some(_) => {
            let codes = json.get("codes").map(Json::items);
            let named =
                codes.iter().flatten().any(|code| code.text_at("code").is_some_and(|code| is_code(&code)));
            let phrase = status.canonical_reason().unwrap_or_default();
            let is_reason =
                json.text_at("error").is_some_and(|said| !said.trim().eq_ignore_ascii_case(phrase));
            has_only(json, &FLAT) && codes.is_some() && says("error") && (named || is_reason)
        }
        None if json.get("codes").is_some() => has_only(json, &FLAT),
        None => {
            let denied = json.get("success").and_then(Json::boolean) == Some(false);
            has_only(json, &OF_ORDER) && denied && (says("text") || says("ordRejReason"))
        }
    };
    is_aries && !ErrorBody::read(text).words().any(is_of_something_there)
}

/// Whether a code in this body says that such an order is there: no list that lacks it ends that doubt.
pub(crate) fn is_duplicate(text: &str) -> bool {
    let is_code = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let body = ErrorBody::read(text);
    let mut codes = body.words().filter(|word| is_code(word));
    codes.any(|code| code.split('_').any(|part| TAKEN.contains(&part)))
}

/// Whether words of Aries speak of something that is there already.
pub(crate) fn speaks_of_something_there(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(is_there)
}

fn has_only(json: Json<'_>, names: &[&str]) -> bool {
    json.members().iter().all(|(name, _)| names.iter().any(|known| is_alike(known, name)))
}

/// A code of Aries is a word; a number is the status of a gateway.
fn is_code(code: &str) -> bool {
    code.contains(|c: char| c.is_ascii_alphabetic()) && !code.contains(char::is_whitespace)
}

/// Whether a word says that something is there already, or is an id.
fn is_of_something_there(word: &str) -> bool {
    let has = |is: fn(char) -> bool| word.contains(is);
    let is_id =
        word.chars().count() >= LEAST_OF_ID && has(|c| c.is_ascii_digit()) && has(|c| c.is_alphabetic());
    is_id || word.split(['_', '-']).any(is_there)
}

fn is_there(word: &str) -> bool {
    THERE.iter().any(|there| word.eq_ignore_ascii_case(there))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definite(status: u16, body: &str) -> bool {
        is_definite(Json::parse(body).unwrap(), body, StatusCode::from_u16(status).unwrap())
    }

    #[test]
    fn a_refusal_in_one_of_aries_forms_is_believed() {
        for (status, body) in [
            (
                400,
                r#"{"error":"price is out of range","codes":[{"code":"PRICE","field":"price"}],"metadata":{}}"#,
            ),
            (400, r#"{"error":"bad price","codes":[],"metadata":{}}"#),
            (403, r#"{"codes":[{"code":"SCOPE"}]}"#),
            (
                422,
                r#"{"error":{"type":"VALIDATION","code":"INVALID_VALUE","message":"bad quantity 4,000.50"}}"#,
            ),
            (
                400,
                r#"{"success":false,"error":{"code":"LOT","message":"x","details":[{"field":"qty"}]},"meta":{}}"#,
            ),
            (400, r#"{"success":false,"status":"REJECTED","ordRejReason":"LOT","text":"odd lot"}"#),
        ] {
            assert!(definite(status, body), "{body}");
        }
    }

    #[test]
    fn the_words_of_gateways_are_no_reason_of_aries() {
        for (status, body) in [
            (400, r#"{"error":"Bad Request"}"#),
            (400, r#"{"error":"bad request","codes":[],"metadata":{}}"#),
            (404, r#"{"error":"Not Found","codes":[]}"#),
            (
                400,
                r#"{"timestamp":"2026-11-28T16:00:00Z","status":400,"error":"Bad Request","path":"/v1/orders"}"#,
            ),
            (
                400,
                r#"{"statusCode":400,"error":"Bad Request","message":"Invalid request payload JSON format"}"#,
            ),
            (403, r#"{"error":"error code: 1020"}"#),
            (
                403,
                r#"{"error":{"code":403,"message":"The request is blocked","status":"PERMISSION_DENIED"}}"#,
            ),
            (413, r#"{"error":{"code":413,"message":"Request Entity Too Large"}}"#),
            (413, r#"{"error":{"code":"413","message":"Request Entity Too Large"}}"#),
            (400, r#"{"errors":[{"message":"upstream connect error"}]}"#),
            (403, r#"{"message":"Forbidden"}"#),
            (400, r#"{"error":{"message":"no healthy upstream"}}"#),
        ] {
            assert!(!definite(status, body), "{body}");
        }
    }

    #[test]
    fn a_code_that_says_that_the_order_is_there_is_a_duplicate() {
        for (body, is_one) in [
            (r#"{"error":{"code":"DUP","message":"see the other"}}"#, true),
            (r#"{"error":"no","codes":[{"code":"CLIENT_ID_ALREADY_USED"}]}"#, true),
            (r#"{"success":false,"ordRejReason":"DUPLICATE_ORDER","text":"no"}"#, true),
            (r#"{"error":{"code":"PRICE","message":"already too high"}}"#, false),
            (r#"{"error":{"code":"NO_SUCH_ORDER","message":"it is a duplicate"}}"#, false),
        ] {
            assert_eq!(is_duplicate(body), is_one, "{body}");
        }
        assert!(!definite(400, r#"{"error":{"type":"CONFLICT","code":"ORDER","message":"no"}}"#));
        assert!(speaks_of_something_there("clientId already used") && !speaks_of_something_there("too late"));
    }

    #[test]
    fn what_says_that_the_order_is_there_refuses_nothing() {
        for body in [
            r#"{"error":{"code":"DUP","message":"duplicate of order C1A224276FF7-22"}}"#,
            r#"{"error":{"code":"REFUSED","message":"see C1A224276FF7-22"}}"#,
            r#"{"error":{"code":"DUPLICATE_ORDER","message":"an order with this clientId is there"}}"#,
            r#"{"error":{"code":"CLIENT_ID","message":"clientId already used"}}"#,
            r#"{"error":"there is one already","codes":[{"code":"ORDER_EXISTS"}]}"#,
            r#"{"error":{"code":"X","message":"late"},"ordStatus":"NEW"}"#,
            r#"{"error":{"code":"X","message":"late"},"order":{"ordStatus":"NEW","symbol":"MSFT"}}"#,
            r#"{"error":{"code":"X","message":"late"},"id":"C1-7"}"#,
            r#"{"error":{"code":"X","message":"late"},"orders":["C1-7"]}"#,
            r#"{"error":{"code":"X","message":"late","id":"C1-7"}}"#,
            r#"{"success":false,"text":"late","ordStatus":"NEW"}"#,
        ] {
            assert!(!definite(400, body), "{body}");
        }
    }
}
