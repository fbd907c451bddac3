//! Treasury yields and inflation.

use super::common::*;

/// Aries sends the oldest first unless it is told otherwise.
const DAYS: [Param; 3] = [FROM.wire("dateFrom"), TO.wire("dateTo"), fixed("sort", "date.desc")];

rows! {
    TREASURY_YIELDS = get("/v1/economy/treasury-yields", &[SUPPLEMENTAL], &DAYS)
        .rows("results").limit("limit", 500).cursor(Cursor::Next);
    INFLATION = get("/v1/economy/inflation", &[SUPPLEMENTAL], &DAYS)
        .rows("results").limit("limit", 500).cursor(Cursor::Next);
    INFLATION_EXPECTATIONS = get("/v1/economy/inflation-expectations", &[SUPPLEMENTAL], &DAYS)
        .rows("results").limit("limit", 500).cursor(Cursor::Next);
}
