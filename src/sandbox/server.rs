//! The HTTP side: reads requests, writes answers, and breaks them where a fault rule says so.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use url::form_urlencoded;

use crate::clock;
use crate::sandbox::control::faults::{Fault, Rule};
use crate::sandbox::{Answer, Call, World, routes, socket};

/// Larger request bodies are refused; nothing in the API comes near.
const MAX_BODY: usize = 1024 * 1024;

type Body = UnsyncBoxBody<Bytes, io::Error>;
pub(crate) type Shared = Arc<Mutex<World>>;

pub(crate) async fn accept(listener: TcpListener, world: Shared) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&world)));
            }
            // Out of file descriptors, most likely: wait for some to come back.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, world: Shared) {
    // Small answers go out at once; a client that waits for one must not wait for Nagle.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request| respond(request, Arc::clone(&world)));
    // An error here is a client that left, or a fault that closed the connection on purpose.
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _ = connection.with_upgrades().await;
}

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed by a fault rule")
    }
}

impl std::error::Error for Dropped {}

async fn respond(mut request: Request<Incoming>, world: Shared) -> Result<Response<Body>, Dropped> {
    let upgrade = hyper::upgrade::on(&mut request);
    let call = match read(request).await {
        Ok(call) => call,
        Err(answer) => return Ok(write(answer)),
    };
    let topic = socket::topic(&call.path);
    let rule = lock(&world).faults.take(&call);
    let response = match rule {
        Some(rule) if rule.hold => held(rule, call, &world).await?,
        Some(rule) => misbehave(&rule, call, &world).await?,
        None => write(lock(&world).answer(call)),
    };
    if let (Some(topic), StatusCode::SWITCHING_PROTOCOLS) = (topic, response.status()) {
        tokio::spawn(socket::serve(upgrade, topic, world));
    }
    Ok(response)
}

async fn read(request: Request<Incoming>) -> Result<Call, Answer> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await;
    let body = body.map_err(|_| Answer::error(413, "too_large", "request bodies end at 1 MiB"))?.to_bytes();
    let raw_query = head.uri.query().unwrap_or_default().to_owned();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Ok(Call {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        params: Vec::new(),
        query: form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect(),
        headers: headers.collect(),
        raw_query,
        body,
        now: clock::now(),
    })
}

/// Waits for the release, in a task of its own: a connection that closes takes its own future away, and an order that
/// has reached a broker is booked whatever became of whoever sent it.
async fn held(rule: Rule, call: Call, world: &Shared) -> Result<Response<Body>, Dropped> {
    let mut released = lock(world).faults.hold();
    let world = Arc::clone(world);
    let task = tokio::spawn(async move {
        // The sender lives as long as the world, which this task holds.
        let _ = released.changed().await;
        let call = Call { now: clock::now(), ..call };
        misbehave(&rule, call, &world).await
    });
    task.await.unwrap_or(Err(Dropped))
}

/// Answers as the rule says. Except for `drop_before` and `status`, the request takes effect first: what a client
/// must survive is an order that was booked without its knowing.
async fn misbehave(rule: &Rule, call: Call, world: &Shared) -> Result<Response<Body>, Dropped> {
    match rule.fault {
        Fault::DropBefore => {
            lock(world).log.record(&call, None);
            return Err(Dropped);
        }
        Fault::Status => {
            let mut answer = rule.made_up_answer();
            let mut world = lock(world);
            world.log.record(&call, Some(answer.status));
            world.finish(&mut answer, &call.path);
            return Ok(write(answer));
        }
        _ => {}
    }
    let mut answer = lock(world).answer(call);
    rule.add_headers(&mut answer);
    match rule.fault {
        Fault::DropAfter => return Err(Dropped),
        Fault::Truncate => return Ok(write_half(answer)),
        Fault::Delay => tokio::time::sleep(Duration::from_millis(rule.delay_ms)).await,
        _ => rule.spoil(&mut answer),
    }
    Ok(write(answer))
}

fn write(answer: Answer) -> Response<Body> {
    let body = Full::new(Bytes::from(answer.body.clone())).map_err(|never: Infallible| match never {});
    with_head(&answer, body.boxed_unsync())
}

/// Promises the whole body and sends half of it. The pause lets hyper flush what it has before the error.
fn write_half(answer: Answer) -> Response<Body> {
    let full = answer.body.len();
    let half = Bytes::from(answer.body.get(..full / 2).unwrap_or_default().to_vec());
    let rest = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::other("cut by a fault rule"))
    });
    let body = StreamBody::new(stream::iter([Ok(Frame::data(half))]).chain(rest));
    let answer = answer.with("content-length", &full.to_string());
    with_head(&answer, body.boxed_unsync())
}

fn with_head(answer: &Answer, body: Body) -> Response<Body> {
    let mut response = Response::builder()
        .status(answer.status)
        .header("content-type", &answer.content_type)
        // The label of everything that is said here.
        .header("aries-sandbox", "1");
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    // Only a header out of a fault rule can be malformed; say so instead of answering.
    response.body(body).unwrap_or_else(|_| {
        let body = Full::new(Bytes::from_static(b"a fault rule names a malformed header or status"));
        Response::new(body.map_err(|never: Infallible| match never {}).boxed_unsync())
    })
}

/// Takes the lock; never held across an await.
pub(crate) fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// Answers one request and notes it in the log.
    fn answer(&mut self, mut call: Call) -> Answer {
        let mut answer = routes::answer(self, &mut call);
        self.log.record(&call, Some(answer.status));
        self.finish(&mut answer, &call.path);
        answer
    }
}
