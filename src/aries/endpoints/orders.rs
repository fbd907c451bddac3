//! Order entry. These rows are sent by [`OrderSender`](crate::aries::order_sender::OrderSender) alone.

use crate::aries::endpoint::Endpoint;
use crate::aries::endpoint::Method::Post;

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&ORDER_PREVIEW, &ORDER_PLACE, &ORDER_REPLACE, &ORDER_CANCEL];

const EXECUTION: &str = "order:execution";

/// What an order would cost; changes nothing.
pub(crate) static ORDER_PREVIEW: Endpoint =
    Endpoint { method: Post, path: "/v1/orders/preview", scopes: &[EXECUTION], ..Endpoint::READ };

pub(crate) static ORDER_PLACE: Endpoint =
    Endpoint { method: Post, path: "/v1/orders", scopes: &[EXECUTION], ..Endpoint::READ };

/// Replaces an open order; its id changes.
pub(crate) static ORDER_REPLACE: Endpoint =
    Endpoint { method: Post, path: "/v1/orders/replace", scopes: &[EXECUTION], ..Endpoint::READ };

/// Asks for the end of an open order.
pub(crate) static ORDER_CANCEL: Endpoint =
    Endpoint { method: Post, path: "/v1/orders/cancel", scopes: &[EXECUTION], ..Endpoint::READ };
