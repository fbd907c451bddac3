//! Waiting for an order.

use super::{Wait, way};
use crate::aries::model::order::list::{self, List};
use crate::aries::model::{Account, Order};
use crate::aries::socket::{Accounts, Change, Subscription, Word};
use crate::error::{Error, Kind, Result};
use crate::text::short;
use crate::tools::account;
use crate::tools::format::{plain, quantity};
use crate::tools::{Answer, Call};
use crate::trade::outcome::at_average;
use crate::trade::reconcile::named::several;
use crate::trade::state::State;

pub(super) async fn wait(call: &Call, id: &str, account: Option<&str>, wait: Wait) -> Result<Answer> {
    let Ok(found) = tokio::time::timeout_at(wait.end, find(call, id, account)).await else {
        return Ok(Answer::new(format!(
            "NOT YET · {} · order {}: Aries has not listed it · {} · call wait_for again to go on waiting",
            call.market(),
            short(id),
            wait.waited()
        )));
    };
    let (account, first) = found?;
    let mut order = first.clone();
    if !first.is_open() {
        return Ok(happened(&account, &order, &first, wait));
    }
    let mut changes = call.streams.accounts.listen(&account.id);
    let mut progress =
        tokio::time::interval_at(wait.began + call.streams.timing.progress, call.streams.timing.progress);
    let known = |changes: &Subscription<Accounts>| changes.state(|book| book.orders.get(&first.id).cloned());
    order = known(&changes).unwrap_or(order);
    loop {
        if !order.is_open() || order.filled > first.filled {
            return Ok(happened(&account, &order, &first, wait));
        }
        tokio::select! {
            word = changes.next() => match &*word {
                Word::News(Change::Order(changed)) if changed.id == first.id => order = (**changed).clone(),
                Word::Missed => order = known(&changes).unwrap_or(order),
                Word::Problem(error) if error.kind == Kind::SignIn => return Err(error.clone()),
                _ => {}
            },
            _ = progress.tick() => wait.tell(&call.progress, standing(&order)).await,
            () = tokio::time::sleep_until(wait.end) => return Ok(not_yet(call, &account, &order, &changes, wait)),
        }
    }
}

/// Finds the one order that an id names. Fails if there is none, or more than one.
pub(crate) async fn find(call: &Call, id: &str, account: Option<&str>) -> Result<(Account, Order)> {
    let (mut found, mut failed): (Option<(Account, Order)>, _) = (None, None);
    for account in account::chosen(call, account).await? {
        match in_account(call, &account.id, id).await {
            Ok(Some(order)) => match &found {
                Some((_, other)) => return Err(several(id, other, &order)),
                None => found = Some((account, order)),
            },
            Ok(None) => {}
            Err(error) if error.kind == Kind::Usage => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    found.ok_or_else(|| {
        failed.unwrap_or_else(|| {
            let cause = format!("Aries lists no order {} today", short(id));
            Error::new(Kind::NotFound, cause, "take the id from get_orders")
        })
    })
}

/// As a cancel finds it, where this process has a journal; else in today's list, where every order stands that is open.
async fn in_account(call: &Call, account: &str, id: &str) -> Result<Option<Order>> {
    if let Some(orders) = &call.orders {
        let (history, _) = orders.reconciler.journal.what_is_known().await;
        return orders.reconciler.find_by(account, &history, id).await;
    }
    let orders = list::whole(&call.aries, account, List::Today).await?;
    Ok(orders.into_iter().find(|order| order.id == id))
}

/// `order 12 is FILLED: BUY 10 MSFT, limit 400, day; 10 of 10 filled at 399.98 on average = 3,999.80 USD without fees`.
pub(crate) fn standing(order: &Order) -> String {
    let status = State::words(&order.status);
    // A number that cannot be read is none.
    let amounts = match order.unreadable {
        None => [order.quantity, order.filled].map(quantity),
        Some(_) => [order.written.quantity, order.written.filled]
            .map(|amount| amount.map_or("—".to_owned(), quantity)),
    };
    let [ordered, filled] = amounts;
    let mut words = format!("order {} is {status}: {} {ordered}", short(&order.id), order.side);
    words.push_str(&format!(" {}", crate::text::clean(&order.symbol, 32)));
    words.push_str(&order.limit.map(|price| format!(", limit {}", plain(price))).unwrap_or_default());
    words.push_str(&order.stop.map(|price| format!(", stop {}", plain(price))).unwrap_or_default());
    words.push_str(&format!(" · {filled} of {ordered} filled"));
    words.push_str(&at_average(order));
    let reason = order.reason.as_ref().filter(|_| !order.is_open() && order.status != "FILLED");
    words.push_str(&reason.map(|reason| format!(" · Aries: \"{reason}\"")).unwrap_or_default());
    words
}

fn happened(account: &Account, order: &Order, first: &Order, wait: Wait) -> Answer {
    let already = if order == first { " (it was so already)" } else { "" };
    let label = account.label();
    Answer::new(format!("HAPPENED · {label} · {}{already} · {}", standing(order), wait.waited()))
}

fn not_yet(
    call: &Call,
    account: &Account,
    order: &Order,
    changes: &Subscription<Accounts>,
    wait: Wait,
) -> Answer {
    let every = changes.pause(&call.streams.timing.sockets);
    let way = way(changes.is_heard(), &changes.link(), every);
    let (label, waited) = (account.label(), wait.waited());
    let next = "call wait_for again to go on waiting";
    Answer::new(format!("NOT YET · {label} · {} · {waited} {way} · {next}", standing(order)))
}
