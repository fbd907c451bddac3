//! The price that an order is taken to be filled at.

use std::fmt;

use rust_decimal::Decimal;

use crate::aries::model::Quote;
use crate::trade::order::body::Order;
use crate::trade::order::decimal::Number;
use crate::trade::order::terms::OrderType;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Price {
    /// What one unit of the order brings, in USD per share; what it costs is negative.
    pub(crate) received: Decimal,
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Source {
    Limit,
    Stop,
    Bid,
    Ask,
}

impl Price {
    /// The limit, else the stop, else the side of the market that a market order meets.
    pub(crate) fn of(order: &Order, quote: Option<&Quote>) -> Option<Self> {
        let own = |number: &Option<Number>| number.as_ref().map(Number::value);
        let (price, source) = match order.order_type {
            OrderType::Limit | OrderType::StopLimit => (own(&order.limit), Source::Limit),
            OrderType::Stop => (own(&order.stop), Source::Stop),
            OrderType::Market if order.buys() => (quote.and_then(|quote| quote.ask), Source::Ask),
            OrderType::Market => (quote.and_then(|quote| quote.bid), Source::Bid),
        };
        let price = price?;
        Some(Self { received: if order.buys() { -price } else { price }, source })
    }
}

/// `at the limit price`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Limit => "at the limit price",
            Source::Stop => "at the stop price, which the fill may miss",
            Source::Bid => "at the bid of the quote, which a market order may miss",
            Source::Ask => "at the ask of the quote, which a market order may miss",
        })
    }
}
