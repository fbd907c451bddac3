//! What an order is.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::answer::{price, quantity};
use crate::sandbox::market::contracts::Contract;

/// Which way; options know `Buy` and `Sell` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Side {
    Buy,
    Sell,
    SellShort,
    BuyToCover,
}

impl Side {
    pub(crate) fn buys(self) -> bool {
        matches!(self, Side::Buy | Side::BuyToCover)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Pricing {
    Market,
    /// At `price` or better.
    Limit,
    /// As a market order once `stopPrice` is reached.
    Stop,
    /// As a limit order once `stopPrice` is reached.
    StopLimit,
}

/// Bodies may have three of them in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TimeInForce {
    Day,
    Gtc,
    /// At once, and what cannot be filled is cancelled.
    Ioc,
    /// At once and in full, or not at all.
    Fok,
    /// Like `Day`, before and after the session too.
    #[serde(alias = "EXT")]
    ExtendedHours,
    #[serde(alias = "ATO")]
    AtTheOpening,
    #[serde(alias = "ATC")]
    AtTheClose,
}

/// Every documented status. Orders come to seven of them by themselves, and to the others by `/sandbox/status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    New,
    PartiallyFilled,
    Filled,
    DoneForDay,
    Canceled,
    Replaced,
    PendingCancel,
    Stopped,
    Rejected,
    Suspended,
    PendingNew,
    Calculated,
    Expired,
    AcceptedForBid,
    PendingReplace,
    /// Its id was replaced by another; no list shows it.
    Superseded,
}

impl Status {
    pub(crate) fn open(self) -> bool {
        use Status::{Canceled, Expired, Filled, Rejected, Replaced, Superseded};
        !matches!(self, Filled | Canceled | Rejected | Expired | Replaced | Superseded)
    }
}

/// What lists show as `clientId`: Aries' documentation contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClientIds {
    /// The id that the order was sent with.
    Sent,
    /// The application that sent it.
    Application,
    Hidden,
}

/// One leg of an option order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) contract: Contract,
    /// `Buy` or `Sell`.
    pub(crate) side: Side,
    /// Contracts per unit of the order.
    pub(crate) ratio: Decimal,
    /// Whether it opens a position; else it closes one.
    pub(crate) opens: bool,
}

impl Leg {
    /// Contracts per unit, negative when sold.
    pub(crate) fn signed(&self) -> Decimal {
        if self.side.buys() { self.ratio } else { -self.ratio }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// As sent: a ticker, or an OSI symbol.
    pub(crate) symbol: String,
    /// Which way; for several legs, whether the net is paid or received.
    pub(crate) side: Side,
    pub(crate) pricing: Pricing,
    pub(crate) time_in_force: TimeInForce,
    /// Shares, contracts or spreads.
    pub(crate) qty: Decimal,
    /// Limit per share, or net per spread.
    pub(crate) price: Option<Decimal>,
    pub(crate) stop: Option<Decimal>,
    /// Empty for stock; derived from the symbol where that is an OSI symbol.
    pub(crate) legs: Vec<Leg>,
}

impl Terms {
    pub(crate) fn multiplier(&self) -> Decimal {
        if self.legs.is_empty() { Decimal::ONE } else { Decimal::ONE_HUNDRED }
    }

    pub(crate) fn underlying(&self) -> &str {
        self.legs.first().map_or(self.symbol.as_str(), |leg| leg.contract.underlying.as_str())
    }

    pub(crate) fn security_type(&self) -> &'static str {
        if self.legs.is_empty() { "EQUITY" } else { "OPTION" }
    }

    fn category(&self) -> &'static str {
        match self.legs.len() {
            0 => "EQUITY",
            1 => "SINGLE_LEG",
            _ => "MULTI_LEG",
        }
    }

    pub(crate) fn contracts(&self) -> Decimal {
        self.legs.iter().map(|leg| leg.ratio).sum()
    }
}

/// An order in the book.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// Position in the book, rising with time; the cursor of lists.
    pub(crate) sequence: i64,
    /// Id for replace and cancel; changes with each replace.
    pub(crate) cl_ord_id: String,
    /// The id of the order that this one replaces.
    pub(crate) replaces: Option<String>,
    /// Id of the platform; stays.
    pub(crate) ord_id: String,
    pub(crate) client_id: Option<String>,
    pub(crate) terms: Terms,
    pub(crate) status: Status,
    pub(crate) triggered: bool,
    pub(crate) filled: Decimal,
    pub(crate) average: Decimal,
    /// What each leg was filled at on average; empty before the first fill.
    pub(crate) leg_averages: Vec<Decimal>,
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

impl Order {
    /// What can still be filled; none of it once the order is finished.
    pub(crate) fn leaves(&self) -> Decimal {
        if self.status.open() { self.terms.qty - self.filled } else { Decimal::ZERO }
    }

    /// Fills a part at a price, or the net price of these prices of its legs.
    pub(crate) fn fill(&mut self, qty: Decimal, price: Decimal, legs: &[Decimal], now: Timestamp) {
        let total = self.filled + qty;
        let average =
            |before: Decimal, price: Decimal| ((before * self.filled + price * qty) / total).round_dp(5);
        self.leg_averages.resize(legs.len(), Decimal::ZERO);
        self.leg_averages =
            self.leg_averages.iter().zip(legs).map(|(own, price)| average(*own, *price)).collect();
        self.average = average(self.average, price);
        self.filled = total;
        self.status = if total >= self.terms.qty { Status::Filled } else { Status::PartiallyFilled };
        self.updated = now;
    }

    pub(crate) fn end(&mut self, status: Status, text: &str, now: Timestamp) {
        self.leave_words(text);
        self.status = status;
        self.updated = now;
    }

    /// The legs as lists show them.
    pub(crate) fn legs(&self) -> Value {
        self.terms.legs.iter().enumerate().map(|(at, one)| leg(self, at, one)).collect()
    }

    fn leave_words(&mut self, text: &str) {
        text.clone_into(&mut self.text);
    }

    pub(crate) fn listed(&self, account: &str, client_ids: ClientIds) -> Value {
        let terms = &self.terms;
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("clOrdId", json!(self.cl_ord_id));
        put("ordId", json!(self.ord_id));
        put("accountId", json!(account));
        if let Some(id) = &self.replaces {
            put("origClOrdId", json!(id));
        }
        match (client_ids, &self.client_id) {
            (ClientIds::Sent, Some(id)) => put("clientId", json!(id)),
            (ClientIds::Application, _) => put("clientId", json!("sandbox-client")),
            _ => None,
        };
        put("symbol", json!(terms.symbol));
        put("side", json!(terms.side));
        put("type", json!(terms.pricing));
        put("timeInForce", json!(terms.time_in_force));
        put("qty", json!(quantity(terms.qty)));
        put("price", json!(terms.price.map(price).unwrap_or_default()));
        put("stopPrice", json!(terms.stop.map(price).unwrap_or_default()));
        put("cumQty", json!(quantity(self.filled)));
        put("leavesQty", json!(quantity(self.leaves())));
        // A spread's price stands at its legs.
        let average = if terms.legs.len() > 1 { Decimal::ZERO } else { self.average };
        put("avgPrice", json!(price(average)));
        put("ordStatus", json!(self.status));
        put("currency", json!("USD"));
        put("exDestination", json!("MNGD"));
        put("text", json!(self.text));
        put("ordRejReason", json!(self.reason));
        put("securityType", json!(terms.security_type()));
        put("category", json!(terms.category()));
        if !terms.legs.is_empty() {
            put("legs", self.legs());
        }
        put("createdAt", json!(self.created));
        put("updatedAt", json!(self.updated));
        Value::Object(shown)
    }
}

fn leg(order: &Order, at: usize, leg: &Leg) -> Value {
    json!({
        "securityType": "OPTION",
        "avgPrice": price(order.leg_averages.get(at).copied().unwrap_or_default()),
        "symbol": leg.contract.underlying,
        "side": leg.side,
        "ratioQty": quantity(leg.ratio),
        "putCall": if leg.contract.call { "CALL" } else { "PUT" },
        "strikePrice": quantity(leg.contract.strike),
        "maturity": leg.contract.expiration.to_string(),
        "positionEffect": if leg.opens { "OPEN" } else { "CLOSE" },
    })
}
