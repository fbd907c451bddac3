//! The arguments of `preview_order`, and the rules of form: what can be said of an order without asking Aries.

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::aries::symbols::{Contract, Symbol};
use crate::error::{Error, Result};
use crate::text::short;
use crate::told::Told;
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::decimal::{Number, PRICE_PLACES};
use crate::trade::order::terms::{Action, LegAction, OrderType, TimeInForce};

/// The arguments of `preview_order`, as the caller wrote them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderRequest {
    /// Last four characters or full id; a new order needs it when several are open
    pub(crate) account: Option<String>,
    /// Ticker (MSFT), OSI contract (AAPL261218C00200000) or in words (AAPL 2026-12-18 200 C); the underlying with legs
    #[schemars(length(max = 40))]
    pub(crate) symbol: Option<String>,
    /// Stock: buy, sell, sell_short, buy_to_cover. Option: the four open/close actions. With legs: buy = net debit, sell = net credit
    pub(crate) action: Option<Action>,
    /// Whole number ("10") of shares, contracts or spreads; in a replacement the new total
    #[schemars(length(max = 20))]
    pub(crate) quantity: Option<String>,
    /// How the price is set
    #[serde(rename = "type")]
    pub(crate) order_type: Option<OrderType>,
    /// For limit and stop_limit: decimal ("400.00"); net price for spreads
    #[schemars(length(max = 20))]
    pub(crate) limit_price: Option<String>,
    /// For stop and stop_limit: decimal
    #[schemars(length(max = 20))]
    pub(crate) stop_price: Option<String>,
    /// day if left out; options: day or gtc; extended_hours: limit orders only
    pub(crate) time_in_force: Option<TimeInForce>,
    /// A spread: 2 to 4 contracts of one underlying
    #[schemars(length(min = 2, max = 4))]
    pub(crate) legs: Option<Vec<LegRequest>>,
    /// Id of the open order to replace; give what changes
    #[schemars(length(max = 100))]
    pub(crate) replaces: Option<String>,
}

/// One leg as it was asked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegRequest {
    /// OSI contract or contract in words
    #[schemars(length(max = 40))]
    pub(crate) contract: String,
    /// buy_to_open, sell_to_close, sell_to_open or buy_to_close
    pub(crate) action: LegAction,
    /// Contracts per spread, 1 if left out
    #[schemars(range(min = 1, max = 20))]
    pub(crate) ratio: Option<u32>,
}

/// Reads a new order out of the arguments. Fails with the name of the argument that is missing, needless or wrong.
pub(crate) fn order(request: &OrderRequest, today: Date) -> Result<Order> {
    let action = request.action.ok_or_else(|| missing("action", "buy"))?;
    let order_type = request.order_type.ok_or_else(|| missing("type", "limit"))?;
    let symbol = request.symbol.as_deref().ok_or_else(|| missing("symbol", "MSFT"))?;
    let quantity = request.quantity.as_deref().ok_or_else(|| missing("quantity", "10"))?;
    let (underlying, legs) = match &request.legs {
        Some(legs) => spread(symbol, action, legs)?,
        None => single(symbol, action)?,
    };
    let order = Order {
        underlying,
        action,
        legs,
        quantity: Number::read("quantity", quantity, 0)?,
        order_type,
        limit: price("limit_price", request.limit_price.as_deref(), order_type, OrderType::has_limit)?,
        stop: price("stop_price", request.stop_price.as_deref(), order_type, OrderType::has_stop)?,
        time_in_force: request.time_in_force.unwrap_or(TimeInForce::Day),
    };
    check_form(&order, today)?;
    Ok(order)
}

/// Refuses an order that no exchange or Aries would take, whatever the account holds: a price between two ticks, a
/// time in force that does not go with the rest, a contract that cannot be ordered. It holds for new orders and for what
/// a replacement makes of an old one.
pub(crate) fn check_form(order: &Order, today: Date) -> Result<()> {
    check_ticks(order)?;
    check_time_in_force(order)?;
    order.legs.iter().try_for_each(|leg| check_contract(&leg.contract, today))
}

fn missing(name: &str, example: &str) -> Error {
    Error::usage(format!("`{name}` is missing"), format!("give `{name}`, for example \"{example}\""))
}

/// A price was given that this type of order does not have.
pub(super) fn needless(name: &str, order_type: OrderType, hint: &str) -> Error {
    Error::usage(format!("`{name}` does not belong to a {} order", order_type.name()), hint)
}

/// Reads a price that has to be given if the type of the order has it, and must not be given otherwise.
fn price(
    name: &str,
    text: Option<&str>,
    order_type: OrderType,
    has_it: fn(OrderType) -> bool,
) -> Result<Option<Number>> {
    match (text, has_it(order_type)) {
        (Some(text), true) => Number::read(name, text, PRICE_PLACES).map(Some),
        (None, false) => Ok(None),
        (None, true) => {
            let order = order_type.name();
            let hint = Told::from(format!("a {order} order needs it"))
                .and(Told::pair(": ask the person which price, never invent one", ""));
            Err(Error::usage(format!("`{name}` is missing"), hint))
        }
        (Some(_), false) => Err(needless(name, order_type, "leave it out, or give another `type`")),
    }
}

fn single(symbol: &str, action: Action) -> Result<(String, Vec<Leg>)> {
    match Symbol::traded(symbol)? {
        Symbol::Option(contract) if action.is_option() => {
            Ok((contract.root.clone(), vec![Leg { contract, action, ratio: 1 }]))
        }
        Symbol::Option(contract) => {
            let (action, contract) = (action.argument(), contract.words());
            Err(Error::usage(
                format!("`action`: {action} does not say whether {contract} is opened or closed"),
                "give buy_to_open, sell_to_close, sell_to_open or buy_to_close",
            ))
        }
        Symbol::Index { name, .. } => Err(index(&name)),
        Symbol::Stock(ticker) if INDICES.iter().any(|(name, _)| *name == ticker) => Err(index(&ticker)),
        Symbol::Stock(ticker) if action.is_option() => Err(Error::usage(
            format!("{ticker} is a stock, and {} is for options", action.argument()),
            "give the contract (find it with find_symbol), or one of buy, sell, sell_short, buy_to_cover",
        )),
        Symbol::Stock(ticker) => Ok((ticker, Vec::new())),
        other => {
            let hint = "orders are for stocks, funds and option contracts";
            Err(Error::usage(format!("{other} cannot be ordered here"), hint))
        }
    }
}

/// Indices whose names no share has, with the roots of the options on them.
const INDICES: [(&str, &str); 6] = [
    ("SPX", "SPX and SPXW"),
    ("NDX", "NDX and NDXP"),
    ("RUT", "RUT and RUTW"),
    ("VIX", "VIX and VIXW"),
    ("DJI", "DJX"),
    ("XSP", "XSP"),
];

fn index(name: &str) -> Error {
    let roots = INDICES.iter().find(|(index, _)| *index == name).map(|(_, roots)| format!(" ({roots})"));
    Error::usage(
        format!("`symbol`: {name} is an index, and an index cannot be bought or sold"),
        Told::from(format!("only options on it{} are traded", roots.unwrap_or_default()))
            .and(Told::pair("; ask the person what they want", "")),
    )
}

fn spread(symbol: &str, action: Action, requests: &[LegRequest]) -> Result<(String, Vec<Leg>)> {
    if !matches!(action, Action::Buy | Action::Sell) {
        let cause = format!("`action`: {} does not go with legs", action.argument());
        return Err(Error::usage(cause, "give buy for a net debit or sell for a net credit"));
    }
    if !(2..=4).contains(&requests.len()) {
        let cause = format!("`legs`: {} given, but a spread has 2 to 4", requests.len());
        return Err(Error::usage(cause, "one contract alone goes into `symbol`"));
    }
    let underlying = match Symbol::traded(symbol)? {
        Symbol::Stock(ticker) => ticker,
        Symbol::Index { name, .. } => name,
        other => {
            let cause = format!("`symbol`: {other} is not an underlying");
            return Err(Error::usage(cause, "give the ticker, such as AAPL"));
        }
    };
    let mut legs = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        legs.push(leg(request, index, &underlying, &legs)?);
    }
    let common = legs.iter().map(|leg| leg.ratio).fold(0, greatest_common_divisor);
    if common > 1 {
        let cause = format!("`legs`: every ratio can be divided by {common}");
        let hint = format!("divide the ratios by {common} and multiply `quantity` by it");
        return Err(Error::usage(cause, hint));
    }
    Ok((underlying, legs))
}

/// Reads the leg with this index, which comes after the legs `before`.
fn leg(request: &LegRequest, index: usize, underlying: &str, before: &[Leg]) -> Result<Leg> {
    // As in the arguments' own paths: the first leg is legs[0].
    let wrong = |field: &str, cause: &str, hint: &str| {
        Err(Error::usage(format!("`legs[{index}].{field}`: {cause}"), hint.to_owned()))
    };
    let Ok(Symbol::Option(contract)) = Symbol::parse(&request.contract) else {
        let cause = format!("{} is not an option contract", short(&request.contract));
        let hint = "write it as OSI (AAPL261218C00200000) or in words (AAPL 2026-12-18 200 C)";
        return wrong("contract", &cause, hint);
    };
    let words = contract.words();
    if !contract.is_on(underlying) {
        let hint = "all legs and `symbol` must have one underlying";
        return wrong("contract", &format!("{words} is not on {underlying}"), hint);
    }
    if before.iter().any(|other| other.contract == contract) {
        return wrong(
            "contract",
            &format!("{words} appears twice"),
            "give each contract once, with its ratio",
        );
    }
    let ratio = request.ratio.unwrap_or(1);
    if !(1..=20).contains(&ratio) {
        return wrong("ratio", "it is not 1 to 20", "give the contracts per spread");
    }
    Ok(Leg { contract, action: request.action.into(), ratio })
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Refuses a price that no exchange takes: a stock is priced in cents from one dollar on (Regulation NMS, rule 612) and as
/// finely as Aries takes it below, where the tick depends on the market; options and spreads are priced in cents.
fn check_ticks(order: &Order) -> Result<()> {
    for (name, number) in [("limit_price", &order.limit), ("stop_price", &order.stop)] {
        let Some(number) = number else { continue };
        let fine = order.is_stock() && number.value() < Decimal::ONE;
        let places = if fine { PRICE_PLACES } else { 2 };
        if number.value().normalize().scale() as usize > places {
            let ticks = format!("lies between two ticks; at most {places} decimal places here");
            let hint = Told::pair(
                "ask the person for a price on the tick; nothing is rounded here",
                "give a price on the tick; nothing is rounded here",
            );
            return Err(Error::usage(format!("`{name}`: {number} {ticks}"), hint));
        }
    }
    Ok(())
}

fn check_time_in_force(order: &Order) -> Result<()> {
    use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
    let tif = order.time_in_force;
    let refused =
        |why: &str, hint: &str| Err(Error::usage(format!("`time_in_force`: {} {why}", tif.words()), hint));
    if !order.is_stock() && !matches!(tif, Day | Gtc) {
        return refused("does not go with options", "give day or gtc");
    }
    match (tif, order.order_type) {
        (ExtendedHours, OrderType::Limit) => Ok(()),
        (ExtendedHours, _) => refused("takes limit orders only", "give type limit and a limit_price"),
        (AtTheOpening | AtTheClose | Ioc | Fok, OrderType::Stop | OrderType::StopLimit) => {
            refused("does not go with a stop", "give day or gtc")
        }
        _ => Ok(()),
    }
}

/// Roots of index options that share underlying, expiration and strike, and settle at different times (morning or
/// evening). Aries' legs name no root, so either could become the other. One contract could go as an OSI symbol without
/// legs, but that does not say whether it opens or closes.
const SIBLINGS: [(&str, &str); 5] =
    [("SPX", "SPXW"), ("NDX", "NDXP"), ("RUT", "RUTW"), ("VIX", "VIXW"), ("OEX", "OEXW")];

fn check_contract(contract: &Contract, today: Date) -> Result<()> {
    let words = contract.words();
    let is_root = |root: &str| contract.root == root;
    let cause = if contract.is_adjusted() {
        format!("{words} is an adjusted contract: it delivers something other than 100 shares")
    } else if let Some((one, other)) = SIBLINGS.iter().find(|(one, other)| is_root(one) || is_root(other)) {
        format!(
            "{words}: an order to Aries cannot say whether {one} or {other} is meant, which settle differently"
        )
    } else if contract.expiration < today {
        let cause = format!("{words} expired on {}", contract.expiration);
        return Err(Error::usage(cause, "give a later expiration"));
    } else {
        return Ok(());
    };
    Err(Error::usage(cause, Told::person_to("trade it in Aries' own application")))
}
