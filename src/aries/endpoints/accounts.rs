//! The person, accounts, positions, orders and watchlists.

use super::common::*;

const ACCOUNT: Param = required("account", "id", Id);
const LIMIT: Param = optional("limit", "limit", Whole(1, 500));
const CURSOR: Param = optional("cursor", "cursor", Id);

rows! {
    USER_ACCOUNTS = get("/v2/users/me/accounts", &[ACCOUNTS], &[]).rows("accounts").older(&USER_ACCOUNTS_V1);
    USER_ACCOUNTS_V1 = get("/v1/users/me/accounts", &[ACCOUNTS, USER], &[]).rows("accounts").docs();
    /// The bank-link token in the answer is never shown.
    PROFILE = get("/v1/users/me", &[USER], &[]).docs();
    BALANCE = get("/v2/accounts/{id}/balance", &[ACCOUNTS], &[ACCOUNT]).older(&BALANCES_V1);
    BALANCES_V1 = get("/v1/accounts/{id}/balances", &[ACCOUNTS], &[ACCOUNT]).docs();
    POSITIONS_HELD = get("/v1/accounts/{id}/positions", &[POSITIONS, ACCOUNTS], &[ACCOUNT])
        .rows("positions");
    ORDERS_TODAY = get("/v2/accounts/{id}/orders", &[ORDERS], &[ACCOUNT, LIMIT, CURSOR])
        .rows("orders").older(&ORDERS_V1);
    ORDERS_HISTORY = get("/v2/accounts/{id}/orders/history", &[ORDERS], &[
        ACCOUNT,
        required("from", "from", Moment),
        optional("to", "to", Moment),
        LIMIT, CURSOR,
        optional("order", "order_by", Choice(&[("newest", "desc"), ("oldest", "asc")])),
        optional("without_today", "exclude_today", Flag),
    ]).rows("orders");
    ORDERS_V1 = get("/v1/accounts/{id}/orders", &[ORDERS], &[ACCOUNT]).rows("orders").docs();
    /// No scope is documented.
    WATCHLISTS = get("/v1/accounts/{account_id}/watchlist", &[], &[ACCOUNT.wire("account_id")])
        .rows("watchlist").docs();
    WATCHLISTS_REPLACED = endpoint(Put, "/v1/accounts/{account_id}/watchlist", &[], &[
        ACCOUNT.wire("account_id"),
    ]).rows("watchlist").docs();
    WATCHLIST_DELETED = endpoint(Delete, "/v1/watchlist/{watchlist_id}", &[], &[
        required("list", "watchlist_id", Id),
    ]).docs();
}
