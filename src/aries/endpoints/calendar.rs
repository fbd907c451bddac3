//! Earnings, economic events and indicators (`aries-api/options-analytics-calendars.md` 7 to 9).

use super::{CALENDAR, FROM, SYMBOL, TO};
use crate::aries::endpoint::ParamKind::{Date, Id};
use crate::aries::endpoint::{Endpoint, Param, required};
use crate::aries::shape::Unit::{Date as Day, Millions, Number, Price, Quantity, Stamp, Text, Word};
use crate::aries::shape::{Order, col, more, rows};

/// Both days are required; one day is what a person means who names one.
const RANGE: [Param; 2] = [FROM.or("today"), TO.or("=from")];

/// Who reports when (`options-analytics-calendars.md` 8). The list is long in season, so the largest stand first.
pub(crate) static EARNINGS_CALENDAR: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "earnings",
    title: "who reports when, largest first",
    path: "/v1/calendars/earnings",
    scopes: &[CALENDAR],
    params: &[RANGE[0], RANGE[1], SYMBOL.optional()],
    shape: rows(&[
        col("date", "date", Day),
        col("hour", "hour", Word),
        col("symbol", "symbol", Word),
        col("name", "name", Text(40)),
        col("EPS est.", "epsEstimate", Price),
        col("EPS", "epsActual", Price),
        col("revenue est. M", "revenueEstimate", Millions),
        col("revenue M", "revenueActual", Millions),
        col("cap M", "marketCap", Millions),
        more("quarter", "quarter", Quantity),
        more("year", "year", Quantity),
        more("EPS surprise", "epsSurprise", Number),
        more("revenue surprise", "revenueSurprise", Number),
        more("rating", "analystRating/currentRating", Word),
        more("target", "analystRating/priceTarget", Word),
        more("ratings", "analystRating/totalRatings", Word),
        more("success", "analystRating/successRate", Word),
        more("return", "analystRating/averageReturn", Word),
    ])
    .units("USD, M = millions; bmo before open, amc after close, dmh during hours")
    .order(Order::Down("marketCap"))
    .usual(40),
    example: r#"{"view":"earnings","from":"tomorrow"}"#,
    ..Endpoint::READ
};

/// Economic events (`options-analytics-calendars.md` 7): one day per call.
pub(crate) static ECONOMIC_CALENDAR: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "economy",
    title: "economic events",
    path: "/v1/calendars/economics",
    scopes: &[CALENDAR],
    params: &[required("date", "date", Date)],
    each_day: Some("date"),
    rows: "events",
    shape: rows(&[
        col("date", "date", Day),
        col("time", "time", Word),
        col("country", "country", Word),
        col("event", "event", Text(60)),
        col("importance", "importance", Quantity),
        col("actual", "actual", Word),
        col("forecast", "forecast", Word),
        col("previous", "previous", Word),
        col("code", "ticker,symbol", Word),
        more("for", "reference", Word),
        more("category", "category", Text(40)),
        more("TE forecast", "teForecast", Word),
        more("unit", "unit", Word),
        more("source", "source", Text(60)),
        more("updated", "lastUpdate", Stamp),
    ])
    .units("times as sent, zone not documented (probably UTC)")
    .usual(60),
    example: r#"{"view":"economy","from":"next week"}"#,
    ..Endpoint::READ
};

/// The history of an economic series (`options-analytics-calendars.md` 9).
pub(crate) static INDICATOR_HISTORY: Endpoint = Endpoint {
    tool: "get_calendar",
    view: "indicator",
    title: "history of an economic series, newest first",
    path: "/v1/calendars/historical/{symbol}",
    scopes: &[CALENDAR],
    params: &[required("code", "symbol", Id).about("Series code from the economy view, such as USURTOT")],
    shape: rows(&[
        col("date", "dateTime", Day),
        col("value", "value", Number),
        more("series", "historicalDataSymbol", Word),
        more("frequency", "frequency", Word),
        more("updated", "lastUpdate", Stamp),
    ])
    .head(&[col("", "country", Text(40)), col("", "category", Text(60)), col("", "frequency", Word)])
    .units("unit as in the economy view")
    .order(Order::Down("dateTime"))
    .usual(24),
    example: r#"{"view":"indicator","code":"USURTOT"}"#,
    ..Endpoint::READ
};
