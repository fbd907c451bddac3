//! Whether an answer that says no is Aries' own refusal of this very order, whole and in a documented form. Whatever else
//! says no is a doubt: a gateway does not know what became of a request, and a duplicate is there.

use std::borrow::Cow;

use serde_json::Value;

use super::json::{Json, is_alike};

/// Words of `type` by which Aries says that it did nothing.
const KINDS: [&str; 5] = ["VALIDATION", "BAD_REQUEST", "AUTHORIZATION", "NOT_FOUND", "RATE_LIMIT"];
/// The members of an answer about a failure, and those of its `error` object.
const OUTER: [&str; 6] = ["error", "codes", "meta", "metadata", "success", "clientId"];
const INNER: [&str; 6] = ["type", "code", "message", "details", "field", "request_id"];
/// Members that name the kind of a failure.
const CODES: [&str; 3] = ["code", "type", "ordRejReason"];
/// Members whose words are no sentences: they are looked at by themselves.
const NO_SENTENCES: [&str; 6] = ["code", "type", "ordRejReason", "field", "request_id", "requestId"];
/// Parts of a code, and words of a sentence, by which such an order is there.
const PRESENT: [&str; 6] = ["DUP", "DUPLICATE", "DUPLICATED", "CONFLICT", "ALREADY", "EXISTS"];
/// How deep an answer is searched.
const MOST_LEVELS: usize = 6;

/// Whether the whole answer is in a form in which Aries' services write a failure, and says of which kind it is. Phrases of
/// HTTP alone, numbers as codes and members of others are those of gateways.
pub(super) fn is_documented(json: Json<'_>) -> bool {
    let only = |json: Json<'_>, known: &[&str]| {
        json.members().iter().all(|(name, _)| known.iter().any(|known| is_alike(known, name)))
    };
    let word = |json: Json<'_>, name: &str| {
        json.text_at(name).is_some_and(|text| text.contains(|c: char| c.is_ascii_alphabetic()))
    };
    if json.get("success").and_then(Json::boolean) == Some(false)
        && (word(json, "text") || word(json, "ordRejReason"))
    {
        return true;
    }
    let Some(error) = json.get("error").filter(|_| only(json, &OUTER)) else { return false };
    let kind = error.text_at("type").unwrap_or_default();
    if error.is_object() {
        let is_known = KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind.trim()));
        return is_known && only(error, &INNER) && word(error, "code") && word(error, "message");
    }
    let codes = json.get("codes").map(Json::items).unwrap_or_default();
    word(json, "error") && !codes.is_empty() && codes.into_iter().all(|code| word(code, "code"))
}

/// Whether a code says that the order, or another one under its id, is there.
pub(crate) fn is_duplicate(json: Json<'_>) -> bool {
    any(json, MOST_LEVELS, &|name, text| CODES.iter().any(|code| is_alike(code, name)) && is_presence(text))
}

/// Whether a sentence speaks of something that is there, or names something that the request did not, as an order's id.
pub(super) fn speaks_of_another(json: Json<'_>, request: &Value) -> bool {
    let request = request.to_string();
    let is_name = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit())
            && word.contains(|c: char| c.is_ascii_alphabetic())
            && !request.contains(word)
    };
    any(json, MOST_LEVELS, &|name, text| {
        let is_sentence = !NO_SENTENCES.iter().any(|other| is_alike(other, name));
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        is_sentence && (is_presence(text) || words.any(is_name))
    })
}

/// Whether these words say that something is there.
pub(crate) fn is_presence(text: &str) -> bool {
    let is_word = |word: &str| PRESENT.iter().any(|present| present.eq_ignore_ascii_case(word));
    text.split(|c: char| !c.is_ascii_alphabetic()).any(is_word)
}

/// Whether this holds of the name and text of any member, however deep. What is about the answer itself does not count.
fn any(json: Json<'_>, levels: usize, holds: &impl Fn(&str, &str) -> bool) -> bool {
    let Some(levels) = levels.checked_sub(1) else { return false };
    let holds_inside = |(name, value): (Cow<'_, str>, Json<'_>)| {
        let texts = [value].into_iter().chain(value.items()).filter_map(Json::text);
        let is_about_answer = is_alike(&name, "meta") || is_alike(&name, "metadata");
        !is_about_answer && (texts.into_iter().any(|text| holds(&name, &text)) || any(value, levels, holds))
    };
    json.members().into_iter().any(holds_inside)
        || json.items().into_iter().any(|item| any(item, levels, holds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with<T>(value: &Value, read: impl FnOnce(Json<'_>) -> T) -> T {
        read(Json::parse(&value.to_string()).unwrap())
    }

    #[test]
    fn only_documented_forms_are_aries_own() {
        let nested = |changes: Value| {
            let mut error =
                json!({"type": "VALIDATION", "code": "INVALID_PARAMETER", "message": "bad price"});
            error.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            json!({"error": error, "meta": {}})
        };
        for own in [
            nested(json!({})),
            nested(json!({"type": "not_found", "request_id": "r-1", "details": [{"field": "price"}]})),
            json!({"success": false, "error": nested(json!({}))["error"]}),
            json!({"error": "bad price", "codes": [{"code": "PRICE", "field": "price"}], "metadata": {}}),
            json!({"success": false, "text": "the market is closed", "clOrdId": "1", "status": "REJECTED"}),
        ] {
            assert!(with(&own, is_documented), "{own}");
        }
        for foreign in [
            nested(json!({"type": "CONFLICT"})),
            nested(json!({"type": "TIMEOUT"})),
            nested(json!({"code": 403})),
            nested(json!({"message": ""})),
            nested(json!({"order": {"ordStatus": "NEW"}})),
            json!({"error": {"code": "BAD", "message": "bad price"}}),
            json!({"error": {"code": 413, "message": "Request Entity Too Large"}}),
            json!({"error": "Bad Request", "status": 400, "path": "/v1/orders", "timestamp": "2026-11-20"}),
            json!({"error": "Bad Request", "message": "no body", "statusCode": 400}),
            json!({"error": "bad price", "codes": []}),
            json!({"error": "bad price", "codes": [{"code": 7}]}),
            json!({"error": "bad price", "codes": [{"code": "PRICE"}], "orders": ["C1-7"]}),
            json!({"error": nested(json!({}))["error"], "id": "C1-7"}),
            json!({"errors": [{"message": "upstream connect error"}]}),
            json!({"success": false}),
            json!({}),
            json!([]),
        ] {
            assert!(!with(&foreign, is_documented), "{foreign}");
        }
    }

    #[test]
    fn a_duplicate_is_known_by_its_code_and_another_order_by_the_words() {
        for (code, is_one) in [
            ("DUPLICATE_ORDER", true),
            ("duplicate", true),
            ("CLIENT_ID_ALREADY_USED", true),
            ("ORDER_EXISTS", true),
            ("CONFLICT", true),
            ("NO_SUCH_ORDER", false),
            ("ACCOUNT_DOES_NOT_EXIST", false),
        ] {
            for body in
                [json!({"error": {"type": "VALIDATION", "code": code}}), json!({"ordRejReason": code})]
            {
                assert_eq!(with(&body, is_duplicate), is_one, "{body}");
            }
        }
        let request =
            json!({"symbol": "MSFT", "clientId": "am-1", "tradingAccountId": "SIM8820017", "qty": "10"});
        for (words, does) in [
            ("duplicate of order C1A224276FF7-22", true),
            ("see order C1-7", true),
            ("clientId already used", true),
            ("clientId am-2 is not known", true),
            ("account SIM8820017 is closed", false),
            ("the limit price 380.005 has more than 2 decimals", false),
            ("am-1 is no valid id", false),
        ] {
            for body in
                [json!({"error": {"message": words}}), json!({"error": {"details": {"qty": [words]}}})]
            {
                assert_eq!(with(&body, |json| speaks_of_another(json, &request)), does, "{body}");
            }
        }
    }
}
