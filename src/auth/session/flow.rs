//! A sign-in that runs beside the calls of a server, for people who never open a terminal: the flow of `login` in a task
//! of its own. The browser opens once: a call within ten minutes gets the state of the same flow. A flow of another
//! process is noticed by the lock that every sign-in holds.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::stored::{Stored, shutting_down};
use crate::auth::callback::{Listener, can_listen};
use crate::auth::keychain::QUICK;
use crate::auth::locks;
use crate::auth::login::{
    self, Login, Request, checked_id, configured_secret, refuse_other_api, stored_secret,
};
use crate::auth::scope::{self, Rights, Scopes};
use crate::auth::session_file::SessionFile;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::{browser, lock};
use crate::told::Told;

/// How long one flow waits for the browser, and how long no other is begun after it.
const LIFETIME: Duration = Duration::from_secs(600);
/// The caller gets an answer after this, whatever the keychain and the desktop do.
const ANSWER_LIMIT: Duration = Duration::from_millis(1500);

#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) state: State,
    pub(crate) new: bool,
    /// How long it still waits; after a failure, how long until the next one may begin.
    pub(crate) left: Duration,
}

#[derive(Debug, Clone)]
pub(crate) enum State {
    /// No client id is known: the person makes a key first, for this redirect URI.
    NoKey {
        redirect_uri: String,
    },
    Preparing,
    /// The person has to act in the browser; `opened` tells whether it could be asked to open the address, once known.
    Waiting {
        url: String,
        opened: Option<bool>,
    },
    /// Somebody is signed in, by this flow or another way.
    Done(Scopes),
    /// It ended without a sign-in; `shown` is true if the person had got an address before.
    Failed {
        error: Error,
        shown: bool,
    },
}

/// The sign-ins that this process begins; clones share the last one.
#[derive(Clone)]
pub(super) struct SignIns {
    stored: Arc<Stored>,
    last: Arc<Mutex<Option<Running>>>,
}

#[derive(Clone)]
struct Running {
    client_id: String,
    rights: Rights,
    since: Instant,
    state: watch::Receiver<State>,
    task: tokio::task::AbortHandle,
    offered: bool,
}

impl SignIns {
    pub(super) fn of(stored: &Arc<Stored>) -> Self {
        Self { stored: Arc::clone(stored), last: Arc::default() }
    }

    pub(super) async fn sign_in(&self, client_id: Option<&str>, rights: Rights) -> Result<Flow> {
        let client_id = client_id.map(checked_id).transpose()?;
        let settings = &self.stored.settings;
        if settings.read_only && rights == Rights::Trading {
            return Err(Error::new(
                Kind::Refused,
                "this server is read-only, and never asks for the right to order",
                Told::pair(
                    "call sign_in without `trade`; only the person can change that, where read-only was set",
                    "it can be changed where read-only was set",
                ),
            ));
        }
        if let Some(running) = self.recent(client_id.as_deref(), rights) {
            return Ok(running.settled().await);
        }
        let at_once = |state| Flow { state, new: false, left: Duration::ZERO };
        if let Some(file) = signed_in(settings).filter(|file| satisfies(rights, &file.scopes)) {
            return Ok(at_once(State::Done(file.scopes)));
        }
        let Some(redirect) = Url::parse(&settings.redirect_uri).ok().filter(can_listen) else {
            return Err(Error::failed(
                format!("the browser comes back to {}, which is not this computer", settings.redirect_uri),
                Told::pair(
                    "ask the person to run `aries-mcp login` in a terminal and to paste the address of the page they land on",
                    "run `aries-mcp login` in a terminal and paste the address of the page that you land on",
                ),
            ));
        };
        let Some(client_id) = client_id.or_else(|| settings.client_id.clone()) else {
            // A sign-in in another window means that there is a key already.
            if lock::is_held(&locks::login_lock(settings)) {
                return Err(login::signing_in_elsewhere(&settings.profile, &locks::login_lock(settings)));
            }
            return Ok(at_once(State::NoKey { redirect_uri: settings.redirect_uri.clone() }));
        };
        refuse_other_api(settings)?;
        Ok(Flow { new: true, ..self.begin(client_id, redirect, rights)?.settled().await })
    }

    fn last(&self) -> MutexGuard<'_, Option<Running>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the flow that still counts: younger than ten minutes, of the same key, and for at least these rights. One
    /// that failed before the person got an address does not count.
    fn recent(&self, client_id: Option<&str>, rights: Rights) -> Option<Running> {
        let running = self.last().clone().filter(|running| running.since.elapsed() < LIFETIME)?;
        let same_key = client_id.is_none_or(|id| id == running.client_id);
        let enough = rights == Rights::AsChosen || running.rights == rights;
        let is_over = match &*running.state.borrow() {
            State::Failed { shown, .. } => !shown,
            // A sign-out or the end of the sign-in since then, or a right that Aries did not grant: the key may have it now.
            State::Done(scopes) => signed_in(&self.stored.settings).is_none() || !satisfies(rights, scopes),
            _ => false,
        };
        (same_key && enough && !is_over).then_some(running)
    }

    fn begin(&self, client_id: String, redirect: Url, rights: Rights) -> Result<Running> {
        let scopes = asked_for(&self.stored.settings, rights)?;
        let (sender, state) = watch::channel(State::Preparing);
        let mut last = self.last();
        // Another key within ten minutes is a correction: the address is given, but no second page is opened. A page for
        // the right to order is another one.
        let open = last.as_ref().is_none_or(|before| {
            before.task.abort();
            let is_done = matches!(&*before.state.borrow(), State::Done(_));
            before.since.elapsed() >= LIFETIME
                || (rights == Rights::Trading && (is_done || before.rights != rights))
                || matches!(&*before.state.borrow(), State::Failed { shown: false, .. })
        });
        let stored = Arc::clone(&self.stored);
        let attempt = Attempt { stored, client_id: client_id.clone(), redirect, scopes, open, state: sender };
        let task = tokio::spawn(attempt.run()).abort_handle();
        let running = Running { client_id, rights, since: Instant::now(), state, task, offered: false };
        *last = Some(running.clone());
        Ok(running)
    }

    pub(super) fn unopened_address(&self) -> Option<String> {
        let mut last = self.last();
        let running = last.as_mut().filter(|running| !running.offered)?;
        let url = match &*running.state.borrow() {
            State::Waiting { url, opened: Some(false) } => url.clone(),
            _ => return None,
        };
        running.offered = true;
        Some(url)
    }
}

/// The session file of a sign-in that has not ended.
fn signed_in(settings: &Settings) -> Option<SessionFile> {
    SessionFile::read(settings).filter(|file| !file.is_over(Timestamp::now()))
}

fn satisfies(rights: Rights, granted: &Scopes) -> bool {
    rights == Rights::AsChosen || granted.may_trade()
}

/// A read-only process never asks for a right to change anything, whatever ARIES_SCOPES says.
fn asked_for(settings: &Settings, rights: Rights) -> Result<Scopes> {
    let scopes = scope::requested(settings.scopes.as_deref())?;
    let scopes = match (rights, settings.read_only) {
        (_, true) => scopes.reading_only(),
        (Rights::Trading, false) => scopes.with_trading(),
        (Rights::AsChosen, false) => scopes,
    };
    if scopes.is_empty() {
        let hint = Told::person("name a reading scope in ARIES_SCOPES, or take read-only back");
        return Err(Error::usage("ARIES_SCOPES names nothing that a read-only server asks for", hint));
    }
    Ok(scopes)
}

impl Running {
    async fn settled(mut self) -> Flow {
        let is_settled =
            |state: &State| !matches!(state, State::Preparing | State::Waiting { opened: None, .. });
        let _ = tokio::time::timeout(ANSWER_LIMIT, self.state.wait_for(is_settled)).await;
        let state = self.state.borrow().clone();
        let left = match state {
            State::Failed { shown: false, .. } => Duration::ZERO,
            _ => LIFETIME.saturating_sub(self.since.elapsed()),
        };
        Flow { state, new: false, left }
    }
}

struct Attempt {
    stored: Arc<Stored>,
    client_id: String,
    redirect: Url,
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
        let listener = match Listener::bind(&self.redirect).await {
            Ok(listener) => listener,
            // Most likely it is not "another program" but another copy of this one, with a sign-in of any profile.
            Err(busy) => {
                let other = locks::profile_signing_in(settings);
                return Err(
                    other.map_or(busy, |(profile, lock)| login::signing_in_elsewhere(&profile, &lock))
                );
            }
        };
        let client_secret = match configured_secret(settings)? {
            Some(secret) => Some(secret),
            None => stored_secret(settings, &self.client_id, QUICK).await,
        };
        let request =
            Request { client_id: self.client_id.clone(), client_secret, scopes: self.scopes.clone() };
        let login = Login::begin(settings, request, Some(listener)).await?;
        let code = tokio::select! {
            code = login.browser(LIFETIME) => code?,
            never = self.show(&login) => match never {},
        };
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

    /// Shows the address, and opens the browser there if that was asked for.
    async fn show(&self, login: &Login) -> Infallible {
        let url = login.url().to_string();
        let waiting = |opened| State::Waiting { url: url.clone(), opened };
        self.state.send_replace(waiting(if self.open { None } else { Some(false) }));
        if !self.open {
            return std::future::pending().await;
        }
        let tell = |opened| {
            self.state.send_if_modified(|state| {
                // The person may have finished before the desktop answered.
                let is_waiting = matches!(state, State::Waiting { .. });
                if is_waiting {
                    *state = waiting(Some(opened));
                }
                is_waiting
            });
        };
        browser::lead(url.clone().into(), &self.stored.settings.browser(), tell).await
    }
}
