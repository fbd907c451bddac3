//! A sign-in that runs beside the calls of a server, for people who never open a terminal.
//!
//! It is the flow of `login` in a task of its own. The browser opens once: a call within ten minutes gets the state of
//! the same flow. A flow of another process is noticed by the lock that every sign-in holds.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::{Stored, shutting_down};
use crate::auth::callback::{Listener, can_listen};
use crate::auth::keychain::QUICK;
use crate::auth::login::{Login, Request, checked_id, configured_secret, refuse_other_api, stored_secret};
use crate::auth::scope::{self, Scopes};
use crate::auth::session_file::SessionFile;
use crate::auth::{locks, login};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::browser;

/// How long one flow waits for the browser, and how long no other is begun after it.
const LIFETIME: Duration = Duration::from_secs(600);
/// The caller gets an answer after this, whatever the keychain and the desktop do.
const ANSWER_LIMIT: Duration = Duration::from_millis(1500);

/// How far a sign-in has come, for the caller.
#[derive(Debug, Clone)]
pub(crate) enum Flow {
    /// No client id is known: the person makes a key first.
    NoKey {
        /// What has to be registered for it.
        redirect_uri: String,
    },
    /// The keychain has not answered yet.
    Preparing,
    /// The person has to act in the browser.
    Waiting {
        /// Aries' sign-in page for this attempt.
        url: String,
        /// Whether the browser could be asked to open it; `None` while that is unknown.
        opened: Option<bool>,
        /// Whether this call began it.
        new: bool,
        /// How long it still waits.
        left: Duration,
    },
    /// Somebody is signed in, by this flow or another way.
    Done(Scopes),
    /// It ended without a sign-in.
    Failed {
        error: Error,
        /// When the next one may begin.
        left: Duration,
    },
}

/// The last flow that this process began.
pub(super) struct Running {
    client_id: String,
    since: Instant,
    state: watch::Receiver<State>,
    task: tokio::task::AbortHandle,
    /// Whether [`unopened_address`] has returned the address.
    offered: bool,
}

/// How far the task has come.
#[derive(Debug, Clone)]
enum State {
    Preparing,
    Waiting {
        url: String,
        opened: Option<bool>,
    },
    Done(Scopes),
    /// `shown` is true if the person had got an address before.
    Failed {
        error: Error,
        shown: bool,
    },
}

/// Begins a flow, or tells how far the one begun before has come.
pub(super) async fn sign_in(stored: &Arc<Stored>, client_id: Option<&str>) -> Result<Flow> {
    let client_id = client_id.map(checked_id).transpose()?;
    if let Some((since, state)) = recent(stored, client_id.as_deref()) {
        return Ok(settled(since, state, Begun::Before).await);
    }
    let settings = &stored.settings;
    let now = jiff::Timestamp::now();
    if let Some(file) = SessionFile::read(settings).filter(|file| !file.is_over(now)) {
        return Ok(Flow::Done(file.scopes));
    }
    if !Url::parse(&settings.redirect_uri).is_ok_and(|redirect| can_listen(&redirect)) {
        return Err(Error::failed(
            format!("the browser comes back to {}, which is not this computer", settings.redirect_uri),
            "ask the person to run `aries-mcp login` in a terminal and to paste the address of the page they land on",
        ));
    }
    let Some(client_id) = client_id.or_else(|| settings.client_id.clone()) else {
        // A sign-in in another window means that there is a key already.
        if locks::is_signing_in(settings).await {
            return Err(login::signing_in_elsewhere(&settings.profile));
        }
        return Ok(Flow::NoKey { redirect_uri: settings.redirect_uri.clone() });
    };
    refuse_other_api(settings)?;
    let (since, state) = begin(stored, client_id)?;
    Ok(settled(since, state, Begun::Now).await)
}

/// Returns the flow that still counts: younger than ten minutes, and of the same key. One that failed before the
/// person got an address does not count.
fn recent(stored: &Stored, client_id: Option<&str>) -> Option<(Instant, watch::Receiver<State>)> {
    let slot = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    let running = slot.as_ref().filter(|running| running.since.elapsed() < LIFETIME)?;
    let now = jiff::Timestamp::now();
    let same_key = client_id.is_none_or(|id| id == running.client_id);
    let is_over = match &*running.state.borrow() {
        State::Failed { shown, .. } => !shown,
        // A sign-out or the end of the sign-in since then.
        State::Done(_) => SessionFile::read(&stored.settings).is_none_or(|file| file.is_over(now)),
        State::Preparing | State::Waiting { .. } => false,
    };
    (same_key && !is_over).then(|| (running.since, running.state.clone()))
}

fn begin(stored: &Arc<Stored>, client_id: String) -> Result<(Instant, watch::Receiver<State>)> {
    let settings = stored.settings.clone();
    let scopes = scope::requested(settings.scopes.as_deref())?;
    let (sender, state) = watch::channel(State::Preparing);
    let mut slot = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    // Another key within ten minutes is a correction: the address is given, but no second page is opened.
    let open = slot.as_ref().is_none_or(|before| {
        before.task.abort();
        before.since.elapsed() >= LIFETIME
            || matches!(&*before.state.borrow(), State::Failed { shown: false, .. })
    });
    let since = Instant::now();
    let attempt =
        Attempt { stored: Arc::clone(stored), client_id: client_id.clone(), scopes, open, state: sender };
    let task = tokio::spawn(attempt.run()).abort_handle();
    *slot = Some(Running { client_id, since, state: state.clone(), task, offered: false });
    Ok((since, state))
}

/// Returns the address of a flow for which no browser could be opened here, once.
pub(super) fn unopened_address(stored: &Stored) -> Option<String> {
    let mut slot = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    let running = slot.as_mut().filter(|running| !running.offered)?;
    let url = match &*running.state.borrow() {
        State::Waiting { url, opened: Some(false) } => url.clone(),
        _ => return None,
    };
    running.offered = true;
    Some(url)
}

/// When a flow was begun, as this call sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    Now,
    Before,
}

/// Waits until there is something to do for the person, at most [`ANSWER_LIMIT`], and tells how far the flow has come.
async fn settled(since: Instant, mut state: watch::Receiver<State>, begun: Begun) -> Flow {
    let is_settled = |state: &State| !matches!(state, State::Preparing | State::Waiting { opened: None, .. });
    let _ = tokio::time::timeout(ANSWER_LIMIT, state.wait_for(is_settled)).await;
    let left = LIFETIME.saturating_sub(since.elapsed());
    match state.borrow().clone() {
        State::Preparing => Flow::Preparing,
        State::Waiting { url, opened } => Flow::Waiting { url, opened, new: begun == Begun::Now, left },
        State::Done(scopes) => Flow::Done(scopes),
        State::Failed { error, shown: true } => Flow::Failed { error, left },
        State::Failed { error, shown: false } => Flow::Failed { error, left: Duration::ZERO },
    }
}

struct Attempt {
    stored: Arc<Stored>,
    client_id: String,
    scopes: Scopes,
    /// Whether the browser is opened, or the address only given.
    open: bool,
    state: watch::Sender<State>,
}

impl Attempt {
    async fn run(self) {
        let outcome = self.steps().await;
        let shown = matches!(&*self.state.borrow(), State::Waiting { .. });
        self.state.send_replace(match outcome {
            Ok(scopes) => State::Done(scopes),
            Err(error) => State::Failed { error, shown },
        });
    }

    async fn steps(&self) -> Result<Scopes> {
        let settings = &self.stored.settings;
        let listener = match Listener::bind(&redirect(settings)?).await {
            Ok(listener) => listener,
            // Most likely it is not "another program" but another copy of this one, with a sign-in of any profile.
            Err(busy) => {
                let other = locks::profile_signing_in(settings).await;
                return Err(other.map_or(busy, |profile| login::signing_in_elsewhere(&profile)));
            }
        };
        let client_secret = match configured_secret(settings)? {
            Some(secret) => Some(secret),
            None => stored_secret(settings, &self.client_id, QUICK).await,
        };
        let request =
            Request { client_id: self.client_id.clone(), client_secret, scopes: self.scopes.clone() };
        let login = Login::begin(settings, request, Some(listener)).await?;
        let (code, ()) = tokio::join!(login.browser(LIFETIME), self.show(&login));
        let code = code?;
        // The end of the process waits for this lock: from here on the code is spent.
        let _renewing = self.stored.renewing.lock().await;
        if self.stored.memory().is_closing {
            return Err(shutting_down());
        }
        let done = login.complete(code).await?;
        for warning in &done.warnings {
            tracing::warn!("{warning}");
        }
        Ok(done.tokens.scopes)
    }

    async fn show(&self, login: &login::Login) {
        let url = login.url().to_string();
        let waiting = |opened| State::Waiting { url: url.clone(), opened };
        if !self.open {
            self.state.send_replace(waiting(Some(false)));
            return;
        }
        self.state.send_replace(waiting(None));
        let opened = browser::open(url.clone()).await;
        self.state.send_if_modified(|state| {
            // The person may have finished before the desktop answered.
            let is_waiting = matches!(state, State::Waiting { .. });
            if is_waiting {
                *state = waiting(Some(opened));
            }
            is_waiting
        });
    }
}

fn redirect(settings: &Settings) -> Result<Url> {
    Url::parse(&settings.redirect_uri)
        .map_err(|_| Error::usage("the redirect URI is not a URL", "check ARIES_REDIRECT_URI"))
}
