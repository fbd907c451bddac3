//! What an answer about one order says.

use rust_decimal::Decimal;

use crate::aries::model;
use crate::aries::model::account::masked;
use crate::told::Told;
use crate::trade::exits::exit;
use crate::trade::journal::history::OrderHistory;
use crate::trade::state::State;

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    /// `LIVE …1234`.
    pub(crate) account: String,
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
            sentence: order.summary().to_owned(),
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
        let average =
            order.average.map(|price| format!(" at {} on average", price.normalize())).unwrap_or_default();
        parts.push(format!("{} of {} filled{average}", order.filled.normalize(), order.quantity.normalize()));
    }
    if State::known(&order.status).is_none() {
        parts.push(format!("Aries calls it \"{}\"", order.status));
    }
    if let Some(reason) = order.reason.as_ref().filter(|_| !order.is_open() && order.status != "FILLED") {
        parts.push(format!("Aries: \"{reason}\""));
    }
    parts.join(", ")
}

pub(crate) fn with_seen(sentence: String, order: &model::Order) -> String {
    match seen(order) {
        words if words.is_empty() => sentence,
        words => format!("{sentence}: {words}"),
    }
}
