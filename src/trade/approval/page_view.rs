//! What the approval page shows: HTML from values, without effects.

use std::time::Duration;

use super::asked::{Asked, NOTE};
use super::prompter::Reply;
use crate::card::Card;
use crate::trade::outcome::Outcome;
use crate::trade::payoff::Payoff;

const STYLE: &str = include_str!("page.css");
const COUNTDOWN: &str = include_str!("countdown.js");

/// Where the decision stands.
#[derive(Clone)]
pub(super) enum Decided {
    Open,
    By(Reply),
    Over(Outcome),
}

/// What the page has to show.
pub(super) struct View<'a> {
    pub(super) asked: &'a Asked,
    pub(super) decided: &'a Decided,
    /// The program in which the order was placed, as it calls itself.
    pub(super) client: Option<&'a str>,
    /// Until the page ends.
    pub(super) left: Duration,
    /// The form's address and its token.
    pub(super) form: (&'a str, &'a str),
    pub(super) pressed: Pressed,
}

/// Whether a person has just pressed Approve sooner than anybody can read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    No,
    TooSoon,
}

/// HTML and its content security policy.
pub(super) struct Html {
    pub(super) text: String,
    pub(super) policy: String,
}

impl View<'_> {
    pub(super) fn html(&self) -> Html {
        let is_open = matches!(self.decided, Decided::Open);
        let title = if is_open { self.asked.act.title() } else { "Order" };
        let live = if self.asked.account.money.is_live() { "live" } else { "" };
        let rows: String = self.rows().iter().map(|(name, value)| row(name, value)).collect();
        let body = format!(
            "<p class=\"account {live}\">{}</p><h1>{title}</h1><p class=\"sentence\">{}</p>{}<table>{rows}</table>{}",
            escaped(&self.asked.account.label()),
            escaped(&self.asked.sentence),
            self.asked.payoff.as_ref().and_then(Payoff::picture).unwrap_or_default(),
            self.state()
        );
        // The outcome is there soon.
        let is_waiting = matches!(self.decided, Decided::By(_));
        let head = if is_waiting { "<meta http-equiv=\"refresh\" content=\"1\">" } else { "" };
        page(title, &body, head, if is_open { COUNTDOWN } else { "" })
    }

    fn rows(&self) -> Vec<(&str, &str)> {
        let numbers = self.asked.numbers.iter().map(|line| line.split_once(": ").unwrap_or(("", line)));
        let client = self.client.map(|client| ("Asked for by", client));
        let known = match self.decided {
            Decided::Over(outcome) => outcome.order_id.as_deref().map(|id| ("Aries' order id", id)),
            _ => None,
        };
        numbers
            .chain(client)
            .chain([("Order id", self.asked.order.as_ref().unwrap_or(&self.asked.id).as_str())])
            .chain(known)
            .collect()
    }

    fn state(&self) -> String {
        match self.decided {
            Decided::Open => {
                let quick = match self.pressed {
                    Pressed::TooSoon => {
                        "<p class=\"quick\">That was sooner than anybody can read it, so it did not count. Please read the \
                         order, then decide.</p>"
                    }
                    Pressed::No => "",
                };
                let (path, token) = self.form;
                let seconds = self.left.as_secs();
                format!(
                    "{quick}<form method=\"post\" action=\"{path}\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
                     <button class=\"approve\" name=\"decision\" value=\"approve\">Approve</button>\
                     <button class=\"reject\" name=\"decision\" value=\"reject\">Reject</button></form>\
                     <p class=\"note\">{NOTE} Approve counts once the page has been open for a second. This page ends in \
                     <span id=\"left\" data-seconds=\"{seconds}\">{}:{:02}</span> minutes.</p>",
                    seconds / 60,
                    seconds % 60
                )
            }
            Decided::By(Reply::Accept) => "<p class=\"state\">You approved it. Sending …</p>".to_owned(),
            Decided::By(_) => "<p class=\"state\">You rejected it. Nothing is sent.</p>".to_owned(),
            Decided::Over(outcome) => format!(
                "<p class=\"state\">{}</p><p>{}</p><p class=\"note\">You can close this tab.</p>",
                outcome.state,
                escaped(&outcome.sentence)
            ),
        }
    }
}

/// The first page of a browser, which only leads on to the order: coming from this page, the browser sends the cookie.
pub(super) fn entrance(path: &str) -> Html {
    let head = format!("<meta http-equiv=\"refresh\" content=\"0; url={path}\">");
    page("Order", &format!("<p><a href=\"{path}\">Show the order</a></p>"), &head, "")
}

/// What another browser than the first one is shown.
pub(super) fn other_browser() -> Html {
    let text = "This page was opened in another browser before, or this browser keeps no cookies. It can be approved or \
                rejected only where it was opened first. If that was not you, reject it there or wait until it ends.";
    page("Opened elsewhere", &format!("<h1>Opened elsewhere</h1><p>{text}</p>"), "", "")
}

fn page(title: &str, body: &str, head: &str, script: &str) -> Html {
    let card = Card { title, body, head, style: STYLE, script };
    Html { text: card.html(), policy: card.policy("'self'") }
}

fn row(name: &str, value: &str) -> String {
    format!("<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
