//! The chart service's own calls, besides the bars of `market`.

use super::common::*;

/// Trades that make one bar.
const TRADES: &[(&str, &str)] = &[
    ("1", "1T"),
    ("5", "5T"),
    ("10", "10T"),
    ("25", "25T"),
    ("50", "50T"),
    ("100", "100T"),
    ("250", "250T"),
    ("500", "500T"),
    ("1000", "1000T"),
];

rows! {
    TICK_BARS = get("/v1/chart/tick-history", &[MARKET], &[
        required("symbol", "symbol", Symbol(Form::Chart)),
        optional("trades", "resolution", Choice(TRADES)).or("100"),
    ]).limit("countback", 5000).cursor(Cursor::Token("nextTo", "cursor"));
    CHART_SEARCH = get("/v1/chart/search", &[MARKET], &[
        required("query", "query", Text(101)),
    ]).limit("limit", 100);
    CHART_CONFIG = get("/v1/chart/config", &[MARKET], &[]);
    CHART_TIME = get("/v1/chart/time", &[MARKET], &[]);
    CHART_HEALTH = get("/tv/health", &[], &[]).docs();
}
