//! The one-time page on 127.0.0.1 where a person approves or rejects an order.
//!
//! Its address holds 128 random bits and goes to the browser, or to a client that shows it to the person: it appears in
//! no answer, log, journal or argument of a process. The browser that opens it first gets a cookie, and the page answers
//! no other one. `GET` shows and changes nothing; only a `POST` with the page's own token, from this page's own origin,
//! decides. The page lives for 300 seconds at most, by either clock, and shows the outcome afterwards.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION, ORIGIN, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::form_urlencoded;

use super::asked::Asked;
use super::page_view::{Decided, Html, Pressed, View, entrance, other_browser};
use super::pending::Pending;
use super::prompter::Reply;
use super::ticket::random;
use super::window::Window;
use crate::error::{Error, Kind, Result};
use crate::local_page::{self, Answer, only, plain, same};
use crate::trade::outcome::Outcome;

pub(super) const HELP: &str = "tell the person: use a client that can ask, or a machine with a browser, or set `approval` in \
                               the configuration; nothing was sent";

/// The name of the cookie that tells the first browser from others.
const BROWSER: &str = "aries-approval";
/// A form with two short fields.
const MOST_BODY: usize = 1024;

pub(super) struct Page {
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
}

struct Shared {
    asked: Asked,
    client: Option<String>,
    window: Window,
    /// How long the page has to be open before Approve counts.
    least_reading: std::time::Duration,
    origin: String,
    host: String,
    path: String,
    token: String,
    /// The cookie of the browser that opened the page first, which is given to that browser alone.
    cookie: String,
    /// Whether that browser came.
    visited: watch::Sender<bool>,
    /// When the order was shown first.
    shown: OnceLock<Instant>,
    decided: watch::Sender<Decided>,
}

impl Page {
    /// Listens on a free port of 127.0.0.1. Fails if no page can be served; the text never names the address.
    pub(super) async fn serve(pending: &Pending) -> Result<Self> {
        let failed = |what: String| Error::new(Kind::Failed, what, HELP);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.map_err(|error| failed(format!("no page can be served here: {error}")))?;
        let port = listener.local_addr().map_err(|error| failed(error.to_string()))?.port();
        let host = format!("127.0.0.1:{port}");
        let shared = Arc::new(Shared {
            asked: pending.asked.clone(),
            client: pending.client.clone(),
            window: pending.window,
            least_reading: pending.timing.least_reading_of_page,
            origin: format!("http://{host}"),
            path: format!("/approve/{}", random()?),
            token: random()?,
            cookie: random()?,
            host,
            visited: watch::channel(false).0,
            shown: OnceLock::new(),
            decided: watch::channel(Decided::Open).0,
        });
        let mut serving = JoinSet::new();
        serving.spawn(local_page::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, _serving: serving })
    }

    /// Where it is: for the person's browser, or a client that shows it because no browser came.
    pub(super) fn address(&self) -> SecretString {
        format!("{}{}", self.shared.origin, self.shared.path).into()
    }

    /// Waits for the first browser.
    pub(super) async fn visit(&self) {
        let mut visited = self.shared.visited.subscribe();
        visited.wait_for(|visited| *visited).await.expect("the sender is a field of this very page");
    }

    pub(super) async fn reply(&self) -> Reply {
        let mut decided = self.shared.decided.subscribe();
        let decided = decided.wait_for(|decided| matches!(decided, Decided::By(_))).await;
        match decided.as_deref() {
            Ok(Decided::By(reply)) => *reply,
            _ => Reply::Dismiss,
        }
    }

    /// Shows how it ended for the rest of the page's time, then closes. The page speaks to the person who rejected it here.
    pub(super) async fn show_outcome(self, mut outcome: Outcome) {
        if matches!(*self.shared.decided.borrow(), Decided::By(Reply::Decline)) {
            outcome.sentence = format!("{}: you rejected it", self.shared.asked.sentence);
        }
        self.shared.decided.send_replace(Decided::Over(outcome));
        self.shared.window.over().await;
    }
}

impl local_page::Service for Shared {
    fn host(&self) -> &str {
        &self.host
    }

    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        if !same(head.uri.path(), &self.path) {
            return plain(StatusCode::NOT_FOUND, "Not found.");
        }
        if !matches!(head.method, Method::GET | Method::POST) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "Not allowed.");
        }
        if !self.is_first_browser(&head.headers) {
            if !is_opened_by_a_person(&head.headers) {
                return plain(StatusCode::FORBIDDEN, "Open the page itself.");
            }
            return self.welcome(&head.method);
        }
        if head.method == Method::GET {
            self.shown.get_or_init(Instant::now);
            return self.show(StatusCode::OK, Pressed::No);
        }
        let form = only(&head.headers, &CONTENT_TYPE)
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if only(&head.headers, &ORIGIN) != Some(&self.origin) || !form {
            return plain(StatusCode::FORBIDDEN, "This did not come from the page itself.");
        }
        match Limited::new(body, MOST_BODY).collect().await {
            Ok(body) => self.decide(&body.to_bytes()),
            Err(_) => plain(StatusCode::BAD_REQUEST, "That is not the form of this page."),
        }
    }
}

impl Shared {
    fn is_first_browser(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|one| one.trim().split_once('='));
        pairs.any(|(name, value)| name == BROWSER && same(value, &self.cookie))
    }

    /// Gives the cookie to the first browser that opens the page, and tells every other one that it is too late.
    fn welcome(&self, method: &Method) -> Answer {
        let is_first = *method == Method::GET && !self.visited.send_replace(true);
        if !is_first {
            return html(StatusCode::FORBIDDEN, other_browser());
        }
        let mut answer = html(StatusCode::OK, entrance(&self.path));
        let cookie = format!("{BROWSER}={}; Path={}; HttpOnly; SameSite=Strict", self.cookie, self.path);
        let cookie = HeaderValue::from_str(&cookie).expect("the cookie is words and hexadecimal digits");
        answer.headers_mut().insert(SET_COOKIE, cookie);
        answer
    }

    fn decide(&self, body: &[u8]) -> Answer {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| {
            fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        if !same(field("token"), &self.token) {
            return plain(StatusCode::FORBIDDEN, "This did not come from the page itself.");
        }
        let reply = match field("decision") {
            "approve" if self.is_too_soon() => return self.show(StatusCode::OK, Pressed::TooSoon),
            "approve" => Reply::Accept,
            "reject" => Reply::Decline,
            _ => return plain(StatusCode::BAD_REQUEST, "That is not the form of this page."),
        };
        // The first decision stands; a second tab and a reload only see it.
        self.decided.send_if_modified(|decided| {
            let is_first = matches!(decided, Decided::Open);
            if is_first {
                *decided = Decided::By(reply);
            }
            is_first
        });
        // Seen by GET from now on, so that a reload sends nothing again.
        let mut answer = self.show(StatusCode::SEE_OTHER, Pressed::No);
        let path = HeaderValue::from_str(&self.path).expect("the path is a word and hexadecimal digits");
        answer.headers_mut().insert(LOCATION, path);
        answer
    }

    /// Whether nobody can have read the order yet, or it was never shown.
    fn is_too_soon(&self) -> bool {
        self.shown.get().is_none_or(|shown| shown.elapsed() < self.least_reading)
    }

    fn show(&self, status: StatusCode, pressed: Pressed) -> Answer {
        let view = View {
            asked: &self.asked,
            decided: &self.decided.borrow().clone(),
            client: self.client.as_deref(),
            left: self.window.left(),
            form: (&self.path, &self.token),
            pressed,
        };
        html(status, view.html())
    }
}

/// Whether a browser opens the page to show it: not in advance, and not within another page.
fn is_opened_by_a_person(headers: &HeaderMap) -> bool {
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_early = ["sec-purpose", "purpose"].iter().any(|name| says(name).is_some());
    !is_early && says("sec-fetch-dest").is_none_or(|place| place == "document")
}

fn html(status: StatusCode, html: Html) -> Answer {
    local_page::html(status, html.text, &html.policy)
}
