//! The cancel of an order that was entered elsewhere, such as a person's own stop-loss: within what the config file allows
//! now, and on a live account by the person's yes to that very order as it was shown.

use std::sync::{Arc, PoisonError};

use super::Canceler;
use super::cleared::Cleared;
use super::request::check_side;
use super::target::{Known, Target};
use super::words::as_ended;
use crate::aries::symbols::compare::may_refer_to;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::approval::asked::{Act, Asked};
use crate::trade::approval::pending::{Pending, Stage};
use crate::trade::approval::prompter::Prompter;
use crate::trade::approval::ticket::random;
use crate::trade::checks::{Checks, limits, unchanged};
use crate::trade::outcome::Outcome;

const BY_HAND: Told = Told::pair(
    "nothing was canceled; the person can cancel it in Aries' own application",
    "nothing was canceled; you can cancel it in Aries' own application",
);

/// Said after a refusal of what is not as the person saw it.
const SHOW_AGAIN: Told = Told::pair(
    "nothing was canceled; look at get_orders, tell the person what has changed, and if they still want it canceled, call \
     cancel_order again",
    "nothing was canceled; look at get_orders, and cancel it again if you still want to",
);

/// What may be done about an order that was entered elsewhere.
pub(super) enum Elsewhere {
    Cleared(Cleared),
    Asking(Arc<Pending>),
}

impl Canceler {
    /// Fails if the person does not allow it.
    pub(super) async fn elsewhere(&self, target: Box<Target>, prompter: Prompter) -> Result<Elsewhere> {
        if let Some(unread) = &target.unread {
            let cause = format!("another account may have an order of that id too: {}", unread.cause);
            return Err(Error::new(
                Kind::Unavailable,
                cause,
                "nothing was canceled; give the account as well",
            ));
        }
        check_side(&target.order)?;
        let checks = self.allowed(&target).await?;
        match Cleared::without_asking(target, &checks.allowed.trading) {
            Ok(cleared) => Ok(Elsewhere::Cleared(cleared)),
            Err(target) => self.ask(target, prompter).map(Elsewhere::Asking),
        }
    }

    /// What the config file allows now. Fails if that is not the cancel of this order.
    async fn allowed(&self, target: &Target) -> Result<Checks> {
        let id = &target.order.id;
        let refused = |error: Error| {
            let cause =
                format!("order {id} was not placed by aries-mcp, and its cancel is refused: {}", error.cause);
            Error::new(
                Kind::Refused,
                cause,
                BY_HAND
                    .and("; what aries-mcp may do is decided in the config file")
                    .and(Told::pair(", by them alone", "")),
            )
        };
        let checks = self.checks.now().await.map_err(refused)?;
        check(&checks, target).map_err(|error| refused(checks.allowed.explain(error)))?;
        Ok(checks)
    }

    fn ask(&self, target: Box<Target>, prompter: Prompter) -> Result<Arc<Pending>> {
        self.declines.check()?;
        let (order, account) = (&target.order, &target.account);
        let terms = format!("{} ({})", order.sentence(), order.id);
        let sentence = format!("{terms}, account {} {}", account.masked(), account.money);
        let asked = Asked {
            act: Act::Cancel,
            account: account.clone(),
            sentence,
            terms,
            warnings: vec![
                "Entered: not by this program; it may be an order that protects a position".to_owned(),
            ],
            numbers: vec![format!("Filled: {} of {}", order.filled.normalize(), order.quantity.normalize())],
            id: format!("cancel-{}", random()?),
            payoff: None,
            order: Some(order.id.clone()),
        };
        let browser = self.browser.clone();
        let pending = Arc::new(Pending::new(asked, &prompter, self.reconciler.timing, browser));
        pending.begin(&prompter.forms);
        // Of two calls at once one asks, and the other waits for the same answer.
        let mut all = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = all.iter().find(|other| other.over().is_none() && is_about(other, &target)) {
            return Ok(Arc::clone(other));
        }
        all.push(Arc::clone(&pending));
        drop(all);
        let (canceler, asking) = (self.clone(), Arc::clone(&pending));
        // In a task of its own: a call that ends leaves the question open.
        let deciding = tokio::spawn(async move { canceler.decide(target, &asking, prompter).await });
        let asking = Arc::clone(&pending);
        tokio::spawn(async move {
            let outcome = deciding.await.unwrap_or_else(|_| {
                let why = "a fault inside aries-mcp; the cancel may have been sent or not";
                asking.asked.not_done(Error::failed(why, "look at the order with get_orders"))
            });
            asking.set(Stage::Done(outcome));
        });
        Ok(pending)
    }

    async fn decide(&self, target: Box<Target>, pending: &Arc<Pending>, prompter: Prompter) -> Outcome {
        let approve = |reply, by, window| Cleared::by_reply(target, reply, by, window);
        let decided = match pending.decide(approve, prompter.forms, &self.declines).await {
            Ok(cleared) => {
                pending.set(Stage::Sending);
                self.cancel_approved(cleared).await
            }
            Err(error) => Err(error),
        };
        decided.unwrap_or_else(|error| pending.asked.not_done(error))
    }

    /// Cancels what the person approved, if it is still what they saw. Fails if not.
    async fn cancel_approved(&self, cleared: Cleared) -> Result<Outcome> {
        let target = cleared.target();
        let (account, shown) = (&target.account, &target.order);
        let checks = self.allowed(target).await?;
        let finder = self.reconciler.for_cancels();
        unchanged::check_account(&finder.aries, account, SHOW_AGAIN).await?;
        // By Aries' id alone.
        let known = Known::default();
        let now = finder.find_by(&account.id, &known.history, &shown.id).await?;
        let now = now.ok_or_else(|| {
            Error::new(Kind::Refused, format!("Aries lists no order {} any more", shown.id), SHOW_AGAIN)
        })?;
        if !now.is_open() {
            return Ok(as_ended(account, &now));
        }
        unchanged::check_order(shown, &now, SHOW_AGAIN)?;
        checks.allowed.check_unchanged(&self.allowed(target).await?.allowed)?;
        if cleared.is_over() {
            return Err(Error::new(Kind::Refused, "it was not sent in time", SHOW_AGAIN));
        }
        Ok(self.request(cleared, &known).await?.outcome)
    }

    /// A question about this order that is open, or of which the end was not told yet.
    pub(super) fn asked_before(&self, account: Option<&str>, id: &str) -> Option<Arc<Pending>> {
        let mut all = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |pending: &Pending| {
            let asked = &pending.asked;
            asked.order.as_deref() == Some(id) && account.is_none_or(|name| asked.account.is_named(name))
        };
        let mut fitting = all.iter().filter(|pending| fits(pending));
        let (Some(pending), None) = (fitting.next().cloned(), fitting.next()) else { return None };
        let is_told_now = pending.over().is_some() && !pending.is_declined();
        all.retain(|other| !(is_told_now && Arc::ptr_eq(other, &pending)));
        Some(pending)
    }

    /// Marks its end as told. What the person declined is told again for as long as the question would have been open.
    pub(crate) fn told(&self, pending: &Arc<Pending>) {
        if pending.over().is_some() && !pending.is_declined() {
            let mut all = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|other| !Arc::ptr_eq(other, pending));
        }
    }
}

fn is_about(pending: &Pending, target: &Target) -> bool {
    pending.asked.order.as_ref() == Some(&target.order.id) && pending.asked.account.id == target.account.id
}

fn check(checks: &Checks, target: &Target) -> Result<()> {
    let (account, order) = (&target.account, &target.order);
    checks.check_live_trading(account)?;
    let trading = &checks.allowed.trading;
    limits::check_account_and_symbol(trading, account, &order.ticker, order.legs.is_empty())?;
    // What cannot be read may be on any of the symbols that it mentions.
    let is_denied = |entry: &String| order.unreadable.is_some() && may_refer_to(&order.symbol, entry);
    if trading.symbols_deny.iter().any(is_denied) {
        let cause = format!("{} may be a symbol that is not allowed", order.ticker);
        return Err(Error::new(Kind::Refused, cause, ""));
    }
    Ok(())
}
