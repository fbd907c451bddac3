//! What the rows of endpoints are written with: scopes, and parameters of several groups.

pub(super) use crate::aries::endpoint::Method::*;
pub(super) use crate::aries::endpoint::ParamKind::*;
pub(super) use crate::aries::endpoint::{Cursor, Endpoint, Param, endpoint, fixed, get, optional, required};
pub(super) use crate::aries::symbols::Form;
pub(super) use crate::aries::time::Toward::{Ahead, Unsaid};

pub(super) const ACCOUNTS: &str = "account:information";
pub(super) const USER: &str = "user:information";
pub(super) const POSITIONS: &str = "position:information";
pub(super) const ORDERS: &str = "order:information";
pub(super) const MARKET: &str = "market:information";
pub(super) const OPTIONS: &str = "options:information";
pub(super) const ANALYTICS: &str = "analytics:information";
pub(super) const CALENDAR: &str = "calendar:information";
pub(super) const SUPPLEMENTAL: &str = "market:supplemental";

/// Bar sizes: our word and Aries' resolution (`1M` is a month, `1` a minute).
pub(crate) const INTERVALS: &[(&str, &str)] = &[
    ("1m", "1"),
    ("5m", "5"),
    ("15m", "15"),
    ("30m", "30"),
    ("1h", "60"),
    ("1d", "1D"),
    ("1w", "1W"),
    ("1mo", "1M"),
];

pub(super) const SYMBOL: Param = required("symbol", "symbol", Symbol(Form::Ticker));
pub(super) const FROM: Param = optional("from", "from", FirstDay);
pub(super) const TO: Param = optional("to", "to", LastDay);
pub(super) const FREQ: Param =
    optional("freq", "freq", Choice(&[("annual", "annual"), ("quarterly", "quarterly")])).or("annual");
pub(super) const FROM_MOMENT: Param = optional("from", "timestampFrom", Nanoseconds);
pub(super) const TO_MOMENT: Param = optional("to", "timestampTo", LastNanosecond);
