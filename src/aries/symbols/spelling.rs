//! The many ways in which one symbol is written, brought into one before it is read. Reading and trading both begin here.

use super::Symbol;

/// Exchanges that other programs write in front of a ticker (`NYSE:BRK.B`). Those of other countries are missing: there
/// the ticker may be another company's.
const MARKETS: [&str; 9] =
    ["NYSE", "NASDAQ", "AMEX", "ARCA", "NYSEARCA", "NYSEAMERICAN", "BATS", "OTC", "US"];

/// Roots of options on class shares, with the shares: a root carries no point, and nothing in it says that its last letter is
/// a class (`BRKB`, but `META`).
pub(super) const CLASSES: [(&str, &str); 26] = [
    ("AKOA", "AKO.A"),
    ("AKOB", "AKO.B"),
    ("BFA", "BF.A"),
    ("BFB", "BF.B"),
    ("BHA", "BH.A"),
    ("BIOB", "BIO.B"),
    ("BRKA", "BRK.A"),
    ("BRKB", "BRK.B"),
    ("CRDA", "CRD.A"),
    ("CRDB", "CRD.B"),
    ("CWENA", "CWEN.A"),
    ("GEFB", "GEF.B"),
    ("GTNA", "GTN.A"),
    ("HEIA", "HEI.A"),
    ("HVTA", "HVT.A"),
    ("LENB", "LEN.B"),
    ("LGFA", "LGF.A"),
    ("LGFB", "LGF.B"),
    ("MKCV", "MKC.V"),
    ("MOGA", "MOG.A"),
    ("MOGB", "MOG.B"),
    ("PBRA", "PBR.A"),
    ("STZB", "STZ.B"),
    ("TAPA", "TAP.A"),
    ("UHALB", "UHAL.B"),
    ("WSOB", "WSO.B"),
];

/// Words behind a ticker that name a side, a market, or another security of the company: warrants, rights, units.
const NO_TICKERS: [&str; 8] = ["CALL", "PUT", "US", "WS", "WT", "RT", "UN", "WI"];

/// What people put between the root and the class of shares.
const SEPARATORS: [char; 6] = ['.', '-', '/', ' ', '_', '&'];

/// Plain capital letters, digits and marks, with single blanks and without an exchange in front. `None` if there are
/// letters of other alphabets: some become A to Z in upper case (`ſPY`), others look like them.
pub(crate) fn plain(text: &str) -> Option<String> {
    let mut ascii = String::new();
    for letter in text.chars() {
        match letter {
            // Marks that show nothing, and come along when text is copied.
            '\u{AD}' | '\u{200B}'..='\u{200E}' | '\u{202A}' | '\u{202C}' | '\u{2060}' | '\u{FEFF}' => {}
            blank if blank.is_whitespace() && !blank.is_control() => ascii.push(' '),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => ascii.push('-'),
            '\u{2018}'..='\u{201D}' => ascii.push('"'),
            // The full-width forms are ASCII, so far apart.
            '\u{FF01}'..='\u{FF5E}' => ascii.extend(char::from_u32(u32::from(letter) - 0xFEE0)),
            letter if letter.is_ascii() => ascii.push(letter),
            _ => return None,
        }
    }
    let quotes = [' ', '"', '\'', '`'];
    let upper = ascii.trim_matches(quotes).to_ascii_uppercase().replace("&AMP;", "&");
    let words = upper.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    Some(match words.split_once(':') {
        Some((market, symbol)) if MARKETS.contains(&market) => symbol.trim_start().to_owned(),
        // So other programs write an index.
        Some(("I" | "CBOE" | "TVC" | "SP", index)) => format!("^{index}"),
        _ => words,
    })
}

/// Class shares in the one spelling that is Aries' own, `BRK.B`. People and lists also write `BRK/B`, `BRK B` and `BRK_B`; of
/// class shares that we know also `BRK-B`, and `BRKB`, since no other share is called like that. Of others a letter behind a
/// dash stays as it is written: `BAC-L` is a preferred share.
pub(super) fn dotted(upper: String) -> String {
    let is_class = |class: &str| class.len() == 1 && class.bytes().all(|b| b.is_ascii_uppercase());
    // No root of class shares is a single letter: `F B` is a note of Ford's.
    let is_root = |root: &str| (2..=5).contains(&root.len()) && root.bytes().all(|b| b.is_ascii_uppercase());
    let bare = upper.strip_suffix(".US").or_else(|| upper.strip_suffix(" US")).unwrap_or(&upper);
    match (known_class(bare), bare.split_once(['/', ' ', '_'])) {
        (Some((shares, "")), _) => shares.to_owned(),
        (_, Some((root, class))) if is_root(root) && is_class(class) => format!("{root}.{class}"),
        _ if bare.len() < upper.len() => bare.to_owned(),
        _ => upper,
    }
}

/// The tickers of a text in which blanks alone stand between them: `AAPL MSFT NVDA`. `None` where one symbol may be meant,
/// as by `BRK B`, or the name of a company: those are not in capital letters alone.
pub(crate) fn tickers_between_blanks(text: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_start_matches('$').len();
    let is_ticker = |word: &&str| {
        (1..=6).contains(&bare(word))
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || b"$.-/".contains(&byte))
            && !NO_TICKERS.contains(word)
            && Symbol::traded(word).is_ok()
    };
    // One letter behind a ticker is its class, and `PRL` its preferred share.
    let is_class = |word: &str| bare(word) == 1 || word.len() < 4 && word.starts_with("PR");
    let has_class = words.iter().skip(1).any(|word| is_class(word));
    (words.len() > 1 && !has_class && words.iter().all(is_ticker)).then_some(words)
}

/// Class shares that we know at the beginning of a text, in any spelling, and what follows them.
pub(super) fn known_class(text: &str) -> Option<(&'static str, &str)> {
    CLASSES.iter().find_map(|(_, shares)| {
        let (root, class) = shares.split_once('.')?;
        let rest = text.strip_prefix(root)?.trim_start_matches(SEPARATORS).strip_prefix(class)?;
        Some((*shares, rest.strip_prefix(".US").unwrap_or(rest)))
    })
}

/// The class shares that a root of options belongs to: `BRK.B` of `BRKB`.
pub(crate) fn class_share(root: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(own, _)| own.eq_ignore_ascii_case(root)).map(|(_, shares)| *shares)
}
