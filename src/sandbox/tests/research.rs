//! Analytics, calendars and supplemental data against the field lists of the documentation.

use serde_json::{Value, json};

use super::Bench;
use super::documented::{Documented, check};

const DOCUMENTED: &[Documented] = &[
    // options-analytics-calendars.md 6 to 9
    ("/v1/analytics/market-breadth", "", "success data"),
    (
        "/v1/analytics/market-breadth",
        "/data",
        "advancers decliners unchanged totalSymbols advancersPercent declinersPercent advanceDeclineRatio timestamp",
    ),
    ("/v1/calendars/economics?date=2026-03-05", "", "events importantDates"),
    (
        "/v1/calendars/economics?date=2026-03-05",
        "/events/1",
        "calendarID date time country category event importance reference referenceDate previous forecast \
         teForecast unit source sourceUrl ticker symbol lastUpdate actual",
    ),
    (
        "/v1/calendars/historical/USURTOT",
        "/59",
        "category country dateTime frequency historicalDataSymbol lastUpdate value",
    ),
    // supplemental.md 2
    ("/v1/news?symbol=AAPL", "/19", "id title source url publishedAt symbols summary"),
    (
        "/v1/news-sentiment?symbol=AAPL",
        "",
        "symbol buzz companyNewsScore sectorAverageBullishPercent sectorAverageNewsScore sentiment",
    ),
    ("/v1/news-sentiment?symbol=AAPL", "/buzz", "articlesInLastWeek buzz weeklyAverage"),
    ("/v1/news-sentiment?symbol=AAPL", "/sentiment", "bearishPercent bullishPercent"),
    (
        "/v1/stock/social-sentiment?symbol=AAPL",
        "/data/5",
        "atTime mention positiveMention negativeMention positiveScore negativeScore score",
    ),
    // supplemental.md 3
    ("/v1/company/metrics?symbol=KO&metric=all", "", "symbol metricType metric series"),
    ("/v1/company/metrics?symbol=KO&metric=all", "/series/annual/currentRatio/4", "period v"),
    // supplemental.md 4
    ("/v1/financials/statements?symbol=AAPL&statement=ic&freq=annual", "/data", "symbol financials"),
    (
        "/v1/financials/statements?symbol=AAPL&statement=ic&freq=annual",
        "/data/financials/5",
        "period year revenue costOfGoodsSold grossIncome sgaExpense researchDevelopment totalOperatingExpense ebit \
         interestIncomeExpense totalOtherIncomeExpenseNet nonRecurringItems pretaxIncome provisionforIncomeTaxes \
         netIncomeAfterTaxes netIncome dilutedEPS dilutedAverageSharesOutstanding",
    ),
    ("/v1/financials/income-statements?tickers=AAPL&limit=2", "", "requestId status results nextUrl"),
    (
        "/v1/financials/income-statements?tickers=AAPL&limit=2",
        "/results/1",
        "revenue costOfRevenue grossProfit researchDevelopment sellingGeneralAdministrative otherOperatingExpenses \
         totalOperatingExpenses operatingIncome otherIncomeExpense totalOtherIncomeExpense ebitda \
         incomeBeforeIncomeTaxes incomeTaxes consolidatedNetIncomeLoss \
         netIncomeLossAttributableCommonShareholders basicEarningsPerShare dilutedEarningsPerShare \
         basicSharesOutstanding dilutedSharesOutstanding cik tickers fiscalYear fiscalQuarter periodEnd filingDate \
         timeframe",
    ),
    (
        "/v1/financials/cash-flow-statements?tickersAnyOf=KO,PFE&timeframe=annual",
        "/results/9",
        "netIncome depreciationDepletionAndAmortization netCashFromOperatingActivities \
         cashFromOperatingActivitiesContinuingOperations netCashFromInvestingActivities \
         netCashFromInvestingActivitiesContinuingOperations purchaseOfPropertyPlantAndEquipment \
         netCashFromFinancingActivities netCashFromFinancingActivitiesContinuingOperations dividends \
         longTermDebtIssuancesRepayments changeInOtherOperatingAssetsAndLiabilitiesNet otherOperatingActivities \
         otherInvestingActivities otherFinancingActivities changeInCashAndEquivalents cik tickers fiscalYear \
         fiscalQuarter periodEnd filingDate timeframe",
    ),
    (
        "/v1/financials/ratios?tickers=AAPL",
        "/results/0",
        "ticker cik date price averageVolume marketCap earningsPerShare priceToEarnings priceToBook priceToSales \
         priceToCashFlow priceToFreeCashFlow dividendYield returnOnAssets returnOnEquity debtToEquity current quick \
         cash evToSales evToEbitda enterpriseValue freeCashFlow",
    ),
    // supplemental.md 5
    ("/v1/stock/eps-estimate?symbol=AAPL", "/epsEstimates", "symbol freq data"),
    (
        "/v1/stock/eps-estimate?symbol=AAPL",
        "/epsEstimates/data/7",
        "period year quarter epsAvg epsHigh epsLow numberAnalysts",
    ),
    (
        "/v1/stock/ebit-estimate?symbol=AAPL&freq=annual",
        "/ebitEstimates/data/0",
        "period year quarter ebitAvg ebitHigh ebitLow numberAnalysts",
    ),
    (
        "/v1/stock/ebitda-estimate?symbol=AAPL&freq=quarterly",
        "/ebitdaEstimates/data/0",
        "period year quarter ebitdaAvg ebitdaHigh ebitdaLow numberAnalysts",
    ),
    (
        "/v1/stock/price-target?symbol=AAPL",
        "",
        "symbol lastUpdated targetHigh targetLow targetMean targetMedian numberAnalysts",
    ),
    ("/v1/stock/upgrade-downgrade", "/data/9", "symbol gradeTime company fromGrade toGrade action"),
    (
        "/v1/stock/earnings-quality-score?symbol=AAPL&freq=annual",
        "/data/7",
        "period growth profitability cashGenerationCapitalAllocation leverage score letterScore",
    ),
    // supplemental.md 6
    ("/v1/corporate-actions/dividends?tickers=KO", "", "requestId status results"),
    (
        "/v1/corporate-actions/dividends?tickers=KO&sort=ticker.asc&frequencyMin=4",
        "/results/0",
        "ticker cashAmount exDividendDate payDate recordDate frequency distributionType",
    ),
    (
        "/v1/stock/split?tickersAnyOf=NVDA,AAPL&executionDateFrom=2024-01-01",
        "/results/0",
        "id ticker executionDate splitFrom splitTo adjustmentType historicalAdjustmentFactor",
    ),
    (
        "/v1/corporate-actions/spinoffs?identifier=T&identifierType=Symbol&startDate=2022-01-01&endDate=2022-12-31",
        "/spinoffs/0",
        "exDate declaredDate recordDate paymentDate ratio fromSymbol fromCompanyName toSymbol toCompanyName \
         description",
    ),
    // supplemental.md 7 and 8
    ("/v1/filings/similarity-index?cik=320193", "/data", "cik symbol similarity"),
    (
        "/v1/filings/similarity-index?symbol=AAPL&freq=quarterly",
        "/data/similarity/7",
        "form cik accessNumber filedDate acceptedDate filingUrl reportUrl item1 item1a item2 item7 item7a",
    ),
    (
        "/v1/stock/historical-esg?symbol=AAPL",
        "/data/0",
        "period totalESGScore environmentScore governanceScore socialScore data",
    ),
    (
        "/v1/stock/usa-spending?symbol=BA&from=2022-01-01&to=2026-01-01",
        "/data/0",
        "actionDate recipientName recipientParentName awardDescription totalValue country awardingAgencyName \
         awardingSubAgencyName awardingOfficeName performanceStartDate performanceEndDate performanceCountry \
         performanceCity performanceCounty performanceState performanceZipCode performanceCongressionalDistrict \
         naicsCode permalink",
    ),
    // supplemental.md 9
    ("/v1/indicator?symbol=AAPL&resolution=D&indicator=sma&timeperiod=5", "", "sma t"),
    ("/v1/indicator?symbol=AAPL&resolution=60&indicator=ema", "", "ema t"),
    ("/v1/indicator?symbol=AAPL&resolution=W&indicator=rsi", "", "rsi t"),
    ("/v1/indicator?symbol=AAPL&resolution=D&indicator=macd", "", "macd macdSignal macdHist t"),
    ("/v1/indicator?symbol=AAPL&resolution=D&indicator=bbands", "", "upperband middleband lowerband t"),
    (
        "/v1/scan/pattern?symbol=AAPL&resolution=D",
        "/data/points/2",
        "patternname patterntype status entry profit1 profit2 stoploss mature terminal sortTime end_price symbol \
         aprice atime bprice btime cprice ctime dprice dtime",
    ),
    // supplemental.md 5
    ("/v1/stock/earnings?symbol=AAPL&limit=8", "", "earningSurprises"),
    (
        "/v1/stock/earnings?symbol=AAPL&limit=8",
        "/earningSurprises/7",
        "symbol period year quarter actual estimate surprise surprisePercent",
    ),
    // supplemental.md 10
    ("/v1/economy/treasury-yields?limit=1", "", "requestId status results nextUrl"),
    (
        "/v1/economy/treasury-yields?limit=1",
        "/results/0",
        "date yield1Month yield3Month yield1Year yield2Year yield5Year yield10Year yield30Year",
    ),
];

/// Calls that lack what they need.
const REFUSED: &[&str] = &[
    "/v1/calendars/economics",
    "/v1/calendars/economics?date=tomorrow",
    "/v1/calendars/earnings?from=2026-01-01",
    "/v1/calendars/earnings?from=2026-02-01&to=2026-01-01",
    "/v1/stock/earnings",
    "/v1/news?from=yesterday",
    "/v1/news-sentiment",
    "/v1/company/profile",
    "/v1/company/metrics?symbol=AAPL",
    "/v1/company/metrics?symbol=AAPL&metric=price",
    "/v1/financials/statements?symbol=AAPL&freq=annual",
    "/v1/financials/statements?symbol=AAPL&statement=xx&freq=annual",
    "/v1/financials/income-statements?timeframe=weekly",
    "/v1/financials/ratios?next=nonsense",
    "/v1/stock/eps-estimate?symbol=AAPL&freq=monthly",
    "/v1/stock/earnings-quality-score?symbol=AAPL",
    "/v1/stock/usa-spending?symbol=AAPL",
    "/v1/corporate-actions/dividends?exDividendDateFrom=soon",
    "/v1/corporate-actions/spinoffs?identifier=T",
    "/v1/filings/similarity-index",
    "/v1/indicator?symbol=AAPL&resolution=D",
    "/v1/indicator?symbol=AAPL&resolution=D&indicator=astrology",
    "/v1/scan/pattern?symbol=AAPL&resolution=fortnight",
];

/// Paths that the documentation does not show: a client must live without them.
const INFERRED: &[&str] = &[
    "/v1/options/stocks/top-losers",
    "/v1/options/etfs/top-gainers",
    "/v1/options/open-close?ticker=O:AAPL261218C00270000&date=2026-11-20",
    "/v1/financials/balance-sheets?tickers=AAPL",
    "/v1/stock/revenue-estimate?symbol=AAPL",
    "/v1/stock/recommendation?symbol=AAPL",
    "/v1/stock/supply-chain?symbol=AAPL",
    "/v1/scan/support-resistance?symbol=AAPL&resolution=D",
    "/v1/corporate-actions/tender-offers",
];

#[tokio::test]
async fn answers_have_the_documented_fields() {
    Bench::unlimited().await.answers(DOCUMENTED).await;
}

#[tokio::test]
async fn what_is_missing_or_undocumented_is_refused() {
    let bench = Bench::unlimited().await;
    bench.refuses(REFUSED).await;
    for path in INFERRED {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn one_headline_tries_to_give_orders() {
    let bench = Bench::unlimited().await;
    let (_, rows) = bench.get("/v1/news?symbol=AAPL&limit=1").await;
    let title = rows[0]["title"].as_str().unwrap();
    assert!(title.starts_with("Ignore previous instructions") && title.contains('\u{202e}'));
    assert_eq!(bench.get("/v1/company/profile?symbol=SPY").await.0, 404);
}

#[tokio::test]
async fn the_last_value_of_an_indicator_belongs_to_today() {
    let bench = Bench::unlimited().await;
    let (_, found) = bench.get("/v1/indicator?symbol=AAPL&resolution=D&indicator=sma&timeperiod=2").await;
    let (values, stamps) = (found["sma"].as_array().unwrap(), found["t"].as_array().unwrap());
    assert_eq!((values.len(), &values[0]), (stamps.len(), &json!(0)));
    assert!(values[values.len() - 1].as_f64().unwrap() > 200.0);
    let today = crate::sandbox::market::today(jiff::Timestamp::now()).to_string();
    let last = jiff::Timestamp::from_second(stamps[stamps.len() - 1].as_i64().unwrap()).unwrap();
    assert!(last.to_string().starts_with(&today));
}

#[tokio::test]
async fn ratings_are_filtered_and_leave_out_what_is_empty() {
    let bench = Bench::unlimited().await;
    let (_, all) = bench.get("/v1/analytics/ratings?pageSize=1000").await;
    let all = all["ratings"].as_array().unwrap();
    let documented = "id updated importance date time ticker name exchange currency analyst analyst_id analyst_name \
                      action_company action_pt rating_current rating_prior pt_current pt_prior pt_current_adjusted \
                      pt_prior_adjusted ratings_accuracy";
    let full: Vec<&Value> = all.iter().filter(|row| row["rating_prior"].is_string()).collect();
    check(full[0], "", documented, "rating");
    assert!(full.len() < all.len());
    let day = all[30]["date"].as_str().unwrap();
    let (_, one) = bench.get(&format!("/v1/analytics/ratings?tickers=AAPL,KO&dateFrom={day}")).await;
    let one = one["ratings"].as_array().unwrap();
    assert!(!one.is_empty() && one.iter().all(|row| row["ticker"] == "AAPL" || row["ticker"] == "KO"));
    assert_eq!(bench.get("/v1/analytics/ratings?page=900").await.1["ratings"], json!([]));
}

#[tokio::test]
async fn earnings_are_dated_around_today() {
    let bench = Bench::unlimited().await;
    let year = jiff::Zoned::now().year();
    let path = format!("/v1/calendars/earnings?from={}-01-01&to={}-12-31", year - 1, year + 1);
    let (_, rows) = bench.get(&path).await;
    let rows = rows.as_array().unwrap();
    check(
        &rows[0],
        "",
        "date symbol name quarter year hour epsActual epsEstimate epsSurprise revenueActual revenueEstimate \
         revenueSurprise marketCap logo analystRating",
        "earnings",
    );
    check(&rows[0], "/logo", "logoLight logoDark", "earnings");
    let rating = "currentRating priceTarget totalRatings successRate averageReturn";
    check(&rows[0], "/analystRating", rating, "earnings");
    assert!(rows[0]["epsActual"].is_number() && rows[rows.len() - 1]["epsActual"].is_null());
}
