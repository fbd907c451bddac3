//! Which expirations there are.

use serde_json::json;

use crate::aries::endpoints::EXPIRATIONS;
use crate::error::Result;
use crate::text::clean;
use crate::tools::format::{count, now};
use crate::tools::{Answer, Call};

pub(super) async fn expirations(call: &Call, ticker: &str) -> Result<Answer> {
    let reply = call.aries.read_if_granted(&EXPIRATIONS.with([("symbol", json!(ticker))])?).await?;
    let dates = reply.rows(EXPIRATIONS.rows, &[])?;
    let dates: Vec<String> = dates.iter().filter_map(|date| Some(clean(&date.text()?, 12))).collect();
    let found = count(dates.len(), "date");
    let head = format!("{} · {ticker} expirations · {found} · asked {}", call.market(), now());
    Ok(Answer::new(head).line(match dates.is_empty() {
        true => "Aries lists no options of this symbol; check it with find_symbol".to_owned(),
        false => dates.join(" "),
    }))
}
