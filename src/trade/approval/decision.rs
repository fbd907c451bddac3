//! A person's decision: by the client's question, else on the page, until somebody decides or the time is over.

use std::sync::Arc;
use std::time::Instant;

use super::declines::Declines;
use super::page::{self, Page};
use super::pending::{IN_CLIENT, ON_SHOWN_PAGE, Pending, Stage, Withdrawal};
use super::prompter::{Reply, Way};
use super::window::Window;
use crate::error::{Error, Kind, Result};
use crate::os::browser::RedirectFile;
use crate::told::Told;

const UNSHOWN: &str = "no browser could be opened, and the client did not show the page's address";
const IN_BROWSER: &str = "on the page in the browser";

impl Pending {
    /// Marks where the person is asked first, for calls that tell it.
    pub(crate) fn begin(&self, forms: &Way) {
        self.set(match forms {
            Way::None => Stage::Asking(IN_BROWSER),
            Way::InCall(_) => Stage::Asking(IN_CLIENT),
            Way::BetweenCalls(_) => Stage::ToAsk(self.asked.question()),
        });
    }

    /// Asks the person and waits for the decision. The first reply in time decides; later ones are dropped.
    /// Fails unless the person approves it in time.
    /// `approve` makes of a yes what may be sent then.
    pub(crate) async fn decide<T>(
        self: &Arc<Self>,
        approve: impl FnOnce(Reply, &'static str, Window) -> Option<T>,
        forms: Way,
        declines: &Declines,
    ) -> Result<T> {
        let asked = tokio::select! {
            asked = self.ask(forms) => Some(asked?),
            () = self.window.over() => None,
            why = self.withdrawal() => match why {
                Withdrawal::CallCancelled => {
                    return Err(self.not_approved("the call that asked for it was cancelled"));
                }
                Withdrawal::Rejected => Some((Reply::Decline, "the page beside the preview")),
            },
        };
        let Some((reply, by)) = asked.filter(|_| !self.window.is_over()) else {
            return Err(self.not_approved("nobody approved it in time"));
        };
        approve(reply, by, self.window).ok_or_else(|| {
            declines.note();
            self.note_declined();
            self.not_approved(match reply {
                Reply::Dismiss => "the question was closed without a yes",
                _ => "the approval was declined",
            })
        })
    }

    fn not_approved(&self, why: &str) -> Error {
        Error::new(Kind::Refused, why, self.asked.act.after_all())
    }

    async fn ask(self: &Arc<Self>, forms: Way) -> Result<(Reply, &'static str)> {
        let reply = match forms {
            Way::None => Reply::NotShown,
            Way::InCall(ask) => {
                let began = Instant::now();
                ask(self.asked.question()).await.after(began.elapsed(), self.timing.least_reading)
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
        let page = Page::serve(self).await.map_err(|Error { cause, hint, .. }| nobody_asked(&cause, hint))?;
        let page = Arc::new(page);
        // The page shows the outcome, whatever it is.
        tokio::spawn(Arc::clone(&page).keep());
        tokio::select! {
            reply = page.reply() => Ok(reply),
            why = self.until_not_shown(&page) => Err(nobody_asked(why, Told::person(page::HELP))),
        }
    }

    /// Opens the browser; where none comes (WSL, ssh), has the client show the address. Ends only if no person can see the
    /// page, with the reason.
    async fn until_not_shown(&self, page: &Page) -> &'static str {
        let opened = self.open_browser(page).await;
        if opened == Opened::AndVisited {
            return std::future::pending().await;
        }
        match &self.pages {
            // A browser that is slow may still come.
            Way::None if opened == Opened::Unseen => return std::future::pending().await,
            Way::None => return "no browser could be opened",
            Way::InCall(show) => {
                self.set(Stage::Asking(ON_SHOWN_PAGE));
                if show(self.page_question(page.address())).await == Reply::Accept {
                    return std::future::pending().await;
                }
            }
            Way::BetweenCalls(_) => {
                self.set(Stage::ToAsk(self.page_question(page.address())));
                while self.next_reply().await != Reply::NotShown {}
            }
        }
        match opened {
            Opened::No => UNSHOWN,
            _ => std::future::pending().await,
        }
    }

    /// Starts the browser, and waits for it to open the page. The file that leads it there is gone afterwards.
    async fn open_browser(&self, page: &Page) -> Opened {
        let Some(file) = RedirectFile::to(page.address(), &self.browser).await else {
            return Opened::No;
        };
        let is_started = tokio::select! {
            is_started = file.open(self.timing.browser) => is_started,
            () = page.visit() => true,
        };
        if !is_started {
            return Opened::No;
        }
        match tokio::time::timeout(self.timing.visit, page.visit()).await {
            Ok(()) => Opened::AndVisited,
            Err(_) => Opened::Unseen,
        }
    }
}

/// What came of opening the browser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    No,
    /// It was started and has not opened the page in time.
    Unseen,
    AndVisited,
}

fn nobody_asked(cause: &str, hint: impl Into<Told>) -> Error {
    Error::new(Kind::Refused, format!("no person could be asked: {cause}"), hint)
}
