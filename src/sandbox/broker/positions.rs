//! `GET /v1/accounts/{id}/positions`.

use serde_json::{Value, json};

use crate::sandbox::answer::{money, price, quantity};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::{Answer, Call, Reply, World};

/// Every position. Options are `OPT` with their OSI symbol, shorts negative; both are undocumented.
pub(crate) fn positions(world: &mut World, call: &Call) -> Reply {
    let (broker, market) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let rows: Value = account
        .holdings
        .iter()
        .map(|(symbol, holding)| {
            json!({
                "accountId": account.id,
                "symbol": symbol,
                "securityType": if Contract::parse(symbol).is_some() { "OPT" } else { "CS" },
                "quantity": quantity(holding.qty),
                "averagePrice": price(holding.average),
                "todayRealizedPnL": money(holding.realized_today),
                "unrealizedPl": money(holding.unrealized(symbol, market, call.now)),
                "dailyPl": money(holding.daily(symbol, market, call.now)),
                "createdAt": holding.opened,
            })
        })
        .collect();
    Answer::ok(&json!({ "positions": rows, "availability": { "available": true, "source": "cache" } }))
}
