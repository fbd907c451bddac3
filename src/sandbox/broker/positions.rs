//! `GET /v1/accounts/{id}/positions`.

use serde_json::{Value, json};

use crate::sandbox::answer::{money, price, quantity};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::{Answer, Call, Reply, World};

/// Every position. Options have their OSI symbol, shorts a negative quantity; both are undocumented.
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
                "securityType": if Contract::parse(symbol).is_some() { "OPTION" } else { "EQUITY" },
                "quantity": quantity(holding.qty),
                "averagePrice": price(holding.average),
                "price": market.quote(symbol, call.now).map(|quote| price(quote.last)).unwrap_or_default(),
                "marketValue": money(holding.value(symbol, market, call.now)),
                "costBasis": money(holding.value(symbol, market, call.now) - holding.unrealized(symbol, market, call.now)),
                "todayRealizedPnL": money(holding.realized_today),
                "unrealizedPl": money(holding.unrealized(symbol, market, call.now)),
                "todayPl": money(holding.daily(symbol, market, call.now)),
                "createdAt": holding.opened,
            })
        })
        .collect();
    Answer::ok(&json!({ "positions": rows }))
}
