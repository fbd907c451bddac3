//! The order that a cancel is for: as Aries lists it, else as the journal has it, for what was sent says all that a cancel
//! needs.

use crate::aries::model;
use crate::aries::model::account::{Account, is_named};
use crate::error::{Error, Kind, Result};
use crate::trade::checks::portfolio;
use crate::trade::checks::wavering::settled;
use crate::trade::journal::event::Event;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::order::sent;
use crate::trade::reconcile::Reconciler;
use crate::trade::reconcile::find::not_found;
use crate::trade::reconcile::identity::Identity;
use crate::trade::reconcile::named::several;
use crate::trade::state::State;

#[derive(Clone)]
pub(super) struct Target {
    pub(super) account: Account,
    pub(super) order: model::Order,
    /// How it stood, and who says so.
    pub(super) before: String,
    /// No list shows it: the journal has it as one of ours.
    pub(super) is_from_journal: bool,
    /// Why the lists of another account, which may have an order of the same id, could not be read.
    pub(super) unread: Option<Error>,
}

/// What the journal knows.
#[derive(Default)]
pub(super) struct Known {
    pub(super) history: History,
    /// Whether that is all there is: it could be read, and is not damaged.
    pub(super) is_whole: bool,
}

impl Target {
    /// With it the one that has taken its place since, if the journal knows one that the list does not show.
    pub(super) async fn find(
        reconciler: &Reconciler,
        history: &History,
        account: Option<&str>,
        id: &str,
    ) -> Result<(Self, Option<Self>)> {
        let listing = listed(reconciler, history, account, id);
        let Some((names, journalled)) = journalled(history, id, account) else {
            return Ok((listing.await?, None));
        };
        let listed = match tokio::time::timeout(reconciler.timing.cancel_lists, listing).await {
            Ok(Ok(listed)) => listed,
            // Which of two is meant, nobody knows.
            Ok(Err(error)) if error.kind == Kind::Usage => return Err(error),
            _ => return Ok((journalled, None)),
        };
        if listed.account.id != journalled.account.id {
            return Err(several(id, &listed.order, &journalled.order));
        }
        let place = |target: &Self| names.iter().rposition(|name| target.order.has_id(name));
        let is_newer = place(&journalled) > place(&listed);
        Ok((listed, is_newer.then_some(journalled)))
    }
}

/// The order of that id in the lists of every account that is meant. Fails with [`Kind::Usage`] if two have one.
async fn listed(
    reconciler: &Reconciler,
    history: &History,
    account: Option<&str>,
    id: &str,
) -> Result<Target> {
    let accounts = model::account::all(&reconciler.aries).await?;
    let mut accounts = settled(reconciler.aries.heard(), accounts, history);
    if let Some(name) = account {
        let named = model::account::named(accounts, name);
        // One that is closed or suspended can still have orders to cancel.
        if named.len() != 1 {
            let error = portfolio::account(&reconciler.aries, Some(name)).await.err();
            let error = error.unwrap_or_else(|| not_found(id));
            let kind = if named.is_empty() { Kind::NotFound } else { error.kind };
            return Err(Error { kind, ..error });
        }
        accounts = named;
    } else if let Some((own, _)) = history.find(id).and_then(OrderHistory::place) {
        // Ours is on the account that it was sent to.
        accounts.retain(|account| account.id == own);
    }
    let (mut found, mut failure): (Option<Target>, _) = (None, None);
    for account in accounts {
        match reconciler.find_by(&account.id, history, id).await {
            Ok(Some(order)) => {
                if let Some(found) = &found {
                    return Err(several(id, &found.order, &order));
                }
                let before = format!("it was {} before", State::of(&order.status));
                let order = with_side(order, &account.id, history);
                found = Some(Target { account, order, before, is_from_journal: false, unread: None });
            }
            Ok(None) => {}
            Err(error) if error.kind == Kind::Usage => return Err(error),
            Err(error) => failure = Some(error),
        }
    }
    match (found, failure) {
        (Some(found), unread) => Ok(Target { unread, ..found }),
        (None, failure) => Err(failure.unwrap_or_else(|| not_found(id))),
    }
}

/// The same with its side, which a cancel has to say: where the list has none, the journal has that of an order of ours.
fn with_side(mut order: model::Order, account: &str, history: &History) -> model::Order {
    if order.side.is_empty() {
        let is_it = |known: &&OrderHistory| {
            Identity::of(known).is_surely(&order) || order.own_id() == Some(known.id.as_str())
        };
        let on_account = history.on(account);
        let sent = on_account.0.iter().rev().find(is_it).and_then(|known| known.sent.as_ref());
        let side = sent.and_then(|(_, sent)| sent.order().get("side")?.as_str()).unwrap_or_default();
        order.side = side.to_owned();
    }
    order
}

/// An order of ours of today that was not seen to end, as the journal has it; with every id it had. The newest of a chain of
/// replacements, for one may have failed; `None` too if two accounts have one.
fn journalled(history: &History, id: &str, account: Option<&str>) -> Option<(Vec<String>, Target)> {
    let today = history.of_today();
    let mut accounts: Vec<&str> = today.0.iter().filter_map(|order| Some(order.place()?.0)).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts.retain(|own| account.is_none_or(|name| is_named(own, name)));
    let mut found = accounts.into_iter().filter_map(|own| {
        let history = today.on(own);
        let names = history.names(id);
        let target = names.iter().rev().find_map(|name| journalled_as(&history, name))?;
        Some((names, target))
    });
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

fn journalled_as(history: &History, id: &str) -> Option<Target> {
    let known = history.0.iter().rev().find(|order| order.order.as_deref() == Some(id))?;
    let state = known.noted.unwrap_or(State::Sent);
    let placed = known.placed.as_ref()?;
    let account = Account {
        id: placed.account.clone(),
        id_field: "",
        money: placed.environment,
        status: None,
        kind: None,
        class: None,
    };
    if !state.may_change() || !known.is_proven() {
        return None;
    }
    let order = sent::as_listed(known)?;
    let before = format!("the journal had it as {state}");
    Some(Target { account, order, before, is_from_journal: true, unread: None })
}

/// An order of ours by this id, or one that was to take its place, that may be at Aries under an id that is not known here.
pub(super) fn without_id<'a>(
    history: &'a History,
    id: &str,
    account: Option<&str>,
) -> Option<&'a OrderHistory> {
    let names = history.of_today().names(id);
    history.0.iter().rev().find(|order| {
        let is_settled = matches!(order.last, Event::Settled { .. }) && order.state() == State::Sent;
        let mut ids = [Some(&order.id), order.replaces.as_ref()].into_iter().flatten();
        (order.is_unknown() || is_settled)
            && order.order.is_none()
            && ids.any(|id| names.contains(id))
            && account.is_none_or(|name| order.place().is_some_and(|(id, _)| is_named(id, name)))
    })
}
