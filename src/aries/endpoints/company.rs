//! What a company is and does (`aries-api/supplemental.md` 3, 7, 8).

use super::{FREQ, FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, fixed};
use crate::aries::shape::Unit::{Cents, Date, Number, Percent, Text, Word};
use crate::aries::shape::{Layout, Order, col, more, one, rows};

/// The profile; its members are not documented (`supplemental.md` 3), so likely ones come first and the rest follow.
pub(crate) static COMPANY_PROFILE: Endpoint = Endpoint {
    tool: "get_company",
    view: "profile",
    title: "name, industry, size",
    path: "/v1/company/profile",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[SYMBOL],
    rows: "data,results,",
    shape: one(&[
        col("name", "name,companyName", Text(80)),
        col("exchange", "exchange", Word),
        col("industry", "finnhubIndustry,industry", Text(60)),
        col("sector", "sector", Text(60)),
        col("country", "country", Word),
        col("currency", "currency", Word),
        col("IPO", "ipo,ipoDate", Date),
        col("market cap, as sent", "marketCapitalization,marketCap", Number),
        col("shares, as sent", "shareOutstanding,sharesOutstanding", Number),
        col("web", "weburl,website", Text(80)),
        col("description", "description", Text(600)),
    ])
    .layout(Layout::One { open: true })
    .units("members are not documented; units as Aries sends them")
    .usual(30),
    example: r#"{"view":"profile","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// A hundred figures of which the usual ones come first (`supplemental.md` 3).
pub(crate) static COMPANY_METRICS: Endpoint = Endpoint {
    tool: "get_company",
    view: "metrics",
    title: "beta, 52-week range and other figures",
    path: "/v1/company/metrics",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, fixed("metric", "all")],
    rows: "metric",
    shape: one(&[
        col("52-week high", "52WeekHigh", Number),
        col("on", "52WeekHighDate", Date),
        col("52-week low", "52WeekLow", Number),
        col("on", "52WeekLowDate", Date),
        col("52-week return %", "52WeekPriceReturnDaily", Percent),
        col("10-day average volume M", "10DayAverageTradingVolume", Number),
        col("beta", "beta", Number),
    ])
    .layout(Layout::One { open: true })
    .units("USD, M = millions; units of unnamed figures as Aries sends them")
    .usual(20),
    example: r#"{"view":"metrics","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// ESG scores over time (`supplemental.md` 8).
pub(crate) static ESG: Endpoint = Endpoint {
    tool: "get_company",
    view: "esg",
    title: "ESG scores over time",
    path: "/v1/stock/historical-esg",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    rows: "data",
    shape: rows(&[
        col("period", "period", Date),
        col("total", "totalESGScore", Number),
        col("environment", "environmentScore", Number),
        col("social", "socialScore", Number),
        col("governance", "governanceScore", Number),
    ])
    .order(Order::Down("period"))
    .usual(8),
    example: r#"{"view":"esg","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Filings with how much each item changed; it stands in for a list of filings (`supplemental.md` 7).
pub(crate) static FILINGS: Endpoint = Endpoint {
    tool: "get_company",
    view: "filings",
    title: "10-K and 10-Q filings with similarity to the one before",
    path: "/v1/filings/similarity-index",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FREQ],
    rows: "data/similarity",
    shape: rows(&[
        col("filed", "filedDate", Date),
        col("form", "form", Word),
        col("item 1", "item1", Number),
        col("item 1A", "item1a", Number),
        col("item 7", "item7", Number),
        more("item 2", "item2", Number),
        more("item 7A", "item7a", Number),
        more("accepted", "acceptedDate", Date),
        more("access number", "accessNumber", Word),
        more("filing", "filingUrl", Text(200)),
        more("report", "reportUrl", Text(200)),
    ])
    .units("similarity 0 to 1")
    .order(Order::Down("filedDate"))
    .usual(12),
    example: r#"{"view":"filings","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Contracts with the US government (`supplemental.md` 8).
pub(crate) static AWARDS: Endpoint = Endpoint {
    tool: "get_company",
    view: "awards",
    title: "US government awards",
    path: "/v1/stock/usa-spending",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FROM.or("365 days ago"), TO.or("today")],
    rows: "data",
    shape: rows(&[
        col("date", "actionDate", Date),
        col("value", "totalValue", Cents),
        col("agency", "awardingAgencyName", Text(50)),
        col("for", "awardDescription", Text(80)),
        more("recipient", "recipientName", Text(60)),
        more("parent", "recipientParentName", Text(60)),
        more("sub-agency", "awardingSubAgencyName", Text(60)),
        more("office", "awardingOfficeName", Text(60)),
        more("country", "country", Word),
        more("start", "performanceStartDate", Date),
        more("end", "performanceEndDate", Date),
        more("city", "performanceCity", Text(40)),
        more("state", "performanceState", Text(40)),
        more("naics", "naicsCode", Word),
        more("link", "permalink", Text(200)),
    ])
    .units("USD")
    .order(Order::Down("actionDate")),
    example: r#"{"view":"awards","symbol":"BA"}"#,
    ..Endpoint::READ
};
