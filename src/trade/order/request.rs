//! The rules of form: what can be said of an order without asking anybody (issue *Orders*, point 2).

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::aries::symbols::{Contract, Symbol};
use crate::aries::text::short;
use crate::error::{Error, Result};
use crate::trade::order::body::{Action, Kind, Leg, LegAction, Order, Shape, TimeInForce};
use crate::trade::order::decimal::Number;

/// The arguments of `preview_order`. Taken as they are: nothing is converted.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Last four characters or full id; required when several accounts are open
    pub(crate) account: Option<String>,
    /// Ticker (MSFT), OSI contract (AAPL261218C00200000) or contract in words (AAPL 2026-12-18 200 C); the underlying with legs
    #[schemars(length(max = 40))]
    pub(crate) symbol: Option<String>,
    /// Stock: buy, sell, sell_short, buy_to_cover. Option: the four open/close actions. With legs: buy = net debit, sell = net credit
    pub(crate) action: Option<Action>,
    /// Shares, contracts or spreads as a whole number in a string ("10"); in a replacement the new total
    #[schemars(length(max = 20))]
    pub(crate) quantity: Option<String>,
    /// How the price is set
    #[serde(rename = "type")]
    pub(crate) kind: Option<Kind>,
    /// For limit and stop_limit: decimal string ("400.00"); net price for spreads
    #[schemars(length(max = 20))]
    pub(crate) limit_price: Option<String>,
    /// For stop and stop_limit: decimal string
    #[schemars(length(max = 20))]
    pub(crate) stop_price: Option<String>,
    /// day if left out; options: day or gtc; a replacement: day, gtc, ioc or fok; extended_hours: limit orders only
    pub(crate) time_in_force: Option<TimeInForce>,
    /// A spread: 2 to 4 contracts of one underlying
    #[schemars(length(min = 2, max = 4))]
    pub(crate) legs: Option<Vec<WantedLeg>>,
    /// Id of the open order to replace; give what changes
    #[schemars(length(max = 100))]
    pub(crate) replaces: Option<String>,
}

/// One leg as it was asked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedLeg {
    /// OSI contract or contract in words
    #[schemars(length(max = 40))]
    pub(crate) contract: String,
    /// buy_to_open, sell_to_close, sell_to_open or buy_to_close
    pub(crate) action: LegAction,
    /// Contracts per spread, 1 if left out
    #[schemars(range(min = 1, max = 20))]
    pub(crate) ratio: Option<u32>,
}

/// Reads a new order.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) naming the argument that is missing, needless or wrong.
pub(crate) fn order(wanted: &Wanted, today: Date) -> Result<Order> {
    let action = wanted.action.ok_or_else(|| missing("action", "buy"))?;
    let kind = wanted.kind.ok_or_else(|| missing("type", "limit"))?;
    let symbol = wanted.symbol.as_deref().ok_or_else(|| missing("symbol", "MSFT"))?;
    let quantity = wanted.quantity.as_deref().ok_or_else(|| missing("quantity", "10"))?;
    let order = Order {
        shape: shape(symbol, action, wanted.legs.as_deref())?,
        quantity: Number::read("quantity", quantity, 0)?,
        kind,
        limit: price("limit_price", wanted.limit_price.as_deref(), kind.has_limit(), kind)?,
        stop: price("stop_price", wanted.stop_price.as_deref(), kind.has_stop(), kind)?,
        time_in_force: wanted.time_in_force.unwrap_or(TimeInForce::Day),
    };
    check(&order, today)?;
    Ok(order)
}

/// Everything that holds for new orders and for what a replacement makes of an old one.
///
/// # Errors
/// As [`order`].
pub(crate) fn check(order: &Order, today: Date) -> Result<()> {
    ticks(order)?;
    time_in_force(order)?;
    for leg in order.legs() {
        tradable(&leg.contract, today)?;
    }
    Ok(())
}

fn missing(name: &str, example: &str) -> Error {
    Error::usage(format!("`{name}` is missing"), format!("give `{name}`, for example \"{example}\""))
}

/// Exactly the price fields that the type wants (`trading.md` 6.1).
fn price(name: &str, text: Option<&str>, needed: bool, kind: Kind) -> Result<Option<Number>> {
    match (text, needed) {
        (Some(text), true) => Number::read(name, text, 4).map(Some),
        (None, false) => Ok(None),
        (None, true) => {
            let hint =
                format!("a {} order needs it: ask the person which price, never invent one", kind.word());
            Err(Error::usage(format!("`{name}` is missing"), hint))
        }
        (Some(_), false) => Err(Error::usage(
            format!("`{name}` does not belong to a {} order", kind.word()),
            "leave it out, or give another `type`",
        )),
    }
}

fn shape(symbol: &str, action: Action, legs: Option<&[WantedLeg]>) -> Result<Shape> {
    if let Some(legs) = legs {
        return spread(symbol, action, legs);
    }
    match Symbol::traded(symbol)? {
        Symbol::Option(contract) => single(contract, action),
        Symbol::Stock(ticker) if action.is_option() => Err(Error::usage(
            format!("{ticker} is a stock, and {} is for options", action_word(action)),
            "give the contract (find it with find_symbol), or one of buy, sell, sell_short, buy_to_cover",
        )),
        Symbol::Stock(ticker) => Ok(Shape::Stock { ticker, action }),
        other => Err(Error::usage(
            format!("{other} cannot be ordered here"),
            "orders are for stocks, funds and option contracts",
        )),
    }
}

fn single(contract: Contract, action: Action) -> Result<Shape> {
    if action.is_option() {
        return Ok(Shape::Single(Leg { contract, action, ratio: 1 }));
    }
    Err(Error::usage(
        format!(
            "`action`: {} does not say whether {} is opened or closed",
            action_word(action),
            contract.words()
        ),
        "give buy_to_open, sell_to_close, sell_to_open or buy_to_close",
    ))
}

fn spread(symbol: &str, action: Action, wanted: &[WantedLeg]) -> Result<Shape> {
    let debit = match action {
        Action::Buy => true,
        Action::Sell => false,
        other => {
            let cause = format!("`action`: {} does not go with legs", action_word(other));
            return Err(Error::usage(cause, "give buy for a net debit or sell for a net credit"));
        }
    };
    if !(2..=4).contains(&wanted.len()) {
        return Err(Error::usage(
            format!("`legs`: {} given, but a spread has 2 to 4", wanted.len()),
            "one contract alone goes into `symbol`",
        ));
    }
    let underlying = match Symbol::traded(symbol)? {
        Symbol::Stock(ticker) => ticker,
        Symbol::Index { name, .. } => name,
        other => {
            return Err(Error::usage(
                format!("`symbol`: {other} is not an underlying"),
                "give the ticker, such as AAPL",
            ));
        }
    };
    let mut legs: Vec<Leg> = Vec::new();
    for (index, leg) in wanted.iter().enumerate() {
        // As in the arguments' own paths: the first leg is legs[0].
        let named = |field: &str, cause: &str| format!("`legs[{index}].{field}`: {cause}");
        let contract = contract(&leg.contract).ok_or_else(|| {
            let cause = format!("{} is not an option contract", short(&leg.contract));
            Error::usage(named("contract", &cause), EXAMPLE)
        })?;
        if !contract.is_on(&underlying) {
            let cause = named("contract", &format!("{} is not on {underlying}", contract.words()));
            return Err(Error::usage(cause, "all legs and `symbol` must have one underlying"));
        }
        if legs.iter().any(|other| other.contract == contract) {
            let cause = named("contract", &format!("{} appears twice", contract.words()));
            return Err(Error::usage(cause, "give each contract once, with its ratio"));
        }
        let ratio = leg.ratio.unwrap_or(1);
        if !(1..=20).contains(&ratio) {
            return Err(Error::usage(named("ratio", "it is not 1 to 20"), "give the contracts per spread"));
        }
        legs.push(Leg { contract, action: leg.action.into(), ratio });
    }
    let common = legs.iter().map(|leg| leg.ratio).fold(0, gcd);
    if common > 1 {
        return Err(Error::usage(
            format!("`legs`: every ratio can be divided by {common}"),
            format!("divide the ratios by {common} and multiply `quantity` by it"),
        ));
    }
    Ok(Shape::Spread { underlying, debit, legs })
}

const EXAMPLE: &str = "write it as OSI (AAPL261218C00200000) or in words (AAPL 2026-12-18 200 C)";

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn action_word(action: Action) -> String {
    action.words().to_lowercase().replace(' ', "_")
}

/// A contract in either form.
pub(crate) fn contract(text: &str) -> Option<Contract> {
    match Symbol::parse(text) {
        Ok(Symbol::Option(contract)) => Some(contract),
        _ => None,
    }
}

/// Prices that no exchange takes: beyond cents from one dollar on, beyond hundredths of cents below (Regulation NMS,
/// rule 612); options and spreads beyond cents.
fn ticks(order: &Order) -> Result<()> {
    for (name, number) in [("limit_price", &order.limit), ("stop_price", &order.stop)] {
        let Some(number) = number else { continue };
        let fine = order.legs().is_empty() && number.value() < Decimal::ONE;
        let places = if fine { 4 } else { 2 };
        if number.value().normalize().scale() > places {
            return Err(Error::usage(
                format!("`{name}`: {number} lies between two ticks; at most {places} decimal places here"),
                "ask the person for a price on the tick; nothing is rounded here",
            ));
        }
    }
    Ok(())
}

fn time_in_force(order: &Order) -> Result<()> {
    use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
    let tif = order.time_in_force;
    let refused =
        |why: &str, hint: &str| Err(Error::usage(format!("`time_in_force`: {} {why}", tif.words()), hint));
    if !order.legs().is_empty() && !matches!(tif, Day | Gtc) {
        return refused("does not go with options", "give day or gtc");
    }
    match (tif, order.kind) {
        (ExtendedHours, Kind::Limit) => Ok(()),
        (ExtendedHours, _) => refused("takes limit orders only", "give type limit and a limit_price"),
        (AtTheOpening | AtTheClose | Ioc | Fok, Kind::Stop | Kind::StopLimit) => {
            refused("does not go with a stop", "give day or gtc")
        }
        _ => Ok(()),
    }
}

/// Roots of index options that share underlying, expiration and strike, and settle at different times (morning or
/// evening). Aries' legs name no root, so either could become the other. One contract could go as an OSI symbol without
/// legs (`trading.md` 6.2), but that does not say whether it opens or closes.
const SIBLINGS: [(&str, &str); 5] =
    [("SPX", "SPXW"), ("NDX", "NDXP"), ("RUT", "RUTW"), ("VIX", "VIXW"), ("OEX", "OEXW")];

fn tradable(contract: &Contract, today: Date) -> Result<()> {
    let words = contract.words();
    if contract.is_adjusted() {
        return Err(Error::usage(
            format!("{words} is an adjusted contract: it delivers something other than 100 shares"),
            "tell the person to trade it in Aries' own application",
        ));
    }
    let root = contract.root.as_str();
    if let Some((one, other)) = SIBLINGS.iter().find(|(one, other)| root == *one || root == *other) {
        return Err(Error::usage(
            format!(
                "{words}: an order to Aries cannot say whether {one} or {other} is meant, which settle differently"
            ),
            "tell the person to trade it in Aries' own application",
        ));
    }
    if contract.expiration < today {
        return Err(Error::usage(
            format!("{words} expired on {}", contract.expiration),
            "give a later expiration",
        ));
    }
    Ok(())
}
