//! The person, accounts, positions, orders and watchlists.

use super::{ACCOUNTS, LIMIT_ORDERS, ORDERS, POSITIONS, USER};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::{Choice, Flag, Id, Moment};
use crate::aries::endpoint::{Endpoint, Method, optional, required};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[
    &USER_ACCOUNTS,
    &PROFILE,
    &BALANCES,
    &POSITIONS_HELD,
    &ORDERS_TODAY,
    &ORDERS_HISTORY,
    &ORDERS_LEGACY,
    &WATCHLISTS,
    &WATCHLISTS_REPLACED,
    &WATCHLIST_DELETED,
];

/// Accounts of the person.
pub(crate) static USER_ACCOUNTS: Endpoint =
    Endpoint { path: "/v1/users/me/accounts", scopes: &[ACCOUNTS, USER], rows: "accounts", ..Endpoint::READ };

/// The person. The bank-link token in the answer is never shown.
pub(crate) static PROFILE: Endpoint = Endpoint { path: "/v1/users/me", scopes: &[USER], ..Endpoint::READ };

/// Balances of one account.
pub(crate) static BALANCES: Endpoint = Endpoint {
    path: "/v1/accounts/{id}/balances",
    scopes: &[ACCOUNTS],
    params: &[required("account", "id", Id)],
    ..Endpoint::READ
};

/// Positions of one account.
pub(crate) static POSITIONS_HELD: Endpoint = Endpoint {
    path: "/v1/accounts/{id}/positions",
    scopes: &[POSITIONS, ACCOUNTS],
    params: &[required("account", "id", Id)],
    rows: "positions",
    ..Endpoint::READ
};

/// Orders of today, open and ended.
pub(crate) static ORDERS_TODAY: Endpoint = Endpoint {
    path: "/v2/accounts/{id}/orders",
    scopes: &[ORDERS],
    params: &[
        required("account", "id", Id),
        optional("limit", "limit", LIMIT_ORDERS),
        optional("cursor", "cursor", Id),
        optional("source", "source", Choice(&[("cache", "cache"), ("database", "db")])),
    ],
    rows: "orders",
    ..Endpoint::READ
};

/// Orders of up to 90 days.
pub(crate) static ORDERS_HISTORY: Endpoint = Endpoint {
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
    ..Endpoint::READ
};

/// The older order list, asked only where the newer one is unknown.
pub(crate) static ORDERS_LEGACY: Endpoint = Endpoint {
    path: "/v1/accounts/{id}/orders",
    scopes: &[ORDERS],
    doc: Partly,
    params: &[required("account", "id", Id)],
    rows: "orders",
    ..Endpoint::READ
};

/// The watchlists of one account. No scope is documented.
pub(crate) static WATCHLISTS: Endpoint = Endpoint {
    path: "/v1/accounts/{account_id}/watchlist",
    params: &[required("account", "account_id", Id)],
    rows: "watchlist",
    ..Endpoint::READ
};

/// Replaces every watchlist of an account.
pub(crate) static WATCHLISTS_REPLACED: Endpoint = Endpoint {
    method: Method::Put,
    path: "/v1/accounts/{account_id}/watchlist",
    params: &[required("account", "account_id", Id)],
    rows: "watchlist",
    ..Endpoint::READ
};

pub(crate) static WATCHLIST_DELETED: Endpoint = Endpoint {
    method: Method::Delete,
    path: "/v1/watchlist/{watchlist_id}",
    params: &[required("list", "watchlist_id", Id)],
    ..Endpoint::READ
};
