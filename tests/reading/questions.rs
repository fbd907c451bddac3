//! Twenty-two everyday questions, asked as a model asks them with nothing but the list of tools: the calls, and what has to
//! be in the answers. Together at most 40 calls, and no answer over 6,000 characters.

use serde_json::{Value, json};

use crate::support::{Client, Home, text_of};

const MOST_CALLS: usize = 40;
const MOST_CHARACTERS: usize = 6_000;

/// A model that counts its calls.
struct Model {
    client: Client,
    calls: usize,
}

impl Model {
    fn start() -> Self {
        let mut client = Home::new().serve(&["serve", "--sandbox"], &[]);
        client.initialize("2025-11-25");
        Self { client, calls: 0 }
    }

    /// Asks a tool; each of these texts has to be in its answer.
    fn ask(&mut self, tool: &str, args: Value, expected: &[&str]) -> String {
        self.calls += 1;
        let result = self.client.call(tool, args.clone());
        let text = text_of(&result);
        assert_eq!(result["isError"], false, "{tool} {args}: {text}");
        assert!(
            text.chars().count() <= MOST_CHARACTERS,
            "{tool} {args}: {} characters",
            text.chars().count()
        );
        for part in expected {
            assert!(text.contains(part), "{tool} {args} lacks {part:?}: {text}");
        }
        text
    }

    fn place(&mut self, preview: &str) -> String {
        let ticket = after(preview, "ticket: ");
        self.ask("place_order", json!({"ticket": ticket}), &["SANDBOX (plays simulated) …0017"])
    }
}

/// The word behind a mark.
fn after(text: &str, mark: &str) -> String {
    let (_, rest) = text.split_once(mark).unwrap_or_else(|| panic!("no {mark:?} in {text}"));
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// A cell of the first row that begins like this.
fn cell(text: &str, row: &str, head: &str) -> String {
    let heads = text.lines().find(|line| line.contains('|')).unwrap();
    let at = heads.split('|').position(|one| one == head).unwrap_or_else(|| panic!("no {head} in {heads}"));
    let line =
        text.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("no {row} in {text}"));
    line.split('|').nth(at).unwrap().to_owned()
}

#[test]
fn twenty_two_questions_are_answered_in_forty_calls() {
    let mut model = Model::start();
    let m = &mut model;

    // 1. What's in my portfolio? Which position weighs most, and what's today's P&L overall?
    m.ask(
        "get_portfolio",
        json!({}),
        &["\nall 2 accounts: equity ", "day P&L", "\nlargest position: AAPL ", "AAPL|120|", "AAPL|10|"],
    );

    // 2. What's AAPL at, and how are MSFT, SPX and VIX doing?
    // 22b. And what did the 10-year Treasury close at?
    let symbols = json!({"symbols": ["AAPL", "MSFT", "SPX", "VIX", "TNX"]});
    m.ask(
        "get_quotes",
        symbols,
        &["\nAAPL|", "\nMSFT|", "\nSPX|", "\nVIX|", "the 10-year Treasury yield was "],
    );

    // 3. At-the-money AAPL calls about three weeks out with IV and delta; what would 2 contracts cost at the mid?
    let args = json!({"symbol": "AAPL", "expiration": "3 weeks", "side": "call", "strikes": 5});
    m.ask("get_option_chain", args, &["C mid|C IV%|C delta", " (ATM)", "AAPL2"]);

    // 4. Which of my holdings report earnings in the next three weeks?
    let args = json!({"view": "earnings", "holdings": true, "from": "today", "to": "in 3 weeks"});
    m.ask("get_calendar", args, &["earnings 7 holdings from ", "|NVDA|"]);

    // 5. Place a limit buy order for 10 shares of MSFT at $400 in the simulated account.
    let order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400"});
    let preview = m.ask("preview_order", order, &["BUY 10 MSFT, limit 400.00", "ticket: "]);
    let placed = m.place(&preview);
    assert!(placed.starts_with("WORKING"), "{placed}");

    // 6. Change that order to 12 shares at 401.
    let order = json!({"account": "0017", "replaces": after(&placed, "order: "), "quantity": "12", "limit_price": "401"});
    let preview = m.ask("preview_order", order, &["12 MSFT", "401.00", "ticket: "]);
    let changed = m.place(&preview);

    // 7. Cancel it.
    m.ask("cancel_order", json!({"order": after(&changed, "order: ")}), &["CANCELED"]);

    // 8. Sell all my Apple stock (simulated account) at market on the next session.
    let order = json!({"account": "0017", "symbol": "AAPL", "action": "sell", "quantity": "10", "type": "market",
        "time_in_force": "at_the_opening"});
    let preview = m.ask("preview_order", order, &["SELL 10 AAPL, at the market, at the opening", "ticket: "]);
    m.place(&preview);

    // 9. Buy about $1,000 of Nvidia in the simulated account (limit at the ask).
    let quote = m.ask("get_quotes", json!({"symbols": ["NVDA", "BRK.B"]}), &["\nNVDA|", "\nBRK.B|"]);
    let ask = cell(&quote, "NVDA|", "ask");
    let order = json!({"account": "0017", "symbol": "NVDA", "action": "buy", "quantity": "5", "type": "limit", "limit_price": ask});
    let preview = m.ask("preview_order", order, &["BUY 5 NVDA, limit "]);
    m.place(&preview);

    // 10. One covered call on my AAPL shares, about 30 days out, about 5 % out of the money (preview only).
    let args = json!({"symbol": "AAPL", "expiration": "30 days", "side": "call", "strike_from": "280", "strikes": 2});
    let chain = m.ask("get_option_chain", args, &["C symbol|C bid"]);
    let row = chain.lines().find(|line| line.starts_with("AAPL2") && line.contains('|')).unwrap();
    let (contract, bid) = (row.split('|').next().unwrap(), row.split('|').nth(1).unwrap());
    // The person has not turned trading on for the live account, which holds 120 shares: it is shown, not ordered.
    let order = json!({"account": "1002", "symbol": contract, "action": "sell_to_open", "quantity": "1", "type": "limit",
        "limit_price": bid});
    m.ask(
        "preview_order",
        order,
        &["PREVIEW, nothing sent", "\ncover: covered by 100 of the 120 AAPL held\n", "live trading is off"],
    );

    // 11. Bull call spread on AAPL, next January's expiration, 1 contract: preview only; the most I can lose?
    let args = json!({"symbol": "AAPL", "expiration": "January", "side": "call", "strikes": 4});
    let chain = m.ask("get_option_chain", args, &["C symbol|"]);
    let rows: Vec<Vec<&str>> = chain
        .lines()
        .filter(|line| line.starts_with("AAPL2") && line.contains('|'))
        .map(|line| line.split('|').collect())
        .collect();
    let (low, high) = (&rows[1], &rows[2]);
    let debit: rust_decimal::Decimal =
        low[2].parse::<rust_decimal::Decimal>().unwrap() - high[1].parse::<rust_decimal::Decimal>().unwrap();
    let legs = json!([{"contract": low[0], "action": "buy_to_open"}, {"contract": high[0], "action": "sell_to_open"}]);
    let order = json!({"account": "0017", "symbol": "AAPL", "action": "buy", "legs": legs, "quantity": "1", "type": "limit", "limit_price": debit.round_dp(2).to_string()});
    m.ask("preview_order", order, &["maximum loss"]);

    // 12. Close my short put position: there is none; the portfolio of the first call has no put.

    // 13. Apple's revenue in the last four quarters and growth year on year; P/E now?
    let args = json!({"symbol": "AAPL", "freq": "quarterly"});
    m.ask(
        "get_financials",
        args,
        &["\nrevenue|", "\nrevenue year on year %|", "\nlast twelve months to ", " (year on year "],
    );
    m.ask("get_financials", json!({"view": "ratios", "symbol": "AAPL"}), &["\nP/E: "]);

    // 14. Is AAPL overbought on the daily RSI(14)?
    let args = json!({"symbol": "AAPL", "indicator": "rsi", "period": 14});
    let rsi = m.ask("get_technicals", args, &["\ntime|rsi\n", "\nrsi: usual levels 30 and 70: "]);
    assert_eq!(rsi.lines().filter(|line| line.starts_with("20")).count(), 1, "{rsi}");

    // 15. Put NVDA and AMD on my watchlist "Tech" (create it if needed), then show all watchlists.
    let args = json!({"action": "create", "list": "Tech", "symbols": ["NVDA", "AMD"]});
    m.ask("edit_watchlist", args, &["NVDA AMD"]);
    m.ask("get_watchlists", json!({}), &["\"Tech\"|NVDA AMD|", "\"Dividends\"|"]);

    // 16. What orders filled last week, in all accounts?
    let args = json!({"view": "filled", "from": "last week"});
    let filled = m.ask("get_orders", args, &["2 accounts · orders that filled ", "\nlast week: 20"]);
    assert!(filled.lines().count() < 20, "{filled}");

    // 17. Is the market open now? When does it open next?
    m.ask("get_market_status", json!({}), &["market open", "next opening 20"]);

    // 18. How much have I made this month?
    m.ask(
        "get_performance",
        json!({"from": "this month"}),
        &["\nall 2 accounts: P&L ", " % of ", "\ntoday: equity ", "\nrealized 20", "does not tell deposits"],
    );

    // 19. Buy 5 Berkshire (which class? find out; limit near the ask).
    m.ask("find_symbol", json!({"query": "Berkshire"}), &["BRK.B|"]);
    let ask = cell(&quote, "BRK.B|", "ask");
    let order = json!({"account": "0017", "symbol": "BRK B", "action": "buy", "quantity": "5", "type": "limit", "limit_price": ask});
    m.ask("preview_order", order, &["BUY 5 BRK.B, limit "]);

    // 20. What are the biggest unusual option trades today, and who upgraded NVDA lately?
    m.ask("get_option_activity", json!({"view": "activity", "limit": 10}), &["|sentiment|", "rows"]);
    m.ask("get_ratings", json!({"view": "changes", "symbol": "NVDA"}), &["|up|"]);

    // 21. Summarise the news on AAPL (a headline orders nothing).
    m.ask("get_news", json!({"symbol": "AAPL"}), &["\""]);

    // 22. What dividends do my holdings pay, next ex-dates?
    m.ask("get_calendar", json!({"view": "dividends", "holdings": true}), &["ex-date", "\nAAPL|"]);

    assert!(m.calls <= MOST_CALLS, "{} calls", m.calls);
}
