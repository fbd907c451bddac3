//! The order of rows.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::aries::Json;
use crate::tools::cell::place;
use crate::tools::shape::Order;

pub(super) fn sort(items: &mut [Json<'_>], order: Order) {
    let Order::Down(path) = order else { return };
    let key = |item: &Json<'_>| {
        let value = place(*item, path)?;
        Some((value.decimal(), value.text()?.chars().take(40).collect::<String>()))
    };
    items.sort_by_cached_key(|item| {
        let key = key(item);
        // What has no key stands last.
        (key.is_none(), Descending(key))
    });
}

#[derive(PartialEq, Eq)]
struct Descending(Option<(Option<Decimal>, String)>);

impl Ord for Descending {
    fn cmp(&self, other: &Self) -> Ordering {
        let (Some((number, text)), Some((other_number, other_text))) = (&self.0, &other.0) else {
            return Ordering::Equal;
        };
        let ordering = match (number, other_number) {
            (Some(one), Some(two)) => one.cmp(two),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => text.cmp(other_text),
        };
        ordering.reverse()
    }
}

impl PartialOrd for Descending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
