//! What people ask for by a symbol or a name and Aries answers in another place, or not at all: said where they look.

use serde_json::json;

use super::Call;
use super::cell::cell;
use super::shape::Unit;
use crate::aries::endpoints::TREASURY_YIELDS;
use crate::error::Result;

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

impl Elsewhere {
    /// What a symbol stands for in other programs: `^TNX`, `US10Y`, `BTC-USD`, `EURUSD`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let upper = text.trim().to_uppercase();
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

    /// Says where it is; of a yield also what it is now.
    pub(super) async fn words(self, call: &Call, asked: &str) -> String {
        let asked = crate::text::clean(asked, 24);
        let place = "get_economy has the yields of all maturities (toolset research, off by default)";
        match self {
            Self::Yield(maturity, member) => match newest(call, member).await {
                Ok(Some((day, percent))) => {
                    format!(
                        "{asked}: no price; the {maturity} Treasury yield was {percent} % on {day}; {place}"
                    )
                }
                Ok(None) => format!("{asked}: no price, since it is a Treasury yield; {place}"),
                Err(error) => {
                    format!("{asked}: no price, since it is a Treasury yield ({}); {place}", error.cause)
                }
            },
            Self::Crypto => {
                format!("{asked}: Aries offers no prices of coins; funds that hold them have tickers")
            }
            Self::Currency => format!("{asked}: Aries offers no exchange rates"),
        }
    }
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
