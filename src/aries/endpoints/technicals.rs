//! Indicators, patterns and levels.

use super::{INTERVALS, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::DocStatus::{Inferred, Partly};
use crate::aries::endpoint::ParamKind::{Choice, Id, LastSecond, Seconds, Whole};
use crate::aries::endpoint::{Endpoint, Param, optional, required};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&INDICATOR, &PATTERNS, &LEVELS];

const INTERVAL: Param = required("interval", "resolution", Choice(INTERVALS)).or("1d");

/// A technical indicator. Its own inputs are inferred.
pub(crate) static INDICATOR: Endpoint = Endpoint {
    path: "/v1/indicator",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[
        SYMBOL,
        INTERVAL,
        required("indicator", "indicator", Id),
        optional("from", "from", Seconds).or("180 days ago"),
        optional("to", "to", LastSecond).or("today"),
        optional("period", "timeperiod", Whole(1, 1000)),
        optional(
            "price",
            "seriestype",
            Choice(&[("open", "o"), ("high", "h"), ("low", "l"), ("close", "c")]),
        ),
    ],
    ..Endpoint::READ
};

pub(crate) static PATTERNS: Endpoint = Endpoint {
    path: "/v1/scan/pattern",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, INTERVAL],
    rows: "data/points,points",
    ..Endpoint::READ
};

/// Support and resistance: the page is documented, its path is not.
pub(crate) static LEVELS: Endpoint = Endpoint {
    path: "/v1/scan/support-resistance",
    scopes: &[SUPPLEMENTAL],
    doc: Inferred,
    params: &[SYMBOL, INTERVAL],
    rows: "levels,data/levels,data,",
    ..Endpoint::READ
};
