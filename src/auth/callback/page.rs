//! The pages that the browser ends on. They are static: nothing of the request is in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use sha2::{Digest, Sha256};

use super::request::{Answer, Checked};

const STYLE: &str = include_str!("page.css");

const SIGNED_IN: Page = Page {
    class: "good",
    mark: "✓",
    title: "You are signed in",
    text: "aries-mcp has what it needs and finishes in the window you started it from. You can close this tab.",
};

const DENIED: Page = Page {
    class: "bad",
    mark: "✕",
    title: "Access was denied",
    text: "Nothing was stored. To try again, run <code>aries-mcp login</code>. You can close this tab.",
};

const FAILED: Page = Page {
    class: "bad",
    mark: "!",
    title: "Aries could not sign you in",
    text: "The window you started aries-mcp from says why, and what to do next. You can close this tab.",
};

struct Page {
    class: &'static str,
    mark: &'static str,
    title: &'static str,
    text: &'static str,
}

/// Returns the response to a request, and the answer that ends the wait if the request was ours.
pub(super) fn render(request: Checked) -> (Response<Full<Bytes>>, Option<Answer>) {
    match request {
        Checked::NotOurs(status) => {
            let text = if status == StatusCode::NOT_FOUND {
                "Not found.\n"
            } else {
                "This is not the sign-in we wait for.\n"
            };
            (response(status, "text/plain; charset=utf-8", text.to_owned()), None)
        }
        Checked::Ours(answer) => {
            let page = match &answer {
                Answer::Code(_) => SIGNED_IN,
                Answer::Refused(word) if word == "access_denied" => DENIED,
                Answer::Refused(_) => FAILED,
            };
            (response(StatusCode::OK, "text/html; charset=utf-8", html(&page)), Some(answer))
        }
    }
}

fn html(page: &Page) -> String {
    let Page { class, mark, title, text } = page;
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · aries-mcp</title>\
         <style>{STYLE}</style></head>\
         <body><main><div class=\"mark {class}\" aria-hidden=\"true\">{mark}</div>\
         <h1>{title}</h1><p>{text}</p><footer>aries-mcp, on this machine</footer></main></body></html>\n"
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
        // The address of this page holds the code: it goes to nobody and into no cache.
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("connection", "close"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_str(&policy).expect("a policy is ASCII");
    headers.insert("content-security-policy", policy);
    response
}
