//! `get_company`: what a company is and does.

use super::*;

pub(in crate::tools) static GET_COMPANY: Tool = Tool {
    name: "get_company",
    title: "Get company facts",
    description: "What a company is: profile, key metrics, ESG scores, SEC filings and government awards. \
                  Valuation ratios: get_financials.",
    example: r#"{"symbol":"AAPL"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FREQ, FROM, TO],
        views: &[
            view("profile", "name, industry, size", &endpoints::COMPANY_PROFILE)
                .one(&[
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
                .layout(Layout::OpenObject)
                .units("members are not documented; units as Aries sends them")
                .usual(30),
            view("metrics", "beta, 52-week range and other figures", &endpoints::COMPANY_METRICS)
                .one(&[
                    col("52-week high", "52WeekHigh", Number),
                    col("on", "52WeekHighDate", Date),
                    col("52-week low", "52WeekLow", Number),
                    col("on", "52WeekLowDate", Date),
                    col("52-week return %", "52WeekPriceReturnDaily", Percent),
                    col("10-day average volume M", "10DayAverageTradingVolume", Number),
                    col("beta", "beta", Number),
                ])
                .layout(Layout::OpenObject)
                .units("USD, M = millions; units of unnamed figures as Aries sends them")
                .usual(20),
            view("esg", "ESG scores over time", &endpoints::ESG)
                .rows(&[
                    col("period", "period", Date),
                    col("total", "totalESGScore", Number),
                    col("environment", "environmentScore", Number),
                    col("social", "socialScore", Number),
                    col("governance", "governanceScore", Number),
                ])
                .order(Order::Down("period"))
                .usual(8),
            view("filings", "10-K and 10-Q filings with similarity to the one before", &endpoints::FILINGS)
                .rows(&[
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
            view("awards", "US government awards", &endpoints::AWARDS)
                .example(r#"{"symbol":"BA"}"#)
                .rows(&[
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
        ],
    }),
    ..Tool::READER
};
