//! Market data by socket: for each symbol up to five streams, told every second. A stream of quotes, trades or Greeks
//! begins with a snapshot; then only the members that changed are sent.
//!
//! The values of `action` and `type` in price events are not documented, and so chosen here.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::session::{Feed, event};
use crate::exchange::Session;
use crate::sandbox::World;
use crate::sandbox::answer::number;
use crate::sandbox::data::{dollars, options};
use crate::sandbox::market::bars::Bar;
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::market::instruments::{self, INSTRUMENTS, Kind};
use crate::sandbox::market::{self, Quote};

/// The streams by name. A subscription asks for one by its name (`true`) or by its name with `Fields`.
const STREAMS: [&str; 5] = ["quote", "trade", "level2", "timeAndSales", "greeks"];

#[derive(Default)]
pub(super) struct Market(Vec<Stream>);

/// One kind of data about one symbol.
struct Stream {
    instrument: Instrument,
    name: &'static str,
    fields: Fields,
    /// What the client knows by now.
    told: Map<String, Value>,
}

#[derive(Clone)]
struct Instrument {
    /// As the client wrote it.
    symbol: String,
    /// As the market knows it: the two differ for indices, `SPX` here and `SPX.IND_CBOM` over REST.
    key: String,
    contract: Option<Contract>,
}

/// The names of the members that are wanted; none stands for all of them.
type Fields = Option<Vec<String>>;

/// The data of a `marketStatus` frame.
pub(super) fn status(session: Session, now: Timestamp) -> Value {
    let market = match session {
        Session::Regular => "open",
        Session::PreMarket | Session::AfterHours => "extended-hours",
        Session::Closed => "closed",
    };
    json!({
        "market": market,
        "afterHours": session == Session::AfterHours,
        "earlyHours": session == Session::PreMarket,
        "exchanges": { "nasdaq": market, "nyse": market, "otc": market },
        "currencies": { "crypto": "open", "fx": "open" },
        "indicesGroups": { "dow_jones": "open", "nasdaq": "open", "s_and_p": "open" },
        "serverTime": now,
    })
}

impl Feed for Market {
    fn add(
        &mut self,
        one: &Value,
        _: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String> {
        let market = world.market();
        let instrument = Instrument::read(one, market, now)?;
        let mut events = Vec::new();
        for (name, fields) in streams(one)? {
            self.end(&instrument.symbol, name);
            let mut stream = Stream { instrument: instrument.clone(), name, fields, told: Map::new() };
            if matches!(name, "quote" | "trade" | "greeks") {
                events.extend(stream.tell("snapshot", market, now));
            }
            self.0.push(stream);
        }
        Ok(events)
    }

    /// Forgets a plain symbol, or of an object with a symbol the streams and fields it names.
    fn remove(&mut self, one: &Value, _: Option<&str>) -> Vec<Value> {
        let symbol = one.get("symbol").unwrap_or(one).as_str().unwrap_or_default();
        if one.as_object().is_none_or(|members| members.len() == 1) {
            self.0.retain(|stream| stream.instrument.symbol != symbol);
        }
        for name in STREAMS {
            if one.get(name) == Some(&Value::Bool(true)) {
                self.end(symbol, name);
            }
            if let Some(Ok(Some(gone))) = one.get(format!("{name}Fields")).map(fields) {
                self.drop_fields(symbol, name, &gone);
            }
        }
        Vec::new()
    }

    fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let market = world.market();
        self.0.iter_mut().filter_map(|stream| stream.tell("update", market, now)).collect()
    }
}

impl Market {
    fn end(&mut self, symbol: &str, name: &str) {
        self.0.retain(|stream| stream.instrument.symbol != symbol || stream.name != name);
    }

    fn drop_fields(&mut self, symbol: &str, name: &str, gone: &[String]) {
        self.0.retain_mut(|stream| match &mut stream.fields {
            Some(names) if stream.instrument.symbol == symbol && stream.name == name => {
                names.retain(|name| !gone.contains(name));
                !names.is_empty()
            }
            _ => true,
        });
    }
}

/// The streams that a subscription asks for; without any, quotes and trades.
fn streams(one: &Value) -> Result<Vec<(&'static str, Fields)>, String> {
    let mut wanted = Vec::new();
    for name in STREAMS {
        match one.get(format!("{name}Fields")) {
            Some(names) => wanted.push((name, fields(names)?)),
            None if one.get(name) == Some(&Value::Bool(true)) => wanted.push((name, None)),
            None => {}
        }
    }
    if wanted.is_empty() {
        wanted = vec![("quote", None), ("trade", None)];
    }
    Ok(wanted)
}

/// A list of names, or `*` for all.
fn fields(value: &Value) -> Result<Fields, String> {
    match value {
        Value::String(name) if name == "*" => Ok(None),
        Value::Array(names) => Ok(Some(names.iter().filter_map(Value::as_str).map(str::to_owned).collect())),
        _ => Err("fields must be * or an array of names".into()),
    }
}

impl Instrument {
    fn read(one: &Value, market: &market::Market, now: Timestamp) -> Result<Self, String> {
        let symbol = one.get("symbol").and_then(Value::as_str).ok_or("symbol is required")?;
        let is_option = match one.get("symbolType").and_then(Value::as_str) {
            None | Some("equity") => false,
            Some("option") => true,
            Some(other) => return Err(format!("symbolType must be equity or option, not {other}")),
        };
        let is_meant = |one: &&instruments::Instrument| match one.kind {
            Kind::Index => one.symbol.split('.').next() == Some(symbol),
            _ => one.symbol == symbol,
        };
        let key = INSTRUMENTS.iter().find(is_meant).map_or(symbol, |one| one.symbol).to_owned();
        let contract = market.contract(symbol, now);
        if contract.is_some() != is_option || market.quote(&key, now).is_none() {
            return Err(format!("unknown symbol: {symbol}"));
        }
        Ok(Self { symbol: symbol.to_owned(), key, contract })
    }

    /// What a stream tells now; indices have trades only, and only options have Greeks.
    fn data(&self, stream: &str, market: &market::Market, now: Timestamp) -> Option<Value> {
        let quote = market.quote(&self.key, now)?;
        match stream {
            "trade" => Some(trade(&quote, &market.running_day(&self.key, now)?)),
            _ if self.key != self.symbol => None,
            "quote" => Some(bid_and_ask(&quote)),
            "level2" => Some(level2(&quote)),
            "timeAndSales" => Some(sale(&self.symbol, &quote)),
            _ => greeks(market, self.contract.as_ref()?, now),
        }
    }
}

impl Stream {
    /// The event with what is new to the client, if anything is. A sale is told whole.
    fn tell(&mut self, action: &str, market: &market::Market, now: Timestamp) -> Option<Value> {
        let Some(Value::Object(mut data)) = self.instrument.data(self.name, market, now) else { return None };
        if let Some(names) = &self.fields {
            data.retain(|name, _| names.contains(name));
        }
        if self.name != "timeAndSales" {
            data.retain(|name, value| self.told.get(name) != Some(value));
        }
        if data.is_empty() {
            return None;
        }
        self.told.extend(data.clone());
        let symbol = &self.instrument.symbol;
        Some(event(json!({ "action": action, "type": self.name, "symbol": symbol, "data": data }), now))
    }
}

fn bid_and_ask(quote: &Quote) -> Value {
    json!({
        "bidPrice": number(quote.bid),
        "bidSize": quote.bid_size,
        "bidExchange": "Q",
        "askPrice": number(quote.ask),
        "askSize": quote.ask_size,
        "askExchange": "P",
        "midPrice": number((quote.bid + quote.ask) / Decimal::TWO),
        "spread": number(quote.ask - quote.bid),
        "quoteTimestamp": quote.at.as_millisecond(),
    })
}

fn trade(quote: &Quote, day: &Bar) -> Value {
    json!({
        "price": number(quote.last),
        "lastPrice": number(quote.last),
        "size": quote.bid_size,
        "openPrice": dollars(day.open),
        "highPrice": dollars(day.high),
        "lowPrice": dollars(day.low),
        "previousClosePrice": number(quote.previous_close),
        "netChange": number(quote.last - quote.previous_close),
        "totalVolume": day.volume,
        "tickVolume": day.volume / 85 + 1,
        "tick": if quote.last < quote.previous_close { "down" } else { "up" },
        "tradeSeq": quote.at.as_second() % 100_000_000,
        "tradeTimestamp": quote.at.as_millisecond(),
    })
}

/// Packed rows: of the book `askSize:price:bidSize`, of the exchanges `exchange:askPrice:askSize:bidPrice:bidSize`.
fn level2(quote: &Quote) -> Value {
    let Quote { bid, ask, bid_size, ask_size, .. } = quote;
    json!({
        "orderBook": [format!("{ask_size}:{ask}:0"), format!("0:{bid}:{bid_size}")],
        "quotes": [format!("Q:{ask}:{ask_size}:{bid}:{bid_size}")],
    })
}

/// All of it text, as documented.
fn sale(symbol: &str, quote: &Quote) -> Value {
    json!({
        "symbol": symbol,
        "price": quote.last.to_string(),
        "size": quote.bid_size.to_string(),
        "tick": if quote.last < quote.previous_close { "down" } else { "up" },
        "tradeSeq": (quote.at.as_second() % 100_000_000).to_string(),
        "tradeExchange": "Q",
        "tradeTimestamp": quote.at.as_millisecond().to_string(),
    })
}

fn greeks(market: &market::Market, contract: &Contract, now: Timestamp) -> Option<Value> {
    let snapshot = options::snapshot(market, contract, now)?;
    let mut greeks = snapshot.get("greeks")?.clone();
    greeks.as_object_mut()?.insert("impliedVolatility".into(), snapshot.get("impliedVolatility")?.clone());
    Some(greeks)
}
