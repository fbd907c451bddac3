//! Prediction markets and election finance (`aries-api/prediction-markets.md`). No scope is documented.
//!
//! The same calls are documented below `/v1/prediction` and `/v1/predictions`; each row keeps the spelling of its own
//! page.

use crate::aries::endpoint::ParamKind::{Choice, Flag, Id, Text as Free, Whole};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, Param, optional, required};
use crate::aries::shape::Unit::{Cents, Count, Date, Flag as YesNo, Number, Quantity, Text, Word};
use crate::aries::shape::{Cursor, Layout, Shape, col, more, rows};

/// Contracts that fit a text.
pub(crate) static PREDICTION_SEARCH: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "search",
    title: "contracts that fit a text",
    path: "/v1/prediction/search",
    params: &[
        required("query", "q", Free(100)).about("Words, or the beginning of a symbol"),
        optional("state", "state", Id).about("State of the contract, exactly"),
        optional("tradable", "tradable", Flag).about("Only contracts that trade, or only those that do not"),
    ],
    rows: "data/hits",
    shape: rows(&[
        col("symbol", "symbol", Word),
        col("event", "eventDisplayName", Text(80)),
        col("outcome", "description,question", Text(60)),
        col("tradable", "tradable", YesNo),
        more("question", "question", Text(160)),
        more("event id", "eventId", Word),
        more("product", "productId", Word),
        more("state", "state", Word),
        more("strike", "strikeValue", Word),
    ])
    .head(&[col("found", "data/found", Number)])
    .limit("limit", 100)
    .cursor(Cursor::Page("page", 2)),
    example: r#"{"view":"search","query":"control"}"#,
    ..Endpoint::READ
};

/// A product with its events.
pub(crate) static PREDICTION_PRODUCT: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "product",
    title: "a product with its events",
    path: "/v1/prediction/products/{productId}",
    params: &[required("product", "productId", Id).about("Product id such as HORC")],
    rows: "data/events",
    shape: rows(&[
        col("event", "event/eventId", Word),
        col("name", "event/eventDisplayName", Text(80)),
        col("contracts", "instruments", Count),
        col("pays", "event/expectedPayoutDate", Date),
        more("question", "event/question,event/eventQuestion", Text(200)),
        more("source", "event/sourceAgency", Text(60)),
    ])
    .head(&[col("product", "data/product/productId", Word)]),
    example: r#"{"view":"product","product":"HORC"}"#,
    ..Endpoint::READ
};

/// An event with its contracts. No prices are documented.
pub(crate) static PREDICTION_EVENT: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "event",
    title: "an event with its contracts (no prices)",
    path: "/v1/predictions/events/{eventId}/instruments",
    params: &[required("event", "eventId", Id).about("Event id such as HORC_1126")],
    rows: "data/instruments",
    shape: rows(&[
        col("symbol", "symbol", Word),
        col("outcome", "description", Text(60)),
        col("state", "state", Word),
        col("tradable", "tradable", YesNo),
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
    example: r#"{"view":"event","event":"HORC_1126"}"#,
    ..Endpoint::READ
};

const KEYWORDS: Param = optional("keywords", "keywords", Free(100)).about("Name of a candidate");
const SORT: Param = optional("sort", "sortBy", Id).about("Aries' name of the member to sort by");
const DIRECTION: Param =
    optional("direction", "sortOrder", Choice(&[("up", "ascending"), ("down", "descending")]))
        .about("Only together with sort");

/// Totals in dollars; other members are not documented.
const TOTALS: Shape = rows(&[
    col("candidate", "candidateId,candidate_id", Word),
    col("name", "name,candidateName", Text(60)),
    col("office", "office,officeFull", Word),
    col("party", "party,partyFull", Word),
    col("state", "state", Word),
    col("year", "electionYear,cycle", Word),
    col("receipts", "receipts", Cents),
    col("disbursements", "disbursements", Cents),
    col("cash", "cashOnHandEndPeriod,lastCashOnHandEndPeriod", Cents),
])
.layout(Layout::Open)
.units("USD; members are not documented")
.limit("perPage", 100)
.cursor(Cursor::Page("page", 2));

/// Candidates (`prediction-markets.md`; the name of the text parameter is that of the totals).
pub(crate) static CANDIDATES: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "candidates",
    title: "candidates (FEC)",
    path: "/v1/prediction/candidates/search",
    sure: Partly,
    params: &[KEYWORDS],
    rows: "results",
    shape: TOTALS,
    example: r#"{"view":"candidates","keywords":"alderson"}"#,
    ..Endpoint::READ
};

/// Totals of many candidates.
pub(crate) static CANDIDATE_TOTALS: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "totals",
    title: "money of many candidates",
    path: "/v1/prediction/candidates/totals",
    sure: Partly,
    params: &[
        KEYWORDS,
        optional("candidate", "candidateId", Id).about("Candidate id such as P80001571"),
        optional("year", "electionYear", Whole(1976, 2100)).about("Election year"),
    ],
    rows: "results",
    shape: TOTALS,
    example: r#"{"view":"totals","year":2026}"#,
    ..Endpoint::READ
};

/// Totals of one candidate.
pub(crate) static CANDIDATE: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "candidate",
    title: "money of one candidate",
    path: "/v1/prediction/candidates/{candidateId}/totals",
    params: &[
        required("candidate", "candidateId", Id).about("Candidate id such as P80001571"),
        optional("whole_election", "electionFull", Flag).about("Whole election instead of two years"),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    shape: TOTALS,
    example: r#"{"view":"candidate","candidate":"H6CA12001"}"#,
    ..Endpoint::READ
};

/// How many there are, of which one page is sent.
const IN_ALL: &[crate::aries::shape::Column] = &[col("in all", "pagination/count", Quantity)];

const fn filings(columns: &'static [crate::aries::shape::Column]) -> Shape {
    rows(columns)
        .layout(Layout::Open)
        .units("USD; members are not documented")
        .head(IN_ALL)
        .limit("perPage", 100)
        .cursor(Cursor::LastIndex)
}

/// Who gave; Aries wants at least one filter.
pub(crate) static RECEIPTS: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "receipts",
    title: "who gave (at least one filter)",
    path: "/v1/prediction/receipts",
    sure: Partly,
    params: &[
        optional("two_years", "twoYearTransactionPeriod", Whole(1976, 2100))
            .about("Two-year period, by its even year"),
        optional("committee", "committeeId", Id).about("Committee id"),
        optional("contributor_id", "contributorId", Id).about("Contributor id"),
        optional("contributor", "contributorName", Free(100)).about("Name of the contributor"),
        optional("city", "contributorCity", Free(60)).about("City of the contributor"),
        optional("zip", "contributorZip", Id).about("Zip code of the contributor"),
        optional("employer", "contributorEmployer", Free(100)).about("Employer of the contributor"),
        optional("occupation", "contributorOccupation", Free(100)).about("Occupation of the contributor"),
        optional("image", "imageNumber", Id).about("Image number of the filing"),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    shape: filings(&[
        col("date", "contributionReceiptDate", Date),
        col("amount", "contributionReceiptAmount", Cents),
        col("contributor", "contributorName", Text(60)),
        col("committee", "committeeId", Word),
    ]),
    example: r#"{"view":"receipts","two_years":2026}"#,
    ..Endpoint::READ
};

/// What was spent.
pub(crate) static DISBURSEMENTS: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "disbursements",
    title: "what was spent",
    path: "/v1/prediction/disbursements",
    sure: Partly,
    params: &[
        optional("purpose", "disbursementPurposeCategory", Id).about("Purpose category, such as ADVERTISING"),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    shape: filings(&[
        col("date", "disbursementDate", Date),
        col("amount", "disbursementAmount", Cents),
        col("recipient", "recipientName", Text(60)),
        col("purpose", "disbursementPurposeCategory", Word),
    ]),
    example: r#"{"view":"disbursements","purpose":"ADVERTISING"}"#,
    ..Endpoint::READ
};

/// What others spent for or against.
pub(crate) static EXPENDITURES: Endpoint = Endpoint {
    tool: "get_prediction_markets",
    view: "expenditures",
    title: "what others spent for or against a candidate",
    path: "/v1/prediction/independent-expenditures",
    sure: Partly,
    params: &[
        optional("image", "imageNumber", Id).about("Image number of the filing"),
        optional("office", "candidateOffice", Choice(&[("house", "H"), ("senate", "S"), ("president", "P")]))
            .about("Office that the candidate wants"),
        optional("party", "candidateParty", Id).about("Party in three letters, such as DEM"),
        optional("district", "candidateOfficeDistrict", Id)
            .about("District in two digits; 00 for president, senate, at large"),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    shape: filings(&[
        col("date", "expenditureDate", Date),
        col("amount", "expenditureAmount", Cents),
        col("for or against", "supportOpposeIndicator", Word),
        col("candidate", "candidateName", Text(60)),
        col("spender", "committeeName,committeeId", Text(60)),
    ]),
    example: r#"{"view":"expenditures","office":"senate"}"#,
    ..Endpoint::READ
};
