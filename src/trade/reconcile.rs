//! What became of an order whose outcome is not known.

pub(crate) mod find;
pub(crate) mod fingerprint;
pub(crate) mod resolve;
pub(crate) mod status;
pub(crate) mod unlisted;
