//! Products, their events, and the instruments of an event. No prices: the documented calls have none either.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows;
use super::super::market;
use super::super::world::World;

/// A product: one question that is asked again for every period.
struct Product {
    id: &'static str,
    name: &'static str,
    question: &'static str,
    agency: &'static str,
    agency_url: &'static str,
    /// Strikes in hundredths with their unit; a strike of 0 is a party and not a number.
    strikes: &'static [(&'static str, i64)],
    unit: &'static str,
}

const PRODUCTS: &[Product] = &[
    Product {
        id: "HORC",
        name: "House of Representatives Control",
        question: "Which party will control the House of Representatives",
        agency: "Office of the Clerk",
        agency_url: "https://clerk.house.gov",
        strikes: &[("D", 0), ("R", 0)],
        unit: "",
    },
    Product {
        id: "FEDR",
        name: "Federal Funds Rate",
        question: "Will the upper bound of the federal funds rate be above the strike",
        agency: "Federal Reserve",
        agency_url: "https://www.federalreserve.gov",
        strikes: &[("T325", 325), ("T350", 350), ("T375", 375), ("T400", 400), ("T425", 425)],
        unit: "percent",
    },
    Product {
        id: "CPIY",
        name: "Inflation, Year over Year",
        question: "Will consumer prices have risen by more than the strike",
        agency: "U.S. Bureau of Labor Statistics",
        agency_url: "https://www.bls.gov",
        strikes: &[("T250", 250), ("T275", 275), ("T300", 300), ("T325", 325)],
        unit: "percent",
    },
];

struct Event {
    product: &'static Product,
    id: String,
    payout: Date,
}

impl Event {
    fn of(product: &'static Product, month: Date) -> Self {
        Self {
            product,
            id: format!("{}_{:02}{:02}", product.id, month.month(), month.year() % 100),
            payout: month.last_of_month(),
        }
    }

    fn name(&self) -> String {
        format!("{}, {}", self.product.name, self.payout.strftime("%B %Y"))
    }

    fn question(&self) -> String {
        format!("{} in {}?", self.product.question, self.payout.strftime("%B %Y"))
    }

    /// Open until its month is over.
    fn open(&self, call: &Call) -> bool {
        market::today(call.now) <= self.payout
    }

    fn state(&self, call: &Call) -> &'static str {
        if self.open(call) { "open" } else { "settled" }
    }

    fn symbols(&self) -> impl Iterator<Item = (String, i64)> {
        self.product.strikes.iter().map(|(ending, strike)| (format!("{}_{ending}", self.id), *strike))
    }
}

/// The documented example, and for the others last month, this one and the next two.
fn events(call: &Call) -> Vec<Event> {
    let this = market::today(call.now).first_of_month();
    let mut all = Vec::new();
    for product in PRODUCTS {
        match product.id {
            "HORC" => all.push(Event::of(product, date(2026, 11, 1))),
            _ => {
                all.extend((-1..3).map(|later: i32| Event::of(product, this.saturating_add(later.months()))));
            }
        }
    }
    all
}

/// `GET …/search`: every word must begin a word of the symbol, the ids or the texts.
pub(crate) fn search(_: &mut World, call: &Call) -> Reply {
    let query = call.required("q")?.to_lowercase();
    let limit = usize::try_from(call.number("limit", 20, 0..=100)?).unwrap_or(20);
    let page = rows::count(call, "page", 1..=1_000_000)?;
    let tradable = rows::choice(call, "tradable", &["", "true", "false"])?;
    let mut hits = Vec::new();
    for event in events(call) {
        let state = event.state(call);
        if call.query("state").is_some_and(|wanted| wanted != state)
            || (!tradable.is_empty() && (tradable == "true") != event.open(call))
        {
            continue;
        }
        for (symbol, strike) in event.symbols() {
            let text = format!("{symbol} {} {} {}", event.id, event.name(), event.question()).to_lowercase();
            let words: Vec<&str> = text.split([' ', ',']).collect();
            if query.split_whitespace().all(|part| words.iter().any(|word| word.starts_with(part))) {
                hits.push(hit(&event, &symbol, strike, call));
            }
        }
    }
    let found = hits.len();
    let hits: Vec<Value> = hits.into_iter().skip((page - 1) * limit).take(limit).collect();
    Answer::ok(&json!({ "success": true, "data": { "hits": hits, "found": found, "page": page } }))
}

fn hit(event: &Event, symbol: &str, strike: i64, call: &Call) -> Value {
    json!({
        "symbol": symbol,
        "eventId": event.id,
        "productId": event.product.id,
        "tradable": event.open(call),
        "eventDisplayName": event.name(),
        "question": event.product.question,
        "eventQuestion": event.question(),
        "description": description(event, symbol, strike),
        "state": event.state(call),
        "strikeValue": rows::fixed(strike, 2),
        "score": 1,
    })
}

fn description(event: &Event, symbol: &str, strike: i64) -> String {
    match strike {
        0 => format!("Pays 1 USD if {} wins", symbol.rsplit('_').next().unwrap_or_default()),
        _ => format!("Pays 1 USD above {}.{:02} {}", strike / 100, strike % 100, event.product.unit),
    }
}

/// `GET …/products/{productId}`.
pub(crate) fn product(_: &mut World, call: &Call) -> Reply {
    let id = call.param("productId");
    let product = PRODUCTS.iter().find(|product| product.id == id);
    let product = product.ok_or_else(|| Answer::not_found(format!("no such product: {id}")))?;
    let events: Value = events(call)
        .iter()
        .filter(|event| event.product.id == id)
        .map(|event| with_instruments(event, call))
        .collect();
    Answer::ok(&json!({
        "success": true,
        "data": {
            "product": {
                "productId": product.id,
                "firstSeenAt": "2025-01-15T14:00:00Z",
                "lastSyncedAt": call.now,
            },
            "events": events,
        },
    }))
}

/// `GET …/events/{eventId}/instruments`.
pub(crate) fn instruments(_: &mut World, call: &Call) -> Reply {
    let id = call.param("eventId");
    let found = events(call).into_iter().find(|event| event.id == id);
    let found = found.ok_or_else(|| Answer::not_found(format!("no such event: {id}")))?;
    Answer::ok(&json!({ "success": true, "data": with_instruments(&found, call) }))
}

fn with_instruments(event: &Event, call: &Call) -> Value {
    let instruments: Value =
        event.symbols().map(|(symbol, strike)| instrument(event, &symbol, strike, call)).collect();
    json!({
        "event": {
            "eventId": event.id,
            "productId": event.product.id,
            "eventDisplayName": event.name(),
            "question": event.product.question,
            "eventQuestion": event.question(),
            "sourceAgency": event.product.agency,
            "sourceAgencyUrl": event.product.agency_url,
            "underlyingSpec": event.product.name,
            "calculationMethod": "As published by the source agency",
            "payoutType": "BINARY",
            "timeSpecifier": event.payout.strftime("%Y-%m").to_string(),
            "expectedPayoutDate": event.payout.to_string(),
            "expectedPayoutTime": "10:00:00",
            "rawAttributes": {},
            "lastSyncedAt": call.now,
        },
        "instruments": instruments,
    })
}

fn instrument(event: &Event, symbol: &str, strike: i64, call: &Call) -> Value {
    json!({
        "symbol": symbol,
        "eventId": event.id,
        "productId": event.product.id,
        "state": event.state(call),
        "tradable": event.open(call),
        "nonTradable": !event.open(call),
        "description": description(event, symbol, strike),
        "strikeValue": rows::fixed(strike, 2),
        "strikeUnit": event.product.unit,
        "evaluationType": if strike == 0 { "EQUALS" } else { "GREATER_THAN" },
        "baseCurrency": "USD",
        "tickSize": 0.01,
        "multiplier": 1,
        "minTradeQty": 1,
        "startDate": event.payout.saturating_sub(120.days()).to_string(),
        "expirationDate": event.payout.to_string(),
        "terminationDate": event.payout.saturating_add(5.days()).to_string(),
        "lastTradeDate": event.payout.to_string(),
        "priceScale": 2,
        "priceLimit": { "low": 0.01, "high": 0.99 },
        "tradingSchedule": "SUN-FRI 18:00-17:00 America/Chicago",
        "rawPayload": {},
        "lastSyncedAt": call.now,
    })
}
