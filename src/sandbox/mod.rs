//! The embedded Aries: a small broker that answers like the documented REST API, over real HTTP on 127.0.0.1.
//!
//! Not a mock: it signs people in, rotates tokens, enforces scopes and rate limits, keeps accounts, and books,
//! rests, fills and rejects orders on a seeded market that moves a little. The tests, the demo, `--sandbox` and
//! `aries-mcp sandbox` all use it.
//!
//! How one request flows: `server` reads it into a `call::Call`, asks `control::faults` whether to misbehave, and hands it
//! to `routes::answer`. That finds the endpoint, checks rate, token and the scopes of its row in `aries::endpoints`, and
//! lets one of two answer: a handler, which is a plain function from `(&mut World, &Call)` to an `answer::Answer`, where the
//! answer moves (`sign_in`, `broker`, `data`, `socket`, `control`), or a file below `answers/` where it stands still.
//! `world::World` is all there is to know; it sits behind one lock that is never held across an await.
//!
//! To add an endpoint whose answer stands still, add its row in `aries::endpoints` and its file below `answers/`; the test
//! `every_endpoint_is_answered_by_code_or_by_a_file` names the file. `answers`, `template` and `placeholder` say what may
//! stand in it.
//!
//! The two WebSockets (`socket`) arrive the same way and then live in a task of their own, which looks at the world once a
//! second while a client is connected. Nothing else runs in the background: orders are matched whenever somebody looks at
//! them, so a test never waits for a timer, and an idle sandbox does nothing at all.

mod answer;
mod answers;
mod broker;
mod call;
mod control;
mod data;
mod failure;
mod market;
mod paging;
mod placeholder;
mod routes;
mod screener;
mod server;
mod sign_in;
mod socket;
mod template;
mod world;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;

use self::answer::{Answer, Reply};
use self::call::Call;
use self::world::World;
use crate::clock;

/// How the embedded Aries behaves; the default is what `aries-mcp sandbox` uses.
#[derive(Clone)]
pub struct Options {
    /// Lifetime of an access token (`expires_in`; the documentation says typically one hour).
    pub access_ttl: Duration,
    /// Lifetime of a refresh token (`refresh_token_expires_in`; typically 30 days).
    pub refresh_ttl: Duration,
    /// Whether each refresh gives a new refresh token and kills the old; a dead one presented again revokes the
    /// whole family. When off, a refresh answers without any refresh token, and the old one stays.
    pub rotate: bool,
    /// Whether the documented limits per minute apply, answered with 429 and `Retry-After`.
    pub rate_limits: bool,
    /// Whether `GET /oauth2/authorize` grants at once what was asked for, for tests without a browser.
    pub auto_consent: bool,
    /// The client secret that token calls must carry, if any.
    pub require_secret: Option<String>,
    /// Whether the market keeps the exchange's hours; else it never closes.
    pub keeps_hours: bool,
    /// Length of every token in characters; long ones try out the limits of keychains.
    pub token_length: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            access_ttl: Duration::from_secs(3600),
            refresh_ttl: Duration::from_secs(30 * 24 * 3600),
            rotate: true,
            rate_limits: true,
            auto_consent: false,
            require_secret: None,
            keeps_hours: false,
            token_length: 64,
        }
    }
}

/// A pair of tokens handed out without the browser. Has no `Debug`: tokens are secrets, even here.
pub struct Issued {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// Works once at the token endpoint, if tokens rotate.
    pub refresh_token: String,
    /// Seconds until the access token ends.
    pub expires_in: u64,
    /// The granted scopes, separated by spaces.
    pub scope: String,
}

/// A handle on a running embedded Aries. Dropping it stops nothing: the server ends with its runtime.
#[derive(Clone)]
pub struct Sandbox {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
}

impl Sandbox {
    /// The only client id that is known here; every other one is `invalid_client`.
    pub const CLIENT_ID: &str = "sandbox-client";

    /// Starts answering on `listener`, on the runtime of the caller.
    ///
    /// Cheap: accounts and market are made when the first request needs them.
    ///
    /// # Errors
    /// Fails if the listener has no local address.
    pub fn start(listener: TcpListener, options: Options) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let world = Arc::new(Mutex::new(World::new(options, clock::now())));
        tokio::spawn(server::accept(listener, Arc::clone(&world)));
        Ok(Self { address, world })
    }

    /// Where it listens, as an origin: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Gives out tokens with these scopes, as if a person had just signed in and allowed them.
    pub fn issue(&self, scopes: &[&str]) -> Issued {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.issue(scopes, clock::now())
    }
}
