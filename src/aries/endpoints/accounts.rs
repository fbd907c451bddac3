//! The person, accounts, positions, orders and watchlists (`aries-api/trading.md` 2 to 5).

use super::{ACCOUNTS, LIMIT_ORDERS, ORDERS, POSITIONS, USER};
use crate::aries::endpoint::ParamKind::{Choice, Flag, Id, Moment};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, Method, optional, required};
use crate::aries::shape::Unit::{Flag as YesNo, List, Masked, Stamp, Word};
use crate::aries::shape::{col, more, one};

/// The person (`trading.md` 2.1). The bank-link token in the answer is never shown.
pub(crate) static PROFILE: Endpoint = Endpoint {
    tool: "get_profile",
    view: "profile",
    title: "the person's profile",
    path: "/v1/users/me",
    scopes: &[USER],
    shape: one(&[
        col("e-mail", "email", Masked),
        col("verified", "email_verified", YesNo),
        col("phone", "primary_phone_number", Masked),
        col("country", "country", Word),
        col("bank link", "plaid_status", Word),
        col("application", "account_application/status", Word),
        col("can submit", "account_application/can_submit", YesNo),
        col("missing", "account_application/missing_fields", List),
        col("since", "created_at", Stamp),
        more("user id", "id", Word),
        more("changed", "updated_at", Stamp),
    ])
    .units("times New York"),
    ..Endpoint::READ
};

/// Accounts of the person (`trading.md` 2.2).
pub(crate) static USER_ACCOUNTS: Endpoint = Endpoint {
    tool: "get_accounts",
    view: "accounts",
    path: "/v1/users/me/accounts",
    scopes: &[ACCOUNTS, USER],
    rows: "accounts",
    ..Endpoint::READ
};

/// Balances of one account (`trading.md` 3).
pub(crate) static BALANCES: Endpoint = Endpoint {
    tool: "get_portfolio",
    view: "balances",
    path: "/v1/accounts/{id}/balances",
    scopes: &[ACCOUNTS],
    params: &[required("account", "id", Id)],
    ..Endpoint::READ
};

/// Positions of one account (`trading.md` 4).
pub(crate) static POSITIONS_HELD: Endpoint = Endpoint {
    tool: "get_portfolio",
    view: "positions",
    path: "/v1/accounts/{id}/positions",
    scopes: &[POSITIONS, ACCOUNTS],
    params: &[required("account", "id", Id)],
    rows: "positions",
    ..Endpoint::READ
};

/// Orders of today, open and ended (`trading.md` 5.1).
pub(crate) static ORDERS_TODAY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "today",
    path: "/v2/accounts/{id}/orders",
    scopes: &[ORDERS],
    params: &[
        required("account", "id", Id),
        optional("limit", "limit", LIMIT_ORDERS),
        optional("cursor", "cursor", Id),
        optional("source", "source", Choice(&[("cache", "cache"), ("database", "db")])),
    ],
    rows: "orders",
    example: r#"{"view":"today"}"#,
    ..Endpoint::READ
};

/// Orders of up to 90 days (`trading.md` 5.2).
pub(crate) static ORDERS_HISTORY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "history",
    path: "/v2/accounts/{id}/orders/history",
    scopes: &[ORDERS],
    params: &[
        required("account", "id", Id),
        required("from", "from", Moment),
        optional("to", "to", Moment),
        optional("limit", "limit", LIMIT_ORDERS),
        optional("cursor", "cursor", Id),
        optional("order", "order_by", Choice(&[("newest", "desc"), ("oldest", "asc")])),
        optional("without_today", "exclude_today", Flag),
    ],
    rows: "orders",
    example: r#"{"view":"history","from":"2026-11-01"}"#,
    ..Endpoint::READ
};

/// The older order list, asked only where the newer one is unknown (`trading.md` 5.3).
pub(crate) static ORDERS_LEGACY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "legacy",
    path: "/v1/accounts/{id}/orders",
    scopes: &[ORDERS],
    sure: Partly,
    params: &[required("account", "id", Id)],
    rows: "orders",
    example: r#"{"view":"open"}"#,
    ..Endpoint::READ
};

/// The watchlists of one account (`trading.md` 2.4). No scope is documented.
pub(crate) static WATCHLISTS: Endpoint = Endpoint {
    tool: "get_watchlists",
    view: "watchlists",
    title: "watchlists",
    path: "/v1/accounts/{account_id}/watchlist",
    params: &[required("account", "account_id", Id)],
    rows: "watchlist",
    ..Endpoint::READ
};

/// Replaces every watchlist of an account (`trading.md` 2.4).
pub(crate) static WATCHLISTS_REPLACED: Endpoint = Endpoint {
    tool: "edit_watchlist",
    view: "replace",
    title: "writes the lists",
    method: Method::Put,
    path: "/v1/accounts/{account_id}/watchlist",
    params: &[required("account", "account_id", Id)],
    rows: "watchlist",
    example: r#"{"action":"add","list":"Dividends","symbols":["MSFT"],"account":"1002"}"#,
    ..Endpoint::READ
};

/// Deletes one watchlist (`trading.md` 2.4).
pub(crate) static WATCHLIST_DELETED: Endpoint = Endpoint {
    tool: "edit_watchlist",
    view: "delete",
    title: "deletes a list",
    method: Method::Delete,
    path: "/v1/watchlist/{watchlist_id}",
    params: &[required("list", "watchlist_id", Id)],
    example: r#"{"action":"delete","list":"Dividends","account":"1002"}"#,
    ..Endpoint::READ
};
