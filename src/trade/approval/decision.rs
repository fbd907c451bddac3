//! A person's decision: by the client's question, else on the page, until somebody decides or the time is over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedReceiver;

use super::approved::{self, ApprovedOrder, Reply};
use super::page::{self, Page};
use super::pending::{IN_CLIENT, Message, ON_SHOWN_PAGE, Pending, Stage};
use super::prompter::{Addresses, Forms, Question};
use super::ticket::Redeemed;
use crate::error::Error;

const UNSHOWN: &str = "no browser could be opened, and the client did not show the page's address";
const IN_BROWSER: &str = "on the page in the browser";

/// Why an order was not approved, and what to do next.
pub(crate) struct NotApproved {
    pub(crate) why: String,
    pub(crate) next: String,
}

/// Asks the person to approve a presented order and waits for the decision. `messages` are what later calls bring, and
/// opening a browser may take `browser`.
pub(crate) struct Asking {
    pub(crate) pending: Arc<Pending>,
    pub(crate) messages: UnboundedReceiver<Message>,
    pub(crate) browser: Duration,
}

impl Asking {
    /// Marks where the person is asked first, for calls that tell it.
    pub(crate) fn begin(&self, forms: &Forms) {
        self.pending.set(match forms {
            Forms::None => Stage::Asking(IN_BROWSER),
            Forms::InCall(_) => Stage::Asking(IN_CLIENT),
            Forms::BetweenCalls(_) => Stage::ToAsk(Question::Form(self.pending.order.question())),
        });
    }

    /// Waits for the decision. The first reply in time decides; later ones are dropped.
    ///
    /// # Errors
    /// Unless the person approves the order in time.
    pub(crate) async fn decide(
        mut self,
        redeemed: Redeemed,
        forms: Forms,
    ) -> Result<ApprovedOrder, NotApproved> {
        let window = self.pending.window;
        let (reply, by) = tokio::select! {
            reply = self.ask(forms) => reply?,
            () = window.over() => return Err(NotApproved::because("nobody approved it in time")),
        };
        if window.is_over() {
            return Err(NotApproved::because("nobody approved it in time"));
        }
        approved::by_reply(redeemed, reply, by, window).map_err(|_| {
            NotApproved::because(match reply {
                Reply::Dismiss => "the person closed the question without a yes",
                _ => "the person rejected it",
            })
        })
    }

    /// The person's reply, and where it was given.
    async fn ask(&mut self, forms: Forms) -> Result<(Reply, &'static str), NotApproved> {
        let pending = &self.pending;
        let reply = match forms {
            Forms::None => Reply::NotShown,
            Forms::InCall(ask) => {
                let began = Instant::now();
                let reply = ask(pending.order.question()).await;
                reply.after(began.elapsed(), pending.least_reading)
            }
            Forms::BetweenCalls(_) => self.answer().await?,
        };
        match reply {
            Reply::NotShown => Ok((self.ask_on_page().await?, "the approval page")),
            reply => Ok((reply, "the client's question")),
        }
    }

    /// The next answer that a later call brings.
    async fn answer(&mut self) -> Result<Reply, NotApproved> {
        match self.messages.recv().await {
            Some(Message::Answer(reply)) => Ok(reply),
            Some(Message::NotShown) | None => Err(unreachable(UNSHOWN, page::HELP)),
        }
    }

    /// Asks on the page where the client cannot ask, or did not really.
    async fn ask_on_page(&mut self) -> Result<Reply, NotApproved> {
        let pending = Arc::clone(&self.pending);
        pending.set(Stage::Asking(IN_BROWSER));
        let opened = Page::open(&pending.order, pending.window, self.browser).await;
        let mut page = opened.map_err(|Error { cause, hint, .. }| unreachable(&cause, &hint))?;
        let address = if page.in_browser() { None } else { Some(page.address()) };
        let reply = tokio::select! {
            reply = page.reply() => Ok(reply),
            error = self.until_not_shown(address) => Err(error),
        };
        // The page shows the outcome, whatever it is.
        tokio::spawn(async move {
            page.tell(&pending.done().await);
            page.linger().await;
        });
        reply
    }

    /// Has the client show the address where no browser opens here (WSL, ssh). Ends only if it does not.
    async fn until_not_shown(&mut self, address: Option<SecretString>) -> NotApproved {
        let Some(address) = address else { return std::future::pending().await };
        let pending = &self.pending;
        match &pending.addresses {
            Addresses::None => unreachable("no browser could be opened", page::HELP),
            Addresses::InCall(show) => {
                pending.set(Stage::Asking(ON_SHOWN_PAGE));
                if show(pending.notice(address)).await {
                    return std::future::pending().await;
                }
                unreachable(UNSHOWN, page::HELP)
            }
            Addresses::BetweenCalls => {
                pending.set(Stage::ToAsk(Question::Page(pending.notice(address))));
                loop {
                    if let Err(error) = self.answer().await {
                        return error;
                    }
                }
            }
        }
    }
}

impl NotApproved {
    fn because(why: &str) -> Self {
        let next = "ask the person; to order it after all, call preview_order again";
        Self { why: why.to_owned(), next: next.to_owned() }
    }
}

/// No person can decide.
fn unreachable(cause: &str, hint: &str) -> NotApproved {
    NotApproved { why: format!("no person could be asked: {cause}"), next: hint.to_owned() }
}
