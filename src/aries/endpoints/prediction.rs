//! Prediction markets and election finance. No scope is documented. Prediction orders are in a closed beta at Aries: they have
//! no rows.

use super::common::*;

const KINDS: &[(&str, &str)] =
    &[("contracts", "contracts"), ("events", "events"), ("base_events", "base-events")];
const BASE_EVENT: Param = required("base_event", "baseEventId", Id);
const EVENT: Param = required("event", "eventId", Id);
const STATE: Param = optional("state", "state", Text(40));
const TRADABLE: Param = optional("tradable", "tradable", Flag);
const KEYWORDS: Param = optional("keywords", "keywords", Text(100));
const SORT: Param = optional("sort", "sortBy", Id);
const DIRECTION: Param =
    optional("direction", "sortOrder", Choice(&[("up", "ascending"), ("down", "descending")]));

rows! {
    /// Without words Aries lists all contracts, the soonest last trade first.
    PREDICTION_SEARCH = get("/v1/predictions/search", &[], &[
        optional("query", "q", Text(100)),
        optional("kind", "type", Choice(KINDS)).or("contracts"),
        optional("category", "category", Text(200)),
        BASE_EVENT.optional(), EVENT.optional(), STATE, TRADABLE,
    ]).rows("data/hits").limit("perPage", 100).cursor(Cursor::Page("page", 2)).older(&PREDICTION_SEARCH_V1);
    PREDICTION_CATEGORIES = get("/v1/predictions/categories", &[], &[]).rows("data/categories");
    PREDICTION_BASE_EVENT = get("/v1/predictions/base-events/{baseEventId}", &[], &[BASE_EVENT])
        .rows("data/events").older(&PREDICTION_PRODUCT);
    PREDICTION_EVENT = get("/v1/predictions/events/{eventId}/contracts", &[], &[EVENT])
        .rows("data/contracts,data/instruments").older(&PREDICTION_INSTRUMENTS);
    /// Aries sends up to 10,000 trades; at which end it cuts is not documented, so no `limit` is sent.
    PREDICTION_PRICES = get("/v1/predictions/historical-data", &[], &[
        required("contract", "symbol", Id),
        optional("from", "from", Moment).or("7 days ago"), optional("to", "to", LastMoment),
    ]).rows("data/ticks");
    PREDICTION_PRICES_OF_SEVERAL = endpoint(PostRead, "/v1/predictions/historical-data/batch", &[], &[
        required("contracts", "queries/symbol", Ids(5)).in_body(),
        optional("from", "queries/from", Moment).or("7 days ago").in_body(),
        optional("to", "queries/to", LastMoment).in_body(),
    ]).rows("data/results");
    PREDICTION_SEARCH_V1 = get("/v1/prediction/search", &[], &[
        required("query", "q", Text(100)), STATE, TRADABLE,
    ]).rows("data/hits").limit("limit", 100).cursor(Cursor::Page("page", 2)).docs();
    PREDICTION_PRODUCT = get("/v1/prediction/products/{productId}", &[], &[BASE_EVENT.wire("productId")])
        .rows("data/events").docs();
    PREDICTION_INSTRUMENTS = get("/v1/predictions/events/{eventId}/instruments", &[], &[EVENT])
        .rows("data/instruments").docs();
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
