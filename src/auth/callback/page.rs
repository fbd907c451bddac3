//! The pages that the browser ends on. They are static: nothing of the request is in them. The page of a code says how the
//! sign-in ended, so it is finished when that is known.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::HeaderValue;
use hyper::{Response, StatusCode};
use tokio::sync::oneshot;

use crate::card::Card;

/// How long the page waits for the exchange; then it says where to look.
const DECISION_LIMIT: Duration = Duration::from_secs(20);

pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The tokens are stored.
    SignedIn,
    Failed,
}

pub(super) fn not_ours(status: StatusCode) -> Response<Body> {
    let is_path = status == StatusCode::NOT_FOUND;
    let text = if is_path { "Not found.\n" } else { "This is not the sign-in that aries-mcp waits for.\n" };
    response(status, "text/plain; charset=utf-8", Full::new(Bytes::from(text)).boxed_unsync())
}

/// The page of a browser that came back: `refused` is the word by which Aries refused, and `told` what became of a code.
pub(super) fn landed(refused: Option<String>, told: oneshot::Receiver<Outcome>) -> Response<Body> {
    let finished = async move {
        let page = match refused.as_deref() {
            Some("access_denied") => DENIED,
            Some(_) => FAILED,
            None => match tokio::time::timeout(DECISION_LIMIT, told).await {
                Ok(Ok(Outcome::SignedIn)) => SIGNED_IN,
                Ok(Ok(Outcome::Failed)) => FAILED,
                _ => UNDECIDED,
            },
        };
        Ok(Frame::data(Bytes::from(page.html())))
    };
    let body = StreamBody::new(stream::once(finished)).boxed_unsync();
    let mut response = response(StatusCode::OK, "text/html; charset=utf-8", body);
    let look = Card { title: "", body: "", head: "", style: "", script: "" };
    let policy = HeaderValue::from_str(&look.policy("'none'")).expect("the policy is ASCII");
    response.headers_mut().insert("content-security-policy", policy);
    response
}

struct Page {
    class: &'static str,
    mark: &'static str,
    title: &'static str,
    text: &'static str,
}

const SIGNED_IN: Page = Page {
    class: "good",
    mark: "✓",
    title: "You are signed in",
    text: "aries-mcp can now use what you allowed. The window in which you started the sign-in says what to do next.",
};
const DENIED: Page = Page {
    class: "bad",
    mark: "✕",
    title: "Access was denied",
    text: "You did not allow it, and nothing was stored. To try again, begin where you started the sign-in.",
};
const FAILED: Page = Page {
    class: "bad",
    mark: "!",
    title: "Aries could not sign you in",
    text: "The window in which you started the sign-in says why, and what to do next.",
};
const UNDECIDED: Page = Page {
    class: "bad",
    mark: "…",
    title: "The sign-in is not finished yet",
    text: "The window in which you started the sign-in says how it ends.",
};

impl Page {
    fn html(&self) -> String {
        let Self { class, mark, title, text } = self;
        let body = format!(
            "<div class=\"mark {class}\" aria-hidden=\"true\">{mark}</div><h1>{title}</h1>\
             <p>{text} You can close this tab.</p>"
        );
        Card { title, body: &body, head: "", style: "", script: "" }.html()
    }
}

fn response(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
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
