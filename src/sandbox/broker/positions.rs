//! `GET /v1/accounts/{id}/positions`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::sandbox::answer::{money, price, quantity};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::{Answer, Call, Reply, World};

/// Every position. Options have their OSI symbol, shorts a negative quantity; both are undocumented.
pub(crate) fn positions(world: &mut World, call: &Call) -> Reply {
    let (broker, market) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let realized = |symbol: &str| -> Decimal {
        let today = account.trades_today(market, call.now).filter(|trade| trade.symbol == symbol);
        today.map(|trade| trade.realized).sum()
    };
    let rows: Value = account
        .holdings
        .iter()
        .map(|(symbol, holding)| {
            json!({
                "accountId": account.id,
                "symbol": symbol,
                "securityType": if Contract::parse(symbol).is_some() { "OPTION" } else { "EQUITY" },
                "quantity": quantity(holding.qty),
                "averagePrice": price(holding.average(symbol)),
                "price": market.quote(symbol, call.now).map(|quote| price(quote.last)).unwrap_or_default(),
                "marketValue": money(holding.value(symbol, market, call.now)),
                "costBasis": money(holding.cost),
                "todayRealizedPnL": money(realized(symbol)),
                "unrealizedPl": money(holding.unrealized(symbol, market, call.now)),
                "todayPl": money(account.earned_today(Some(symbol), market, call.now)),
                "createdAt": holding.opened,
            })
        })
        .collect();
    Answer::ok(&json!({ "positions": rows }))
}
