//! Market data by socket: a snapshot per symbol, then an update every second.
//!
//! How data events look is not documented: `snapshot` and `update`, with the documented field names grouped by the
//! list that asks for them, are a guess.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::session::event;
use crate::sandbox::World;
use crate::sandbox::answer::number;
use crate::sandbox::data::dollars;
use crate::sandbox::data::options::short;
use crate::sandbox::market::bars::Bar;
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::market::instruments::{INSTRUMENTS, Kind};
use crate::sandbox::market::{self, Market, Quote, pricing};

#[derive(Default)]
pub(super) struct Subscriptions {
    wanted: Vec<Wanted>,
}

/// One symbol with the lists of fields, by the name of the list without `Fields`.
struct Wanted {
    /// As the client wrote it.
    symbol: String,
    /// As the market knows it.
    key: String,
    option: bool,
    index: bool,
    lists: Vec<(&'static str, Fields)>,
}

enum Fields {
    All,
    Named(Vec<String>),
}

/// `marketStatus`: open, whatever the clock says.
pub(super) fn status(now: Timestamp) -> Value {
    json!({
        "market": "open",
        "afterHours": false,
        "earlyHours": false,
        "exchanges": { "nasdaq": "open", "nyse": "open", "otc": "open" },
        "currencies": { "crypto": "open", "fx": "open" },
        "indicesGroups": { "dow_jones": "open", "nasdaq": "open", "s_and_p": "open" },
        "serverTime": now,
    })
}

impl Subscriptions {
    /// Adds one object of a subscription; gives back its snapshot.
    pub(super) fn add(
        &mut self,
        one: &Value,
        id: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String> {
        let wanted = read(one, world.market(), now)?;
        let data = wanted.data(world.market(), now);
        self.wanted.retain(|other| other.symbol != wanted.symbol);
        self.wanted.push(wanted);
        Ok(data.map(|data| event("snapshot", id, &data, now)).into_iter().collect())
    }

    /// Forgets the symbols of an `unsubscribe`, whose form is not documented: as of a subscription.
    pub(super) fn remove(&mut self, payload: &Value) {
        let gone = payload.as_array().map_or(std::slice::from_ref(payload), Vec::as_slice);
        let named = |wanted: &Wanted| {
            gone.iter().any(|one| one.get("symbol").unwrap_or(one).as_str() == Some(&wanted.symbol))
        };
        self.wanted.retain(|wanted| !named(wanted));
    }

    pub(super) fn updates(&self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let market = world.market();
        let data = self.wanted.iter().filter_map(|wanted| wanted.data(market, now));
        data.map(|data| event("update", None, &data, now)).collect()
    }
}

fn read(one: &Value, market: &Market, now: Timestamp) -> Result<Wanted, String> {
    let symbol = one.get("symbol").and_then(Value::as_str).ok_or("symbol is required")?;
    let option = match one.get("symbolType").and_then(Value::as_str) {
        None | Some("equity") => false,
        Some("option") => true,
        Some(other) => return Err(format!("symbolType must be equity or option, not {other}")),
    };
    // Bare here, `SPX.IND_CBOM` over REST.
    let index = INSTRUMENTS
        .iter()
        .find(|one| one.kind == Kind::Index && one.symbol.split('.').next() == Some(symbol));
    let key = index.map_or(symbol, |index| index.symbol);
    let known = market.contract(symbol, now).is_some() == option && market.quote(key, now).is_some();
    if !known || symbol.contains('.') && symbol != "BRK.B" {
        return Err(format!("unknown symbol: {symbol}"));
    }
    let mut lists = Vec::new();
    for name in ["quote", "trade", "timeAndSales", "greeks"] {
        if let Some(wanted) = one.get(format!("{name}Fields")) {
            lists.push((name, fields(wanted)?));
        }
    }
    let both = one.get("fields");
    if both.is_some() || !lists.iter().any(|(name, _)| matches!(*name, "quote" | "trade")) {
        for name in ["quote", "trade"] {
            lists.push((name, both.map_or(Ok(Fields::All), fields)?));
        }
    }
    Ok(Wanted { symbol: symbol.to_owned(), key: key.to_owned(), option, index: index.is_some(), lists })
}

/// A name or a list of names; `*` stands for all.
fn fields(value: &Value) -> Result<Fields, String> {
    let names: Vec<String> = match value {
        Value::String(name) => vec![name.clone()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => return Err("fields must be a name or an array of names".into()),
    };
    Ok(if names.iter().any(|name| name == "*") { Fields::All } else { Fields::Named(names) })
}

impl Wanted {
    fn data(&self, market: &Market, now: Timestamp) -> Option<Value> {
        let quote = market.quote(&self.key, now)?;
        let day = market.running_day(&self.key, now.as_second())?;
        let mut data = Map::new();
        data.insert("symbol".into(), json!(self.symbol));
        data.insert("symbolType".into(), json!(if self.option { "option" } else { "equity" }));
        for (name, fields) in &self.lists {
            // Indices have neither bid nor ask; Greeks are of options only.
            let all = match *name {
                "quote" if !self.index => quoted(&quote, now),
                "trade" => self.traded(&quote, &day, now),
                "timeAndSales" if !self.index => sale(&quote, now),
                "greeks" if self.option => greeks(market, &market.contract(&self.key, now)?, now)?,
                _ => continue,
            };
            let mut group = match all {
                Value::Object(group) => group,
                _ => Map::new(),
            };
            if let Fields::Named(names) = fields {
                group.retain(|field, _| names.contains(field));
            }
            data.insert((*name).to_owned(), Value::Object(group));
        }
        Some(Value::Object(data))
    }

    fn traded(&self, quote: &Quote, day: &Bar, now: Timestamp) -> Value {
        let mut trade = json!({
            "lastPrice": number(quote.last),
            "openPrice": dollars(day.open),
            "highPrice": dollars(day.high),
            "lowPrice": dollars(day.low),
            "netChange": number(quote.last - quote.previous_close),
            "tradeTimestamp": now.as_millisecond(),
        });
        if let (false, Value::Object(fields)) = (self.index, &mut trade) {
            fields.insert("size".into(), json!(quote.bid_size));
            fields.insert("totalVolume".into(), json!(day.volume));
            fields.insert("tickVolume".into(), json!(day.volume / 85 + 1));
            fields.insert("tradeExchange".into(), json!("Q"));
            fields.insert("tradeSeq".into(), json!(now.as_second() % 100_000_000));
            fields.insert("instrumentType".into(), json!(if self.option { "o" } else { "e" }));
        }
        trade
    }
}

fn quoted(quote: &Quote, now: Timestamp) -> Value {
    json!({
        "bidPrice": number(quote.bid),
        "bidSize": quote.bid_size,
        "bidExchange": "Q",
        "askPrice": number(quote.ask),
        "askSize": quote.ask_size,
        "askExchange": "P",
        "quoteTimestamp": now.as_millisecond(),
    })
}

fn sale(quote: &Quote, now: Timestamp) -> Value {
    json!({
        "price": number(quote.last),
        "size": quote.bid_size,
        "tradeExchange": "Q",
        "tradeTimestamp": now.as_millisecond(),
    })
}

fn greeks(market: &Market, contract: &Contract, now: Timestamp) -> Option<Value> {
    let spot = market::cents(market.quote(&contract.underlying, now)?.last)?;
    let model = pricing::value(contract, spot, now.as_second());
    Some(json!({
        "delta": short(model.delta),
        "gamma": short(model.gamma),
        "theta": short(model.theta),
        "vega": short(model.vega),
        "rho": number(rho(contract, spot)),
        "impliedVolatility": short(model.volatility),
    }))
}

/// A rough one: a percent of interest moves an option little here.
fn rho(contract: &Contract, spot: i64) -> Decimal {
    let size = Decimal::new(spot, 2) / Decimal::ONE_THOUSAND;
    if contract.call { size.round_dp(4) } else { -size.round_dp(4) }
}
