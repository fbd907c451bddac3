//! What a check is given, what it reports, and how it refuses.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::model::{self, Account};
use crate::aries::time;
use crate::config::{Limits, OrderType, Trading};
use crate::error::{Error, Kind, Result};
use crate::exchange::Hours;
use crate::told::Told;
use crate::trade::checks::quote::{Freshness, freshness};
use crate::trade::order::body::Order;
use crate::trade::order::terms::TimeInForce;
use crate::trade::payoff::coverage::Uncovered;
use crate::trade::payoff::holdings::Holdings;

#[derive(Debug, Clone)]
pub(crate) struct CheckContext<'a> {
    pub(crate) trading: &'a Trading,
    pub(crate) account: &'a Account,
    pub(crate) order: &'a Order,
    pub(crate) replaced: Option<&'a model::Order>,
    pub(crate) now: Timestamp,
    /// Whether the market never closes.
    pub(crate) always_open: bool,
    /// Why there is no quote, if Aries' answer tells.
    pub(crate) no_quote: Option<Error>,
    pub(crate) result: CheckResult,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct CheckResult {
    /// Notional value in USD; of a spread its net.
    pub(crate) value: Decimal,
    /// The notional value at the order's own price, where that is less: a sale below the market, a stop that is not
    /// reached.
    pub(crate) least_value: Decimal,
    /// What counts for the limit of the day, in USD: of a replacement only what it adds, of a spread every leg.
    pub(crate) day_value: Decimal,
    /// What one unit of an order that takes whatever price there is would be filled at now.
    pub(crate) market_price: Option<Decimal>,
    /// What has to stand in the sentence: that an old price judged the order.
    pub(crate) remark: Option<String>,
    /// The session of now, the next opening, and whether the order can be filled now.
    pub(crate) session: Option<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) unchecked: Vec<String>,
    /// What the account has of the underlying; `None` if Aries' list of positions is not available.
    pub(crate) holdings: Option<Holdings>,
    /// Written options that the order leaves without cover.
    pub(crate) uncovered: Uncovered,
}

impl CheckContext<'_> {
    /// The hours in which the order can be filled.
    pub(crate) fn hours(&self) -> Hours {
        match self.order.time_in_force {
            TimeInForce::ExtendedHours => Hours::Extended,
            _ => Hours::Regular,
        }
    }

    /// The moment that decides the session; `None` where the market never closes.
    pub(crate) fn session(&self) -> Option<Timestamp> {
        (!self.always_open).then_some(self.now)
    }

    /// How fresh a price of this time is for the order. A limit bounds what an old price can do.
    pub(crate) fn freshness(&self, at: Option<Timestamp>) -> Freshness {
        let most = self.trading.quote_age(self.order.order_type);
        freshness(at, self.now, self.session().map(|_| self.hours()), most)
    }

    /// Whether a price of this time is only good enough because the order has a limit.
    pub(crate) fn is_old(&self, at: Option<Timestamp>) -> bool {
        let most = self.trading.quote_age(OrderType::Market);
        freshness(at, self.now, self.session().map(|_| self.hours()), most) == Freshness::Stale
    }

    pub(crate) fn limits(&self) -> Limits {
        self.trading.limits(self.account.money)
    }

    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(time::zone()).date()
    }

    /// Whether the order can move real money.
    pub(crate) fn is_at_stake(&self) -> bool {
        self.trading.puts_at_stake(self.account.money)
    }

    /// Refuses the order if it can move real money. Otherwise the caller goes on and reports what it found.
    pub(crate) fn refuse_at_stake(&self, refusal: Error) -> Result<()> {
        if self.is_at_stake() { Err(refusal) } else { Ok(()) }
    }

    /// What a limit says of the order.
    pub(crate) fn within(&mut self, judged: Result<()>) -> Result<()> {
        self.result.within(self.trading, self.account, judged)
    }

    /// A check cannot run, for the reason `why`: refuses an order that can move real money, else reports `unchecked`.
    pub(crate) fn unverified(&mut self, why: &str, unchecked: impl Into<String>) -> Result<()> {
        self.refuse_at_stake(cannot_verify(why))?;
        self.result.unchecked.push(unchecked.into());
        Ok(())
    }

    pub(crate) fn warn(&mut self, refusal: Error, what: String) -> Result<()> {
        self.refuse_at_stake(refusal)?;
        self.result.warnings.push(what);
        Ok(())
    }
}

impl CheckResult {
    /// Passes a refusal on; on a live account that may not trade it becomes a warning, once, since nothing can be sent
    /// there, and the person learns what else the order would need.
    pub(crate) fn within(&mut self, trading: &Trading, account: &Account, judged: Result<()>) -> Result<()> {
        match judged {
            Err(refusal) if account.money.is_live() && !trading.live => {
                let warning = format!("even with live trading on it is {}", refusal.cause);
                if !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
                Ok(())
            }
            other => other,
        }
    }
}

/// A limit that the person has set is passed. The hint never says how to raise it: that would invite a model to ask for it.
pub(crate) fn over_limit(what: &str) -> Error {
    let hint = Told::pair(
        "tell the person; ask what they want to do instead",
        "order something else, or change what the config file allows",
    );
    Error::new(Kind::Refused, format!("not allowed: {what}"), hint)
}

pub(crate) fn cannot_verify(what: &str) -> Error {
    let hint = Told::pair(
        "tell the person; it may work when Aries has current prices",
        "it may work when Aries has current prices",
    );
    Error::new(Kind::Refused, format!("not allowed on a live account: {what}"), hint)
}
