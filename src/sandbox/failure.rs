//! Errors in the shapes that Aries' services write. Which one comes depends on the service, unless a test chooses.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::Answer;

/// What is wrong with a request, before it has a shape.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
    /// The parameter that it is about.
    pub(crate) field: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorShape {
    /// `error` is an object; most services.
    Nested,
    /// `error` is a text, and `codes` say more; the order history, token and user calls.
    Flat,
    /// A list of failures.
    List,
    /// RFC 6749: `error` and `error_description`.
    Oauth,
    Text,
    Html,
    Empty,
}

impl ErrorShape {
    /// The shape of the service that a path belongs to.
    pub(crate) fn of(path: &str) -> Self {
        let is_flat =
            path.contains("/oauth2/") || path.contains("/users/") || path.ends_with("/orders/history");
        if is_flat { Self::Flat } else { Self::Nested }
    }

    /// Writes the body of an answer that is an error.
    pub(crate) fn write(self, answer: &mut Answer, path: &str, request: u64) {
        let Some(failure) = &answer.failure else { return };
        let (kind, body) = match self {
            Self::Nested => ("application/json", nested(answer.status, failure, path, request).to_string()),
            Self::Flat => ("application/json", flat(failure).to_string()),
            Self::List => ("application/json", json!([one(failure)]).to_string()),
            Self::Oauth => {
                let body = json!({"error": failure.code, "error_description": failure.message});
                ("application/json", body.to_string())
            }
            Self::Text => ("text/plain", format!("{}: {}", failure.code, failure.message)),
            Self::Html => ("text/html", format!("<html><head><title>{}</title></head></html>", failure.code)),
            Self::Empty => ("application/json", String::new()),
        };
        kind.clone_into(&mut answer.content_type);
        answer.body = body.into_bytes();
    }
}

fn nested(status: u16, failure: &Failure, path: &str, request: u64) -> Value {
    let kind = match status {
        400 | 422 => "VALIDATION",
        401 => "AUTHENTICATION",
        403 => "AUTHORIZATION",
        404 => "NOT_FOUND",
        409 => "CONFLICT",
        429 => "RATE_LIMIT",
        504 => "TIMEOUT",
        _ => "INTERNAL",
    };
    let mut error = json!({"type": kind, "code": failure.code.to_uppercase(), "message": failure.message});
    if let (Some(field), Some(error)) = (&failure.field, error.as_object_mut()) {
        error.insert("details".to_owned(), json!([{"field": field, "message": failure.message}]));
    }
    if let Some(error) = error.as_object_mut() {
        error.insert("request_id".to_owned(), json!(format!("req-{request}")));
    }
    match path.contains("/prediction") {
        true => json!({"success": false, "error": error}),
        false => json!({"error": error, "meta": {}}),
    }
}

fn flat(failure: &Failure) -> Value {
    json!({"error": failure.message, "codes": [one(failure)]})
}

fn one(failure: &Failure) -> Value {
    let mut one = json!({"code": failure.code, "description": failure.message});
    if let (Some(field), Some(one)) = (&failure.field, one.as_object_mut()) {
        one.insert("field".to_owned(), json!(field));
    }
    one
}
