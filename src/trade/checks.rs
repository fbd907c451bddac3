//! What an order must pass before it is sent: limits, positions, price, session, size.

pub(crate) mod estimate;
pub(crate) mod limits;
pub(crate) mod notional;
pub(crate) mod portfolio;
pub(crate) mod position;
pub(crate) mod price;
pub(crate) mod quote;
pub(crate) mod session;
pub(crate) mod usage;
