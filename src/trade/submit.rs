//! From a presented ticket to at most one POST.

pub(crate) mod answer;
pub(crate) mod present;
pub(crate) mod send;
