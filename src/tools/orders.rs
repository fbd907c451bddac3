//! `get_orders`: open orders, today's, or the history, for one account or all.

mod place;
mod rows;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Table;
use super::format::{count, now};
use super::layout::MOST_CHARACTERS;
use super::period::{Period, days_before};
use super::{Answer, Call, READS, Tool, Work, account, schema, typed};
use crate::aries::endpoints;
use crate::aries::model::order::list::{self, LARGEST, List, PageRequest};
use crate::aries::model::{Account, Order};
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::config::Toolset;
use crate::error::{Error, Result};
use crate::text::clean;
use place::Place;
use rows::{ALL, FILLED, cells, filled_at};

/// Rows shown unless `limit` says otherwise.
const USUAL_LIMIT: usize = 50;
/// Pages read while looking for open orders: 5,000 orders in a day are beyond any person.
const MOST_PAGES: usize = 10;
/// History is asked for this far back unless `from` says otherwise.
const USUAL_DAYS: i64 = 30;
/// The longest stretch that Aries answers at once.
const MOST_DAYS: i64 = 90;

pub(super) static GET_ORDERS: Tool = Tool {
    name: "get_orders",
    title: "List orders",
    description: "Orders of one account or all: `open` (default: all that can still fill), `today` (open and ended today), \
                  `history`, or `filled`: what filled in a period. Shows fills with their \
                  time, status and the id.",
    toolset: Toolset::Account,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"view":"history","from":"2026-11-01","symbol":"AAPL"}"#,
    work: Work::Code {
        input: schema::input::<GetOrders>,
        endpoints: &[
            (&endpoints::ORDERS_TODAY, r#"{"view":"today"}"#),
            (&endpoints::ORDERS_HISTORY, r#"{"view":"history","from":"2026-11-01"}"#),
            (&endpoints::ORDERS_V1, r#"{"view":"open"}"#),
        ],
        run: |call, args| Box::pin(get_orders(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetOrders {
    /// Last four characters or full id; all accounts if left out
    account: Option<String>,
    /// Which orders; open if left out
    view: Option<View>,
    /// Only this stock, or its options too; or one OSI contract
    #[schemars(length(max = 40))]
    symbol: Option<String>,
    /// Of history and filled: first day (2026-11-01, last week); 30 days ago if left out
    from: Option<String>,
    /// Last day; at most 90 days
    to: Option<String>,
    /// Most rows per account; 50 if left out
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u32>,
    /// The `cursor` of an earlier answer, with its account
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum View {
    Open,
    Today,
    History,
    Filled,
}

impl View {
    fn is_of_a_period(self) -> bool {
        matches!(self, View::History | View::Filled)
    }
}

/// Orders of one account and where the list goes on.
#[derive(Default)]
struct Page {
    /// Each with the cursor of Aries' page that it is on.
    orders: Vec<(Order, Option<String>)>,
    next: Option<String>,
    /// Aries' cursors of the pages that were read, each with the last order of its page.
    read: Vec<(Option<String>, String)>,
    /// Marks of the last orders of what earlier answers showed.
    shown: Vec<String>,
    /// Aries says that its list cannot be used.
    unavailable: bool,
    /// Orders that were read and filled after the period.
    later: usize,
    /// Rows without an id or a symbol, which must not pass for absent orders.
    unreadable: usize,
    /// The list says that it goes on, and brings no order that was not shown, so its end was not found.
    stands_still: bool,
}

async fn get_orders(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetOrders = typed(args)?;
    let view = args.view.unwrap_or(View::Open);
    let symbol = args.symbol.as_deref().map(Symbol::parse).transpose()?;
    let period = period(&args, view)?;
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    if args.cursor.is_some() && accounts.len() > 1 {
        return Err(Error::usage("`cursor`: it belongs to one account", "give `account` as well"));
    }
    let limit = args.limit.map_or(USUAL_LIMIT, |limit| limit as usize);
    let wanted = Wanted { view, period, symbol, limit };
    let pages =
        join_all(accounts.iter().map(|account| read(&call, account, &wanted, args.cursor.as_deref()))).await;
    if let [Err(error), rest @ ..] = pages.as_slice()
        && rest.iter().all(Result::is_err)
    {
        return Err(error.clone());
    }
    let what = match view {
        View::Open => "open orders".to_owned(),
        View::Today => "orders of today".to_owned(),
        View::History => {
            format!("orders {} to {}", time::rfc3339(wanted.period.from), time::rfc3339(wanted.period.to))
        }
        View::Filled => format!("orders that filled {}", wanted.period.words()),
    };
    let label = match accounts.as_slice() {
        [one] => one.label(),
        many => format!("{} · {} accounts", account::together(&call, many.iter()), many.len()),
    };
    let mut answer = Answer::new(format!("{label} · {what} · asked {} · USD, times New York", now()));
    let room = MOST_CHARACTERS / accounts.len().max(1);
    for (account, page) in accounts.iter().zip(pages) {
        let head = account.label();
        answer = match page {
            Ok(page) => show(answer, &head, &page, &wanted, room),
            Err(error) => answer.line(error.after(&format!("{head}: not available"))),
        };
    }
    Ok(answer)
}

/// The period that the call is about.
fn period(args: &GetOrders, view: View) -> Result<Period> {
    if !view.is_of_a_period() && (args.from.is_some() || args.to.is_some()) {
        let hint = r#"add "view":"history", or "view":"filled""#;
        return Err(Error::usage("`from` and `to` go with the views history and filled only", hint));
    }
    let mut period = Period::of(args.from.as_deref(), args.to.as_deref(), |to| days_before(to, USUAL_DAYS))?;
    if !period.is_longer_than(MOST_DAYS + 1) {
        // `90 days ago` is the beginning of that day, of which Aries takes as much as its longest stretch holds.
        period.from = period.from.max(days_before(period.to, MOST_DAYS));
    }
    if period.is_longer_than(MOST_DAYS) {
        let hint = "ask for at most 90 days, several times if need be";
        return Err(Error::usage("more than 90 days at once", hint));
    }
    Ok(period)
}

struct Wanted {
    view: View,
    period: Period,
    symbol: Option<Symbol>,
    limit: usize,
}

impl Wanted {
    /// Open orders are mixed with those that ended today, and a symbol's with all others: then pages are read until
    /// enough were found.
    fn is_filtered(&self) -> bool {
        matches!(self.view, View::Open | View::Filled) || self.symbol.is_some()
    }

    /// The list that has these orders. Aries' history goes by the time at which an order was made, which may be long before
    /// it filled.
    fn list(&self) -> List {
        let Period { from, to } = self.period;
        match self.view {
            View::Open | View::Today => List::Today,
            View::History => List::History { from, to },
            View::Filled => List::History { from: days_before(to, MOST_DAYS).min(from), to },
        }
    }

    fn fits(&self, order: &Order) -> bool {
        let is_of_view = match self.view {
            View::Open => order.is_open(),
            View::Filled => filled_at(order).is_some_and(|at| self.period.contains(at)),
            View::Today | View::History => true,
        };
        is_of_view && self.is_of_symbol(order)
    }

    /// Whether it would be shown if the period were longer.
    fn fills_later(&self, order: &Order) -> bool {
        let is_later = filled_at(order).is_some_and(|at| at.as_second() > self.period.to.as_second());
        self.view == View::Filled && is_later && self.is_of_symbol(order)
    }

    fn is_of_symbol(&self, order: &Order) -> bool {
        self.symbol.as_ref().is_none_or(|symbol| order.has_symbol(symbol))
    }
}

async fn read(call: &Call, account: &Account, wanted: &Wanted, begin: Option<&str>) -> Result<Page> {
    let limit = if wanted.is_filtered() { LARGEST } else { wanted.limit };
    let Place { page: mut cursor, shown } = Place::read(begin);
    let (mut found, mut asked, mut ids) = (Page::default(), BTreeSet::new(), BTreeSet::new());
    for _ in 0..MOST_PAGES {
        asked.insert(cursor.clone());
        let request = PageRequest { account: &account.id, limit, cursor: cursor.as_deref() };
        let page = list::page(&call.aries, wanted.list(), request).await?;
        // An order that is gone meanwhile leaves nothing out: then the page is shown from its beginning.
        let known = page.orders.iter().rposition(|order| shown.contains(&place::mark(&order.id)));
        let known = known.map_or(0, |last| last + 1);
        ids.extend(page.orders.iter().take(known).map(|order| order.id.clone()));
        let before = (ids.len(), found.unreadable);
        let (is_empty, last) = (page.orders.is_empty(), page.orders.last().map(|order| order.id.clone()));
        for order in page.orders.into_iter().skip(known) {
            if order.id.is_empty() || order.symbol.is_empty() {
                found.unreadable += 1;
            } else if ids.insert(order.id.clone()) {
                match wanted.fits(&order) {
                    true => found.orders.push((order, cursor.clone())),
                    false => found.later += usize::from(wanted.fills_later(&order)),
                }
            }
        }
        found.unavailable |= !page.available;
        found.read.extend(last.map(|last| (cursor.clone(), last)));
        let repeats = asked.contains(&page.next) || !is_empty && (ids.len(), found.unreadable) == before;
        found.stands_still = page.stands_still || (page.next.is_some() && repeats);
        cursor = page.next.filter(|_| !found.stands_still);
        // Every open order matters; of the others only so many were asked for.
        let enough = wanted.view != View::Open && found.orders.len() >= wanted.limit;
        let is_done = !wanted.is_filtered() && !is_empty;
        if cursor.is_none() || enough || is_done {
            break;
        }
    }
    found.shown = shown;
    found.next = cursor;
    Ok(found)
}

/// Adds what was found of one account, in at most so many characters.
fn show(mut answer: Answer, head: &str, page: &Page, wanted: &Wanted, room: usize) -> Answer {
    let mut table = match wanted.view {
        View::Filled => Table::new(FILLED, ""),
        _ => Table::new(ALL, ""),
    };
    let mut left = room;
    for (order, _) in page.orders.iter().take(wanted.limit) {
        if !table.row_within(cells(order, wanted.view), &mut left) {
            break;
        }
    }
    let (shown, all) = (table.len(), page.orders.len());
    let is_cut = shown < all;
    answer = answer.line(match is_cut {
        false if all == 0 && page.unavailable => format!("{head}: unknown (this does not mean none)"),
        false => format!("{head}: {}", count(all, "order")),
        true if page.next.is_some() => format!("{head}: {}, there are more", count(shown, "order")),
        true => format!("{head}: {shown} of {all} orders"),
    });
    if page.unreadable > 0 {
        answer = answer.line(format!("{} of Aries could not be read", count(page.unreadable, "order")));
    }
    if page.unavailable {
        answer = answer.line("Aries marks this list as not available right now: orders may be missing");
    }
    if page.stands_still {
        answer = answer.line("Aries' list goes on without bringing more: orders may be missing");
    }
    if shown > 0 {
        answer = answer.table(table);
    }
    if page.later > 0 {
        answer =
            answer.line(format!("{} that filled after the period not shown", count(page.later, "order")));
    }
    let last = shown.checked_sub(1).and_then(|last| page.orders.get(last));
    let next = match last {
        Some((order, cut)) if is_cut => {
            let before = page.read.iter().take_while(|(cursor, _)| cursor != cut).map(|(_, last)| last);
            Some(Place::behind(cut.as_deref(), &page.shown, before.chain([&order.id])))
        }
        // The last orders go with Aries' cursor, so that a page which brings them again is not taken for more.
        _ => page
            .next
            .as_deref()
            .map(|next| Place::behind(Some(next), &page.shown, page.read.iter().map(|(_, last)| last))),
    };
    match next {
        Some(next) => answer
            .line(format!("next: the same call with account and cursor {:?}", clean(&next, place::MOST))),
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_history_is_bounded() {
        let span = |from: &str, to: &str| {
            let args = json!({"view": "history", "from": from, "to": to});
            period(&serde_json::from_value(args).unwrap(), View::History)
        };
        assert!(span("2026-01-01", "2026-03-31").is_ok());
        assert!(span("90 days ago", "today").is_ok() && span("last 90 days", "today").is_ok());
        assert!(span("2026-01-01", "2026-05-01").unwrap_err().cause.contains("90 days"));
        assert!(span("2026-02-01", "2026-01-01").unwrap_err().cause.contains("`from`"));
        let value = json!({"from": "2026-01-01"});
        assert!(period(&serde_json::from_value(value).unwrap(), View::Open).is_err());
    }
}
