//! Indicators, patterns, levels and the signal that sums them up.

use super::common::*;

/// The only resolutions that these calls take.
const INTERVAL: Param = required(
    "interval",
    "resolution",
    Choice(&[
        ("1m", "1"),
        ("5m", "5"),
        ("15m", "15"),
        ("30m", "30"),
        ("1h", "60"),
        ("1d", "D"),
        ("1w", "W"),
        ("1mo", "M"),
    ]),
)
.or("1d");

const INDICATORS: &[(&str, &str)] = &[
    ("sma", "sma"),
    ("ema", "ema"),
    ("rsi", "rsi"),
    ("macd", "macd"),
    ("bbands", "bbands"),
    ("stoch", "stoch"),
    ("adx", "adx"),
    ("cci", "cci"),
    ("willr", "willr"),
    ("mfi", "mfi"),
];

rows! {
    INDICATOR = get("/v1/indicator", &[SUPPLEMENTAL], &[
        SYMBOL, INTERVAL,
        required("indicator", "indicator", Choice(INDICATORS)),
        optional("from", "from", Seconds).or("180 days ago"),
        optional("to", "to", LastSecond).or("today"),
        optional("period", "timeperiod", Whole(1, 1000)),
        optional("fast_period", "fast_period", Whole(1, 1000)),
        optional("slow_period", "slow_period", Whole(1, 1000)),
        optional("signal_period", "signal_period", Whole(1, 1000)),
    ]);
    PATTERNS = get("/v1/scan/pattern", &[SUPPLEMENTAL], &[SYMBOL, INTERVAL]).rows("data/points");
    LEVELS = get("/v1/scan/support-resistance", &[SUPPLEMENTAL], &[SYMBOL, INTERVAL]).rows("data/levels");
    SIGNAL = get("/v1/scan/technical-indicator", &[SUPPLEMENTAL], &[SYMBOL, INTERVAL]).rows("data");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Bars of a day are stamped at midnight UTC: a day that is asked for begins there, and its bar is in the answer.
    #[test]
    fn a_day_begins_where_the_bars_of_its_interval_are_stamped() {
        for (interval, first, last) in [
            ("1d", 1_790_812_800, 1_790_899_199),
            ("1mo", 1_790_812_800, 1_790_899_199),
            ("1h", 1_790_827_200, 1_790_913_599),
        ] {
            let args = [
                ("symbol", json!("AAPL")),
                ("indicator", json!("rsi")),
                ("interval", json!(interval)),
                ("from", json!("2026-10-01")),
                ("to", json!("2026-10-01")),
            ];
            let query = INDICATOR.with(args).unwrap().query;
            for (name, second) in [("from", first), ("to", last)] {
                assert!(query.contains(&(name, format!("{second}"))), "{interval} {query:?}");
            }
        }
    }
}
