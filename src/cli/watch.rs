//! `aries-mcp watch`: prices, orders and positions as they change, until something happens or the time is over.

mod notify;
mod screen;

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use futures_util::FutureExt;
use futures_util::future::{pending, select_all};
use jiff::Timestamp;

use crate::aries::model::{Account, Position};
use crate::aries::socket::{Accounts, Change, Market, Subscription, Ticker, Word};
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::cli::output::answer;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::os::end;
use crate::tools::Call;
use crate::tools::wait_for::{Condition, Level, Seen, event, find_order, number, order_words, the_account};
use screen::{Row, Screen, Style};

/// How often the screen is drawn, and how often a line of a symbol is printed without one.
const DRAW: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Tickers, OSI option symbols or indices
    #[arg(value_name = "SYMBOL")]
    symbols: Vec<String>,
    /// End when a price is at this level or above it
    #[arg(long, value_name = "PRICE")]
    above: Option<String>,
    /// End when a price is at this level or below it
    #[arg(long, value_name = "PRICE")]
    below: Option<String>,
    /// End when a price has moved so many percent, up or down
    #[arg(long, value_name = "N")]
    percent: Option<String>,
    /// End when this order fills, also in part, or ends
    #[arg(long, value_name = "ID")]
    order: Option<String>,
    /// Show orders and positions of this account as they change: its last four characters or its id
    #[arg(long)]
    account: Option<String>,
    /// Tell the event as a desktop notification, too
    #[arg(long)]
    notify: bool,
    /// Stop waiting then: 16:00 in New York today, or a moment with its zone
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// A symbol with what is waited for.
struct Watched {
    symbol: Symbol,
    ticks: Subscription<Market>,
    condition: Option<Condition>,
    row: Row,
}

pub(super) async fn run(call: Call, args: WatchArgs, style: Style) -> Result<()> {
    let until = args.until.as_deref().map(moment).transpose()?;
    let mut symbols = watched(&call, &args)?;
    let account = accounts(&call, &args).await?;
    if symbols.is_empty() && account.is_none() {
        return Err(Error::usage("there is nothing to watch", "name a symbol, an --order or an --account"));
    }
    let mut screen = Screen::new(style);
    let waits = args.order.is_some() || symbols.iter().any(|one| one.condition.is_some());
    let outcome = tokio::select! {
        event = follow(&mut screen, &mut symbols, account) => event.map(Some),
        () = end::signal() => if waits { Err(stopped()) } else { Ok(None) },
        () = at(until) => Err(not_yet()),
    };
    screen.end();
    call.streams.close().await;
    if let Some(event) = outcome? {
        answer!("{event}");
        if args.notify {
            notify::show(&event).await?;
        }
    }
    Ok(())
}

fn stopped() -> Error {
    Error::failed("stopped before it happened", "run it again")
}

fn not_yet() -> Error {
    Error::new(Kind::NotYet, "it has not happened by then", "run it again with a later --until")
}

async fn at(until: Option<Timestamp>) {
    let Some(until) = until else { return pending().await };
    let left = until.duration_since(clock::now());
    tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
}

/// Reads the end of a watch: an hour of today in New York, or a moment.
fn moment(text: &str) -> Result<Timestamp> {
    let hour = text.trim().parse::<jiff::civil::Time>().ok();
    let today = hour.and_then(|hour| time::now().date().to_datetime(hour).to_zoned(time::zone()).ok());
    let moment = today.map_or_else(|| time::moment(text), |zoned| Ok(zoned.timestamp()));
    let moment = moment.map_err(|error| error.of_argument("until"))?;
    if moment <= clock::now() {
        return Err(Error::usage("`until`: that is over", "give an hour like 16:00, or a moment to come"));
    }
    Ok(moment)
}

fn watched(call: &Call, args: &WatchArgs) -> Result<Vec<Watched>> {
    let mut levels = Vec::new();
    let given = [
        ("above", &args.above, Level::Above as fn(_) -> Level),
        ("below", &args.below, Level::Below),
        ("percent", &args.percent, Level::Percent),
    ];
    for (name, text, level) in given {
        levels.extend(text.as_deref().map(|text| number(name, text)).transpose()?.map(level));
    }
    if !levels.is_empty() && args.symbols.is_empty() {
        return Err(Error::usage("a level is of a symbol", "name the symbol"));
    }
    let watch = |text: &String| {
        let symbol = Symbol::parse(text)?;
        Ok(Watched {
            ticks: call.streams.market.listen(&symbol.to_string()),
            condition: (!levels.is_empty()).then(|| Condition::new(levels.clone())),
            row: Row::new(&symbol),
            symbol,
        })
    };
    args.symbols.iter().map(watch).collect()
}

/// An account that is watched, and the order that ends the watch.
struct Watching {
    account: Account,
    changes: Subscription<Accounts>,
    /// The id, and what was filled at the beginning.
    order: Option<crate::aries::model::Order>,
    /// Whether other orders and positions are shown.
    shows_all: bool,
    /// The positions as they were shown last.
    positions: String,
}

async fn accounts(call: &Call, args: &WatchArgs) -> Result<Option<Watching>> {
    let (account, order) = match (&args.order, &args.account) {
        (Some(id), account) => {
            let (account, order) = find_order(call, id, account.as_deref()).await?;
            (account, Some(order))
        }
        (None, Some(account)) => (the_account(call, account).await?, None),
        (None, None) => return Ok(None),
    };
    let changes = call.streams.accounts.listen(&account.id);
    Ok(Some(Watching {
        account,
        changes,
        order,
        shows_all: args.account.is_some(),
        positions: String::new(),
    }))
}

/// Shows what changes until something happens that ends the watch.
async fn follow(
    screen: &mut Screen,
    symbols: &mut [Watched],
    mut account: Option<Watching>,
) -> Result<String> {
    let mut draws = tokio::time::interval(DRAW);
    if let Some(event) = account.as_ref().and_then(Watching::ended) {
        return Ok(event);
    }
    loop {
        let ticked = tokio::select! {
            ticked = next_tick(symbols) => Some(ticked),
            word = next_change(&mut account) => {
                if let Some(event) = account.as_mut().and_then(|account| account.take(screen, &word)) {
                    return Ok(event);
                }
                None
            }
            _ = draws.tick() => {
                symbols.iter_mut().for_each(|one| one.row.sample());
                screen.draw(&mut symbols.iter_mut().map(|one| &mut one.row).collect::<Vec<_>>());
                None
            }
        };
        if let Some(event) = ticked.and_then(|(at, word)| symbols.get_mut(at)?.take(&word).transpose()) {
            return event;
        }
    }
}

/// Waits for a word about any symbol, and tells which.
async fn next_tick(symbols: &mut [Watched]) -> (usize, Arc<Word<Ticker>>) {
    if symbols.is_empty() {
        return pending().await;
    }
    let words = symbols.iter_mut().map(|one| one.ticks.next().boxed_local());
    let (word, at, _) = select_all(words).await;
    (at, word)
}

async fn next_change(account: &mut Option<Watching>) -> Arc<Word<Change>> {
    match account {
        Some(account) => account.changes.next().await,
        None => pending().await,
    }
}

impl Watched {
    /// Takes a word; the event, if one is reached.
    fn take(&mut self, word: &Word<Ticker>) -> Result<Option<String>> {
        let is_final = |error: &Error| matches!(error.kind, Kind::NotFound | Kind::SignIn);
        let known = match word {
            Word::News(known) => known.clone(),
            Word::Problem(error) if self.row.is_empty() && is_final(error) => return Err(error.clone()),
            Word::Problem(_) | Word::Missed => self.ticks.state(Clone::clone),
        };
        let now = clock::now();
        let Some(condition) = &mut self.condition else {
            self.row.take(known);
            return Ok(None);
        };
        let seen = condition.see(&known.quote, now);
        let happened = match seen {
            Seen::Reached { level, price, when } => {
                Some(event(&self.symbol, &known.quote, condition, (level, price, when)).join(" · "))
            }
            _ => None,
        };
        self.row.take(known);
        Ok(happened)
    }
}

impl Watching {
    fn ended(&self) -> Option<String> {
        let first = self.order.as_ref()?;
        let now = self.changes.state(|book| book.orders.get(&first.id).cloned());
        let now = now.unwrap_or_else(|| first.clone());
        (!now.is_open() || now.filled > first.filled)
            .then(|| format!("HAPPENED · {} · {}", self.account.label(), order_words(&now)))
    }

    /// Shows the positions, unless they were shown so: a list of them is many changes at once.
    fn show_positions(&mut self, screen: &Screen) {
        let positions = self.changes.state(|book| {
            let words = |one: &Position| {
                let quantity =
                    one.quantity.map_or("—".to_owned(), |quantity| quantity.normalize().to_string());
                format!("{quantity} {}", crate::text::clean(&one.symbol, 32))
            };
            book.positions.values().map(words).collect::<Vec<_>>().join(", ")
        });
        if positions != self.positions {
            screen.line(&format!("positions: {positions}"));
            self.positions = positions;
        }
    }

    /// Shows a change; the event, if it is of the order that is waited for.
    fn take(&mut self, screen: &Screen, word: &Word<Change>) -> Option<String> {
        if self.shows_all {
            match word {
                Word::News(Change::Order(order)) => screen.line(&order_words(order)),
                Word::News(Change::Position) => self.show_positions(screen),
                Word::Problem(error) => screen.line(&error.to_string()),
                Word::News(Change::Whole) | Word::Missed => {}
            }
        }
        self.ended()
    }
}

/// How the screen looks: a table in a terminal, plain lines elsewhere; colours unless `NO_COLOR` is set.
pub(super) fn style(no_color: bool) -> Style {
    match (std::io::stdout().is_terminal(), no_color) {
        (false, _) => Style::Lines,
        (true, true) => Style::Table,
        (true, false) => Style::ColouredTable,
    }
}
