//! `GET /v1/accounts/{id}/positions` (trading.md 4).

use serde_json::{Value, json};

use super::super::answer::{Answer, Reply, money, price, quantity};
use super::super::call::Call;
use super::super::market::contracts::Contract;
use super::super::world::World;

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
