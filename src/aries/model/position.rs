//! What an account holds.

use rust_decimal::Decimal;
use serde_json::json;

use super::MOST;
use super::security::{self, Security, contract};
use crate::aries::endpoints::POSITIONS_HELD;
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::may_refer_to;
use crate::aries::{Aries, Json};
use crate::error::{self, Error, Result};
use crate::text::clean;

#[derive(Debug, Clone)]
pub(crate) struct Position {
    /// As Aries writes it, whole; empty if it says none. Of a contract that is listed under its underlying the OSI symbol.
    pub(crate) symbol: String,
    /// What the symbol names, if it is a form we know and does not contradict the kind of security.
    pub(crate) parsed: Option<Symbol>,
    /// Shares or contracts; shorts are negative.
    pub(crate) quantity: Option<Decimal>,
    pub(crate) average: Option<Decimal>,
    pub(crate) open_pl: Option<Decimal>,
    pub(crate) day_pl: Option<Decimal>,
    pub(crate) realized_today: Option<Decimal>,
    /// Aries' own price, of a time that it does not say.
    pub(crate) price: Option<Decimal>,
    /// Aries' own market value at that price.
    pub(crate) value: Option<Decimal>,
    /// What the position cost.
    pub(crate) cost: Option<Decimal>,
    /// Why orders cannot be checked against it, if they cannot.
    pub(crate) unreadable: Option<&'static str>,
    security: Security,
    /// Aries' word for the kind of security.
    pub(crate) security_word: String,
    /// Of which account it is, if Aries says so.
    pub(crate) account: Option<String>,
}

/// What a position is, as far as its value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Shares,
    Contract,
    /// US dollars, of which one is worth one.
    Cash,
    /// A bond, a future, another currency, a word that is not known: nothing tells how many of what one unit is.
    Other,
}

pub(crate) struct Positions {
    /// Every row, also those that cannot be read; an error if the answer holds no list, which is not an empty one.
    pub(crate) list: Result<Vec<Position>>,
    /// Whether Aries says that the list can be used. `false` is "not available", never "none".
    pub(crate) available: bool,
}

impl Positions {
    /// The list; an error where Aries says that it cannot be used.
    pub(crate) fn list_or_unavailable(self) -> Result<Vec<Position>> {
        if self.available {
            return self.list;
        }
        let cause =
            "Aries' list of positions is not available right now, which does not mean that there are none";
        Err(Error::new(error::Kind::Unavailable, cause, "try again in a minute"))
    }
}

pub(crate) async fn all(aries: &Aries, account: &str) -> Result<Positions> {
    let reply = aries.read(&POSITIONS_HELD.with([("account", json!(account))])?).await?;
    let mut available = reply.json()?.is_available();
    let list = reply.strictly(|json| {
        let found = reply.list(json, POSITIONS_HELD.rows, &["symbol", "quantity"])?;
        let rows = found.rows.items();
        let goes_on = found.text_at("nextCursor").is_some_and(|next| !["", "0"].contains(&next.trim()));
        // Of rows it is seen what they are; that there are none, the documented place alone says.
        let is_whole = !found.is_partial() && !found.has_more() && !goes_on;
        available &= found.is_available() && is_whole && (found.is_named() || !rows.is_empty());
        Ok(rows.into_iter().map(Position::read).collect())
    });
    Ok(Positions { list, available })
}

impl Position {
    /// Reads one element of `positions`. A row that cannot be read is not left out: a position that is not seen, or a
    /// contract that passes for a share, would let something be sold that is not there.
    pub(crate) fn read(json: Json<'_>) -> Self {
        let text = |path: &str| json.text_at(path).map(|text| clean(&text, usize::MAX)).unwrap_or_default();
        let symbol = text("symbol");
        let security = json.either(security::FIELD).and_then(Json::text).unwrap_or_default();
        let security_word = clean(&security, 32);
        let security = Security::of(&security_word);
        let parsed = match (Symbol::listed(&symbol), security) {
            (Some(Symbol::Option(_)), Security::Shares) => None,
            (Some(Symbol::Option(contract)), _) => Some(Symbol::Option(contract)),
            // Listed under its underlying, with the parts that a leg has.
            (Some(underlying), Security::Option) => contract(json, &underlying).map(Symbol::Option),
            (named, _) => named,
        };
        let told = json.decimal_at("quantity").filter(|quantity| quantity.abs() <= MOST);
        // Neither the sign of a short position nor `side` is documented; where a side stands, it counts.
        let side = ["side", "positionSide", "positionType", "longShort"].map(text);
        let side = side.into_iter().find(|side| !side.is_empty()).unwrap_or_default();
        let (quantity, contradicts) = match (told, side.to_ascii_uppercase().as_str()) {
            (told, "") => (told, false),
            (Some(told), "SHORT" | "S" | "SELL" | "SELL_SHORT") => (Some(-told.abs()), false),
            (Some(told), "LONG" | "L" | "BUY" | "B") => (Some(told), told < Decimal::ZERO),
            (told, _) => (told, told.is_some()),
        };
        let unreadable = match &parsed {
            // A position of nothing keeps no order from being checked.
            _ if quantity.is_some_and(|quantity| quantity.is_zero()) => None,
            _ if symbol.is_empty() => Some("it has no symbol"),
            _ if quantity.is_none() => Some("its quantity is not a number"),
            _ if contradicts => Some("its side contradicts its quantity or is not known"),
            Some(Symbol::Option(_)) => None,
            Some(Symbol::Stock(_)) if security == Security::Shares => None,
            _ => Some("it is neither said to be shares nor of which contract it is"),
        };
        Self {
            symbol: match &parsed {
                Some(Symbol::Option(contract)) if security == Security::Option => contract.to_string(),
                _ => symbol,
            },
            parsed,
            quantity,
            unreadable,
            security,
            security_word,
            account: json.text_at("accountId").map(|id| clean(id.trim(), 60)).filter(|id| !id.is_empty()),
            average: json.decimal_at("averagePrice"),
            open_pl: json.decimal_at("unrealizedPl"),
            // The older list's name for it.
            day_pl: json.decimal_at("todayPl").or_else(|| json.decimal_at("dailyPl")),
            realized_today: json.decimal_at("todayRealizedPnL"),
            // A negative price is none.
            price: json.decimal_at("price").filter(|price| *price >= Decimal::ZERO),
            value: json.decimal_at("marketValue"),
            cost: json.decimal_at("costBasis"),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        let is_dollars =
            || matches!(self.symbol.to_ascii_uppercase().as_str(), "" | "USD" | "CASH" | "USD CASH" | "$");
        match (self.security, &self.parsed) {
            (Security::Other, _) if self.security_word.eq_ignore_ascii_case("cash") && is_dollars() => {
                Kind::Cash
            }
            (Security::Other, _) => Kind::Other,
            (Security::Option, _) | (_, Some(Symbol::Option(_))) => Kind::Contract,
            (Security::Shares | Security::Unsaid, _) => Kind::Shares,
        }
    }

    /// The symbol that its price is asked for by; none of what has no price here.
    pub(crate) fn priced(&self) -> Option<&Symbol> {
        self.parsed.as_ref().filter(|_| matches!(self.kind(), Kind::Shares | Kind::Contract))
    }

    /// Whether it is exactly what this symbol names, however the shares are spelled.
    pub(crate) fn is(&self, symbol: &Symbol) -> bool {
        self.parsed.as_ref().is_some_and(|own| own.is_same_instrument(symbol))
    }

    /// Whether it cannot be read and may be what an order is about: `wanted` of this ticker, shares or options. Too much
    /// is the careful side.
    pub(crate) fn may_refer_to(&self, ticker: &str, wanted: Security) -> bool {
        let may_be = match self.security {
            // The shares are counted in rows of their own.
            Security::Option => wanted == Security::Option,
            // Cash has no symbol.
            Security::Other => !self.symbol.is_empty(),
            Security::Shares | Security::Unsaid => true,
        };
        self.unreadable.is_some() && may_be && may_refer_to(&self.symbol, ticker)
    }

    /// Shares that one unit stands for: 100 for an ordinary option contract, 1 for a stock, unknown otherwise
    /// (adjusted contracts deliver something else).
    pub(crate) fn multiplier(&self) -> Option<Decimal> {
        match &self.parsed {
            Some(Symbol::Stock(_)) => Some(Decimal::ONE),
            Some(Symbol::Option(contract)) if !contract.is_adjusted() => Some(Decimal::ONE_HUNDRED),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str) -> Position {
        Position::read(Json::parse(text).unwrap())
    }

    #[test]
    fn positions_are_signed_read_or_unreadable() {
        // Row, quantity, whether orders for F and for options on it can be checked against it.
        let rows = [
            (r#"{"symbol":"F","securityType":"CS","quantity":"300"}"#, Some(300), true, true),
            (r#"{"symbol":"F","securityType":"EQUITY","quantity":-3}"#, Some(-3), true, true),
            (r#"{"symbol":"F","securityType":"CS","quantity":"300","side":"SHORT"}"#, Some(-300), true, true),
            (
                r#"{"symbol":"F","securityType":"CS","quantity":"-300","side":"short"}"#,
                Some(-300),
                true,
                true,
            ),
            (r#"{"symbol":"F","securityType":"CS","quantity":"300","side":"LONG"}"#, Some(300), true, true),
            (
                r#"{"symbol":"F","securityType":"CS","quantity":"-300","side":"LONG"}"#,
                Some(-300),
                false,
                false,
            ),
            (r#"{"symbol":"F","securityType":"CS","quantity":"300","side":"BOTH"}"#, Some(300), false, false),
            (r#"{"symbol":"F","securityType":"CS","quantity":"1,000"}"#, None, false, false),
            (r#"{"symbol":"F","securityType":"CS","quantity":""}"#, None, false, false),
            (r#"{"symbol":"F","securityType":"CS","quantity":"9e27"}"#, None, false, false),
            (r#"{"symbol":"F","securityType":"CS"}"#, None, false, false),
            (r#"{"symbol":"F","securityType":"BOND","quantity":"100"}"#, Some(100), false, false),
            (r#"{"symbol":"F","instrument":"EQUITY","quantity":"100"}"#, Some(100), true, true),
            (r#"{"symbol":"F","quantity":"100"}"#, Some(100), false, false),
            (r#"{"securityType":"CS","quantity":"100"}"#, Some(100), false, false),
            (r#"{"quantity":"100"}"#, Some(100), false, false),
            (r#"{"symbol":"F270115C00012000","securityType":"CS","quantity":"1"}"#, Some(1), false, false),
            (r#"{"symbol":"F270115C00012000","securityType":"OPT","quantity":"1"}"#, Some(1), true, true),
            (r#"{"symbol":"F270115C00012000","quantity":"1"}"#, Some(1), true, true),
            // What is said to be an option is no shares.
            (r#"{"symbol":"F","securityType":"OPT","quantity":"100"}"#, Some(100), true, false),
            (r#"{"symbol":"F","securityType":"OPTION","quantity":"100"}"#, Some(100), true, false),
            (r#"{"symbol":"F","instrument":"OPTION","quantity":"100"}"#, Some(100), true, false),
            (r#"{"symbol":"F 15JAN27 12 C","securityType":"OPT","quantity":"1"}"#, Some(1), true, false),
            (r#"{"securityType":"OPT","quantity":"1"}"#, Some(1), true, false),
            // In nobody's way on F.
            (r#"{"symbol":"F","securityType":"OPT","quantity":"0"}"#, Some(0), true, true),
            (r#"{"symbol":"FF","securityType":"OPT","quantity":"100"}"#, Some(100), true, true),
            (r#"{"symbol":"","securityType":"CASH","quantity":"1500"}"#, Some(1500), true, true),
            (r#"{"symbol":"USD F","securityType":"CASH","quantity":"1500"}"#, Some(1500), true, true),
            (r#"{"symbol":"31385F508","securityType":"BOND","quantity":"1"}"#, Some(1), true, true),
            (
                r#"{"symbol":"AAPL 15 Jan 2027 280.00 CALL (adjusted 1:20) F","quantity":"1"}"#,
                Some(1),
                true,
                true,
            ),
        ];
        for (text, quantity, shares, options) in rows {
            let read = position(text);
            assert_eq!(read.quantity, quantity.map(Decimal::from), "{text}");
            assert_eq!(!read.may_refer_to("F", Security::Shares), shares, "{text}");
            assert_eq!(!read.may_refer_to("F", Security::Option), options, "{text}");
        }
    }

    #[test]
    fn a_contract_listed_under_its_underlying_is_read_by_its_parts() {
        let parts = |changes: &str| {
            let text = r#"{"symbol":"F","securityType":"OPT","quantity":"2","putCall":"CALL","strikePrice":"12","maturity":"2027-01-15"#;
            position(&format!("{text}\"{changes}}}"))
        };
        let listed = Symbol::parse("F 2027-01-15 12 C").unwrap();
        for changes in ["", r#","putCall":"c","strikePrice":12.000"#, r#","symbol":"F270115C00012000""#] {
            assert!(parts(changes).is(&listed) && parts(changes).unreadable.is_none(), "{changes}");
            assert_eq!(parts(changes).symbol, "F270115C00012000", "{changes}");
        }
        for changes in [r#","putCall":"CAP""#, r#","strikePrice":"100000""#, r#","maturity":"soon""#] {
            assert!(
                parts(changes).may_refer_to("F", Security::Option) && !parts(changes).is(&listed),
                "{changes}"
            );
        }
        assert!(!parts(r#","securityType":"CS""#).is(&listed));
    }

    #[test]
    fn shares_are_known_however_they_are_spelled() {
        let share = Symbol::Stock("F".to_owned());
        assert!(!position(r#"{"symbol":"F","securityType":"OPT","quantity":"100"}"#).is(&share));
        let class = Symbol::Stock("BRK.B".to_owned());
        for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "brk.b"] {
            let text = format!(r#"{{"symbol":"{spelling}","securityType":"CS","quantity":"10"}}"#);
            assert!(position(&text).is(&class) && position(&text).unreadable.is_none(), "{spelling}");
        }
        let preferred = position(r#"{"symbol":"MS-I","securityType":"CS","quantity":"100"}"#);
        assert!(!preferred.is(&Symbol::Stock("MSI".to_owned())));
        let comp = position(r#"{"symbol":"COMP","securityType":"CS","quantity":"10"}"#);
        assert_eq!((comp.parsed, comp.unreadable), (Some(Symbol::Stock("COMP".to_owned())), None));
    }
}
