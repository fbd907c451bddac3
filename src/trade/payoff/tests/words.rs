//! What is said of the orders that people place.

use super::*;

#[track_caller]
fn says(order: &Order, held: &Holdings, rows: &[&str]) {
    assert_eq!(told(order, held), rows);
}

#[test]
fn a_call_on_shares_that_are_held_is_covered() {
    says(
        &order(vec![written(call(12))], 2, "0.40"),
        &shares(300, "11.45"),
        &[
            "Cover: covered by 200 of the 300 F held",
            "Net credit: 80.00 USD at the limit price, without fees",
            "Counted with it: 200 F held at 11.45 USD",
            "Maximum loss: 2,210.00 USD without fees",
            "Maximum gain: 190.00 USD without fees",
            "Breakeven at expiration: 11.05 USD, without fees",
            "Assignment: deliver 200 F for 2,400.00 USD (12 call)",
            "Expiration: 2026-12-18, in 20 days",
        ],
    );
}

/// Whoever asks for a covered call asks for shares; whatever else covers it is said to be something else.
#[test]
fn a_call_that_shares_do_not_cover_says_so_whatever_else_does() {
    let cover = |order: &Order, held: &Holdings| {
        let rows = told(order, held);
        rows.into_iter().find_map(|row| row.strip_prefix("Cover: ").map(str::to_owned)).unwrap_or_default()
    };
    let with_shares = |count: i64, contracts: &[(Contract, i64, &str)]| Holdings {
        shares: lot(count, "11.45"),
        ..holding(contracts)
    };
    let later_call = || [(later(call(13)), 1, "0.30")];
    let write = |count: u32| order(vec![written(call(12))], count, "0.40");
    let by_call = "by 1 F 2027-01-15 13 C held (a spread, not a covered call)";
    for (count, held, words) in [
        (
            1,
            with_shares(40, &later_call()),
            format!("40 F held of the 100 that a call needs, so not by shares; {by_call}"),
        ),
        (1, with_shares(0, &later_call()), format!("no F held, so not by shares; {by_call}")),
        (2, with_shares(120, &later_call()), format!("1 of 2 covered by 100 of the 120 F held; {by_call}")),
        (1, with_shares(120, &later_call()), "covered by 100 of the 120 F held".to_owned()),
        (
            1,
            with_shares(40, &[]),
            "UNCOVERED: 1 call; 40 F held of the 100 that a call needs, so not by shares".to_owned(),
        ),
        (
            2,
            with_shares(40, &[]),
            "UNCOVERED: 2 calls; 40 F held of the 200 that 2 calls need, so not by shares".to_owned(),
        ),
        // All of these shares are behind a call that was written before.
        (
            1,
            with_shares(100, &[(call(13), -1, "0.30")]),
            "UNCOVERED: 1 call; 100 F held (0 of them free) of the 100 that a call needs, so not by shares"
                .to_owned(),
        ),
    ] {
        assert_eq!(cover(&write(count), &held), words);
    }
    let put_spread = cover(&order(vec![written(put(12))], 1, "0.40"), &holding(&[(put(9), 1, "0.10")]));
    assert_eq!(put_spread, "covered by 1 F 2026-12-18 9 P held (a spread, not a cash-secured put)");
    let short = cover(&order(vec![written(put(12))], 1, "0.40"), &shares(-120, "11.45"));
    assert_eq!(short, "covered by 100 of the 120 F held short");
    // A broker that wants money all the same counts otherwise than this program does.
    let said = r#"{"estimatedCost":"-39.50","optionFees":"0.50","optionRequirement":"510"}"#;
    let estimate = estimate::read(Json::parse(said).unwrap(), &write(1).legs).unwrap();
    let rows = payoff_by(&write(1), &with_shares(120, &[]), None, &estimate).rows();
    let told = "covered by 100 of the 120 F held; Aries requires 510.00 USD all the same, by its own count";
    assert_eq!(rows[0], ("Cover", told.to_owned()));
}

/// One rule for every figure: without fees, and with them where Aries' estimate tells what they are.
#[test]
fn figures_say_whether_fees_are_in_them() {
    let spread = order(vec![bought(call(12)), written(call(13))], 1, "-0.40");
    let said = |body: &str| {
        let estimate = estimate::read(Json::parse(body).unwrap(), &spread.legs).unwrap();
        payoff_by(&spread, &Holdings::default(), None, &estimate).rows()
    };
    let rows = said(r#"{"estimatedCost":"41","fees":"1"}"#);
    assert_eq!(
        rows[..4],
        [
            ("Net debit", "40.00 USD at the limit price, without fees".to_owned()),
            ("Maximum loss", "40.00 USD without fees, 41.00 with them".to_owned()),
            ("Maximum gain", "60.00 USD without fees, 59.00 with them".to_owned()),
            ("Breakeven at expiration", "12.40 USD, without fees".to_owned()),
        ]
    );
    // What the estimate has beside the price, and no fee explains, is none.
    let rows = said(r#"{"estimatedCost":"45","fees":"1"}"#);
    assert_eq!(rows[1], ("Maximum loss", "40.00 USD without fees".to_owned()));
}

#[test]
fn a_call_on_nothing_is_uncovered_and_can_lose_without_limit() {
    says(
        &order(vec![written(call(12))], 1, "0.40"),
        &Holdings::default(),
        &[
            "Cover: UNCOVERED: 1 call",
            "Net credit: 40.00 USD at the limit price, without fees",
            "Maximum loss: unlimited",
            "Maximum gain: 40.00 USD without fees",
            "Breakeven at expiration: 12.40 USD, without fees",
            "Assignment: deliver 100 F for 1,200.00 USD (12 call)",
            "Expiration: 2026-12-18, in 20 days",
        ],
    );
}

#[test]
fn a_put_on_shares_that_are_held_protects_them() {
    says(
        &order(vec![bought(put(11))], 1, "-0.30"),
        &shares(300, "11.45"),
        &[
            "Cover: protective put: for 100 of 300 F held",
            "Net debit: 30.00 USD at the limit price, without fees",
            "Counted with it: 100 F held at 11.45 USD",
            "Maximum loss: 75.00 USD without fees",
            "Maximum gain: unlimited",
            "Breakeven at expiration: 11.75 USD, without fees",
            "Assignment: none: bought. Exercise: deliver 100 F for 1,100.00 USD (11 put)",
            "Expiration: 2026-12-18, in 20 days",
        ],
    );
}

#[test]
fn spreads_stand_for_themselves() {
    let condor = vec![bought(put(9)), written(put(10)), written(call(12)), bought(call(13))];
    says(
        &order(condor, 1, "0.35"),
        &Holdings::default(),
        &[
            "Net credit: 35.00 USD at the limit price, without fees",
            "Maximum loss: 65.00 USD without fees",
            "Maximum gain: 35.00 USD without fees",
            "Breakeven at expiration: 9.65 and 12.35 USD, without fees",
            "Assignment: buy 100 F for 1,000.00 USD (10 put); deliver 100 F for 1,200.00 USD (12 call)",
            "Expiration: 2026-12-18, in 20 days",
        ],
    );
    // Two written against one bought: one of them has nothing behind it.
    let ratio = order(vec![bought(call(12)), leg(call(13), Action::SellToOpen, 2)], 1, "0.10");
    let rows = told(&ratio, &Holdings::default());
    assert_eq!(rows[0], "Cover: UNCOVERED: 1 call");
    assert!(rows.contains(&"Maximum loss: unlimited".to_owned()), "{rows:?}");
    assert!(rows.contains(&"Breakeven at expiration: 14.10 USD, without fees".to_owned()), "{rows:?}");
}

#[test]
fn contracts_of_different_days_have_a_bound_and_no_breakeven() {
    let calendar = order(vec![written(call(12)), bought(later(call(12)))], 1, "-0.25");
    let rows = told(&calendar, &Holdings::default());
    assert!(rows.contains(&"Maximum loss: at most 25.00 USD without fees".to_owned()), "{rows:?}");
    assert!(
        rows.contains(
            &"Maximum gain and breakeven: not stated: the contracts expire on different days".to_owned()
        ),
        "{rows:?}"
    );
    assert!(rows.contains(&"Expiration: 2026-12-18, in 20 days; 2027-01-15, in 48 days".to_owned()));
    // The other way round nothing is left to cover what was written.
    let reverse = order(vec![bought(call(12)), written(later(call(12)))], 1, "0.25");
    let rows = told(&reverse, &Holdings::default());
    assert!(rows.contains(&"Cover: UNCOVERED: 1 call".to_owned()), "{rows:?}");
    assert!(rows.contains(&"Maximum loss: unlimited".to_owned()), "{rows:?}");
    let puts = order(vec![bought(put(10)), written(later(put(10)))], 1, "0.25");
    let rows = told(&puts, &Holdings::default());
    assert!(rows.contains(&"Maximum loss: at most 975.00 USD without fees".to_owned()), "{rows:?}");
}

#[test]
fn a_closing_order_says_what_it_realizes() {
    let close = order(vec![leg(call(12), Action::SellToClose, 1)], 2, "0.50");
    says(
        &close,
        &holding(&[(call(12), 3, "0.75")]),
        &[
            "Net credit: 100.00 USD at the limit price, without fees",
            "Counted with it: 2 F 2026-12-18 12 C held at 0.75 USD",
            "Loss by closing: 50.00 USD without fees",
            "Expiration: 2026-12-18, in 20 days",
        ],
    );
    let unknown = told(&close, &holding(&[(call(12), 3, "")]));
    let why = "Maximum gain and loss: not stated: the average price of F 2026-12-18 12 C held is not known";
    assert!(unknown.contains(&why.to_owned()), "{unknown:?}");
}

#[test]
fn an_index_is_settled_in_cash_and_no_shares_cover_it() {
    let index = Contract { root: "SPXW".to_owned(), ..call(4000) };
    let rows = told(&order(vec![written(index)], 2, "9.00"), &shares(1000, "10"));
    assert_eq!(rows[0], "Cover: UNCOVERED: 2 calls");
    let cash = "Assignment: pay 200 USD in cash for each point of SPXW above 4000; no shares";
    assert!(rows.contains(&cash.to_owned()), "{rows:?}");
}

#[test]
fn what_delivers_something_else_has_no_figures() {
    let adjusted = Contract { root: "F1".to_owned(), ..call(12) };
    let rows = told(&order(vec![bought(adjusted)], 1, "-0.40"), &Holdings::default());
    let why =
        "Maximum gain and loss: not stated: F1 2026-12-18 12 C was adjusted and does not deliver 100 shares";
    assert!(rows.contains(&why.to_owned()), "{rows:?}");
    assert!(!rows.iter().any(|row| row.starts_with("Assignment")), "{rows:?}");
    let odd = Quote { shares: Some(Decimal::from(150)), ..Quote::default() };
    let quote = Quote { legs: vec![odd], ..Quote::default() };
    let ordinary = order(vec![bought(call(12))], 1, "-0.40");
    let rows = payoff(&ordinary, &Holdings::default(), Some(&quote)).rows();
    assert!(rows.iter().any(|(_, value)| value.contains("does not deliver 100 shares")), "{rows:?}");
}

#[test]
fn a_market_order_is_priced_by_the_quote() {
    let mut market = order(vec![bought(call(12))], 1, "-0.40");
    (market.order_type, market.limit) = (OrderType::Market, None);
    let quote = Quote { bid: Some(dec("0.38")), ask: Some(dec("0.42")), ..Quote::default() };
    let rows = payoff(&market, &Holdings::default(), Some(&quote)).rows();
    let net = "42.00 USD at the ask of the quote, which a market order may miss, without fees";
    assert_eq!(rows[0], ("Net debit", net.to_owned()));
    let rows = payoff(&market, &Holdings::default(), None).rows();
    assert!(
        rows.contains(&(
            "Maximum gain and loss",
            "not stated: there is no price to compute it from".to_owned()
        ))
    );
}

#[test]
fn what_is_held_covers_once() {
    let naked = |order: &Order, held: &Holdings| uncovered(order, held);
    let calls = |calls: i64| Uncovered { calls: calls.into(), puts: Decimal::ZERO };
    let puts = |puts: i64| Uncovered { calls: Decimal::ZERO, puts: puts.into() };
    let write = |contract: Contract, count: u32| order(vec![written(contract)], count, "0.40");
    // Shares: whole hundreds, less what is written, ordered or sold already.
    assert_eq!(naked(&write(call(12), 3), &shares(300, "1")), calls(0));
    assert_eq!(naked(&write(call(12), 4), &shares(399, "1")), calls(1));
    let twice = Holdings { contracts: vec![(call(13), lot(-2, "1"))], ..shares(300, "1") };
    assert_eq!(naked(&write(call(12), 2), &twice), calls(1));
    let promised = Holdings { contracts_promised: vec![(call(13), (-2).into())], ..shares(300, "1") };
    assert_eq!(naked(&write(call(12), 2), &promised), calls(1));
    let sold = Holdings { shares_promised: Decimal::ONE, ..shares(300, "1") };
    assert_eq!(naked(&write(call(12), 3), &sold), calls(1));
    let adjusted = Holdings { adjusted: Decimal::NEGATIVE_ONE, ..shares(300, "1") };
    assert_eq!(naked(&write(call(12), 1), &adjusted), calls(1));
    // Bought calls: any strike, the same expiration or a later one, and only those that are still there.
    assert_eq!(naked(&write(call(12), 1), &holding(&[(call(15), 1, "1")])), calls(0));
    assert_eq!(naked(&write(call(12), 1), &holding(&[(later(call(15)), 1, "1")])), calls(0));
    assert_eq!(naked(&write(later(call(12)), 1), &holding(&[(call(10), 1, "1")])), calls(1));
    assert_eq!(naked(&write(call(12), 1), &holding(&[(put(15), 1, "1")])), calls(1));
    let used = holding(&[(call(10), 1, "1"), (call(11), -1, "1")]);
    assert_eq!(naked(&write(call(12), 1), &used), calls(1));
    // The later one serves the later expiration.
    let two = holding(&[(call(10), 1, "1"), (later(call(10)), 1, "1"), (call(11), -1, "1")]);
    assert_eq!(naked(&write(later(call(12)), 1), &two), calls(0));
    // What was uncovered before is not blamed on this order.
    assert_eq!(naked(&write(call(12), 1), &holding(&[(call(10), -1, "1")])), calls(1));
    // Selling what covers leaves it uncovered: a bought call, or the shares.
    let sell = order(vec![leg(call(10), Action::SellToClose, 1)], 1, "1.40");
    assert_eq!(naked(&sell, &used), calls(1));
    let stock =
        Order { action: Action::Sell, legs: Vec::new(), ..order(vec![bought(call(1))], 150, "12.00") };
    assert_eq!(naked(&stock, &twice), calls(1));
    // Puts: bought ones, shares held short; cash is asked for beyond these.
    assert_eq!(naked(&write(put(12), 1), &holding(&[(put(9), 1, "1")])), puts(0));
    assert_eq!(naked(&write(put(12), 3), &shares(-200, "1")), puts(1));
    let written = holding(&[(put(10), -1, "1")]);
    let change = Change::of(&write(put(12), 2), 2.into(), &written, Decimal::ZERO);
    assert_eq!(change.cash_needed(dec("10")), dec("3410"));
    let left = |cash: &str| change.with_cash(dec(cash), dec("10"));
    assert_eq!((left("3410"), left("3409.99")), (puts(0), puts(2)));
}

/// Whoever spends the cash that stands behind written puts leaves as few of them uncovered as can be.
#[test]
fn a_purchase_takes_the_cash_from_behind_written_puts() {
    let held = Holdings { puts_elsewhere: vec![(put(30), Decimal::ONE)], ..holding(&[(put(10), -2, "1")]) };
    let buy = |cost: &str| {
        let stock =
            Order { action: Action::Buy, legs: Vec::new(), ..order(vec![bought(call(1))], 100, "12.00") };
        Change::of(&stock, 100.into(), &held, dec(cost))
    };
    // The puts take 5,000 USD, of which the one of 3,000 goes first.
    for (cost, cash, lost) in [
        ("1000", "6000", 0),
        ("1000", "5999", 1),
        ("1000", "3000.01", 0),
        ("1000", "2999", 1),
        ("3000", "5000", 1),
        ("3001", "5000", 2),
        ("9000", "5000", 3),
        ("0", "1", 0),
        ("1", "0", 0),
    ] {
        let change = buy(cost);
        assert_eq!(change.with_cash(dec(cash), Decimal::ZERO).puts, Decimal::from(lost), "{cost} of {cash}");
        assert_eq!(change.needs_cash(), cost != "0");
        // What other open orders take is as if it were not there.
        assert_eq!(change.with_cash(dec(cash) + dec("7"), dec("7")).puts, Decimal::from(lost));
        let all = if cost == "0" { 0 } else { 3 };
        assert_eq!(change.without_cash().puts, Decimal::from(all));
    }
}
