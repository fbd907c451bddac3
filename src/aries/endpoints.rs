//! The endpoint table: one row per call of Aries' API (`aries-api/endpoints.csv`), in one file per group.
//!
//! Adding an endpoint means adding a row there, its name to [`ENDPOINTS`], and its case below `tests/cases`; schema,
//! scope filter, errors and README follow.

mod accounts;
mod calendar;
mod company;
mod corporate;
mod economy;
mod estimates;
mod financials;
mod market;
mod news;
mod options;
mod orders;
mod prediction;
mod ratings;
mod technicals;

use super::endpoint::ParamKind::{self, Choice, FirstDay, LastDay, Symbol};
use super::endpoint::{Endpoint, Param, optional, required};
use super::symbols::Form;

pub(crate) use accounts::*;
pub(crate) use calendar::*;
pub(crate) use company::*;
pub(crate) use corporate::*;
pub(crate) use economy::*;
pub(crate) use estimates::*;
pub(crate) use financials::*;
pub(crate) use market::*;
pub(crate) use news::*;
pub(crate) use options::*;
pub(crate) use orders::*;
pub(crate) use prediction::*;
pub(crate) use ratings::*;
pub(crate) use technicals::*;

const ACCOUNTS: &str = "account:information";
const USER: &str = "user:information";
const POSITIONS: &str = "position:information";
const ORDERS: &str = "order:information";
const MARKET: &str = "market:information";
const OPTIONS: &str = "options:information";
const ANALYTICS: &str = "analytics:information";
const CALENDAR: &str = "calendar:information";
const SUPPLEMENTAL: &str = "market:supplemental";

/// Bar sizes: our word and Aries' resolution (`aries-api/market-data.md` 5.1; `1M` is a month, `1` a minute).
pub(crate) const INTERVALS: &[(&str, &str)] = &[
    ("1m", "1"),
    ("5m", "5"),
    ("15m", "15"),
    ("30m", "30"),
    ("1h", "60"),
    ("1d", "1D"),
    ("1w", "1W"),
    ("1mo", "1M"),
];

const LIMIT_ORDERS: ParamKind = ParamKind::Whole(1, 500);

const SYMBOL: Param = required("symbol", "symbol", Symbol(Form::Ticker)).about("Ticker such as AAPL");
/// The beginning of a range of days.
pub(crate) const FROM: Param =
    optional("from", "from", FirstDay).about("First day: 2026-12-14, today, next week, 90 days ago");
/// The end of a range of days.
pub(crate) const TO: Param = optional("to", "to", LastDay).about("Last day, in the same words");
const FREQ: Param = optional("freq", "freq", Choice(&[("annual", "annual"), ("quarterly", "quarterly")]))
    .or("annual")
    .about("Length of a period; annual if left out");

/// Every row.
pub(crate) static ENDPOINTS: &[&Endpoint] = &[
    &USER_ACCOUNTS,
    &PROFILE,
    &BALANCES,
    &POSITIONS_HELD,
    &ORDERS_TODAY,
    &ORDERS_HISTORY,
    &ORDERS_LEGACY,
    &WATCHLISTS,
    &WATCHLISTS_REPLACED,
    &WATCHLIST_DELETED,
    &SEARCH,
    &SYMBOL_INFORMATION,
    &STOCK_QUOTE,
    &STOCK_TRADE,
    &STOCK_PREVIOUS,
    &STOCK_DAY,
    &OPTION_DETAILS,
    &INDEX_VALUES,
    &HISTORY,
    &INDEX_BARS,
    &INDEX_BAR,
    &INDEX_CHART_BARS,
    &GAINERS,
    &LOSERS,
    &BREADTH,
    &MARKET_STATUS,
    &CHAIN,
    &CONTRACT,
    &CONTRACT_SYMBOLS,
    &OPTION_GAINERS,
    &OPTION_LOSERS,
    &OPTION_VOLUME,
    &ETF_OPTION_GAINERS,
    &ETF_OPTION_LOSERS,
    &ETF_OPTION_VOLUME,
    &OPTION_TRADES,
    &OPTION_LAST_TRADE,
    &OPTION_PREVIOUS_DAY,
    &EARNINGS_CALENDAR,
    &ECONOMIC_CALENDAR,
    &DIVIDENDS,
    &SPLITS,
    &SPINOFFS,
    &INDICATOR_HISTORY,
    &COMPANY_PROFILE,
    &COMPANY_METRICS,
    &ESG,
    &FILINGS,
    &AWARDS,
    &STATEMENTS,
    &FILED_INCOME,
    &FILED_CASH_FLOW,
    &RATIOS,
    &EPS_ESTIMATE,
    &REVENUE_ESTIMATE,
    &EBIT_ESTIMATE,
    &EBITDA_ESTIMATE,
    &EARNINGS_SURPRISES,
    &QUALITY_SCORE,
    &RATINGS,
    &PRICE_TARGET,
    &GRADE_CHANGES,
    &INSIGHTS,
    &NEWS,
    &NEWS_SENTIMENT,
    &SOCIAL_SENTIMENT,
    &INDICATOR,
    &PATTERNS,
    &LEVELS,
    &TREASURY_YIELDS,
    &PREDICTION_SEARCH,
    &PREDICTION_PRODUCT,
    &PREDICTION_EVENT,
    &CANDIDATES,
    &CANDIDATE_TOTALS,
    &CANDIDATE,
    &RECEIPTS,
    &DISBURSEMENTS,
    &EXPENDITURES,
    &ORDER_PREVIEW,
    &ORDER_PLACE,
    &ORDER_REPLACE,
    &ORDER_CANCEL,
];
