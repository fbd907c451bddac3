//! `get_financials`: statements and ratios. One endpoint sends millions, the other whole dollars: both are shown in millions.

use super::*;

/// Statements as filed with the SEC.
const FILED: Shape = Shape {
    layout: Layout::Transposed { label: &["periodEnd", "fiscalYear", "fiscalQuarter"] },
    units: "USD millions, shares in millions, per share in USD",
    order: Order::Down("periodEnd"),
    growth: FILED_GROWTH,
    usual: 4,
    ..Shape::TABLE
};

/// Of a cash flow statement.
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

/// Of all three kinds of statement in millions; each kind has only its own. What is not named here is shown with all.
const STATEMENT: &[Column] = &[
    col("revenue", "revenue", Whole),
    more("cost of revenue", "costOfGoodsSold", Whole),
    col("gross profit", "grossIncome", Whole),
    more("R&D", "researchDevelopment", Whole),
    more("SG&A", "sgaExpense", Whole),
    more("operating expenses", "totalOperatingExpense", Whole),
    col("operating income (EBIT)", "ebit", Whole),
    more("interest", "interestIncomeExpense", Whole),
    more("other income", "totalOtherIncomeExpenseNet", Whole),
    more("non-recurring", "nonRecurringItems", Whole),
    more("pre-tax income", "pretaxIncome", Whole),
    more("taxes", "provisionforIncomeTaxes", Whole),
    more("net income after taxes", "netIncomeAfterTaxes", Whole),
    col("net income", "netIncome,netIncomeStartingLine", Whole),
    col("EPS", "dilutedEPS", Number),
    more("shares diluted", "dilutedAverageSharesOutstanding", Whole),
    col("cash", "cashEquivalents", Whole),
    col("current assets", "currentAssets", Whole),
    col("total assets", "totalAssets", Whole),
    col("current liabilities", "currentLiabilities", Whole),
    col("long-term debt", "longTermDebt", Whole),
    col("total liabilities", "totalLiabilities", Whole),
    col("equity", "totalEquity", Whole),
    col("from operations", "netOperatingCashFlow", Whole),
    col("capital expenditure", "capex", Whole),
    col("from investing", "netInvestingCashFlow", Whole),
    col("dividends paid", "cashDividendsPaid", Whole),
    col("from financing", "netCashFinancingActivities", Whole),
    col("change in cash", "changeinCash", Whole),
];

/// What a statement in millions is judged by; a balance sheet has none of it.
const GROWTH: &[Column] = &[
    col("revenue", "revenue", Whole),
    col("net income", "netIncome", Whole),
    col("EPS", "dilutedEPS", Cents),
    col("from operations", "netOperatingCashFlow", Whole),
];
const FILED_GROWTH: &[Column] = &[
    col("revenue", "revenue", Millions),
    col("net income", "consolidatedNetIncomeLoss,netIncome", Millions),
    col("EPS diluted", "dilutedEarningsPerShare", Cents),
    col("from operations", "netCashFromOperatingActivities", Millions),
];

pub(in crate::tools) static GET_FINANCIALS: Tool = Tool {
    name: "get_financials",
    title: "Get financial statements",
    description: "Income, balance and cash flow statements of a company in USD millions (`limit` counts periods), with growth and \
                  twelve months; revenue by product and region; P/E and other ratios.",
    example: r#"{"view":"statements","symbol":"AAPL","statement":"balance"}"#,
    work: Work::Views(Views {
        arguments: &[
            SYMBOL,
            ("statement", "Which one; income if left out"),
            FREQ,
            ("preliminary", "Also preliminary figures"),
            FROM,
            TO,
        ],
        views: &[
            view(
                "statements",
                "income, balance or cash flow statements, newest first",
                &endpoints::STATEMENTS,
            )
            .example(r#"{"symbol":"AAPL","statement":"income","freq":"annual"}"#)
            .layout(Layout::OpenTransposed { label: &["period", "year"] })
            .rows(STATEMENT)
            .units("USD millions, rounded; EPS diluted, in USD; periods by their end; more figures: `fields`")
            .order(Order::Down("period"))
            .growth(GROWTH)
            .usual(4),
            view("filed_income", "income statements as filed with the SEC", &endpoints::FILED_INCOME).shape(
                Shape {
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
                        col("EPS diluted", "dilutedEarningsPerShare", Amount),
                        col("shares diluted", "dilutedSharesOutstanding", Millions),
                        more("net income to common", "netIncomeLossAttributableCommonShareholders", Millions),
                        more("EPS basic", "basicEarningsPerShare", Amount),
                        more("shares basic", "basicSharesOutstanding", Millions),
                        more("other operating expenses", "otherOperatingExpenses", Millions),
                        more("other income/expense", "otherIncomeExpense", Millions),
                        more("filed", "filingDate", Date),
                    ],
                    ..FILED
                },
            ),
            view(
                "filed_cash_flow",
                "cash flow statements as filed with the SEC",
                &endpoints::FILED_CASH_FLOW,
            )
            .shape(Shape { columns: CASH_FLOW, ..FILED }),
            view("breakdown", "revenue by product and region, newest first", &endpoints::REVENUE_BREAKDOWN)
                .inner(&["breakdown/revenueBreakdown", "data"])
                .rows(&[
                    col("period ends", "^endDate", Date),
                    col("by", "^label,^axis", Text(40)),
                    col("part", "label,member", Text(60)),
                    col("revenue M", "value", Millions),
                    col("share %", "percentage", Number),
                    more("begins", "^startDate", Date),
                    more("all M", "^value", Millions),
                    more("unit", "unit", Word),
                    more("access number", "^accessNumber", Word),
                ])
                .units("M = millions, of USD where no unit says otherwise; share as sent")
                .order(Order::Down("^endDate"))
                .usual(30),
            view("reported", "every figure as filed with the SEC, newest filing first", &endpoints::REPORTED)
                .inner(&["report/bs,report/ic,report/cf"])
                .rows(&[
                    col("period ends", "^endDate", Date),
                    col("statement", "^list", Word),
                    col("figure", "label,concept", Text(80)),
                    col("value", "value", Whole),
                    col("unit", "unit", Word),
                    more("concept", "concept", Word),
                    more("form", "^form", Word),
                    more("filed", "^filedDate", Date),
                    more("begins", "^startDate", Date),
                    more("year", "^year", Word),
                    more("quarter", "^quarter", Word),
                    more("access number", "^accessNumber", Word),
                ])
                .units("bs balance sheet, ic income, cf cash flow; values in the unit beside them")
                .order(Order::Down("^endDate"))
                .usual(60),
            view("ratios", "price, valuation and size", &endpoints::RATIOS)
                .one(&[
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
        ],
    }),
    ..Tool::READER
};
