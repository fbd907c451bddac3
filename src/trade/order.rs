//! Orders: from the arguments of a call to the exact body that Aries takes, and as they are read back from its lists.

pub(crate) mod body;
pub(crate) mod decimal;
pub(crate) mod open;
pub(crate) mod replacement;
pub(crate) mod request;
pub(crate) mod sent;
pub(crate) mod terms;
