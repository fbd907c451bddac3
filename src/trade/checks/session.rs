//! An order against the clock: the session it would be filled in, the last day of its contract, the age of the quote.

use crate::aries::model::quote::Feed;
use crate::aries::time;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::exchange::{self, Hours};
use crate::trade::checks::limits::{Scene, Verdict, beyond, unknown};
use crate::trade::checks::quote::{Freshness, Quote};
use crate::trade::order::body::{Kind, Order, TimeInForce};

const AHEAD: &str = "the quote is stamped in the future, or this machine's clock is wrong";

/// The rules of form refuse what expired before today; only here the hour is known.
pub(crate) fn unexpired(scene: &Scene<'_>, order: &Order) -> Result<()> {
    let today = scene.now.to_zoned(time::zone()).date();
    let over = !scene.always_open && exchange::is_done_for_today(scene.now);
    match order.legs().iter().find(|leg| over && leg.contract.expiration == today) {
        Some(leg) => Err(Error::new(
            ErrorKind::Refused,
            format!("{} expired at the close of today", leg.contract.words()),
            "give a later expiration",
        )),
        None => Ok(()),
    }
}

/// The quote, if it can be relied on.
pub(crate) fn fresh<'q>(
    scene: &Scene<'_>,
    order: &Order,
    quote: Option<&'q Quote>,
    live: bool,
    verdict: &mut Verdict,
) -> Result<Option<&'q Quote>> {
    let Some(quote) = quote.filter(|quote| !quote.is_empty()) else {
        if live {
            return Err(unknown("Aries gave no quote to judge it by"));
        }
        verdict.unchecked.push("distance from the market: there is no quote".to_owned());
        return Ok(None);
    };
    match quote.freshness(scene.now, (!scene.always_open).then_some(filled_in(order))) {
        Freshness::Stale if live => return Err(unknown("the quote is old or delayed")),
        Freshness::Stale => verdict.warnings.push("the quote is old or delayed".to_owned()),
        Freshness::Ahead if live => {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("not allowed on a live account: {AHEAD}"),
                "tell the person to check the clock of this machine, then try again",
            ));
        }
        Freshness::Ahead => verdict.warnings.push(AHEAD.to_owned()),
        Freshness::Undated if live => return Err(unknown("Aries does not say how old the quote is")),
        Freshness::Undated => verdict.unchecked.push("age of the quote: Aries does not say it".to_owned()),
        Freshness::Fresh if quote.feed == Feed::Delayed => {
            verdict.warnings.push("Aries names the quote delayed, although its time is fresh".to_owned());
        }
        Freshness::Fresh => {}
    }
    Ok(Some(quote))
}

/// The hours in which it can be filled.
fn filled_in(order: &Order) -> Hours {
    match order.time_in_force {
        TimeInForce::ExtendedHours => Hours::Extended,
        _ => Hours::Regular,
    }
}

/// What the session and the calendar say to it.
pub(crate) fn session(
    scene: &Scene<'_>,
    order: &Order,
    kind: Kind,
    live: bool,
    verdict: &mut Verdict,
) -> Result<()> {
    if let Some(what) = waits(scene, order, kind) {
        let at_once = matches!(
            order.time_in_force,
            TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok
        );
        if live && kind == Kind::Market && at_once {
            return Err(beyond(&what));
        }
        verdict.warnings.push(what);
    }
    let today = scene.now.to_zoned(time::zone()).date();
    for leg in order.legs() {
        if leg.contract.expiration == today {
            verdict.warnings.push(format!("{} expires today", leg.contract.words()));
        }
    }
    Ok(())
}

/// What becomes of an order that cannot be filled now. What Aries does with one that it does not have to keep is not
/// documented, so that is left open.
fn waits(scene: &Scene<'_>, order: &Order, kind: Kind) -> Option<String> {
    use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
    if scene.always_open {
        return None;
    }
    let hours = filled_in(order);
    let next = exchange::next_open(scene.now, hours).to_zoned(time::zone()).strftime("%A %Y-%m-%d %H:%M");
    if exchange::is_open(scene.now, hours) {
        return (order.time_in_force == AtTheOpening).then(|| {
            format!("today's opening is over: the order waits for the next one ({next} in New York) or is rejected")
        });
    }
    Some(match order.time_in_force {
        Ioc | Fok => format!(
            "the session is closed: {} does not wait, so the order would be canceled or rejected",
            order.time_in_force.words()
        ),
        Day | Gtc if kind == Kind::Market => {
            "a market order outside the session fills at whatever price the next session opens with"
                .to_owned()
        }
        ExtendedHours => format!(
            "the extended hours are closed too: the order waits for the next ones ({next} in New York) or is rejected"
        ),
        Day | Gtc | AtTheOpening | AtTheClose => {
            format!("the session is closed: the order waits for the next one ({next} in New York)")
        }
    })
}
