//! What is asked for a stock more rarely than its price: snapshots, trades, quotes, one day, easy to borrow, logos.

use super::common::*;

const STOCK: Param = required("symbol", "ticker", Symbol(Form::Traded));
const DATE: Param = required("date", "date", Date);
const LOGO_FIELDS: Param = fixed("fields", "logo_light,logo_dark,mark_light,mark_dark");

rows! {
    SNAPSHOTS = get("/v1/stocks/snapshot", &[SUPPLEMENTAL], &[
        required("symbols", "tickers", Symbols(Form::Traded)),
    ]).rows("tickers");
    ANY_SNAPSHOTS = get("/v1/stocks/unified-snapshot", &[SUPPLEMENTAL], &[
        required("symbols", "tickersAnyOf", Symbols(Form::Snapshot)),
    ]).rows("results").limit("limit", 250).cursor(Cursor::Next);
    OPEN_CLOSE = get("/v1/stocks/open-close", &[SUPPLEMENTAL], &[STOCK, DATE]);
    GROUPED = get("/v1/stocks/grouped", &[SUPPLEMENTAL], &[DATE]).rows("results");
    STOCK_TRADES = get("/v1/stocks/trades", &[SUPPLEMENTAL], &[
        STOCK, FROM_MOMENT, TO_MOMENT, fixed("order", "desc"), fixed("sort", "timestamp"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
    STOCK_QUOTES = get("/v1/stocks/quotes", &[SUPPLEMENTAL], &[
        STOCK, FROM_MOMENT, TO_MOMENT, fixed("order", "desc"), fixed("sort", "timestamp"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
    BORROW = endpoint(PostRead, "/v1/etb/search", &[MARKET], &[
        required("symbols", "symbols", Symbols(Form::Traded)).in_body(),
    ]).rows("results");
    BORROW_LIST = get("/v1/etb", &[MARKET], &[]).rows("symbols");
    LOGOS = get("/v1/logos/search", &[SUPPLEMENTAL], &[
        required("symbols", "searchKeys", Symbols(Form::Traded)), fixed("searchKeysType", "symbol"),
        LOGO_FIELDS,
    ]).rows("data");
    LOGO_CHANGES = get("/v1/logos/sync", &[SUPPLEMENTAL], &[
        optional("from", "updatedSince", Seconds), LOGO_FIELDS,
    ]).rows("data").limit("pageSize", 1000).cursor(Cursor::Page("page", 1));
}
