//! Symbols in every spelling that people and Aries use.

use proptest::prelude::*;

use rust_decimal::Decimal;

use super::compare::*;
use super::spelling::CLASSES;
use super::*;

#[test]
fn option_forms_mean_the_same_contract() {
    let forms = [
        "AAPL260116C00190000",
        "O:AAPL260116C00190000",
        "AAPL  260116C00190000",
        " aapl260116c00190000 ",
        "AAPL 2026-01-16 190 C",
        "aapl 2026-01-16 call $190.00",
        "AAPL 260116C190",
        "\u{a0}AAPL\u{a0}2026-01-16\u{2009}190 C\u{3000}",
    ];
    for form in forms {
        assert_eq!(Symbol::parse(form).unwrap().to_form(Form::Osi).unwrap(), "AAPL260116C00190000", "{form}");
    }
    let Symbol::Option(contract) = Symbol::parse(forms[0]).unwrap() else { panic!() };
    assert_eq!((contract.words().as_str(), contract.underlying()), ("AAPL 2026-01-16 190 C", "AAPL"));
    let class = Contract::parse("BRKB260116C00500000").unwrap();
    assert_eq!((class.underlying(), class.root.as_str()), ("BRK.B", "BRKB"));
    assert_eq!(Contract::parse("LGFA261218C00010000").unwrap().underlying(), "LGF.A");
    for (root, below) in [("SPXW", "SPX"), ("BRKB", "BRK.B"), ("AAPL1", "AAPL"), ("META", "META")] {
        assert_eq!(listed_below(root), below);
    }
    assert!(CLASSES.iter().all(|(root, shares)| option_root(shares) == *root));
    assert!(!contract.is_adjusted());
    assert!(Contract::parse("AAPL1260116C00190000").unwrap().is_adjusted());
}

#[test]
fn options_of_class_shares_are_read_in_every_spelling_of_the_shares() {
    for shares in ["BRKB", "BRK.B", "BRK-B", "BRK/B", "BRK B", "brk.b", "BRK.B.US"] {
        for rest in [
            " 2026-12-04 500 C",
            " 2026-12-04 $500 call",
            " 261204C500",
            "261204C00500000",
            " 261204C00500000",
        ] {
            let text = format!("{shares}{rest}");
            for read in [Symbol::parse(&text), Symbol::traded(&text)] {
                assert_eq!(read.unwrap().to_string(), "BRKB261204C00500000", "{text}");
            }
        }
    }
    assert_eq!(Symbol::parse("O:BRK.B261204C00500000").unwrap().to_string(), "BRKB261204C00500000");
    assert_eq!(Symbol::parse("LGF.A 2026-12-18 10 P").unwrap().to_string(), "LGFA261218P00010000");
    // Preferred shares have no options, and Motorola is another company; a side may stand behind the root.
    assert!(Symbol::parse("MS-I 2026-12-18 100 C").is_err() && Symbol::parse("MS.I261218C00100000").is_err());
    assert_eq!(Symbol::parse("AAPL C 270 2026-12-18").unwrap().to_string(), "AAPL261218C00270000");
}

#[test]
fn indices_get_their_group() {
    for text in ["SPX", "^SPX", "$spx", "SPX.IND_CBOM"] {
        assert_eq!(Symbol::parse(text).unwrap().to_form(Form::Index).unwrap(), "SPX.IND_CBOM", "{text}");
    }
    assert_eq!(Symbol::parse("DJI").unwrap().to_form(Form::Chart).unwrap(), "DJI.IND_DJI");
}

#[test]
fn hostile_text_is_refused() {
    for text in [
        "../x",
        "A A",
        "A  A",
        "A AA",
        "AAPL\n",
        "",
        "AAPL?x=1",
        "A%2F",
        "-A",
        ".A",
        "A..B",
        "ÄPL",
        &"A".repeat(1_000_000),
    ] {
        let text = if text == "AAPL\n" { "AA\nPL" } else { text };
        assert!(Symbol::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_traded_is_an_index_only_where_it_is_written_as_one() {
    for ticker in ["COMP", "comp", "MID", "SPX", "COMP.US"] {
        let symbol = Symbol::traded(ticker).unwrap();
        assert!(matches!(&symbol, Symbol::Stock(name) if !name.contains('.')), "{ticker}: {symbol:?}");
    }
    for index in ["^COMP", "$SPX", "MID.IND_CBOM", "^vix"] {
        assert!(matches!(Symbol::traded(index).unwrap(), Symbol::Index { .. }), "{index}");
    }
    assert!(matches!(Symbol::parse("COMP").unwrap(), Symbol::Index { .. }));
    assert_eq!(written("COMP", Form::Traded).unwrap(), "COMP");
    assert!(written("COMP", Form::Ticker).is_err());
    assert_eq!(Symbol::listed("BRK B"), Some(Symbol::Stock("BRK.B".to_owned())));
    for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "brk b", " BRK-B.US "] {
        for read in [Symbol::parse(spelling), Symbol::traded(spelling)] {
            assert_eq!(read.unwrap(), Symbol::Stock("BRK.B".to_owned()), "{spelling}");
        }
    }
    for odd in ["MSFT CALL", "AAPL 1", "MSFT 15JAN27 280 C", ""] {
        assert_eq!(Symbol::listed(odd), None, "{odd}");
    }
}

#[test]
fn one_function_reads_every_spelling_for_reading_and_trading() {
    for (spellings, meant) in [
        (
            &[
                "BRKB",
                "BRK_B",
                "brk_b",
                "$BRK.B",
                "BRK  B",
                "BRK . B",
                "NYSE:BRK.B",
                "nyse: brk-b",
                "BRK&amp;B",
                "BRK&B",
                "BRK\u{2013}B",
                "BRK B US",
                "ＢＲＫ．Ｂ",
                "ｂｒｋ／ｂ",
                "BRK\u{a0}B",
                "\u{feff}BRK.B\u{200b}",
            ][..],
            "BRK.B",
        ),
        (
            &[
                "aapl",
                "$AAPL",
                "NASDAQ:AAPL",
                "\"AAPL\"",
                "\u{201c}AAPL\u{201d}",
                "AAPL US",
                "ＡＡＰＬ",
                "AAPL\u{200b}",
                "\u{202a}AAPL\u{202c}",
            ],
            "AAPL",
        ),
        (&["LGF_A", "LGFA", "lgf a"], "LGF.A"),
        (
            &[
                "BRKB261218C00500000",
                "BRK_B261218C00500000",
                "BRK  B  261218C00500000",
                "NYSE:BRK.B 2026-12-18 500 C",
                "$BRK.B 2026-12-18 500 call",
                ".BRKB261218C500",
                "BRKB261218C500",
                "BRKB 12/18/2026 $500 C",
                "BRK.B Dec 18 2026 500C",
                "brk/b 18 December, 2026 C500",
                "ＢＲＫＢ２６１２１８Ｃ００５０００００",
            ],
            "BRKB261218C00500000",
        ),
    ] {
        for text in spellings {
            for read in [Symbol::parse(text), Symbol::traded(text)] {
                assert_eq!(read.unwrap().to_string(), meant, "{text}");
            }
        }
    }
    for text in
        ["$SPX", "^SPX", "SPX.X", "$SPX.X", ".SPX", "I:SPX", "CBOE:SPX", "^GSPC", ".inx", "ＳＰＸ．Ｘ"]
    {
        for read in [Symbol::parse(text), Symbol::traded(text)] {
            assert_eq!(read.unwrap().to_form(Form::Index).unwrap(), "SPX.IND_CBOM", "{text}");
        }
    }
    assert!(matches!(Symbol::parse("NYSE:COMP").unwrap(), Symbol::Stock(_)));
}

#[test]
fn a_letter_behind_a_dash_stays_unless_the_class_is_known() {
    for (text, meant) in [
        ("BAC-L", "BAC-L"),
        ("jpm-c", "JPM-C"),
        ("WFC-L.US", "WFC-L"),
        ("F-B", "F-B"),
        ("BRK-B", "BRK.B"),
        ("bf-b", "BF.B"),
        ("LGF-A", "LGF.A"),
        ("BAC.L", "BAC.L"),
        ("BAC/L", "BAC.L"),
        ("BAC L", "BAC.L"),
    ] {
        for read in [Symbol::parse(text), Symbol::traded(text)] {
            assert_eq!(read.unwrap().to_string(), meant, "{text}");
        }
    }
    // A list that writes it otherwise means the same.
    assert!(is_same_symbol("BAC-L", "BAC.L") && !is_same_symbol("BAC-L", "BACL"));
}

#[test]
fn blanks_alone_stand_between_tickers_where_nothing_else_can_be_meant() {
    for (text, tickers) in [
        ("AAPL MSFT NVDA", Some(&["AAPL", "MSFT", "NVDA"][..])),
        ("T  $KO BRK.B", Some(&["T", "$KO", "BRK.B"])),
        ("BRK B", None),
        ("AAPL F", None),
        ("AAPL US", None),
        ("Apple Inc", None),
        ("MSFT CALL", None),
        ("BAC PRL", None),
        ("XYZ WS", None),
        ("AAPL 2026-12-18 270 C", None),
        ("AAPL", None),
        ("", None),
    ] {
        assert_eq!(tickers_between_blanks(text).as_deref(), tickers, "{text}");
    }
}

#[test]
fn what_may_be_another_security_is_never_guessed() {
    // Only of class shares that we know is it certain that the last letter is their class.
    for (text, other) in [("MSI", "MS.I"), ("META", "MET.A"), ("FORDB", "FORD.B"), ("GOOGL", "GOOG.L")] {
        assert_ne!(Symbol::traded(text).unwrap().to_string(), other, "{text}");
    }
    for text in [
        "TSX:BRK.B",
        "^AAPL",
        "AT&T",
        "AT&amp;T",
        ".AAPL",
        "AAPL&B",
        // The second of January, or the first of February?
        "AAPL 01/02/2027 270 C",
        "AAPL 12/18 270 C",
        // A digit of an OSI symbol is missing.
        "AAPL261218C0027000",
        "AAPL 261218C0027000",
        "AAPL Dec 18 270 C",
    ] {
        assert!(Symbol::parse(text).is_err() && Symbol::traded(text).is_err(), "{text}");
    }
}

#[test]
fn other_alphabets_are_refused() {
    // A long s becomes S in upper case, a Kelvin sign K in lower case; the rest only look like letters, or turn them round.
    for text in ["ſPY", "\u{212a}O", "АAPL", "\u{202e}LPAA", "𝐀APL", "ª"] {
        assert!(Symbol::parse(text).is_err() && Symbol::traded(text).is_err(), "{text}");
    }
}

#[test]
fn a_contract_keeps_its_century() {
    for words in [
        "AAPL 2126-12-18 270 C",
        "AAPL 1926-12-18 270 C",
        "AAPL 2099-12-18 270 C",
        "AAPL 2026-12-18 270.0001 C",
        "AAPL 2026-12-18 100000 C",
        "AAPLXYZ 2026-12-18 270 C",
        // A thousand times these is more than a decimal holds.
        "A 261218C79228162514264337593543950335",
        "A 2026-12-18 79228162514264337593543950335 C",
        "A 2026-12-18 9999999999999999999999999 P",
        "A 2026-12-18 100000.5 C",
        "A 261218C0.0000000000000000000000000001",
    ] {
        assert!(Symbol::parse(words).is_err(), "{words}");
        assert_eq!(Symbol::listed(words), None, "{words}");
    }
    assert_eq!(Symbol::parse("A 2026-12-18 99999.999 C").unwrap().to_string(), "A261218C99999999");
    let osi = |words: &str| Symbol::parse(words).unwrap().to_string();
    for words in ["aapl 270 call 2026-12-18", "AAPL C $270.0 2026-12-18", "AAPL 2026-12-18 270 CALL"] {
        assert_eq!(osi(words), "AAPL261218C00270000", "{words}");
    }
}

#[test]
fn one_key_for_every_spelling() {
    for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "BRKB", "brk.b", " BRK.B "] {
        assert_eq!(option_root(spelling), "BRKB", "{spelling}");
    }
    assert_eq!((option_root("AAPL.US"), option_root("F")), ("AAPL".to_owned(), "F".to_owned()));
    for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "brk.b", " BRK.B ", "BRK.B.US", "BRKB"] {
        assert!(is_same_stock(spelling, "BRK.B"), "{spelling}");
    }
    for (one, other) in [("MS-I", "MSI"), ("MET-A", "META"), ("F-C", "FC"), ("T-A", "T-C")] {
        assert!(!is_same_stock(one, other) && !is_same_stock(other, one), "{one} {other}");
    }
    for (text, ticker, may) in [
        ("", "MSFT", true),
        ("MSFT", "MSFT", true),
        ("msft.us", "MSFT", true),
        ("MSFT 15JAN27 280 C", "MSFT", true),
        ("MSFT1", "MSFT", true),
        ("<b>MSFT</b>", "MSFT", true),
        (".AAPL270115C280", "AAPL", true),
        (".AAPL270115C280", "AA", false),
        ("O:AAPL270115C280", "AAPL", true),
        ("O:AAPL270115C280", "O", false),
        ("AAPL 15 Jan 2027 280.00 CALL (adjusted 1:20)", "AAPL", true),
        ("AAPL 15 Jan 2027 280.00 CALL (adjusted 1:20)", "A", false),
        ("BRK B 15JAN27 500 C", "BRK.B", true),
        ("BRK.B 15JAN27 500 C", "BRKB", true),
        ("AAPL 15JAN27 280 C", "C", false),
        ("AAPL 15JAN27 280 C", "AA", false),
        ("USD CASH", "C", false),
        ("USD CASH", "CASH", false),
        ("912828ZT0", "T", false),
        ("38259P508", "P", false),
        ("/ESZ6", "ES", false),
        ("BTC/USD", "USD", false),
        ("ＭＳＦＴ", "MSFT", true),
        ("BRK-B", "BRKB", true),
        ("TSLA", "MSFT", false),
        ("MSFTX", "MSFT", false),
    ] {
        assert_eq!(may_refer_to(text, ticker), may, "{text} {ticker}");
    }
}

#[test]
fn a_comparison_says_whether_it_is_exact() {
    for (one, other, same) in [
        ("AAPL", "AAPL.US", true),
        ("BRK-B", "BRK.B", true),
        ("AAPL 2026-12-18 200 C", "AAPL261218C00200000", true),
        ("AAPL261218C00200000", "AAPL", false),
        ("MS-I", "MSI", false),
    ] {
        assert_eq!(is_same_symbol(one, other), same, "{one} {other}");
        let [one, other] = [one, other].map(|text| Symbol::parse(text).unwrap());
        assert_eq!(one.is_same_instrument(&other), same, "{one} {other}");
    }
    // A list may hold what is no symbol here.
    assert!(is_same_symbol("912828ZT0", "912828zt0") && !is_same_symbol("912828ZT0", "T"));
    let contract = Contract::parse("SPXW261218C05000000").unwrap();
    assert!(contract.may_be_on("SPX") && !contract.is_on("SPX") && contract.is_on("SPXW"));
    assert!(may_be_same_underlying("MS-I", "MSI") && !is_same_stock("MS-I", "MSI"));
}

#[test]
fn suffix_and_prefix_are_ours_to_change() {
    assert_eq!(Symbol::parse("AAPL.US").unwrap(), Symbol::Stock("AAPL".to_owned()));
    assert_eq!(Symbol::parse("BRK.B").unwrap().to_form(Form::Ticker).unwrap(), "BRK.B");
    let contract = Symbol::parse("AAPL 2026-01-16 190 C").unwrap();
    assert_eq!(contract.to_form(Form::Prefixed).unwrap(), "O:AAPL260116C00190000");
    for wrong in
        ["AAPL 2026-02-30 190 C", "AAPL 2026-01-16 C P", "AAPL 2026-01-16 0 C", "AAPL 2026-01-16 1e3 C"]
    {
        assert!(Symbol::parse(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn words_and_prefixes_round_trip(root in "[A-Z]{1,5}", days in 0i64..20_000, call: bool, strike in 1i64..99_999_999) {
        let expiration = jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(days));
        let contract = Contract { root, expiration, call, strike: Decimal::new(strike, 3).normalize() };
        let symbol = Symbol::Option(contract.clone());
        let short = format!("{} {}{}{}", contract.root, expiration.strftime("%y%m%d"), if call { 'C' } else { 'P' }, contract.strike);
        for text in [contract.words(), contract.words().to_lowercase(), short, symbol.to_form(Form::Prefixed).unwrap()] {
            prop_assert_eq!(Symbol::parse(&text).unwrap(), symbol.clone(), "{}", text);
        }
    }

    #[test]
    fn tickers_and_indices_round_trip(ticker in "[A-Z]{1,5}(\\.[A-Z])?", at in 0usize..10) {
        let stock = Symbol::parse(&ticker).unwrap();
        if let Symbol::Stock(name) = &stock {
            prop_assert_eq!(Symbol::parse(&format!("{name}.US")).unwrap(), stock);
        }
        let groups = INDICES.iter().flat_map(|(group, names)| names.iter().map(move |name| (*name, *group)));
        let (name, group) = groups.collect::<Vec<_>>()[at];
        for text in [name.to_owned(), format!("^{name}"), format!("{name}.{group}")] {
            prop_assert_eq!(Symbol::parse(&text).unwrap().to_form(Form::Index).unwrap(), format!("{name}.{group}"));
        }
    }

    #[test]
    fn contracts_round_trip(root in "[A-Z]{1,5}[0-9]?", days in 0i64..20_000, call: bool, strike in 1i64..99_999_999) {
        let expiration = jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(days));
        let strike = Decimal::new(strike, 3).normalize();
        let contract = Contract { root, expiration, call, strike };
        prop_assert_eq!(Contract::parse(&contract.to_string()), Some(contract));
    }

    #[test]
    fn anything_is_read_or_refused(text in ".{0,40}") {
        if let Ok(symbol) = Symbol::parse(&text) {
            prop_assert_eq!(Symbol::parse(&symbol.to_string()).unwrap().to_form(Form::Chart), symbol.to_form(Form::Chart));
        }
    }
}
