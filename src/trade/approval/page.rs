//! The one-time page on 127.0.0.1 where a person approves or rejects an order.
//!
//! Its address holds 128 random bits and goes to the browser, or to a client that shows it to the person: it appears in
//! no answer, log, journal or argument of a process. The browser that opens it first gets a cookie, and the page answers
//! no other one. `GET` shows and changes nothing; only a `POST` with the page's own token, from this page's own origin,
//! decides. It decides for 300 seconds at most, by either clock. Afterwards it shows the outcome, and follows an order that
//! can still change; what it knew by then opens nothing any more.

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

use super::page_view::{Html, Pressed, Shown, View, entrance, follow_up, other_browser};
use super::pending::Pending;
use super::prompter::Reply;
use super::ticket::random;
use super::window::Window;
use crate::error::{Error, Kind, Result};
use crate::local_page::{self, Answer, only, plain, same};
use crate::told::Told;

pub(super) const HELP: &str = "use a client that can ask, or a machine with a browser, or set `approval` in \
                               the configuration; nothing was sent";

/// The name of the cookie that tells the first browser from others.
const BROWSER: &str = "aries-approval";
/// Behind the page's own path: how its order stands, as JSON.
const STATE: &str = "/state";
/// A form with two short fields.
const MOST_BODY: usize = 1024;

pub(super) struct Page {
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
}

struct Shared {
    pending: Arc<Pending>,
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
    decided: watch::Sender<Option<Reply>>,
}

impl Page {
    /// Listens on a free port of 127.0.0.1. Fails if no page can be served; the text never names the address.
    pub(super) async fn serve(pending: &Arc<Pending>) -> Result<Self> {
        let failed = |what: String| Error::new(Kind::Failed, what, Told::person(HELP));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.map_err(|error| failed(format!("no page can be served here: {error}")))?;
        let port = listener.local_addr().map_err(|error| failed(error.to_string()))?.port();
        let host = format!("127.0.0.1:{port}");
        let shared = Arc::new(Shared {
            pending: Arc::clone(pending),
            origin: format!("http://{host}"),
            path: format!("/approve/{}", random()?),
            token: random()?,
            cookie: random()?,
            host,
            visited: watch::channel(false).0,
            shown: OnceLock::new(),
            decided: watch::channel(None).0,
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
        let decided = decided.wait_for(Option::is_some).await;
        decided.ok().and_then(|reply| *reply).expect("the sender is a field of this very page")
    }

    /// Serves the page until its time is over. After a decision it stays for the outcome, and for what becomes of an order
    /// that can still change.
    pub(super) async fn keep(self: Arc<Self>) {
        let Shared { pending, decided, .. } = &*self.shared;
        let is_undecided = || decided.borrow().is_none();
        tokio::select! {
            _ = pending.done() => {}
            () = pending.window.over() => {}
        }
        if is_undecided() && pending.window.is_over() {
            return;
        }
        pending.done().await;
        let following = Window::open(pending.timing.following);
        pending.window.over().await;
        tokio::select! {
            () = pending.ended() => {}
            () = following.over() => {}
        }
        // Whoever looks still sees how it ended.
        tokio::time::sleep(pending.timing.visit).await;
    }
}

impl local_page::Service for Shared {
    fn host(&self) -> &str {
        &self.host
    }

    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let is_state =
            head.method == Method::GET && path.strip_suffix(STATE).is_some_and(|path| same(path, &self.path));
        if !is_state && !same(path, &self.path) {
            return plain(StatusCode::NOT_FOUND, "Not found.");
        }
        if !matches!(head.method, Method::GET | Method::POST) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "Not allowed.");
        }
        let is_first_browser = self.is_first_browser(&head.headers);
        if is_state {
            return if is_first_browser {
                self.state()
            } else {
                plain(StatusCode::FORBIDDEN, "Opened elsewhere.")
            };
        }
        if !is_first_browser {
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
            let is_first = decided.is_none() && self.pending.over().is_none();
            if is_first {
                *decided = Some(reply);
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
        self.shown.get().is_none_or(|shown| shown.elapsed() < self.pending.timing.least_reading_of_page)
    }

    fn show(&self, status: StatusCode, pressed: Pressed) -> Answer {
        let Pending { asked, client, window, .. } = &*self.pending;
        let shown = self.shown();
        let form = (self.path.as_str(), self.token.as_str());
        let view =
            View { asked, shown: &shown, client: client.as_deref(), left: window.left(), form, pressed };
        html(status, view.html())
    }

    /// How the order stands, for the page that follows it.
    fn state(&self) -> Answer {
        match self.shown() {
            Shown::Over(outcome) => {
                let order = follow_up(self.pending.asked.act, &outcome);
                local_page::answer(StatusCode::OK, "application/json", order.to_string())
            }
            _ => plain(StatusCode::NOT_FOUND, "Not decided."),
        }
    }

    /// Where the decision stands. The page speaks to the person who rejected it here. Asking for it counts as a look at the
    /// order.
    fn shown(&self) -> Shown {
        self.pending.note_look();
        let reply = *self.decided.borrow();
        match (self.pending.over(), reply) {
            (Some(mut outcome), reply) => {
                if reply == Some(Reply::Decline) {
                    outcome.sentence = format!("{}: you rejected it", self.pending.asked.terms);
                }
                Shown::Over(outcome)
            }
            (None, Some(reply)) => Shown::By(reply),
            (None, None) => Shown::Open,
        }
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
