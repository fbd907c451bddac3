//! The tools that are views over endpoint rows. Each is one file: name, description, and its views with their endpoint
//! rows, titles, columns and examples.
//!
//! The files take the words they are written in from here (`use super::*`).

pub(super) mod alternative_data;
pub(super) mod calendar;
pub(super) mod chart_data;
pub(super) mod company;
pub(super) mod economy;
pub(super) mod estimates;
pub(super) mod financials;
pub(super) mod fund;
pub(super) mod index_bars;
pub(super) mod movers;
pub(super) mod news;
pub(super) mod option_activity;
pub(super) mod ownership;
pub(super) mod prediction_markets;
pub(super) mod profile;
pub(super) mod ratings;
pub(super) mod screener;
pub(super) mod stock_data;
pub(super) mod technicals;

use super::shape::Unit::*;
use super::shape::{Column, Layout, Order, Shape, col, more};
use super::tool::{Tool, Work};
use super::views::{View, Views, view};
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints;
use crate::config::Toolset;

// Trades and quotes over time, of stocks and of contracts. Their time is the moment at which the feed had them.
const TRADES: &[Column] = &[
    col("time", "sipTimestamp,participantTimestamp", Stamp),
    col("price", "price", Price),
    col("size", "size", Quantity),
    more("exchange", "exchange", Word),
    more("conditions", "conditions", List),
    more("id", "id", Word),
];
const QUOTES: &[Column] = &[
    col("time", "sipTimestamp,participantTimestamp", Stamp),
    col("bid", "bidPrice", Price),
    col("bid size", "bidSize", Quantity),
    col("ask", "askPrice", Price),
    col("ask size", "askSize", Quantity),
    more("bid exchange", "bidExchange", Word),
    more("ask exchange", "askExchange", Word),
    more("conditions", "conditions", List),
];

// Arguments that mean the same in several tools.
const SYMBOL: (&str, &str) = ("symbol", "Ticker such as AAPL");
const FROM: (&str, &str) = ("from", "First day: 2026-12-14, next week, 90 days ago");
const TO: (&str, &str) = ("to", "Last day, likewise");
const FREQ: (&str, &str) = ("freq", "Period; annual if left out");
