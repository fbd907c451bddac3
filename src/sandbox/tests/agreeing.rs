//! The prices of different answers agree, and so do the figures of one: bids lie below asks and trades between them, a day's
//! range holds its prices, what is computed from other figures follows from them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::sandbox::{Options, World, routes};

pub(super) fn number(value: &Value) -> Option<Decimal> {
    value.to_string().trim_matches('"').parse().ok()
}

/// Checks every object in an answer that has these members.
fn walk(path: &str, value: &Value) {
    let of = |names: &[&str]| names.iter().find_map(|name| number(value.get(*name)?));
    let bid = of(&["bid", "bidPrice", "bid_at_execution"]);
    let ask = of(&["ask", "askPrice", "ask_at_execution"]);
    let price = of(&["price", "average_price", "lastPrice", "lp", "midpoint", "midPrice"]);
    if let (Some(bid), Some(ask)) = (bid, ask) {
        let price = price.unwrap_or(bid);
        assert!(bid <= ask && (bid..=ask).contains(&price), "{path} {value}");
    }
    let [open, high, low, close] = [
        ["open", "o", "openPrice", "open_price"],
        ["high", "h", "highPrice", "high_price"],
        ["low", "l", "lowPrice", "low_price"],
        ["close", "c", "close", "lp"],
    ]
    .map(|names| of(&names));
    if let (Some(high), Some(low)) = (high, low) {
        let within = [open, close].into_iter().flatten().all(|price| (low..=high).contains(&price));
        assert!(within && low <= high, "{path} {value}");
    }
    if let (Some(last), Some(before), Some(change)) =
        (of(&["lastPrice", "close"]), of(&["previousClose"]), of(&["change"]))
    {
        assert_eq!(last - before, change, "{path} {value}");
    }
    if let (Some(price), Some(size), Some(cost)) =
        (price, of(&["size", "total_size"]), of(&["costBasis", "total_value"]))
    {
        assert_eq!(price * size * Decimal::ONE_HUNDRED, cost, "{path} {value}");
        assert!(of(&["volume"]).is_none_or(|volume| size <= volume), "{path} {value}");
    }
    if let (Some(short), Some(volume), Some(days)) =
        (of(&["shortInterest"]), of(&["avgDailyVolume"]), of(&["daysToCover"]))
    {
        assert!((short / volume - days).abs() < Decimal::new(1, 4), "{path} {value}");
    }
    if let (Some(short), Some(all), Some(share)) =
        (of(&["shortVolume"]), of(&["totalVolume"]), of(&["shortVolumeRatio"]))
    {
        assert!((short * Decimal::ONE_HUNDRED / all - share).abs() < Decimal::new(1, 2), "{path} {value}");
        assert_eq!(
            of(&["exemptVolume"]).zip(of(&["nonExemptVolume"])).map(|(one, other)| one + other),
            Some(short)
        );
    }
    if let (Some(line), Some(signal), Some(difference)) =
        (value.get("macd"), value.get("macdSignal"), value.get("macdHist"))
    {
        let last = |list: &Value| number(list.as_array().unwrap().last().unwrap()).unwrap();
        assert!((last(line) - last(signal) - last(difference)).abs() <= Decimal::new(2, 4), "{path}");
    }
    match value {
        Value::Array(all) => all.iter().for_each(|one| walk(path, one)),
        Value::Object(all) => all.values().for_each(|one| walk(path, one)),
        _ => {}
    }
}

pub(super) struct Now {
    pub(super) world: World,
    pub(super) now: Timestamp,
}

impl Now {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let times = [
            (false, "2026-11-29T05:38:00-05:00"),
            (false, "2026-12-01T14:00:30-05:00"),
            (true, "2026-11-25T11:00:00-05:00"),
            (true, "2026-11-28T12:00:00-05:00"),
        ];
        times.into_iter().map(|(keeps_hours, at)| {
            let now = at.parse().unwrap();
            let options = Options { keeps_hours, rate_limits: false, ..Options::default() };
            Self { world: World::new(options, now), now }
        })
    }

    pub(super) fn get(&mut self, path: &str) -> Value {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let answer = routes::answer_within(&mut self.world, path, query, self.now);
        assert_eq!(answer.status, 200, "{path} {query} {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }
}

#[test]
fn figures_of_one_answer_agree() {
    for mut now in Now::all().step_by(3) {
        let contract = now.get("/v1/options/activity?tickers=AAPL")["activities"][0]["optionSymbol"].clone();
        let contract = contract.as_str().unwrap();
        let paths = [
            "/v1/options/activity",
            "/v1/options/activity?tickers=F,KO,TSLA,SPY",
            "/v1/options/unusual_activity/F",
            "/v1/options/unusual_activity/TSLA",
            "/v1/options/etfs/top-volume",
            "/v1/options/stocks/top-volume",
            "/v1/options/stocks/top-gainers",
            "/v1/options/snapshot/chain/KO?limit=40",
            "/v1/stocks/snapshot?tickers=AAPL,KO,F",
            "/v1/stocks/grouped?date=2026-11-24",
            "/v1/stocks/open-close?ticker=F&date=2026-11-24",
            "/v1/stocks/prev?ticker=F",
            "/v1/stocks/quotes?ticker=AAPL",
            "/v1/marketdata/equities/details?symbols=AAPL,KO,F",
            "/v1/equity/top-gainers",
            "/v1/equity/top-most-active",
            "/v1/financials/short-interest?ticker=KO",
            "/v1/financials/short-volume?ticker=F",
            "/v1/indicator?symbol=AAPL&indicator=macd&resolution=D&from=1790000000&to=1796000000",
        ];
        for path in paths {
            let answer = now.get(path);
            walk(path, &answer);
        }
        for path in
            ["options/quotes?ticker", "options/trades?ticker", "options/open-close?date=2026-11-24&ticker"]
        {
            let path = format!("/v1/{path}=O:{contract}");
            let answer = now.get(&path);
            walk(&path, &answer);
        }
    }
}

#[test]
fn the_day_of_a_symbol_is_the_same_wherever_it_is_told() {
    for mut now in Now::all() {
        for symbol in ["AAPL", "KO", "F"] {
            let details =
                now.get(&format!("/v1/marketdata/equities/details?symbols={symbol}"))["data"][0].clone();
            let snapshot = now.get(&format!("/v1/stocks/snapshot?tickers={symbol}"))["tickers"][0].clone();
            let unified =
                now.get(&format!("/v1/stocks/unified-snapshot?tickersAnyOf={symbol}"))["results"][0].clone();
            let session = &unified["session"];
            for (names, other) in [
                (["openPrice", "open"], "open"),
                (["highPrice", "high"], "high"),
                (["lowPrice", "low"], "low"),
                (["totalVolume", "volume"], "volume"),
            ] {
                assert_eq!(details[names[0]], snapshot["day"][other], "{symbol} {} {other}", now.now);
                assert_eq!(details[names[0]], session[other], "{symbol} {} {other}", now.now);
            }
            assert_eq!(details["closePrice"], snapshot["prevDay"]["close"], "{symbol} {}", now.now);
            let change = number(&details["lastPrice"]).unwrap() - number(&details["closePrice"]).unwrap();
            assert_eq!([number(&session["change"]), number(&snapshot["todaysChange"])], [Some(change); 2]);
            let ratios = now.get(&format!("/v1/financials/ratios?ticker={symbol}"))["results"][0].clone();
            assert_eq!(details["closePrice"], ratios["price"]);
        }
        let past = now.get("/v1/stocks/open-close?ticker=KO&date=2026-11-24");
        let bars =
            now.get("/v1/stocks/aggs?ticker=KO&multiplier=1&timespan=day&from=2026-11-24&to=2026-11-24");
        let bar = &bars["results"][0];
        for (one, other) in [("open", "o"), ("high", "h"), ("low", "l"), ("close", "c"), ("volume", "v")] {
            assert_eq!(past[one], bar[other], "{one}");
        }
        let trade = now.get("/v1/options/unusual_activity/MSFT")["trades"][0].clone();
        let contract = trade["contract"].as_str().unwrap();
        let chain = now.get(&format!("/v1/options/snapshot/MSFT/O:{contract}"))["results"].clone();
        let listed = now.get(&format!("/v1/chart/quotes?symbols={contract}"))["d"][0]["v"].clone();
        for (one, other) in
            [("open", "open_price"), ("high", "high_price"), ("low", "low_price"), ("volume", "volume")]
        {
            assert_eq!(chain["day"][one], listed[other], "{one} {}", now.now);
        }
        let metrics = now.get("/v1/company/metrics?symbol=KO&metric=all")["metric"].clone();
        let high = number(&metrics["52WeekHigh"]).unwrap();
        let details = now.get("/v1/marketdata/equities/details?symbols=KO")["data"][0].clone();
        assert!(
            high >= number(&details["lastPrice"]).unwrap() && number(&metrics["52WeekLow"]).unwrap() <= high
        );
    }
}

/// Averages and relative strength, computed here from the bars that are told.
#[test]
fn indicators_follow_from_the_bars() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (now, mut world) in Now::all().map(|now| (now.now, now)) {
        let window = (at("2026-09-01T00:00:00Z").as_second(), now.as_second());
        let times = format!("symbol=AAPL&resolution=D&from={}&to={}", window.0, window.1);
        let history = world.get(&format!("/v1/chart/history?{times}"));
        let list = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
        };
        let (stamps, closes) = (list(&history["t"]), list(&history["c"]));
        let mut line = |indicator: &str, name: &str| {
            let answer = world.get(&format!("/v1/indicator?{times}&indicator={indicator}&timeperiod=10"));
            assert_eq!(list(&answer["t"]), stamps, "{indicator}");
            list(&answer[name])
        };
        let near = |one: f64, other: f64| assert!((one - other).abs() < 0.001, "{one} {other}");
        let last = &closes[closes.len() - 10..];
        let mean = last.iter().sum::<f64>() / 10.0;
        near(*line("sma", "sma").last().unwrap(), mean);
        near(*line("bbands", "middleband").last().unwrap(), mean);
        let [upper, lower] = ["upperband", "lowerband"].map(|name| *line("bbands", name).last().unwrap());
        near((upper + lower) / 2.0, mean);
        // Each value of an exponential average follows from the one before it.
        let ema = line("ema", "ema");
        for at in 1..closes.len() {
            near(ema[at], ema[at - 1] + (closes[at] - ema[at - 1]) * 2.0 / 11.0);
        }
        for (indicator, name, lowest, highest) in [
            ("rsi", "rsi", 0.0, 100.0),
            ("stoch", "slowk", 0.0, 100.0),
            ("willr", "willr", -100.0, 0.0),
            ("mfi", "mfi", 0.0, 100.0),
            ("adx", "adx", 0.0, 100.0),
            ("cci", "cci", -400.0, 400.0),
        ] {
            let values = line(indicator, name);
            assert!(values.iter().all(|value| (lowest..=highest).contains(value)), "{indicator} {values:?}");
            assert!(values.iter().any(|value| (value - values[0]).abs() > 0.1), "{indicator} {values:?}");
        }
    }
}
