//! Waiting for a price.

use std::pin::pin;

use rust_decimal::Decimal;
use tokio::time::Instant;

use super::condition::{Condition, Level, Price, Seen, Session, Uncounted, When};
use super::{Wait, way};
use crate::aries::model::Quote;
use crate::aries::model::quote::Feed;
use crate::aries::socket::{Link, Market, Subscription, Ticker, Word};
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::timing::Sockets;
use crate::tools::format::{percent, plain};
use crate::tools::{Answer, Call};

pub(super) async fn wait(
    call: &Call,
    symbol: &Symbol,
    mut condition: Condition,
    wait: Wait,
) -> Result<Answer> {
    let mut ticks = call.streams.market.listen(&symbol.to_string());
    let mut progress =
        tokio::time::interval_at(wait.began + call.streams.timing.progress, call.streams.timing.progress);
    // What is known already, where others wait for the same symbol.
    let mut end = pin!(tokio::time::sleep_until(wait.end));
    let mut seen = ticks.state(|known| condition.see(&known.quote, clock::now()));
    loop {
        if let Seen::Reached { level, price, when } = seen {
            let quote = ticks.state(|known| known.quote.clone());
            return Ok(happened(call, symbol, &quote, &condition, (level, price, when), wait));
        }
        tokio::select! {
            word = ticks.next() => match &*word {
                Word::News(Ticker { quote, .. }) => seen = condition.see(quote, clock::now()),
                Word::Missed => seen = ticks.state(|known| condition.see(&known.quote, clock::now())),
                Word::Problem(error) if is_final(error, &ticks, wait.began, call.streams.timing.sockets) => {
                    return Err(error.clone());
                }
                Word::Problem(_) => {}
            },
            _ = progress.tick() => wait.tell(&call.progress, format!("{symbol} {}", standing(&condition, seen))).await,
            () = &mut end => {
                // Waiting longer brings no price of what is not known.
                let unknown = ticks.problem().filter(|error| error.kind == Kind::NotFound);
                return match unknown.filter(|_| ticks.state(|known| !known.quote.has_price())) {
                    Some(error) => Err(Error { cause: format!("{symbol}: {}", error.cause), ..error }),
                    None => Ok(not_yet(call, symbol, &condition, seen, &ticks, wait)),
                };
            }
        }
    }
}

/// Whether neither REST nor the socket will have a price, some time after the listening began.
pub(crate) fn is_final(error: &Error, ticks: &Subscription<Market>, began: Instant, timing: Sockets) -> bool {
    let nothing_yet = ticks.state(|known| !known.quote.has_price());
    // A token that is refused ends what went on before, too.
    let is_over = error.kind == Kind::SignIn;
    let is_lasting = matches!(error.kind, Kind::NotFound | Kind::Forbidden | Kind::Usage | Kind::Failed);
    let has_no_socket = match ticks.link() {
        Link::Opening | Link::Closed => false,
        // A price comes a moment after the subscription.
        Link::Up => began.elapsed() >= timing.unheard,
        Link::Down(_) | Link::Refused(_) => true,
    };
    has_no_socket && (is_over || is_lasting && nothing_yet)
}

type Reached = (Level, Price, When);

fn happened(
    call: &Call,
    symbol: &Symbol,
    quote: &Quote,
    condition: &Condition,
    reached: Reached,
    wait: Wait,
) -> Answer {
    let mut facts = event(symbol, quote, condition, reached);
    facts.insert(1, call.market().to_owned());
    facts.push(wait.waited());
    Answer::new(facts.join(" · "))
}

/// What happened, as facts of which the first is HAPPENED.
pub(crate) fn event(
    symbol: &Symbol,
    quote: &Quote,
    condition: &Condition,
    (level, price, when): Reached,
) -> Vec<String> {
    let what = match level {
        Level::Above(level) => format!("at or above {}", plain(level)),
        Level::Below(level) => format!("at or below {}", plain(level)),
        Level::Percent(moved) => {
            let begun = condition.begun().map(plain).unwrap_or_default();
            format!("moved {} % from {begun}", moved.normalize())
        }
    };
    let already = if when == When::AtTheStart { "already " } else { "" };
    let mut facts =
        vec!["HAPPENED".to_owned(), format!("{symbol} {}, {already}{what}", plain(price.shown()))];
    facts.extend(details(quote, price));
    facts
}

/// When a price was made, bid and ask, and what is unusual about it.
fn details(quote: &Quote, price: Price) -> Vec<String> {
    let side = |name: &str, price: Option<Decimal>| format!("{name} {}", price.map_or("—".to_owned(), plain));
    let mut details = vec![
        price.at.map_or("time not told".to_owned(), |at| format!("{} New York", time::local(at))),
        side("bid", quote.bid),
        side("ask", quote.ask),
    ];
    let session = Session::of(price.at.unwrap_or_else(clock::now));
    details.extend((session != Session::Regular).then(|| session.to_string()));
    if quote.feed == Feed::Delayed {
        details.push("delayed".to_owned());
    }
    details
}

/// The last price and how far away it is.
fn standing(condition: &Condition, seen: Seen) -> String {
    match seen {
        Seen::Reached { price, .. } | Seen::NotYet(price) => {
            let shown = price.shown();
            let away = condition.nearest(price).map(|(target, away)| {
                let share = percent(away, shown).map(|share| format!(" ({share} %)")).unwrap_or_default();
                let side = if shown < target { "below" } else { "above" };
                format!(", {}{share} {side} {}", plain(away), plain(target))
            });
            format!("{}{}", plain(shown), away.unwrap_or_default())
        }
        Seen::Uncounted(Uncounted::None) => "has no price so far".to_owned(),
        Seen::Uncounted(Uncounted::Crossed) => "has a bid above its ask, which does not count".to_owned(),
        Seen::Uncounted(Uncounted::Stale) => "has a price that is too old to count".to_owned(),
    }
}

fn not_yet(
    call: &Call,
    symbol: &Symbol,
    condition: &Condition,
    seen: Seen,
    ticks: &Subscription<Market>,
    wait: Wait,
) -> Answer {
    let mut facts = vec![
        "NOT YET".to_owned(),
        call.market().to_owned(),
        format!("{symbol} {}", standing(condition, seen)),
    ];
    match seen {
        Seen::Reached { price, .. } | Seen::NotYet(price) => {
            facts.extend(ticks.state(|known| details(&known.quote, price)));
        }
        Seen::Uncounted(Uncounted::None) => {}
        Seen::Uncounted(_) => {
            let (last, age) = ticks.state(|known| (known.quote.last, known.quote.age(clock::now())));
            facts.extend(last.zip(age).map(|(last, age)| format!("last {}, {age}", plain(last))));
        }
    }
    // The reason why nothing newer came is worth more than the silence.
    let problem = ticks.problem().filter(|_| !ticks.is_heard());
    facts.extend(problem.map(|error| format!("{}; {}", error.cause, error.hint)));
    let every = call.streams.timing.sockets.quotes;
    facts.push(format!("{} {}", wait.waited(), way(ticks.is_heard(), &ticks.link(), every)));
    facts.push(match condition.moved_levels() {
        // Another call would count its percent from the price of that moment.
        Some([up, down]) => {
            format!("to go on waiting call wait_for with above {} and below {}", plain(up), plain(down))
        }
        None => "call wait_for again to go on waiting".to_owned(),
    });
    Answer::new(facts.join(" · "))
}
