//! What the model hears of a tool that its session lacks: why, and what the person can do. It is never told to loosen
//! anything by itself.

use crate::auth::scope::TRADING;
use crate::error::{Error, Kind};
use crate::tools::{Absence, Selection, Signed, Tool};

/// The refusal of a call. `login` is the command that signs the person in.
pub(super) fn refusal(tool: &Tool, absence: &Absence, login: &str) -> Error {
    let cause = format!("{} is not available in this session: {}", tool.name, absence.cause());
    let person = format!("only the person can change that: tell them to {}", absence.remedy(login));
    let with_trade = match absence {
        Absence::Scope(scopes, _) if scopes.contains(&TRADING) => " with trade: true",
        _ => "",
    };
    let in_chat = format!("{person}; or, on their word, call sign_in{with_trade}, which opens their browser");
    match absence {
        Absence::Scope(_, Signed::Out) => Error::sign_in(cause, in_chat),
        Absence::Scope(_, Signed::In) if !with_trade.is_empty() => Error::new(Kind::Refused, cause, in_chat),
        Absence::NeedsNoSignIn => Error::new(Kind::Refused, cause, absence.remedy(login)),
        _ => Error::new(Kind::Refused, cause, person),
    }
}

const ORDERS: &str = "\
- Orders: preview_order, show the person its sentence, cost and warnings, and only then place_order. Never repeat an \
order whose state is UNKNOWN.\n";
const NO_RIGHT: &str = "\
- Orders: this sign-in may not order. If the person wants to, call sign_in with trade: true on their word, or they run \
`aries-mcp login --trade`.\n";

/// The line about orders in the instructions; none where the person wants no orders.
pub(super) fn line_about_orders(selection: &Selection) -> &'static str {
    let [preview, ..] = crate::tools::ORDER_TOOLS;
    match selection.absence(preview) {
        None | Some(Absence::Scope(_, Signed::Out)) => ORDERS,
        Some(Absence::Scope(_, Signed::In)) => NO_RIGHT,
        Some(_) => "",
    }
}
