//! The real binary and the library against an embedded Aries: commands, orders, what tools answer, the server, sign-in.
//!
//! One crate for all of them, so that the library is linked once and tests that wait run beside tests that compute.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail loudly")]

mod commands;
mod orders;
mod reading;
mod server;
mod sign_in;
mod support;
