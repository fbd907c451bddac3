//! The pages that the browser ends on. They are static: nothing of the request is in them.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use hyper::{Response, StatusCode};

use super::request::{Answer, Checked};
use crate::card::Card;

pub(super) fn render(request: Checked) -> (Response<Full<Bytes>>, Option<Answer>) {
    match request {
        Checked::NotOurs(status) => {
            let is_path = status == StatusCode::NOT_FOUND;
            let text = if is_path { "Not found.\n" } else { "This is not the sign-in we wait for.\n" };
            (response(status, "text/plain; charset=utf-8", text.to_owned()), None)
        }
        Checked::Ours(answer) => {
            let (mark, title, text) = match &answer {
                Answer::Code(_) => (
                    ("good", "✓"),
                    "You are signed in",
                    "aries-mcp has what it needs and finishes in the window you started it from.",
                ),
                Answer::Refused(word) if word == "access_denied" => (
                    ("bad", "✕"),
                    "Access was denied",
                    "Nothing was stored. To try again, run <code>aries-mcp login</code>.",
                ),
                Answer::Refused(_) => (
                    ("bad", "!"),
                    "Aries could not sign you in",
                    "The window you started aries-mcp from says why, and what to do next.",
                ),
            };
            let (class, mark) = mark;
            let body = format!(
                "<div class=\"mark {class}\" aria-hidden=\"true\">{mark}</div><h1>{title}</h1>\
                 <p>{text} You can close this tab.</p>"
            );
            let card = Card { title, body: &body, head: "", style: "", script: "" };
            let mut response = response(StatusCode::OK, "text/html; charset=utf-8", card.html());
            let policy = HeaderValue::from_str(&card.policy("'none'")).expect("the policy is ASCII");
            response.headers_mut().insert("content-security-policy", policy);
            (response, Some(answer))
        }
    }
}

fn response(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", kind),
        // The address of this page holds the code: it goes to nobody and into no cache.
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("connection", "close"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
