//! What an account holds and what is already ordered: the other side of every rule about `action`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::aries::account::{Account, MOST, OPTIONS, Position, SHARES, named};
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY, POSITIONS_HELD, USER_ACCOUNTS};
use crate::aries::symbols::{Contract, Symbol, key, may_mean};
use crate::aries::text::clean;
use crate::aries::{Aries, Json, time};
use crate::error::{Error, Kind, Result};

/// Aries' largest page (`trading.md` 5.1), and how many of them are read.
const PAGE: u32 = 500;
const MOST_PAGES: usize = 10;

/// Statuses after which an order never changes again (`trading.md` 7).
const ENDED: [&str; 6] = ["FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"];

/// Every side that is documented (`trading.md` 6.2).
const SIDES: [&str; 4] = ["BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER"];

/// An order in Aries' book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Working {
    /// The id for replace and cancel.
    pub id: String,
    /// Our own id, where Aries shows it.
    pub client_id: Option<String>,
    /// As Aries writes it: what replace and cancel have to say.
    pub symbol: String,
    /// The ticker of the shares behind it; the symbol as it is where that is none.
    pub ticker: String,
    /// `BUY`, `SELL`, `SELL_SHORT`, `BUY_TO_COVER`.
    pub side: String,
    /// `MARKET`, `LIMIT`, `STOP`, `STOP_LIMIT`.
    pub kind: String,
    /// `DAY` and others.
    pub time_in_force: String,
    /// An open set; empty if Aries says nothing.
    pub status: String,
    /// Ordered.
    pub quantity: Decimal,
    /// Done.
    pub filled: Decimal,
    /// What Aries says is left of it; zero if it does not say.
    pub left: Decimal,
    /// Limit price.
    pub limit: Option<Decimal>,
    /// Stop price.
    pub stop: Option<Decimal>,
    /// Average price of what was done.
    pub average: Option<Decimal>,
    /// Why it was rejected, or another remark.
    pub reason: Option<String>,
    /// When it was booked.
    pub created: Option<Timestamp>,
    /// Legs as Aries lists them; one derived from the symbol where that is an option.
    pub legs: Vec<WorkingLeg>,
    /// `CS`, `OPT` or another word; empty if Aries says nothing.
    pub security: String,
    /// What of it cannot be read, if that keeps other orders from being checked against it.
    pub unreadable: Option<&'static str>,
}

/// A leg of an order in Aries' book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingLeg {
    /// Which contract.
    pub contract: Contract,
    /// Whether it buys.
    pub buys: bool,
    /// Whether it closes; unknown if Aries does not say.
    pub closes: Option<bool>,
    /// Contracts per unit.
    pub ratio: Decimal,
}

impl Working {
    /// Reads one element of `orders`. What cannot be read, or contradicts itself, is noted and never left out: an open
    /// order that is not seen would let the same position be sold twice.
    pub fn read(json: Json<'_>) -> Self {
        let text = |name: &str| json.text_at(name).map(|text| clean(&text, 100));
        let word = |name: &str| text(name).unwrap_or_default().to_uppercase();
        let price = |name: &str| json.decimal_at(name).filter(|value| !value.is_zero());
        let id = text("clOrdId").unwrap_or_default();
        let symbol = text("symbol").unwrap_or_default();
        let named = Symbol::listed(&symbol);
        let (mut side, security) = (word("side"), word("securityType"));
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
                _ if !SHARES.contains(&security.as_str()) => {
                    Some("it is not said to be for shares, and of which contract it is is missing")
                }
                _ if side.is_empty() => Some("its side is missing"),
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
            (None, None) => symbol.clone(),
        };
        Self {
            id,
            client_id: text("clientId"),
            kind: word("type"),
            time_in_force: word("timeInForce"),
            status: word("ordStatus"),
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

    /// Whether it cannot be read and may be for this ticker or an option on it.
    pub fn may_concern(&self, ticker: &str) -> bool {
        let mut legs = self.legs.iter();
        self.unreadable.is_some()
            && (may_mean(&self.symbol, ticker) || legs.any(|leg| leg.contract.root == key(ticker)))
    }

    /// Whether it may still change; a status that we do not know counts as open.
    pub fn is_open(&self) -> bool {
        !ENDED.contains(&self.status.as_str())
    }

    /// Whether a cancel or a replacement of it is under way.
    pub fn is_changing(&self) -> bool {
        self.status.starts_with("PENDING_") && self.status != "PENDING_NEW"
    }

    /// What can still be filled: the most that its numbers allow.
    pub fn leaves(&self) -> Decimal {
        if self.is_open() { (self.quantity - self.filled).max(self.left) } else { Decimal::ZERO }
    }

    /// The ticker of the shares behind it.
    pub fn underlying(&self) -> &str {
        &self.ticker
    }

    /// What a cancel has to carry (`trading.md` 6.6).
    pub fn cancel_body(&self, account: &str) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("origClOrdId", json!(self.id));
        put("tradingAccountId", json!(account));
        put("symbol", json!(self.symbol));
        put("side", json!(self.side));
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
    pub fn sentence(&self) -> String {
        let (side, quantity) = (self.side.replace('_', " "), self.quantity.normalize());
        let what = match self.legs.as_slice() {
            [] if self.unreadable.is_some() => {
                let word = if self.security.is_empty() { "type unknown" } else { &self.security };
                format!("{side} {quantity} {} ({word})", self.symbol)
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
            Some(other) => self.contract.root.starts_with(&key(&other.to_string())),
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
        let amount = |name: &str| match json.text_at(name) {
            None => Ok(None),
            Some(_) => match json.decimal_at(name) {
                Some(amount) if (Decimal::ZERO..=MOST).contains(&amount) => Ok(Some(amount)),
                _ => Err("its quantities cannot be read"),
            },
        };
        let (ordered, filled, left) = (amount("qty")?, amount("cumQty")?, amount("leavesQty")?);
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
    let said = |root: &str| {
        let call = either("putCall", ["CALL", "C"], ["PUT", "P"])?;
        Contract::new(root, leg.text_at("maturity")?.parse().ok()?, call, leg.decimal_at("strikePrice")?)
    };
    let contract = match own.as_ref().or(order)? {
        Symbol::Option(contract) if told => said(&contract.root).filter(|said| said == contract)?,
        Symbol::Option(contract) => contract.clone(),
        // The root of options on class shares carries no point.
        other => said(&key(&other.to_string()))?,
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

/// Where Aries is to read its list from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// What it does by itself.
    Cache,
    /// The book itself.
    Database,
}

/// Every account of the person.
///
/// # Errors
/// As the sender.
pub async fn accounts(aries: &Aries) -> Result<Vec<Account>> {
    let reply = aries.read(&USER_ACCOUNTS.request(&Map::new())?).await?;
    let json = reply.json()?;
    let rows = json.get(USER_ACCOUNTS.rows).unwrap_or(json).items();
    Ok(rows.into_iter().filter_map(Account::read).collect())
}

/// The account that an order is for: the one named, or the only open one.
///
/// # Errors
/// If none or several fit; the answer lists what there is.
pub async fn account(aries: &Aries, name: Option<&str>) -> Result<Account> {
    let all = accounts(aries).await?;
    let listed = all.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let mut fitting = match name {
        Some(name) => named(all, name),
        None => all.into_iter().filter(Account::is_open).collect(),
    };
    match (fitting.len(), name) {
        (1, _) => match fitting.pop() {
            Some(account) if account.is_open() => Ok(account),
            _ => Err(Error::new(
                Kind::Refused,
                "that account is not open",
                "ask the person which account to use",
            )),
        },
        (0, _) => {
            Err(Error::usage("`account`: there is no such open account", format!("there are: {listed}")))
        }
        (_, None) => Err(Error::usage(
            "`account` is missing, and several accounts are open",
            format!("ask the person which one: {listed}"),
        )),
        _ => Err(Error::usage(
            "`account`: several accounts end like that",
            "give the full id; the person can look it up in Client Center",
        )),
    }
}

/// Positions; `None` if Aries marks the list as not available.
///
/// # Errors
/// As the sender.
pub async fn positions(aries: &Aries, account: &str) -> Result<Option<Vec<Position>>> {
    let args = Map::from_iter([("account".to_owned(), json!(account))]);
    let reply = aries.read(&POSITIONS_HELD.request(&args)?).await?;
    let json = reply.json()?;
    if json.get("availability/available").and_then(Json::boolean) == Some(false) {
        return Ok(None);
    }
    let rows = json.get(POSITIONS_HELD.rows).unwrap_or(json);
    if !rows.is_array() {
        return Ok(None);
    }
    Ok(Some(rows.items().into_iter().map(Position::read).collect()))
}

/// Today's orders as the book itself has them: a cache that lags behind would let the same shares be sold twice. The
/// name of that parameter is inferred (`trading.md` 5.1), so an Aries that refuses it is asked without.
///
/// # Errors
/// As the sender.
pub async fn current(aries: &Aries, account: &str) -> Result<Vec<Working>> {
    match orders(aries, account, Source::Database).await {
        Err(error) if error.kind == Kind::Refused => orders(aries, account, Source::Cache).await,
        outcome => outcome,
    }
}

/// Today's orders, open and ended, read to the end of the list.
///
/// # Errors
/// As the sender.
pub async fn orders(aries: &Aries, account: &str, source: Source) -> Result<Vec<Working>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut args =
            Map::from_iter([("account".to_owned(), json!(account)), ("limit".to_owned(), json!(PAGE))]);
        if source == Source::Database {
            args.insert("source".to_owned(), json!("database"));
        }
        if let Some(cursor) = &cursor {
            args.insert("cursor".to_owned(), json!(cursor));
        }
        let reply = aries.read(&ORDERS_TODAY.request(&args)?).await?;
        let json = reply.json()?;
        let rows = json.get("orders").filter(|rows| rows.is_array()).ok_or_else(|| {
            Error::new(Kind::Unavailable, "Aries' list of orders is not a list", "trying again may help")
        })?;
        all.extend(rows.items().into_iter().map(Working::read));
        // 0 is the end (`trading.md` 5.1).
        cursor = json.text_at("nextCursor").filter(|next| next != "0").map(|next| next.into_owned());
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// Orders since a moment, from the history.
///
/// # Errors
/// As the sender.
pub async fn history(aries: &Aries, account: &str, from: Timestamp) -> Result<Vec<Working>> {
    let args = Map::from_iter([
        ("account".to_owned(), json!(account)),
        ("from".to_owned(), json!(from.to_string())),
        ("limit".to_owned(), json!(PAGE)),
    ]);
    let reply = aries.read(&ORDERS_HISTORY.request(&args)?).await?;
    let rows = reply.json()?.get("orders").map(Json::items).unwrap_or_default();
    Ok(rows.into_iter().map(Working::read).collect())
}

/// That no open order is in the way which cannot be read and may be for this ticker. `replaced` is not asked: it is
/// read by itself.
///
/// # Errors
/// [`Kind::Refused`] with what is known of it.
pub fn readable(open: &[Working], ticker: &str, replaced: Option<&Working>) -> Result<()> {
    let in_the_way = open.iter().find(|other| {
        other.is_open()
            && replaced.is_none_or(|replaced| replaced.id != other.id)
            && other.may_concern(ticker)
    });
    let Some(other) = in_the_way else { return Ok(()) };
    Err(Error::new(
        Kind::Refused,
        format!(
            "an open order on {ticker} cannot be read, so nothing can be checked against it: {} ({}, id {:?})",
            other.unreadable.unwrap_or_default(),
            other.sentence(),
            other.id
        ),
        "tell the person; they can look at it in Aries' own application, or have it canceled",
    ))
}

/// The same for positions.
///
/// # Errors
/// [`Kind::Refused`] with what is known of it.
pub fn readable_positions(positions: &[Position], ticker: &str) -> Result<()> {
    let Some(other) = positions.iter().find(|position| position.may_concern(ticker)) else { return Ok(()) };
    Err(Error::new(
        Kind::Refused,
        format!(
            "a position in {ticker} cannot be read, so nothing can be checked against it: {} ({:?}, quantity {})",
            other.unreadable.unwrap_or_default(),
            other.symbol,
            other.quantity.map_or_else(|| "unknown".to_owned(), |quantity| quantity.normalize().to_string())
        ),
        "tell the person; they can look at it in Aries' own application, and trade it there",
    ))
}

/// What is held of a symbol, signed; shorts are negative.
pub fn held(positions: &[Position], symbol: &Symbol) -> Decimal {
    positions.iter().filter(|position| position.is_of(symbol)).filter_map(|position| position.quantity).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: &Value, changes: &Value) -> Working {
        let mut row = row.clone();
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        Working::read(Json::parse(&row.to_string()).unwrap())
    }

    fn sale(changes: &Value) -> Working {
        let row = json!({"clOrdId": "S1", "symbol": "F", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "300",
            "price": "20", "cumQty": "0", "leavesQty": "300", "ordStatus": "NEW", "securityType": "CS"});
        read(&row, changes)
    }

    fn option(order: &Value, leg: &Value) -> Working {
        let mut one = json!({"securityType": "OPT", "side": "SELL", "ratioQty": "1", "putCall": "CALL", "strikePrice": "280",
            "maturity": "2027-01-15", "positionEffect": "CLOSE"});
        one.as_object_mut().unwrap().extend(leg.as_object().unwrap().clone());
        let row = json!({"clOrdId": "O1", "symbol": "AAPL", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "2",
            "price": "9", "cumQty": "0", "leavesQty": "2", "ordStatus": "NEW", "securityType": "OPT", "legs": [one]});
        read(&row, order)
    }

    #[test]
    fn the_most_that_can_still_be_filled_counts() {
        for (changes, leaves) in [
            (json!({}), 300),
            (json!({"cumQty": "100", "leavesQty": "200"}), 200),
            (json!({"cumQty": "300", "leavesQty": "300"}), 300),
            (json!({"cumQty": "100", "leavesQty": "250"}), 250),
            (json!({"cumQty": "100", "leavesQty": null}), 200),
            (json!({"qty": null}), 300),
            (json!({"symbol": "f"}), 300),
            (json!({"symbol": "F.US"}), 300),
            (json!({"ordStatus": "CANCELED"}), 0),
        ] {
            let order = sale(&changes);
            assert_eq!((order.leaves(), order.unreadable), (Decimal::from(leaves), None), "{changes}");
            assert_eq!(order.underlying(), "F", "{changes}");
        }
    }

    #[test]
    fn orders_that_contradict_themselves_are_unreadable() {
        for changes in [
            json!({"qty": "-300", "leavesQty": "-300"}),
            json!({"qty": "0", "leavesQty": "300"}),
            json!({"leavesQty": "-1"}),
            json!({"cumQty": "-1"}),
            json!({"cumQty": "many"}),
            json!({"qty": "1,000"}),
            json!({"qty": "9e27"}),
            json!({"side": "SLD"}),
            json!({"side": null}),
            json!({"symbol": "<b>F</b> about 1.00 USD"}),
            json!({"symbol": "^F"}),
            json!({"symbol": "/F"}),
            json!({"legs": {"side": "SELL"}}),
            json!({"securityType": "OPT"}),
        ] {
            let order = sale(&changes);
            assert!(
                order.may_concern("F") && !order.may_concern("MSFT"),
                "{changes}: {:?}",
                order.unreadable
            );
        }
        assert!(sale(&json!({"symbol": "Ｆ", "legs": null})).may_concern("F"));
        for (order, leg) in [
            (json!({}), json!({"positionEffect": "AUTO"})),
            (json!({}), json!({"positionEffect": "DEFAULT"})),
            (json!({}), json!({"putCall": "1"})),
            (json!({}), json!({"putCall": "CAP"})),
            (json!({}), json!({"side": "2"})),
            (json!({}), json!({"side": "BOTH"})),
            (json!({}), json!({"ratioQty": "-1"})),
            (json!({}), json!({"strikePrice": "50000000000000000000000000000"})),
            (json!({}), json!({"strikePrice": "100000"})),
            (json!({}), json!({"strikePrice": "280.0001"})),
            (json!({}), json!({"maturity": "2127-01-15"})),
            (json!({}), json!({"symbol": "AAPL270115C00290000"})),
            (json!({}), json!({"symbol": "MSFT"})),
            (json!({"side": "BUY"}), json!({})),
            (json!({"symbol": "AAPL270115C00290000"}), json!({})),
            (json!({"symbol": "<i>AAPL"}), json!({})),
        ] {
            let read = option(&order, &leg);
            assert!(read.may_concern("AAPL"), "{order} {leg}: {:?}", read.unreadable);
        }
        // What its legs are on is as much in doubt as what its symbol says.
        assert!(option(&json!({}), &json!({"symbol": "MSFT"})).may_concern("MSFT"));
    }

    #[test]
    fn every_documented_spelling_of_a_leg_is_one_contract() {
        let contract = Contract::parse("AAPL270115C00280000").unwrap();
        for (order, leg) in [
            (json!({}), json!({})),
            (json!({"symbol": "aapl"}), json!({"side": "S", "putCall": "C", "positionEffect": "C"})),
            (json!({}), json!({"symbol": "aapl", "strikePrice": "280.000"})),
            (json!({}), json!({"symbol": "O:AAPL270115C00280000"})),
            (
                json!({"symbol": "AAPL270115C00280000"}),
                json!({"putCall": null, "strikePrice": null, "maturity": null}),
            ),
            (json!({"side": null}), json!({})),
        ] {
            let read = option(&order, &leg);
            assert_eq!(read.unreadable, None, "{order} {leg}");
            assert_eq!((&read.legs[0].contract, read.side.as_str()), (&contract, "SELL"), "{order} {leg}");
            assert_eq!((read.legs[0].buys, read.legs[0].closes), (false, Some(true)), "{order} {leg}");
        }
        let class = option(&json!({"symbol": "BRK.B"}), &json!({}));
        assert_eq!((class.unreadable, class.underlying()), (None, "BRKB"));
    }

    #[test]
    fn a_spread_reads_as_one() {
        let leg = |side: &str, ratio: &str, strike: &str, effect: Value| {
            json!({"side": side, "ratioQty": ratio, "putCall": "CALL", "strikePrice": strike, "maturity": "2027-01-15",
                "positionEffect": effect})
        };
        let legs = json!([leg("BUY", "1", "260", json!("OPEN")), leg("SELL", "2", "310.00", json!("OPEN"))]);
        let spread = option(&json!({"side": "BUY", "price": "0.01", "legs": legs}), &json!({}));
        assert_eq!(
            spread.sentence(),
            "BUY 2 AAPL spread [BUY TO OPEN 1 AAPL 2027-01-15 260 C + SELL TO OPEN 2 AAPL 2027-01-15 310 C], limit 0.01 day"
        );
        assert_eq!(
            option(&json!({}), &json!({})).sentence(),
            "SELL TO CLOSE 2 AAPL 2027-01-15 280 C, limit 9 day"
        );
        assert_eq!(
            option(&json!({"legs": [leg("SELL", "3", "260", Value::Null)]}), &json!({})).sentence(),
            "SELL 2 AAPL [SELL 3 AAPL 2027-01-15 260 C], limit 9 day"
        );
        assert_eq!(sale(&json!({"symbol": "F.US"})).sentence(), "SELL 300 F, limit 20 day");
    }

    #[test]
    fn what_is_listed_otherwise_than_it_was_sent_is_told() {
        let sent = json!({"symbol": "F", "side": "SELL", "type": "LIMIT", "qty": "300", "price": "20.00", "timeInForce": "DAY"});
        let otherwise = |changes: Value| super::super::lookup::otherwise(&sent, &sale(&changes));
        for same in [
            json!({}),
            json!({"symbol": "F.US", "price": "20.0000", "qty": "300.0"}),
            json!({"type": null, "timeInForce": null, "price": ""}),
            json!({"ordStatus": "FILLED", "cumQty": "300", "leavesQty": "0"}),
        ] {
            assert_eq!(otherwise(same.clone()), None, "{same}");
        }
        for (changes, words) in [
            (json!({"side": "BUY"}), "Aries lists it as BUY 300 F, limit 20 day"),
            (json!({"qty": "3000"}), "Aries lists it as SELL 3000 F, limit 20 day"),
            (json!({"price": "2"}), "Aries lists it as SELL 300 F, limit 2 day"),
            (json!({"stopPrice": "19"}), "Aries lists it as SELL 300 F, stop 19 limit 20 day"),
            (json!({"type": "MARKET"}), "Aries lists it as SELL 300 F, at the market limit 20 day"),
            (json!({"timeInForce": "GTC"}), "Aries lists it as SELL 300 F, limit 20 gtc"),
            (json!({"symbol": "FF"}), "Aries lists it as SELL 300 FF, limit 20 day"),
            (json!({"securityType": "OPT"}), "cannot be compared with it"),
        ] {
            let told = otherwise(changes.clone()).unwrap_or_default();
            assert!(told.contains(words), "{changes}: {told}");
        }
        let leg = json!({"side": "SELL", "ratioQty": "1", "putCall": "CALL", "strikePrice": "280", "maturity": "2027-01-15",
            "positionEffect": "CLOSE"});
        let sent = json!({"symbol": "AAPL", "side": "SELL", "type": "LIMIT", "qty": "2", "price": "9", "timeInForce": "DAY",
            "legs": [leg]});
        for (changes, same) in [
            (json!({}), true),
            (json!({"positionEffect": null}), true),
            (json!({"positionEffect": "OPEN"}), false),
            (json!({"ratioQty": "2"}), false),
            (json!({"strikePrice": "285"}), false),
        ] {
            let listed = option(&json!({}), &changes);
            assert_eq!(super::super::lookup::otherwise(&sent, &listed).is_none(), same, "{changes}");
        }
    }
}
