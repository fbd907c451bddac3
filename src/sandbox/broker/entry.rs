//! Preview and place.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::{Account, OPTION_FEE};
use super::body::{self, Placed};
use super::order::{Order, Pricing, Side, Status, Terms, TimeInForce};
use super::{margin, matching};
use crate::sandbox::answer::{money, quantity};
use crate::sandbox::market::{self, Market, instruments};
use crate::sandbox::{Answer, Call, Reply, World};

/// Why an order is refused: a code for `ordRejReason` and a sentence for `text`.
pub(crate) type Refusal = (&'static str, String);

/// `POST /v1/orders/preview`: what placing would cost. Changes nothing.
///
/// `estimatedCost` is negative when money comes in; `buyingPowerImpact` is negative when buying power shrinks.
pub(crate) fn preview(world: &mut World, call: &Call) -> Reply {
    let Placed { account, mut terms, .. } = body::placed(&call.json()?)?;
    let (broker, market) = world.trading(call.now);
    let account = broker.account(&account)?;
    decide_effect(&mut terms, account);
    let price = terms.price.or_else(|| matching::price_now(&terms, market, call.now)).unwrap_or_default();
    let value = price * terms.qty * terms.multiplier();
    let cost = if terms.side.buys() { value } else { -value };
    let fees = terms.contracts() * terms.qty * OPTION_FEE;
    let needed = margin::needed(&terms, terms.qty, account, market, call.now);
    let is_option = !terms.legs.is_empty();
    let only_option = |amount: Decimal| money(if is_option { amount } else { Decimal::ZERO });
    let leverage = if is_option { Decimal::ONE } else { Decimal::TWO };
    let errors: Vec<String> =
        refusal(&terms, account, market, call.now).map(|(_, message)| message).into_iter().collect();
    Answer::ok(&json!({
        "estimatedCost": money(cost + fees),
        "estimatedMargin": money(needed),
        "commission": money(Decimal::ZERO),
        "fees": money(fees),
        "buyingPowerImpact": money(-needed * leverage),
        "numDayTrades": day_trades(&terms, account, call.now),
        "warnRuleId": "0",
        "optionFees": money(fees),
        "optionPremium": only_option(value),
        "optionRequirement": only_option(needed),
        "warnings": [],
        "errors": errors,
    }))
}

/// `POST /v1/orders`: books the order. The answer only acknowledges: it is never a fill, even where the order fills
/// in the next moment.
pub(crate) fn place(world: &mut World, call: &Call) -> Reply {
    let Placed { account, client_id, mut terms } = body::placed(&call.json()?)?;
    let (broker, market) = world.trading(call.now);
    decide_effect(&mut terms, broker.account(&account)?);
    let mut order = broker.draft(terms, client_id, call.now);
    let account = broker.account(&account)?;
    if let Some((reason, message)) = refusal(&order.terms, account, market, call.now) {
        reason.clone_into(&mut order.reason);
        order.end(Status::Rejected, &message, call.now);
    }
    let answer = acknowledged(&order);
    account.orders.push(order);
    broker.update_orders(market, call.now);
    Answer::ok(&answer)
}

fn acknowledged(order: &Order) -> Value {
    json!({
        "success": order.status == Status::New,
        "clOrdId": order.cl_ord_id,
        "status": order.status,
        "symbol": order.terms.symbol,
        "side": order.terms.side,
        "qty": quantity(order.terms.qty),
        "cumQty": "0",
        "leavesQty": quantity(order.leaves()),
        "avgPrice": "0.00",
        "text": order.text,
        "ordRejReason": order.reason,
        "transactTime": order.created,
    })
}

/// An OSI symbol without legs does not say whether it opens: it closes what is held the other way.
fn decide_effect(terms: &mut Terms, account: &Account) {
    let [leg] = terms.legs.as_mut_slice() else { return };
    if leg.contract.osi() == terms.symbol {
        let held = account.holdings.get(&terms.symbol).map_or(Decimal::ZERO, |holding| holding.qty);
        leg.opens = if leg.side.buys() { held >= Decimal::ZERO } else { held <= Decimal::ZERO };
    }
}

/// Why the broker would not take this order now, if so.
pub(crate) fn refusal(terms: &Terms, account: &Account, market: &Market, now: Timestamp) -> Option<Refusal> {
    unknown(terms, market, now)
        .or_else(|| wrong_session(terms))
        .or_else(|| missing_position(terms, account))
        .or_else(|| too_expensive(terms, account, market, now))
}

fn unknown(terms: &Terms, market: &Market, now: Timestamp) -> Option<Refusal> {
    let refused = |symbol: &str| ("UNKNOWN_SYMBOL", format!("{symbol} is not traded here"));
    if terms.legs.is_empty() {
        let known = instruments::find(&terms.symbol).is_some_and(|found| found.tradable());
        return (!known).then(|| refused(&terms.symbol));
    }
    let missing =
        terms.legs.iter().map(|leg| leg.contract.osi()).find(|osi| market.contract(osi, now).is_none());
    missing.map(|osi| refused(&osi))
}

/// Usual practice, though not documented: outside the session only limit orders.
fn wrong_session(terms: &Terms) -> Option<Refusal> {
    let wrong = terms.time_in_force == TimeInForce::ExtendedHours && terms.pricing != Pricing::Limit;
    wrong.then(|| ("INVALID_ORDER_TYPE", "extended hours take limit orders only".into()))
}

fn missing_position(terms: &Terms, account: &Account) -> Option<Refusal> {
    let refused =
        |symbol: &str| ("INSUFFICIENT_POSITION", format!("{symbol}: the position is too small or missing"));
    let held = |symbol: &str| account.holdings.get(symbol).map_or(Decimal::ZERO, |holding| holding.qty);
    let symbol = terms.symbol.as_str();
    match terms.side {
        _ if !terms.legs.is_empty() => {}
        Side::Sell if account.free_to_sell(symbol) < terms.qty => return Some(refused(symbol)),
        Side::BuyToCover if -held(symbol) < terms.qty => return Some(refused(symbol)),
        Side::SellShort if held(symbol) > Decimal::ZERO => {
            return Some(("INVALID_SIDE", format!("{symbol} is held: sell it before selling short")));
        }
        _ => {}
    }
    let closing = terms.legs.iter().filter(|leg| !leg.opens);
    let short_of = closing.map(|leg| (leg, leg.contract.osi())).find(|(leg, osi)| {
        let there = if leg.side.buys() { -held(osi) } else { account.free_to_sell(osi) };
        there < leg.ratio * terms.qty
    });
    short_of.map(|(_, osi)| refused(&osi))
}

fn too_expensive(terms: &Terms, account: &Account, market: &Market, now: Timestamp) -> Option<Refusal> {
    let needed = margin::needed(terms, terms.qty, account, market, now);
    let available = account.available(market, now);
    (needed > available && !needed.is_zero()).then(|| {
        let message = format!("the order ties up {} and {} is available", money(needed), money(available));
        ("INSUFFICIENT_BUYING_POWER", message)
    })
}

/// 1 if the order would end what was begun today.
fn day_trades(terms: &Terms, account: &Account, now: Timestamp) -> i64 {
    let holding = account.holdings.get(&terms.symbol);
    let opposite = |qty: Decimal| qty.is_sign_positive() != terms.side.buys();
    let counts = holding
        .is_some_and(|holding| opposite(holding.qty) && market::today(holding.opened) == market::today(now));
    i64::from(counts)
}
