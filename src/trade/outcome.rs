//! What an answer about one order says.

use rust_decimal::Decimal;

use crate::aries::model;
use crate::aries::model::account::masked;
use crate::told::Told;
use crate::trade::checks::notional::cents;
use crate::trade::exits::exit;
use crate::trade::journal::history::OrderHistory;
use crate::trade::order::decimal::price_words;
use crate::trade::payoff::settlement::PER_CONTRACT;
use crate::trade::state::State;

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    /// `LIVE …1234`.
    pub(crate) account: String,
    /// What was ordered, and what is known of it. The account stands before it.
    pub(crate) sentence: String,
    pub(crate) order_id: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) next: Option<Next>,
    /// How what was filled can be closed.
    pub(crate) exit: Option<Told>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// Aries lists the order otherwise than it was sent. This stays so, whatever becomes of the order.
    NotAsSent,
    /// It was sent before, and its answer tells how it stands now.
    NotAgain,
    Advice(Told),
}

impl<T: Into<Told>> From<T> for Next {
    fn from(advice: T) -> Self {
        Self::Advice(advice.into())
    }
}

impl Next {
    pub(crate) fn told(self) -> Told {
        match self {
            Self::NotAsSent => Told::pair(
                "tell the person at once that this is not what was sent; order and cancel nothing before they have decided",
                "this is not what was sent: look in Aries' own application before you order or cancel anything",
            ),
            Self::NotAgain => Told::pair(
                "do not order it again unless the person wants another one",
                "it was sent once, and not again",
            ),
            Self::Advice(advice) => advice,
        }
    }
}

impl Outcome {
    pub(crate) fn of(order: &OrderHistory, state: State, words: &str, next: impl Into<Next>) -> Self {
        let account = order.placed.as_ref();
        let account = account.map(|placed| format!("{} {}", placed.environment, masked(&placed.account)));
        let outcome = Self {
            state,
            account: account.unwrap_or_else(|| "account not known".to_owned()),
            sentence: order.terms().to_owned(),
            order_id: order.order.clone(),
            client_id: Some(order.id.clone()),
            next: None,
            exit: None,
        };
        outcome.with(words, next)
    }

    /// The same with these words after its sentence, and what to do next.
    pub(crate) fn with(self, words: &str, next: impl Into<Next>) -> Self {
        Self { sentence: format!("{}: {words}", self.sentence), next: Some(next.into()), ..self }
    }

    /// The same after `sentence`, as a list of Aries shows the order of this account.
    pub(crate) fn seen(self, sentence: String, order: &model::Order, account: &str) -> Self {
        let (state, order_id) = (State::of(&order.status), Some(order.id.clone()));
        let exit = exit(order, account);
        Self { state, order_id, sentence: with_seen(sentence, order), exit, ..self }
    }

    pub(crate) fn not_as_sent(&mut self, difference: &str) {
        self.sentence.push_str(&format!(", but {difference}"));
        self.next = Some(Next::NotAsSent);
        self.exit = None;
    }

    pub(crate) fn also(&mut self, more: impl Into<Told>) {
        self.next = Some(match self.next.take() {
            Some(next) => next.told().and("; ").and(more).into(),
            None => more.into().into(),
        });
    }
}

/// How an order in a list of Aries stands, in words: its fills, and a status that is not documented as it was written.
pub(crate) fn seen(order: &model::Order) -> String {
    let mut parts = Vec::new();
    if order.filled > Decimal::ZERO {
        let (filled, quantity) = (order.filled.normalize(), order.quantity.normalize());
        parts.push(format!("{filled} of {quantity} filled{}", at_average(order)));
    }
    if State::known(&order.status).is_none() {
        parts.push(match order.status.as_str() {
            "" => "Aries tells no status".to_owned(),
            status => format!("Aries calls it {status:?}"),
        });
    }
    if let Some(reason) = order.reason.as_ref().filter(|_| !order.is_open() && order.status != "FILLED") {
        parts.push(format!("Aries: \"{reason}\""));
    }
    parts.join(", ")
}

/// What was paid or received for what is filled, as far as Aries tells: ` at 399.98 on average = 3,999.80 USD without fees`.
pub(crate) fn at_average(order: &model::Order) -> String {
    let Some(price) = order.average.filter(|_| order.filled > Decimal::ZERO) else { return String::new() };
    let units = if order.legs.is_empty() { Decimal::ONE } else { PER_CONTRACT };
    let total = price.abs().checked_mul(order.filled * units).filter(|_| has_known_units(order));
    let total = total.map(|total| format!(" = {} USD without fees", cents(total))).unwrap_or_default();
    format!(" at {} on average{total}", price_words(price))
}

/// Whether it is known what one unit of the order stands for: of an adjusted contract another number of shares, and of one
/// leg with a ratio the price may be that of either.
fn has_known_units(order: &model::Order) -> bool {
    let is_ratio = matches!(order.legs.as_slice(), [leg] if leg.ratio != Decimal::ONE);
    order.unreadable.is_none() && !is_ratio && !order.legs.iter().any(|leg| leg.contract.is_adjusted())
}

pub(crate) fn with_seen(sentence: String, order: &model::Order) -> String {
    match seen(order) {
        words if words.is_empty() => sentence,
        words => format!("{sentence}: {words}"),
    }
}
