//! The day whose figures are "today's" while the market is closed.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Call;
use crate::aries::endpoints::EXCHANGE_STATUS;
use crate::clock;
use crate::exchange::{self, Hours};

/// The day whose profit or loss that of the day is, if the market is closed: by Aries' word, else by the exchange's calendar,
/// which a practice market without a clock does not keep.
pub(super) async fn closed_since(call: &Call) -> Option<Date> {
    let now = clock::now();
    let told = async {
        let reply = call.aries.read_if_granted(&EXCHANGE_STATUS.with([]).ok()?).await.ok()?;
        let found = reply.object(reply.json().ok()?, EXCHANGE_STATUS.rows, &["isOpen"]).ok()?;
        found.rows.get("isOpen")?.boolean()
    };
    let is_open = match told.await {
        Some(is_open) => is_open,
        None => call.aries.urls().market_never_closes() || exchange::is_open(now, Hours::Regular),
    };
    (!is_open).then(|| exchange::last_closed(now))
}

/// The same, where Aries has begun the next day before the market opens: its figures count from then on.
pub(super) fn counted(closed: Option<Date>, started: Option<Timestamp>) -> Option<Date> {
    let begun = started.map(|at| at.to_zoned(exchange::zone()).date());
    let begun = begun.filter(|day| {
        exchange::is_trading_day(*day) && *day <= clock::now().to_zoned(exchange::zone()).date()
    });
    closed.map(|day| begun.map_or(day, |begun| begun.max(day)))
}

/// A day with its name: `Friday 2026-11-27`.
pub(super) fn named(day: Date) -> String {
    day.strftime("%A %Y-%m-%d").to_string()
}
