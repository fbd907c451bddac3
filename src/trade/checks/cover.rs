//! Whether anything stands behind the options that an order writes, or that it leaves written.

use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::{Account, balance};
use crate::config::Trading;
use crate::error::{Error, Kind, Result};
use crate::trade::checks::context::{CheckResult, cannot_verify, over_limit};
use crate::trade::checks::notional::cents;
use crate::trade::order::body::Order;
use crate::trade::order::terms::Action;
use crate::trade::payoff::coverage::{Change, Uncovered};
use crate::trade::payoff::holdings::Holdings;

const CALLS: &str = "no 100 shares and no bought call of the same or a later expiration stand behind each, so the loss is unlimited";

/// An order, and what the account has behind the options that it writes.
pub(crate) struct Written<'a> {
    pub(crate) account: &'a Account,
    pub(crate) order: &'a Order,
    /// Units of the order that are left to fill.
    pub(crate) left: Decimal,
    /// `None` if Aries' list of positions is not available.
    pub(crate) held: Option<Holdings>,
}

/// Notes which written options the order leaves uncovered. On a live account such an order is refused unless the person
/// allows it. Aries is asked for the cash only where nothing else covers a written put.
pub(crate) async fn check_cover(
    aries: &Aries,
    trading: &Trading,
    written: Written<'_>,
    result: &mut CheckResult,
) -> Result<()> {
    result.warnings.extend(written.short_sale_warning());
    let Written { account, order, left, held } = written;
    let Some(held) = held else {
        if order.legs.iter().any(|leg| leg.action == Action::SellToOpen) {
            result.unchecked.push("whether the written contracts are covered".to_owned());
        }
        return Ok(());
    };
    let change = Change::of(order, left, &held);
    result.holdings = Some(held);
    let must_be_covered = account.money.is_live() && !trading.uncovered_options;
    let mut warnings = Vec::new();
    if !change.uncovered.calls.is_zero() {
        result.uncovered.calls = change.uncovered.calls;
        let calls = Uncovered { puts: Decimal::ZERO, ..change.uncovered };
        warnings.push(format!("{calls} UNCOVERED: {CALLS}"));
    }
    if !change.uncovered.puts.is_zero() {
        let needed = cents(change.cash_needed);
        match balance::cash(aries, &account.id).await.ok().flatten() {
            Some(cash) if change.with_cash(cash).puts.is_zero() => {}
            Some(cash) => {
                result.uncovered.puts = change.uncovered.puts;
                let (puts, cash) = (Uncovered { calls: Decimal::ZERO, ..change.uncovered }, cents(cash));
                warnings.push(format!(
                    "{puts} UNCOVERED: no bought put of the same or a later expiration stands behind each, and assignment with \
                     what else is open takes {needed} USD, of which there are {cash} in cash"
                ));
            }
            None => {
                let why = format!(
                    "Aries does not tell whether there are {needed} USD in cash behind the written puts"
                );
                if must_be_covered {
                    return Err(cannot_verify(&why));
                }
                result.unchecked.push(format!("cover: {why}"));
            }
        }
    }
    if let Some(first) = warnings.first().filter(|_| must_be_covered) {
        return Err(over_limit(first));
    }
    result.warnings.extend(warnings);
    Ok(())
}

impl Written<'_> {
    fn short_sale_warning(&self) -> Option<String> {
        let class = self.account.class.as_deref().unwrap_or_default();
        let is_cash = class.eq_ignore_ascii_case("cash") && self.order.action == Action::SellShort;
        is_cash.then(|| "this is a cash account, which cannot sell short: Aries may reject it".to_owned())
    }
}

/// Refuses an order that would leave more uncovered than the person was told.
pub(crate) fn check_same(told: Uncovered, now: &CheckResult) -> Result<()> {
    let now = now.uncovered;
    if now.calls <= told.calls && now.puts <= told.puts {
        return Ok(());
    }
    let cause = format!("since the preview the cover of written options has gone: {now} would be uncovered");
    Err(Error::new(Kind::Refused, cause, "tell the person, and preview again"))
}
