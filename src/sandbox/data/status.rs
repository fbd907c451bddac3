//! Whether the market is open, by its hours, and on which days it is not.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::exchange::{self, Hours, Session, WEEKEND};
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
            Session::AfterHours => Value::from("after-hours"),
            Session::Closed => Value::Null,
        },
        "timestamp": call.now.as_second(),
        "timezone": "America/New_York",
    }))
}

/// Answers `GET /v1/market/holiday`: the year's holidays and half days, the last one first.
pub(crate) fn holidays(_: &mut World, call: &Call) -> Reply {
    let last = call.now.to_zoned(exchange::zone()).date().last_of_year();
    let days = std::iter::successors(Some(last), |day| day.checked_sub(1.day()).ok());
    let rows: Vec<Value> = days.take_while(|day| day.year() == last.year()).filter_map(holiday).collect();
    Answer::ok(&json!({ "holidays": rows }))
}

fn holiday(day: Date) -> Option<Value> {
    let (name, hours) = match exchange::day_off(day) {
        Some(WEEKEND) => return None,
        Some(name) => (name, String::new()),
        None if exchange::closes_early(day) => {
            let (opens, closes) = Hours::Regular.on(day);
            (early_close(day), format!("{}-{}", opens.strftime("%H:%M"), closes.strftime("%H:%M")))
        }
        None => return None,
    };
    Some(json!({"atDate": day, "eventName": name, "tradingHour": hours}))
}

fn early_close(day: Date) -> &'static str {
    match day.month() {
        7 => "Day before Independence Day",
        11 => "Day after Thanksgiving",
        _ => "Christmas Eve",
    }
}
