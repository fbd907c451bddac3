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
    /// As Aries writes it.
    pub symbol: String,
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
    /// Reads one element of `orders`. What cannot be read is noted, never left out: an open order that is not seen
    /// would let the same position be sold twice.
    pub fn read(json: Json<'_>) -> Self {
        let text = |name: &str| json.text_at(name).map(|text| clean(&text, 100));
        let word = |name: &str| text(name).unwrap_or_default().to_uppercase();
        let price = |name: &str| json.decimal_at(name).filter(|value| !value.is_zero());
        let symbol = text("symbol").unwrap_or_default();
        let (side, security) = (word("side"), word("securityType"));
        let listed = json.get("legs").map(Json::items).unwrap_or_default();
        let count = listed.len();
        let mut legs: Vec<WorkingLeg> = listed.into_iter().filter_map(|leg| read_leg(leg, &symbol)).collect();
        let mut whole = legs.len() == count;
        if !whole {
            // Half a spread would pass for a single option.
            legs.clear();
        }
        if legs.is_empty()
            && count <= 1
            && let Some(contract) = Contract::parse(&symbol)
        {
            let buys = side.starts_with("BUY");
            whole = SIDES.contains(&side.as_str());
            legs.push(WorkingLeg { contract, buys, closes: None, ratio: Decimal::ONE });
        }
        let filled = json.decimal_at("cumQty").unwrap_or_default();
        let left = json.decimal_at("leavesQty");
        let quantity = json.decimal_at("qty").or_else(|| left.map(|left| filled + left));
        let id = text("clOrdId").unwrap_or_default();
        let unreadable = if id.is_empty() || (symbol.is_empty() && legs.is_empty()) {
            Some("it has no id or no symbol")
        } else if quantity.is_none() {
            Some("its quantity is missing")
        } else if !whole {
            Some("its legs or its side cannot be read")
        } else if legs.is_empty() && !SHARES.contains(&security.as_str()) {
            Some("it is not said to be for shares, and of which contract it is is missing")
        } else if legs.is_empty() && !SIDES.contains(&side.as_str()) {
            Some("its side is missing")
        } else {
            None
        };
        Self {
            id,
            client_id: text("clientId"),
            kind: word("type"),
            time_in_force: word("timeInForce"),
            status: word("ordStatus"),
            quantity: quantity.unwrap_or_default(),
            filled,
            limit: price("price"),
            stop: price("stopPrice"),
            average: price("avgPrice"),
            reason: text("ordRejReason").or_else(|| text("text")),
            created: json.text_at("createdAt").and_then(|text| time::stamp(&text)),
            legs,
            side,
            symbol,
            security,
            unreadable,
        }
    }

    /// Whether it cannot be read and may be for this ticker or an option on it.
    pub fn may_concern(&self, ticker: &str) -> bool {
        // `BRK.B` has options on `BRKB`.
        let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let (own, ticker_bare) = (bare(&self.symbol), bare(ticker));
        let plain = self.symbol.chars().all(|letter| letter.is_ascii_alphabetic());
        let same = if plain { own == ticker_bare } else { own.contains(&ticker_bare) };
        self.unreadable.is_some() && (same || self.symbol.is_empty() || self.underlying() == ticker)
    }

    /// Whether it may still change; a status that we do not know counts as open.
    pub fn is_open(&self) -> bool {
        !ENDED.contains(&self.status.as_str())
    }

    /// What can still be filled.
    pub fn leaves(&self) -> Decimal {
        if self.is_open() { (self.quantity - self.filled).max(Decimal::ZERO) } else { Decimal::ZERO }
    }

    /// The ticker of the shares behind it.
    pub fn underlying(&self) -> &str {
        self.legs.first().map_or(self.symbol.as_str(), |leg| leg.contract.root.as_str())
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
            (false, _) | (true, "OPT" | "OPTION") => put("securityType", json!("OPT")),
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

    /// `BUY 10 MSFT, limit 400.00, day`.
    pub fn sentence(&self) -> String {
        let what = match self.legs.as_slice() {
            [leg] => leg.contract.words(),
            [] if self.unreadable.is_some() => {
                let word = if self.security.is_empty() { "type unknown" } else { &self.security };
                format!("{} ({word})", self.symbol)
            }
            _ => self.symbol.clone(),
        };
        let price = |name: &str, price: Option<Decimal>| {
            price.map(|price| format!(" {name} {}", price.normalize())).unwrap_or_default()
        };
        format!(
            "{} {} {what},{}{} {}",
            self.side.replace('_', " "),
            self.quantity.normalize(),
            price("stop", self.stop),
            price("limit", self.limit),
            self.time_in_force.to_lowercase().replace('_', " ")
        )
    }
}

fn read_leg(leg: Json<'_>, symbol: &str) -> Option<WorkingLeg> {
    let word = |name: &str| leg.text_at(name).map(|text| text.to_uppercase());
    let root = leg.text_at("symbol").map_or_else(|| symbol.to_owned(), |text| clean(&text, 24));
    let contract = match rules::contract(&root).or_else(|| Contract::parse(symbol)) {
        Some(contract) => contract,
        None => Contract {
            root,
            expiration: leg.text_at("maturity")?.parse().ok()?,
            call: word("putCall")?.starts_with('C'),
            strike: leg.decimal_at("strikePrice")?.normalize(),
        },
    };
    let ratio = match leg.text_at("ratioQty") {
        Some(_) => leg.decimal_at("ratioQty").filter(|ratio| *ratio > Decimal::ZERO)?,
        None => Decimal::ONE,
    };
    Some(WorkingLeg {
        contract,
        buys: word("side")?.starts_with('B'),
        closes: word("positionEffect").map(|effect| effect.starts_with('C')),
        ratio,
    })
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

/// What is held of a symbol, signed; shorts are negative.
pub fn held(positions: &[Position], symbol: &Symbol) -> Decimal {
    let of_it = positions.iter().filter(|position| position.parsed.as_ref() == Some(symbol));
    of_it.filter_map(|position| position.quantity).sum()
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

