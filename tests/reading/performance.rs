//! What was made: today, and by the fills of a period. What filled is one call of few rows.

use serde_json::{Value, json};

use crate::support::{Aries, Client, Home, READING, pairs};

const HISTORY: &str = "/v2/accounts/AR4471002/orders/history";

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    (aries, client)
}

/// An order for shares that filled so many days ago.
fn filled(id: &str, days: i64, side: &str, quantity: &str, price: &str) -> Value {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    json!({"clOrdId": id, "symbol": "AAPL", "securityType": "EQUITY", "side": side, "type": "LIMIT", "timeInForce": "GTC",
        "ordStatus": "FILLED", "qty": quantity, "cumQty": quantity, "leavesQty": "0", "avgPrice": price,
        "createdAt": (at - jiff::SignedDuration::from_hours(48)).to_string(), "updatedAt": at.to_string()})
}

/// Aries answers every question for the history with these orders.
fn history(aries: &Aries, orders: Value) {
    let body = json!({"orders": orders, "nextCursor": 0}).to_string();
    aries.faults(json!([{"path": HISTORY, "fault": "body", "body": body, "times": 9}]));
}

#[test]
fn profit_of_what_was_bought_before_is_unknown_and_not_zero() {
    let (aries, mut client) = start();
    let orders = [filled("s1", 2, "SELL", "15", "110"), filled("b1", 4, "BUY", "10", "100")];
    // Both parts of the history hold both orders: each counts once.
    history(&aries, json!(orders));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|10|100.00|15|110.00|100.00|5\n"), "{text}");
    assert!(text.contains("100.00 without what was closed of 1 symbol: it was opened before"), "{text}");
    assert!(text.contains("2 fills of orders, before fees, first in, first out"), "{text}");
    assert!(text.contains("does not tell deposits"), "{text}");
    assert!(text.contains("may be after fees; profit by fills is before them\n"), "{text}");
}

#[test]
fn a_sale_before_the_period_is_not_in_it() {
    let (aries, mut client) = start();
    let orders = [
        filled("s2", 1, "SELL", "5", "130"),
        filled("s1", 20, "SELL", "5", "90"),
        filled("b1", 30, "BUY", "10", "100"),
    ];
    history(&aries, json!(orders));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|—|—|5|130.00|150.00|—\n"), "{text}");
    assert!(text.contains(": 150.00 · 1 fill of orders"), "{text}");
}

#[test]
fn today_is_the_change_since_the_start_of_the_day() {
    let (aries, mut client) = start();
    let balance = json!({"balance": "1010.00", "sodTtlEquity": "1000.00", "sodTtlEquityUpdatedAt": "2026-11-20T09:00:00Z",
        "dayTotalPnl": "10.00", "dayOpenPnl": "7.50", "dayRealizedPnl": "2.50"});
    let positions = json!({"positions": [{"symbol": "KO", "securityType": "EQUITY", "quantity": "1", "todayRealizedPnL": "2.50"}]});
    aries.faults(json!([
        {"path": "/v2/accounts/AR4471002/balance", "fault": "body", "body": balance.to_string()},
        {"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": positions.to_string()},
    ]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    let today = "today: equity 1010.00 · at the start of the day 1000.00 (2026-11-20 04:00:00) · change 10.00 (1.00 %) · \
                 day P&L 10.00 (open 7.50, realized 2.50)";
    assert!(text.contains(today), "{text}");
    assert!(text.contains("\nrealized today by position: KO 2.50\n"), "{text}");
}

#[test]
fn what_is_no_longer_held_realized_something_too() {
    let (aries, mut client) = start();
    let balance = json!({"balance": "1010.00", "sodTtlEquity": "1000.00", "dayTotalPnl": "10.00", "dayRealizedPnl": "9.50"});
    let positions = |row: Value| json!({"positions": [row]}).to_string();
    let held = json!({"symbol": "KO", "securityType": "EQUITY", "quantity": "1", "todayRealizedPnL": "2.50"});
    let told = |aries: &Aries, row: Value| {
        aries.faults(json!([
            {"path": "/v2/accounts/AR4471002/balance", "fault": "body", "body": balance.to_string()},
            {"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": positions(row)},
        ]));
    };
    told(&aries, held);
    let text = client.text("get_performance", json!({"account": "1002"}));
    assert!(
        text.contains("\nrealized today by position: KO 2.50, of what is not held any more 7.00\n"),
        "{text}"
    );
    told(&aries, json!({"symbol": "KO", "securityType": "EQUITY", "quantity": "1"}));
    let text = client.text("get_performance", json!({"account": "1002"}));
    assert!(text.contains("\nrealized today by position: of what is not held any more 9.50\n"), "{text}");
    let missing = json!({"positions": [], "availability": {"available": false}}).to_string();
    aries.faults(json!([{"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": missing}]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    assert!(
        text.contains("\npositions: not available from Aries right now (this does not mean none)\n"),
        "{text}"
    );
}

#[test]
fn todays_figures_bear_the_name_of_the_last_session_while_the_market_is_closed() {
    let (aries, mut client) = start();
    let closed = json!({"exchange": "US", "isOpen": false, "session": null}).to_string();
    aries.faults(json!([{"path": "/v1/market/status", "fault": "body", "body": closed}]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let line = text.lines().find(|line| line.contains(": equity ")).unwrap();
    let is_named = days.iter().any(|day| line.starts_with(&format!("{day} 20")));
    assert!(
        is_named && line.contains(" (the market is closed): equity ") || line.starts_with("today: "),
        "{text}"
    );
}

#[test]
fn an_order_that_was_replaced_counts_once_and_profit_before_it_is_known() {
    let (aries, mut client) = start();
    let mut old = filled("old", 3, "BUY", "4", "100");
    old["ordStatus"] = json!("REPLACED");
    let mut new = filled("new", 2, "BUY", "10", "102");
    new["origClOrdId"] = json!("old");
    history(&aries, json!([filled("s", 1, "SELL", "10", "110"), new, old]));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|10|102.00|10|110.00|80.00|—\n"), "{text}");
    // What was cancelled after a part had filled counts with that part.
    let (aries, mut client) = start();
    let mut part = filled("part", 2, "BUY", "4", "100");
    (part["ordStatus"], part["qty"]) = (json!("CANCELED"), json!("10"));
    history(&aries, json!([filled("s", 1, "SELL", "4", "110"), part]));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|4|100.00|4|110.00|40.00|—\n"), "{text}");
}

#[test]
fn a_month_begins_and_ends_at_new_yorks_midnight() {
    let (aries, mut client) = start();
    let sale = |id: &str, at: &str| {
        let mut order = filled(id, 1, "SELL", "1", "10");
        (order["createdAt"], order["updatedAt"]) = (json!(at), json!(at));
        order
    };
    // In September and October New York is four hours behind.
    let sales = [
        sale("a", "2026-09-01T03:59:59Z"),
        sale("b", "2026-09-01T04:00:00Z"),
        sale("c", "2026-10-01T03:59:59.9Z"),
        sale("d", "2026-10-01T04:00:00Z"),
    ];
    history(&aries, json!(sales));
    let text = client.text("get_performance", json!({"account": "1002", "from": "2026-09"}));
    assert!(text.contains("\nAAPL|—|—|2|10.00|—|2\n") && text.contains(" · 2 fills of orders"), "{text}");
}

#[test]
fn what_was_traded_in_practice_is_told_alike_everywhere() {
    let (aries, mut client) = start();
    let order = |symbol: &str, side: &str, quantity: &str| {
        let token = aries.issue(&crate::support::trading()).access_token;
        let order = json!({"tradingAccountId": "AR4471002", "symbol": symbol, "side": side, "type": "MARKET", "qty": quantity,
            "timeInForce": "DAY"});
        assert_eq!(aries.http("POST", "/v1/orders", Some(&token), Some(order))["success"], true);
    };
    order("AMZN", "BUY", "10");
    order("AMZN", "SELL", "10");
    order("AAPL", "SELL", "10");
    let text = client.text("get_performance", json!({"account": "1002", "from": "today"}));
    let after = |text: &str, begin: &str| -> f64 {
        let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{begin}: {text}"));
        let figure = rest.split([' ', ',', ')', '\n']).next().unwrap();
        figure.parse().unwrap_or_else(|_| panic!("{begin}: {text}"))
    };
    let realized = after(&text, ", realized ");
    let by_fills = text.lines().find(|line| line.starts_with("realized 20")).unwrap();
    assert!(
        (realized - after(by_fills, ": ")).abs() < 0.02 && by_fills.contains(" · 3 fills of orders"),
        "{text}"
    );
    let parts =
        after(&text, "realized today by position: AAPL ") + after(&text, "of what is not held any more ");
    assert!((realized - parts).abs() < 0.02, "{text}");
}

#[test]
fn the_curve_is_a_running_total_since_a_day_and_ends_with_the_profit_of_today() {
    let (_aries, mut client) = start();
    for (args, unit) in [
        (json!({"account": "1002", "from": "10 days ago"}), "day"),
        (json!({"account": "1002", "from": "today", "to": "today"}), "hour"),
        (json!({"account": "1002", "from": "200 days ago"}), "month"),
    ] {
        let without = client.text("get_performance", args.clone());
        assert!(
            !without.contains("that total at the end") && without.contains("`fields`: [\"curve\"] adds"),
            "{without}"
        );
        let mut args = args;
        args["fields"] = json!(["curve"]);
        let text = client.text("get_performance", args);
        let (before, rest) = text
            .split_once(&format!("\nthat total at the end of each {unit}: "))
            .unwrap_or_else(|| panic!("{text}"));
        assert!(!text.contains("socket"), "{text}");
        let (_, total) = before.split_once(", realized or not: ").unwrap_or_else(|| panic!("{text}"));
        assert!(
            total.contains(" % of ")
                && text.contains("\npercent of the equity at the beginning, as far as nothing"),
            "{text}"
        );
        let total = total.split_whitespace().next().unwrap();
        let points: Vec<f64> = rest
            .lines()
            .next()
            .unwrap()
            .split(", ")
            .map(|point| point.rsplit(' ').next().unwrap().parse().unwrap())
            .collect();
        let total: f64 = total.parse().unwrap();
        assert!((points.last().unwrap() - total).abs() < 0.001, "{text}");
    }
}

#[test]
fn all_accounts_together_have_a_total_and_its_share_of_the_equity_at_the_beginning() {
    let (_aries, mut client) = start();
    let text = client.text("get_performance", json!({"from": "this month"}));
    let figure = |line: &str, begin: &str| -> f64 {
        let (_, rest) = line.split_once(begin).unwrap_or_else(|| panic!("{begin}: {text}"));
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    let own: f64 = text
        .lines()
        .filter(|line| line.starts_with("P&L 20"))
        .map(|line| figure(line, "realized or not: "))
        .sum();
    let all =
        text.lines().find(|line| line.starts_with("all 2 accounts: ")).unwrap_or_else(|| panic!("{text}"));
    assert!((figure(all, "P&L ") - own).abs() < 0.001, "{text}");
    assert!(
        all.contains(" % of ") && all.contains(" · realized by fills ") && all.contains(" · day P&L "),
        "{text}"
    );
    assert!(text.chars().count() < 3_000, "{text}");
    let over = client.text("get_performance", json!({"from": "last month"}));
    assert!(over.contains("in percent not known: Aries does not tell the equity at the beginning"), "{over}");
    assert!(over.contains("\nlast month: 20"), "{over}");
}

#[test]
fn without_the_account_socket_one_line_says_why() {
    let (aries, mut client) = start();
    aries.http("POST", "/sandbox/options", None, Some(json!({"socket_refuse": true})));
    let text = client.text("get_performance", json!({"account": "1002"}));
    let line = text.lines().find(|line| line.starts_with("P&L 20")).unwrap_or_else(|| panic!("{text}"));
    let why = ", realized or not: not available: Aries tells it on its account socket alone, and ";
    assert!(line.contains(why), "{line}");
    assert!(text.contains("today: equity 1"), "{text}");
}

#[test]
fn a_part_that_fails_leaves_the_rest() {
    let (aries, mut client) = start();
    aries.faults(json!([{"path": HISTORY, "fault": "status", "status": 400, "times": 9}]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    assert!(text.contains("today: equity 1") && text.contains("order history: not available"), "{text}");
}

#[test]
fn what_filled_in_a_period_is_shown_by_the_time_of_the_fill() {
    let (aries, mut client) = start();
    let mut open = filled("o1", 1, "BUY", "5", "90");
    open["cumQty"] = json!("0");
    // Made before the period, filled within it.
    let orders = [
        open,
        filled("f1", 1, "SELL", "5", "130"),
        filled("f2", 8, "BUY", "5", "100"),
        filled("f1", 1, "SELL", "5", "130"),
    ];
    history(&aries, json!(orders));
    let args = json!({"account": "1002", "view": "filled", "from": "2 days ago"});
    let text = client.text("get_orders", args);
    assert!(text.contains("…1002: 1 order\nfilled at|side|filled|of|symbol|average|status|id\n"), "{text}");
    assert!(text.contains("|SELL|5|5|AAPL|130.00|FILLED|f1\n2 days ago: 20"), "{text}");
}

#[test]
fn a_list_goes_on_after_the_last_order_shown_and_ends_where_the_cursor_does_not_move() {
    let (aries, mut client) = start();
    let orders: Vec<Value> =
        (0..5).map(|number| filled(&format!("id{number}"), 1, "BUY", "1", "10")).collect();
    // Whatever the cursor, the same page comes with the same cursor.
    let body = json!({"orders": orders, "nextCursor": 7}).to_string();
    aries.faults(json!([{"path": HISTORY, "fault": "body", "body": body, "times": 99}]));
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = None;
    for _ in 0..9 {
        let args =
            json!({"account": "1002", "view": "filled", "from": "3 days ago", "limit": 2, "cursor": cursor});
        let text = client.text("get_orders", args);
        let rows = text.lines().filter(|line| line.contains("|FILLED|"));
        seen.extend(rows.map(|line| line.rsplit('|').next().unwrap().to_owned()));
        let Some((_, next)) = text.split_once("cursor \"") else { break };
        cursor = Some(next.split('"').next().unwrap().to_owned());
    }
    assert_eq!(seen, ["id0", "id1", "id2", "id3", "id4"]);
}

/// Pages with nothing on them are passed, and those that come again at the end bring nothing that was shown.
#[test]
fn every_order_is_shown_once_over_all_pages() {
    for view in ["filled", "history"] {
        let (aries, mut client) = start();
        let page = |numbers: std::ops::Range<usize>, next: i64| {
            let orders = numbers.map(|number| filled(&format!("id{number}"), 1, "BUY", "1", "10"));
            let body = json!({"orders": orders.collect::<Vec<_>>(), "nextCursor": next});
            json!({"path": HISTORY, "fault": "body", "body": body.to_string()})
        };
        // At its end Aries begins anew, whatever is asked.
        let pages = [
            page(0..0, 50),
            page(0..3, 100),
            page(0..0, 150),
            page(3..6, 200),
            page(0..3, 250),
            page(3..6, 300),
        ];
        aries.faults(json!(pages));
        let (mut seen, mut cursor, mut last) = (Vec::new(), None, String::new());
        for _ in 0..6 {
            last = client
                .text("get_orders", json!({"account": "1002", "view": view, "limit": 3, "cursor": cursor}));
            let rows = last.lines().filter(|line| line.contains("|FILLED|"));
            seen.extend(rows.map(|line| line.rsplit('|').next().unwrap().to_owned()));
            let Some((_, next)) = last.split_once("cursor \"") else { break };
            cursor = Some(next.split('"').next().unwrap().to_owned());
        }
        assert_eq!(seen, ["id0", "id1", "id2", "id3", "id4", "id5"], "{view}");
        assert!(last.contains("goes on without bringing more"), "{view}: {last}");
    }
}

#[test]
fn a_week_in_words_is_told_in_days_and_what_filled_later_is_counted() {
    let (aries, mut client) = start();
    history(&aries, json!([filled("new", 0, "SELL", "1", "10"), filled("old", 8, "BUY", "1", "10")]));
    let args = json!({"account": "1002", "view": "filled", "from": "10 days ago", "to": "7 days ago"});
    let text = client.text("get_orders", args);
    assert!(text.contains("|old") && !text.contains("|new"), "{text}");
    assert!(text.contains("\n1 order that filled after the period not shown\n"), "{text}");
    assert!(text.contains("\n10 days ago: 20") && text.contains("\n7 days ago: 20"), "{text}");
    let text = client.text("get_orders", json!({"account": "1002", "view": "filled", "from": "last week"}));
    let (_, week) = text.split_once("\nlast week: ").unwrap_or_else(|| panic!("{text}"));
    let (first, last) = week.split_once(" to ").unwrap();
    let [first, last] = [first, last].map(|day| day.parse::<jiff::civil::Date>().unwrap().weekday());
    assert_eq!([first, last], [jiff::civil::Weekday::Sunday, jiff::civil::Weekday::Saturday]);
    assert!(text.starts_with("SANDBOX") && text.contains(&format!("orders that filled {week}")), "{text}");
}

#[test]
fn a_replacement_names_the_order_that_it_replaced() {
    let (aries, mut client) = start();
    let mut order = filled("new-1", 1, "BUY", "1", "10");
    order["origClOrdId"] = json!("old-1");
    history(&aries, json!([order]));
    let text = client.text("get_orders", json!({"account": "1002", "view": "history"}));
    assert!(text.contains("|FILLED (replaces old-1)|"), "{text}");
}
