//! Resources that change: the quote of a symbol, and today's orders of an account. One is read as its tool answers; whoever
//! subscribes to it is told of changes, over the sockets that all calls share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rmcp::ErrorData;
use rmcp::model::ResourceTemplate;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::AbortOnDropHandle;
use url::form_urlencoded;

use super::bundle::fitted;
use crate::aries::socket::{About, Subscription};
use crate::aries::symbols::Symbol;
use crate::error::{Error, Kind, Result};
use crate::told::Reader;
use crate::tools::schema::Object;
use crate::tools::wait_for::the_account;
use crate::tools::{self, Call, Tool};

const QUOTES: &str = "aries://quotes/";
const ORDERS: &str = "aries://orders/";
/// Resources that one client may subscribe to.
pub(super) const MOST: usize = 50;
/// Changes of one resource within this time are told as one.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Live {
    Quote(Symbol),
    /// Of the account with this name.
    Orders(String),
}

/// Tells the client of a change; false once it cannot be told any more.
pub(super) type Tell = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, title: &str, about: &str| {
        ResourceTemplate::new(uri, name)
            .with_title(title)
            .with_description(about)
            .with_mime_type("text/plain")
    };
    vec![
        template(
            "aries://quotes/{symbol}",
            "quote",
            "Quote",
            "The price of a stock, option or index as get_quotes answers; can be subscribed to",
        ),
        template(
            "aries://orders/{account}",
            "orders",
            "Orders of today",
            "Today's orders of an account (its last four characters) as get_orders answers; can be subscribed to",
        ),
    ]
}

impl Live {
    /// Reads a URI; `None` if it is of no resource that changes.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        let decoded = |text: &str| {
            let (name, _) = form_urlencoded::parse(text.as_bytes()).next()?;
            Some(name.into_owned()).filter(|name| !name.is_empty() && name.len() <= 40)
        };
        if let Some(account) = uri.strip_prefix(ORDERS) {
            return Some(Self::Orders(decoded(account)?));
        }
        let symbol = Symbol::parse(&decoded(uri.strip_prefix(QUOTES)?)?).ok()?;
        (!matches!(symbol, Symbol::Future(_))).then_some(Self::Quote(symbol))
    }

    /// The tool that answers when it is read, with its arguments.
    pub(super) fn tool(&self) -> (&'static Tool, Object) {
        let (name, args) = match self {
            Self::Quote(symbol) => ("get_quotes", vec![("symbols", json!([symbol.to_string()]))]),
            Self::Orders(account) => {
                ("get_orders", vec![("account", json!(account)), ("view", json!("today"))])
            }
        };
        let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        (tools::find(name).expect("both tools are there"), args)
    }

    /// Fails if there is no such account.
    pub(super) async fn check(&self, call: &Call) -> Result<()> {
        match self {
            Self::Quote(_) => Ok(()),
            Self::Orders(account) => the_account(call, account).await.map(drop),
        }
    }

    /// Tells of changes until the client is gone. Fails if there is no such account.
    pub(super) async fn follow(&self, call: &Call, tell: Tell) -> Result<()> {
        match self {
            Self::Quote(symbol) => {
                let ticks = call.streams.market.listen(&symbol.to_string());
                tell_changes(ticks, |known| known.quote.clone(), tell).await;
            }
            Self::Orders(account) => {
                let account = the_account(call, account).await?;
                let changes = call.streams.accounts.listen(&account.id);
                tell_changes(changes, |book| book.orders.clone(), tell).await;
            }
        }
        Ok(())
    }
}

async fn tell_changes<T: About, V: PartialEq>(
    mut words: Subscription<T>,
    view: impl Fn(&T::State) -> V,
    tell: Tell,
) {
    let mut told = None;
    loop {
        words.next().await;
        let now = Some(words.state(&view));
        if told == now {
            continue;
        }
        told = now;
        if !tell().await {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What one subscription of the client follows, by URI. Clones share it.
#[derive(Clone)]
pub(super) struct Followed {
    all: Arc<Mutex<BTreeMap<String, Following>>>,
    /// Those that are left to the client, whatever subscription takes them.
    places: Arc<Semaphore>,
}

/// The task that tells of changes, with its place.
type Following = (AbortOnDropHandle<()>, OwnedSemaphorePermit);

impl Default for Followed {
    fn default() -> Self {
        Self { all: Arc::default(), places: Arc::new(Semaphore::new(MOST)) }
    }
}

impl Followed {
    /// What another subscription of the same client follows.
    pub(super) fn another(&self) -> Self {
        Self { all: Arc::default(), places: Arc::clone(&self.places) }
    }

    /// How many more resources the client may follow.
    pub(super) fn room(&self) -> usize {
        self.places.available_permits()
    }

    /// Follows a resource; a second subscription to it changes nothing.
    pub(super) fn begin(&self, uri: String, live: Live, call: Call, tell: Tell) -> Result<()> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (following, _)| !following.is_finished());
        if all.contains_key(&uri) {
            return Ok(());
        }
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            let cause = format!("this client has subscribed to {MOST} resources");
            Error::new(Kind::Refused, cause, "unsubscribe from one first")
        })?;
        let following = tokio::spawn(async move {
            if let Err(error) = live.follow(&call, tell).await {
                tracing::debug!("a resource is no longer followed: {error}");
            }
        });
        all.insert(uri, (AbortOnDropHandle::new(following), place));
        Ok(())
    }

    pub(super) fn end(&self, uri: &str) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }
}

/// An error of a tool, as a resource answers it.
pub(super) fn refused(error: &Error) -> ErrorData {
    let text = fitted(format!("{}; {}", error.cause, error.hint), Reader::Model);
    match error.kind {
        Kind::Usage | Kind::NotFound => ErrorData::resource_not_found(text, None),
        Kind::Refused => ErrorData::invalid_params(text, None),
        _ => ErrorData::internal_error(text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_resources_that_change_are_followed() {
        let symbol = |text: &str| Some(Live::Quote(Symbol::parse(text).unwrap()));
        for (uri, live) in [
            ("aries://quotes/AAPL", symbol("AAPL")),
            ("aries://quotes/%5ESPX", symbol("SPX")),
            ("aries://quotes/BRK.B", symbol("BRK.B")),
            ("aries://quotes/AAPL%202026-12-18%20200%20C", symbol("AAPL261218C00200000")),
            ("aries://orders/1002", Some(Live::Orders("1002".to_owned()))),
            ("aries://orders/", None),
            ("aries://quotes/", None),
            ("aries://quotes//ES", None),
            ("aries://quotes/%2FES", None),
            ("aries://reference/orders", None),
            ("AAPL", None),
        ] {
            assert_eq!(Live::parse(uri), live, "{uri}");
        }
    }
}
