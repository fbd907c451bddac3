//! One order in Aries' book: what its row says, and whether it can be relied on.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::aries::account::{MOST, OPTIONS, SHARES, contract};
use crate::aries::orders::{
    FILLED, ID, KIND, MOST_LEGS, QUANTITY, SECURITY, STATUS, TIME_IN_FORCE, field, is_ended,
};
use crate::aries::symbols::compare::{is_same_stock, may_be_same_underlying, may_refer_to, option_root};
use crate::aries::symbols::{Contract, Symbol};
use crate::aries::text::clean;
use crate::aries::{Json, time};

/// Every side that is documented (`trading.md` 6.2).
const SIDES: [&str; 4] = ["BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER"];

/// An order in Aries' book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Working {
    /// The id for replace and cancel.
    pub(crate) id: String,
    /// Our own id, where Aries shows it.
    pub(crate) client_id: Option<String>,
    /// As Aries writes it: what replace and cancel have to say.
    pub(crate) symbol: String,
    /// The ticker of the shares behind it; the symbol as it is where that is none.
    pub(crate) ticker: String,
    /// `BUY`, `SELL`, `SELL_SHORT`, `BUY_TO_COVER`; empty if Aries says nothing, which may be any of them.
    pub(crate) side: String,
    /// `MARKET`, `LIMIT`, `STOP`, `STOP_LIMIT`.
    pub(crate) kind: String,
    /// `DAY` and others.
    pub(crate) time_in_force: String,
    /// An open set; empty if Aries says nothing.
    pub(crate) status: String,
    /// Ordered.
    pub(crate) quantity: Decimal,
    /// Done.
    pub(crate) filled: Decimal,
    /// What Aries says is left of it; zero if it does not say.
    pub(crate) left: Decimal,
    /// Limit price.
    pub(crate) limit: Option<Decimal>,
    /// Stop price.
    pub(crate) stop: Option<Decimal>,
    /// Average price of what was done.
    pub(crate) average: Option<Decimal>,
    /// Why it was rejected, or another remark.
    pub(crate) reason: Option<String>,
    /// When it was booked.
    pub(crate) created: Option<Timestamp>,
    /// Legs as Aries lists them; one derived from the symbol where that is an option.
    pub(crate) legs: Vec<WorkingLeg>,
    /// `CS`, `OPT` or another word; empty if Aries says nothing.
    pub(crate) security: String,
    /// What of it cannot be read, if that keeps other orders from being checked against it.
    pub(crate) unreadable: Option<&'static str>,
}

/// A leg of an order in Aries' book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkingLeg {
    /// Which contract.
    pub(crate) contract: Contract,
    /// Whether it buys.
    pub(crate) buys: bool,
    /// Whether it closes; unknown if Aries does not say.
    pub(crate) closes: Option<bool>,
    /// Contracts per unit.
    pub(crate) ratio: Decimal,
}

impl Working {
    /// Reads one element of `orders`, in the newer shape or the older one (`trading.md` 5.1 and 5.3). What cannot be
    /// read, or contradicts itself, is noted and never left out: an open order that is not seen would let the same
    /// position be sold twice.
    pub(crate) fn read(json: Json<'_>) -> Self {
        let shown = |value: Json<'_>| value.text().map(|text| clean(&text, 100));
        let text = |name: &str| json.get(name).and_then(shown);
        let either = |names: [&str; 2]| field(json, names).and_then(shown);
        let word = |names: [&str; 2]| either(names).unwrap_or_default().to_uppercase();
        let price = |name: &str| json.decimal_at(name).filter(|value| !value.is_zero());
        let id = either(ID).unwrap_or_default();
        // Whole: the end of what is cut says that it may be anything.
        let symbol = json.text_at("symbol").map(|text| clean(&text, usize::MAX)).unwrap_or_default();
        let named = Symbol::listed(&symbol);
        let (mut side, security) = (text("side").unwrap_or_default().to_uppercase(), word(SECURITY));
        // The category that is documented for orders for shares (`trading.md` 5.1), where nothing says otherwise.
        let plain = security.is_empty() && text("category").is_some_and(|word| word == "SINGLE_LEG");
        let amounts = Amounts::read(json);
        let legs = read_legs(json, named.as_ref(), &side);
        let unreadable = match (&legs, &amounts) {
            _ if id.is_empty() => Some("it has no id"),
            (Err(what), _) | (_, Err(what)) => Some(*what),
            (Ok(_), _) if !side.is_empty() && !SIDES.contains(&side.as_str()) => {
                Some("its side is not known")
            }
            (Ok(legs), _) if legs.is_empty() => match &named {
                _ if symbol.is_empty() => Some("it has no symbol"),
                _ if !SHARES.contains(&security.as_str()) && !plain => {
                    Some("it is not said to be for shares, and of which contract it is is missing")
                }
                Some(Symbol::Stock(_)) => None,
                _ => Some("its symbol is no ticker"),
            },
            (Ok(_), _) if !symbol.is_empty() && named.is_none() => Some("its symbol cannot be read"),
            (Ok(legs), _) if legs.iter().any(|leg| !leg.is_of(named.as_ref())) => {
                Some("its symbol and those of its legs contradict each other")
            }
            (Ok(legs), _) => match legs.as_slice() {
                [leg] if !side.is_empty() && side.starts_with("BUY") != leg.buys => {
                    Some("its side and that of its leg contradict each other")
                }
                _ => None,
            },
        };
        let (legs, amounts) = (legs.unwrap_or_default(), amounts.unwrap_or_default());
        if let ([leg], true) = (legs.as_slice(), side.is_empty()) {
            (if leg.buys { "BUY" } else { "SELL" }).clone_into(&mut side);
        }
        let ticker = match (legs.first(), &named) {
            (Some(leg), _) => leg.contract.root.clone(),
            (None, Some(Symbol::Option(contract))) => contract.root.clone(),
            (None, Some(other)) => other.to_string(),
            (None, None) => clean(&symbol, 40),
        };
        Self {
            id,
            client_id: text("clientId"),
            kind: word(KIND),
            time_in_force: word(TIME_IN_FORCE),
            status: word(STATUS),
            quantity: amounts.quantity,
            filled: amounts.filled,
            left: amounts.left,
            limit: price("price"),
            stop: price("stopPrice"),
            average: price("avgPrice"),
            // A code and words for it: either may be missing.
            reason: match (text("ordRejReason"), text("text")) {
                (Some(code), Some(words)) if code != words => Some(format!("{code}: {words}")),
                (code, words) => words.or(code),
            },
            created: json.text_at("createdAt").and_then(|text| time::stamp(&text)),
            legs,
            side,
            ticker,
            symbol,
            security,
            unreadable,
        }
    }

    /// Whether this is its id, or our own id where Aries shows it. What has no id of Aries' goes by no name: nothing
    /// could be asked of it.
    pub(crate) fn goes_by(&self, name: &str) -> bool {
        !self.id.is_empty() && (self.id == name || self.client_id.as_deref() == Some(name))
    }

    /// Whether it cannot be read and may be for this ticker or an option on it.
    pub(crate) fn may_concern(&self, ticker: &str) -> bool {
        let mut legs = self.legs.iter();
        self.unreadable.is_some()
            && (may_refer_to(&self.symbol, ticker) || legs.any(|leg| leg.contract.is_on(ticker)))
    }

    /// Whether it may still change; a status that we do not know counts as open.
    pub(crate) fn is_open(&self) -> bool {
        !is_ended(&self.status)
    }

    /// Whether a cancel or a replacement of it is under way.
    pub(crate) fn is_changing(&self) -> bool {
        self.status.starts_with("PENDING_") && self.status != "PENDING_NEW"
    }

    /// What can still be filled: the most that its numbers allow.
    pub(crate) fn leaves(&self) -> Decimal {
        if self.is_open() { (self.quantity - self.filled).max(self.left) } else { Decimal::ZERO }
    }

    /// The ticker of the shares behind it.
    pub(crate) fn underlying(&self) -> &str {
        &self.ticker
    }

    /// Whether it is for these shares, or for options on them.
    pub(crate) fn is_on(&self, symbol: &str) -> bool {
        if self.legs.is_empty() {
            is_same_stock(&self.ticker, symbol)
        } else {
            may_be_same_underlying(&self.ticker, symbol)
        }
    }

    /// What a cancel has to carry (`trading.md` 6.6).
    pub(crate) fn cancel_body(&self, account: &str) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("origClOrdId", json!(self.id));
        put("tradingAccountId", json!(account));
        put("symbol", json!(self.symbol));
        if !self.side.is_empty() {
            put("side", json!(self.side));
        }
        match (self.legs.is_empty(), self.security.as_str()) {
            (false, _) => put("securityType", json!("OPT")),
            (true, word) if OPTIONS.contains(&word) => put("securityType", json!("OPT")),
            // Aries does not need it; a wrong one is worse than none.
            (true, "") => None,
            (true, word) if SHARES.contains(&word) => put("securityType", json!("CS")),
            (true, word) => put("securityType", json!(word)),
        };
        if let [leg] = self.legs.as_slice() {
            put("putCall", json!(if leg.contract.call { "CALL" } else { "PUT" }));
            put("strikePrice", json!(leg.contract.strike.normalize().to_string()));
            put("maturity", json!(leg.contract.expiration.to_string()));
        }
        Value::Object(body)
    }

    /// `BUY 10 MSFT, limit 400.00 day`, `SELL TO CLOSE 1 AAPL 2026-12-18 200 C, …`, and a spread with its legs.
    pub(crate) fn sentence(&self) -> String {
        let side = if self.side.is_empty() { "(side unknown)" } else { &self.side }.replace('_', " ");
        let quantity = self.quantity.normalize();
        let what = match self.legs.as_slice() {
            [] if self.unreadable.is_some() => {
                let word = if self.security.is_empty() { "type unknown" } else { &self.security };
                format!("{side} {quantity} {} ({word})", clean(&self.symbol, 40))
            }
            [] => format!("{side} {quantity} {}", self.ticker),
            [leg] if leg.ratio == Decimal::ONE && self.unreadable.is_none() => {
                format!("{} {quantity} {}", leg.action(), leg.contract.words())
            }
            legs => {
                let words = |leg: &WorkingLeg| {
                    format!("{} {} {}", leg.action(), leg.ratio.normalize(), leg.contract.words())
                };
                let legs = legs.iter().map(words).collect::<Vec<_>>().join(" + ");
                let spread = if self.legs.len() > 1 { " spread" } else { "" };
                format!("{side} {quantity} {}{spread} [{legs}]", self.ticker)
            }
        };
        let price = |name: &str, price: Option<Decimal>| {
            price.map(|price| format!(" {name} {}", price.normalize())).unwrap_or_default()
        };
        format!(
            "{what},{}{}{} {}",
            if self.kind == "MARKET" { " at the market" } else { "" },
            price("stop", self.stop),
            price("limit", self.limit),
            self.time_in_force.to_lowercase().replace('_', " ")
        )
    }
}

impl WorkingLeg {
    /// `BUY TO OPEN`; without the effect if Aries does not say it.
    fn action(&self) -> String {
        let effect = self.closes.map(|closes| if closes { " TO CLOSE" } else { " TO OPEN" });
        format!("{}{}", if self.buys { "BUY" } else { "SELL" }, effect.unwrap_or_default())
    }

    /// Whether it can belong to an order under this symbol: the very contract, or the underlying, whose name every root
    /// begins with (`SPX` and `SPXW`).
    fn is_of(&self, order: Option<&Symbol>) -> bool {
        match order {
            None => true,
            Some(Symbol::Option(contract)) => self.contract == *contract,
            Some(other) => self.contract.may_be_on(&other.to_string()),
        }
    }
}

/// Ordered, done and left, where all that is said of them can be read.
#[derive(Debug, Default)]
struct Amounts {
    quantity: Decimal,
    filled: Decimal,
    left: Decimal,
}

impl Amounts {
    fn read(json: Json<'_>) -> std::result::Result<Self, &'static str> {
        let amount = |names: [&str; 2]| match field(json, names) {
            None => Ok(None),
            Some(told) => match told.decimal() {
                Some(amount) if (Decimal::ZERO..=MOST).contains(&amount) => Ok(Some(amount)),
                _ => Err("its quantities cannot be read"),
            },
        };
        let (ordered, filled, left) = (amount(QUANTITY)?, amount(FILLED)?, amount(["leavesQty"; 2])?);
        let filled = filled.unwrap_or_default();
        let quantity = ordered.or_else(|| left.map(|left| filled + left)).unwrap_or_default();
        if quantity.is_zero() {
            return Err("its quantity is missing");
        }
        Ok(Self { quantity, filled, left: left.unwrap_or_default() })
    }
}

/// The legs as listed; one derived from the symbol where that is an option. All or none: half a spread would pass for a
/// single option.
fn read_legs(
    json: Json<'_>,
    order: Option<&Symbol>,
    side: &str,
) -> std::result::Result<Vec<WorkingLeg>, &'static str> {
    let listed = match json.get("legs") {
        Some(legs) if !legs.is_array() && (legs.is_object() || legs.text().is_some()) => {
            return Err("its legs are no list");
        }
        legs => legs.map(Json::items).unwrap_or_default(),
    };
    match (listed.is_empty(), order) {
        (false, _) if listed.len() > MOST_LEGS => Err("it has more legs than an order can have"),
        (false, _) => {
            let legs: Option<Vec<WorkingLeg>> = listed.into_iter().map(|leg| read_leg(leg, order)).collect();
            legs.ok_or("its legs cannot be read")
        }
        (true, Some(Symbol::Option(_))) if !SIDES.contains(&side) => Err("its side is missing or not known"),
        (true, Some(Symbol::Option(contract))) => Ok(vec![WorkingLeg {
            contract: contract.clone(),
            buys: side.starts_with("BUY"),
            closes: None,
            ratio: Decimal::ONE,
        }]),
        (true, _) => Ok(Vec::new()),
    }
}

/// One leg (`trading.md` 6.3). A word that is not documented makes it unreadable: taken for its opposite, the order would
/// count on the wrong side.
fn read_leg(leg: Json<'_>, order: Option<&Symbol>) -> Option<WorkingLeg> {
    let word = |name: &str| leg.text_at(name).map(|text| text.trim().to_uppercase());
    let either = |name: &str, yes: [&str; 2], no: [&str; 2]| {
        let word = word(name)?;
        let is = |words: [&str; 2]| words.contains(&word.as_str());
        if is(yes) { Some(true) } else { is(no).then_some(false) }
    };
    let own = match leg.text_at("symbol") {
        Some(text) => Some(Symbol::listed(&clean(&text, 32))?),
        None => None,
    };
    let told = ["maturity", "putCall", "strikePrice"].iter().any(|name| leg.text_at(name).is_some());
    let contract = match own.as_ref().or(order)? {
        Symbol::Option(own) if told => contract(leg, &own.root).filter(|said| said == own)?,
        Symbol::Option(own) => own.clone(),
        // The root of options on class shares carries no point.
        other => contract(leg, &option_root(&other.to_string()))?,
    };
    let ratio = match leg.text_at("ratioQty") {
        Some(_) => leg.decimal_at("ratioQty").filter(|ratio| *ratio > Decimal::ZERO && *ratio <= MOST)?,
        None => Decimal::ONE,
    };
    let closes = match leg.text_at("positionEffect") {
        Some(_) => Some(either("positionEffect", ["CLOSE", "C"], ["OPEN", "O"])?),
        None => None,
    };
    Some(WorkingLeg { contract, buys: either("side", ["BUY", "B"], ["SELL", "S"])?, closes, ratio })
}

#[cfg(test)]
mod tests;
