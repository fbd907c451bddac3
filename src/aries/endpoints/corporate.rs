//! Dividends, splits and spin-offs (`aries-api/supplemental.md` 6).

use super::{FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, Param, fixed};
use crate::aries::shape::Unit::{Date, Number, Price, Quantity, Text, Word};
use crate::aries::shape::{Cursor, Order, Shape, col, more, rows};

/// Dividends by ex-date; a range without a symbol is the dividend calendar (`supplemental.md` 6).
pub(crate) static DIVIDENDS: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "dividends",
    title: "dividends by ex-date, newest first",
    path: "/v1/corporate-actions/dividends",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[
        // One ticker, despite the plural.
        SYMBOL.wire("tickers").optional(),
        FROM.wire("exDividendDateFrom"),
        TO.wire("exDividendDateTo"),
        fixed("sort", "ex_dividend_date.desc"),
    ],
    rows: "results,dividends",
    shape: rows(&[
        col("symbol", "ticker,symbol", Word),
        col("ex-date", "exDividendDate,exDate", Date),
        col("amount", "cashAmount,amount", Price),
        col("paid", "payDate,paymentDate", Date),
        col("per year", "frequency", Quantity),
        more("record", "recordDate", Date),
        more("kind", "distributionType", Word),
    ])
    .units("USD per share")
    .limit("limit", 500)
    .cursor(Cursor::Next)
    .usual(40),
    example: r#"{"view":"dividends","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Splits by execution date (`supplemental.md` 6).
pub(crate) static SPLITS: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "splits",
    title: "stock splits, newest first",
    path: "/v1/stock/split",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[
        SYMBOL.wire("tickers").optional(),
        FROM.wire("executionDateFrom"),
        TO.wire("executionDateTo"),
        fixed("sort", "execution_date.desc"),
    ],
    rows: "results",
    shape: rows(&[
        col("symbol", "ticker", Word),
        col("date", "executionDate", Date),
        col("new", "splitTo", Quantity),
        col("for old", "splitFrom", Quantity),
        col("kind", "adjustmentType", Word),
        more("factor", "historicalAdjustmentFactor", Number),
    ])
    .limit("limit", 500)
    .cursor(Cursor::Next)
    .usual(40),
    example: r#"{"view":"splits","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

const ACTION: [Param; 4] = [
    SYMBOL.wire("identifier"),
    fixed("identifierType", "Symbol"),
    FROM.wire("startDate").or("365 days ago"),
    TO.wire("endDate").or("today"),
];

const COMPANIES: Shape = rows(&[
    col("ex-date", "exDate", Date),
    col("ratio", "ratio", Word),
    col("from", "fromSymbol", Word),
    col("to", "toSymbol", Word),
    col("new company", "toCompanyName", Text(60)),
    more("old company", "fromCompanyName", Text(60)),
    more("declared", "declaredDate", Date),
    more("record", "recordDate", Date),
    more("paid", "paymentDate", Date),
    more("description", "description", Text(300)),
])
.order(Order::Down("exDate"));

/// Spin-offs (`supplemental.md` 6).
pub(crate) static SPINOFFS: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "spinoffs",
    title: "spin-offs of a company",
    path: "/v1/corporate-actions/spinoffs",
    scopes: &[SUPPLEMENTAL],
    params: &ACTION,
    rows: "spinoffs",
    shape: COMPANIES,
    example: r#"{"view":"spinoffs","symbol":"GE","from":"2023-01-01"}"#,
    ..Endpoint::READ
};
