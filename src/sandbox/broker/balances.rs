//! The balance of an account: one flat object, whose amounts are strings. Everything follows from cash, trades and open orders.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::books::Trade;
use super::margin;
use crate::sandbox::answer::money;
use crate::sandbox::market::{Market, calendar};
use crate::sandbox::{Answer, Call, Reply, World};

/// Answers `GET /v2/accounts/{id}/balance`, by today's prices.
pub(crate) fn balance(world: &mut World, call: &Call) -> Reply {
    let (broker, market) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let unrealized = account.unrealized(market, call.now);
    let total = account.earned_today(None, market, call.now);
    let realized: Decimal = account.trades_today(market, call.now).map(|trade| trade.realized).sum();
    let value = account.positions_value(market, call.now);
    let free = account.available(market, call.now).max(Decimal::ZERO).min(account.cash);
    let mut body = common(account, market, call);
    let own = json!({
        "balance": money(account.cash + value),
        "cashBalance": money(account.cash),
        "costOfPositions": money(value - unrealized),
        "amountAvailableToWithdraw": money(free),
        "fundsAvailableForWithdrawal": money(free),
        "dayOpenPnl": money(total - realized),
        "dayRealizedPnl": money(realized),
        "dayTotalPnl": money(total),
        "openPnl": money(unrealized),
        "intradayMarginBalance": money((-account.cash).max(Decimal::ZERO)),
        "smaCreditRemaining": money(Decimal::ZERO),
        "sodGrossFundsAvailable": "0",
        "sodNetFundsAvailable": "0",
        "sodMarginTradeBalance": "0",
    });
    add(&mut body, own);
    Answer::ok(&body)
}

/// `GET /v1/accounts/{id}/balances`, the older call.
pub(crate) fn balances_v1(world: &mut World, call: &Call) -> Reply {
    let (broker, market) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let mut body = common(account, market, call);
    let equity = account.cash + account.positions_value(market, call.now);
    add(&mut body, json!({ "totalEquity": money(equity) }));
    Answer::ok(&body)
}

fn add(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}

/// What both calls have.
fn common(account: &Account, market: &Market, call: &Call) -> Value {
    let value = account.positions_value(market, call.now);
    let reserved = account.reserved(market, call.now);
    let available = account.available(market, call.now).max(Decimal::ZERO);
    let tied = value - margin::loan_value(account, market, call.now);
    let (cash, positions) =
        (account.cash_at_start(market, call.now), account.positions_at_start(market, call.now));
    let traded = |is_wanted: fn(&Decimal) -> bool| -> Decimal {
        account.trades.iter().map(Trade::value).filter(is_wanted).map(|value| value.abs()).sum()
    };
    let midnight = calendar::instant(calendar::midnight(market.day(call.now)));
    json!({
        "accountId": account.id,
        "netBuyingPower": money(available * Decimal::TWO),
        "stockBuyingPower": money(available * Decimal::TWO),
        "optionBuyingPower": money(available),
        "dayTradeBuyingPower": money(available * Decimal::from(4)),
        "dayTradeOvernightRegTBuyingPower": money(available * Decimal::TWO),
        "settledFunds": money(account.cash),
        "unsettledFunds": money(Decimal::ZERO),
        "heldBackFunds": money(Decimal::ZERO),
        "startOfDayCash": money(cash),
        "sodTtlEquity": money(cash + positions),
        "sodTtlEquityUpdatedAt": midnight,
        "sodPositionsMarketValue": money(positions),
        "realizedPl": money(account.trades.iter().map(|trade| trade.realized).sum()),
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
        "valueBought": money(traded(Decimal::is_sign_positive)),
        "valueSold": money(traded(Decimal::is_sign_negative)),
    })
}
