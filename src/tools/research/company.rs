//! `get_company`: what a company is and does.

use super::*;

pub(in crate::tools) static GET_COMPANY: Tool = Tool {
    name: "get_company",
    title: "Get company facts",
    description: "What a company is: profile, key metrics, executives, peers, SEC filings, suppliers and customers, ESG scores, \
                  government awards. Valuation ratios: get_financials; owners: get_ownership; ETFs: get_fund.",
    example: r#"{"symbol":"AAPL"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FREQ, FROM, TO, ("form", "SEC form such as 10-K, 8-K, DEF 14A")],
        views: &[
            view("profile", "name, sector, size", &endpoints::COMPANY_PROFILE)
                .one(&[
                    col("name", "name", Text(80)),
                    col("exchange", "exchange", Text(40)),
                    col("sector", "sector,gsector", Text(60)),
                    col("industry", "gind,naics,ggroup", Text(60)),
                    col("country", "country", Word),
                    col("currency", "currency", Word),
                    col("employees", "employeeTotal", Quantity),
                    col("IPO", "ipo", Date),
                    col("market cap, as sent", "marketCapitalization", Number),
                    col("shares, as sent", "shareOutstanding", Number),
                    col("web", "weburl", Text(80)),
                    col("description", "description", Text(600)),
                    more("CUSIP", "cusip", Word),
                    more("ISIN", "isin", Word),
                    more("SEDOL", "sedol", Word),
                    more("LEI", "lei", Word),
                    more("industry group", "ggroup", Text(60)),
                    more("sub-industry", "gsubind", Text(60)),
                    more("NAICS", "naicsNationalIndustry", Text(60)),
                    more("cap currency", "marketCapCurrency", Word),
                    more("estimate currency", "estimateCurrency", Word),
                    more("address", "address", Text(80)),
                    more("city", "city", Text(40)),
                    more("state", "state", Text(40)),
                    more("phone", "phone", Word),
                    more("investor relations", "irUrl", Text(80)),
                    more("other names", "alias", Text(120)),
                ])
                .units("Aries does not state the unit of size, probably millions"),
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
            view("executives", "who leads it", &endpoints::EXECUTIVES)
                .rows(&[
                    col("name", "name", Text(40)),
                    col("position", "position", Text(60)),
                    col("age", "age", Quantity),
                    col("since", "since", Word),
                    col("pay", "compensation", Whole),
                    col("currency", "currency", Word),
                    more("sex", "sex", Word),
                ])
                .units("pay per year"),
            view("peers", "similar companies", &endpoints::PEERS).rows(&[col("peers", "", Word)]).usual(60),
            view("filings", "filings with the SEC, newest first", &endpoints::FILINGS)
                .rows(&[
                    col("filed", "filedDate", Date),
                    col("form", "form", Word),
                    col("report", "reportUrl,filingUrl", Text(200)),
                    more("accepted", "acceptedDate", Word),
                    more("access number", "accessNumber", Word),
                    more("filing", "filingUrl", Text(200)),
                    more("CIK", "cik", Word),
                ])
                .order(Order::Down("filedDate"))
                .usual(12),
            view(
                "similarity",
                "annual or quarterly reports, how similar to the one before",
                &endpoints::FILING_SIMILARITY,
            )
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
            view("supply_chain", "suppliers and customers", &endpoints::SUPPLY_CHAIN)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("name", "name", Text(40)),
                    col("supplier", "supplier", Flag),
                    col("customer", "customer", Flag),
                    col("industry", "industry", Text(40)),
                    col("country", "country", Word),
                    col("1 y correlation", "oneYearCorrelation", Number),
                    more("2 weeks", "twoWeekCorrelation", Number),
                    more("1 month", "oneMonthCorrelation", Number),
                    more("3 months", "threeMonthCorrelation", Number),
                    more("6 months", "sixMonthCorrelation", Number),
                    more("2 years", "twoYearCorrelation", Number),
                ])
                .units("correlation of the stock prices, -1 to 1")
                .usual(40),
            view("esg", "ESG scores of today", &endpoints::ESG).one(&[
                col("total", "totalESGScore", Number),
                col("environment", "environmentScore", Number),
                col("social", "socialScore", Number),
                col("governance", "governanceScore", Number),
                more("CO2, as sent", "data/co2EmissionTotal", Number),
                more("women %", "data/totalWomenPercentage", Number),
                more("antitrust", "data/antitrust", Word),
                more("alcohol", "data/alcoholic", Flag),
                more("animal testing", "data/animalTesting", Flag),
                more("coal", "data/coalEnergy", Flag),
                more("firearms", "data/firearms", Flag),
                more("gambling", "data/gambling", Flag),
                more("military", "data/militaryContract", Flag),
                more("nuclear", "data/nuclear", Flag),
                more("tobacco", "data/tobacco", Flag),
            ]),
            view("esg_history", "ESG scores over time", &endpoints::ESG_HISTORY)
                .rows(&[
                    col("period", "period", Date),
                    col("total", "totalESGScore", Number),
                    col("environment", "environmentScore", Number),
                    col("social", "socialScore", Number),
                    col("governance", "governanceScore", Number),
                ])
                .order(Order::Down("period"))
                .usual(8),
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
