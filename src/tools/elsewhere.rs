//! What people ask for by a symbol or a name and Aries answers in another place, or not at all: said where they look.

use serde_json::json;

use super::Call;
use super::cell::cell;
use super::format::few;
use super::shape::Unit;
use crate::aries::endpoints::TREASURY_YIELDS;
use crate::aries::symbols::plain;
use crate::error::Result;
use crate::text::clean;

/// What is asked for, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// A Treasury yield: its maturity, and its member in Aries' answer.
    Yield(&'static str, &'static str),
    Crypto,
    Currency,
}

/// Maturities of Treasury yields, with the symbols that others give them.
const YIELDS: [(&str, &str, &[&str]); 6] = [
    ("3-month", "yield3Month", &["IRX", "US3M", "UST3M"]),
    ("2-year", "yield2Year", &["US2Y", "UST2Y", "DGS2", "2YY"]),
    ("5-year", "yield5Year", &["FVX", "US5Y", "UST5Y", "DGS5"]),
    ("10-year", "yield10Year", &["TNX", "US10Y", "UST10Y", "DGS10", "10Y"]),
    ("20-year", "yield20Year", &["US20Y", "UST20Y", "DGS20"]),
    ("30-year", "yield30Year", &["TYX", "US30Y", "UST30Y", "DGS30"]),
];
const COINS: [&str; 8] = ["BTC", "ETH", "XBT", "DOGE", "LTC", "XRP", "ADA", "SOL"];
const CURRENCIES: [&str; 8] = ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY"];

/// Words in which a person asks for the yield of Treasury securities.
const OF_YIELDS: [&str; 8] =
    ["treasury", "treasuries", "yield", "yields", "rate", "rates", "t-bill", "t-bills"];
/// Where the yields are, whichever tools are listed.
pub(super) const YIELDS_ARE: &str =
    "get_economy has the yields of all maturities; where it is not listed, toolset research adds it";

/// Whether a text asks for a yield or an interest rate.
pub(super) fn is_of_yields(text: &str) -> bool {
    text.to_lowercase().split_whitespace().any(|word| OF_YIELDS.contains(&word))
}

/// What a tool for shares says of a `symbol` that is none of them.
pub(super) fn remark(symbol: &str) -> Option<String> {
    let name = clean(symbol, 24);
    Some(match Elsewhere::of(symbol)? {
        Elsewhere::Yield(maturity, _) => format!("{name} is the {maturity} Treasury yield; {YIELDS_ARE}"),
        Elsewhere::Crypto => format!("{name}: {NO_COINS}"),
        Elsewhere::Currency => format!("{name}: {NO_CURRENCIES}"),
    })
}

const NO_COINS: &str = "Aries offers no prices of coins; funds that hold them have tickers";
const NO_CURRENCIES: &str = "Aries offers no exchange rates";

impl Elsewhere {
    /// What a symbol stands for in other programs: `^TNX`, `US10Y`, `BTC-USD`, `EURUSD`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let upper = plain(text)?;
        let bare = upper.trim_start_matches(['^', '$']);
        if let Some((maturity, member, _)) = YIELDS.iter().find(|(.., names)| names.contains(&bare)) {
            return Some(Self::Yield(maturity, member));
        }
        let pair: String = bare.trim_end_matches("=X").chars().filter(char::is_ascii_alphabetic).collect();
        let (first, second) = pair.split_at_checked(pair.len().checked_sub(3)?)?;
        match CURRENCIES.contains(&second) {
            true if COINS.contains(&first) => Some(Self::Crypto),
            true if CURRENCIES.contains(&first) => Some(Self::Currency),
            _ => None,
        }
    }

    /// What is to be said of it, where what is asked for stands in front.
    async fn about(self, call: &Call) -> String {
        match self {
            Self::Yield(maturity, member) => match newest(call, member).await {
                Ok(Some((day, percent))) => {
                    format!("no price; the {maturity} Treasury yield was {percent} % on {day}")
                }
                Ok(None) => "no price, since it is a Treasury yield".to_owned(),
                Err(error) => format!("no price, since it is a Treasury yield ({})", error.cause),
            },
            Self::Crypto => NO_COINS.to_owned(),
            Self::Currency => NO_CURRENCIES.to_owned(),
        }
    }
}

/// Says where each of them is, of a yield also what it is now: a line for all symbols of one thing.
pub(super) async fn words(call: &Call, asked: Vec<(Elsewhere, &str)>) -> Vec<String> {
    let mut kinds: Vec<(Elsewhere, Vec<String>)> = Vec::new();
    for (kind, symbol) in asked {
        let symbol = clean(symbol, 24);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, symbols)) => symbols.push(symbol),
            None => kinds.push((kind, vec![symbol])),
        }
    }
    let mut lines = Vec::new();
    for (kind, symbols) in &kinds {
        lines.push(format!("{}: {}", few(symbols, 8), kind.about(call).await));
    }
    if kinds.iter().any(|(kind, _)| matches!(kind, Elsewhere::Yield(..))) {
        lines.push(YIELDS_ARE.to_owned());
    }
    lines
}

async fn newest(call: &Call, member: &str) -> Result<Option<(String, String)>> {
    let mut request = TREASURY_YIELDS.with([("from", json!("14 days ago"))])?;
    request.query.push(("limit", "1".to_owned()));
    let reply = call.aries.read_if_granted(&request).await?;
    let rows = reply.rows(TREASURY_YIELDS.rows, &["date"])?;
    let newest = rows.first().copied();
    Ok(newest.and_then(|row| Some((cell(row, "date", Unit::Date)?, cell(row, member, Unit::Percent)?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_asked_for_in_words() {
        for text in ["10 year treasury", "Treasury yields", "fed funds rate"] {
            assert!(is_of_yields(text), "{text}");
        }
        for text in ["Qwertz", "Corporate", "Strategy", ""] {
            assert!(!is_of_yields(text), "{text}");
        }
    }

    #[test]
    fn symbols_of_other_programs_are_known() {
        for text in ["TNX", "^TNX", "us10y", "$TNX"] {
            assert_eq!(Elsewhere::of(text), Some(Elsewhere::Yield("10-year", "yield10Year")), "{text}");
        }
        for text in ["BTC-USD", "BTCUSD", "eth/usd"] {
            assert_eq!(Elsewhere::of(text), Some(Elsewhere::Crypto), "{text}");
        }
        for text in ["EURUSD=X", "EUR/USD", "USDJPY"] {
            assert_eq!(Elsewhere::of(text), Some(Elsewhere::Currency), "{text}");
        }
        for text in ["AAPL", "BRK.B", "SPX", "ETH", "USD", "../x", "", "LUSD", "ſTNX"] {
            assert_eq!(Elsewhere::of(text), None, "{text}");
        }
    }
}
