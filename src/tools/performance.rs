//! `get_performance`: what an account made today and over a period, as far as Aries tells it.

mod curve;
mod history;
mod realized;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use self::history::History;
use self::realized::{Realized, realized};
use super::answer::Table;
use super::format::{cents, count, few, now, percent, plain, quantity};
use super::period::Period;
use super::{Answer, Call, Tool, Work, account, closed, schema, typed};
use crate::aries::Json;
use crate::aries::endpoints::{self, BALANCE};
use crate::aries::model::{self, Account, Position};
use crate::aries::time::{self, Toward};
use crate::config::Toolset;
use crate::error::{Error, Result};

/// The longest period: each 90 days of it take a call.
const MOST_DAYS: i64 = 366;

pub(super) static GET_PERFORMANCE: Tool = Tool {
    name: "get_performance",
    title: "Get profit and loss",
    description: "What was made or lost: today, and by fills over a period (profit by symbol, first in, first out).",
    toolset: Toolset::Account,
    example: r#"{"from":"this month"}"#,
    work: Work::Code {
        input: schema::input::<GetPerformance>,
        endpoints: &[
            (&endpoints::BALANCE, "{}"),
            (&endpoints::POSITIONS_HELD, "{}"),
            (&endpoints::ORDERS_HISTORY, r#"{"from":"this month"}"#),
        ],
        run: |call, args| Box::pin(get_performance(call, args)),
    },
    ..Tool::READER
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetPerformance {
    /// All if left out
    account: Option<String>,
    /// Day or "last month"; this month if left out
    from: Option<String>,
    /// Last day
    to: Option<String>,
}

/// What was read of one account; each part may have failed on its own.
struct Read {
    account: Account,
    today: Result<Today>,
    /// `None` if Aries cannot tell them now.
    positions: Result<Option<Vec<Position>>>,
    history: Result<History>,
    /// Lines of the curve, or why there is none.
    curve: Vec<String>,
}

/// The figures of today, as Aries tells them.
#[derive(Debug, Clone, Default)]
struct Today {
    equity: Option<Decimal>,
    /// Equity at the start of the day.
    start: Option<Decimal>,
    started: Option<Timestamp>,
    total: Option<Decimal>,
    open: Option<Decimal>,
    realized: Option<Decimal>,
}

async fn get_performance(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetPerformance = typed(args)?;
    let period = Period::of(args.from.as_deref(), args.to.as_deref(), |to| {
        let first = to.to_zoned(time::zone()).date().first_of_month();
        time::moment(&first.to_string(), Toward::Past).unwrap_or(to)
    })?;
    if period.is_longer_than(MOST_DAYS) {
        return Err(Error::usage("more than a year at once", "give a later `from` or an earlier `to`"));
    }
    let accounts = account::chosen(&call, args.account.as_deref()).await?;
    call.progress.tell(1, 2, "accounts").await;
    let found = join_all(accounts.into_iter().map(|account| read(&call, account, period)));
    let (found, closed) = futures_util::join!(found, closed::closed_since(&call));
    let closed = closed.filter(|day| *day != time::now().date());
    if let [Read { today: Err(error), .. }, ..] = found.as_slice()
        && found.iter().all(|one| one.today.is_err() && one.history.is_err())
    {
        return Err(error.clone());
    }
    let who = match found.as_slice() {
        [one] => one.account.label(),
        many => {
            let label = account::together(&call, many.iter().map(|one| &one.account));
            format!("{label} · {} accounts", many.len())
        }
    };
    let head = format!("{who} · performance {} · asked {} · USD, times New York", period.words(), now());
    let mut answer = Answer::new(head);
    for one in &found {
        if found.len() > 1 {
            answer = answer.line(one.account.label());
        }
        answer = show(answer, one, period, closed);
    }
    Ok(answer.line(
        "Aries does not tell deposits, withdrawals, dividends, interest, fees, splits, expired or exercised options, or tax \
         lots: profit by fills leaves them out, and a deposit of today looks like a gain. Realized P&L that Aries itself tells, \
         here and in get_portfolio, may be after fees; profit by fills is before them",
    ))
}

async fn read(call: &Call, account: Account, period: Period) -> Read {
    let today = async {
        let reply = call.read(&BALANCE, [("account", json!(account.id))]).await?;
        reply.strictly(|json| {
            let found = reply.object(json, BALANCE.rows, &["balance,totalEquity"])?;
            Ok(Today::read(found.rows))
        })
    };
    let positions = async {
        let found = model::position::all(&call.aries, &account.id).await?;
        if found.available { found.list.map(Some) } else { Ok(None) }
    };
    let history = history::read(&call.aries, &account.id, period);
    let curve = curve::lines(call, &account.id, period);
    let (today, positions, history, curve) = futures_util::join!(today, positions, history, curve);
    Read { account, today, positions, history, curve }
}

impl Today {
    fn read(json: Json<'_>) -> Self {
        let figure = |name: &str| json.decimal_at(name);
        Self {
            equity: figure("balance").or_else(|| figure("totalEquity")),
            start: figure("sodTtlEquity"),
            started: json.text_at("sodTtlEquityUpdatedAt").and_then(|text| time::stamp(&text)),
            total: figure("dayTotalPnl"),
            open: figure("dayOpenPnl"),
            realized: figure("dayRealizedPnl"),
        }
    }

    fn words(&self, day: &str) -> String {
        let written = |figure: Option<Decimal>| figure.map_or_else(|| "—".to_owned(), plain);
        let change = self.equity.zip(self.start).and_then(|(equity, start)| {
            let change = equity.checked_sub(start)?;
            let share = percent(change, start).map(|share| format!(" ({share} %)")).unwrap_or_default();
            Some(format!("{}{share}", cents(change)))
        });
        let started = self.started.map(|at| format!(" ({})", time::local(at))).unwrap_or_default();
        format!(
            "{day}: equity {} · at the start of the day {}{started} · change {} · day P&L {} (open {}, realized {})",
            written(self.equity),
            written(self.start),
            change.unwrap_or_else(|| "—".to_owned()),
            written(self.total),
            written(self.open),
            written(self.realized)
        )
    }
}

fn show(mut answer: Answer, one: &Read, period: Period, closed: Option<Date>) -> Answer {
    let started = one.today.as_ref().ok().and_then(|today| today.started);
    let (day, when) = match closed::counted(closed, started) {
        Some(day) => (format!("{} (the market is closed)", closed::named(day)), "that day"),
        None => ("today".to_owned(), "today"),
    };
    answer = answer.line(match &one.today {
        Ok(today) => today.words(&day).into(),
        Err(error) => error.after(&format!("{day}: not available")),
    });
    let realized = one.today.as_ref().ok().and_then(|today| today.realized);
    answer = answer.line(match &one.positions {
        Ok(Some(positions)) => {
            format!("realized {when} by position: {}", realized_today(positions, realized)).into()
        }
        Ok(None) => {
            "positions: not available from Aries right now (this does not mean none)".to_owned().into()
        }
        Err(error) => error.after("positions: not available"),
    });
    answer = one.curve.iter().fold(answer, |answer, line| answer.line(line.clone()));
    match &one.history {
        Ok(history) => {
            let positions = one.positions.as_ref().ok().and_then(|found| found.as_deref());
            show_period(answer, history, positions.unwrap_or_default(), period)
        }
        Err(error) => answer.line(error.after("order history: not available")),
    }
}

/// What Aries says that each position realized today, and what of the account's figure none of them explains.
fn realized_today(positions: &[Position], all: Option<Decimal>) -> String {
    let rows = positions.iter().filter_map(|position| {
        let realized = position.realized_today.filter(|figure| !figure.is_zero())?;
        Some(format!("{} {}", crate::text::clean(&position.symbol, 32), plain(realized)))
    });
    let rows: Vec<String> = rows.collect();
    let told: Decimal = positions.iter().filter_map(|position| position.realized_today).sum();
    let rest = all.and_then(|all| all.checked_sub(told)).filter(|rest| !rest.is_zero());
    let rest = rest.map(|rest| format!("of what is not held any more {}", plain(rest)));
    let rows: Vec<String> = (!rows.is_empty()).then(|| few(&rows, 20)).into_iter().chain(rest).collect();
    if rows.is_empty() { "none".to_owned() } else { rows.join(", ") }
}

/// What the fills of the period realized, by symbol.
fn show_period(answer: Answer, history: &History, positions: &[Position], period: Period) -> Answer {
    let rows = realized(history.fills.clone(), period);
    let answer = answer.line(summary(&rows, history, period));
    let answer = history.notes.iter().fold(answer, |answer, note| answer.line(note.clone()));
    if rows.is_empty() {
        return answer;
    }
    let mut table = Table::new(
        ["symbol", "bought", "average", "sold", "average", "realized", "closed, cost unknown"],
        "name one account, or give a later `from`",
    );
    for (symbol, row) in &rows {
        let traded = |quantity_of: Decimal| (!quantity_of.is_zero()).then(|| quantity(quantity_of));
        table.row([
            Some(crate::text::clean(symbol, 32)),
            traded(row.bought.quantity),
            row.bought.average().map(|price| plain(price.round_dp(4))),
            traded(row.sold.quantity),
            row.sold.average().map(|price| plain(price.round_dp(4))),
            row.profit.map(cents),
            traded(row.unknown),
        ]);
    }
    let answer = answer.table(table);
    // The positions of now say nothing of what was held when an earlier period ended.
    let is_past = time::now().timestamp().duration_since(period.to).as_hours() > 0;
    match held_before(&rows, history, if is_past { &[] } else { positions }) {
        older if older.is_empty() => answer,
        older => answer.line(format!(
            "held since before {} as well: {}; first in, first out counts those first, so Aries' statement may tell \
             another profit",
            history.since_words(),
            few(&older, 10)
        )),
    }
}

fn summary(rows: &BTreeMap<String, Realized>, history: &History, period: Period) -> String {
    let known: Vec<Decimal> = rows.values().filter_map(|row| row.profit).collect();
    let unknown = rows.values().filter(|row| !row.unknown.is_zero()).count();
    let total = match (known.is_empty(), unknown) {
        (true, 0) => "0.00".to_owned(),
        (true, _) => "—".to_owned(),
        (false, _) => cents(known.iter().sum()),
    };
    let rest = match unknown {
        0 => String::new(),
        _ => format!(
            " without what was closed of {}: it was opened before {}, or at a price that Aries does not tell, so its \
             profit is not known",
            count(unknown, "symbol"),
            history.since_words()
        ),
    };
    let orders = history.fills.iter().filter(|fill| period.contains(fill.at)).count();
    format!(
        "realized {}: {total}{rest} · {} of orders, before fees, first in, first out since {}",
        period.words(),
        count(orders, "fill"),
        history.since_words()
    )
}

/// The symbols with realized profit of which more is held, or was, than these fills explain.
fn held_before(rows: &BTreeMap<String, Realized>, history: &History, positions: &[Position]) -> Vec<String> {
    let is_older = |symbol: &&String| {
        let fills = history.fills.iter().filter(|fill| fill.symbol == **symbol);
        let net: Decimal = fills.map(|fill| if fill.buys { fill.quantity } else { -fill.quantity }).sum();
        let own = positions
            .iter()
            .filter(|position| position.parsed.as_ref().is_some_and(|parsed| parsed.to_string() == **symbol));
        let held: Decimal = own.filter_map(|position| position.quantity).sum();
        // What was sold short before is still owed.
        let older = held - net;
        older > Decimal::ZERO || older < Decimal::ZERO && held < Decimal::ZERO
    };
    let closed = rows.iter().filter(|(_, row)| row.profit.is_some()).map(|(symbol, _)| symbol);
    closed.filter(is_older).cloned().collect()
}
