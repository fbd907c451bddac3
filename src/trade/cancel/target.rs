//! The order that a cancel is for: as Aries lists it, else as the journal has it, for what was sent says all that a cancel
//! needs.

use crate::aries::model;
use crate::aries::model::account::{Account, is_named};
use crate::error::Result;
use crate::trade::checks::portfolio;
use crate::trade::journal::event::Event;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::order::sent;
use crate::trade::reconcile::Reconciler;
use crate::trade::reconcile::find::not_found;
use crate::trade::state::State;

pub(crate) struct Target {
    pub(crate) account: Account,
    pub(crate) order: model::Order,
    /// How it stood, and who says so.
    pub(crate) before: String,
}

impl Target {
    /// With it the one that has taken its place since, if the journal knows one that the list does not show.
    pub(super) async fn find(
        reconciler: &Reconciler,
        history: &History,
        account: Option<&str>,
        id: &str,
    ) -> Result<(Self, Option<Self>)> {
        let names = history.names(id);
        let listing = listed(reconciler, history, account, id);
        // The newest that was not seen to end: a replacement may have failed.
        let journalled = names.iter().rev().find_map(|name| journalled(history, name, account));
        let Some(journalled) = journalled else { return Ok((listing.await?, None)) };
        let listing = tokio::time::timeout(reconciler.timing.cancel_lists, listing);
        let Ok(Ok(listed)) = listing.await else { return Ok((journalled, None)) };
        let place = |target: &Self| names.iter().rposition(|name| target.order.has_id(name));
        let is_newer = place(&journalled) > place(&listed);
        Ok((listed, is_newer.then_some(journalled)))
    }
}

async fn listed(
    reconciler: &Reconciler,
    history: &History,
    account: Option<&str>,
    id: &str,
) -> Result<Target> {
    let accounts = match account {
        Some(name) => vec![portfolio::account(&reconciler.aries, Some(name)).await?],
        None => model::account::all(&reconciler.aries).await?,
    };
    let mut error = not_found(id);
    for account in accounts {
        match reconciler.find_by(&account.id, history, id).await {
            Ok(Some(order)) => {
                let before = format!("it was {} before", State::of(&order.status));
                return Ok(Target { account, order: with_side(order, history), before });
            }
            Ok(None) => {}
            Err(failed) => error = failed,
        }
    }
    Err(error)
}

/// The same with its side, which a cancel has to say: where the list has none, the journal has that of an order of ours.
fn with_side(mut order: model::Order, history: &History) -> model::Order {
    if order.side.is_empty() {
        let is_it = |known: &&OrderHistory| {
            known.order.as_ref() == Some(&order.id) || order.own_id() == Some(known.id.as_str())
        };
        let sent = history.0.iter().rev().find(is_it).and_then(|known| known.sent.as_ref());
        let side = sent.and_then(|(_, sent)| sent.order().get("side")?.as_str()).unwrap_or_default();
        order.side = side.to_owned();
    }
    order
}

/// An order of ours that was not seen to end, as the journal has it.
fn journalled(history: &History, id: &str, account: Option<&str>) -> Option<Target> {
    let known = history.0.iter().rev().find(|order| order.order.as_deref() == Some(id))?;
    let state = known.noted.unwrap_or(State::Sent);
    let placed = known.placed.as_ref()?;
    let on = Account {
        id: placed.account.clone(),
        id_field: "",
        money: placed.environment,
        status: None,
        kind: None,
        class: None,
    };
    if !state.may_change() || account.is_some_and(|name| !on.is_named(name)) {
        return None;
    }
    let order = sent::as_listed(known)?;
    Some(Target { account: on, order, before: format!("the journal had it as {state}") })
}

/// An order of ours by this id, or one that was to take its place, that may be at Aries under an id that is not known here.
pub(super) fn without_id<'a>(
    history: &'a History,
    id: &str,
    account: Option<&str>,
) -> Option<&'a OrderHistory> {
    let names = history.names(id);
    history.0.iter().rev().find(|order| {
        let is_settled = matches!(order.last, Event::Settled { .. }) && order.state() == State::Sent;
        let mut ids = [Some(&order.id), order.replaces.as_ref()].into_iter().flatten();
        (order.is_unknown() || is_settled)
            && order.order.is_none()
            && ids.any(|id| names.contains(id))
            && account.is_none_or(|name| order.place().is_some_and(|(id, _)| is_named(id, name)))
    })
}
