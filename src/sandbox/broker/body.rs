//! Reads an order body as strictly as it is documented, and says everything that is wrong.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::order::{Leg, Pricing, Side, Terms, TimeInForce};
use crate::sandbox::Answer;
use crate::sandbox::market::contracts::Contract;

/// Decimals of a price.
const MOST_PLACES: u32 = 5;

/// A body that is being read, with the complaints so far.
pub(crate) struct Body<'a> {
    fields: &'a Value,
    /// Put before field names, such as `legs[0].`.
    prefix: String,
    complaints: Vec<Value>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(fields: &'a Value) -> Self {
        Self { fields, prefix: String::new(), complaints: Vec::new() }
    }

    pub(crate) fn complain(&mut self, code: &str, field: &str, description: &str) {
        let field = format!("{}{field}", self.prefix);
        self.complaints
            .push(json!({ "code": code, "description": format!("{field} {description}"), "field": field }));
    }

    /// The 400 with every complaint, if there is any.
    pub(crate) fn refusal(self) -> Result<(), Answer> {
        let Some(first) = self.complaints.first() else { return Ok(()) };
        let message = first.get("description").and_then(Value::as_str).unwrap_or_default();
        let body = json!({ "error": format!("validation failed: {message}"), "codes": self.complaints, "metadata": {} });
        Err(Answer::json(400, &body))
    }

    /// A field that was sent; `null` counts as absent.
    fn sent(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, name: &str, longest: usize, required: bool) -> Option<&'a str> {
        match self.sent(name) {
            Some(Value::String(text)) if (1..=longest).contains(&text.chars().count()) => return Some(text),
            Some(Value::String(_)) => {
                self.complain("INVALID_LENGTH", name, &format!("must have 1 to {longest} characters"))
            }
            Some(_) => self.complain("INVALID_TYPE", name, "must be a string"),
            None if required => self.complain("REQUIRED", name, "is required"),
            None => {}
        }
        None
    }

    /// The account, under either of its names.
    pub(crate) fn account(&mut self) -> Option<&'a str> {
        let name = if self.sent("accountId").is_some() { "accountId" } else { "tradingAccountId" };
        self.text(name, 50, true)
    }

    pub(crate) fn word<T: DeserializeOwned>(&mut self, name: &str, required: bool) -> Option<T> {
        let text = self.text(name, 20, required)?;
        let word = serde_json::from_value(json!(text)).ok();
        if word.is_none() {
            self.complain("INVALID_VALUE", name, &format!("has the unknown value {text}"));
        }
        word
    }

    /// A positive decimal, sent as a string: numbers are refused, since they may have lost digits on their way.
    pub(crate) fn decimal(&mut self, name: &str, required: bool) -> Option<Decimal> {
        let text = self.text(name, 20, required)?;
        let value =
            text.parse().ok().filter(|value| *value > Decimal::ZERO && *value <= Decimal::from(10_000_000));
        if value.is_none() {
            self.complain("INVALID_VALUE", name, "must be a positive decimal of reasonable size");
        }
        value
    }

    /// A positive whole number, sent as a string.
    pub(crate) fn whole(&mut self, name: &str, required: bool) -> Option<Decimal> {
        let value = self.decimal(name, required)?;
        if value.is_integer() {
            return Some(value);
        }
        self.complain("INVALID_VALUE", name, "must be whole");
        None
    }

    /// A price, with at most five decimals.
    pub(crate) fn price(&mut self, name: &str, needed: Needed) -> Option<Decimal> {
        if needed == Needed::Never && self.sent(name).is_some() {
            self.complain("NOT_ALLOWED", name, "must not be sent with this type");
            return None;
        }
        let price = self.decimal(name, needed == Needed::Always)?;
        if price.normalize().scale() > MOST_PLACES {
            self.complain("INVALID_PRICE", name, &format!("may have {MOST_PLACES} decimals"));
        }
        Some(price)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needed {
    Always,
    Maybe,
    Never,
}

/// Who places the order, what it is called, and what it is.
pub(crate) struct Placed {
    pub(crate) account: String,
    pub(crate) client_id: Option<String>,
    pub(crate) terms: Terms,
}

pub(crate) fn placed(fields: &Value) -> Result<Placed, Answer> {
    let mut body = Body::new(fields);
    let account = body.account().map(str::to_owned);
    let client_id = body.text("clientId", 50, false).map(str::to_owned);
    if body.text("currency", 3, false).is_some_and(|currency| currency != "USD") {
        body.complain("INVALID_VALUE", "currency", "must be USD");
    }
    let terms = terms(&mut body);
    body.refusal()?;
    match (account, terms) {
        (Some(account), Some(terms)) => Ok(Placed { account, client_id, terms }),
        _ => Err(Answer::bad_request("the order is incomplete")),
    }
}

fn terms(body: &mut Body) -> Option<Terms> {
    let symbol = body.text("symbol", 21, true);
    let side = body.word("side", true);
    let pricing = body.word("type", true);
    let time_in_force = body.word("timeInForce", true);
    let qty = body.whole("qty", true);
    let (price_needed, stop_needed) = match pricing {
        Some(Pricing::Market) => (Needed::Never, Needed::Never),
        Some(Pricing::Limit) => (Needed::Always, Needed::Never),
        Some(Pricing::Stop) => (Needed::Never, Needed::Always),
        Some(Pricing::StopLimit) => (Needed::Always, Needed::Always),
        None => (Needed::Maybe, Needed::Maybe),
    };
    let price = body.price("price", price_needed);
    let stop = body.price("stopPrice", stop_needed);
    let legs = legs(body, symbol?, side?);
    let terms = Terms {
        symbol: symbol?.to_owned(),
        side: side?,
        pricing: pricing?,
        time_in_force: time_in_force?,
        qty: qty?,
        price,
        stop,
        legs,
    };
    check_options(body, &terms);
    Some(terms)
}

/// The legs that are sent, or the one that an OSI symbol names.
pub(super) fn legs(body: &mut Body, symbol: &str, side: Side) -> Vec<Leg> {
    if symbol != symbol.to_uppercase() {
        body.complain("INVALID_VALUE", "symbol", "must be upper case");
    }
    let list = match body.sent("legs") {
        None => &Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            body.complain("INVALID_TYPE", "legs", "must be an array");
            return Vec::new();
        }
    };
    let contract = Contract::parse(symbol);
    match (list.as_slice(), contract) {
        ([], Some(contract)) => vec![Leg { contract, side, ratio: Decimal::ONE, opens: true }],
        ([], None) => Vec::new(),
        (_, Some(_)) => {
            body.complain("INVALID_VALUE", "symbol", "must be the underlying when legs are sent");
            Vec::new()
        }
        (list, None) if list.len() > 4 => {
            body.complain("INVALID_LENGTH", "legs", "may have 4 entries");
            Vec::new()
        }
        (list, None) => {
            list.iter().enumerate().filter_map(|(at, fields)| leg(body, symbol, at, fields)).collect()
        }
    }
}

fn leg(order: &mut Body, symbol: &str, at: usize, fields: &Value) -> Option<Leg> {
    let mut body = Body { fields, prefix: format!("legs[{at}]."), complaints: Vec::new() };
    if body.text("securityType", 10, true).is_some_and(|kind| kind != "OPT") {
        body.complain("INVALID_VALUE", "securityType", "must be OPT");
    }
    let underlying = body.text("symbol", 21, false).unwrap_or(symbol);
    if underlying != symbol {
        body.complain("INVALID_VALUE", "symbol", "must be the order's underlying");
    }
    let buys = choice(&mut body, "side", ["BUY", "B"], ["SELL", "S"]);
    let call = choice(&mut body, "putCall", ["CALL", "C"], ["PUT", "P"]);
    let opens = choice(&mut body, "positionEffect", ["OPEN", "O"], ["CLOSE", "C"]);
    let ratio = body.whole("ratioQty", true);
    let strike = body.decimal("strikePrice", true);
    let maturity = body.text("maturity", 10, true).map(str::parse::<Date>);
    if matches!(maturity, Some(Err(_))) {
        body.complain("INVALID_VALUE", "maturity", "must be YYYY-MM-DD");
    }
    order.complaints.append(&mut body.complaints);
    let contract = Contract::new(underlying, maturity?.ok()?, call?, strike?);
    let side = if buys? { Side::Buy } else { Side::Sell };
    Some(Leg { contract, side, ratio: ratio?, opens: opens? })
}

/// A field with two meanings, each with a long and a short spelling.
fn choice(body: &mut Body, name: &str, yes: [&str; 2], no: [&str; 2]) -> Option<bool> {
    let text = body.text(name, 20, true)?;
    let is_yes = if yes.contains(&text) { Some(true) } else { no.contains(&text).then_some(false) };
    if is_yes.is_none() {
        body.complain("INVALID_VALUE", name, &format!("must be {} or {}", yes.join("/"), no.join("/")));
    }
    is_yes
}

fn check_options(body: &mut Body, terms: &Terms) {
    if terms.legs.is_empty() {
        return;
    }
    if !matches!(terms.side, Side::Buy | Side::Sell) {
        body.complain("INVALID_VALUE", "side", "must be BUY or SELL for options");
    }
    if !matches!(terms.time_in_force, TimeInForce::Day | TimeInForce::Gtc) {
        body.complain("INVALID_VALUE", "timeInForce", "must be DAY or GTC for options");
    }
    if let [only] = terms.legs.as_slice() {
        if only.side != terms.side {
            body.complain("INVALID_VALUE", "legs[0].side", "must be the order's side");
        }
        if only.ratio != Decimal::ONE {
            body.complain("INVALID_VALUE", "legs[0].ratioQty", "must be 1 for a single leg");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Value {
        json!({ "tradingAccountId": "A1", "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "10",
            "price": "400", "timeInForce": "DAY" })
    }

    fn codes(fields: &Value) -> Vec<(String, String)> {
        let Err(answer) = placed(fields) else { return Vec::new() };
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let code = |code: &Value| {
            (code["code"].as_str().unwrap().to_owned(), code["field"].as_str().unwrap().to_owned())
        };
        body["codes"].as_array().unwrap().iter().map(code).collect()
    }

    fn with(name: &str, value: Value) -> Value {
        let mut fields = order();
        fields[name] = value;
        fields
    }

    #[test]
    fn a_good_order_is_read() {
        let placed = placed(&order()).unwrap_or_else(|_| panic!("refused"));
        assert_eq!((placed.terms.qty, placed.terms.price), (Decimal::TEN, Some(Decimal::from(400))));
    }

    #[test]
    fn each_mistake_is_named() {
        let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
        assert_eq!(codes(&with("qty", json!(10))), one("INVALID_TYPE", "qty"));
        assert_eq!(codes(&with("qty", json!("1.5"))), one("INVALID_VALUE", "qty"));
        assert_eq!(codes(&with("price", Value::Null)), one("REQUIRED", "price"));
        assert_eq!(codes(&with("price", json!("400.000001"))), one("INVALID_PRICE", "price"));
        assert_eq!(codes(&with("stopPrice", json!("390"))), one("NOT_ALLOWED", "stopPrice"));
        assert_eq!(codes(&with("side", json!("buy"))), one("INVALID_VALUE", "side"));
        assert_eq!(codes(&with("tradingAccountId", Value::Null)), one("REQUIRED", "tradingAccountId"));
        assert_eq!(codes(&with("legs", json!([{}]))).len(), 7);
    }

    #[test]
    fn an_osi_symbol_becomes_a_leg() {
        let placed =
            placed(&with("symbol", json!("AAPL261218C00270000"))).unwrap_or_else(|_| panic!("refused"));
        assert_eq!(placed.terms.legs.len(), 1);
        assert_eq!(placed.terms.underlying(), "AAPL");
    }
}
