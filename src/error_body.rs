//! What Aries says of a failure, in each shape that its services write: an `error` text with `codes`, an `error` object,
//! lists of either, an order that was rejected, plain text, a page of a proxy, or nothing.

use serde_json::{Map, Value};

use crate::text::{clean, is_alike, without_tokens};

/// Members that hold a sentence, the most telling first.
const SENTENCES: [&str; 31] = [
    "message",
    "errorMessage",
    "errorMsg",
    "errorDetails",
    "errorDescription",
    "faultString",
    "description",
    "errMsg",
    "msg",
    "detail",
    "text",
    "error",
    "errors",
    "reason",
    "note",
    "notice",
    "information",
    "warning",
    "title",
    "why",
    "err",
    "failure",
    "exc",
    "errorText",
    "statusMessage",
    "statusText",
    "retMsg",
    "info",
    "data",
    "result",
    "results",
];
const FIELDS: [&str; 5] = ["field", "param", "parameter", "property", "propertyPath"];
const REQUEST_IDS: [&str; 1] = ["requestId"];
const CODES: [&str; 8] =
    ["code", "errorCode", "errCode", "errNo", "retCode", "returnCode", "resultCode", "faultCode"];
/// Members that hold further failures: what is wrong with each field, or the one failure itself.
const INNER: [&str; 32] = [
    "error",
    "errors",
    "codes",
    "details",
    "fault",
    "exception",
    "message",
    "messages",
    "detail",
    "errorMessage",
    "errorMsg",
    "errorDetails",
    "errorDescription",
    "errMsg",
    "msg",
    "err",
    "exc",
    "failure",
    "reason",
    "violations",
    "invalidParams",
    "invalid-params",
    "fieldErrors",
    "validationErrors",
    "issues",
    "warning",
    "meta",
    "metadata",
    "header",
    "status",
    "responseStatus",
    "responseHeader",
];
/// Those of them that tell of an answer how it came about: a text there is no sentence.
const ABOUT: [&str; 6] = ["meta", "metadata", "header", "status", "responseStatus", "responseHeader"];
const MOST_SENTENCES: usize = 3;
/// Characters of the sentences together.
const MOST_SAID: usize = 300;

#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    /// Each with the field that it is about.
    sentences: Vec<String>,
    codes: Vec<String>,
    request_id: Option<String>,
}

impl ErrorBody {
    pub(crate) fn read(body: &str) -> Self {
        let mut read = Self::default();
        match serde_json::from_str(body) {
            Ok(json) => read.take(&json),
            Err(_) => read.sentences.extend(plain_text(body)),
        }
        read
    }

    /// What is said and the request id, to follow a sentence of ours; empty if there is neither.
    pub(crate) fn after_colon(&self) -> String {
        let said = self.said().map(|said| format!(": {said}")).unwrap_or_default();
        let id = self.request_id.as_deref().map(|id| without_tokens(&clean(id, 80)));
        said + &id.map(|id| format!(" (request {id})")).unwrap_or_default()
    }

    /// The sentences alone, on one line.
    pub(crate) fn said(&self) -> Option<String> {
        let mut first: Vec<&str> = Vec::new();
        for sentence in &self.sentences {
            if first.len() < MOST_SENTENCES && !first.contains(&sentence.as_str()) {
                first.push(sentence);
            }
        }
        let said = match first.as_slice() {
            [] => self.code()?.to_owned(),
            first => first.join("; "),
        };
        // Tokens are hidden before the cut: half a token is a secret, too.
        Some(clean(&without_tokens(&clean(&said, 2_000)), MOST_SAID)).filter(|said| !said.is_empty())
    }

    /// Which of these codes the answer names: as a code, else as a word of a sentence.
    pub(crate) fn named<'a>(&self, known: &[&'a str]) -> Option<&'a str> {
        let find = |word: &str| known.iter().copied().find(|code| code.eq_ignore_ascii_case(word));
        let of_a_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut words = self.sentences.iter().flat_map(|sentence| sentence.split(|c| !of_a_word(c)));
        self.codes.iter().find_map(|code| find(code)).or_else(|| words.find_map(find))
    }

    /// Every word of its sentences and codes.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let said = self.sentences.iter().chain(&self.codes);
        said.flat_map(move |text| text.split(move |c| !is_of_word(c))).filter(|word| !word.is_empty())
    }

    /// The first code, as Aries writes it.
    pub(crate) fn code(&self) -> Option<&str> {
        self.codes.first().map(String::as_str)
    }

    fn take(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.sentences.push(text.clone()),
            Value::Array(list) => list.iter().for_each(|one| self.take(one)),
            Value::Object(members) => self.take_members(members),
            _ => {}
        }
    }

    fn take_members(&mut self, members: &Map<String, Value>) {
        let places = ["meta", "metadata"].map(|name| member(members, name).and_then(Value::as_object));
        for place in [Some(members)].into_iter().chain(places).flatten() {
            self.request_id = self.request_id.take().or_else(|| text(place, &REQUEST_IDS).map(str::to_owned));
        }
        let word = text(members, &["error"]).filter(|word| !is_sentence(word));
        self.codes.extend(text(members, &CODES).into_iter().chain(word).map(str::to_owned));
        let mut inner = Self::default();
        for (name, value) in INNER.iter().filter_map(|name| Some((*name, member(members, name)?))) {
            match value {
                // Below what is said, what says nothing is a code for programs.
                Value::Object(fields) if name == "detail" && text(fields, &SENTENCES).is_none() => {}
                Value::Object(fields) if is_by_field(name, fields) => inner.take_fields(fields),
                // The sentence itself, or a word.
                Value::String(_) if SENTENCES.contains(&name) || ABOUT.contains(&name) => {}
                value => inner.take(value),
            }
        }
        // A bare word beside what is wrong with each field says nothing more.
        let own = sentence(members).filter(|own| is_sentence(own) || inner.sentences.is_empty());
        self.sentences.extend(own.into_iter().chain(inner.sentences));
        self.codes.extend(inner.codes);
        self.request_id = self.request_id.take().or(inner.request_id);
    }

    /// Details that hold what is wrong under the name of each field.
    fn take_fields(&mut self, fields: &Map<String, Value>) {
        let said = fields.iter().filter_map(|(name, value)| {
            let text = match value {
                Value::Array(list) => list.first()?.as_str()?,
                value => value.as_str()?,
            };
            Some(format!("{name}: {text}"))
        });
        self.sentences.extend(said);
    }
}

/// The sentence of one failure, after its field, or after the code by which an order was rejected.
fn sentence(members: &Map<String, Value>) -> Option<String> {
    let reason = text(members, &["ordRejReason"]);
    match (reason.or_else(|| text(members, &FIELDS)).or_else(|| place(members)), text(members, &SENTENCES)) {
        (Some(about), Some(said)) if about != said => Some(format!("{about}: {said}")),
        (_, Some(said)) => Some(said.to_owned()),
        (_, None) => reason.or_else(|| text(members, &CODES)).map(str::to_owned).or_else(|| number(members)),
    }
}

/// The field that a failure is about, where its place is a path to it: `["query", "symbol"]`.
fn place(members: &Map<String, Value>) -> Option<&str> {
    ["loc", "path"].iter().find_map(|name| member(members, name)?.as_array()?.last()?.as_str())
}

/// The first of these members that is a text and not empty.
fn text<'a>(members: &'a Map<String, Value>, names: &[&str]) -> Option<&'a str> {
    names.iter().filter_map(|name| member(members, name)?.as_str()).find(|text| !text.trim().is_empty())
}

/// A code that is a number, and not that of a status, which is told beside it.
fn number(members: &Map<String, Value>) -> Option<String> {
    let number = CODES.iter().find_map(|name| member(members, name)?.as_i64())?;
    (number != 0 && !(100..600).contains(&number)).then(|| number.to_string())
}

/// The member of this name, else one that is spelled like it: services differ in case and underscores.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).or_else(|| members.iter().find(|(own, _)| is_alike(own, name)).map(|(_, value)| value))
}

/// Whether what is wrong stands under the name of each field.
fn is_by_field(name: &str, fields: &Map<String, Value>) -> bool {
    matches!(name, "details" | "errors")
        && text(fields, &SENTENCES).is_none()
        && text(fields, &CODES).is_none()
}

fn is_sentence(text: &str) -> bool {
    text.trim().contains(char::is_whitespace)
}

/// What a body that is no JSON says: a text itself, a page by its title. JSON that is cut off says nothing.
fn plain_text(body: &str) -> Option<String> {
    let body = body.trim();
    match body.chars().next()? {
        '{' | '[' => None,
        '<' => {
            let lower = body.to_ascii_lowercase();
            let (before, rest) = lower.split_once("<title")?;
            let (attributes, rest) = rest.split_once('>')?;
            let begin = before.len() + "<title".len() + attributes.len() + 1;
            body.get(begin..begin + rest.find('<')?).map(str::to_owned)
        }
        _ => Some(body.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_gives_its_sentence_its_field_and_its_request_id() {
        let shapes = [
            (
                r#"{"error":"x","codes":[{"code":"C","description":"too short","field":"qty"}]}"#,
                ": qty: too short",
            ),
            (
                r#"{"error":"Order refused by rules","codes":[{"code":"LOT_SIZE"}],"metadata":{"requestId":"r-1"}}"#,
                ": Order refused by rules; LOT_SIZE (request r-1)",
            ),
            (
                r#"{"error":{"type":"VALIDATION","code":"INVALID_PARAMETER","message":"limit is too large",
                    "details":[{"field":"limit","message":"at most 500"}],"request_id":"req-9f2"},"meta":{}}"#,
                ": limit is too large; limit: at most 500 (request req-9f2)",
            ),
            (
                r#"{"error":{"code":"BAD","message":"not valid","details":{"qty":["must be positive"]}}}"#,
                ": not valid; qty: must be positive",
            ),
            (
                r#"{"success":false,"error":{"type":"not_found","code":"NOT_FOUND"},"meta":{"request_id":"7"}}"#,
                ": NOT_FOUND (request 7)",
            ),
            (
                r#"{"success":false,"status":"REJECTED","ordRejReason":"BUYING_POWER","text":"it needs 4,000"}"#,
                ": BUYING_POWER: it needs 4,000",
            ),
            (
                r#"[{"field":"symbol","message":"is unknown"},{"message":"side is missing"}]"#,
                ": symbol: is unknown; side is missing",
            ),
            (r#"{"errors":["a b","c d","a b"]}"#, ": a b; c d"),
            (r#"{"error":"bad_request","message":"symbol is unknown"}"#, ": symbol is unknown"),
            (r#"{"error":"invalid_grant","error_description":"code used"}"#, ": code used"),
            (r#"{"error":"only_this"}"#, ": only_this"),
            (r#"{"Status":"Failure","Message":"no such plan"}"#, ": no such plan"),
            (r#"{"error_code":"PLAN","error_message":"no such plan"}"#, ": no such plan"),
            (r#"{"Error Message":"no such plan"}"#, ": no such plan"),
            (r#"{"errors":"no such plan"}"#, ": no such plan"),
            (r#"{"errors":{"symbol":["is unknown"]}}"#, ": symbol: is unknown"),
            (r#"{"fault":{"faultstring":"no such plan","detail":{"errorcode":"x"}}}"#, ": no such plan"),
            (
                r#"{"detail":[{"loc":["query","symbol"],"msg":"is unknown","type":"x"}]}"#,
                ": symbol: is unknown",
            ),
            (r#"{"detail":{"msg":"no such plan"}}"#, ": no such plan"),
            (r#"{"detail":["no such plan"]}"#, ": no such plan"),
            (r#"{"reason":[{"message":"no such plan"}]}"#, ": no such plan"),
            (
                r#"{"title":"Bad Request","violations":[{"field":"limit","message":"is too large"}]}"#,
                ": Bad Request; limit: is too large",
            ),
            (
                r#"{"title":"Invalid","invalid-params":[{"name":"limit","reason":"is too large"}]}"#,
                ": is too large",
            ),
            (r#"{"messages":"no such plan"}"#, ": no such plan"),
            (r#"{"errorCode":1002}"#, ": 1002"),
            (r#""Unauthorized""#, ": Unauthorized"),
            (r#"{"request_id":"r-2"}"#, " (request r-2)"),
            ("upstream connect error\n", ": upstream connect error"),
            ("<html><head><Title>502 Bad Gateway</Title></head>", ": 502 Bad Gateway"),
            ("<html>", ""),
            (r#"{"error":{"message":"cut of"#, ""),
            ("null", ""),
            ("", ""),
        ];
        for (body, expected) in shapes {
            assert_eq!(ErrorBody::read(body).after_colon(), expected, "{body}");
        }
    }

    #[test]
    fn a_code_is_found_wherever_it_stands_and_not_inside_a_longer_word() {
        let known = ["invalid_client", "invalid_grant"];
        for (body, expected) in [
            (r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
            (r#"{"error":"Unauthorized","codes":[{"code":"INVALID_GRANT"}]}"#, Some("invalid_grant")),
            (r#"{"error":{"type":"AUTHENTICATION","code":"invalid_client"}}"#, Some("invalid_client")),
            (r#"{"error":{"message":"oauth: invalid_grant, token is used"}}"#, Some("invalid_grant")),
            ("invalid_grant: it is over", Some("invalid_grant")),
            (r#"{"error":"invalid_grant_type is no grant"}"#, None),
            (r#"{"error":{"code":"OTHER","message":"no such thing"}}"#, None),
        ] {
            assert_eq!(ErrorBody::read(body).named(&known), expected, "{body}");
        }
    }

    #[test]
    fn a_token_that_is_repeated_is_hidden() {
        let token = "a1".repeat(30);
        let body = format!(r#"{{"error":{{"message":"bad token {token}","request_id":"{token}"}}}}"#);
        assert_eq!(ErrorBody::read(&body).after_colon(), ": bad token (hidden) (request (hidden))");
    }
}
