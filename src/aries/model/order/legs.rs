//! The legs of a listed order.

use rust_decimal::Decimal;

use super::super::MOST;
use super::super::security::contract;
use super::SIDES;
use crate::aries::Json;
use crate::aries::symbols::{Contract, Symbol};
use crate::text::clean;

/// As many legs as an order can have.
const MOST_LEGS: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) contract: Contract,
    pub(crate) buys: bool,
    /// Whether it closes; unknown if Aries does not say.
    pub(crate) closes: Option<bool>,
    pub(crate) ratio: Decimal,
    /// Average price of what was filled of it.
    pub(crate) average: Option<Decimal>,
}

impl Leg {
    /// Whether it can belong to an order under this symbol: the very contract, or the underlying, whose name every root
    /// begins with (`SPX` and `SPXW`).
    pub(super) fn belongs_to(&self, order: Option<&Symbol>) -> bool {
        match order {
            None => true,
            Some(Symbol::Option(contract)) => self.contract == *contract,
            Some(other) => self.contract.may_be_on(&other.to_string()),
        }
    }
}

/// The legs as listed; one derived from the symbol where that is an option. All or none: half a spread would pass for a
/// single option.
pub(super) fn read(
    json: Json<'_>,
    order: Option<&Symbol>,
    side: &str,
) -> std::result::Result<Vec<Leg>, &'static str> {
    let listed = match json.get("legs") {
        Some(legs) if !legs.is_array() && (legs.is_object() || legs.text().is_some()) => {
            return Err("its legs are no list");
        }
        legs => legs.map(Json::items).unwrap_or_default(),
    };
    match (listed.is_empty(), order) {
        (false, _) if listed.len() > MOST_LEGS => Err("it has more legs than an order can have"),
        (false, _) => {
            let legs: Option<Vec<Leg>> = listed.into_iter().map(|leg| read_leg(leg, order)).collect();
            legs.ok_or("its legs cannot be read")
        }
        (true, Some(Symbol::Option(_))) if !SIDES.contains(&side) => Err("its side is missing or not known"),
        (true, Some(Symbol::Option(contract))) => Ok(vec![Leg {
            contract: contract.clone(),
            buys: side.starts_with("BUY"),
            closes: None,
            ratio: Decimal::ONE,
            average: None,
        }]),
        (true, _) => Ok(Vec::new()),
    }
}

/// A word that is not documented makes a leg unreadable: taken for its opposite, the order would count on the wrong side.
fn read_leg(leg: Json<'_>, order: Option<&Symbol>) -> Option<Leg> {
    let word = |name: &str| leg.text_at(name).map(|text| text.trim().to_uppercase());
    let either = |name: &str, yes: [&str; 2], no: [&str; 2]| {
        let word = word(name)?;
        let is = |words: [&str; 2]| words.contains(&word.as_str());
        if is(yes) { Some(true) } else { is(no).then_some(false) }
    };
    let symbol = match leg.text_at("symbol") {
        Some(text) => Symbol::listed(&clean(&text, 32))?,
        None => order?.clone(),
    };
    let parts = ["maturity", "putCall", "strikePrice"].iter().any(|name| leg.text_at(name).is_some());
    let contract = match &symbol {
        Symbol::Option(own) if parts => contract(leg, &symbol).filter(|said| said == own)?,
        Symbol::Option(own) => own.clone(),
        other => contract(leg, other)?,
    };
    let ratio = match leg.text_at("ratioQty") {
        Some(_) => leg.decimal_at("ratioQty").filter(|ratio| *ratio > Decimal::ZERO && *ratio <= MOST)?,
        None => Decimal::ONE,
    };
    let closes = match leg.text_at("positionEffect") {
        Some(_) => Some(either("positionEffect", ["CLOSE", "C"], ["OPEN", "O"])?),
        None => None,
    };
    let average = leg.decimal_at("avgPrice").filter(|price| !price.is_zero());
    Some(Leg { contract, buys: either("side", ["BUY", "B"], ["SELL", "S"])?, closes, ratio, average })
}

/// What was paid for one unit of an order, or received where its side is to sell; unknown if a leg does not say its part.
pub(super) fn net(legs: &[Leg], side: &str) -> Option<Decimal> {
    let parts = legs.iter().map(|leg| {
        let is_paid = leg.buys == side.starts_with("BUY");
        let part = leg.average?.checked_mul(leg.ratio)?;
        Some(if is_paid { part } else { -part })
    });
    let parts = parts.collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| parts.iter().sum())
}

/// As many legs as an order can have, and of more only their number.
pub(super) fn written(json: Json<'_>) -> Vec<String> {
    let legs = json.get("legs").map(Json::items).unwrap_or_default();
    let shown = legs.iter().take(MOST_LEGS).map(|leg| leg_words(*leg));
    let more = (legs.len() > MOST_LEGS).then(|| format!("and {} more", legs.len() - MOST_LEGS));
    shown.chain(more).collect()
}

fn leg_words(leg: Json<'_>) -> String {
    let text = |path: &str| leg.text_at(path).map(|text| clean(&text, 24));
    let right = text("putCall").map(|word| word.chars().take(1).collect());
    let front = ["side", "ratioQty", "symbol", "maturity", "strikePrice"].map(text);
    let words = front.into_iter().chain([right, text("positionEffect")]);
    words.flatten().collect::<Vec<_>>().join(" ")
}
