//! How numbers are written in answers.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::aries::time;
pub(super) use crate::text::count;
use crate::trade::order::decimal::price_words;

/// Money computed here, to the cent.
pub(super) fn cents(value: Decimal) -> String {
    let mut rounded = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded.to_string()
}

/// A price or amount as Aries sent it, with at least two decimals and no further trailing zeros.
pub(super) fn plain(value: Decimal) -> String {
    price_words(value)
}

/// A quantity: no trailing zeros.
pub(super) fn quantity(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The first of these names, and how many more there are: a note never grows with the data.
pub(super) fn few(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A sum that says what it leaves out; unknown if nothing is known.
pub(super) fn total_of(values: impl Iterator<Item = Option<Decimal>>) -> String {
    let values: Vec<Option<Decimal>> = values.collect();
    let known: Vec<Decimal> = values.iter().copied().flatten().collect();
    match values.len() - known.len() {
        0 => cents(known.iter().sum()),
        _ if known.is_empty() => "—".to_owned(),
        missing => format!("{} ({missing} unknown left out)", cents(known.iter().sum())),
    }
}

/// `part` of `whole` in percent with two decimals; unknown if there is no whole, or if it is a debt.
pub(super) fn percent(part: Decimal, whole: Decimal) -> Option<String> {
    let whole = Some(whole).filter(|whole| *whole > Decimal::ZERO)?;
    let share = part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(cents(share))
}

/// The present moment, as an answer says when it was asked for.
pub(super) fn now() -> String {
    time::rfc3339(time::now().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_cents_and_lose_noise() {
        let written = |text: &str| plain(text.parse().unwrap());
        assert_eq!(
            [written("10.50"), written("10.5000"), written("400"), written("0.12345")],
            ["10.50", "10.50", "400.00", "0.12345"]
        );
        assert_eq!(percent(Decimal::ONE, Decimal::from(3)).as_deref(), Some("33.33"));
        assert_eq!(percent(Decimal::ONE, Decimal::ZERO), None);
        assert_eq!(percent(Decimal::ONE, -Decimal::ONE), None);
        assert_eq!(cents("2.345".parse().unwrap()), "2.35");
    }
}
