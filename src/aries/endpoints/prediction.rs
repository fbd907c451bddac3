//! Prediction markets and election finance. No scope is documented.
//!
//! The same calls are documented below `/v1/prediction` and `/v1/predictions`; each row keeps the spelling of its own
//! page.

use super::common::*;

const KEYWORDS: Param = optional("keywords", "keywords", Text(100));
const SORT: Param = optional("sort", "sortBy", Id);
const DIRECTION: Param =
    optional("direction", "sortOrder", Choice(&[("up", "ascending"), ("down", "descending")]));

rows! {
    PREDICTION_SEARCH = get("/v1/prediction/search", &[], &[
        required("query", "q", Text(100)),
        optional("state", "state", Id),
        optional("tradable", "tradable", Flag),
    ]).rows("data/hits").limit("limit", 100).cursor(Cursor::Page("page", 2)).docs();
    PREDICTION_PRODUCT = get("/v1/prediction/products/{productId}", &[], &[
        required("product", "productId", Id),
    ]).rows("data/events").docs();
    /// No prices are documented.
    PREDICTION_EVENT = get("/v1/predictions/events/{eventId}/instruments", &[], &[
        required("event", "eventId", Id),
    ]).rows("data/instruments").docs();
    CANDIDATES = get("/v1/prediction/candidates/search", &[], &[KEYWORDS])
        .rows("results").limit("perPage", 100).cursor(Cursor::Page("page", 2)).docs();
    CANDIDATE_TOTALS = get("/v1/prediction/candidates/totals", &[], &[
        KEYWORDS,
        optional("candidate", "candidateId", Id),
        optional("year", "electionYear", Whole(1976, 2100)),
    ]).rows("results").limit("perPage", 100).cursor(Cursor::Page("page", 2)).docs();
    CANDIDATE = get("/v1/prediction/candidates/{candidateId}/totals", &[], &[
        required("candidate", "candidateId", Id),
        optional("whole_election", "electionFull", Flag),
        SORT, DIRECTION,
    ]).rows("results").limit("perPage", 100).cursor(Cursor::Page("page", 2)).docs();
    /// Aries wants at least one filter.
    RECEIPTS = get("/v1/prediction/receipts", &[], &[
        optional("two_years", "twoYearTransactionPeriod", Whole(1976, 2100)),
        optional("committee", "committeeId", Id),
        optional("contributor_id", "contributorId", Id),
        optional("contributor", "contributorName", Text(100)),
        optional("city", "contributorCity", Text(60)),
        optional("zip", "contributorZip", Id),
        optional("employer", "contributorEmployer", Text(100)),
        optional("occupation", "contributorOccupation", Text(100)),
        optional("image", "imageNumber", Id),
        SORT, DIRECTION,
    ]).rows("results").limit("perPage", 100).cursor(Cursor::LastIndex).docs();
    DISBURSEMENTS = get("/v1/prediction/disbursements", &[], &[
        optional("purpose", "disbursementPurposeCategory", Id),
        SORT, DIRECTION,
    ]).rows("results").limit("perPage", 100).cursor(Cursor::LastIndex).docs();
    EXPENDITURES = get("/v1/prediction/independent-expenditures", &[], &[
        optional("image", "imageNumber", Id),

        optional("office", "candidateOffice", Choice(&[("house", "H"), ("senate", "S"), ("president", "P")])),
        optional("party", "candidateParty", Id),
        optional("district", "candidateOfficeDistrict", Id),
        SORT, DIRECTION,
    ]).rows("results").limit("perPage", 100).cursor(Cursor::LastIndex).docs();
}
