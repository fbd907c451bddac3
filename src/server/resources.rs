//! Resources that a model may read: pages of fixed text, and what the person allows of trading.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::text::clean;
use crate::trade::OrderService;

/// What the person allows of trading, and what today has used of it: it changes with every order, and no tool changes it.
pub(super) const LIMITS: &str = "aries://trading/limits";

struct Page {
    uri: &'static str,
    name: &'static str,
    title: &'static str,
    about: &'static str,
    text: &'static str,
}

const PAGES: &[Page] = &[
    Page {
        uri: "aries://reference/symbols",
        name: "symbols",
        title: "Symbol formats",
        about: "How stocks, options, indices and futures are written",
        text: "\
Stock or fund: AAPL, BRK.B (AAPL.US means AAPL).
Option: OSI, root + YYMMDD + C or P + strike times 1000 in eight digits: AAPL261218C00200000.
  The same contract in words: AAPL 2026-12-18 200 C. O:AAPL261218C00200000 is understood too.
  A digit at the end of the root (AAPL1) marks an adjusted contract: it does not deliver 100 ordinary shares.
Index: SPX, COMP, DJI, NDX, VIX, RUT, NYA, OEX, MID, SML; ^SPX and SPX.IND_CBOM mean the same.
  In an order a bare word is always a ticker: COMP and MID are shares there.
Future: /ES (bars only).
The program writes each in the form that the endpoint wants and says what it asked.
Dates: 2026-12-18, today, tomorrow, yesterday, 90 days ago, in 3 days. Ranges: this week, next week, last month, 2026-12.
Bars: 1m 5m 15m 30m 1h 1d 1w 1mo (1m is a minute, 1mo a month).
An unknown name: find_symbol.",
    },
    Page {
        uri: "aries://reference/orders",
        name: "orders",
        title: "Order types and times in force",
        about: "What each order type needs, and how long an order lives",
        text: "\
Types: MARKET (no price), LIMIT (price), STOP (stop price), STOP_LIMIT (both).
A sell stop triggers at or below its stop price, a buy stop at or above it.
Not documented by Aries: trailing stops, brackets, OCO, conditional orders.
Times in force: DAY, GTC, IOC, FOK, EXTENDED_HOURS, AT_THE_OPENING, AT_THE_CLOSE. Options: DAY or GTC only.
Sides of stock: BUY, SELL, SELL_SHORT, BUY_TO_COVER. Options: BUY or SELL with OPEN or CLOSE.
Options: the price is per share of the contract, so times 100 for an ordinary contract. Up to 4 legs; the price of a
spread is its net debit or credit.
Statuses that never change again: FILLED, CANCELED, REJECTED, EXPIRED, REPLACED, SUPERSEDED. Anything else may still change.
An accepted order is no fill; a replaced order has a new id.",
    },
];

pub(super) fn listed(orders: Option<&OrderService>) -> Vec<Resource> {
    let limits = orders.map(|_| {
        Resource::new(LIMITS, "trading_limits")
            .with_title("Trading limits")
            .with_description(
                "What the person allows of trading, and what today has used of it. Only the person changes it.",
            )
            .with_mime_type("application/json")
    });
    let page = |page: &Page| {
        Resource::new(page.uri, page.name)
            .with_title(page.title)
            .with_description(page.about)
            .with_mime_type("text/plain")
            .with_size(page.text.len() as u64)
    };
    PAGES.iter().map(page).chain(limits).collect()
}

pub(super) async fn read(uri: &str, orders: Option<&OrderService>) -> Result<ReadResourceResult, ErrorData> {
    let contents = match (PAGES.iter().find(|page| page.uri == uri), orders) {
        (Some(page), _) => ResourceContents::text(page.text, uri).with_mime_type("text/plain"),
        (None, Some(orders)) if uri == LIMITS => {
            let allowed = orders.allowed().await;
            let allowed = allowed.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
            let text = serde_json::to_string_pretty(&allowed).expect("limits are JSON");
            ResourceContents::text(text, uri).with_mime_type("application/json")
        }
        _ => {
            let cause = format!("there is no resource {:?} in this session", clean(uri, 80));
            return Err(ErrorData::resource_not_found(cause, None));
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::symbols::Symbol;

    #[tokio::test]
    async fn the_symbols_shown_are_understood() {
        for text in [
            "AAPL.US",
            "BRK.B",
            "AAPL261218C00200000",
            "AAPL 2026-12-18 200 C",
            "^SPX",
            "SPX.IND_CBOM",
            "/ES",
        ] {
            assert!(PAGES[0].text.contains(text) && Symbol::parse(text).is_ok(), "{text}");
        }
        assert!(read("aries://reference/symbols", None).await.is_ok());
        assert!(read("file:///etc/passwd", None).await.is_err());
    }
}
