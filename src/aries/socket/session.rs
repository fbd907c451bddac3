//! One session on a socket: from the connection and the sign-in to whatever ends it.

use std::collections::BTreeSet;
use std::pin::pin;

use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::about::{About, Link};
use super::feed::Feed;
use super::frame::{self, Heard};
use super::open::{NotOpened, Socket, open};
use crate::aries::{Aries, Json};
use crate::auth::session::Bearer;
use crate::text::{clean, without_tokens};
use crate::timing::Sockets;

/// Frames and lines after which everything else of the process gets its turn: listeners miss none of a long frame, and
/// frames without end hold up no call.
const IN_A_TURN: usize = 16;

/// What ended a session.
pub(super) enum End {
    /// Nobody listens any more.
    Idle,
    Lost {
        why: String,
        was_up: bool,
    },
    /// Aries does not want it: another try soon would not help.
    Refused {
        why: String,
        token: Option<Bearer>,
    },
}

/// Opens a session and keeps it until it ends.
pub(super) async fn run<T: About>(aries: &Aries, timing: &Sockets, feed: &Feed<T>) -> End {
    let lost = |why: String| End::Lost { why, was_up: false };
    let bearer = match aries.session().bearer().await {
        Ok(bearer) => bearer,
        Err(error) => return End::Refused { why: error.cause, token: None },
    };
    let socket = match open(aries.urls(), T::endpoint(), timing.answer).await {
        Ok(socket) => socket,
        Err(NotOpened::Failed(why)) => return lost(why),
        Err(NotOpened::Refused(why)) => return End::Refused { why, token: None },
    };
    let now = Instant::now();
    let mut session = Session {
        aries,
        timing,
        feed,
        socket,
        bearer,
        is_up: false,
        sent: BTreeSet::new(),
        pings: 0,
        answer_by: None,
        life_by: None,
        sign_in_at: None,
        ping_at: now + timing.ping,
        heard: 0,
    };
    let end = session.run_to_end().await;
    // Aries may have closed already, or be gone.
    let _ = tokio::time::timeout(timing.pong.min(timing.answer), session.socket.close(None)).await;
    end
}

fn log_received(line: Json<'_>) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        let kind = ["payload/type", "payload/action", "type"].into_iter().find_map(|path| line.text_at(path));
        let kind = clean(kind.as_deref().unwrap_or("no kind"), 40);
        tracing::debug!("socket received {}, {} bytes", without_tokens(&kind), line.raw().len());
    }
}

struct Session<'a, T: About> {
    aries: &'a Aries,
    timing: &'a Sockets,
    feed: &'a Feed<T>,
    socket: Socket,
    bearer: Bearer,
    is_up: bool,
    /// What is subscribed to.
    sent: BTreeSet<String>,
    pings: u64,
    /// When the answer to a sign-in has to be there.
    answer_by: Option<Instant>,
    /// When something has to come after a ping.
    life_by: Option<Instant>,
    sign_in_at: Option<Instant>,
    ping_at: Instant,
    /// Frames and lines since the last turn of others.
    heard: usize,
}

impl<T: About> Session<'_, T> {
    async fn run_to_end(&mut self) -> End {
        match self.keep().await {
            Ok(()) => End::Idle,
            Err(end) => end,
        }
    }

    /// Returns `Ok` when nobody has listened for a while.
    async fn keep(&mut self) -> Result<(), End> {
        let mut changes = self.feed.changes();
        self.sign_in().await?;
        // One timer for the whole session: a message that comes a thousand times a second sets none.
        let mut timer = pin!(tokio::time::sleep_until(self.ping_at));
        loop {
            let idle = self.feed.idle_at(self.timing.idle);
            let timers = [Some(self.ping_at), self.answer_by, self.life_by, self.sign_in_at, idle];
            let next = timers.into_iter().flatten().min().unwrap_or(self.ping_at);
            if timer.deadline() != next {
                timer.as_mut().reset(next);
            }
            tokio::select! {
                message = self.socket.next() => self.hear(message).await?,
                changed = changes.changed() => {
                    changed.map_err(|_| self.lost("the program ends"))?;
                    self.subscribe().await?;
                }
                () = &mut timer => {
                    if idle.is_some_and(|idle| idle <= Instant::now()) {
                        return Ok(());
                    }
                    self.on_time().await?;
                }
            }
        }
    }

    fn lost(&self, why: &str) -> End {
        End::Lost { why: why.to_owned(), was_up: self.is_up }
    }

    async fn send(&mut self, kind: &str, text: &str) -> Result<(), End> {
        tracing::debug!("socket sent {kind}, {} bytes", text.len());
        let sending = self.socket.send(Message::text(text));
        match tokio::time::timeout(self.timing.answer, sending).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(self.lost("the connection broke")),
        }
    }

    async fn sign_in(&mut self) -> Result<(), End> {
        self.answer_by = Some(Instant::now() + self.timing.answer);
        self.sign_in_at = None;
        let message = frame::auth(self.bearer.token.expose_secret());
        self.send("a sign-in", &message).await
    }

    /// Signs in once more on the same socket, with a token that is fresh.
    async fn sign_in_again(&mut self) -> Result<(), End> {
        let bearer = self.aries.session().bearer().await;
        self.bearer = bearer.map_err(|error| End::Refused { why: error.cause, token: None })?;
        self.sign_in().await
    }

    async fn on_time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        let is_over = |limit: Option<Instant>| limit.is_some_and(|limit| limit <= now);
        if is_over(self.answer_by) {
            return Err(self.lost("it did not answer the sign-in in time"));
        }
        if is_over(self.life_by) {
            return Err(self.lost("it fell silent"));
        }
        if is_over(self.sign_in_at) {
            self.sign_in_again().await?;
        }
        if self.ping_at <= now {
            self.pings += 1;
            self.ping_at = now + self.timing.ping;
            self.life_by = Some(now + self.timing.pong);
            self.send("a ping", &frame::ping(self.pings)).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Option<Result<Message, impl std::fmt::Display>>) -> Result<(), End> {
        self.life_by = None;
        self.take_turns().await;
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(bytes))) => match bytes.try_into() {
                Ok(text) => text,
                Err(_) => return Ok(()),
            },
            Some(Ok(Message::Close(_))) | None => return Err(self.lost("it closed the connection")),
            Some(Ok(_)) => return Ok(()),
            Some(Err(_)) => return Err(self.lost("the connection broke")),
        };
        let lines = text.as_str().lines().filter(|line| !line.trim().is_empty());
        for line in lines {
            match Json::parse(line) {
                Ok(line) => {
                    log_received(line);
                    self.take(Heard::read(line)).await?;
                }
                Err(_) => self.feed.ignore(&Heard::Unknown),
            }
            self.take_turns().await;
        }
        Ok(())
    }

    async fn take_turns(&mut self) {
        self.heard = (self.heard + 1) % IN_A_TURN;
        if self.heard == 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn take(&mut self, heard: Heard<'_>) -> Result<(), End> {
        match heard {
            Heard::SignedIn(lasts) => self.signed_in(lasts).await?,
            // While no sign-in is being answered it may be about anything that is subscribed to.
            Heard::Error(_) if self.answer_by.is_none() => {
                self.feed.ignore(&heard);
                self.feed.doubt();
            }
            Heard::Refused(said) | Heard::Error(said) => {
                let why = format!("it refused the sign-in{said}");
                return Err(End::Refused { why, token: Some(self.bearer.clone()) });
            }
            Heard::SignInAgain => self.sign_in_again().await?,
            Heard::Over(why) => return Err(self.lost(why)),
            Heard::Data { id, payload } => self.feed.take(id.as_deref(), &payload),
            Heard::WantsSignIn if self.is_up && self.answer_by.is_none() => {
                return Err(self.lost("its session ended"));
            }
            Heard::Pong | Heard::WantsSignIn => {}
            Heard::Complaint | Heard::Unknown => self.feed.ignore(&heard),
        }
        Ok(())
    }

    async fn signed_in(&mut self, lasts: Option<std::time::Duration>) -> Result<(), End> {
        self.answer_by = None;
        let lasts = lasts.map(|lasts| lasts.saturating_sub(self.timing.before_end).max(lasts / 2));
        // However short a session is said to be, Aries is not asked without end.
        let lasts = lasts.map(|lasts| lasts.max(self.timing.first_pause));
        self.sign_in_at = lasts.and_then(|lasts| Instant::now().checked_add(lasts));
        if !std::mem::replace(&mut self.is_up, true) {
            self.feed.set_link(Link::Up);
        }
        self.subscribe().await
    }

    /// Tells Aries what has changed of what is listened to.
    async fn subscribe(&mut self) -> Result<(), End> {
        if !self.is_up {
            return Ok(());
        }
        let gone: Vec<String> = self.sent.iter().filter(|key| !self.feed.is_wanted(key)).cloned().collect();
        for key in gone {
            self.sent.remove(&key);
            if let Some(payload) = T::unsubscribe(&key) {
                self.send("an end", &frame::about("unsubscribe", &key, &payload)).await?;
            }
        }
        for key in self.feed.to_subscribe() {
            if let Some(payload) = T::subscribe(&key) {
                self.send("a subscription", &frame::about("subscribe", &key, &payload)).await?;
            }
            self.sent.insert(key);
        }
        Ok(())
    }
}
