//! The tools that are views over endpoint rows. Each is one file: name, description, and its views with their endpoint
//! rows, titles, columns and examples.
//!
//! The files take the words they are written in from here (`use super::*`).

mod calendar;
mod company;
mod economy;
mod estimates;
mod financials;
mod index_bars;
mod movers;
mod news;
mod option_activity;
mod prediction_markets;
mod profile;
mod ratings;
mod technicals;

pub(super) use calendar::GET_CALENDAR;
pub(super) use company::GET_COMPANY;
pub(super) use economy::GET_ECONOMY;
pub(super) use estimates::GET_ESTIMATES;
pub(super) use financials::GET_FINANCIALS;
pub(super) use index_bars::GET_INDEX_BARS;
pub(super) use movers::GET_MOVERS;
pub(super) use news::GET_NEWS;
pub(super) use option_activity::GET_OPTION_ACTIVITY;
pub(super) use prediction_markets::GET_PREDICTION_MARKETS;
pub(super) use profile::GET_PROFILE;
pub(super) use ratings::GET_RATINGS;
pub(super) use technicals::GET_TECHNICALS;

use super::shape::Unit::*;
use super::shape::{Column, Layout, Order, Shape, col, more};
use super::tool::{Tool, Work};
use super::views::{View, Views, view};
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints;
use crate::config::Toolset;

// Arguments that mean the same in several tools.
const SYMBOL: (&str, &str) = ("symbol", "Ticker such as AAPL");
const FROM: (&str, &str) = ("from", "First day: 2026-12-14, today, next week, 90 days ago");
const TO: (&str, &str) = ("to", "Last day, in the same words");
const FREQ: (&str, &str) = ("freq", "Length of a period; annual if left out");
