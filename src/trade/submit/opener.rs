//! Addresses that have the approval page of a previewed order opened, for a client that shows our pages beside an answer.
//!
//! Such an address stands in an answer and is no secret: whoever asks it, the model too, only makes this program ask the
//! person, as `place_order` does. It approves nothing and shows nothing of the order.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::Submitter;
use super::place::Placed;
use crate::card::Card;
use crate::local_page::{self, Answer, Service, html, plain, same};
use crate::os::{hex, random};
use crate::trade::approval::prompter::Prompter;
use crate::trade::state::State;

/// Addresses that are known at a time; a ticket lives for two minutes.
const MOST: usize = 64;

#[derive(Clone)]
pub(crate) struct Opener {
    submitter: Submitter,
    running: Arc<OnceCell<Running>>,
}

struct Running {
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
}

struct Shared {
    submitter: Submitter,
    host: String,
    offers: Mutex<Vec<Offer>>,
}

#[derive(Clone)]
struct Offer {
    path: String,
    ticket: String,
    client: Option<String>,
}

impl Opener {
    pub(crate) fn new(submitter: Submitter) -> Self {
        Self { submitter, running: Arc::default() }
    }

    /// The address for a ticket; `None` if nothing can be served here. `client` is what the person is told of who asks.
    pub(crate) async fn address(&self, ticket: &str, client: Option<String>) -> Option<String> {
        let running = self.running.get_or_try_init(|| Running::start(self.submitter.clone())).await;
        let shared =
            &running.inspect_err(|error| tracing::warn!(%error, "no page can be offered")).ok()?.shared;
        let path = format!("/order/{}", hex::encode(&random::bytes::<16>().ok()?));
        let address = format!("http://{}{path}", shared.host);
        let mut offers = shared.offers.lock().unwrap_or_else(PoisonError::into_inner);
        if offers.len() >= MOST {
            offers.remove(0);
        }
        offers.push(Offer { path, ticket: ticket.to_owned(), client });
        Some(address)
    }
}

impl Running {
    async fn start(submitter: Submitter) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let host = format!("127.0.0.1:{}", listener.local_addr()?.port());
        let shared = Arc::new(Shared { submitter, host, offers: Mutex::default() });
        let mut serving = JoinSet::new();
        serving.spawn(local_page::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, _serving: serving })
    }
}

impl Service for Shared {
    fn host(&self) -> &str {
        &self.host
    }

    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(offer) = offers.into_iter().find(|offer| same(request.uri().path(), &offer.path)) else {
            return plain(StatusCode::NOT_FOUND, "Not found.");
        };
        if request.method() != Method::GET {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "Not allowed.");
        }
        // Without a dialog of the client, the person is asked by the page.
        let prompter = Prompter { client: offer.client, ..Prompter::default() };
        let words = match self.submitter.place(&offer.ticket, prompter).await {
            Ok(Placed::Pending(pending)) => match pending.now().state {
                State::WaitingForApproval => WAITING.to_owned(),
                state => format!("The order is decided: {state}."),
            },
            Ok(Placed::Elsewhere(outcome)) => format!("The order is decided: {}.", outcome.state),
            Err(_) => "This order can no longer be decided: its time is over. Nothing was sent.".to_owned(),
        };
        let body = format!("<h1>Order</h1><p>{words}</p>");
        let card = Card { title: "Order", body: &body, head: "", style: "", script: "" };
        html(StatusCode::OK, card.html(), &card.policy("'none'"))
    }
}

const WAITING: &str =
    "The order is shown in another tab of your browser: approve or reject it there. You can close this tab.";
