//! The list of accounts.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::Account;
use crate::sandbox::market::calendar;
use crate::sandbox::{Answer, Call, Reply, World};

/// The one person here; `/v1/users/me` is an answer file.
pub(super) const USER_ID: i64 = 70_013;

/// `GET /v2/users/me/accounts`. A simulated account has no number at the broker, no type and no class.
pub(crate) fn accounts(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    let row = |account: &Account| {
        let live = |text: &str| if account.is_sim { String::new() } else { text.to_owned() };
        json!({
            "trading_account_id": account.id,
            "broker_account_id": live(&format!("5AR{}", account.number % 100_000)),
            "status": "OPEN",
            "is_sim": account.is_sim,
            "account_type": live("INDIVIDUAL"),
            "account_class": live("MARGIN"),
        })
    };
    Answer::ok(&json!({ "accounts": broker.accounts.iter().map(row).collect::<Value>() }))
}

/// `GET /v1/users/me/accounts`, the older call.
pub(crate) fn accounts_v1(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    let accounts: Value = broker.accounts.iter().map(|account| row_v1(account, call.now)).collect();
    Answer::ok(&json!({ "accounts": accounts }))
}

fn row_v1(account: &Account, now: Timestamp) -> Value {
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
