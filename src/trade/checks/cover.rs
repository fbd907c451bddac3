//! Whether anything stands behind the options that an order writes, or that it leaves written.

use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::{self, Account, Position, balance};
use crate::aries::symbols::Symbol;
use crate::clock;
use crate::config::Trading;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::context::{CheckResult, cannot_verify, over_limit};
use crate::trade::checks::notional::{self, cents};
use crate::trade::checks::portfolio;
use crate::trade::checks::quote::{self, Quote};
use crate::trade::checks::recent::Portfolio;
use crate::trade::journal::history::History;
use crate::trade::order::body::Order;
use crate::trade::order::terms::Action;
use crate::trade::payoff::coverage::{Change, Uncovered};
use crate::trade::payoff::holdings::{Holdings, Purchases, left};

const CALLS: &str = "neither 100 shares nor a bought call of the same or a later expiration covers each of them, so the loss is unlimited";

/// An order, and what the account has behind the options that it writes.
pub(crate) struct Written<'a> {
    pub(crate) account: &'a Account,
    pub(crate) order: &'a Order,
    /// Units of the order that are left to fill.
    pub(crate) left: Decimal,
    /// Cash in USD that the order takes.
    pub(crate) cost: Decimal,
    /// `None` if Aries' list of positions is not available.
    pub(crate) held: Option<Holdings>,
}

/// Notes which written options the order leaves uncovered. On a live account such an order is refused unless the person
/// allows it; where live trading is off that is a warning. Aries is asked for the cash only where it decides; returns what it told.
pub(crate) async fn check_cover(
    aries: &Aries,
    trading: &Trading,
    written: Written<'_>,
    result: &mut CheckResult,
) -> Result<Option<Funds>> {
    result.warnings.extend(written.short_sale_warning());
    let Written { account, order, left, cost, held } = written;
    let Some(held) = held else {
        if order.legs.iter().any(|leg| leg.action == Action::SellToOpen) {
            result.unchecked.push("whether the written contracts are covered".to_owned());
        }
        return Ok(None);
    };
    let change = Change::of(order, left, &held, cost);
    // A purchase with cash that stands behind puts is named; what it buys is there for them, too.
    let leaves_uncovered = !change.uncovered.is_none();
    let must_be_covered = account.money.is_live() && !trading.uncovered_options && leaves_uncovered;
    let mut warnings = Vec::new();
    if !change.uncovered.calls.is_zero() {
        result.uncovered.calls = change.uncovered.calls;
        let calls = Uncovered { puts: Decimal::ZERO, ..change.uncovered };
        warnings.push(format!("{calls} UNCOVERED: {CALLS}"));
    }
    let mut funds = None;
    if change.needs_cash() {
        match Funds::ask(aries, account, &held.purchases).await {
            Some(told) => {
                result.uncovered.puts = told.uncovered(&change, &held.purchases).puts;
                warnings.extend(puts_warning(&change, result.uncovered.puts, &told, &held.purchases));
                funds = Some(told);
            }
            None => {
                let needed = cents(change.cash_needed(held.purchases.priced));
                let why = format!(
                    "Aries does not tell whether {needed} USD are there in cash to cover the written puts"
                );
                if must_be_covered && trading.live {
                    return Err(cannot_verify(&why));
                }
                result.unchecked.push(format!("cover: {why}"));
                funds = Some(Funds { cash: Decimal::MAX, prices: Vec::new() });
            }
        }
    }
    result.holdings = Some(held);
    if must_be_covered && !warnings.is_empty() {
        let first = warnings.remove(0);
        result.within(trading, account, Err(over_limit(&first)))?;
    }
    result.warnings.extend(warnings);
    Ok(funds)
}

fn puts_warning(change: &Change, puts: Decimal, funds: &Funds, purchases: &Purchases) -> Option<String> {
    let needed = change.cash_needed(funds.cost(purchases)?);
    let [needed, cash] = [needed, funds.cash].map(cents);
    let uncovered = Uncovered { calls: Decimal::ZERO, puts };
    let why = if change.writes_puts() {
        format!(
            "no bought put of the same or a later expiration covers each of them, and assignment takes {needed} USD with what \
             else is open, of which {cash} USD are there in cash"
        )
    } else {
        format!(
            "it uses cash that covers written puts: with all that is open {needed} USD are needed, and {cash} USD are there \
             in cash"
        )
    };
    (!puts.is_zero()).then(|| format!("{uncovered} UNCOVERED: {why}"))
}

/// What can stand behind written puts: cash in USD, and the prices of what open orders buy at the market.
#[derive(Debug, Clone)]
pub(crate) struct Funds {
    cash: Decimal,
    prices: Vec<(Symbol, Decimal)>,
}

impl Funds {
    /// `None` if Aries does not tell all of it.
    async fn ask(aries: &Aries, account: &Account, purchases: &Purchases) -> Option<Self> {
        let cash = balance::cash(aries, &account.id).await.ok().flatten()?;
        let symbols: Vec<Symbol> = purchases.at_market.iter().filter_map(|(what, _)| what.clone()).collect();
        let prices = if symbols.is_empty() { Vec::new() } else { quote::highest(aries, &symbols).await };
        let funds = Self { cash, prices };
        funds.cost(purchases).map(|_| funds)
    }

    /// Cash that open orders take, if all of their prices are known.
    fn cost(&self, purchases: &Purchases) -> Option<Decimal> {
        let price =
            |symbol: &Symbol| self.prices.iter().find(|(own, _)| own == symbol).map(|(_, price)| *price);
        purchases.cost(price)
    }

    fn uncovered(&self, change: &Change, purchases: &Purchases) -> Uncovered {
        match self.cost(purchases) {
            Some(ordered) => change.with_cash(self.cash, ordered),
            None => change.without_cash(),
        }
    }
}

/// Cash in USD that an order takes when it is filled. What closes a position is never held back by it.
pub(crate) fn cost(order: &Order, left: Decimal, quote: Option<&Quote>) -> Decimal {
    if !order.buys() || order.closes() {
        return Decimal::ZERO;
    }
    let value = notional::value(order, order.order_type, quote).unwrap_or_default();
    value / order.quantity.value() * left
}

/// What the cover of an order was judged by.
pub(crate) struct Judged {
    pub(crate) orders: Vec<model::Order>,
    /// `None` if Aries' list of positions is not available.
    pub(crate) positions: Option<Vec<Position>>,
    pub(crate) cost: Decimal,
    /// `None` where no cash decided, so that it was not asked for.
    pub(crate) funds: Option<Funds>,
}

impl Judged {
    /// What the order leaves uncovered by the same, and by what the journal says now.
    pub(crate) fn again(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&model::Order>,
        history: &History,
    ) -> Uncovered {
        let Some(positions) = &self.positions else { return Uncovered::default() };
        let portfolio = Portfolio::of(self.orders.clone(), history, &account.id, clock::now());
        let others = portfolio::others(&portfolio.orders, replaced);
        let held = Holdings::of(order, &portfolio.positions(positions), &others);
        let change = Change::of(order, left(order, replaced), &held, self.cost);
        match &self.funds {
            Some(funds) => funds.uncovered(&change, &held.purchases),
            // Whether the cash is enough for what came meanwhile is not known: a preview asks for it.
            None => change.without_cash(),
        }
    }
}

impl Written<'_> {
    fn short_sale_warning(&self) -> Option<String> {
        let class = self.account.class.as_deref().unwrap_or_default();
        let is_cash = class.eq_ignore_ascii_case("cash") && self.order.action == Action::SellShort;
        is_cash.then(|| "this is a cash account, which cannot sell short: Aries may reject it".to_owned())
    }
}

/// Refuses an order that would leave more uncovered than the person was told.
pub(crate) fn check_same(told: Uncovered, now: Uncovered) -> Result<()> {
    if now.calls <= told.calls && now.puts <= told.puts {
        return Ok(());
    }
    let cause = format!("since the preview the cover of written options has gone: {now} would be uncovered");
    Err(Error::new(
        Kind::Refused,
        cause,
        Told::pair("tell the person, and preview again", "preview it again"),
    ))
}
