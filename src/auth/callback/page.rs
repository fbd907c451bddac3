//! The pages that the browser ends on. They are static: nothing of the request is in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use hyper::{Response, StatusCode};
use sha2::{Digest, Sha256};

use super::request::{Answer, Checked};

const STYLE: &str = include_str!("page.css");

pub(super) fn render(request: Checked) -> (Response<Full<Bytes>>, Option<Answer>) {
    match request {
        Checked::NotOurs(status) => {
            let is_path = status == StatusCode::NOT_FOUND;
            let text = if is_path { "Not found.\n" } else { "This is not the sign-in we wait for.\n" };
            (response(status, "text/plain; charset=utf-8", text.to_owned()), None)
        }
        Checked::Ours(answer) => {
            let html = match &answer {
                Answer::Code(_) => html(
                    ("good", "✓"),
                    "You are signed in",
                    "aries-mcp has what it needs and finishes in the window you started it from.",
                ),
                Answer::Refused(word) if word == "access_denied" => html(
                    ("bad", "✕"),
                    "Access was denied",
                    "Nothing was stored. To try again, run <code>aries-mcp login</code>.",
                ),
                Answer::Refused(_) => html(
                    ("bad", "!"),
                    "Aries could not sign you in",
                    "The window you started aries-mcp from says why, and what to do next.",
                ),
            };
            (response(StatusCode::OK, "text/html; charset=utf-8", html), Some(answer))
        }
    }
}

fn html((class, mark): (&str, &str), title: &str, text: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · aries-mcp</title>\
         <style>{STYLE}</style></head>\
         <body><main><div class=\"mark {class}\" aria-hidden=\"true\">{mark}</div>\
         <h1>{title}</h1><p>{text} You can close this tab.</p><footer>aries-mcp, on this machine</footer></main></body></html>\n"
    )
}

fn response(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    let fixed = [
        ("content-type", kind),
        ("content-security-policy", &policy),
        // The address of this page holds the code: it goes to nobody and into no cache.
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("connection", "close"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_str(value).expect("these headers are ASCII"));
    }
    response
}
