//! Statements and ratios (`aries-api/supplemental.md` 4). One call sends millions, the other whole dollars: both
//! leave in millions.

use super::{FREQ, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::ParamKind::{Choice, Flag};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, optional, required};
use crate::aries::shape::Unit::{Cents, Date, Fraction, Millions, Number, Price};
use crate::aries::shape::{Column, Cursor, Layout, Order, Shape, col, more, one, rows};

const STATEMENT_KINDS: &[(&str, &str)] = &[("income", "ic"), ("balance", "bs"), ("cash_flow", "cf")];

/// Statements from the 1980s on (`supplemental.md` 4). Only the income members are documented, so all are shown.
pub(crate) static STATEMENTS: Endpoint = Endpoint {
    tool: "get_financials",
    view: "statements",
    title: "income, balance or cash flow statements, newest first",
    path: "/v1/financials/statements",
    scopes: &[SUPPLEMENTAL],
    params: &[
        SYMBOL,
        required("statement", "statement", Choice(STATEMENT_KINDS))
            .or("income")
            .about("Which one; income if left out"),
        FREQ,
        optional("preliminary", "preliminary", Flag).about("Also preliminary figures"),
    ],
    rows: "data/financials,data",
    shape: rows(&[])
        .layout(Layout::Turned { label: &["period", "year"] })
        .units("USD millions, rounded; per share in USD")
        .order(Order::Down("period"))
        .usual(4),
    example: r#"{"view":"statements","symbol":"AAPL","statement":"income","freq":"annual"}"#,
    ..Endpoint::READ
};

const FILED: Shape = rows(&[])
    .layout(Layout::Turned { label: &["periodEnd", "fiscalYear", "fiscalQuarter"] })
    .units("USD millions, shares in millions, per share in USD")
    .order(Order::Down("periodEnd"))
    .limit("limit", 100)
    .cursor(Cursor::Next)
    .usual(4);

/// Income statements as filed with the SEC, in whole dollars (`supplemental.md` 4).
pub(crate) static FILED_INCOME: Endpoint = Endpoint {
    tool: "get_financials",
    view: "filed_income",
    title: "income statements as filed with the SEC",
    path: "/v1/financials/income-statements",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[SYMBOL.wire("tickers"), FREQ.wire("timeframe")],
    rows: "results",
    shape: Shape {
        columns: &[
            col("revenue", "revenue", Millions),
            col("cost of revenue", "costOfRevenue", Millions),
            col("gross profit", "grossProfit", Millions),
            col("R&D", "researchDevelopment", Millions),
            col("SG&A", "sellingGeneralAdministrative", Millions),
            col("operating expenses", "totalOperatingExpenses", Millions),
            col("operating income", "operatingIncome", Millions),
            col("other income", "totalOtherIncomeExpense", Millions),
            col("EBITDA", "ebitda", Millions),
            col("pre-tax income", "incomeBeforeIncomeTaxes", Millions),
            col("taxes", "incomeTaxes", Millions),
            col("net income", "consolidatedNetIncomeLoss", Millions),
            col("EPS diluted", "dilutedEarningsPerShare", Price),
            col("shares diluted", "dilutedSharesOutstanding", Millions),
            more("net income to common", "netIncomeLossAttributableCommonShareholders", Millions),
            more("EPS basic", "basicEarningsPerShare", Price),
            more("shares basic", "basicSharesOutstanding", Millions),
            more("other operating expenses", "otherOperatingExpenses", Millions),
            more("other income/expense", "otherIncomeExpense", Millions),
            more("filed", "filingDate", Date),
        ],
        ..FILED
    },
    example: r#"{"view":"filed_income","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

const CASH_FLOW: &[Column] = &[
    col("net income", "netIncome", Millions),
    col("depreciation", "depreciationDepletionAndAmortization", Millions),
    col("from operations", "netCashFromOperatingActivities", Millions),
    col("capital expenditure", "purchaseOfPropertyPlantAndEquipment", Millions),
    col("from investing", "netCashFromInvestingActivities", Millions),
    col("dividends", "dividends", Millions),
    col("debt", "longTermDebtIssuancesRepayments", Millions),
    col("from financing", "netCashFromFinancingActivities", Millions),
    col("change in cash", "changeInCashAndEquivalents", Millions),
    more("working capital", "changeInOtherOperatingAssetsAndLiabilitiesNet", Millions),
    more("other operating", "otherOperatingActivities", Millions),
    more("other investing", "otherInvestingActivities", Millions),
    more("other financing", "otherFinancingActivities", Millions),
    more("continuing operations", "cashFromOperatingActivitiesContinuingOperations", Millions),
    more("filed", "filingDate", Date),
];

/// Cash flow statements as filed with the SEC, in whole dollars (`supplemental.md` 4).
pub(crate) static FILED_CASH_FLOW: Endpoint = Endpoint {
    tool: "get_financials",
    view: "filed_cash_flow",
    title: "cash flow statements as filed with the SEC",
    path: "/v1/financials/cash-flow-statements",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[SYMBOL.wire("tickers"), FREQ.wire("timeframe")],
    rows: "results",
    shape: Shape { columns: CASH_FLOW, ..FILED },
    example: r#"{"view":"filed_cash_flow","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// Price, valuation and size in one call (`supplemental.md` 4).
pub(crate) static RATIOS: Endpoint = Endpoint {
    tool: "get_financials",
    view: "ratios",
    title: "price, valuation and size",
    path: "/v1/financials/ratios",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[SYMBOL.wire("tickers")],
    rows: "results",
    shape: one(&[
        col("date", "date", Date),
        col("price", "price", Price),
        col("market cap M", "marketCap", Millions),
        col("P/E", "priceToEarnings", Number),
        col("P/B", "priceToBook", Number),
        col("P/S", "priceToSales", Number),
        col("P/FCF", "priceToFreeCashFlow", Number),
        col("EPS", "earningsPerShare", Cents),
        col("dividend yield %", "dividendYield", Fraction),
        col("ROA %", "returnOnAssets", Fraction),
        col("ROE %", "returnOnEquity", Fraction),
        col("debt/equity", "debtToEquity", Number),
        col("current ratio", "current", Number),
        col("EV/EBITDA", "evToEbitda", Number),
        col("EV M", "enterpriseValue", Millions),
        col("FCF M", "freeCashFlow", Millions),
        more("average volume", "averageVolume", Number),
        more("P/CF", "priceToCashFlow", Number),
        more("quick ratio", "quick", Number),
        more("cash ratio", "cash", Number),
        more("EV/sales", "evToSales", Number),
    ])
    .units("USD, M = millions"),
    example: r#"{"view":"ratios","symbol":"AAPL"}"#,
    ..Endpoint::READ
};
