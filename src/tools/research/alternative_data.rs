//! `get_alternative_data`: what few people ask for.

use super::*;

pub(in crate::tools) static GET_ALTERNATIVE_DATA: Tool = Tool {
    name: "get_alternative_data",
    title: "Get alternative data",
    description: "A company's lobbying, patents, visa applications and bank branches; the stocks of an investment theme; \
                  Covid-19 in the US. Quoted text is third-party material.",
    toolset: Toolset::Rare,
    default: false,
    example: r#"{"view":"patents","symbol":"AAPL"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FROM, TO, ("theme", "Investment theme")],
        views: &[
            view("lobbying", "what it spends on lobbying", &endpoints::LOBBYING)
                .rows(&[
                    col("date", "date", Date),
                    col("period", "period", Word),
                    col("expenses", "expenses", Cents),
                    col("income", "income", Cents),
                    col("registrant", "name", Text(50)),
                    col("for", "description", Text(160)),
                    more("posted as", "postedName", Text(50)),
                    more("year", "year", Word),
                    more("country", "country", Word),
                    more("document", "documentUrl", Text(200)),
                ])
                .units("USD")
                .order(Order::Down("date")),
            view("patents", "patents by day of publication", &endpoints::PATENTS)
                .rows(&[
                    col("published", "publicationDate", Date),
                    col("number", "patentNumber", Word),
                    col("kind", "patentType", Word),
                    col("status", "filingStatus", Word),
                    col("about", "description", Text(160)),
                    more("filed", "filingDate", Date),
                    more("application", "applicationNumber", Word),
                    more("companies", "companyFilingName", List),
                    more("link", "url", Text(200)),
                ])
                .order(Order::Down("publicationDate")),
            view("visas", "applications for work visas", &endpoints::VISA_APPLICATIONS)
                .rows(&[
                    col("received", "receivedDate", Date),
                    col("job", "jobTitle", Text(60)),
                    col("visa", "visaClass", Word),
                    col("status", "caseStatus", Word),
                    col("wage from", "wageRangeFrom", Cents),
                    col("to", "wageRangeTo", Cents),
                    col("per", "wageUnitOfPay", Word),
                    col("city", "worksiteCity", Text(40)),
                    more("state", "worksiteState", Word),
                    more("employer", "employerName", Text(60)),
                    more("begins", "beginDate", Date),
                    more("ends", "endDate", Date),
                    more("full time", "fullTimePosition", Word),
                    more("level", "wageLevel", Word),
                    more("occupation", "socCode", Word),
                    more("case", "caseNumber", Word),
                ])
                .units("USD")
                .order(Order::Down("receivedDate")),
            view("branches", "branches of a bank", &endpoints::BANK_BRANCHES)
                .example(r#"{"symbol":"JPM"}"#)
                .rows(&[
                    col("address", "address", Text(100)),
                    col("state", "state", Word),
                    col("zip", "zipCode", Word),
                    col("date", "date", Date),
                    more("id", "branchId", Word),
                ]),
            view("theme", "stocks of an investment theme", &endpoints::INVESTMENT_THEME)
                .example(r#"{"theme":"ai"}"#)
                .rows(&[col("symbol", "symbol", Word)])
                .usual(100),
            view("covid", "Covid-19 in the US by state", &endpoints::COVID)
                .example("{}")
                .rows(&[
                    col("state", "state", Word),
                    col("cases", "case", Quantity),
                    col("deaths", "death", Quantity),
                    col("updated", "updated", Word),
                ])
                .order(Order::Down("case"))
                .usual(60),
        ],
    }),
    ..Tool::READER
};
