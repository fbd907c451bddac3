//! What the approval page shows: HTML from values, without effects.

use std::time::Duration;

use serde_json::{Value, json};

use super::asked::{Act, Asked, NOTE};
use super::prompter::Reply;
use crate::card::{Card, TICKET_SCRIPT, TICKET_STYLE};
use crate::trade::outcome::Outcome;
use crate::trade::payoff::Payoff;
use crate::trade::state::State;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Where the decision stands.
pub(super) enum Shown {
    Open,
    By(Reply),
    Over(Outcome),
}

/// What the page has to show.
pub(super) struct View<'a> {
    pub(super) asked: &'a Asked,
    pub(super) shown: &'a Shown,
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
        let title = match self.shown {
            Shown::Open => self.asked.act.title(),
            _ => "Order",
        };
        let live = if self.asked.account.money.is_live() { "live" } else { "" };
        let rows = self.rows().into_iter().map(|(name, value)| row("", name, value));
        let body = format!(
            "<p class=\"badge {live}\">{}</p><h1>{title}</h1>{}{}{}{}<table>{}</table>{}",
            escaped(&self.asked.account.label()),
            self.state(),
            self.sentence(),
            self.warnings(),
            self.asked.payoff.as_ref().and_then(Payoff::picture).unwrap_or_default(),
            rows.collect::<String>(),
            self.form()
        );
        // The outcome is there soon.
        let is_waiting = matches!(self.shown, Shown::By(_));
        let head = if is_waiting { "<meta http-equiv=\"refresh\" content=\"1\">" } else { "" };
        let script = format!("{TICKET_SCRIPT}{SCRIPT}");
        page(title, &body, head, &script)
    }

    fn rows(&self) -> Vec<(&str, &str)> {
        let numbers = self.asked.numbers.iter().map(|line| line.split_once(": ").unwrap_or(("", line)));
        let client = self.client.map(|client| ("Asked for by", client));
        let known = match self.shown {
            Shown::Over(outcome) => outcome.order_id.as_deref().map(|id| ("Aries' order id", id)),
            _ => None,
        };
        numbers
            .chain(client)
            .chain([("Order id", self.asked.order.as_ref().unwrap_or(&self.asked.id).as_str())])
            .chain(known)
            .collect()
    }

    /// What should stop the person, apart from the figures.
    fn warnings(&self) -> String {
        let warnings = self.asked.warnings.iter().map(|line| line.split_once(": ").unwrap_or(("", line)));
        let rows: String = warnings.map(|(name, value)| row(" class=\"warning\"", name, value)).collect();
        if rows.is_empty() { rows } else { format!("<table>{rows}</table>") }
    }

    fn sentence(&self) -> String {
        match self.shown {
            // The outcome says it once more, with what became of it.
            Shown::Over(_) => String::new(),
            _ => paragraph("sentence", &self.asked.sentence),
        }
    }

    /// What became of it, once it is decided.
    fn state(&self) -> String {
        match self.shown {
            Shown::Open => String::new(),
            Shown::By(Reply::Accept) => paragraph("state", "You approved it. Sending …"),
            Shown::By(_) => paragraph("state", "You rejected it. Nothing is sent."),
            Shown::Over(outcome) => {
                let follow = if follows(self.asked.act, outcome) { " data-follow=\"yes\"" } else { "" };
                format!(
                    "<div id=\"outcome\" role=\"status\"{follow}><p id=\"state\" class=\"state {}\">{}</p>\
                     <p id=\"told\" class=\"sentence\">{}</p><p id=\"follow\" class=\"note\">{}</p></div>",
                    kind(outcome.state),
                    outcome.state,
                    escaped(&outcome.sentence),
                    note(self.asked.act, outcome)
                )
            }
        }
    }

    /// What decides, as long as it is open.
    fn form(&self) -> String {
        if !matches!(self.shown, Shown::Open) {
            return String::new();
        }
        let quick = match self.pressed {
            Pressed::TooSoon => {
                "<p class=\"quick\" role=\"alert\">That was sooner than anybody can read it, so it did not count. Please read \
                 the order, then decide.</p>"
            }
            Pressed::No => "",
        };
        let (path, token) = self.form;
        let seconds = self.left.as_secs();
        format!(
            "{quick}<form method=\"post\" action=\"{path}\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <button class=\"approve\" name=\"decision\" value=\"approve\">Approve</button>\
             <button class=\"reject\" name=\"decision\" value=\"reject\">Reject</button>\
             <span id=\"left\" class=\"note\" role=\"timer\" data-seconds=\"{seconds}\">This page ends in {}:{:02} minutes.</span></form>\
             <p class=\"note\">{NOTE} Approve counts once the page has been open for a second.</p>",
            seconds / 60,
            seconds % 60
        )
    }
}

/// How an order stands, for the script of the page that follows it.
pub(super) fn follow_up(act: Act, outcome: &Outcome) -> Value {
    json!({
        "state": outcome.state.to_string(),
        "kind": kind(outcome.state),
        "sentence": outcome.sentence,
        "note": note(act, outcome),
        "may_change": follows(act, outcome),
    })
}

/// Whether the page shows on how the order stands: one that was sent and can still change.
fn follows(act: Act, outcome: &Outcome) -> bool {
    act == Act::Send && outcome.state.may_change()
}

fn note(act: Act, outcome: &Outcome) -> &'static str {
    if follows(act, outcome) {
        "This page follows the order until it has ended, for up to half an hour."
    } else {
        "You can close this tab."
    }
}

/// How the state is coloured.
fn kind(state: State) -> &'static str {
    match state {
        State::Filled | State::PartiallyFilled => "good",
        State::Rejected | State::Unknown | State::NotSent | State::NotCanceled => "bad",
        _ => "",
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
    let style = format!("{TICKET_STYLE}{STYLE}");
    let card = Card { title, body, head, style: &style, script };
    // The script asks this page alone, for how its order stands.
    let policy = format!("{}; connect-src 'self'", card.policy("'self'"));
    Html { text: card.html(), policy }
}

fn paragraph(class: &str, text: &str) -> String {
    format!("<p class=\"{class}\">{}</p>", escaped(text))
}

/// `attributes` stand in the row's tag.
fn row(attributes: &str, name: &str, value: &str) -> String {
    format!("<tr{attributes}><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
