//! What the accounts made together over the period, and what share of their equity at its beginning that is.

use rust_decimal::Decimal;

use super::Read;
use super::realized::{profit, realized};
use crate::aries::time;
use crate::tools::format::{cents, percent, total_of};
use crate::tools::period::Period;

/// One line over all accounts, and those of live and of simulated money apart where there are both.
pub(super) fn lines(found: &[Read], period: Period) -> Vec<String> {
    let all: Vec<&Read> = found.iter().collect();
    let (live, simulated): (Vec<&Read>, Vec<&Read>) =
        found.iter().partition(|one| one.account.money.is_live());
    let mut lines = vec![format!("all {} accounts: {}", all.len(), sums(&all, period))];
    if !live.is_empty() && !simulated.is_empty() {
        lines.push(format!("of it live: {}", sums(&live, period)));
        lines.push(format!("of it simulated, which is no money: {}", sums(&simulated, period)));
    }
    lines
}

fn sums(parts: &[&Read], period: Period) -> String {
    let by_fills = |one: &Read| profit(&realized(one.history.as_ref().ok()?.fills.clone(), period));
    let of_day = |one: &Read| one.today.as_ref().ok()?.total;
    format!(
        "P&L {}{} · realized by fills {} · day P&L {}",
        total_of(parts.iter().map(|one| gained(one))),
        share(parts, period).map(|share| format!(" ({share})")).unwrap_or_default(),
        total_of(parts.iter().map(|one| by_fills(one))),
        total_of(parts.iter().map(|one| of_day(one)))
    )
}

/// The profit or loss over the period in percent of the equity at its beginning, of a period that ends today.
pub(super) fn share(parts: &[&Read], period: Period) -> Option<String> {
    let all =
        |figure: fn(&Read) -> Option<Decimal>| parts.iter().map(|one| figure(one)).sum::<Option<Decimal>>();
    let gain = all(gained).filter(|_| ends_today(period))?;
    let begin = all(equity)?.checked_sub(gain)?;
    Some(format!("{} % of {}", percent(gain, begin)?, cents(begin)))
}

/// What the percentages are of, or why there are none: Aries tells the equity at the beginning of today alone.
pub(super) fn about_shares(period: Period) -> &'static str {
    match ends_today(period) {
        true => "percent of the equity at the beginning, as far as nothing was paid in or out since",
        false => "in percent not known: Aries does not tell the equity at the beginning",
    }
}

fn ends_today(period: Period) -> bool {
    period.to.to_zoned(time::zone()).date() == time::now().date()
}

fn gained(one: &Read) -> Option<Decimal> {
    one.curve.as_ref().ok().map(|curve| curve.total)
}

fn equity(one: &Read) -> Option<Decimal> {
    one.today.as_ref().ok()?.equity
}
