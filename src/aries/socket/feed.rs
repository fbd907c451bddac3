//! Who listens to what on one socket, and the newest word on it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::about::{About, Link, Word};
use super::frame::Heard;
use crate::aries::json::Object;
use crate::error::{Error, Result};
use crate::timing::Sockets;

/// Words kept for a listener that has not read them yet; one that misses some looks at the state.
const KEPT: usize = 64;

struct Topic<T: About> {
    listeners: usize,
    state: T::State,
    words: broadcast::Sender<Arc<Word<T::News>>>,
    /// The session on which it was last heard of.
    heard_on: u64,
    /// When the session that is up subscribed to it.
    subscribed: Option<Instant>,
    polled: Option<Instant>,
    problem: Option<Error>,
}

struct Shared<T: About> {
    topics: BTreeMap<String, Topic<T>>,
    /// How many listen, to all topics together.
    listeners: usize,
    link: Link,
    /// How many sessions there were: what an older one still says is left out.
    session: u64,
    idle_since: Instant,
    is_driven: bool,
    is_closing: bool,
    /// Lines that were not understood.
    ignored: u64,
}

/// The subscriptions of one socket. Clones share them.
pub(crate) struct Feed<T: About> {
    shared: Arc<Mutex<Shared<T>>>,
    /// Changes with every subscription and with the link.
    changes: Arc<watch::Sender<u64>>,
}

impl<T: About> Clone for Feed<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), changes: Arc::clone(&self.changes) }
    }
}

impl<T: About> Topic<T> {
    fn new() -> Self {
        Self {
            listeners: 0,
            state: T::State::default(),
            words: broadcast::Sender::new(KEPT),
            heard_on: 0,
            subscribed: None,
            polled: None,
            problem: None,
        }
    }

    fn tell(&self, news: Vec<T::News>) {
        for one in news {
            // Nobody may listen.
            let _ = self.words.send(Arc::new(Word::News(one)));
        }
    }
}

impl<T: About> Feed<T> {
    /// `unasked` is what comes without a subscription, and is remembered for whoever listens later.
    pub(super) fn new(unasked: &[&str]) -> Self {
        let topics = unasked.iter().map(|key| ((*key).to_owned(), Topic::new())).collect();
        let shared = Shared {
            topics,
            listeners: 0,
            link: Link::Closed,
            session: 0,
            idle_since: Instant::now(),
            is_driven: false,
            is_closing: false,
            ignored: 0,
        };
        Self { shared: Arc::new(Mutex::new(shared)), changes: Arc::new(watch::Sender::new(0)) }
    }

    fn shared(&self) -> MutexGuard<'_, Shared<T>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Begins to listen. True if nothing drives the socket yet, which the caller then does.
    pub(super) fn join(&self, key: &str) -> (Subscription<T>, bool) {
        let mut shared = self.shared();
        let topic = shared.topics.entry(key.to_owned()).or_insert_with(Topic::new);
        topic.listeners += 1;
        let words = topic.words.subscribe();
        shared.listeners += 1;
        let is_first = !std::mem::replace(&mut shared.is_driven, true);
        drop(shared);
        self.changed();
        (Subscription { feed: self.clone(), key: key.to_owned(), words }, is_first)
    }

    fn leave(&self, key: &str) {
        let mut shared = self.shared();
        shared.listeners -= 1;
        if let Some(topic) = shared.topics.get_mut(key) {
            topic.listeners -= 1;
        }
        // What comes unasked stays.
        shared.topics.retain(|key, topic| topic.listeners > 0 || T::subscribe(key).is_none());
        if shared.listeners == 0 {
            shared.idle_since = Instant::now();
        }
        drop(shared);
        self.changed();
    }

    /// When the socket has been idle for so long; `None` while somebody listens.
    pub(super) fn idle_at(&self, idle: std::time::Duration) -> Option<Instant> {
        let shared = self.shared();
        match (shared.is_closing, shared.listeners) {
            (true, _) => Some(Instant::now()),
            (false, 0) => Some(shared.idle_since + idle),
            _ => None,
        }
    }

    /// Ends the driving, unless somebody has begun to listen.
    pub(super) fn retire(&self) -> bool {
        let mut shared = self.shared();
        if shared.listeners > 0 && !shared.is_closing {
            return false;
        }
        shared.is_driven = false;
        shared.link = Link::Closed;
        drop(shared);
        self.changed();
        true
    }

    pub(super) fn begin_closing(&self) {
        self.shared().is_closing = true;
        self.changed();
    }

    pub(super) fn is_driven(&self) -> bool {
        self.shared().is_driven
    }

    pub(crate) fn link(&self) -> Link {
        self.shared().link.clone()
    }

    pub(super) fn set_link(&self, link: Link) {
        let mut shared = self.shared();
        if link == Link::Up {
            shared.session += 1;
        }
        for topic in shared.topics.values_mut() {
            topic.subscribed = None;
        }
        shared.link = link;
        drop(shared);
        self.changed();
    }

    /// What is listened to and not subscribed to on this session yet; they count as subscribed from now on.
    pub(super) fn to_subscribe(&self) -> Vec<String> {
        let now = Instant::now();
        let mut shared = self.shared();
        let new =
            shared.topics.iter_mut().filter(|(_, topic)| topic.listeners > 0 && topic.subscribed.is_none());
        new.map(|(key, topic)| {
            topic.subscribed = Some(now);
            key.clone()
        })
        .collect()
    }

    pub(super) fn is_wanted(&self, key: &str) -> bool {
        self.shared().topics.get(key).is_some_and(|topic| topic.listeners > 0)
    }

    /// Takes a message about a subscription.
    pub(super) fn take(&self, id: Option<&str>, payload: &Object<'_>) {
        let mut shared = self.shared();
        let named = T::name(payload).filter(|name| shared.topics.contains_key(&**name));
        let key = named.map(Cow::into_owned).or_else(|| {
            let known: Vec<&str> = shared.topics.keys().map(String::as_str).collect();
            T::key(id, payload, &known)
        });
        let session = shared.session;
        let topic = key.and_then(|key| shared.topics.get_mut(&key));
        let Some((topic, news)) = topic.and_then(|topic| {
            let news = T::merge(&mut topic.state, payload)?;
            Some((topic, news))
        }) else {
            shared.ignored += 1;
            drop(shared);
            if T::is_of_note(payload) {
                self.doubt();
            }
            return;
        };
        if T::is_all(&news) {
            (topic.heard_on, topic.problem) = (session, None);
        }
        topic.tell(news);
    }

    /// What is known may be old: REST is asked until the socket tells more.
    pub(super) fn doubt(&self) {
        self.shared().topics.values_mut().for_each(|topic| topic.heard_on = 0);
        self.changed();
    }

    /// Counts a line that is not understood.
    pub(super) fn ignore(&self, heard: &Heard<'_>) {
        let mut shared = self.shared();
        shared.ignored += 1;
        tracing::debug!("socket: {heard:?} ignored, {} so far", shared.ignored);
    }

    /// What REST has to be asked about: everything while the socket is not up, else what is not heard of on it. `None`
    /// with the time from which on there is something, if that is known.
    pub(super) fn to_poll(&self, timing: &Sockets) -> std::result::Result<Vec<String>, Option<Instant>> {
        let now = Instant::now();
        let shared = self.shared();
        let is_up = shared.link == Link::Up;
        let mut unserved: Vec<(&String, Instant)> = Vec::new();
        for (key, topic) in shared.topics.iter().filter(|(key, _)| T::subscribe(key).is_some()) {
            let from = match (is_up, topic.subscribed) {
                (true, _) if topic.heard_on == shared.session => continue,
                (true, _) if T::ASKS_AT_ONCE && topic.heard_on == 0 && topic.polled.is_none() => now,
                (true, subscribed) => subscribed.unwrap_or(now) + timing.unheard,
                (false, _) => now,
            };
            unserved.push((key, from));
        }
        let pause = T::pause(timing, unserved.len());
        let due = |(key, from): &(&String, Instant)| {
            let polled = shared.topics.get(*key).and_then(|topic| topic.polled);
            polled.map_or(*from, |polled| (polled + pause).max(*from))
        };
        match unserved.iter().map(due).min() {
            Some(first) if first <= now => {
                Ok(unserved.iter().filter(|(_, from)| *from <= now).map(|(key, _)| (*key).clone()).collect())
            }
            first => Err(first),
        }
    }

    pub(super) fn take_polled(&self, answers: Vec<(String, Result<T::Polled>)>) {
        let (now, mut shared) = (Instant::now(), self.shared());
        for (key, answer) in answers {
            let Some(topic) = shared.topics.get_mut(&key) else { continue };
            topic.polled = Some(now);
            match answer {
                Ok(polled) => {
                    let news = T::merge_polled(&mut topic.state, polled);
                    topic.problem = None;
                    topic.tell(news);
                }
                Err(error) => {
                    topic.problem = Some(error.clone());
                    let _ = topic.words.send(Arc::new(Word::Problem(error)));
                }
            }
        }
    }

    fn is_heard(&self, key: &str) -> bool {
        let shared = self.shared();
        let topic = shared.topics.get(key);
        shared.link == Link::Up && topic.is_some_and(|topic| topic.heard_on == shared.session)
    }
}

/// One listener. Listening ends when it is dropped.
pub(crate) struct Subscription<T: About> {
    feed: Feed<T>,
    key: String,
    words: broadcast::Receiver<Arc<Word<T::News>>>,
}

impl<T: About> Subscription<T> {
    /// Waits for what the feed says next. A listener that was too slow hears the newest.
    pub(crate) async fn next(&mut self) -> Arc<Word<T::News>> {
        match self.words.recv().await {
            Ok(word) => word,
            // The sender lives as long as this listener.
            Err(_) => Arc::new(Word::Missed),
        }
    }

    /// Waits for the next word, or for the link to change.
    pub(crate) async fn change(&mut self) {
        let mut changes = self.feed.changes();
        tokio::select! {
            _ = self.words.recv() => {}
            _ = changes.changed() => {}
        }
    }

    /// Reads what is known now.
    pub(crate) fn state<R>(&self, read: impl FnOnce(&T::State) -> R) -> R {
        match self.feed.shared().topics.get(&self.key) {
            Some(topic) => read(&topic.state),
            None => read(&T::State::default()),
        }
    }

    /// Why REST has no answer, if that is so and the socket tells nothing either.
    pub(crate) fn problem(&self) -> Option<Error> {
        self.feed.shared().topics.get(&self.key)?.problem.clone()
    }

    pub(crate) fn link(&self) -> Link {
        self.feed.link()
    }

    /// The pause between two questions to REST as long as the socket does not tell it.
    pub(crate) fn pause(&self, timing: &Sockets) -> std::time::Duration {
        let shared = self.feed.shared();
        let is_asked = |topic: &&Topic<T>| shared.link != Link::Up || topic.heard_on != shared.session;
        T::pause(timing, shared.topics.values().filter(is_asked).count())
    }

    /// Whether the newest word of it comes by the socket.
    pub(crate) fn is_heard(&self) -> bool {
        self.feed.is_heard(&self.key)
    }
}

impl<T: About> Drop for Subscription<T> {
    fn drop(&mut self) {
        self.feed.leave(&self.key);
    }
}
