//! Which expirations there are.

use jiff::civil::Date;
use serde_json::json;

use super::searched;
use crate::aries::endpoints::EXPIRATIONS;
use crate::aries::time;
use crate::error::{Kind, Result};
use crate::exchange;
use crate::text::short;
use crate::tools::format::{count, now};
use crate::tools::{Answer, Call};

pub(super) async fn expirations(call: &Call, ticker: &str) -> Result<Answer> {
    let Listed { dates, unreadable } = dates(call, ticker).await?;
    let found = count(dates.len(), "date");
    let head = format!("{} · {ticker} expirations · {found} · asked {}", call.market(), now());
    let answer = Answer::new(head).line(words(&dates));
    Ok(match unreadable {
        0 => answer,
        some => answer
            .line(format!("left out, since Aries' answer cannot be read there: {}", count(some, "date"))),
    })
}

/// The days of Aries' list in their order, and how many of its entries are none.
struct Listed {
    dates: Vec<Date>,
    unreadable: usize,
}

/// The expirations there are, of Aries' list, or of the contracts that the search finds.
pub(super) async fn listed(call: &Call, ticker: &str) -> Result<Vec<Date>> {
    match dates(call, ticker).await {
        Err(error) if error.kind == Kind::Forbidden => searched::dates(call, ticker).await,
        listed => Ok(listed?.dates),
    }
}

/// The answer where none of the expirations is the one that was asked for.
pub(super) fn none_of(call: &Call, ticker: &str, asked: &str, listed: &[Date]) -> Answer {
    let head = format!("{} · {ticker} options {} · none · asked {}", call.market(), short(asked), now());
    let there = if listed.is_empty() { "" } else { "there are: " };
    Answer::new(head).line("no contracts of that expiration").line(format!("{there}{}", words(listed)))
}

/// What has to be said of an expiration on a day on which the exchange is closed by its calendar.
pub(super) fn remark(day: Date) -> Option<String> {
    (!exchange::is_trading_day(day))
        .then(|| format!("{day} is no trading day by the exchange's calendar: check it"))
}

async fn dates(call: &Call, ticker: &str) -> Result<Listed> {
    let reply = call.aries.read_if_granted(&EXPIRATIONS.with([("symbol", json!(ticker))])?).await?;
    let rows = reply.rows(EXPIRATIONS.rows, &[])?;
    let mut dates: Vec<Date> = rows.iter().filter_map(|date| date.text()?.trim().parse().ok()).collect();
    let unreadable = rows.len() - dates.len();
    dates.sort_unstable();
    dates.dedup();
    Ok(Listed { dates, unreadable })
}

fn words(dates: &[Date]) -> String {
    if dates.is_empty() {
        return "Aries lists no options of this symbol; check it with find_symbol".to_owned();
    }
    let today = time::now().date();
    let marked = dates.iter().map(|day| match (*day < today, exchange::is_trading_day(*day)) {
        (true, _) => format!("{day} (over)"),
        (_, false) => format!("{day} (no trading day)"),
        _ => day.to_string(),
    });
    marked.collect::<Vec<_>>().join(" ")
}
