//! A ticket that was presented, with its order.

use std::sync::Arc;

use crate::trade::approval::pending::Pending;
use crate::trade::approval::ticket::Previewed;

/// The ticket is only a key to the outcome of its order now.
pub(crate) struct Presented {
    /// The journal knows it by its hash.
    pub(super) ticket: String,
    pub(super) order: Previewed,
    pub(super) pending: Arc<Pending>,
}
