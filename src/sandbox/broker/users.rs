//! The list of accounts.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::Account;
use crate::sandbox::market::calendar;
use crate::sandbox::{Answer, Call, Reply, World};

/// The one person here; `/v1/users/me` is an answer file.
pub(super) const USER_ID: i64 = 70_013;

/// `GET /v1/users/me/accounts`.
pub(crate) fn accounts(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    let accounts: Value = broker.accounts.iter().map(|account| row(account, call.now)).collect();
    Answer::ok(&json!({ "accounts": accounts }))
}

fn row(account: &Account, now: Timestamp) -> Value {
    json!({
        "id": account.number,
        "trading_account_id": account.id,
        "sterling_account_id": format!("ST{}", account.number),
        "apex_account_id": format!("5AR{}", account.number % 100_000),
        "apex_id": format!("APX{}", account.number),
        "fdid": format!("FD{}", account.number),
        "status": "OPEN",
        "is_sim": account.is_sim,
        "account_type": "INDIVIDUAL",
        "account_class": "MARGIN",
        "primary_user_id": USER_ID,
        "joint_user_id": null,
        "primary_user": { "id": USER_ID, "email": "sandbox.user@example.com" },
        "joint_user": null,
        "account_application": null,
        "created_at": long_ago(now),
        "updated_at": now,
    })
}

fn long_ago(now: Timestamp) -> Timestamp {
    calendar::instant(now.as_second() - 400 * 86_400)
}
