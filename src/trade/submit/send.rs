//! The last checks and the one POST.

use jiff::Timestamp;

use super::Submitter;
use crate::aries::endpoints::{ORDER_PLACE, ORDER_REPLACE};
use crate::aries::model;
use crate::error::{Error, Kind, Result};
use crate::os::lock::Lock;
use crate::trade::approval::approved::ApprovedOrder;
use crate::trade::approval::ticket::Previewed;
use crate::trade::checks::{limits, sound};
use crate::trade::in_flight::Guard;
use crate::trade::journal::event::{Event, Sent};
use crate::trade::journal::history::OrderHistory;
use crate::trade::outcome::{Outcome, seen};
use crate::trade::reconcile::fingerprint::Fingerprint;
use crate::trade::state::State;

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
                return order.not_sent(error);
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
        let order = approved.order();
        let underlying = order.order.underlying.as_str();
        let journal = &self.reconciler.journal;
        let patience = self.reconciler.timing.order_lock;
        let lock = journal.order_lock(&order.account.id, underlying, patience).await?.ok_or_else(|| {
            let cause = format!("another order on {underlying} in this account is on its way");
            Error::new(Kind::Refused, cause, "wait until that one is settled, then preview again")
        })?;
        self.reconciler.resolve_unknown(&order.account, underlying).await?;
        self.checks.check_live_trading(&order.account)?;
        if let Some(old) = &order.replaced {
            self.check_unchanged(order, old).await?;
        }
        let known = journal.history().await?;
        let replaced = order.replaced.as_ref();
        let mut checked = self.checks.check(&order.account, &order.order, replaced, &known).await?;
        if let Some(cost) = order.cost {
            limits::apply_estimate(
                &self.checks.limits(&order.account),
                &order.order,
                cost,
                &mut checked.result,
            )?;
        }
        let percent = self.checks.limits(&order.account).price_collar_percent;
        sound::check_moved(percent, &order.order, order.market_price, checked.result.market_price)?;
        // Under the lock of the journal, so that eight processes cannot all take the last order of the day.
        let mut journal = journal.open().await?;
        let history = journal.history();
        self.checks.check_day(&order.account, &checked.result, &history)?;
        let guard = self.in_flight.begin()?;
        // Also under that lock: whoever reported that it is not sent went by what stands there.
        let is_intent = history.find(&order.client_id).is_some_and(OrderHistory::is_intent);
        if approved.is_over() || !is_intent {
            let hint = "ask the person; to order it after all, call preview_order again";
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
        let fingerprint = Fingerprint::new(id, account, &sent, Timestamp::now(), replaces.clone(), &history);
        journal.append(Event::Sent {
            id: id.clone(),
            placed: self.journalled(order),
            sent: Box::new(sent),
            replaces,
            note: format!("cleared by {}", approved.by()),
        })?;
        Ok(Ready { lock, guard, fingerprint })
    }

    /// A replacement is for the order that the person saw: if it was filled or changed meanwhile, nothing is sent.
    async fn check_unchanged(&self, order: &Previewed, old: &model::Order) -> Result<()> {
        let now = self.reconciler.find(&order.account, &old.id).await?;
        let terms = |order: &model::Order| {
            let words =
                [&order.id, &order.symbol, &order.side, &order.kind, &order.time_in_force].map(Clone::clone);
            let legs: Vec<_> = order
                .legs
                .iter()
                .map(|leg| (leg.contract.clone(), leg.buys, leg.closes, leg.ratio))
                .collect();
            (words, legs, [order.quantity, order.filled], [order.limit, order.stop])
        };
        let is_unchanged = now.is_open() && !now.is_changing() && terms(&now) == terms(old);
        if is_unchanged {
            return Ok(());
        }
        let now = [State::of(&now.status).to_string(), now.sentence(), seen(&now)];
        let now = now.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let cause = format!("order {} has changed since the preview: {now}", old.id);
        Err(Error::new(Kind::Refused, cause, "look at it with get_orders and preview again"))
    }
}
