//! Whether a quote can be believed, and by which prices an order is judged: those of the quote if it is fresh and makes
//! sense, else the last trade if that is fresh, else none.

use std::fmt;

use rust_decimal::Decimal;

use crate::aries::model::quote::Feed;
use crate::aries::time;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::context::{CheckContext, cannot_verify};
use crate::trade::checks::notional::CENT;
use crate::trade::checks::quote::{Freshness, Quote, net};
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::decimal::price_words;
use crate::trade::order::terms::{OrderType, TimeInForce};

/// How far bid and ask of a stock may be apart, and a fresh last trade from both, as a part of their middle: a tenth.
const OF_STOCK: Decimal = Decimal::from_parts(1, 0, 0, false, 1);
/// The same of an option: a half.
const OF_OPTION: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
/// Nothing is wide that is at most this, in USD: two ticks of a stock below a dollar, and five of a cheap option.
const LEAST_OF_STOCK: Decimal = Decimal::from_parts(2, 0, 0, false, 2);
const LEAST_OF_OPTION: Decimal = Decimal::from_parts(25, 0, 0, false, 2);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// Neither bid nor ask.
    None,
    NoBid,
    NoAsk,
    Crossed(Decimal, Decimal),
    Wide(Decimal, Decimal),
    /// A price that no such contract can have.
    Impossible(&'static str, Decimal, Decimal),
    /// Bid and ask agree with each other and not with the last trade.
    FarFromLast(Decimal),
    /// The same with the close before.
    FarFromClose(Decimal),
    /// There is no trade of a known time and no close that they could agree with.
    Alone,
    Ahead,
    Stale,
    Undated,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("Aries gave no quote to check its price against"),
            Self::NoBid => f.write_str("there is no bid to check its price against"),
            Self::NoAsk => f.write_str("there is no ask to check its price against"),
            Self::Crossed(bid, ask) => {
                write!(
                    f,
                    "bid {} is above ask {}: such a quote is wrong",
                    price_words(*bid),
                    price_words(*ask)
                )
            }
            Self::Wide(bid, ask) => {
                let [bid, ask] = [bid, ask].map(|price| price_words(*price));
                write!(f, "bid {bid} and ask {ask} are too far apart to check its price against")
            }
            Self::Impossible(what, price, most) => {
                let [price, most] = [price, most].map(|price| price_words(*price));
                write!(f, "the price {price} is more than {what} ({most}): such a quote is wrong")
            }
            Self::FarFromLast(last) => {
                write!(f, "bid and ask are far from the last trade ({})", price_words(*last))
            }
            Self::FarFromClose(close) => {
                write!(f, "bid and ask are far from the last close ({})", price_words(*close))
            }
            Self::Alone => {
                f.write_str("nothing confirms bid and ask: there is no trade of a known time, and no close")
            }
            Self::Ahead => {
                f.write_str("the quote is stamped in the future, or this machine's clock is wrong")
            }
            Self::Stale => f.write_str("the quote is old or delayed"),
            Self::Undated => f.write_str("Aries does not say how old the quote is"),
        }
    }
}

/// What an order is judged by; nothing if Aries gave no prices and the account is not live. More than one where the last
/// trade contradicts the quote: each has to agree. Fails on live accounts where nothing can be believed; on others the
/// quote counts as it is, and what is wrong with it is told.
pub(crate) fn judges(context: &mut CheckContext<'_>, quote: Option<&Quote>) -> Result<Vec<Quote>> {
    let is_live = context.is_at_stake();
    let nothing = Quote::default();
    let quote = match quote {
        Some(quote) if is_live || !quote.is_empty() => quote,
        _ if is_live => &nothing,
        _ => {
            context.result.unchecked.push("distance from the market: there is no quote".to_owned());
            return Ok(Vec::new());
        }
    };
    let parts = if quote.legs.is_empty() { std::slice::from_ref(quote) } else { quote.legs.as_slice() };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (at, part) in parts.iter().enumerate() {
        let leg = context.order.legs.get(at);
        let [one, other] = judges_of(context, leg, part)?;
        first.push(one);
        second.push(other);
    }
    let whole = |mut parts: Vec<Quote>| match (quote.legs.is_empty(), parts.pop()) {
        (true, Some(alone)) => alone,
        (_, last) => net(context.order, parts.into_iter().chain(last).collect()),
    };
    let is_one = first == second;
    let mut judges = vec![if first == parts { quote.clone() } else { whole(first) }];
    judges.extend((!is_one).then(|| whole(second)));
    remark_age(context, &judges);
    Ok(judges)
}

/// The prices of a stock or one contract that judge it, twice the same if one is enough.
fn judges_of(context: &mut CheckContext<'_>, leg: Option<&Leg>, quote: &Quote) -> Result<[Quote; 2]> {
    let found = problem(context, leg, quote);
    if !context.is_at_stake() {
        found.into_iter().for_each(|problem| tell(context, &problem));
        return Ok([quote.clone(), quote.clone()]);
    }
    let is_far = is_fresh_trade(context, quote) && is_far(quote, leg);
    let trade = is_judge(context, quote).then(|| last_trade(quote));
    match (found, trade) {
        (Some(problem), None) => Err(refusal(context, &problem, leg)),
        (None, None) if is_far => {
            Err(refusal(context, &Problem::FarFromLast(quote.last.unwrap_or_default()), leg))
        }
        (Some(problem), Some(trade)) => {
            context
                .result
                .warnings
                .push(format!("{problem}, so its price is checked against the last trade"));
            Ok([trade.clone(), trade])
        }
        (None, Some(trade)) if is_far => {
            let last = quote.last.unwrap_or_default();
            context
                .result
                .warnings
                .push(format!("{}, so its price is checked against both", Problem::FarFromLast(last)));
            Ok([quote.clone(), trade])
        }
        (None, _) => {
            context.result.warnings.extend(doubt(context, leg, quote));
            Ok([quote.clone(), quote.clone()])
        }
    }
}

/// Says so where a price judges the order that is too old for one without a limit, and where Aries calls a fresh one
/// delayed.
fn remark_age(context: &mut CheckContext<'_>, judges: &[Quote]) {
    let old = judges
        .iter()
        .find(|quote| context.is_old(quote.at) && context.freshness(quote.at) == Freshness::Fresh);
    if let Some(at) = old.and_then(|quote| quote.at) {
        let at = time::local(at);
        context.result.remark = Some(format!("judged by prices of {at}"));
        let what = format!(
            "it is judged by prices that are old or delayed, of {at} in New York; it fills at its limit price or better"
        );
        context.result.warnings.push(what);
    } else if judges.iter().any(|quote| quote.feed == Feed::Delayed) {
        let is_fresh = judges.iter().all(|quote| context.freshness(quote.at) == Freshness::Fresh);
        let what = "Aries calls the quote delayed, although its time is of now";
        context.result.warnings.extend(is_fresh.then(|| what.to_owned()));
    }
}

/// What is wrong with the prices of a stock or of one contract. A locked market is fine.
fn problem(context: &CheckContext<'_>, leg: Option<&Leg>, quote: &Quote) -> Option<Problem> {
    if quote.is_empty() {
        return Some(Problem::None);
    }
    match context.freshness(quote.at) {
        Freshness::Ahead => return Some(Problem::Ahead),
        Freshness::Stale => return Some(Problem::Stale),
        Freshness::Undated => return Some(Problem::Undated),
        Freshness::Fresh => {}
    }
    let Some(bid) = quote.bid else { return Some(Problem::NoBid) };
    let Some(ask) = quote.ask else { return Some(Problem::NoAsk) };
    // A stub stands at the highest price, so the lower side is what cannot be.
    let impossible = leg.and_then(|leg| {
        let contract = &leg.contract;
        let (what, most) = match contract.call {
            true => ("the shares are worth", quote.underlying? * (Decimal::ONE + OF_STOCK)),
            false => ("its strike", contract.strike),
        };
        (bid > most).then_some(Problem::Impossible(what, bid, most))
    });
    let crossed = (bid > ask).then_some(Problem::Crossed(bid, ask));
    let wide = (ask - bid > room((bid + ask) / Decimal::TWO, leg)).then_some(Problem::Wide(bid, ask));
    crossed.or(impossible).or(wide).or_else(|| unsupported(context, leg, quote))
}

/// What is wrong with bid and ask of shares where no fresh trade judges them. A close, and a trade of another day, are no
/// judges either, but without any trade shares are not worth twice or half of what they were. A trade of no usable time
/// supports nothing; it may be of now, so it must not contradict.
fn unsupported(context: &CheckContext<'_>, leg: Option<&Leg>, quote: &Quote) -> Option<Problem> {
    if leg.is_some() || is_fresh_trade(context, quote) {
        return None;
    }
    let (bid, ask) = (quote.bid?, quote.ask?);
    let is_far = |price: Decimal| bid > price * Decimal::TWO || ask * Decimal::TWO < price;
    let [trade, close] = before(context, quote);
    let undated = quote.last.filter(|last| trade.is_none() && is_beyond(quote, *last, room(*last, leg)));
    let far = undated.or(trade.filter(|trade| is_far(*trade))).map(Problem::FarFromLast);
    far.or(close.filter(|close| is_far(*close)).map(Problem::FarFromClose))
        .or(trade.or(close).is_none().then_some(Problem::Alone))
}

/// What has to be said of shares that are quoted far from what they were.
fn doubt(context: &CheckContext<'_>, leg: Option<&Leg>, quote: &Quote) -> Option<String> {
    if leg.is_some() || is_fresh_trade(context, quote) {
        return None;
    }
    let mut known = before(context, quote).into_iter().flatten();
    let far = known.find(|price| is_beyond(quote, *price, room(*price, leg)))?;
    Some(format!("bid and ask are far from the last price that is known, an old one ({})", price_words(far)))
}

/// What the shares were worth before: by the last trade, if its time can be right, and by the close.
fn before(context: &CheckContext<'_>, quote: &Quote) -> [Option<Decimal>; 2] {
    let is_dated = !matches!(context.freshness(quote.traded), Freshness::Undated | Freshness::Ahead);
    [quote.last.filter(|_| is_dated), quote.close.filter(|close| *close > Decimal::ZERO)]
}

/// How far prices around this one may be apart.
fn room(price: Decimal, leg: Option<&Leg>) -> Decimal {
    let (part, least) = if leg.is_some() { (OF_OPTION, LEAST_OF_OPTION) } else { (OF_STOCK, LEAST_OF_STOCK) };
    (price * part).max(least)
}

/// Whether the last trade lies beyond bid and ask by more than they may be apart.
fn is_far(quote: &Quote, leg: Option<&Leg>) -> bool {
    quote.last.is_some_and(|last| is_beyond(quote, last, room(last, leg)))
}

fn is_beyond(quote: &Quote, price: Decimal, room: Decimal) -> bool {
    let (Some(bid), Some(ask)) = (quote.bid, quote.ask) else { return false };
    price < bid - room || price > ask + room
}

fn is_fresh_trade(context: &CheckContext<'_>, quote: &Quote) -> bool {
    quote.last.is_some() && context.freshness(quote.traded) == Freshness::Fresh
}

/// Whether the last trade can judge the order: not one that takes whatever price there is, unless an auction makes it.
fn is_judge(context: &CheckContext<'_>, quote: &Quote) -> bool {
    let order = context.order;
    let auction = matches!(order.time_in_force, TimeInForce::AtTheOpening | TimeInForce::AtTheClose);
    let is_ahead = context.freshness(quote.at) == Freshness::Ahead;
    (order.order_type != OrderType::Market || auction) && !is_ahead && is_fresh_trade(context, quote)
}

/// The last trade in the place of bid and ask.
fn last_trade(quote: &Quote) -> Quote {
    Quote { bid: quote.last, ask: quote.last, at: quote.traded, legs: Vec::new(), ..quote.clone() }
}

fn refusal(context: &CheckContext<'_>, problem: &Problem, leg: Option<&Leg>) -> Error {
    let of = leg.map(|leg| format!(" ({})", leg.contract.words())).unwrap_or_default();
    let missing = context.no_quote.as_ref().filter(|_| *problem == Problem::None);
    let cause = match missing {
        Some(why) => format!("{problem}{of}: {}", why.cause),
        None => format!("{problem}{of}"),
    };
    if let Some(why) = missing {
        return Error { hint: why.hint.clone(), ..cannot_verify(&cause) };
    }
    Error { hint: hint(problem, leg.is_some(), context.order.order_type), ..cannot_verify(&cause) }
}

/// What the person can do about it.
fn hint(problem: &Problem, is_option: bool, order_type: OrderType) -> Told {
    let can = match problem {
        Problem::Ahead => "check the clock of this machine, then try again",
        Problem::Stale if order_type == OrderType::Limit => {
            "try again when the market is open, or look at the price in Aries' own application and trade it there"
        }
        Problem::Stale => {
            "give a limit price, which may be checked against a delayed quote; market and stop orders need current quotes, \
             which Aries sends to those who have subscribed to them"
        }
        Problem::Undated if is_option => {
            "add the scope market:supplemental to the key in Client Center and run `aries-mcp login`: Aries says it of \
             options to such keys only; if the key has it, Aries' answer names no contract or no time, and it can be traded in \
             Aries' own application"
        }
        _ => "check the symbol, try again when it is traded, or trade it in Aries' own application",
    };
    Told::person_can(can)
}

/// On an account that is not live, what is missing is told by the checks that miss it.
fn tell(context: &mut CheckContext<'_>, problem: &Problem) {
    match problem {
        Problem::None | Problem::NoBid | Problem::NoAsk => {}
        Problem::Undated => {
            context.result.unchecked.push("age of the quote: Aries does not say it".to_owned())
        }
        problem => context.result.warnings.push(problem.to_string()),
    }
}

/// Refuses an order that takes whatever price there is, where that has moved from `approved`, the one that the person saw,
/// to `now` by more than the collar.
pub(crate) fn check_moved(
    percent: Decimal,
    order: &Order,
    approved: Option<Decimal>,
    now: Option<Decimal>,
) -> Result<()> {
    let (Some(approved), Some(now)) = (approved, now) else { return Ok(()) };
    let least = if !order.is_stock() { CENT * Decimal::from(5) } else { CENT };
    if (now - approved).abs() <= (approved.abs() * percent / Decimal::ONE_HUNDRED).max(least) {
        return Ok(());
    }
    let [approved, now] = [approved, now].map(price_words);
    let cause = format!(
        "the market has moved by more than {percent} % since the preview: {approved} was shown, it is {now} now"
    );
    let hint = Told::pair(
        "tell the person both prices; preview it again if they still want it",
        "preview it again if you still want it",
    );
    Err(Error::new(Kind::Refused, cause, hint))
}
