//! Serves one page of [`apps`](crate::apps) on 127.0.0.1, under an address that cannot be guessed, and answers the
//! questions of that page alone.

use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::ORIGIN;
use hyper::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::Asker;
use crate::apps::App;
use crate::error::{Error, Result};
use crate::local_page::{self, Answer, Service, answer, html, only, plain, same};
use crate::os::{hex, random};

/// Arguments of a reading tool.
const MOST_BODY: usize = 4096;

pub(super) struct Page {
    address: String,
    _serving: JoinSet<()>,
}

struct Shared {
    app: &'static App,
    asker: Asker,
    host: String,
    origin: String,
    /// Ends with a slash: the page asks `call` beside itself.
    path: String,
}

impl Page {
    pub(super) async fn serve(app: &'static App, asker: Asker) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::failed(format!("no page can be served here: {error}"), "check the limits of this user")
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let host = format!("127.0.0.1:{}", listener.local_addr().map_err(failed)?.port());
        let path = format!("/{}/", hex::encode(&random::bytes::<16>()?));
        let origin = format!("http://{host}");
        let address = format!("{origin}{path}");
        let mut serving = JoinSet::new();
        serving.spawn(local_page::serve(listener, Arc::new(Shared { app, asker, host, origin, path })));
        Ok(Self { address, _serving: serving })
    }

    pub(super) fn address(&self) -> String {
        self.address.clone()
    }
}

impl Service for Shared {
    fn host(&self) -> &str {
        &self.host
    }

    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        if head.method == Method::GET && same(path, &self.path) {
            return html(StatusCode::OK, self.app.html(), &self.app.policy());
        }
        if head.method != Method::POST || !same(path, &format!("{}call", self.path)) {
            return plain(StatusCode::NOT_FOUND, "Not found.");
        }
        if only(&head.headers, &ORIGIN) != Some(&self.origin) {
            return plain(StatusCode::FORBIDDEN, "This did not come from the page itself.");
        }
        let body = Limited::new(body, MOST_BODY).collect().await.map(|body| body.to_bytes());
        match body.map(|body| serde_json::from_slice(&body)) {
            Ok(Ok(Value::Object(given))) => {
                let result = self.asker.ask(given).await;
                answer(StatusCode::OK, "application/json", result.to_string())
            }
            _ => plain(StatusCode::BAD_REQUEST, "The arguments are not a JSON object."),
        }
    }
}
