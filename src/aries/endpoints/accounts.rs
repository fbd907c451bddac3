//! The person, accounts, positions, orders and watchlists.

use super::common::*;

const ACCOUNT: Param = required("account", "id", Id);
const LIMIT: Param = optional("limit", "limit", Whole(1, 500));
const CURSOR: Param = optional("cursor", "cursor", Id);
const LIST: Param = required("list", "watchlist_id", Id);
const WATCHLISTS_READ: &str = "watchlist:information";
const WATCHLISTS_EDIT: &str = "watchlist:management";

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
    /// Orders and positions as they change.
    ACCOUNT_SOCKET = endpoint(Socket, "/v1/accounts/ws", &[ACCOUNTS], &[]);
    /// Of the person, not of an account. A person without a list gets a 500.
    WATCHLISTS = get("/v1/config/watchlist", &[WATCHLISTS_READ], &[]).rows("watchlist").older(&WATCHLISTS_V1);
    WATCHLIST = get("/v1/config/watchlist/{watchlist_id}", &[WATCHLISTS_READ], &[LIST]);
    WATCHLIST_CREATED = endpoint(Post, "/v1/config/watchlist", &[WATCHLISTS_EDIT], &[]);
    WATCHLIST_CHANGED = endpoint(Patch, "/v1/config/watchlist/{watchlist_id}", &[WATCHLISTS_EDIT], &[LIST])
        .older(&WATCHLISTS_REPLACED_V1);
    WATCHLIST_DELETED = endpoint(Delete, "/v1/config/watchlist/{watchlist_id}", &[WATCHLISTS_EDIT], &[LIST])
        .older(&WATCHLIST_DELETED_V1);
    /// The older calls are of one account. No scope is documented.
    WATCHLISTS_V1 = get("/v1/accounts/{account_id}/watchlist", &[], &[ACCOUNT.wire("account_id")])
        .rows("watchlist").docs();
    WATCHLISTS_REPLACED_V1 = endpoint(Put, "/v1/accounts/{account_id}/watchlist", &[], &[
        ACCOUNT.wire("account_id"),
    ]).rows("watchlist").docs();
    WATCHLIST_DELETED_V1 = endpoint(Delete, "/v1/watchlist/{watchlist_id}", &[], &[LIST]).docs();
}
