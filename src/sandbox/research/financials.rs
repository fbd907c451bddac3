//! Financial statements and ratios (supplemental.md 4). The two styles of statements differ in units: millions here,
//! whole dollars there, as documented.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::super::answer::{Answer, Reply, number};
use super::super::call::Call;
use super::super::data::rows::{self, fixed, within};
use super::super::market::{self, calendar};
use super::super::world::World;
use super::companies::{COMPANIES, Company};
use super::company;
use super::near;
use super::quarters::{Figures, Quarter};

/// Years of history.
const YEARS: i64 = 6;
/// A statement in thousands of dollars (per share: in cents), by documented name.
type Lines = Vec<(&'static str, i64)>;

/// `GET /v1/financials/statements`: in millions, newest first.
pub(crate) fn statements(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    call.required("statement")?;
    call.required("freq")?;
    let kind = rows::choice(call, "statement", &["ic", "bs", "cf"])?;
    let annual = rows::choice(call, "freq", &["annual", "quarterly"])? == "annual";
    let today = market::today(call.now);
    let financials: Value = periods(company, annual, today)
        .map(|last| {
            let figures = figures(company, last, annual, today);
            let lines = match kind {
                "ic" => income(company, figures),
                "bs" => balance(company, figures, annual),
                _ => cash_flow(company, figures).into_iter().map(|(_, name, value)| (name, value)).collect(),
            };
            let mut row = Map::new();
            row.insert("period".into(), json!(last.end().to_string()));
            row.insert("year".into(), json!(last.year()));
            if !annual {
                row.insert("quarter".into(), json!(last.number()));
            }
            row.extend(lines.into_iter().map(|(name, value)| {
                let places = if name == "dilutedEPS" { 2 } else { 3 };
                (name.to_owned(), fixed(value, places))
            }));
            Value::Object(row)
        })
        .collect();
    Answer::ok(&json!({ "data": { "symbol": company.symbol, "financials": financials } }))
}

/// The last quarters of the periods whose figures are out, newest first.
fn periods(company: &Company, annual: bool, today: Date) -> impl Iterator<Item = Quarter> {
    let last = company.last_reported(today);
    let (first, step) = if annual { (last.number() % 4, 4) } else { (0, 1) };
    (0..YEARS * 4 / step).map(move |count| last.back(first + count * step))
}

fn figures(company: &Company, last: Quarter, annual: bool, today: Date) -> Figures {
    if annual { company.yearly(last, today) } else { company.figures(last, today) }
}

fn income(company: &Company, of: Figures) -> Lines {
    let tax = of.net * 19 / 100;
    let expenses = of.gross - of.operating;
    vec![
        ("revenue", of.revenue),
        ("costOfGoodsSold", of.revenue - of.gross),
        ("grossIncome", of.gross),
        ("sgaExpense", expenses * 6 / 10),
        ("researchDevelopment", expenses - expenses * 6 / 10),
        ("totalOperatingExpense", of.revenue - of.operating),
        ("ebit", of.operating),
        ("interestIncomeExpense", 0),
        ("totalOtherIncomeExpenseNet", of.net + tax - of.operating),
        ("nonRecurringItems", 0),
        ("pretaxIncome", of.net + tax),
        ("provisionforIncomeTaxes", tax),
        ("netIncomeAfterTaxes", of.net),
        ("netIncome", of.net),
        ("dilutedEPS", company.per_share(of.net)),
        ("dilutedAverageSharesOutstanding", company.shares * 1000),
    ]
}

/// The names of the balance sheet are not documented; these are guesses after look-alikes.
fn balance(company: &Company, of: Figures, annual: bool) -> Lines {
    let sales = if annual { of.revenue } else { of.revenue * 4 };
    let (assets, liabilities) = (sales * 13 / 10, sales * 7 / 10);
    vec![
        ("cashEquivalents", sales / 8),
        ("currentAssets", sales * 4 / 10),
        ("totalAssets", assets),
        ("currentLiabilities", sales * 3 / 10),
        ("longTermDebt", sales / 4),
        ("totalLiabilities", liabilities),
        ("totalEquity", assets - liabilities),
        ("sharesOutstanding", company.shares * 1000),
    ]
}

/// Cash flow, under the names of the style in dollars and of the style in millions (guesses after look-alikes).
fn cash_flow(company: &Company, of: Figures) -> Vec<(&'static str, &'static str, i64)> {
    let depreciation = of.revenue / 20;
    let operations = of.net + depreciation + of.revenue / 100;
    let equipment = -of.revenue / 16;
    let dividends = -company.dividend * company.shares * 10;
    let investing = equipment - of.revenue / 80;
    let financing = dividends - of.revenue / 50 - of.revenue / 25;
    vec![
        ("netIncome", "netIncomeStartingLine", of.net),
        ("depreciationDepletionAndAmortization", "depreciationAmortization", depreciation),
        ("changeInOtherOperatingAssetsAndLiabilitiesNet", "changesinWorkingCapital", of.revenue / 100),
        ("otherOperatingActivities", "otherFundsNonCashItems", 0),
        ("cashFromOperatingActivitiesContinuingOperations", "cashFromOperations", operations),
        ("netCashFromOperatingActivities", "netOperatingCashFlow", operations),
        ("purchaseOfPropertyPlantAndEquipment", "capex", equipment),
        ("otherInvestingActivities", "otherInvestingCashFlowItemsTotal", investing - equipment),
        ("netCashFromInvestingActivitiesContinuingOperations", "investingCashFlow", investing),
        ("netCashFromInvestingActivities", "netInvestingCashFlow", investing),
        ("dividends", "cashDividendsPaid", dividends),
        ("longTermDebtIssuancesRepayments", "issuanceReductionDebtNet", -of.revenue / 50),
        ("otherFinancingActivities", "otherFinancingActivities", -of.revenue / 25),
        ("netCashFromFinancingActivitiesContinuingOperations", "financingCashFlow", financing),
        ("netCashFromFinancingActivities", "netCashFinancingActivities", financing),
        ("changeInCashAndEquivalents", "changeinCash", operations + investing + financing),
    ]
}

/// `GET /v1/financials/income-statements`: in dollars.
pub(crate) fn income_statements(_: &mut World, call: &Call) -> Reply {
    filed(call, |company, of| {
        let tax = of.net * 19 / 100;
        let expenses = of.gross - of.operating;
        let eps = fixed(company.per_share(of.net), 2);
        let shares = json!(company.shares * 1_000_000);
        let other = of.net + tax - of.operating;
        let dollars = [
            ("revenue", of.revenue),
            ("costOfRevenue", of.revenue - of.gross),
            ("grossProfit", of.gross),
            ("researchDevelopment", expenses - expenses * 6 / 10),
            ("sellingGeneralAdministrative", expenses * 6 / 10),
            ("otherOperatingExpenses", 0),
            ("totalOperatingExpenses", expenses),
            ("operatingIncome", of.operating),
            ("otherIncomeExpense", other),
            ("totalOtherIncomeExpense", other),
            ("ebitda", of.operating + of.revenue / 20),
            ("incomeBeforeIncomeTaxes", of.net + tax),
            ("incomeTaxes", tax),
            ("consolidatedNetIncomeLoss", of.net),
            ("netIncomeLossAttributableCommonShareholders", of.net),
        ];
        let mut row: Map<String, Value> = in_dollars(&dollars);
        row.insert("basicEarningsPerShare".into(), eps.clone());
        row.insert("dilutedEarningsPerShare".into(), eps);
        row.insert("basicSharesOutstanding".into(), shares.clone());
        row.insert("dilutedSharesOutstanding".into(), shares);
        row
    })
}

/// `GET /v1/financials/cash-flow-statements`: in dollars.
pub(crate) fn cash_flow_statements(_: &mut World, call: &Call) -> Reply {
    filed(call, |company, of| {
        let lines: Lines = cash_flow(company, of).into_iter().map(|(name, _, value)| (name, value)).collect();
        in_dollars(&lines)
    })
}

fn in_dollars(lines: &[(&'static str, i64)]) -> Map<String, Value> {
    lines.iter().map(|(name, thousands)| ((*name).to_owned(), json!(thousands * 1000))).collect()
}

/// Statements of any companies, filtered and paged: the style with `tickers`.
fn filed(call: &Call, lines: impl Fn(&Company, Figures) -> Map<String, Value>) -> Reply {
    let today = market::today(call.now);
    let words = ["quarterly", "annual", "trailing_twelve_months"];
    let timeframe = rows::choice(call, "timeframe", &words)?;
    let mut found = Vec::new();
    for company in COMPANIES {
        for last in periods(company, timeframe == "annual", today) {
            if by_company(call, company)? && within(call, "periodEnd", &last.end())? {
                found.push((company, last));
            }
        }
    }
    if call.query("tickers").is_none() && call.query("tickersAnyOf").is_none() {
        found.sort_by_key(|(_, last)| std::cmp::Reverse(*last));
    }
    rows::page(call, &found, 10..=1000, |(company, last)| {
        let mut row = lines(company, figures(company, *last, timeframe != "quarterly", today));
        row.insert("cik".into(), json!(company.cik));
        row.insert("tickers".into(), json!([company.symbol]));
        row.insert("fiscalYear".into(), json!(last.year()));
        row.insert("fiscalQuarter".into(), json!(last.number()));
        row.insert("periodEnd".into(), json!(last.end().to_string()));
        row.insert("filingDate".into(), json!(company.report_day(*last).to_string()));
        row.insert("timeframe".into(), json!(timeframe));
        Some(Value::Object(row))
    })
}

/// The filters by ticker and by key that this style shares: `tickers` takes one, `tickersAnyOf` several.
pub(super) fn by_company(call: &Call, company: &Company) -> Result<bool, Answer> {
    let symbol = company.symbol.to_owned();
    let one = call.query("tickers").is_none_or(|ticker| ticker == symbol);
    let key = call
        .query("cik")
        .is_none_or(|cik| cik.trim_start_matches('0') == company.cik.trim_start_matches('0'));
    let any = rows::named(call, "tickersAnyOf", company.symbol) && rows::named(call, "ciks", company.cik);
    Ok(one && key && any && within(call, "ticker", &symbol)?)
}

/// `GET /v1/financials/ratios`: one row per company, of the last close.
pub(crate) fn ratios(world: &mut World, call: &Call) -> Reply {
    let mut found = Vec::new();
    for company in COMPANIES {
        if by_company(call, company)? {
            found.push(company);
        }
    }
    let market = world.market();
    let today = market::today(call.now);
    let day = calendar::trading_day_before(today);
    rows::page(call, &found, 100..=1000, |company| {
        let quote = market.quote(company.symbol, call.now)?;
        let price = market::cents(quote.previous_close)?;
        let year = company.yearly(company.last_reported(today), today);
        // In thousands of dollars; a ratio of two of these has two places.
        let capital = price * company.shares * 10;
        let to = |of: i64| fixed(capital * 100 / of.max(1), 2);
        let (equity, debt) = (year.revenue * 6 / 10, year.revenue / 4);
        let value = capital + debt - year.revenue / 8;
        let free = year.net * 9 / 10;
        let (assets, ebitda) = (year.revenue * 13 / 10, year.operating + year.revenue / 20);
        let of = |name: &str, around: i64| fixed(near(around, 40, company.symbol, name, 0), 2);
        Some(json!({
            "ticker": company.symbol,
            "cik": company.cik,
            "date": day.to_string(),
            "price": number(quote.previous_close),
            "averageVolume": company.instrument().map_or(0, |found| found.volume),
            "marketCap": capital * 1000,
            "earningsPerShare": fixed(company.per_share(year.net), 2),
            "priceToEarnings": to(year.net),
            "priceToBook": to(equity),
            "priceToSales": to(year.revenue),
            "priceToCashFlow": to(year.net + year.revenue * 6 / 100),
            "priceToFreeCashFlow": to(free),
            "dividendYield": fixed(company.dividend * 40_000 / price.max(1), 4),
            "returnOnAssets": fixed(year.net * 10_000 / assets.max(1), 4),
            "returnOnEquity": fixed(year.net * 10_000 / equity.max(1), 4),
            "debtToEquity": fixed(debt * 100 / equity.max(1), 2),
            "current": of("current", 140),
            "quick": of("quick", 110),
            "cash": of("cash", 45),
            "evToSales": fixed(value * 100 / year.revenue.max(1), 2),
            "evToEbitda": fixed(value * 100 / ebitda.max(1), 2),
            "enterpriseValue": value * 1000,
            "freeCashFlow": free * 1000,
        }))
    })
}
