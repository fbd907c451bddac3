//! One set of books: after each of many trades, portfolio, balance, orders and curve are computed here from the fills in the
//! order history, and what was told of the past stays.

use std::collections::{BTreeMap, VecDeque};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::exchange;
use crate::sandbox::broker::entry;
use crate::sandbox::market::calendar;
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::socket::pnl;
use crate::sandbox::{Call, Options, World, routes};

const LIVE: &str = "AR4471002";

/// When, side, symbol and quantity of market orders in a week with a holiday and a short Friday; between them only a look.
const TRADES: &[(&str, &str, &str, i64)] = &[
    ("24T10:00:10", "BUY", "AMZN", 10),
    ("24T10:30:20", "BUY", "AMZN", 5),
    ("24T11:15:30", "SELL", "AMZN", 8),
    ("24T12:00:40", "SELL", "AMZN", 7),
    ("24T13:00:50", "SELL_SHORT", "DIS", 20),
    ("24T13:30:00", "SELL", "AAPL", 15),
    ("24T15:59:59", "BUY", "KO", 30),
    ("24T20:30:00", "LOOK", "", 0),
    ("25T09:30:01", "BUY_TO_COVER", "DIS", 5),
    ("25T10:00:00", "SELL", "KO", 150),
    ("25T10:30:00", "BUY", "AAPL261218C00270000", 3),
    ("25T11:00:00", "SELL", "AAPL261218C00270000", 1),
    ("25T11:30:00", "SPREAD", "MSFT261218C", 2),
    ("25T15:00:00", "BUY", "NVDA", 7),
    ("26T12:00:00", "LOOK", "", 0),
    ("27T09:45:00", "BUY_TO_COVER", "DIS", 15),
    ("27T10:00:00", "UNSPREAD", "MSFT261218C", 2),
    ("27T10:30:00", "SELL", "NVDA", 67),
    ("27T12:00:00", "SELL", "AAPL261218C00270000", 2),
    ("28T12:00:00", "LOOK", "", 0),
    ("30T09:31:00", "BUY", "AMZN", 1),
];

fn at(text: &str) -> Timestamp {
    format!("2026-11-{text}-05:00").parse().unwrap()
}

fn number(value: &Value) -> Decimal {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).parse().unwrap()
}

fn get(world: &mut World, path: &str, query: &str, now: Timestamp) -> Value {
    let answer = routes::answer_within(world, path, query, now);
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn order(side: &str, symbol: &str, qty: i64) -> Value {
    let mut order = json!({ "tradingAccountId": LIVE, "symbol": symbol, "side": side, "type": "MARKET",
        "qty": qty.to_string(), "timeInForce": "DAY" });
    if let Some(opens) = ["UNSPREAD", "SPREAD"].iter().position(|word| *word == side) {
        let (own, other, effect) =
            if opens == 1 { ("BUY", "SELL", "OPEN") } else { ("SELL", "BUY", "CLOSE") };
        let leg = |side: &str, strike: &str| {
            json!({ "securityType": "OPT", "symbol": "MSFT", "side": side, "putCall": "CALL", "positionEffect": effect,
                "ratioQty": "1", "strikePrice": strike, "maturity": "2026-12-18" })
        };
        order["symbol"] = json!("MSFT");
        order["side"] = json!(own);
        order["legs"] = json!([leg(own, "410"), leg(other, "430")]);
    }
    order
}

/// What was filled: when, of what, how much (negative when sold), at what price.
type Fill = (Timestamp, String, Decimal, Decimal);

fn fills(order: &Value) -> Vec<Fill> {
    let moment: Timestamp = order["updatedAt"].as_str().unwrap().parse().unwrap();
    let filled = number(&order["cumQty"]);
    let signed =
        |side: &Value, qty: Decimal| if side.as_str().unwrap().starts_with("BUY") { qty } else { -qty };
    let Some(legs) = order["legs"].as_array() else {
        let symbol = order["symbol"].as_str().unwrap().to_owned();
        return vec![(moment, symbol, signed(&order["side"], filled), number(&order["avgPrice"]))];
    };
    let fill = |leg: &Value| {
        let day = leg["maturity"].as_str().unwrap().parse().unwrap();
        let (symbol, call) = (leg["symbol"].as_str().unwrap(), leg["putCall"] == "CALL");
        let osi = Contract::new(symbol, day, call, number(&leg["strikePrice"])).osi();
        (moment, osi, signed(&leg["side"], filled * number(&leg["ratioQty"])), number(&leg["avgPrice"]))
    };
    legs.iter().map(fill).collect()
}

/// The books as these fills explain them.
#[derive(Default)]
struct Expected {
    /// Lots of each symbol, oldest first.
    lots: BTreeMap<String, VecDeque<(Decimal, Decimal)>>,
    cash: Decimal,
    realized: Decimal,
    realized_today: Decimal,
}

impl Expected {
    fn of(fills: &[Fill], today: Timestamp) -> Self {
        let mut books = Self::default();
        for (moment, symbol, signed, price) in fills {
            let is_option = symbol.len() > 15;
            let multiplier = Decimal::from(if is_option { 100 } else { 1 });
            let fee = if is_option { signed.abs() / Decimal::TWO } else { Decimal::ZERO };
            books.cash -= signed * price * multiplier + fee;
            let mut gain = -fee;
            let lots = books.lots.entry(symbol.clone()).or_default();
            let unit = signed / signed.abs();
            for _ in 0..i64::try_from(signed.abs()).unwrap() {
                match lots.front().copied() {
                    Some((lot, paid)) if lot != unit => {
                        gain += (*price - paid) * lot * multiplier;
                        lots.pop_front();
                    }
                    _ => lots.push_back((unit, *price)),
                }
            }
            books.realized += gain;
            books.realized_today += if *moment >= today { gain } else { Decimal::ZERO };
        }
        books.lots.retain(|_, lots| !lots.is_empty());
        books
    }
}

/// The day whose prices are told.
fn day(world: &World, now: Timestamp) -> Date {
    let keeps_hours = world.options.keeps_hours;
    let at = if keeps_hours { exchange::last_open(now, exchange::Hours::Extended) } else { now };
    at.to_zoned(exchange::zone()).date()
}

/// The fills of the account that its history tells, the oldest first.
fn filled(world: &mut World, now: Timestamp) -> Vec<Fill> {
    let query = format!("from={}&limit=500&order_by=asc", now - (89 * 24).hours());
    let history = get(world, &format!("/v2/accounts/{LIVE}/orders/history"), &query, now);
    let orders = history["orders"].as_array().unwrap().iter();
    let mut found: Vec<Fill> =
        orders.filter(|order| order["ordStatus"] == "FILLED").flat_map(fills).collect();
    found.sort_by_key(|(moment, ..)| *moment);
    found
}

/// Checks everything that is told of the account, against the fills; gives back the day's profit.
fn check(world: &mut World, cash_without_trades: Decimal, now: Timestamp) -> Decimal {
    let today = calendar::instant(calendar::midnight(day(world, now)));
    let books = Expected::of(&filled(world, now), today);
    let balance = get(world, &format!("/v2/accounts/{LIVE}/balance"), "", now);
    let positions = get(world, &format!("/v1/accounts/{LIVE}/positions"), "", now);
    let rows = positions["positions"].as_array().unwrap();
    let near = |one: Decimal, other: Decimal, what: &str| {
        assert!((one - other).abs() <= Decimal::new(2, 2), "{now} {what}: {one} {other}");
    };
    let held: Vec<&str> = rows.iter().map(|row| row["symbol"].as_str().unwrap()).collect();
    assert_eq!(held, books.lots.keys().collect::<Vec<_>>(), "{now}");
    let (mut value, mut open, mut cost) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for row in rows {
        let symbol = row["symbol"].as_str().unwrap();
        let multiplier = Decimal::from(if symbol.len() > 15 { 100 } else { 1 });
        let lots = &books.lots[symbol];
        let quantity: Decimal = lots.iter().map(|(unit, _)| unit).sum();
        let paid: Decimal = lots.iter().map(|(unit, price)| unit * price).sum();
        assert_eq!(number(&row["quantity"]), quantity, "{now} {symbol}");
        near(number(&row["averagePrice"]), paid / quantity, symbol);
        near(number(&row["costBasis"]), paid * multiplier, symbol);
        near(number(&row["marketValue"]), number(&row["price"]) * quantity * multiplier, symbol);
        near(number(&row["unrealizedPl"]), number(&row["marketValue"]) - number(&row["costBasis"]), symbol);
        value += number(&row["marketValue"]);
        open += number(&row["unrealizedPl"]);
        cost += number(&row["costBasis"]);
    }
    let told = |name: &str| number(&balance[name]);
    near(told("cashBalance"), cash_without_trades + books.cash, "cash");
    near(told("balance"), told("cashBalance") + value, "equity");
    near(told("unrealizedPl"), open, "open");
    near(told("costOfPositions"), cost, "cost");
    near(told("realizedPl"), books.realized, "realized");
    near(told("dayRealizedPnl"), books.realized_today, "realized today");
    near(told("dayTotalPnl"), told("dayOpenPnl") + told("dayRealizedPnl"), "day");
    near(told("sodTtlEquity"), told("startOfDayCash") + told("sodPositionsMarketValue"), "start");
    near(told("balance") - told("sodTtlEquity"), told("dayTotalPnl"), "change");
    told("dayTotalPnl")
}

/// The closes of a curve by the time of their candle.
fn curve(world: &mut World, from: &str, interval: &str, now: Timestamp) -> Vec<(String, Decimal)> {
    let params = json!({ "accountId": LIVE, "startTime": at(from), "interval": interval });
    let candles = pnl::candles(world, &params, now).unwrap();
    let point = |candle: &Value| (candle["time"].as_str().unwrap().to_owned(), number(&candle["close"]));
    candles.iter().map(point).collect()
}

#[test]
fn every_figure_follows_from_the_fills_and_the_past_stays() {
    play(true);
}

#[test]
fn that_holds_where_the_market_never_closes_too() {
    play(false);
}

fn play(keeps_hours: bool) {
    let started = at("24T09:45:00");
    let mut world = World::new(Options { keeps_hours, ..Options::default() }, started);
    let cash = number(&get(&mut world, &format!("/v2/accounts/{LIVE}/balance"), "", started)["cashBalance"]);
    let cash = cash - Expected::of(&filled(&mut world, started), started).cash;
    check(&mut world, cash, started);
    let mut told: BTreeMap<(&str, String), Decimal> = BTreeMap::new();
    for (when, side, symbol, qty) in TRADES {
        let now = at(when);
        let mut call = Call::from_within("/v1/orders", "", now);
        if *side != "LOOK" {
            call.headers.push(("content-type".into(), "application/json".into()));
            call.body = order(side, symbol, *qty).to_string().into();
            let answer =
                entry::place(&mut world, &call).unwrap_or_else(|refused| panic!("{when}: {refused:?}"));
            let placed: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(placed["success"], true, "{when} {placed}");
        }
        for look in [now, now + 1.minute(), now + 20.minutes()] {
            let today = check(&mut world, cash, look);
            let midnight = day(&world, look).strftime("%dT00:00:00").to_string();
            for (from, interval) in
                [(midnight.as_str(), "1h"), (midnight.as_str(), "1d"), ("01T00:00:00", "1d")]
            {
                let points = curve(&mut world, from, interval, look);
                let (last, past) = points.split_last().unwrap();
                if from == midnight {
                    assert_eq!(last.1, today, "{look} {interval}");
                }
                // Only the one that is still running changes.
                for (time, close) in past {
                    let known = told.entry((interval, format!("{from} {time}"))).or_insert(*close);
                    assert_eq!(known, close, "{look} {interval} {time}");
                }
            }
        }
    }
    // Nothing but Apple's first call, part of its shares, Microsoft's and the new ones is left.
    let positions = get(&mut world, &format!("/v1/accounts/{LIVE}/positions"), "", at("30T09:32:00"));
    assert_eq!(positions["positions"].as_array().unwrap().len(), 4);
}
