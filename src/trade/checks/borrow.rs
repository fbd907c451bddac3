//! Whether the shares of a short sale can be borrowed, by Aries' list of those that are easy to borrow.

use serde_json::json;

use crate::aries::endpoints::BORROW;
use crate::aries::{Aries, Json};
use crate::error::Result;
use crate::trade::checks::context::CheckResult;
use crate::trade::order::body::Order;
use crate::trade::order::terms::Action;

/// Asks before a short sale, and notes what the person should know. Shares that are hard to borrow can be sold short too,
/// so it is for Aries to refuse that: in its own preview, or in its answer to the order.
pub(crate) async fn check_borrow(aries: &Aries, order: &Order, result: &mut CheckResult) {
    if !order.is_stock() || order.action != Action::SellShort {
        return;
    }
    let ticker = &order.underlying;
    match is_easy(aries, ticker).await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => result.warnings.push(format!(
            "{ticker} is not on Aries' list of shares that are easy to borrow: the short sale may be rejected, or cost more"
        )),
        Ok(None) => result.unchecked.push(format!("whether {ticker} can be borrowed: Aries does not say it")),
        Err(error) => result.unchecked.push(format!("whether {ticker} can be borrowed: {}", error.cause)),
    }
}

async fn is_easy(aries: &Aries, ticker: &str) -> Result<Option<bool>> {
    let reply = aries.read(&BORROW.with([("symbols", json!([ticker]))])?).await?;
    Ok(reply.json()?.get(BORROW.rows).and_then(|results| results.get(ticker)).and_then(Json::boolean))
}
