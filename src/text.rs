//! Text that others wrote (Aries' messages, news, descriptions) made safe to show.

use std::borrow::Cow;
use std::collections::HashSet;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Returns one line without control, bidirectional and invisible characters, at most `most` characters long; a cut ends
/// in `…`. Line breaks and runs of blanks become one blank, so that text can never look like a new row or section.
pub(crate) fn clean(text: &str, most: usize) -> String {
    // Bounded before anything else, so that a huge text costs no more than what is shown of it.
    let shown = text.chars().take(most.saturating_mul(4)).filter(|c| !is_invisible(*c));
    let line: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line.split_at(end).0.trim_end()),
        None => line,
    }
}

/// Returns a text with each letter and digit in its usual Unicode form: full-width digits are digits.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text)
}

/// `1 order`, `2 orders`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Returns a short, quoted copy of what was given, safe to show.
pub(crate) fn short(text: &str) -> String {
    let cut: String = text.chars().take(40).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut:?}{dots}")
}

/// Whether two names of members differ in case, underscores and blanks alone.
pub(crate) fn is_alike(one: &str, other: &str) -> bool {
    // Most names differ in their first letter already, and a message has many.
    let first = |name: &str| name.bytes().next().filter(|byte| byte.is_ascii_alphabetic());
    let may_be = first(one).zip(first(other)).is_none_or(|(one, other)| one.eq_ignore_ascii_case(&other));
    may_be && letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| !b"_ ".contains(byte)).map(|byte| byte.to_ascii_lowercase())
}

/// A run of token characters of this length with letters and digits is taken for a secret wherever it stands. Longer
/// than a UUID, which names orders.
const LONG: usize = 40;

fn is_in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~+=".contains(c)
}

/// Tells whether a word could be a token: nothing else is so long and so mixed.
pub(crate) fn looks_like_token(word: &str, least: usize) -> bool {
    let mixed = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(|c| c.is_ascii_alphabetic());
    (word.len() >= least && mixed && word.chars().all(is_in_token))
        || (word.starts_with("eyJ") && word.len() >= 20)
}

/// Hides whatever could be a token, such as one that a server repeats in its complaint about it.
pub(crate) fn without_tokens(text: &str) -> String {
    let hide = |piece: &str| {
        let word = piece.trim_end_matches(|c| !is_in_token(c));
        if looks_like_token(word, LONG) { piece.replace(word, "(hidden)") } else { piece.to_owned() }
    };
    text.split_inclusive(|c| !is_in_token(c)).map(hide).collect()
}

/// A part of a secret that is shorter tells nothing, and may stand in a text by chance.
const PART: usize = 12;

/// Hides every part of a secret in an answer that may repeat it: half a token is a secret, too.
pub(crate) fn without_parts_of(secret: &str, answer: &[u8]) -> Vec<u8> {
    let parts: HashSet<&[u8]> = secret.as_bytes().windows(PART).collect();
    let mut shown = Vec::with_capacity(answer.len());
    let mut hidden_until = 0;
    for (at, byte) in answer.iter().enumerate() {
        if answer.get(at..at + PART).is_some_and(|part| parts.contains(part)) {
            if hidden_until <= at {
                shown.extend_from_slice(b"(hidden)");
            }
            hidden_until = at + PART;
        }
        if hidden_until <= at {
            shown.push(*byte);
        }
    }
    shown
}

/// Characters that change how the text around them is shown, or show nothing at all.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tricks_are_taken_out() {
        assert_eq!(clean("a\u{202E}b\u{200B}c\r\n| d\u{1b}[31m", 50), "abc | d [31m");
        assert_eq!(clean("  one   two  ", 50), "one two");
        assert_eq!(clean("abcdef", 3), "abc…");
    }

    #[test]
    fn a_repeated_token_is_hidden_and_an_id_is_not() {
        let id = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
        let token = format!("eyJ{}", "a1".repeat(12));
        assert_eq!(without_tokens(&format!("order {id}: ({token})")), format!("order {id}: ((hidden))"));
    }

    #[test]
    fn half_a_secret_is_hidden_and_a_few_of_its_letters_are_not() {
        let secret = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
        let shown = |text: &str| String::from_utf8(without_parts_of(secret, text.as_bytes())).unwrap();
        assert_eq!(shown("bad token=9f8e7d6c5b4a3928, sorry"), "bad token=(hidden), sorry");
        assert_eq!(shown("…d3c2b1a0 is near 9f8e"), "…d3c2b1a0 is near 9f8e");
        assert_eq!(without_parts_of("x", b"xxxxxxxxxxxxx"), b"xxxxxxxxxxxxx");
    }

    proptest! {
        #[test]
        fn always_one_short_line(text in "\\PC{0,60}|.{0,60}", most in 1usize..40) {
            let shown = clean(&text, most);
            prop_assert!(shown.chars().count() <= most + 1);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_invisible(c)));
        }
    }
}
