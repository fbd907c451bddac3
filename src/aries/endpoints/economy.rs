//! Treasury yields.

use super::common::*;

rows! {
    TREASURY_YIELDS = get("/v1/economy/treasury-yields", &[SUPPLEMENTAL], &[
        FROM.wire("dateFrom"), TO.wire("dateTo"), fixed("sort", "date.desc"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
}
