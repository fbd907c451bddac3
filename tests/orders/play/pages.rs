//! The person who is asked by a page, since the client has no dialogs.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::person::{About, Mind};
use super::stage::Play;
use crate::orders::approval::Page;
use crate::support::Home;
use crate::support::stand_in::Browser;

/// A browser that notes where it is led.
pub(super) struct Pages {
    opened: PathBuf,
    seen: usize,
}

impl Pages {
    pub(super) fn new(home: &Home, number: usize) -> Self {
        Self { opened: home.path(&format!("opened-{number}")), seen: 0 }
    }

    /// Has a process open its pages in this browser.
    pub(super) fn variable(&self) -> (&'static str, String) {
        Browser::Notes(self.opened.clone()).variable()
    }

    /// The next page that was opened, if there is one.
    fn next(&mut self) -> Option<Page> {
        let text = std::fs::read_to_string(&self.opened).unwrap_or_default();
        let mut whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let line = whole.nth(self.seen)?;
        self.seen += 1;
        Some(Page::at(line.trim_end()))
    }
}

impl Play {
    /// Hears a call to its end, and answers on the pages that open meanwhile. Tells whether a person said yes.
    pub(super) fn finish_by_page(&mut self, seat: usize, call: u64, about: About, mind: Mind) -> bool {
        let mut yes = false;
        loop {
            let client = &mut self.seats[seat].client;
            let is_it = |one: &serde_json::Value| one["id"] == json!(call) && one.get("method").is_none();
            let kept = client.notifications.iter().position(is_it);
            let kept = kept.map(|at| client.notifications.remove(at));
            match kept.or_else(|| client.receive_within(Duration::from_millis(20))) {
                Some(message) if is_it(&message) => {
                    self.heard(about, &message);
                    return yes;
                }
                Some(message) => client.notifications.push(message),
                None => {}
            }
            let page = self.seats[seat].pages.as_mut().and_then(Pages::next);
            let Some(page) = page.filter(|_| mind != Mind::Late) else { continue };
            let shown = page.get();
            if !shown.contains("name=\"token\"") {
                continue;
            }
            self.count("pages opened");
            let answer = self.answer(&shown, about, mind);
            let is_yes = answer["action"] == "accept";
            yes |= is_yes;
            let decision = if is_yes { "approve" } else { "reject" };
            page.post(&page.own_origin(), &page.token(), decision);
        }
    }
}
