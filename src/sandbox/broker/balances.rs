//! `GET /v1/accounts/{id}/balances`.

use rust_decimal::Decimal;
use serde_json::json;

use super::margin;
use crate::sandbox::answer::money;
use crate::sandbox::market::{self, calendar};
use crate::sandbox::{Answer, Call, Reply, World};

/// One flat object; amounts are strings. Everything follows from cash, positions and open orders.
pub(crate) fn balances(world: &mut World, call: &Call) -> Reply {
    let (broker, market) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let value = account.positions_value(market, call.now);
    let reserved = account.reserved(market, call.now);
    let available = account.available(market, call.now).max(Decimal::ZERO);
    let tied = value - margin::loan_value(account, market, call.now);
    let at_start = account.cash_at_start + account.positions_at_start;
    let midnight = calendar::instant(calendar::midnight(market::today(call.now)));
    Answer::ok(&json!({
        "accountId": account.id,
        "totalEquity": money(account.cash + value),
        "netBuyingPower": money(available * Decimal::TWO),
        "stockBuyingPower": money(available * Decimal::TWO),
        "optionBuyingPower": money(available),
        "dayTradeBuyingPower": money(available * Decimal::from(4)),
        "dayTradeOvernightRegTBuyingPower": money(available * Decimal::TWO),
        "settledFunds": money(account.cash),
        "unsettledFunds": money(Decimal::ZERO),
        "heldBackFunds": money(Decimal::ZERO),
        "startOfDayCash": money(account.cash_at_start),
        "sodTtlEquity": money(at_start),
        "sodTtlEquityUpdatedAt": midnight,
        "sodPositionsMarketValue": money(account.positions_at_start),
        "realizedPl": money(account.realized),
        "unrealizedPl": money(account.unrealized(market, call.now)),
        "maintReq": money(tied * margin::HALF),
        "grossMargin": money(tied),
        "sma": money(available),
        "credit": money(Decimal::ZERO),
        "creditRemaining": money(Decimal::ZERO),
        "pdt": money(Decimal::ZERO),
        "pdtCreditRemaining": money(Decimal::ZERO),
        "pendingOrdersCount": account.open_orders().count(),
        "pendingOrdersMarginRequirements": money(reserved),
        "valueBought": money(account.bought),
        "valueSold": money(account.sold),
    }))
}
