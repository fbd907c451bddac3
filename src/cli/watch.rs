//! `aries-mcp watch`: prices, orders and positions as they change, until something happens or the time is over.

mod notify;
mod screen;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use futures_util::FutureExt;
use futures_util::future::{pending, select_all};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::aries::model::{Account, Position};
use crate::aries::socket::{Accounts, Change, Market, Subscription, Ticker, Word};
use crate::aries::symbols::Symbol;
use crate::aries::time::{self, Toward};
use crate::cli::output::{answer, say, waiting};
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::os::end;
use crate::timing::Sockets;
use crate::told::Reader;
use crate::tools::Call;
use crate::tools::wait_for::{
    Condition, Level, Seen, event, find_order, is_final, number, order_words, the_account, way,
};
use screen::{Row, Screen, Style};

/// How often the screen is drawn, and how often a line of a symbol is printed without one.
const DRAW: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Tickers (AAPL), options (AAPL260116C00190000) or indices (SPX)
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
    /// Show the event as a desktop notification, too
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
    began: Instant,
    timing: Sockets,
    /// Whether it will have no price.
    is_lost: bool,
}

pub(super) async fn run(call: Call, args: WatchArgs, style: Style) -> Result<()> {
    let until = args.until.as_deref().map(moment).transpose()?;
    let mut symbols = watched(&call, &args)?;
    if symbols.is_empty() && args.order.is_none() && args.account.is_none() {
        return Err(Error::usage("there is nothing to watch", "name a symbol, an --order or an --account"));
    }
    let mut screen = None;
    let waits = args.order.is_some() || symbols.iter().any(|one| one.condition.is_some());
    let shown = async {
        let account = waiting("asking Aries", accounts(&call, &args)).await?;
        follow(screen.insert(Screen::new(style)), &mut symbols, account).await
    };
    let outcome = tokio::select! {
        event = shown => event,
        () = end::signal() => if waits { Err(stopped()) } else { Ok(None) },
        () = at(until) => Err(if waits { not_yet() } else { over() }),
    };
    screen.iter().for_each(Screen::end);
    call.streams.close().await;
    if let Some(event) = outcome? {
        answer!("{event}");
        if args.notify {
            // It has happened, whether or not the desktop could show it.
            if let Err(error) = notify::show(&event).await {
                say!("{}", error.to(Reader::Person));
            }
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

/// Nothing was waited for.
fn over() -> Error {
    let hint = "name a level with --above, --below or --percent, or an --order, to wait for it";
    Error::new(Kind::NotYet, "the time of --until is there", hint)
}

async fn at(until: Option<Timestamp>) {
    let Some(until) = until else { return pending().await };
    let left = until.duration_since(clock::now());
    tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
}

/// Reads the end of a watch: an hour of today in New York, or a moment.
fn moment(text: &str) -> Result<Timestamp> {
    // The parser of hours would read the hour of a whole moment, too.
    let text = text.trim();
    let is_hour = text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let hour = text.parse::<jiff::civil::Time>().ok().filter(|_| is_hour);
    let today = hour.and_then(|hour| time::now().date().to_datetime(hour).to_zoned(time::zone()).ok());
    let moment = today.map_or_else(|| time::moment(text, Toward::Ahead), |zoned| Ok(zoned.timestamp()));
    let hint = "give an hour like 16:00, or a moment to come";
    let moment = moment.map_err(|error| Error { hint: hint.into(), ..error.of_argument("until") })?;
    if moment <= clock::now() {
        return Err(Error::usage("`until`: that is over", hint));
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
        return Err(Error::usage(
            "--above, --below and --percent need a symbol",
            "name it: aries-mcp watch AAPL --above 300",
        ));
    }
    let watch = |text: &String| {
        let symbol = Symbol::parse(text)?;
        Ok(Watched {
            ticks: call.streams.market.listen(&symbol.to_string()),
            condition: (!levels.is_empty()).then(|| Condition::new(&symbol, levels.clone())),
            row: Row::new(&symbol),
            symbol,
            began: Instant::now(),
            timing: call.streams.timing.sockets,
            is_lost: false,
        })
    };
    let mut symbols: Vec<Watched> = Vec::new();
    for name in &args.symbols {
        let one = watch(name)?;
        if symbols.iter().all(|other| other.symbol != one.symbol) {
            symbols.push(one);
        }
    }
    Ok(symbols)
}

/// An account that is watched, and the order that ends the watch.
struct Watching {
    account: Account,
    changes: Subscription<Accounts>,
    timing: Sockets,
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
        timing: call.streams.timing.sockets,
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
) -> Result<Option<String>> {
    let mut draws = tokio::time::interval(DRAW);
    if let Some(event) = account.as_ref().and_then(Watching::ended) {
        return Ok(Some(event));
    }
    loop {
        let ticked = tokio::select! {
            ticked = next_tick(symbols) => Some(ticked),
            word = next_change(&mut account) => {
                if let Word::Problem(error) = &*word && error.kind == Kind::SignIn {
                    return Err(error.clone());
                }
                if let Some(event) = account.as_mut().and_then(|account| account.take(screen, &word)) {
                    return Ok(Some(event));
                }
                None
            }
            _ = draws.tick() => {
                tell_trouble(screen, symbols, account.as_ref());
                symbols.iter_mut().for_each(|one| one.row.sample());
                screen.draw(&mut symbols.iter_mut().map(|one| &mut one.row).collect::<Vec<_>>());
                if screen.is_closed() {
                    return Ok(None);
                }
                None
            }
        };
        match ticked.and_then(|(at, word)| symbols.get_mut(at)?.take(&word).transpose()) {
            Some(Ok(event)) => return Ok(Some(event)),
            // The others are watched on.
            Some(Err(error)) if account.is_some() || symbols.iter().any(|one| !one.is_lost) => {
                screen.line(&error.to(Reader::Person));
            }
            Some(Err(error)) => return Err(error),
            None => {}
        }
    }
}

/// Says once how prices and orders come where their socket cannot be had, and why REST has none of them.
fn tell_trouble(screen: &mut Screen, symbols: &[Watched], account: Option<&Watching>) {
    let prices = symbols.first().map(|one| (one.ticks.link(), one.timing.quotes));
    let orders = account.map(|account| (account.changes.link(), account.changes.pause(&account.timing)));
    for (what, (link, every)) in
        [("prices", prices), ("orders", orders)].into_iter().filter_map(|(what, how)| Some((what, how?)))
    {
        if link.trouble().is_some() {
            screen.line_once(&format!("{what}: {}", way(false, &link, every)));
        }
    }
    let problems = symbols.iter().filter(|one| !one.ticks.is_heard()).filter_map(|one| one.ticks.problem());
    let of_account =
        account.filter(|account| !account.changes.is_heard()).and_then(|account| account.changes.problem());
    for problem in problems.chain(of_account) {
        screen.line_once(&problem.to(Reader::Person));
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
        let known = match word {
            Word::News(known) => known.clone(),
            Word::Problem(error)
                if !self.is_lost && is_final(error, &self.ticks, self.began, self.timing) =>
            {
                self.is_lost = true;
                let cause = format!("{}: {}", self.symbol, error.cause);
                return Err(Error::new(error.kind, cause, error.hint.clone()));
            }
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
                Word::News(Change::Whole) | Word::Problem(_) | Word::Missed => {}
            }
        }
        self.ended()
    }
}

/// How the screen looks: a table in a terminal, in colour where it is wanted, and plain lines elsewhere.
pub(super) fn style() -> Style {
    match Terminal::of_stdout() {
        None => Style::Lines,
        Some(Terminal { colour: false, .. }) => Style::Table,
        Some(_) => Style::ColouredTable,
    }
}
