//! A second order under the `clientId` of one of ours.

use serde_json::{Value, json};

use super::dice::Dice;
use super::truth::Truth;

#[derive(Debug, Clone, Copy)]
pub(super) struct Twin {
    /// Whether Aries refuses it.
    rejected: bool,
    /// Lists say that it is an hour old.
    pub(super) aged: bool,
}

impl Twin {
    pub(super) fn thrown(dice: &mut Dice) -> Self {
        Self { rejected: dice.percent(60), aged: dice.percent(50) }
    }

    /// Enters it beside the order of this body; tells its id.
    pub(super) fn enter(self, truth: &Truth, order: &Value) -> Option<String> {
        let mut twin = order.clone();
        twin["qty"] = json!(if self.rejected { "9000000" } else { "1" });
        truth.post("/v1/orders", &twin)["clOrdId"].as_str().map(str::to_owned)
    }
}
