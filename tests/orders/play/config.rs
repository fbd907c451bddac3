//! The config file of a play, and what it forbids.

use rust_decimal::Decimal;

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Config {
    pub(super) live: bool,
    pub(super) orders: Option<u32>,
    pub(super) value: Option<u32>,
    pub(super) value_per_day: Option<u32>,
    pub(super) deny: Vec<&'static str>,
    /// The only account, by its last four characters.
    pub(super) account: Option<&'static str>,
    pub(super) uncovered: bool,
}

impl Config {
    pub(super) fn toml(&self) -> String {
        let number = |name: &str, value: Option<u32>| {
            value.map(|value| format!("{name} = {value}\n")).unwrap_or_default()
        };
        let account = self.account.map(|account| format!("accounts = [\"{account}\"]\n")).unwrap_or_default();
        format!(
            "[trading]\nlive = {}\nsymbols_deny = {:?}\n{}{}{}{account}{}",
            self.live,
            self.deny,
            number("max_orders_per_day", self.orders),
            number("max_order_value", self.value),
            number("max_value_per_day", self.value_per_day),
            // A key that the program may not know yet is written only where it is needed.
            if self.uncovered { "uncovered_options = true\n" } else { "" },
        )
    }

    /// Why an order may not be sent by it.
    pub(super) fn forbids(
        &self,
        is_live: bool,
        account: &str,
        symbol: &str,
        value: Option<Decimal>,
    ) -> Option<String> {
        if is_live && !self.live {
            return Some("live trading is off".to_owned());
        }
        if self.deny.contains(&symbol) {
            return Some(format!("{symbol} is denied"));
        }
        if self.account.is_some_and(|only| !account.ends_with(only)) {
            return Some(format!("only {:?} may be traded", self.account));
        }
        let most = self.value.map(Decimal::from).or(is_live.then(|| Decimal::from(5_000)));
        match (value, most) {
            (Some(value), Some(most)) if value > most => Some(format!("{value} is more than {most}")),
            _ => None,
        }
    }
}
