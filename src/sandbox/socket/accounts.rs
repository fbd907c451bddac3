//! Accounts by socket: a snapshot, then what changes.
//!
//! How a subscription looks is not documented; taken is `{"topic", "accountId"}`. Known names are the topic `account`
//! and the event `account.order`; the others are guesses. Rows look as they do over REST.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::session::event;
use crate::sandbox::broker::{balances, lists, positions, watchlists};
use crate::sandbox::routes::Handler;
use crate::sandbox::{Call, World};

#[derive(Default)]
pub(super) struct Subscriptions {
    accounts: BTreeMap<String, Rows>,
}

/// The rows of an account as they were sent last.
struct Rows {
    orders: Vec<Value>,
    positions: Value,
    balance: Value,
}

impl Subscriptions {
    /// Adds one object of a subscription; gives back its snapshot.
    pub(super) fn add(
        &mut self,
        one: &Value,
        id: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String> {
        let topic = one.get("topic").and_then(Value::as_str).ok_or("topic is required")?;
        let account = account(one).ok_or("accountId is required")?;
        match topic {
            "account" => {
                let rows = look(world, account, now)?;
                let data = json!({
                    "accountId": account,
                    "orders": rows.orders,
                    "positions": rows.positions,
                    "balance": rows.balance,
                });
                self.accounts.insert(account.to_owned(), rows);
                Ok(vec![event("account", id, &data, now)])
            }
            "watchlist" => {
                let data = ask(watchlists::list, world, account, now)?;
                Ok(vec![event("watchlist", id, &data, now)])
            }
            "pnl" | "news" => Err(format!("the sandbox has nothing on the topic {topic}")),
            _ => Err(format!("unknown topic: {topic}")),
        }
    }

    pub(super) fn remove(&mut self, payload: &Value) {
        let gone = payload.as_array().map_or(std::slice::from_ref(payload), Vec::as_slice);
        for one in gone {
            if let Some(account) = account(one) {
                self.accounts.remove(account);
            }
        }
    }

    /// Orders that are new or changed, and with them positions and balance. Money that only moves with the market
    /// is not sent: it would be every second.
    pub(super) fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let mut all = Vec::new();
        for (account, rows) in &mut self.accounts {
            let Ok(fresh) = look(world, account, now) else { continue };
            let before = std::mem::replace(rows, fresh);
            let changed: Vec<&Value> =
                rows.orders.iter().rev().filter(|order| !before.orders.contains(order)).collect();
            if changed.is_empty() {
                continue;
            }
            all.extend(changed.into_iter().map(|order| event("account.order", None, order, now)));
            let positions = json!({ "accountId": account, "positions": rows.positions });
            all.push(event("account.position", None, &positions, now));
            all.push(event("account.balance", None, &rows.balance, now));
        }
        all
    }
}

fn account(one: &Value) -> Option<&str> {
    ["accountId", "account_id", "tradingAccountId"]
        .iter()
        .find_map(|name| one.get(*name))
        .and_then(Value::as_str)
}

fn look(world: &mut World, account: &str, now: Timestamp) -> Result<Rows, String> {
    let mut orders = ask(lists::today, world, account, now)?;
    let mut positions = ask(positions::positions, world, account, now)?;
    let balance = ask(balances::balance, world, account, now)?;
    let orders = orders.get_mut("orders").map(Value::take).unwrap_or_default();
    Ok(Rows {
        orders: orders.as_array().cloned().unwrap_or_default(),
        positions: positions.get_mut("positions").map(Value::take).unwrap_or_default(),
        balance,
    })
}

/// Asks an endpoint of the same account, so that both ways tell the same.
fn ask(handler: Handler, world: &mut World, account: &str, now: Timestamp) -> Result<Value, String> {
    let params = ["id", "account_id"].map(|name| (name.to_owned(), account.to_owned()));
    let call = Call::from_within(params.to_vec(), vec![("limit".into(), "500".into())], now);
    match handler(world, &call) {
        Ok(answer) => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
        Err(_) => Err(format!("no such account: {account}")),
    }
}
