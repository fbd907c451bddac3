//! An order against the clock: the last day of its contract, the age of the quote, the session it would be filled in.

use crate::aries::model::quote::Feed;
use crate::aries::time;
use crate::error::{Error, Kind, Result};
use crate::exchange::{self, Hours};
use crate::trade::checks::context::{CheckContext, cannot_verify, over_limit};
use crate::trade::checks::quote::{Freshness, Quote};
use crate::trade::order::body::Order;
use crate::trade::order::terms::{OrderType, TimeInForce};

/// Refuses a contract that expired at the close of today. What expired before today is refused by the rules of form.
pub(crate) fn check_expiration(context: &CheckContext<'_>) -> Result<()> {
    let closed = !context.always_open && exchange::is_done_for_today(context.now);
    let today = context.today();
    match context.order.legs.iter().find(|leg| closed && leg.contract.expiration == today) {
        Some(leg) => {
            let cause = format!("{} expired at the close of today", leg.contract.words());
            Err(Error::new(Kind::Refused, cause, "give a later expiration"))
        }
        None => Ok(()),
    }
}

/// Fails on live accounts if there is no quote to judge the order by, or if it is not of now.
pub(crate) fn usable_quote<'q>(
    context: &mut CheckContext<'_>,
    quote: Option<&'q Quote>,
) -> Result<Option<&'q Quote>> {
    let Some(quote) = quote.filter(|quote| !quote.is_empty()) else {
        let why = "Aries gave no quote to judge it by";
        context.unverified(why, "distance from the market: there is no quote")?;
        return Ok(None);
    };
    match quote.freshness(context.now, (!context.always_open).then_some(hours_of(context.order))) {
        Freshness::Stale => {
            let what = "the quote is old or delayed";
            context.warn(cannot_verify(what), what.to_owned())?;
        }
        Freshness::Ahead => {
            let what = "the quote is stamped in the future, or this machine's clock is wrong";
            let hint = "tell the person to check the clock of this machine, then try again".to_owned();
            context.warn(Error { hint, ..cannot_verify(what) }, what.to_owned())?;
        }
        Freshness::Undated => {
            let mut refusal = cannot_verify("Aries does not say how old the quote is");
            if !context.order.is_stock() {
                refusal.hint =
                    "tell the person; Aries says it of options to keys with market:supplemental".to_owned();
            }
            context.refuse_if_live(refusal)?;
            context.result.unchecked.push("age of the quote: Aries does not say it".to_owned());
        }
        Freshness::Fresh if quote.feed == Feed::Delayed => {
            let what = "Aries names the quote delayed, although its time is fresh";
            context.result.warnings.push(what.to_owned());
        }
        Freshness::Fresh => {}
    }
    Ok(Some(quote))
}

fn hours_of(order: &Order) -> Hours {
    match order.time_in_force {
        TimeInForce::ExtendedHours => Hours::Extended,
        _ => Hours::Regular,
    }
}

/// Refuses a market order outside the session on live accounts. Whatever else waits for a session is a warning.
pub(crate) fn check_session(context: &mut CheckContext<'_>, order_type: OrderType) -> Result<()> {
    use TimeInForce::{AtTheClose, AtTheOpening, ExtendedHours};
    if let Some(what) = wait_for_session(context, order_type) {
        let may_wait = matches!(context.order.time_in_force, AtTheOpening | AtTheClose | ExtendedHours);
        if order_type == OrderType::Market && !may_wait {
            context.refuse_if_live(over_limit(&what))?;
        }
        context.result.warnings.push(what);
    }
    let today = context.today();
    let expiring = context.order.legs.iter().filter(|leg| leg.contract.expiration == today);
    context.result.warnings.extend(expiring.map(|leg| format!("{} expires today", leg.contract.words())));
    Ok(())
}

/// What becomes of an order that cannot be filled now; `None` if it can. Aries does not document what it does with an
/// order that it does not have to keep, so the words leave that open.
fn wait_for_session(context: &CheckContext<'_>, order_type: OrderType) -> Option<String> {
    use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
    if context.always_open {
        return None;
    }
    let (tif, hours) = (context.order.time_in_force, hours_of(context.order));
    let next = exchange::next_open(context.now, hours).to_zoned(time::zone()).strftime("%A %Y-%m-%d %H:%M");
    if exchange::is_open(context.now, hours) {
        return (tif == AtTheOpening).then(|| {
            format!("today's opening is over: the order waits for the next one ({next} in New York) or is rejected")
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
            "the extended hours are closed too: the order waits for the next ones ({next} in New York) or is rejected"
        ),
        Day | Gtc | AtTheOpening | AtTheClose => {
            format!("the session is closed: the order waits for the next one ({next} in New York)")
        }
    })
}
