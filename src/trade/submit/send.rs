//! The last checks and the one POST.

use super::Submitter;
use crate::aries::endpoints::{ORDER_PLACE, ORDER_REPLACE};
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::os::lock::Lock;
use crate::told::Told;
use crate::trade::approval::approved::ApprovedOrder;
use crate::trade::approval::asked::Act;
use crate::trade::checks::{Checks, cover, limits, sound, unchanged, wavering};
use crate::trade::in_flight::Guard;
use crate::trade::journal::event::{Event, Sent};
use crate::trade::journal::history::OrderHistory;
use crate::trade::outcome::Outcome;
use crate::trade::reconcile::fingerprint::Fingerprint;

/// What is held from before `sent` is written until the outcome is on disk.
pub(super) struct Ready {
    pub(super) lock: Lock,
    pub(super) guard: Guard,
    pub(super) fingerprint: Fingerprint,
}

impl Submitter {
    pub(crate) async fn send(&self, approved: ApprovedOrder) -> Outcome {
        let order = approved.order().clone();
        let ready = match self.ready(&approved).await {
            Ok(ready) => ready,
            Err(error) => {
                self.append_dropped(&order, &error.cause).await;
                return order.not_sent(with_new_ticket(error));
            }
        };
        let endpoint = if order.replaced.is_some() { &ORDER_REPLACE } else { &ORDER_PLACE };
        // The only line of the program that sends an order.
        #[expect(clippy::disallowed_methods, reason = "the one line that sends an order")]
        let sent = self.sender.post(endpoint, &order.body).await;
        // Used up: there is no second way to this line with the same value.
        drop(approved);
        self.conclude(&order, sent, ready).await
    }

    async fn ready(&self, approved: &ApprovedOrder) -> Result<Ready> {
        let checks = self.checks.now().await?;
        self.ready_by(&checks, approved).await.map_err(|error| checks.allowed.explain(error))
    }

    /// By what the person allows now.
    async fn ready_by(&self, checks: &Checks, approved: &ApprovedOrder) -> Result<Ready> {
        let order = approved.order();
        let underlying = order.order.underlying.as_str();
        let journal = &self.reconciler.journal;
        let patience = self.reconciler.timing.order_lock;
        let lock = journal.order_lock(&order.account.id, underlying, patience).await?.map_err(|held| {
            let cause = format!("another order on {underlying} in this account is on its way ({held})");
            Error::new(Kind::Refused, cause, "wait until that one is settled, then preview again")
        })?;
        self.reconciler.resolve_unknown(&order.account, underlying).await?;
        approved.check_still_enough(&checks.allowed.trading)?;
        checks.check_live_trading(&order.account)?;
        let mut located = None;
        if let Some(old) = &order.replaced {
            let now = self.reconciler.locate(&order.account.id, &old.id).await;
            let now = now.map_err(|error| unchanged::named_otherwise(old, error))?;
            unchanged::check_order(old, &now.order, PREVIEW_AGAIN)?;
            located = Some(now);
        }
        let known = journal.history().await?;
        let replaced = order.replaced.as_ref();
        let mut checked = checks.check(&order.account, &order.order, located.as_ref(), &known).await?;
        cover::check_same(order.uncovered, checked.result.uncovered)?;
        unchanged::check_held(order.held.as_ref(), checked.held.as_ref(), PREVIEW_AGAIN)?;
        if let Some(cost) = order.cost {
            limits::apply_estimate(&checks.limits(&order.account), &order.order, cost, &mut checked.result)?;
        }
        let percent = checks.limits(&order.account).price_collar_percent;
        sound::check_moved(percent, &order.order, order.market_price, checked.result.market_price)?;
        // Last of all that is asked of Aries: everything before was judged by what this account was.
        unchanged::check_account(&checks.aries, &order.told, PREVIEW_AGAIN).await?;
        // Under the lock of the journal, so that eight processes cannot all take the last order of the day.
        let open = journal.open().await?;
        let history = open.history();
        checks.check_day(&order.account, &checked.result, &history)?;
        let uncovered = checked.cover.again(&order.account, &order.order, replaced, &history);
        cover::check_same(order.uncovered, uncovered)?;
        checks.allowed.check_unchanged(&checks.now().await?.allowed)?;
        wavering::check_settled(checks.aries.heard(), &order.account, PREVIEW_AGAIN)?;
        let guard = self.in_flight.begin()?;
        // Also under that lock: whoever reported that it is not sent went by what stands there.
        let is_intent = history.find(&order.client_id).is_some_and(OrderHistory::is_intent);
        if approved.is_over() || !is_intent {
            let hint = Act::Send.after_all();
            return Err(Error::new(Kind::Refused, "it was not sent in time", hint));
        }
        let sent = Sent {
            value: checked.result.day_value,
            body: order.body.clone(),
            expect: order.replaced.is_some().then(|| order.order.body(&order.account.id, None)),
            before: checked.listed,
            held: checked.before,
        };
        let replaces = order.replaces().map(str::to_owned);
        let (id, account) = (&order.client_id, &order.account.id);
        let fingerprint = Fingerprint::new(id, account, &sent, clock::now(), replaces.clone(), &history);
        let event = Event::Sent {
            id: id.clone(),
            placed: self.journalled(order),
            sent: Box::new(sent),
            replaces,
            note: format!("cleared by {}", approved.by()),
        };
        journal.write(open, event).await?;
        Ok(Ready { lock, guard, fingerprint })
    }
}

/// Said after a refusal of what is not as it was shown.
const PREVIEW_AGAIN: Told = Told::pair(
    "nothing was sent; look at get_accounts, get_orders or get_portfolio, tell the person what has changed, and if they \
     still want the order, call preview_order again",
    "nothing was sent; look at get_accounts, get_orders or get_portfolio, and preview it again if you still want it",
);

/// What was refused for the number of calls needs a preview of its own: this ticket is spent.
fn with_new_ticket(error: Error) -> Error {
    match error.kind {
        Kind::RateLimited => {
            Error { hint: "nothing was sent; wait a minute, then call preview_order again".into(), ..error }
        }
        _ => error,
    }
}
