//! Whether the market is open, by its hours.

use serde_json::{Value, json};

use crate::exchange::Session;
use crate::sandbox::{Answer, Call, Reply, World};

/// Answers `GET /v1/market/status` by the clock of the practice market.
pub(crate) fn rest(world: &mut World, call: &Call) -> Reply {
    let session = world.session(call.now);
    Answer::ok(&json!({
        "exchange": call.query("exchange").unwrap_or("US"),
        "isOpen": session == Session::Regular,
        "session": match session {
            Session::PreMarket => Value::from("pre-market"),
            Session::Regular => Value::from("regular"),
            Session::AfterHours => Value::from("post-market"),
            Session::Closed => Value::Null,
        },
        "timestamp": call.now.as_second(),
        "timezone": "America/New_York",
    }))
}
