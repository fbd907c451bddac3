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

use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::model::{self, Account};
use crate::aries::{Aries, time};
use crate::config::Trading;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::journal::history::History;
use crate::trade::order::body::{Order, Shape};
use limits::{Scene, Verdict};
use quote::Quote;

/// An order and where it goes, checked in every way that needs no answer of a person.
pub(crate) struct Checked {
    pub(crate) verdict: Verdict,
    pub(crate) quote: Option<Quote>,
    /// Ids that Aries lists for the account now.
    pub(crate) listed: Vec<String>,
}

/// Checks orders against what the person allows and what Aries says.
#[derive(Clone)]
pub(crate) struct Checks {
    pub(crate) aries: Aries,
    pub(crate) trading: Arc<Trading>,
}

impl Checks {
    /// Whether orders are possible on this account at all.
    pub(crate) fn open_for(&self, account: &Account) -> Result<()> {
        if !account.money.is_live() || self.trading.live {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("account {} is live, and live trading is off", account.masked()),
            "ask the person; only they can decide that, outside this conversation. A simulated account can be used",
        ))
    }

    /// Everything that is checked at preview and once more before sending: position, open orders, quote, limits. `cost`
    /// is what Aries' own preview said, once it has been asked; `history` is what the journal knows.
    pub(crate) async fn check(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&model::Order>,
    ) -> Result<Checked> {
        let aries = &self.aries;
        // Orders first: one that is filled between the two reads counts twice, as ordered and as done. The other way
        // round it would not count at all, and the same shares could be sold again.
        let held = async {
            let open = portfolio::current(aries, &account.id).await?;
            Ok::<_, Error>((open, portfolio::positions(aries, &account.id).await?))
        };
        let (held, quote) = futures_util::join!(held, quote::fetch(aries, order));
        let live = account.money.is_live();
        let mut unchecked = Vec::new();
        let (open, positions) = held?;
        portfolio::readable(&open, order.underlying(), replaced)?;
        match positions {
            Some(positions) => {
                portfolio::readable_positions(&positions, order)?;
                position::check(order, &positions, &open, replaced)?;
            }
            None if live || closes(order) => {
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    "Aries' list of positions is not available right now, so the order cannot be checked against it",
                    "try again in a minute",
                ));
            }
            None => unchecked.push("positions: Aries' list is not available".to_owned()),
        }
        let quote = match quote {
            Ok(quote) => Some(quote),
            Err(error) => {
                unchecked.push(format!("prices: {}", error.cause));
                None
            }
        };
        let scene = Scene {
            trading: &self.trading,
            account,
            replaced,
            now: Timestamp::now(),
            always_open: aries.urls().on_this_machine(),
        };
        let mut verdict = limits::check(&scene, order, quote.as_ref())?;
        verdict.unchecked.extend(unchecked);
        Ok(Checked { verdict, quote, listed: open.into_iter().map(|order| order.id).collect() })
    }

    /// Counts Aries' own estimate of the cost too.
    pub(crate) fn apply_estimate(
        &self,
        account: &Account,
        order: &Order,
        cost: Decimal,
        verdict: &mut Verdict,
    ) -> Result<()> {
        limits::heed(&self.trading.limits(account.money.is_live()), order, cost, verdict)
    }

    /// Refuses what the limits of the day have no room for.
    pub(crate) fn day(&self, account: &Account, growth: Decimal, history: &History) -> Result<()> {
        let live = account.money.is_live();
        limits::day(&self.trading, live, history.used(live, time::now().date()), growth)
    }
}

fn closes(order: &Order) -> bool {
    match &order.shape {
        Shape::Stock { action, .. } => action.closes(),
        _ => order.legs().iter().any(|leg| leg.action.closes()),
    }
}
