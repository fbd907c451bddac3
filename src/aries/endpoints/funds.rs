//! What exchange-traded funds are and hold.

use super::common::*;

rows! {
    FUND_PROFILE = get("/v1/etf/profile", &[SUPPLEMENTAL], &[SYMBOL]).rows("data");
    FUND_HOLDINGS = get("/v1/etf/holdings", &[SUPPLEMENTAL], &[SYMBOL, optional("date", "date", Date)])
        .rows("data/holdings");
    FUND_SECTORS = get("/v1/etf/sector", &[SUPPLEMENTAL], &[SYMBOL]).rows("data/sectorExposure");
    FUND_COUNTRIES = get("/v1/etf/country", &[SUPPLEMENTAL], &[SYMBOL]).rows("data/countryExposure");
}
