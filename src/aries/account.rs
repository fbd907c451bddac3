//! Accounts and positions, read tolerantly: what code decides on.

use rust_decimal::Decimal;

use super::json::Json;
use super::orders::{SECURITY, field};
use super::symbols::compare::{may_refer_to, option_root};
use super::symbols::{Contract, Symbol};
use super::text::clean;
use crate::config::Urls;
use crate::environment::{Money, Plays};

/// A trading account (`aries-api/trading.md` 2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// The id for paths and orders.
    pub(crate) id: String,
    /// Which field the id was taken from: the documentation names several candidates.
    pub(crate) id_field: &'static str,
    /// What is at stake in it. An account that Aries does not call simulated counts as live, the careful side.
    pub(crate) money: Money,
    /// `OPEN` and others.
    pub(crate) status: Option<String>,
    /// `INDIVIDUAL` and others.
    pub(crate) kind: Option<String>,
    /// `MARGIN` or `CASH`.
    pub(crate) class: Option<String>,
}

/// Where an account's id may stand, best first (`trading.md` 2.2, inferred order).
const ID_FIELDS: [&str; 3] = ["trading_account_id", "sterling_account_id", "id"];

impl Account {
    /// Reads one element of `accounts` of the Aries at these addresses; `None` if it carries no id at all.
    pub(crate) fn read(json: Json<'_>, urls: &Urls) -> Option<Self> {
        let (id_field, id) = ID_FIELDS.iter().find_map(|field| Some((*field, json.text_at(field)?)))?;
        let text = |path: &str| json.text_at(path).map(|text| clean(&text, 30));
        let plays = match json.get("is_sim").and_then(Json::boolean) {
            Some(true) => Plays::Simulated,
            _ => Plays::Live,
        };
        Some(Self {
            id: id.into_owned(),
            id_field,
            money: plays.at(urls),
            status: text("status"),
            kind: text("account_type"),
            class: text("account_class"),
        })
    }

    /// Whether it can be traded; one of which Aries does not say it counts as open.
    pub(crate) fn is_open(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("open"))
    }

    /// The account as shown everywhere: `…` and the last four characters.
    pub(crate) fn masked(&self) -> String {
        masked(&self.id)
    }

    /// What is at stake in it and which it is: `LIVE …1002`.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.money, self.masked())
    }

    /// Whether a person means this account: by its full id or its last four characters.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        is_named(&self.id, name)
    }
}

/// Whether a person means the account with this id: by the whole of it or by its last four characters.
pub(crate) fn is_named(id: &str, name: &str) -> bool {
    let name = name.trim().trim_start_matches(['…', '.']);
    id == name || (name.chars().count() >= 4 && id.ends_with(name))
}

/// The accounts that a person means by a name: a full id is that account whichever others end like it, and one that is
/// closed keeps nobody from naming an open one that ends alike.
pub(crate) fn named(mut accounts: Vec<Account>, name: &str) -> Vec<Account> {
    accounts.retain(|account| account.is_named(name));
    let id = name.trim();
    if accounts.iter().any(|account| account.id == id) {
        accounts.retain(|account| account.id == id);
    }
    if accounts.iter().any(Account::is_open) {
        accounts.retain(Account::is_open);
    }
    accounts
}

/// Words for shares, the newer and the older (`trading.md` 4 and 5.1).
pub(crate) const SHARES: [&str; 2] = ["CS", "EQUITY"];

/// Words for contracts; inferred (`trading.md` 4).
pub(crate) const OPTIONS: [&str; 2] = ["OPT", "OPTION"];

/// The contract on this root that a leg or a row describes by its three parts (`trading.md` 6.3). A word that is not
/// documented makes it none.
pub(crate) fn contract(json: Json<'_>, root: &str) -> Option<Contract> {
    let call = match json.text_at("putCall")?.trim().to_ascii_uppercase().as_str() {
        "CALL" | "C" => true,
        "PUT" | "P" => false,
        _ => return None,
    };
    Contract::new(root, json.text_at("maturity")?.parse().ok()?, call, json.decimal_at("strikePrice")?)
}

/// More than anybody holds or orders; sums and products of such numbers cannot overflow.
pub(crate) const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// A position (`trading.md` 4).
#[derive(Debug, Clone)]
pub(crate) struct Position {
    /// As Aries writes it, whole; empty if it says none. Of a contract that is listed under its underlying the OSI symbol.
    pub(crate) symbol: String,
    /// What it names, if it is a form we know and does not contradict the kind of security.
    pub(crate) parsed: Option<Symbol>,
    /// Shares or contracts; shorts are negative.
    pub(crate) quantity: Option<Decimal>,
    /// Average price paid.
    pub(crate) average: Option<Decimal>,
    /// Unrealized profit and loss as Aries computes it.
    pub(crate) open_pl: Option<Decimal>,
    /// The day's profit and loss as Aries computes it.
    pub(crate) day_pl: Option<Decimal>,
    /// What of it cannot be read, if that keeps orders from being checked against it.
    pub(crate) unreadable: Option<&'static str>,
    /// What Aries says that it is.
    security: Security,
}

/// What Aries says that a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    Shares,
    Option,
    /// A word of another kind: cash, a bond, a future.
    Other,
    /// It does not say.
    Unsaid,
}

impl Security {
    fn of(word: &str) -> Self {
        match word {
            "" => Self::Unsaid,
            word if SHARES.contains(&word) => Self::Shares,
            word if OPTIONS.contains(&word) => Self::Option,
            _ => Self::Other,
        }
    }
}

impl Position {
    /// Reads one element of `positions`. What cannot be read is noted, never left out: a position that is not seen, or
    /// a contract that passes for a share, would let something be sold that is not there.
    pub(crate) fn read(json: Json<'_>) -> Self {
        let text = |path: &str| json.text_at(path).map(|text| clean(&text, usize::MAX)).unwrap_or_default();
        let symbol = text("symbol");
        // The second name is that of an earlier shape (`trading.md` 4).
        let security = field(json, SECURITY).and_then(Json::text).unwrap_or_default();
        let security = Security::of(&clean(&security, 32).to_ascii_uppercase());
        let parsed = match (Symbol::listed(&symbol), security) {
            (Some(Symbol::Option(_)), Security::Shares) => None,
            (Some(Symbol::Option(contract)), _) => Some(Symbol::Option(contract)),
            // Listed under its underlying, with the parts that a leg has.
            (Some(underlying), Security::Option) => {
                contract(json, &option_root(&underlying.to_string())).map(Symbol::Option)
            }
            (named, _) => named,
        };
        let told = json.decimal_at("quantity").filter(|quantity| quantity.abs() <= MOST);
        // How shorts are signed is not documented, and neither is `side`; where it stands, it must not be overheard.
        let (quantity, contradicts) = match (told, text("side").to_ascii_uppercase().as_str()) {
            (told, "") => (told, false),
            (Some(told), "SHORT" | "S" | "SELL" | "SELL_SHORT") => (Some(-told.abs()), false),
            (Some(told), "LONG" | "L" | "BUY" | "B") => (Some(told), told < Decimal::ZERO),
            (told, _) => (told, told.is_some()),
        };
        let unreadable = match &parsed {
            // Nothing of anything is in nobody's way.
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
            average: json.decimal_at("averagePrice"),
            open_pl: json.decimal_at("unrealizedPl"),
            day_pl: json.decimal_at("dailyPl"),
        }
    }

    /// Whether it is what this symbol names, however the shares are spelled.
    pub(crate) fn is_of(&self, symbol: &Symbol) -> bool {
        self.parsed.as_ref().is_some_and(|own| own.is_same_instrument(symbol))
    }

    /// Whether it cannot be read and may be what an order is about: shares of this ticker, or options on it.
    pub(crate) fn may_concern(&self, ticker: &str, options: bool) -> bool {
        let may_be = match self.security {
            // The shares are counted in rows of their own.
            Security::Option => options,
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

/// The last four characters of an account's id.
pub(crate) fn masked(id: &str) -> String {
    let skip = id.chars().count().saturating_sub(4);
    format!("…{}", id.chars().skip(skip).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aries() -> Urls {
        Urls::at("https://api.aries.com").unwrap()
    }

    fn account(text: &str) -> Account {
        Account::read(Json::parse(text).unwrap(), &aries()).unwrap()
    }

    #[test]
    fn the_best_id_is_taken() {
        let both = account(
            r#"{"id":7,"sterling_account_id":"S7","trading_account_id":"AR4471002","is_sim":"true"}"#,
        );
        assert_eq!((both.id.as_str(), both.label().as_str()), ("AR4471002", "SIM …1002"));
        assert_eq!(account(r#"{"id":7}"#).id_field, "id");
        assert!(Account::read(Json::parse("{}").unwrap(), &aries()).is_none());
    }

    #[test]
    fn an_account_is_named_by_its_end_or_whole() {
        let one = account(r#"{"trading_account_id":"AR4471002"}"#);
        for name in ["1002", "…1002", "AR4471002", " 1002 "] {
            assert!(one.is_named(name), "{name}");
        }
        for name in ["002", "", "1003", "AR44"] {
            assert!(!one.is_named(name), "{name}");
        }
    }

    #[test]
    fn the_whole_id_and_the_open_account_are_meant() {
        let one = |id: &str, status: &str| {
            account(&format!(r#"{{"trading_account_id":"{id}","status":"{status}"}}"#))
        };
        let ids = |all: &[Account], name: &str| -> Vec<String> {
            named(all.to_vec(), name).into_iter().map(|account| account.id).collect()
        };
        let (open, closed, short) = (one("AR1002", "OPEN"), one("ZZ1002", "CLOSED"), one("1002", "CLOSED"));
        let both = [closed.clone(), open.clone()];
        assert_eq!(ids(&both, "1002"), ["AR1002"]);
        assert_eq!(ids(&both, "ZZ1002"), ["ZZ1002"]);
        assert_eq!(ids(&[closed], "…1002"), ["ZZ1002"]);
        assert_eq!(ids(&[open.clone(), short], "1002"), ["1002"]);
        assert_eq!(ids(&[open.clone(), one("YY1002", "OPEN")], "1002"), ["AR1002", "YY1002"]);
        assert_eq!(ids(&[open], "1003"), Vec::<String>::new());
    }

    #[test]
    fn positions_are_signed_read_or_unreadable() {
        let position = |text: &str| Position::read(Json::parse(text).unwrap());
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
            assert_eq!(!read.may_concern("F", false), shares, "{text}");
            assert_eq!(!read.may_concern("F", true), options, "{text}");
        }
        let parts = |changes: &str| {
            let text = r#"{"symbol":"F","securityType":"OPT","quantity":"2","putCall":"CALL","strikePrice":"12","maturity":"2027-01-15"#;
            position(&format!("{text}\"{changes}}}"))
        };
        let listed = Symbol::parse("F 2027-01-15 12 C").unwrap();
        for changes in ["", r#","putCall":"c","strikePrice":12.000"#, r#","symbol":"F270115C00012000""#] {
            assert!(parts(changes).is_of(&listed) && parts(changes).unreadable.is_none(), "{changes}");
            assert_eq!(parts(changes).symbol, "F270115C00012000", "{changes}");
        }
        for changes in [r#","putCall":"CAP""#, r#","strikePrice":"100000""#, r#","maturity":"soon""#] {
            assert!(parts(changes).may_concern("F", true) && !parts(changes).is_of(&listed), "{changes}");
        }
        assert!(!parts(r#","securityType":"CS""#).is_of(&listed));
        let share = Symbol::Stock("F".to_owned());
        assert!(!position(r#"{"symbol":"F","securityType":"OPT","quantity":"100"}"#).is_of(&share));
        let class = Symbol::Stock("BRK.B".to_owned());
        for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "brk.b"] {
            let text = format!(r#"{{"symbol":"{spelling}","securityType":"CS","quantity":"10"}}"#);
            assert!(position(&text).is_of(&class) && position(&text).unreadable.is_none(), "{spelling}");
        }
        let preferred = position(r#"{"symbol":"MS-I","securityType":"CS","quantity":"100"}"#);
        assert!(!preferred.is_of(&Symbol::Stock("MSI".to_owned())));
        let comp = position(r#"{"symbol":"COMP","securityType":"CS","quantity":"10"}"#);
        assert_eq!((comp.parsed, comp.unreadable), (Some(Symbol::Stock("COMP".to_owned())), None));
    }
}
