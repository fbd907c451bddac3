//! Tickets, and the approval of a person where an order needs one.

pub(crate) mod approved;
pub(crate) mod asked;
mod decision;
pub(crate) mod declines;
mod page;
mod page_view;
pub(crate) mod pending;
pub(crate) mod prompter;
pub(crate) mod ticket;
pub(crate) mod window;
