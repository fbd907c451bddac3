//! The facts of a brokerage account as the program decides on them, each read by one function for tools, trade and
//! command line alike. What cannot be read is never left out in silence: an account is an error, a position or an order
//! carries what is wrong with it (`unreadable`), which the tools show and trade refuses on.

pub(crate) mod account;
pub(crate) mod balance;
pub(crate) mod bar;
pub(crate) mod greeks;
pub(crate) mod order;
pub(crate) mod position;
pub(crate) mod quote;
mod security;

use rust_decimal::Decimal;

pub(crate) use account::Account;
pub(crate) use bar::Bar;
pub(crate) use order::Order;
pub(crate) use position::Position;
pub(crate) use quote::Quote;
pub(crate) use security::Security;

/// More than anybody holds or orders: sums and products of numbers up to this cannot overflow.
pub(crate) const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
