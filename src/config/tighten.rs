//! Two readings of `[trading]`, at the start and now, as one that allows what both of them allow.

use std::fmt::Display;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::trading::{Approval, Limits, Trading};
use crate::environment::Money;

impl Trading {
    /// The reading of now within that of the start, which it carries: lists and limits of both count, see
    /// [`Trading::readings`] and [`Trading::limits`].
    pub(super) fn within(self, start: &Arc<Self>) -> Self {
        let both_types = |now: Vec<_>| match &start.order_types {
            Some(types) => now.into_iter().filter(|one| types.contains(one)).collect(),
            None => now,
        };
        let denied = start.symbols_deny.iter().filter(|entry| !self.symbols_deny.contains(entry));
        Self {
            live: self.live && start.live,
            uncovered_options: self.uncovered_options && start.uncovered_options,
            approval: if start.approval == Approval::Client { self.approval } else { Approval::Person },
            symbols_deny: self.symbols_deny.iter().chain(denied).cloned().collect(),
            order_types: self.order_types.map(both_types).or_else(|| start.order_types.clone()),
            at_start: Some(Arc::clone(start)),
            ..self
        }
    }

    /// What has to allow an account and a symbol: this reading and, if it is a later one, that of the start.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &Self> {
        [Some(self), self.at_start.as_deref()].into_iter().flatten()
    }

    /// What the reading of now does not allow any more, one text for each key: `live: true → false`.
    pub(super) fn tightened_by(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        let mut note = |is_tighter: bool, key: &str, before: &dyn Display, after: &dyn Display| {
            if is_tighter {
                changes.push(format!("{key}: {before} → {after}"));
            }
        };
        note(self.live && !now.live, "live", &self.live, &now.live);
        let (before, after) = (self.uncovered_options, now.uncovered_options);
        note(before && !after, "uncovered_options", &before, &after);
        let asks = |trading: &Self| trading.approval == Approval::Person;
        note(!asks(self) && asks(now), "approval", &"client", &"person");
        let listed =
            |list: &Option<Vec<String>>| list.as_ref().map_or("every one".into(), |list| list.join(" "));
        let lists = [
            ("accounts", &self.accounts, &now.accounts),
            ("symbols_allow", &self.symbols_allow, &now.symbols_allow),
        ];
        for (key, before, after) in lists {
            let is_kept = |entry: &String| after.as_ref().is_none_or(|after| after.contains(entry));
            let is_kept = before.as_ref().map_or(after.is_none(), |before| before.iter().all(is_kept));
            note(!is_kept, key, &listed(before), &listed(after));
        }
        let is_new = now.symbols_deny.iter().any(|entry| !self.symbols_deny.contains(entry));
        let denied = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(" ") };
        note(is_new, "symbols_deny", &denied(&self.symbols_deny), &denied(&now.symbols_deny));
        let types = |trading: &Self| {
            trading.order_types.as_ref().map(|types| types.iter().map(|one| one.name()).collect::<Vec<_>>())
        };
        let (before, after) = (types(self), types(now));
        let is_kept = |name: &String| after.as_ref().is_none_or(|after| after.contains(name));
        let all_kept = before.as_ref().map_or(after.is_none(), |before| before.iter().all(is_kept));
        note(!all_kept, "order_types", &listed(&before), &listed(&after));
        let numbers = self.numbers().into_iter().zip(now.numbers());
        for ((key, before), (_, after)) in numbers {
            let word = |value: Option<Decimal>| value.map_or("default".to_owned(), |value| value.to_string());
            let is_tighter = after.is_some_and(|after| before.is_none_or(|before| after < before));
            note(is_tighter, key, &word(before), &word(after));
        }
        changes
    }

    fn numbers(&self) -> [(&'static str, Option<Decimal>); 7] {
        [
            ("max_order_value", self.max_order_value),
            ("max_order_quantity", self.max_order_quantity),
            ("max_contracts", self.max_contracts),
            ("max_orders_per_day", self.max_orders_per_day.map(Decimal::from)),
            ("max_value_per_day", self.max_value_per_day),
            ("price_collar_percent", self.price_collar_percent),
            ("max_quote_age", self.max_quote_age.map(Decimal::from)),
        ]
    }
}

impl Limits {
    /// The lower ones of both.
    pub(super) fn within(self, other: &Self) -> Self {
        Self {
            max_order_value: self.max_order_value.min(other.max_order_value),
            max_order_quantity: self.max_order_quantity.min(other.max_order_quantity),
            max_contracts: self.max_contracts.min(other.max_contracts),
            max_orders_per_day: self.max_orders_per_day.min(other.max_orders_per_day),
            max_value_per_day: self.max_value_per_day.min(other.max_value_per_day),
            price_collar_percent: self.price_collar_percent.min(other.price_collar_percent),
        }
    }
}

impl Trading {
    /// The limits of live or of simulated accounts. A value that the person has set holds for both; of two readings the
    /// lower one counts.
    pub(crate) fn limits(&self, money: Money) -> Limits {
        let own = self.own_limits(money);
        match &self.at_start {
            Some(start) => own.within(&start.own_limits(money)),
            None => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Trading {
        toml::from_str(text).unwrap()
    }

    fn both(start: &str, now: &str) -> (Trading, Vec<String>) {
        let start = Arc::new(read(start));
        let now = read(now);
        (now.clone().within(&start), start.tightened_by(&now))
    }

    #[test]
    fn what_was_tightened_counts_and_what_was_loosened_does_not() {
        let (loose, tight) = (
            "live = true\nuncovered_options = true\napproval = \"client\"\nmax_order_value = 9000\n",
            "live = false\nmax_order_value = 100\nsymbols_deny = [\"KO\"]\norder_types = [\"limit\"]\naccounts = [\"1002\"]\n",
        );
        let (allowed, changes) = both(loose, tight);
        assert!(!allowed.live && !allowed.uncovered_options && allowed.approval == Approval::Person);
        assert_eq!(allowed.limits(Money::Live).max_order_value, Decimal::from(100));
        assert_eq!(
            changes,
            [
                "live: true → false",
                "uncovered_options: true → false",
                "approval: client → person",
                "accounts: every one → 1002",
                "symbols_deny: none → KO",
                "order_types: every one → limit",
                "max_order_value: 9000 → 100",
            ]
        );
        let (allowed, changes) = both(tight, loose);
        assert!(!allowed.live && allowed.approval == Approval::Person && changes.is_empty(), "{changes:?}");
        assert_eq!(allowed.limits(Money::Live).max_order_value, Decimal::from(100));
        assert_eq!(allowed.symbols_deny, ["KO"]);
        assert_eq!(allowed.order_types.unwrap().len(), 1);
    }

    /// Above the default of live accounts, and below that of simulated ones.
    #[test]
    fn a_limit_that_is_set_later_counts_where_it_is_lower_than_the_default() {
        let (allowed, changes) = both("live = true\n", "live = true\nmax_order_value = 10000\n");
        assert_eq!(allowed.limits(Money::Live).max_order_value, Decimal::from(5000));
        assert_eq!(allowed.limits(Money::Simulated).max_order_value, Decimal::from(10_000));
        assert_eq!(changes, ["max_order_value: default → 10000"]);
    }
}
