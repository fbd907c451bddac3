//! Orders as Aries lists them: the newer call and the older one, and what both call a field.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::endpoints::{ORDERS_LEGACY, ORDERS_TODAY};
use super::json::Json;
use super::text::clean;
use super::{Aries, Reply};
use crate::error::{Error, Kind, Result};

// Names of the same field in the newer list and in the older one (`trading.md` 5.1 and 5.3).
/// The id for replace and cancel.
pub(crate) const ID: [&str; 2] = ["clOrdId", "orderId"];
/// Market, limit and so on.
pub(crate) const KIND: [&str; 2] = ["type", "orderType"];
/// How long it stands.
pub(crate) const TIME_IN_FORCE: [&str; 2] = ["timeInForce", "tif"];
/// Where it is.
pub(crate) const STATUS: [&str; 2] = ["ordStatus", "status"];
/// Ordered.
pub(crate) const QUANTITY: [&str; 2] = ["qty", "quantity"];
/// Done.
pub(crate) const FILLED: [&str; 2] = ["cumQty", "filledQty"];
/// Shares or options.
pub(crate) const SECURITY: [&str; 2] = ["securityType", "instrument"];

/// As many legs as an order can have (`trading.md` 6.1).
pub(crate) const MOST_LEGS: usize = 4;

/// The first of these members that says something.
pub(crate) fn field<'a>(json: Json<'a>, names: [&str; 2]) -> Option<Json<'a>> {
    names.into_iter().find_map(|name| json.get(name).filter(|value| value.text().is_some()))
}

/// Statuses after which an order never changes again (`trading.md` 7).
const ENDED: [&str; 7] = ["FILLED", "CANCELED", "CANCELLED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"];

/// Whether an order of this status never changes again. The set of statuses is open, so an unknown one may change.
pub(crate) fn is_ended(status: &str) -> bool {
    ENDED.contains(&status.to_uppercase().as_str())
}

/// A page of today's orders, open and ended; all of them at once where Aries does not know the newer call (404) and has the
/// older one (`trading.md` 5.3). The older list is a cache, so whoever asks for another `source` does not get it.
///
/// # Errors
/// As the sender.
pub(crate) async fn today(aries: &Aries, args: &Map<String, Value>) -> Result<Reply> {
    let newer = aries.read(&ORDERS_TODAY.request(args)?).await;
    match (newer, args.get("account")) {
        (Err(error), Some(account))
            if is_unknown(&error) && !["source", "cursor"].iter().any(|name| args.contains_key(*name)) =>
        {
            let args = Map::from_iter([("account".to_owned(), account.clone())]);
            aries.read(&ORDERS_LEGACY.request(&args)?).await
        }
        (newer, _) => newer,
    }
}

fn is_unknown(error: &Error) -> bool {
    error.kind == Kind::Refused && error.cause.contains("(404)")
}

/// Where a list goes on; nowhere at 0 (`trading.md` 5.1).
pub(crate) fn next_cursor(list: Json<'_>) -> Option<String> {
    list.text_at("nextCursor").filter(|next| next != "0").map(|next| next.into_owned())
}

/// Whether Aries says that its list cannot be used: orders may be missing then.
pub(crate) fn is_unavailable(list: Json<'_>) -> bool {
    list.get("availability/available").and_then(Json::boolean) == Some(false)
}

/// An order in either of the two documented shapes (`trading.md` 5.1 and 5.3).
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The id for replace and cancel.
    pub(crate) id: String,
    /// Symbol as Aries writes it.
    pub(crate) symbol: String,
    /// `BUY`, `SELL`, `SELL_SHORT`, `BUY_TO_COVER`.
    pub(crate) side: Option<String>,
    /// `MARKET`, `LIMIT`, `STOP`, `STOP_LIMIT`.
    pub(crate) kind: Option<String>,
    /// `DAY` and others.
    pub(crate) time_in_force: Option<String>,
    /// As Aries writes it; an open set.
    pub(crate) status: Option<String>,
    /// Ordered.
    pub(crate) quantity: Option<Decimal>,
    /// Done.
    pub(crate) filled: Option<Decimal>,
    /// Limit price.
    pub(crate) limit: Option<Decimal>,
    /// Stop price.
    pub(crate) stop: Option<Decimal>,
    /// Average price of what was done; absent while nothing was.
    pub(crate) average: Option<Decimal>,
    /// Why it was rejected, if it was.
    pub(crate) reason: Option<String>,
    /// RFC 3339.
    pub(crate) created: Option<String>,
    /// Legs in short words (`BUY 1 AAPL 2026-12-18 200 C open`), as many as an order can have.
    pub(crate) legs: Vec<String>,
}

impl Order {
    /// Reads one element of `orders`.
    pub(crate) fn read(json: Json<'_>) -> Option<Self> {
        let text = |names: [&str; 2], most: usize| Some(clean(&field(json, names)?.text()?, most));
        let word = |names: [&str; 2]| text(names, 32);
        let number = |names: [&str; 2]| field(json, names)?.decimal();
        let price = |name: &str| json.decimal_at(name);
        let positive = |value: Option<Decimal>| value.filter(|number| !number.is_zero());
        let legs = json.get("legs").map(Json::items).unwrap_or_default();
        Some(Self {
            id: word(ID)?,
            symbol: json.text_at("symbol").map(|text| clean(&text, 32))?,
            side: json.text_at("side").map(|text| clean(&text, 32)),
            kind: word(KIND),
            time_in_force: word(TIME_IN_FORCE),
            status: word(STATUS),
            quantity: number(QUANTITY),
            filled: number(FILLED),
            limit: positive(price("price")),
            stop: positive(price("stopPrice")),
            average: positive(price("avgPrice")),
            reason: text(["ordRejReason", "text"], 80),
            created: json.text_at("createdAt").map(|text| text.into_owned()),
            legs: shown_legs(&legs),
        })
    }

    /// Whether it may still change. A status we do not know counts as open.
    pub(crate) fn is_open(&self) -> bool {
        !self.status.as_deref().is_some_and(is_ended)
    }
}

/// As many legs as an order can have, and of more only their number.
fn shown_legs(legs: &[Json<'_>]) -> Vec<String> {
    let shown = legs.iter().take(MOST_LEGS).map(|leg| leg_words(*leg));
    let more = (legs.len() > MOST_LEGS).then(|| format!("and {} more", legs.len() - MOST_LEGS));
    shown.chain(more).collect()
}

fn leg_words(leg: Json<'_>) -> String {
    let text = |path: &str| leg.text_at(path).map(|text| clean(&text, 24));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_legs_without_end_four_are_shown() {
        let order = |legs: usize| {
            let legs = vec![r#"{"side":"BUY","ratioQty":"1"}"#; legs].join(",");
            let text = format!(r#"{{"clOrdId":"1","symbol":"A","legs":[{legs}]}}"#);
            Order::read(Json::parse(&text).unwrap()).unwrap().legs
        };
        assert_eq!(order(4), ["BUY 1"; 4]);
        assert_eq!(order(3_000), ["BUY 1", "BUY 1", "BUY 1", "BUY 1", "and 2996 more"]);
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
