//! `get_orders`: open orders, today's, or the history, for one account or all.

use futures_util::future::join_all;
use jiff::ToSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Table;
use super::format::{count, now, plain, quantity};
use super::{Answer, Call, READS, Tool, Work, account, schema, typed};
use crate::aries::endpoints;
use crate::aries::model::order::list::{self, LARGEST, List, PageRequest};
use crate::aries::model::{Account, Order};
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::config::Toolset;
use crate::error::{Error, Result};
use crate::text::clean;

/// Rows shown unless `limit` says otherwise.
const USUAL_LIMIT: usize = 50;
/// Pages read while looking for open orders: 5,000 orders in a day are beyond any person.
const MOST_PAGES: usize = 10;
/// History is asked for this far back unless `from` says otherwise; Aries allows 90 days.
const USUAL_DAYS: i64 = 30;

pub(super) static GET_ORDERS: Tool = Tool {
    name: "get_orders",
    title: "List orders",
    description: "Orders of one account or all: `open` (default: everything that can still fill), `today` (open and ended today), or \
                  `history` (last 30 days unless from/to say otherwise, at most 90 days at once). Shows side, quantity, filled, \
                  symbol, type, prices, time in force, status and the id.",
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
    #[schemars(length(max = 25))]
    symbol: Option<String>,
    /// History only: first day (2026-11-01) or moment
    from: Option<String>,
    /// History only: last day or moment
    to: Option<String>,
    /// Most rows per account
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u32>,
    /// Continues an earlier answer: its `cursor`, with the same account
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum View {
    Open,
    Today,
    History,
}

/// Orders of one account and where the list goes on.
#[derive(Default)]
struct Page {
    orders: Vec<Order>,
    next: Option<String>,
    /// Aries says that its list cannot be used.
    unavailable: bool,
    /// Rows without an id or a symbol, which must not pass for absent orders.
    unreadable: usize,
    /// The list comes to the same page twice, so its end was not found.
    repeats: bool,
}

async fn get_orders(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetOrders = typed(args)?;
    let view = args.view.unwrap_or(View::Open);
    let symbol = args.symbol.as_deref().map(Symbol::parse).transpose()?;
    let span = Span::of(&args, view)?;
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    if args.cursor.is_some() && accounts.len() > 1 {
        return Err(Error::usage("`cursor`: it belongs to one account", "give `account` as well"));
    }
    let limit = args.limit.map_or(USUAL_LIMIT, |limit| limit as usize);
    let wanted = Wanted { view, span, symbol, limit };
    let pages =
        join_all(accounts.iter().map(|account| read(&call, account, &wanted, args.cursor.clone()))).await;
    if let [Err(error), rest @ ..] = pages.as_slice()
        && rest.iter().all(Result::is_err)
    {
        return Err(error.clone());
    }
    let what = match view {
        View::Open => "open orders".to_owned(),
        View::Today => "orders of today".to_owned(),
        View::History => {
            format!("orders {} to {}", time::rfc3339(wanted.span.from), time::rfc3339(wanted.span.to))
        }
    };
    let label = match accounts.as_slice() {
        [one] => one.label(),
        many => format!("{} · {} accounts", account::together(&call, many.iter()), many.len()),
    };
    let mut answer = Answer::new(format!("{label} · {what} · asked {} · USD, times New York", now()));
    for (account, page) in accounts.iter().zip(pages) {
        let head = account.label();
        answer = match page {
            Ok(page) => show(answer, &head, &page, limit),
            Err(error) => answer.line(format!("{head}: not available: {}; {}", error.cause, error.hint)),
        };
    }
    Ok(answer)
}

#[derive(Debug)]
struct Span {
    from: jiff::Timestamp,
    to: jiff::Timestamp,
}

impl Span {
    fn of(args: &GetOrders, view: View) -> Result<Self> {
        if view != View::History && (args.from.is_some() || args.to.is_some()) {
            return Err(Error::usage("`from` and `to` go with view history only", r#"add "view":"history""#));
        }
        let now = time::now().timestamp();
        let to = args.to.as_deref().map(|to| time::last_moment(to, &time::zone())).transpose();
        let to = to.map_err(|error| error.of_argument("to"))?.map_or(now, |to| to.min(now));
        let from = args.from.as_deref().map(time::moment).transpose();
        let default = to.to_zoned(time::zone()).saturating_sub(USUAL_DAYS.days()).timestamp();
        let from = from.map_err(|error| error.of_argument("from"))?.unwrap_or(default);
        if from >= to {
            return Err(Error::usage("`from` is not before `to` (and before now)", "give an earlier `from`"));
        }
        if to.duration_since(from).as_hours() > 90 * 24 {
            let hint = "ask for at most 90 days, several times if need be";
            return Err(Error::usage("more than 90 days at once", hint));
        }
        Ok(Self { from, to })
    }
}

struct Wanted {
    view: View,
    span: Span,
    symbol: Option<Symbol>,
    limit: usize,
}

impl Wanted {
    /// Open orders are mixed with those that ended today, and a symbol's with all others: then pages are read until
    /// enough were found.
    fn is_filtered(&self) -> bool {
        self.view == View::Open || self.symbol.is_some()
    }

    fn fits(&self, order: &Order) -> bool {
        (self.view != View::Open || order.is_open())
            && self.symbol.as_ref().is_none_or(|symbol| order.has_symbol(symbol))
    }
}

async fn read(call: &Call, account: &Account, wanted: &Wanted, mut cursor: Option<String>) -> Result<Page> {
    let limit = if wanted.is_filtered() { LARGEST } else { wanted.limit };
    let mut found = Page::default();
    for _ in 0..MOST_PAGES {
        let request = PageRequest { account: &account.id, limit, cursor: cursor.as_deref() };
        let Span { from, to } = wanted.span;
        let list = if wanted.view == View::History { List::History { from, to } } else { List::Today };
        let page = list::page(&call.aries, list, request).await?;
        for order in page.orders {
            if order.id.is_empty() || order.symbol.is_empty() {
                found.unreadable += 1;
            } else if wanted.fits(&order) {
                found.orders.push(order);
            }
        }
        found.unavailable |= !page.available;
        found.repeats = page.next.is_some() && page.next == cursor;
        cursor = page.next.filter(|_| !found.repeats);
        // Every open order matters; of the others only so many were asked for.
        let enough = wanted.view != View::Open && found.orders.len() >= wanted.limit;
        if cursor.is_none() || enough || !wanted.is_filtered() {
            break;
        }
    }
    found.next = cursor;
    Ok(found)
}

fn show(mut answer: Answer, head: &str, page: &Page, limit: usize) -> Answer {
    let (shown, all) = (page.orders.len().min(limit), page.orders.len());
    answer = answer.line(match shown == all {
        true => format!("{head}: {}", count(shown, "order")),
        false => format!("{head}: {shown} of {all} orders; give a larger `limit` for the rest"),
    });
    if page.unreadable > 0 {
        answer = answer.line(format!("{} of Aries could not be read", count(page.unreadable, "order")));
    }
    if page.unavailable {
        answer = answer.line("Aries marks this list as not available right now: orders may be missing");
    }
    if page.repeats {
        answer = answer.line("Aries' list comes to the same page twice: orders may be missing");
    }
    if shown > 0 {
        let mut table = Table::new(
            [
                "created", "side", "quantity", "filled", "symbol", "type", "limit", "stop", "in force",
                "status", "average", "id",
            ],
            "give a smaller `limit`, a `symbol` or one account",
        );
        page.orders.iter().take(limit).for_each(|order| row(&mut table, order));
        answer = answer.table(table);
    }
    if let Some(next) = &page.next {
        answer = answer.line(format!("next: the same call with account and cursor {:?}", clean(next, 40)));
    }
    answer
}

fn row(table: &mut Table, order: &Order) {
    let written = &order.written;
    let said = |word: &String| (!word.is_empty()).then(|| word.clone());
    let reason = written.reason.as_ref().map(|reason| format!(" (Aries: \"{reason}\")")).unwrap_or_default();
    let mut symbol = clean(&order.symbol, 32);
    if !written.legs.is_empty() {
        symbol.push_str(&format!(" [{}]", written.legs.join("; ")));
    }
    table.row([
        order.created.map(time::local),
        written.side.clone(),
        written.quantity.map(quantity),
        written.filled.map(quantity),
        Some(symbol),
        said(&order.kind),
        order.limit.map(plain),
        order.stop.map(plain),
        said(&order.time_in_force),
        order.status_words().map(|status| format!("{status}{reason}")),
        order.average.map(plain),
        Some(order.id.clone()),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_history_is_bounded() {
        let span = |from: &str, to: &str| {
            let args = json!({"view": "history", "from": from, "to": to});
            Span::of(&serde_json::from_value(args).unwrap(), View::History)
        };
        assert!(span("2026-01-01", "2026-03-31").is_ok());
        assert!(span("2026-01-01", "2026-05-01").unwrap_err().cause.contains("90 days"));
        assert!(span("2026-02-01", "2026-01-01").unwrap_err().cause.contains("`from`"));
        let value = json!({"from": "2026-01-01"});
        assert!(Span::of(&serde_json::from_value(value).unwrap(), View::Open).is_err());
    }
}
