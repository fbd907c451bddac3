//! Order entry. These rows are sent by [`OrderSender`](crate::aries::order_sender::OrderSender) alone.

use super::common::*;

const EXECUTION: &str = "order:execution";

rows! {
    ORDER_PREVIEW = endpoint(Post, "/v1/orders/preview", &[EXECUTION], &[]);
    ORDER_PLACE = endpoint(Post, "/v1/orders", &[EXECUTION], &[]);
    /// The id of the order changes.
    ORDER_REPLACE = endpoint(Post, "/v1/orders/replace", &[EXECUTION], &[]);
    ORDER_CANCEL = endpoint(Post, "/v1/orders/cancel", &[EXECUTION], &[]);
}
