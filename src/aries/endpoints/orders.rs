//! Order entry (`trading.md` 6). These rows are sent by [`OrderSender`](crate::aries::order_sender::OrderSender) alone.

use crate::aries::endpoint::Endpoint;
use crate::aries::endpoint::Method::Post;

const EXECUTION: &str = "order:execution";

/// What an order would cost; changes nothing (`trading.md` 6.4).
pub(crate) static ORDER_PREVIEW: Endpoint = Endpoint {
    tool: "preview_order",
    view: "preview",
    method: Post,
    path: "/v1/orders/preview",
    scopes: &[EXECUTION],
    example: r#"{"account":"0017","symbol":"MSFT","action":"buy","quantity":"10","type":"limit","limit_price":"400.00"}"#,
    ..Endpoint::READ
};

/// Places an order (`trading.md` 6.2).
pub(crate) static ORDER_PLACE: Endpoint = Endpoint {
    tool: "place_order",
    view: "place",
    method: Post,
    path: "/v1/orders",
    scopes: &[EXECUTION],
    example: r#"{"ticket":"the ticket of a preview_order answer"}"#,
    ..Endpoint::READ
};

/// Replaces an open order; its id changes (`trading.md` 6.5).
pub(crate) static ORDER_REPLACE: Endpoint = Endpoint {
    tool: "place_order",
    view: "replace",
    method: Post,
    path: "/v1/orders/replace",
    scopes: &[EXECUTION],
    example: r#"{"ticket":"the ticket of a preview_order answer with replaces"}"#,
    ..Endpoint::READ
};

/// Asks for the end of an open order (`trading.md` 6.6).
pub(crate) static ORDER_CANCEL: Endpoint = Endpoint {
    tool: "cancel_order",
    view: "cancel",
    method: Post,
    path: "/v1/orders/cancel",
    scopes: &[EXECUTION],
    example: r#"{"order":"an id from get_orders","account":"0017"}"#,
    ..Endpoint::READ
};
