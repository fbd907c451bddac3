//! Prediction markets and election finance. No scope is documented.
//!
//! The same calls are documented below `/v1/prediction` and `/v1/predictions`; each row keeps the spelling of its own
//! page.

use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::{Choice, Flag, Id, Text as Free, Whole};
use crate::aries::endpoint::{Cursor, Endpoint, Paging, Param, optional, required};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[
    &PREDICTION_SEARCH,
    &PREDICTION_PRODUCT,
    &PREDICTION_EVENT,
    &CANDIDATES,
    &CANDIDATE_TOTALS,
    &CANDIDATE,
    &RECEIPTS,
    &DISBURSEMENTS,
    &EXPENDITURES,
];

const KEYWORDS: Param = optional("keywords", "keywords", Free(100));
const SORT: Param = optional("sort", "sortBy", Id);
const DIRECTION: Param =
    optional("direction", "sortOrder", Choice(&[("up", "ascending"), ("down", "descending")]));

const TOTALS: Paging = Paging::pages("perPage", 100, Cursor::Page("page", 2));
const FILINGS_PAGES: Paging = Paging::pages("perPage", 100, Cursor::LastIndex);

/// Contracts that fit a text.
pub(crate) static PREDICTION_SEARCH: Endpoint = Endpoint {
    path: "/v1/prediction/search",
    params: &[
        required("query", "q", Free(100)),
        optional("state", "state", Id),
        optional("tradable", "tradable", Flag),
    ],
    rows: "data/hits",
    paging: Paging::pages("limit", 100, Cursor::Page("page", 2)),
    ..Endpoint::READ
};

/// A product with its events.
pub(crate) static PREDICTION_PRODUCT: Endpoint = Endpoint {
    path: "/v1/prediction/products/{productId}",
    params: &[required("product", "productId", Id)],
    rows: "data/events",
    ..Endpoint::READ
};

/// An event with its contracts. No prices are documented.
pub(crate) static PREDICTION_EVENT: Endpoint = Endpoint {
    path: "/v1/predictions/events/{eventId}/instruments",
    params: &[required("event", "eventId", Id)],
    rows: "data/instruments",
    ..Endpoint::READ
};

pub(crate) static CANDIDATES: Endpoint = Endpoint {
    path: "/v1/prediction/candidates/search",
    doc: Partly,
    params: &[KEYWORDS],
    rows: "results",
    paging: TOTALS,
    ..Endpoint::READ
};

/// Totals of many candidates.
pub(crate) static CANDIDATE_TOTALS: Endpoint = Endpoint {
    path: "/v1/prediction/candidates/totals",
    doc: Partly,
    params: &[
        KEYWORDS,
        optional("candidate", "candidateId", Id),
        optional("year", "electionYear", Whole(1976, 2100)),
    ],
    rows: "results",
    paging: TOTALS,
    ..Endpoint::READ
};

/// Totals of one candidate.
pub(crate) static CANDIDATE: Endpoint = Endpoint {
    path: "/v1/prediction/candidates/{candidateId}/totals",
    params: &[
        required("candidate", "candidateId", Id),
        optional("whole_election", "electionFull", Flag),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    paging: TOTALS,
    ..Endpoint::READ
};

/// Who gave; Aries wants at least one filter.
pub(crate) static RECEIPTS: Endpoint = Endpoint {
    path: "/v1/prediction/receipts",
    doc: Partly,
    params: &[
        optional("two_years", "twoYearTransactionPeriod", Whole(1976, 2100)),
        optional("committee", "committeeId", Id),
        optional("contributor_id", "contributorId", Id),
        optional("contributor", "contributorName", Free(100)),
        optional("city", "contributorCity", Free(60)),
        optional("zip", "contributorZip", Id),
        optional("employer", "contributorEmployer", Free(100)),
        optional("occupation", "contributorOccupation", Free(100)),
        optional("image", "imageNumber", Id),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    paging: FILINGS_PAGES,
    ..Endpoint::READ
};

pub(crate) static DISBURSEMENTS: Endpoint = Endpoint {
    path: "/v1/prediction/disbursements",
    doc: Partly,
    params: &[optional("purpose", "disbursementPurposeCategory", Id), SORT, DIRECTION],
    rows: "results",
    paging: FILINGS_PAGES,
    ..Endpoint::READ
};

/// What others spent for or against.
pub(crate) static EXPENDITURES: Endpoint = Endpoint {
    path: "/v1/prediction/independent-expenditures",
    doc: Partly,
    params: &[
        optional("image", "imageNumber", Id),
        optional("office", "candidateOffice", Choice(&[("house", "H"), ("senate", "S"), ("president", "P")])),
        optional("party", "candidateParty", Id),
        optional("district", "candidateOfficeDistrict", Id),
        SORT,
        DIRECTION,
    ],
    rows: "results",
    paging: FILINGS_PAGES,
    ..Endpoint::READ
};
