//! Orders as Aries lists them: the newer call and the older one, today's and the history.

mod legs;
pub(crate) mod list;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::MOST;
use super::security::{self, Security};
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::{is_same_stock, may_be_same_underlying, may_refer_to};
use crate::aries::{Json, time};
use crate::text::clean;

pub(crate) use legs::Leg;

/// Every side that is documented.
const SIDES: [&str; 4] = ["BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER"];

/// Statuses after which an order never changes again. Any other one may change, also one that is not documented.
const ENDED: [&str; 7] = ["FILLED", "CANCELED", "CANCELLED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The id for replace and cancel; empty if the row has none.
    pub(crate) id: String,
    /// Of which account it is, if Aries says so.
    pub(crate) account: Option<String>,
    /// Our own id, or the application that sent it: Aries' documentation says both.
    pub(crate) client_id: Option<String>,
    /// The id of the order that it replaces; the documentation says that one of a cancel stands there too.
    pub(crate) replaces: Option<String>,
    /// As Aries writes it: what replace and cancel have to say.
    pub(crate) symbol: String,
    /// The ticker of the shares behind it; the symbol as it is where that is none.
    pub(crate) ticker: String,
    /// `BUY`, `SELL`, `SELL_SHORT`, `BUY_TO_COVER`; empty if Aries says nothing, which may be any of them.
    pub(crate) side: String,
    pub(crate) kind: String,
    pub(crate) time_in_force: String,
    /// An open set; empty if Aries says nothing.
    pub(crate) status: String,
    pub(crate) quantity: Decimal,
    pub(crate) filled: Decimal,
    /// What Aries says is left of it; zero if it does not say.
    pub(crate) left: Decimal,
    pub(crate) limit: Option<Decimal>,
    pub(crate) stop: Option<Decimal>,
    /// Average price of what was filled.
    pub(crate) average: Option<Decimal>,
    /// Why it was rejected, or another remark.
    pub(crate) reason: Option<String>,
    pub(crate) created: Option<Timestamp>,
    pub(crate) updated: Option<Timestamp>,
    /// The contracts it is for; one derived from the symbol where that is an option.
    pub(crate) legs: Vec<Leg>,
    /// `EQUITY`, `OPTION`, `CS`, `OPT` or another word; empty if Aries says nothing.
    pub(crate) security: String,
    /// Why other orders cannot be checked against it, if they cannot.
    pub(crate) unreadable: Option<&'static str>,
    pub(crate) written: Written,
}

/// What Aries wrote in a row, as a list of orders shows it even where it cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// The side; `None` if Aries says nothing, also where a leg tells it.
    pub(crate) side: Option<String>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) filled: Option<Decimal>,
    pub(crate) reason: Option<String>,
    /// Legs in short words (`BUY 1 AAPL 2026-12-18 200 C open`), as many as an order can have.
    pub(crate) legs: Vec<String>,
}

// The names of a field in the newer lists and in the older ones.
const QUANTITY: [&str; 2] = ["qty", "quantity"];
const FILLED: [&str; 2] = ["cumQty", "filledQty"];

impl Order {
    /// Reads one element of `orders`, of a newer or an older list. A row that cannot be read is not left out: an open order
    /// that is not seen would let the same position be sold twice.
    pub(crate) fn read(json: Json<'_>) -> Self {
        let shown = |value: Json<'_>| value.text().map(|text| clean(&text, 100));
        let text = |name: &str| json.get(name).and_then(shown);
        let either = |names: [&str; 2]| json.either(names).and_then(shown).unwrap_or_default();
        let word = |names: [&str; 2]| either(names).to_uppercase();
        let price = |name: &str| json.decimal_at(name).filter(|value| !value.is_zero());
        let moment = |name: &str| json.text_at(name).and_then(|text| time::stamp(&text));
        // Uncut: a text that is no symbol is searched for what it may refer to.
        let symbol = json.text_at("symbol").map(|text| clean(&text, usize::MAX)).unwrap_or_default();
        let named = Symbol::listed(&symbol);
        let mut side = text("side").unwrap_or_default().to_uppercase();
        let (legs, amounts) = (legs::read(json, named.as_ref(), &side), amounts(json));
        let unreadable = legs.as_ref().err().or(amounts.as_ref().err()).copied();
        let (legs, [quantity, filled, left]) = (legs.unwrap_or_default(), amounts.unwrap_or_default());
        if let ([leg], true) = (legs.as_slice(), side.is_empty()) {
            (if leg.buys { "BUY" } else { "SELL" }).clone_into(&mut side);
        }
        let ticker = match (legs.first(), &named) {
            (Some(leg), _) => leg.contract.root.clone(),
            (None, Some(Symbol::Option(contract))) => contract.root.clone(),
            (None, Some(other)) => other.to_string(),
            (None, None) => clean(&symbol, 40),
        };
        let mut order = Self {
            id: either(["clOrdId", "orderId"]),
            account: text("accountId"),
            client_id: text("clientId"),
            replaces: text("origClOrdId"),
            kind: word(["type", "orderType"]),
            time_in_force: word(["timeInForce", "tif"]),
            status: word(["ordStatus", "status"]),
            security: word(security::FIELD),
            quantity,
            filled,
            left,
            limit: price("price"),
            stop: price("stopPrice"),
            average: price("avgPrice").or_else(|| legs::net(&legs, &side)),
            reason: reason(text("ordRejReason"), text("text")),
            created: moment("createdAt"),
            updated: moment("updatedAt"),
            written: Written::read(json),
            legs,
            side,
            ticker,
            symbol,
            unreadable,
        };
        let security = match Security::of(&order.security) {
            // The category counts where nothing else says what it is for. `SINGLE_LEG` is one option contract, although a
            // page shows it with shares.
            Security::Unsaid if text("category").is_some_and(|word| word == "EQUITY") => Security::Shares,
            security => security,
        };
        order.unreadable = match order.unreadable {
            _ if order.id.is_empty() => Some("it has no id"),
            Some(what) => Some(what),
            None => order.contradiction(named.as_ref(), security),
        };
        order
    }

    /// Whether a row tells what was ordered. One of a list always does.
    pub(crate) fn is_whole(json: Json<'_>) -> bool {
        json.get("symbol").is_some() && json.either(QUANTITY).is_some()
    }

    /// This order with what a row says that holds some of its fields; `new` is that row as it is read. `None` if a number of
    /// it cannot be read.
    pub(crate) fn changed_by(&self, json: Json<'_>, new: Self) -> Option<Self> {
        let word = |new: String, known: &String| if new.is_empty() { known.clone() } else { new };
        let number = |names: [&str; 2], known: Decimal| json.either(names).map_or(Some(known), Json::decimal);
        let mut changed = self.clone();
        changed.status = word(new.status, &self.status);
        changed.kind = word(new.kind, &self.kind);
        changed.quantity = number(QUANTITY, self.quantity)?;
        changed.filled = number(FILLED, self.filled)?;
        changed.left = number(["leavesQty"; 2], self.left)?;
        changed.limit = new.limit.or(self.limit);
        changed.stop = new.stop.or(self.stop);
        changed.average = new.average.or(self.average);
        changed.reason = new.reason.or_else(|| self.reason.clone());
        changed.updated = new.updated.or(self.updated);
        changed.written.quantity = new.written.quantity.or(self.written.quantity);
        changed.written.filled = new.written.filled.or(self.written.filled);
        changed.written.reason = new.written.reason.or_else(|| self.written.reason.clone());
        Some(changed)
    }

    /// What is missing among fields that can each be read, or contradicts another of them.
    fn contradiction(&self, named: Option<&Symbol>, security: Security) -> Option<&'static str> {
        if !self.side.is_empty() && !SIDES.contains(&self.side.as_str()) {
            return Some("its side is not known");
        }
        match self.legs.as_slice() {
            [] if self.symbol.is_empty() => Some("it has no symbol"),
            [] if security != Security::Shares => {
                Some("it is not said to be for shares, and of which contract it is is missing")
            }
            [] if !matches!(named, Some(Symbol::Stock(_))) => Some("its symbol is no ticker"),
            [] => None,
            _ if !self.symbol.is_empty() && named.is_none() => Some("its symbol cannot be read"),
            legs if legs.iter().any(|leg| !leg.belongs_to(named)) => {
                Some("its symbol and those of its legs contradict each other")
            }
            [leg] if !self.side.is_empty() && self.side.starts_with("BUY") != leg.buys => {
                Some("its side and that of its leg contradict each other")
            }
            _ => None,
        }
    }

    /// Whether it is exactly for these shares, or for options on them.
    pub(crate) fn has_underlying(&self, ticker: &str) -> bool {
        if self.legs.is_empty() {
            is_same_stock(&self.ticker, ticker)
        } else {
            may_be_same_underlying(&self.ticker, ticker)
        }
    }

    /// Whether its symbol is exactly this one, or an option on this underlying.
    pub(crate) fn has_symbol(&self, symbol: &Symbol) -> bool {
        match symbol {
            Symbol::Option(_) => Symbol::listed(&self.symbol).as_ref() == Some(symbol),
            underlying => self.has_underlying(&underlying.to_string()),
        }
    }

    /// Whether it cannot be read and may be for this ticker or an option on it. Too much is the careful side.
    pub(crate) fn may_refer_to(&self, ticker: &str) -> bool {
        let mut legs = self.legs.iter();
        self.unreadable.is_some()
            && (may_refer_to(&self.symbol, ticker) || legs.any(|leg| leg.contract.is_on(ticker)))
    }

    /// Whether it may still change; a status that we do not know counts as open.
    pub(crate) fn is_open(&self) -> bool {
        !ENDED.contains(&self.status.as_str())
    }

    /// Whether a cancel or a replacement of it is under way.
    pub(crate) fn is_changing(&self) -> bool {
        self.status.starts_with("PENDING_") && self.status != "PENDING_NEW"
    }

    /// What can still be filled: the most that its numbers allow.
    pub(crate) fn leaves(&self) -> Decimal {
        if self.is_open() { (self.quantity - self.filled).max(self.left) } else { Decimal::ZERO }
    }
}

impl Written {
    fn read(json: Json<'_>) -> Self {
        let text = |name: &str, most: usize| json.text_at(name).map(|text| clean(&text, most));
        let number = |names: [&str; 2]| json.either(names)?.decimal();
        Self {
            side: text("side", 32),
            quantity: number(QUANTITY),
            filled: number(FILLED),
            reason: reason(text("ordRejReason", 80), text("text", 80)),
            legs: legs::written(json),
        }
    }
}

/// Why Aries rejected an order: a code and words for it, of which either may be missing.
fn reason(code: Option<String>, words: Option<String>) -> Option<String> {
    match (code, words) {
        (Some(code), Some(words)) if code != words => Some(format!("{code}: {words}")),
        (code, words) => words.or(code),
    }
}

/// Ordered, filled and left. Fails if any of it cannot be read.
fn amounts(json: Json<'_>) -> std::result::Result<[Decimal; 3], &'static str> {
    let amount = |names: [&str; 2]| match json.either(names).map(Json::decimal) {
        None => Ok(None),
        Some(Some(amount)) if (Decimal::ZERO..=MOST).contains(&amount) => Ok(Some(amount)),
        Some(_) => Err("its quantities cannot be read"),
    };
    let (ordered, filled, left) = (amount(QUANTITY)?, amount(FILLED)?, amount(["leavesQty"; 2])?);
    let (filled, rest) = (filled.unwrap_or_default(), left.unwrap_or_default());
    let quantity = ordered.or_else(|| left.map(|left| filled + left)).unwrap_or_default();
    if quantity.is_zero() {
        return Err("its quantity is missing");
    }
    Ok([quantity, filled, rest])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn order(changes: serde_json::Value) -> Order {
        let mut row = json!({"clOrdId": "1", "symbol": "A"});
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        Order::read(Json::parse(&row.to_string()).unwrap())
    }

    #[test]
    fn four_legs_are_shown_of_any_number() {
        let legs = |count: usize| {
            order(json!({"legs": vec![json!({"side": "BUY", "ratioQty": "1"}); count]})).written.legs
        };
        assert_eq!(legs(4), ["BUY 1"; 4]);
        assert_eq!(legs(3_000), ["BUY 1", "BUY 1", "BUY 1", "BUY 1", "and 2996 more"]);
    }

    #[test]
    fn unknown_statuses_count_as_open() {
        let order = |status: &str| order(json!({"ordStatus": status, "price": "", "avgPrice": "0"}));
        assert!(order("PENDING_NEW").is_open() && order("SUSPENDED").is_open());
        assert!(!order("FILLED").is_open() && !order("Superseded").is_open());
        assert_eq!((order("NEW").limit, order("NEW").average), (None, None));
    }

    #[test]
    fn an_underlying_covers_its_options() {
        let named = |symbol: &str| Symbol::parse(symbol).unwrap();
        let order = |symbol: &str| order(json!({"symbol": symbol, "side": "BUY", "qty": "1"}));
        assert!(order("AAPL").has_symbol(&named("AAPL")));
        assert!(order("AAPL261218C00200000").has_symbol(&named("AAPL")));
        assert!(order("AAPL261218C00200000").has_symbol(&named("AAPL 2026-12-18 200 C")));
        assert!(!order("AA").has_symbol(&named("AAPL")));
        assert!(!order("AAPL").has_symbol(&named("AAPL261218C00200000")));
    }
}
