//! aries-mcp: a local MCP server that lets an AI assistant use one person's Aries brokerage account.
//!
//! # The map
//!
//! | module | what it is |
//! | --- | --- |
//! | [`cli`] | one file per command, thin; the only part that prints |
//! | [`server`] | MCP on stdin and stdout, both protocol eras; how a process begins and ends |
//! | [`tools`] | what the model sees: a tool is a value in one list; arguments, answers, schemas |
//! | [`trade`] | order safety: rules, limits, ticket, approval, journal, the one POST |
//! | [`aries`] | what Aries speaks: endpoint rows, symbols, times, lazily read JSON; reader, order sender and watchlists on one transport |
//! | [`auth`] | sign-in with PKCE, the loopback callback, the shared session, the keychain |
//! | [`sandbox`] | the embedded Aries: a small broker for tests, the demo and people without an account |
//! | [`config`], [`error`], [`error_body`], [`exchange`], [`http`], [`rate_limits`], [`os`], [`text`] | leaves: settings, the one error type, what Aries says of a failure, the exchange's days and hours, the HTTP exchange, how often Aries may be asked, what the operating system gives, texts of others made safe to show |
//!
//! Imports go one way: `cli → server → tools → trade → aries → auth`; `sandbox` is used by `cli` and by tests alone.
//! *(`tests/walls.rs`)*
//!
//! # One call is a straight line
//!
//! A line of JSON from stdin → a row in [`tools::TOOLS`] → arguments checked against the tool's own schema →
//! requests built from rows of [`aries::endpoints`] (pure up to here) → [`aries::Aries::read`] →
//! [`tools::Answer`], short lines and rows → text.
//!
//! # Invariants
//!
//! 1. Only [`server`] and [`tools`] know MCP, and only [`server`] its library. *(`tests/walls.rs`; reviewed)*
//! 2. Only [`trade`] can send an order: it alone holds the [order sender](aries::order_sender::OrderSender), which is
//!    never built in a read-only process, and three lines post; sending takes a redeemed ticket and, on live accounts,
//!    a person's yes, both with private fields. *([`trade::OrderService::open`]; `.clippy.toml`, `tests/orders`)*
//!    Watchlists have a sender of their own, [`aries::watchlists::WatchlistSender`], which a read-only process never
//!    builds either.
//! 3. Only [`config`] reads the environment; only [`cli`] prints. *(lints; `.clippy.toml`)*
//! 4. `initialize`, `server/discover` and `tools/list` touch no keychain, network or lock. *(`tests/server/protocol.rs`)*
//!    Once the session is initialized, an order in doubt is looked for beside the calls, if there is one.
//!    *(`tests/orders/looking.rs`)*
//! 5. A bearer token goes to one origin; redirects are not followed and no URL out of an answer is fetched.
//! 6. No tool changes credentials or profile data, except that `sign_in` begins a sign-in on the person's word; `user:management` is never asked for. *(`tests/walls.rs`)*
//! 7. A secret has no `Debug` or `Display` that shows it. *([`secrecy`]; tests beside the types)*

// Tests may read the environment and write files; the rest of the library goes through the owners.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod aries;
pub mod auth;
pub mod cli;
pub mod config;
mod environment;
pub mod error;
mod error_body;
mod exchange;
pub mod http;
mod os;
mod rate_limits;
pub mod sandbox;
mod server;
mod text;
pub mod timing;
mod tools;
pub mod trade;
