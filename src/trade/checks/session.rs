//! An order against the clock: the last day of its contract, the session it would be filled in.

use jiff::{Timestamp, ToSpan};

use crate::aries::time;
use crate::error::{Error, Kind, Result};
use crate::exchange::{self, Hours};
use crate::trade::checks::context::{CheckContext, over_limit};
use crate::trade::order::terms::{OrderType, TimeInForce};

/// What a practice market without a clock says of its hours.
pub(crate) const NEVER_CLOSES: &str = "the practice market is always open unless `--clock` sets its time";

/// Refuses a contract that expired at the close of today. What expired before today is refused by the rules of form.
pub(crate) fn check_expiration(context: &CheckContext<'_>) -> Result<()> {
    let closed = context.session().is_some_and(exchange::is_done_for_today);
    let today = context.today();
    match context.order.legs.iter().find(|leg| closed && leg.contract.expiration == today) {
        Some(leg) => {
            let cause = format!("{} expired at the close of today", leg.contract.words());
            Err(Error::new(Kind::Refused, cause, "give a later expiration"))
        }
        None => Ok(()),
    }
}

/// Refuses a market order outside the session on live accounts. Whatever else waits for a session is a warning.
pub(crate) fn check_session(context: &mut CheckContext<'_>, order_type: OrderType) -> Result<()> {
    use TimeInForce::{AtTheClose, AtTheOpening, ExtendedHours};
    context.result.session = Some(when(context));
    context.result.warnings.extend(without_auction(context));
    if let Some(what) = wait_for_session(context, order_type) {
        let may_wait = matches!(context.order.time_in_force, AtTheOpening | AtTheClose | ExtendedHours);
        if order_type == OrderType::Market && !may_wait {
            context.refuse_at_stake(over_limit(&what))?;
        }
        context.result.warnings.push(what);
    }
    let today = context.today();
    let expiring = context.order.legs.iter().filter(|leg| leg.contract.expiration == today);
    context.result.warnings.extend(expiring.map(|leg| format!("{} expires today", leg.contract.words())));
    Ok(())
}

/// The session of now, and when the order can be filled: now, in its auction, or from the next opening on.
fn when(context: &CheckContext<'_>) -> String {
    let auction =
        auction(context).map(|(name, at)| format!("{name}: {}, by the calendar", moment(at, context.now)));
    let Some(now) = context.session() else {
        let auction = auction
            .map(|auction| format!("; the exchange itself would fill it {auction}"))
            .unwrap_or_default();
        return format!("a practice market, open at any hour{auction}");
    };
    let remark = exchange::remark(context.today()).map(|what| format!(" ({what})")).unwrap_or_default();
    let session = format!("{}{remark}", exchange::session(now).words());
    if let Some(auction) = auction {
        return format!("{session}; the order fills in the auction {auction}");
    }
    let (tif, hours) = (context.order.time_in_force.words(), context.hours());
    let waits_for_stop = context.order.stop.is_some();
    let can = match exchange::is_open(now, hours) {
        true if waits_for_stop => "can fill once its stop is reached",
        true => "can fill now",
        false => "cannot fill now",
    };
    let opening = if hours == Hours::Extended { "extended hours" } else { "regular session" };
    format!("{session}; time in force {tif}: {can}; next opening of the {opening}: {}", next_open(now, hours))
}

/// The auction that alone can fill the order, by the name of its time in force, and when the exchange holds it next.
fn auction(context: &CheckContext<'_>) -> Option<(String, Timestamp)> {
    let tif = context.order.time_in_force;
    let at = match tif {
        TimeInForce::AtTheOpening => exchange::next_open(context.now, Hours::Regular),
        TimeInForce::AtTheClose => exchange::next_close(context.now, Hours::Regular),
        _ => return None,
    };
    Some((tif.words(), at))
}

/// A market that never closes has no auction, so what waits for one ends with the day.
fn without_auction(context: &CheckContext<'_>) -> Option<String> {
    let (name, _) = auction(context).filter(|_| context.session().is_none())?;
    Some(format!(
        "this practice market never closes and has no auction {name}, so the order does not fill and ends at midnight in New \
         York"
    ))
}

/// `Friday 2026-11-27 09:30 in New York, after Thanksgiving Day, a half day`.
fn next_open(now: Timestamp, hours: Hours) -> String {
    moment(exchange::next_open(now, hours), now)
}

/// A moment of the exchange's calendar after `now`, with the days off in between.
fn moment(at: Timestamp, now: Timestamp) -> String {
    let at = at.to_zoned(time::zone());
    let tomorrow = now.to_zoned(time::zone()).date().saturating_add(1.day());
    let between = tomorrow.series(1.day()).take_while(|day| *day < at.date());
    let mut off: Vec<&str> = between.filter_map(exchange::day_off).collect();
    off.dedup();
    let after = if off.is_empty() { String::new() } else { format!(", after {}", off.join(" and ")) };
    let half_day = if exchange::closes_early(at.date()) { ", a half day" } else { "" };
    format!("{} in New York{after}{half_day}", at.strftime("%A %Y-%m-%d %H:%M"))
}

/// What becomes of an order that cannot be filled now; `None` if it can. Aries does not document what it does with an
/// order that it does not have to keep, so the words leave that open.
fn wait_for_session(context: &CheckContext<'_>, order_type: OrderType) -> Option<String> {
    use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
    let now = context.session()?;
    let (tif, hours) = (context.order.time_in_force, context.hours());
    let next = next_open(now, hours);
    if exchange::is_open(now, hours) {
        return (tif == AtTheOpening).then(|| {
            format!("today's opening is over: the order waits for the next one ({next}) or is rejected")
        });
    }
    Some(match tif {
        Ioc | Fok => {
            let tif = tif.words();
            format!("the session is closed: {tif} does not wait, so the order would be canceled or rejected")
        }
        Day | Gtc if order_type == OrderType::Market => {
            "a market order outside the session fills at whatever price the next session opens with"
                .to_owned()
        }
        ExtendedHours => format!(
            "the extended hours are closed too: the order waits for the next ones ({next}) or is rejected"
        ),
        // When its auction is stands in the line of the session.
        AtTheClose => return None,
        Day | Gtc | AtTheOpening => {
            format!("the session is closed: the order waits for the next one ({next})")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_opening_has_its_reason() {
        for (now, words) in [
            (
                "2026-11-25T18:00:00-05:00",
                "Friday 2026-11-27 09:30 in New York, after Thanksgiving Day, a half day",
            ),
            ("2026-11-27T13:00:00-05:00", "Monday 2026-11-30 09:30 in New York, after the weekend"),
            (
                "2026-12-24T18:00:00-05:00",
                "Monday 2026-12-28 09:30 in New York, after Christmas Day and the weekend",
            ),
            ("2026-11-30T08:00:00-05:00", "Monday 2026-11-30 09:30 in New York"),
        ] {
            assert_eq!(next_open(now.parse().unwrap(), Hours::Regular), words, "{now}");
        }
    }
}
