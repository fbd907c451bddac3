//! Indicators, patterns and levels.

use super::common::*;

const INTERVAL: Param = required("interval", "resolution", Choice(INTERVALS)).or("1d");

rows! {
    /// The indicator's own inputs are inferred.
    INDICATOR = get("/v1/indicator", &[SUPPLEMENTAL], &[
        SYMBOL, INTERVAL,
        required("indicator", "indicator", Id),
        optional("from", "from", Seconds).or("180 days ago"),
        optional("to", "to", LastSecond).or("today"),
        optional("period", "timeperiod", Whole(1, 1000)),

        optional("price", "seriestype", Choice(&[("open", "o"), ("high", "h"), ("low", "l"), ("close", "c")])),
    ]);
    PATTERNS = get("/v1/scan/pattern", &[SUPPLEMENTAL], &[SYMBOL, INTERVAL]).rows("data/points,points");
    /// The page is documented, its path is not.
    LEVELS = get("/v1/scan/support-resistance", &[SUPPLEMENTAL], &[SYMBOL, INTERVAL])
        .inferred().rows("levels,data/levels,data,");
}
