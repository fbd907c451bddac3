//! A person's decision: by the client's question, else on the page, until somebody decides or the time is over.

use std::sync::Arc;
use std::time::Instant;

use secrecy::SecretString;

use super::approved::{self, ApprovedOrder};
use super::page::{self, Page};
use super::pending::{IN_CLIENT, ON_SHOWN_PAGE, Pending, Stage};
use super::prompter::{Reply, Way};
use super::ticket::Redeemed;
use crate::error::{Error, Kind, Result};

const UNSHOWN: &str = "no browser could be opened, and the client did not show the page's address";
const IN_BROWSER: &str = "on the page in the browser";

impl Pending {
    /// Marks where the person is asked first, for calls that tell it.
    pub(crate) fn begin(&self, forms: &Way) {
        self.set(match forms {
            Way::None => Stage::Asking(IN_BROWSER),
            Way::InCall(_) => Stage::Asking(IN_CLIENT),
            Way::BetweenCalls(_) => Stage::ToAsk(self.order.question()),
        });
    }

    /// The first reply in time decides; fails unless it approves the order.
    pub(crate) async fn decide(self: &Arc<Self>, redeemed: Redeemed, forms: Way) -> Result<ApprovedOrder> {
        let asked = tokio::select! {
            asked = self.ask(forms) => Some(asked?),
            () = self.window.over() => None,
        };
        let Some((reply, by)) = asked.filter(|_| !self.window.is_over()) else {
            return Err(not_approved("nobody approved it in time"));
        };
        approved::by_reply(redeemed, reply, by, self.window).map_err(|_| {
            not_approved(match reply {
                Reply::Dismiss => "the person closed the question without a yes",
                _ => "the person rejected it",
            })
        })
    }

    async fn ask(self: &Arc<Self>, forms: Way) -> Result<(Reply, &'static str)> {
        let reply = match forms {
            Way::None => Reply::NotShown,
            Way::InCall(ask) => {
                let began = Instant::now();
                ask(self.order.question()).await.after(began.elapsed(), self.timing.least_reading)
            }
            Way::BetweenCalls(_) => self.next_reply().await,
        };
        match reply {
            Reply::NotShown => Ok((self.ask_on_page().await?, "the approval page")),
            reply => Ok((reply, "the client's question")),
        }
    }

    /// Asks on the page where the client cannot ask, or did not really.
    async fn ask_on_page(self: &Arc<Self>) -> Result<Reply> {
        self.set(Stage::Asking(IN_BROWSER));
        let opened = Page::open(&self.order, self.window, self.timing.browser).await;
        let page = opened.map_err(|Error { cause, hint, .. }| nobody_asked(&cause, hint))?;
        let address = page.address_to_show();
        let reply = tokio::select! {
            reply = page.reply() => Ok(reply),
            why = self.until_not_shown(address) => Err(nobody_asked(why, page::HELP)),
        };
        // The page shows the outcome, whatever it is.
        let pending = Arc::clone(self);
        tokio::spawn(async move { page.show_outcome(pending.done().await).await });
        reply
    }

    /// Has the client show the address where no browser opens here (WSL, ssh). Ends only if it does not, with the reason.
    async fn until_not_shown(&self, address: Option<SecretString>) -> &'static str {
        let Some(address) = address else { return std::future::pending().await };
        match &self.pages {
            Way::None => return "no browser could be opened",
            Way::InCall(show) => {
                self.set(Stage::Asking(ON_SHOWN_PAGE));
                if show(self.page_question(address)).await == Reply::Accept {
                    return std::future::pending().await;
                }
            }
            Way::BetweenCalls(_) => {
                self.set(Stage::ToAsk(self.page_question(address)));
                while self.next_reply().await != Reply::NotShown {}
            }
        }
        UNSHOWN
    }
}

fn not_approved(why: &str) -> Error {
    Error::new(Kind::Refused, why, "ask the person; to order it after all, call preview_order again")
}

fn nobody_asked(cause: &str, hint: impl Into<String>) -> Error {
    Error::new(Kind::Refused, format!("no person could be asked: {cause}"), hint)
}
