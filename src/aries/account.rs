//! Accounts, positions and orders: the answers that code decides on, read tolerantly.

use rust_decimal::Decimal;

use super::json::Json;
use super::symbols::Symbol;

/// A trading account (`aries-api/trading.md` 2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id for paths and orders.
    pub id: String,
    /// Which field the id was taken from: the documentation names several candidates.
    pub id_field: &'static str,
    /// Whether Aries calls it simulated. Missing counts as live, the careful side.
    pub simulated: bool,
    /// `OPEN` and others.
    pub status: Option<String>,
    /// `INDIVIDUAL` and others.
    pub kind: Option<String>,
    /// `MARGIN` or `CASH`.
    pub class: Option<String>,
}

/// Where an account's id may stand, best first (`trading.md` 2.2, inferred order).
const ID_FIELDS: [&str; 3] = ["trading_account_id", "sterling_account_id", "id"];

impl Account {
    /// Reads one element of `accounts`; `None` if it carries no id at all.
    pub fn read(json: Json<'_>) -> Option<Self> {
        let (id_field, id) = ID_FIELDS.iter().find_map(|field| Some((*field, json.text_at(field)?)))?;
        let text = |path: &str| json.text_at(path).map(|text| super::text::clean(&text, 30));
        Some(Self {
            id: id.into_owned(),
            id_field,
            simulated: json.get("is_sim").and_then(Json::boolean).unwrap_or(false),
            status: text("status"),
            kind: text("account_type"),
            class: text("account_class"),
        })
    }

    /// The account as shown everywhere: `…` and the last four characters.
    pub fn masked(&self) -> String {
        masked(&self.id)
    }

    /// Whether a person means this account: by its full id or its last four characters.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.trim().trim_start_matches(['…', '.']);
        self.id == name || (name.chars().count() >= 4 && self.id.ends_with(name))
    }
}

/// A position (`trading.md` 4).
#[derive(Debug, Clone)]
pub struct Position {
    /// As Aries writes it.
    pub symbol: String,
    /// What it names, if it is a form we know.
    pub parsed: Option<Symbol>,
    /// Shares or contracts; how shorts are signed is not documented.
    pub quantity: Option<Decimal>,
    /// Average price paid.
    pub average: Option<Decimal>,
    /// Unrealized profit and loss as Aries computes it.
    pub open_pl: Option<Decimal>,
    /// The day's profit and loss as Aries computes it.
    pub day_pl: Option<Decimal>,
}

impl Position {
    /// Reads one element of `positions`.
    pub fn read(json: Json<'_>) -> Option<Self> {
        let symbol = super::text::clean(&json.text_at("symbol")?, 32);
        Some(Self {
            parsed: Symbol::parse(&symbol).ok(),
            symbol,
            quantity: json.decimal_at("quantity"),
            average: json.decimal_at("averagePrice"),
            open_pl: json.decimal_at("unrealizedPl"),
            day_pl: json.decimal_at("dailyPl"),
        })
    }

    /// Shares that one unit stands for: 100 for an ordinary option contract, 1 for a stock, unknown otherwise
    /// (adjusted contracts deliver something else).
    pub fn multiplier(&self) -> Option<Decimal> {
        match &self.parsed {
            Some(Symbol::Stock(_)) => Some(Decimal::ONE),
            Some(Symbol::Option(contract)) if !contract.is_adjusted() => Some(Decimal::ONE_HUNDRED),
            _ => None,
        }
    }
}

/// An order in either of the two documented shapes (`trading.md` 5.1 and 5.3).
#[derive(Debug, Clone)]
pub struct Order {
    /// The id for replace and cancel.
    pub id: String,
    /// Symbol as Aries writes it.
    pub symbol: String,
    /// `BUY`, `SELL`, `SELL_SHORT`, `BUY_TO_COVER`.
    pub side: Option<String>,
    /// `MARKET`, `LIMIT`, `STOP`, `STOP_LIMIT`.
    pub kind: Option<String>,
    /// `DAY` and others.
    pub time_in_force: Option<String>,
    /// As Aries writes it; an open set.
    pub status: Option<String>,
    /// Ordered.
    pub quantity: Option<Decimal>,
    /// Done.
    pub filled: Option<Decimal>,
    /// Limit price.
    pub limit: Option<Decimal>,
    /// Stop price.
    pub stop: Option<Decimal>,
    /// Average price of what was done; absent while nothing was.
    pub average: Option<Decimal>,
    /// Why it was rejected, if it was.
    pub reason: Option<String>,
    /// RFC 3339.
    pub created: Option<String>,
    /// Legs in short words (`BUY 1 AAPL 2026-12-18 200 C open`).
    pub legs: Vec<String>,
}

/// Statuses after which an order never changes again (`trading.md` 7); everything else counts as open.
const ENDED: [&str; 6] = ["FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"];

impl Order {
    /// Reads one element of `orders`.
    pub fn read(json: Json<'_>) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| json.text_at(name));
        let word = |names: &[&str]| first(names).map(|text| super::text::clean(&text, 32));
        let number = |names: &[&str]| names.iter().find_map(|name| json.decimal_at(name));
        let positive = |value: Option<Decimal>| value.filter(|number| !number.is_zero());
        let legs = json.get("legs").map(Json::items).unwrap_or_default();
        Some(Self {
            id: word(&["clOrdId", "orderId"])?,
            symbol: word(&["symbol"])?,
            side: word(&["side"]),
            kind: word(&["type", "orderType"]),
            time_in_force: word(&["timeInForce", "tif"]),
            status: word(&["ordStatus", "status"]),
            quantity: number(&["qty", "quantity"]),
            filled: number(&["cumQty", "filledQty"]),
            limit: positive(number(&["price"])),
            stop: positive(number(&["stopPrice"])),
            average: positive(number(&["avgPrice"])),
            reason: first(&["ordRejReason", "text"]).map(|text| super::text::clean(&text, 80)),
            created: first(&["createdAt"]).map(|text| text.into_owned()),
            legs: legs.into_iter().map(leg_words).collect(),
        })
    }

    /// Whether it may still change. A status we do not know counts as open.
    pub fn is_open(&self) -> bool {
        self.status.as_deref().is_none_or(|status| !ENDED.contains(&status.to_uppercase().as_str()))
    }
}

fn leg_words(leg: Json<'_>) -> String {
    let text = |path: &str| leg.text_at(path).map(|text| super::text::clean(&text, 24));
    let right = text("putCall").map(|word| word.chars().take(1).collect());
    let parts = [
        text("side"),
        text("ratioQty"),
        text("symbol"),
        text("maturity"),
        text("strikePrice"),
        right,
        text("positionEffect"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The last four characters of an account's id.
pub fn masked(id: &str) -> String {
    let skip = id.chars().count().saturating_sub(4);
    format!("…{}", id.chars().skip(skip).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> Account {
        Account::read(Json::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn the_best_id_is_taken() {
        let both = account(
            r#"{"id":7,"sterling_account_id":"S7","trading_account_id":"AR4471002","is_sim":"true"}"#,
        );
        assert_eq!((both.id.as_str(), both.simulated, both.masked().as_str()), ("AR4471002", true, "…1002"));
        assert_eq!(account(r#"{"id":7}"#).id_field, "id");
        assert!(Account::read(Json::parse("{}").unwrap()).is_none());
    }

    #[test]
    fn an_account_is_named_by_its_end_or_whole() {
        let one = account(r#"{"trading_account_id":"AR4471002"}"#);
        for name in ["1002", "…1002", "AR4471002", " 1002 "] {
            assert!(one.is_named(name), "{name}");
        }
        for name in ["002", "", "1003", "AR44"] {
            assert!(!one.is_named(name), "{name}");
        }
    }

    #[test]
    fn unknown_statuses_count_as_open() {
        let order = |status: &str| {
            let text =
                format!(r#"{{"clOrdId":"1","symbol":"A","ordStatus":"{status}","price":"","avgPrice":"0"}}"#);
            Order::read(Json::parse(&text).unwrap()).unwrap()
        };
        assert!(order("PENDING_NEW").is_open() && order("SUSPENDED").is_open());
        assert!(!order("FILLED").is_open() && !order("SUPERSEDED").is_open());
        assert_eq!((order("NEW").limit, order("NEW").average), (None, None));
    }
}
