//! The balance of an account, as one line of figures.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::Json;
use crate::aries::model::Account;
use crate::aries::time;
use crate::text::clean;
use crate::tools::format::plain;

/// The names of the account's value, of which the second is that of the older call.
const EQUITY: &[&str] = &["balance", "totalEquity"];

/// Whether a figure means something in an account that cannot borrow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Any,
    Margin,
}

/// The figures a person asks for. The older call has neither cash nor the profit of the day.
const FIGURES: [(&str, &[&str], Of); 12] = [
    ("equity", EQUITY, Of::Any),
    ("cash", &["cashBalance"], Of::Any),
    ("settled cash", &["settledFunds"], Of::Any),
    ("unsettled cash", &["unsettledFunds"], Of::Any),
    ("available to withdraw", &["amountAvailableToWithdraw"], Of::Any),
    ("stock buying power", &["stockBuyingPower"], Of::Any),
    ("option buying power", &["optionBuyingPower"], Of::Any),
    ("day-trade buying power", &["dayTradeBuyingPower"], Of::Margin),
    ("day P&L", &["dayTotalPnl"], Of::Any),
    ("realized P&L", &["realizedPl"], Of::Any),
    ("open P&L", &["unrealizedPl", "openPnl"], Of::Any),
    ("maintenance requirement", &["maintReq"], Of::Margin),
];

/// What is added up over accounts, and the line of all figures.
pub(super) struct Balances {
    pub(super) equity: Option<Decimal>,
    pub(super) cash: Option<Decimal>,
    pub(super) day_pl: Option<Decimal>,
    pub(super) open_pl: Option<Decimal>,
    /// When the day of its figures began.
    pub(super) started: Option<Timestamp>,
    pub(super) line: String,
}

impl Balances {
    pub(super) fn read(json: Json<'_>, account: &Account) -> Self {
        let figure = |name: &str| {
            let (_, fields, _) = FIGURES.iter().find(|(own, ..)| *own == name)?;
            fields.iter().find_map(|field| json.decimal_at(field))
        };
        Self {
            equity: figure("equity"),
            cash: figure("cash"),
            day_pl: figure("day P&L"),
            open_pl: figure("open P&L"),
            started: json.text_at("sodTtlEquityUpdatedAt").and_then(|text| time::stamp(&text)),
            line: line(json, account),
        }
    }
}

fn line(json: Json<'_>, account: &Account) -> String {
    let borrows = !account.class.as_deref().is_some_and(|class| class.eq_ignore_ascii_case("cash"));
    let wanted = FIGURES.iter().filter(|(.., of)| borrows || *of == Of::Any);
    let found =
        wanted.map(|(name, fields, _)| (*name, fields.iter().find_map(|field| json.decimal_at(field))));
    let (told, missing): (Vec<_>, Vec<_>) = found.partition(|(_, figure)| figure.is_some());
    let told = told.into_iter().filter_map(|(name, figure)| Some(format!("{name} {}", plain(figure?))));
    let mut text = told.collect::<Vec<_>>().join(" · ");
    if !missing.is_empty() {
        let names = missing.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        text.push_str(&format!(" · not in Aries' answer: {names}"));
    }
    if let Some(pending) = json.text_at("pendingOrdersCount").filter(|count| count != "0") {
        text.push_str(&format!(" · open orders {}", clean(&pending, 12)));
    }
    text
}
