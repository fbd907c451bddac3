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
    description: "Contracts of prediction markets with the prices they traded at, and US election finance (FEC): candidates, \
                  receipts, spending. Orders on prediction markets are in a closed beta at Aries and not offered here.",
    default: false,
    example: r#"{"view":"search","query":"election"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("query", "Words, or the beginning of a symbol; everything if left out"),
            (
                "kind",
                "What is searched: single contracts, events with their contracts, or base events that come back",
            ),
            ("category", "Path from the categories view, such as Politics > US"),
            ("base_event", "Base event id such as HORC"),
            ("event", "Event id such as HORC_1126"),
            ("state", "State of the contract; ACTIVE if left out, * for all"),
            ("tradable", "Only contracts that trade, or only those that do not"),
            ("contract", "Symbol of the contract such as HORC_1126_D"),
            ("contracts", "Symbols of up to 5 contracts"),
            ("from", "First moment or day; 7 days ago if left out"),
            ("to", "Last moment or day"),
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
            view("search", "contracts or events that fit a text", &endpoints::PREDICTION_SEARCH)
                .example(r#"{"query":"control"}"#)
                .rows(&[
                    col("id", "symbol,eventId,baseEventId", Word),
                    col("event", "eventDisplayName,underlyingSpec", Text(80)),
                    col("question", "question,eventQuestion,description", Text(120)),
                    col("strike", "strikeValue", Word),
                    col("last trade", "lastTradeDate", Date),
                    more("contracts", "contractsFound", Quantity),
                    more("tradable", "tradable", Flag),
                    more("event id", "eventId", Word),
                    more("base event", "baseEventId,productId", Word),
                    more("state", "state", Word),
                    more("expires", "expirationDate", Date),
                    more("tick", "tickSize", Number),
                ])
                .head(&[col("found", "data/found", Number)]),
            view("categories", "the tree of categories", &endpoints::PREDICTION_CATEGORIES)
                .example("{}")
                .inner(&["children*"])
                .rows(&[col("category", "path,name", Text(200))])
                .usual(100),
            view("base_event", "a base event with its events", &endpoints::PREDICTION_BASE_EVENT)
                .instead("view search finds it")
                .example(r#"{"base_event":"HORC"}"#)
                .rows(&[
                    col("event", "event/eventId", Word),
                    col("name", "event/eventDisplayName", Text(80)),
                    col("contracts", "contracts,instruments", Count),
                    col("pays", "event/expectedPayoutDate,event/expectedPayoutTime", Date),
                    more("question", "event/eventQuestion", Text(200)),
                    more("source", "event/sourceAgency", Text(60)),
                ])
                .head(&[col("", "data/baseEvent/displayName,data/product/productId", Text(80))]),
            view("event", "an event with its contracts", &endpoints::PREDICTION_EVENT)
                .instead("view search finds it")
                .example(r#"{"event":"HORC_1126"}"#)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("outcome", "description,question", Text(60)),
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
                ])
                .head(&[
                    col("", "data/event/eventDisplayName", Text(80)),
                    col("", "data/event/eventQuestion", Text(200)),
                    col("pays", "data/event/expectedPayoutDate,data/event/expectedPayoutTime", Date),
                ]),
            view("prices", "what a contract traded at, newest first", &endpoints::PREDICTION_PRICES)
                .instead("view search finds it")
                .example(r#"{"contract":"HORC_1126_D"}"#)
                .rows(&[
                    col("time", "timestamp", Stamp),
                    col("yes", "yesPrice", Price),
                    col("no", "noPrice", Price),
                    col("quantity", "quantity", Quantity),
                ])
                .units("times New York; prices in the contract's currency")
                .order(Order::Down("timestamp")),
            view(
                "prices_of_several",
                "the same of up to 5 contracts",
                &endpoints::PREDICTION_PRICES_OF_SEVERAL,
            )
            .instead("view search finds it")
            .example(r#"{"contracts":["HORC_1126_D","HORC_1126_R"]}"#)
            .inner(&["ticks"])
            .rows(&[
                col("contract", "^symbol", Word),
                col("time", "timestamp", Stamp),
                col("yes", "yesPrice", Price),
                col("no", "noPrice", Price),
                col("quantity", "quantity", Quantity),
            ])
            .units("times New York; prices in the contract's currency")
            .order(Order::Down("timestamp"))
            .usual(40),
            view("candidates", "candidates (FEC)", &endpoints::CANDIDATES)
                .example(r#"{"keywords":"alderson"}"#)
                .shape(TOTALS),
            view("totals", "money of many candidates", &endpoints::CANDIDATE_TOTALS)
                .example(r#"{"year":2026}"#)
                .shape(TOTALS),
            view("candidate", "money of one candidate", &endpoints::CANDIDATE)
                .instead("view candidates finds it")
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
