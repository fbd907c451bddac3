//! What analysts say (`aries-api/options-analytics-calendars.md` 5, `supplemental.md` 5).

use super::{ANALYTICS, FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::ParamKind::Whole;
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, optional};
use crate::aries::shape::Unit::{Date, Price, Quantity, Stamp, Text, Word};
use crate::aries::shape::{Cursor, Layout, Order, col, more, one, rows};

/// Ratings by analysts (`options-analytics-calendars.md` 5). Pages count from 0 on the newer page, so 1 is the second.
pub(crate) static RATINGS: Endpoint = Endpoint {
    tool: "get_ratings",
    view: "ratings",
    title: "ratings and targets by analyst",
    path: "/v1/analytics/ratings",
    scopes: &[ANALYTICS],
    sure: Partly,
    params: &[
        SYMBOL.wire("tickers").optional(),
        FROM.wire("dateFrom"),
        TO.wire("dateTo"),
        optional("importance", "importance", Whole(0, 5)).about("Least importance"),
    ],
    rows: "ratings",
    shape: rows(&[
        col("date", "date", Date),
        col("symbol", "ticker", Word),
        col("firm", "analyst", Text(30)),
        col("action", "action_company", Word),
        col("rating", "rating_current", Word),
        col("before", "rating_prior", Word),
        col("target", "pt_current", Price),
        col("before", "pt_prior", Price),
        more("time", "time", Word),
        more("analyst", "analyst_name", Text(40)),
        more("company", "name", Text(60)),
        more("exchange", "exchange", Word),
        more("currency", "currency", Word),
        more("importance", "importance", Quantity),
        more("target action", "action_pt", Word),
        more("smart score", "ratings_accuracy/smart_score", Word),
        more("success rate", "ratings_accuracy/success_rate", Word),
        more("ratings made", "ratings_accuracy/total_ratings", Word),
        more("notes", "notes", Text(200)),
    ])
    .units("targets in the stock's currency")
    .order(Order::Down("date"))
    .limit("pageSize", 100)
    .cursor(Cursor::Page("page", 1)),
    example: r#"{"view":"ratings","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// The consensus target (`supplemental.md` 5).
pub(crate) static PRICE_TARGET: Endpoint = Endpoint {
    tool: "get_ratings",
    view: "target",
    title: "consensus price target",
    path: "/v1/stock/price-target",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    shape: one(&[
        col("mean", "targetMean", Price),
        col("median", "targetMedian", Price),
        col("high", "targetHigh", Price),
        col("low", "targetLow", Price),
        col("analysts", "numberAnalysts", Quantity),
        col("updated", "lastUpdated", Date),
    ])
    .units("USD"),
    example: r#"{"view":"target","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Upgrades and downgrades (`supplemental.md` 5).
pub(crate) static GRADE_CHANGES: Endpoint = Endpoint {
    tool: "get_ratings",
    view: "changes",
    title: "upgrades and downgrades, newest first",
    path: "/v1/stock/upgrade-downgrade",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL.optional(), FROM, TO],
    rows: "data",
    shape: rows(&[
        col("time", "gradeTime", Stamp),
        col("symbol", "symbol", Word),
        col("firm", "company", Text(30)),
        col("action", "action", Word),
        col("from", "fromGrade", Word),
        col("to", "toGrade", Word),
    ])
    .units("times New York")
    .order(Order::Down("gradeTime")),
    example: r#"{"view":"changes","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Insights: only the path and the scope are documented.
pub(crate) static INSIGHTS: Endpoint = Endpoint {
    tool: "get_ratings",
    view: "insights",
    title: "analyst insights",
    path: "/v1/analytics/insights",
    scopes: &[ANALYTICS],
    sure: Partly,
    rows: "insights,data,results,",
    shape: rows(&[]).layout(Layout::Open).units("members are not documented"),
    example: r#"{"view":"insights"}"#,
    ..Endpoint::READ
};
