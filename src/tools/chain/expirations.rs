//! Which expirations there are.

use jiff::civil::Date;
use serde_json::json;

use super::searched;
use crate::aries::endpoints::EXPIRATIONS;
use crate::error::{Kind, Result};
use crate::exchange;
use crate::text::{clean, short};
use crate::tools::format::{count, now};
use crate::tools::{Answer, Call};

pub(super) async fn expirations(call: &Call, ticker: &str) -> Result<Answer> {
    let dates = dates(call, ticker).await?;
    let found = count(dates.len(), "date");
    let head = format!("{} · {ticker} expirations · {found} · asked {}", call.market(), now());
    Ok(Answer::new(head).line(words(&dates)))
}

/// The expirations there are, of Aries' list, or of the contracts that the search finds.
pub(super) async fn listed(call: &Call, ticker: &str) -> Result<Vec<Date>> {
    match dates(call, ticker).await {
        Err(error) if error.kind == Kind::Forbidden => searched::dates(call, ticker).await,
        dates => Ok(dates?.iter().filter_map(|date| date.parse().ok()).collect()),
    }
}

/// The answer where none of the expirations is the one that was asked for.
pub(super) fn none_of(call: &Call, ticker: &str, asked: &str, listed: &[Date]) -> Answer {
    let dates: Vec<String> = listed.iter().map(Date::to_string).collect();
    let head = format!("{} · {ticker} options {} · none · asked {}", call.market(), short(asked), now());
    let there = if dates.is_empty() { String::new() } else { "there are: ".to_owned() };
    Answer::new(head).line("no contracts of that expiration").line(format!("{there}{}", words(&dates)))
}

/// What has to be said of an expiration on a day on which the exchange is closed by its calendar.
pub(super) fn remark(day: Date) -> Option<String> {
    (!exchange::is_trading_day(day))
        .then(|| format!("{day} is no trading day by the exchange's calendar: check it"))
}

async fn dates(call: &Call, ticker: &str) -> Result<Vec<String>> {
    let reply = call.aries.read_if_granted(&EXPIRATIONS.with([("symbol", json!(ticker))])?).await?;
    let dates = reply.rows(EXPIRATIONS.rows, &[])?;
    Ok(dates.iter().filter_map(|date| Some(clean(&date.text()?, 12))).collect())
}

fn words(dates: &[String]) -> String {
    if dates.is_empty() {
        return "Aries lists no options of this symbol; check it with find_symbol".to_owned();
    }
    let is_odd = |date: &str| date.parse().is_ok_and(|day: Date| !exchange::is_trading_day(day));
    let marked =
        dates.iter().map(|date| if is_odd(date) { format!("{date} (no trading day)") } else { date.clone() });
    marked.collect::<Vec<_>>().join(" ")
}
