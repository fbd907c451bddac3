//! `get_prediction_markets`: prediction markets and election finance.

use super::*;

/// Totals in dollars; other members are not documented.
const TOTALS: Shape = Shape {
    columns: &[
        col("candidate", "candidateId,candidate_id", Word),
        col("name", "name,candidateName", Text(60)),
        col("office", "office,officeFull", Word),
        col("party", "party,partyFull", Word),
        col("state", "state", Word),
        col("year", "electionYear,cycle", Word),
        col("receipts", "receipts", Cents),
        col("disbursements", "disbursements", Cents),
        col("cash", "cashOnHandEndPeriod,lastCashOnHandEndPeriod", Cents),
    ],
    layout: Layout::OpenTable,
    units: "USD; members are not documented",
    ..Shape::TABLE
};

const IN_ALL: &[Column] = &[col("in all", "pagination/count", Quantity)];

/// Filings with the Federal Election Commission, and how many there are in all.
const fn filings(columns: &'static [Column]) -> Shape {
    Shape { columns, head: IN_ALL, ..TOTALS }
}

pub(in crate::tools) static GET_PREDICTION_MARKETS: Tool = Tool {
    name: "get_prediction_markets",
    title: "Get prediction markets",
    description: "Contracts of prediction markets (no prices), and US election finance (FEC): candidates, receipts, spending.",
    default: false,
    example: r#"{"view":"search","query":"election"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("query", "Words, or the beginning of a symbol"),
            ("state", "State of the contract, exactly"),
            ("tradable", "Only contracts that trade, or only those that do not"),
            ("product", "Product id such as HORC"),
            ("event", "Event id such as HORC_1126"),
            ("keywords", "Name of a candidate"),
            ("candidate", "Candidate id such as P80001571"),
            ("year", "Election year"),
            ("whole_election", "Whole election instead of two years"),
            ("sort", "Aries' name of the member to sort by"),
            ("direction", "Only together with sort"),
            ("two_years", "Two-year period, by its even year"),
            ("committee", "Committee id"),
            ("contributor_id", "Contributor id"),
            ("contributor", "Name of the contributor"),
            ("city", "City of the contributor"),
            ("zip", "Zip code of the contributor"),
            ("employer", "Employer of the contributor"),
            ("occupation", "Occupation of the contributor"),
            ("image", "Image number of the filing"),
            ("purpose", "Purpose category, such as ADVERTISING"),
            ("office", "Office that the candidate wants"),
            ("party", "Party in three letters, such as DEM"),
            ("district", "District in two digits; 00 for president, senate, at large"),
        ],
        views: &[
            view("search", "contracts that fit a text", &endpoints::PREDICTION_SEARCH)
                .example(r#"{"query":"control"}"#)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("event", "eventDisplayName", Text(80)),
                    col("outcome", "description,question", Text(60)),
                    col("tradable", "tradable", Flag),
                    more("question", "question", Text(160)),
                    more("event id", "eventId", Word),
                    more("product", "productId", Word),
                    more("state", "state", Word),
                    more("strike", "strikeValue", Word),
                ])
                .head(&[col("found", "data/found", Number)]),
            view("product", "a product with its events", &endpoints::PREDICTION_PRODUCT)
                .example(r#"{"product":"HORC"}"#)
                .rows(&[
                    col("event", "event/eventId", Word),
                    col("name", "event/eventDisplayName", Text(80)),
                    col("contracts", "instruments", Count),
                    col("pays", "event/expectedPayoutDate", Date),
                    more("question", "event/question,event/eventQuestion", Text(200)),
                    more("source", "event/sourceAgency", Text(60)),
                ])
                .head(&[col("product", "data/product/productId", Word)]),
            view("event", "an event with its contracts (no prices)", &endpoints::PREDICTION_EVENT)
                .example(r#"{"event":"HORC_1126"}"#)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("outcome", "description", Text(60)),
                    col("state", "state", Word),
                    col("tradable", "tradable", Flag),
                    col("tick", "tickSize", Number),
                    col("last trade", "lastTradeDate", Date),
                    col("expires", "expirationDate", Date),
                    more("strike", "strikeValue", Word),
                    more("strike unit", "strikeUnit", Word),
                    more("evaluation", "evaluationType", Word),
                    more("currency", "baseCurrency", Word),
                    more("multiplier", "multiplier", Number),
                    more("least quantity", "minTradeQty", Number),
                    more("starts", "startDate", Date),
                    more("ends", "terminationDate", Date),
                    more("limit", "priceLimit", Word),
                ])
                .head(&[
                    col("", "data/event/eventDisplayName", Text(80)),
                    col("", "data/event/question", Text(200)),
                    col("pays", "data/event/expectedPayoutDate", Date),
                ]),
            view("candidates", "candidates (FEC)", &endpoints::CANDIDATES)
                .example(r#"{"keywords":"alderson"}"#)
                .shape(TOTALS),
            view("totals", "money of many candidates", &endpoints::CANDIDATE_TOTALS)
                .example(r#"{"year":2026}"#)
                .shape(TOTALS),
            view("candidate", "money of one candidate", &endpoints::CANDIDATE)
                .example(r#"{"candidate":"H6CA12001"}"#)
                .shape(TOTALS),
            view("receipts", "who gave (at least one filter)", &endpoints::RECEIPTS)
                .example(r#"{"two_years":2026}"#)
                .shape(filings(&[
                    col("date", "contributionReceiptDate", Date),
                    col("amount", "contributionReceiptAmount", Cents),
                    col("contributor", "contributorName", Text(60)),
                    col("committee", "committeeId", Word),
                ])),
            view("disbursements", "what was spent", &endpoints::DISBURSEMENTS)
                .example(r#"{"purpose":"ADVERTISING"}"#)
                .shape(filings(&[
                    col("date", "disbursementDate", Date),
                    col("amount", "disbursementAmount", Cents),
                    col("recipient", "recipientName", Text(60)),
                    col("purpose", "disbursementPurposeCategory", Word),
                ])),
            view("expenditures", "what others spent for or against a candidate", &endpoints::EXPENDITURES)
                .example(r#"{"office":"senate"}"#)
                .shape(filings(&[
                    col("date", "expenditureDate", Date),
                    col("amount", "expenditureAmount", Cents),
                    col("for or against", "supportOpposeIndicator", Word),
                    col("candidate", "candidateName", Text(60)),
                    col("spender", "committeeName,committeeId", Text(60)),
                ])),
        ],
    }),
    ..Tool::READER
};
