//! An order of ours as a list of Aries would show it, by what was sent.

use serde_json::json;

use crate::aries::Json;
use crate::aries::model;
use crate::trade::journal::history::OrderHistory;
use crate::trade::state::State;

/// `None` if it was not sent, or what was sent is no order. Under our own id where Aries' id is not known.
pub(crate) fn as_listed(known: &OrderHistory) -> Option<model::Order> {
    let (_, sent) = known.sent.as_ref()?;
    let state = known.noted.unwrap_or(State::Sent);
    // A body has the names that a list has, for what both of them say.
    let mut row = sent.order().as_object()?.clone();
    row.insert("clOrdId".to_owned(), json!(known.order.as_ref().unwrap_or(&known.id)));
    row.insert("clientId".to_owned(), json!(known.id));
    row.insert("ordStatus".to_owned(), json!(state.to_string().replace(' ', "_")));
    if !row.contains_key("legs") {
        row.insert("securityType".to_owned(), json!("CS"));
    }
    let text = serde_json::to_string(&row).expect("a map with names as keys is JSON");
    let mut order = model::Order::read(Json::parse(&text).ok()?);
    order.filled = if state == State::Filled { order.quantity } else { known.filled.min(order.quantity) };
    Some(order)
}
