//! The cash of an account.

use rust_decimal::Decimal;
use serde_json::json;

use crate::aries::Aries;
use crate::aries::endpoints::BALANCE;
use crate::error::Result;

/// Cash in USD; `None` if Aries does not say it. The older call has it by state of settlement only.
pub(crate) async fn cash(aries: &Aries, account: &str) -> Result<Option<Decimal>> {
    let reply = aries.read(&BALANCE.with([("account", json!(account))])?).await?;
    reply.strictly(|json| {
        let json = reply.object(json, BALANCE.rows, &["balance,totalEquity"])?.rows;
        let settled = || Some(json.decimal_at("settledFunds")? + json.decimal_at("unsettledFunds")?);
        Ok(json.decimal_at("cashBalance").or_else(settled))
    })
}
