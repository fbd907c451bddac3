//! A sign-in that runs beside the calls of a server, for people who never open a terminal.
//!
//! It is the flow of `login` in a task of its own. The browser opens once: whoever asks again within ten minutes
//! hears how the same flow stands. A flow of another process is noticed by the lock that every sign-in holds.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::{Stored, stopped};
use crate::auth::callback::{Listener, can_listen};
use crate::auth::keychain::QUICK;
use crate::auth::login::{Login, Request, checked_id, given_secret, kept_secret, refuse_other_api};
use crate::auth::note::SessionNote;
use crate::auth::scope::{self, Granted};
use crate::auth::{locks, login};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::browser;

/// How long one flow waits for the browser, and how long no other is begun after it.
const LIFE: Duration = Duration::from_secs(600);
/// The caller gets an answer after this, whatever the keychain and the desktop do.
const PROMPT: Duration = Duration::from_millis(1500);

/// How the sign-in stands.
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
        /// Whether the browser could be asked to open it; `None` while nobody knows.
        opened: Option<bool>,
        /// Whether this call began it.
        new: bool,
        /// How long it still waits.
        left: Duration,
    },
    /// Somebody is signed in, by this flow or another way.
    Done(Granted),
    /// It ended without a sign-in.
    Failed {
        /// Why.
        error: Error,
        /// When the next one may begin.
        left: Duration,
    },
}

/// A flow of this process.
pub(super) struct Begun {
    client_id: String,
    since: Instant,
    stand: watch::Receiver<Stand>,
    task: tokio::task::AbortHandle,
    /// Whether the address was given to [`unopened`].
    offered: bool,
}

/// What the task tells.
#[derive(Debug, Clone)]
enum Stand {
    Preparing,
    Waiting {
        url: String,
        opened: Option<bool>,
    },
    Done(Granted),
    /// `shown` says whether the person had got an address before.
    Failed {
        error: Error,
        shown: bool,
    },
}

/// Begins, or tells about the one begun before.
pub(super) async fn sign_in(stored: &Arc<Stored>, client_id: Option<&str>) -> Result<Flow> {
    let client_id = client_id.map(checked_id).transpose()?;
    if let Some((since, stand)) = recent(stored, client_id.as_deref()) {
        return Ok(told(since, stand, false).await);
    }
    let settings = &stored.settings;
    let now = jiff::Timestamp::now();
    if let Some(note) = SessionNote::read(settings).filter(|note| !note.over(now)) {
        return Ok(Flow::Done(note.scopes));
    }
    if !Url::parse(&settings.redirect_uri).is_ok_and(|redirect| can_listen(&redirect)) {
        return Err(Error::failed(
            format!("the browser comes back to {}, which is not this computer", settings.redirect_uri),
            "ask the person to run `aries-mcp login` in a terminal and to paste the address of the page they land on",
        ));
    }
    let Some(client_id) = client_id.or_else(|| settings.client_id.clone()) else {
        // Whoever began one elsewhere has a key already.
        if locks::is_signing_in(settings).await {
            return Err(login::elsewhere(&settings.profile));
        }
        return Ok(Flow::NoKey { redirect_uri: settings.redirect_uri.clone() });
    };
    refuse_other_api(settings)?;
    let (since, stand) = begin(stored, client_id)?;
    Ok(told(since, stand, true).await)
}

/// The flow that still counts: younger than ten minutes, and of the same key. One that failed before the person got
/// an address is in nobody's way.
fn recent(stored: &Stored, client_id: Option<&str>) -> Option<(Instant, watch::Receiver<Stand>)> {
    let begun = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = begun.as_ref().filter(|begun| begun.since.elapsed() < LIFE)?;
    let now = jiff::Timestamp::now();
    let same_key = client_id.is_none_or(|id| id == begun.client_id);
    let over = match &*begun.stand.borrow() {
        Stand::Failed { shown, .. } => !shown,
        // A sign-out or the end of the sign-in since then.
        Stand::Done(_) => SessionNote::read(&stored.settings).is_none_or(|note| note.over(now)),
        _ => false,
    };
    (same_key && !over).then(|| (begun.since, begun.stand.clone()))
}

fn begin(stored: &Arc<Stored>, client_id: String) -> Result<(Instant, watch::Receiver<Stand>)> {
    let settings = stored.settings.clone();
    let scopes = scope::wanted(settings.scopes.as_deref(), false)?;
    let (tell, stand) = watch::channel(Stand::Preparing);
    let mut slot = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    // Another key within ten minutes is a correction: the address is given, but no second page is opened.
    let open = slot.as_ref().is_none_or(|before| {
        before.task.abort();
        before.since.elapsed() >= LIFE
            || matches!(&*before.stand.borrow(), Stand::Failed { shown: false, .. })
    });
    let since = Instant::now();
    let attempt = Attempt { stored: Arc::clone(stored), client_id: client_id.clone(), scopes, open, tell };
    let task = tokio::spawn(attempt.run()).abort_handle();
    *slot = Some(Begun { client_id, since, stand: stand.clone(), task, offered: false });
    Ok((since, stand))
}

/// The address of a flow for which no browser could be opened here; told once.
pub(super) fn unopened(stored: &Stored) -> Option<String> {
    let mut slot = stored.flow.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = slot.as_mut().filter(|begun| !begun.offered)?;
    let url = match &*begun.stand.borrow() {
        Stand::Waiting { url, opened: Some(false) } => url.clone(),
        _ => return None,
    };
    begun.offered = true;
    Some(url)
}

/// How it stands as soon as there is something to do for the person, at the latest after [`PROMPT`].
async fn told(since: Instant, mut stand: watch::Receiver<Stand>, new: bool) -> Flow {
    let settled = |stand: &Stand| !matches!(stand, Stand::Preparing | Stand::Waiting { opened: None, .. });
    let _ = tokio::time::timeout(PROMPT, stand.wait_for(settled)).await;
    let left = LIFE.saturating_sub(since.elapsed());
    match stand.borrow().clone() {
        Stand::Preparing => Flow::Preparing,
        Stand::Waiting { url, opened } => Flow::Waiting { url, opened, new, left },
        Stand::Done(scopes) => Flow::Done(scopes),
        Stand::Failed { error, shown } => {
            Flow::Failed { error, left: if shown { left } else { Duration::ZERO } }
        }
    }
}

struct Attempt {
    stored: Arc<Stored>,
    client_id: String,
    scopes: Granted,
    open: bool,
    tell: watch::Sender<Stand>,
}

impl Attempt {
    async fn run(self) {
        let outcome = self.steps().await;
        let shown = matches!(&*self.tell.borrow(), Stand::Waiting { .. });
        self.tell.send_replace(match outcome {
            Ok(scopes) => Stand::Done(scopes),
            Err(error) => Stand::Failed { error, shown },
        });
    }

    async fn steps(&self) -> Result<Granted> {
        let settings = &self.stored.settings;
        let listener = match Listener::bind(&redirect(settings)?).await {
            Ok(listener) => listener,
            // Most likely it is not "another program" but another copy of this one, with a sign-in of any profile.
            Err(busy) => {
                let other = locks::profile_signing_in(settings).await;
                return Err(other.map_or(busy, |profile| login::elsewhere(&profile)));
            }
        };
        let client_secret = match given_secret(settings)? {
            Some(secret) => Some(secret),
            None => kept_secret(settings, &self.client_id, QUICK).await,
        };
        let request =
            Request { client_id: self.client_id.clone(), client_secret, scopes: self.scopes.clone() };
        let login = Login::begin(settings, request, Some(listener)).await?;
        let (code, ()) = tokio::join!(login.browser(LIFE), self.show(&login));
        let code = code?;
        // The end of the process waits for this turn: the code is spent from here on.
        let _turn = self.stored.turn.lock().await;
        if self.stored.memory().closing {
            return Err(stopped());
        }
        let done = login.complete(code).await?;
        for warning in &done.warnings {
            tracing::warn!("{warning}");
        }
        Ok(done.tokens.scopes)
    }

    async fn show(&self, login: &login::Login) {
        let url = login.url().to_string();
        let waiting = |opened| Stand::Waiting { url: url.clone(), opened };
        if !self.open {
            self.tell.send_replace(waiting(Some(false)));
            return;
        }
        self.tell.send_replace(waiting(None));
        let opened = browser::open(url.clone()).await;
        self.tell.send_if_modified(|stand| {
            // The browser may have been faster.
            let still = matches!(stand, Stand::Waiting { .. });
            if still {
                *stand = waiting(Some(opened));
            }
            still
        });
    }
}

fn redirect(settings: &Settings) -> Result<Url> {
    Url::parse(&settings.redirect_uri)
        .map_err(|_| Error::usage("the redirect URI is not a URL", "check ARIES_REDIRECT_URI"))
}
