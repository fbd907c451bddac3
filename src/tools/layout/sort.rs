//! The order of rows.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use crate::aries::Json;
use crate::tools::cell::place;
use crate::tools::shape::Order;

/// What a row is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(Decimal),
    Text(String),
}

/// Sorts the largest or the smallest first; what has no key stands last.
pub(super) fn sort(items: &mut [Json<'_>], order: Order) {
    let (Order::Down(path) | Order::Up(path)) = order else { return };
    let key = |item: &Json<'_>| {
        let value = place(*item, path)?;
        let text = value.text()?;
        Some(value.decimal().map_or_else(|| Key::Text(text.chars().take(40).collect()), Key::Number))
    };
    match order {
        Order::Up(_) => items.sort_by_cached_key(|item| {
            let key = key(item);
            (key.is_none(), key)
        }),
        _ => items.sort_by_cached_key(|item| Reverse(key(item))),
    }
}
