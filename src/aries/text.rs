//! Text that others wrote (Aries' messages, news, descriptions) made safe to show.

/// One line without control, bidirectional and invisible characters, at most `most` characters long; a cut ends in
/// `…`. Line breaks and runs of blanks become one blank, so that text can never look like a new row or section.
pub fn clean(text: &str, most: usize) -> String {
    // Bounded before anything else, so that a huge text costs no more than what is shown of it.
    let mut kept = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in text.chars().take(most.saturating_mul(4)) {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        let width = if gap && count > 0 { 2 } else { 1 };
        if count + width > most {
            kept.push('…');
            return kept;
        }
        if width == 2 {
            kept.push(' ');
        }
        gap = false;
        kept.push(c);
        count += width;
    }
    kept
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

    proptest! {
        #[test]
        fn always_one_short_line(text in "\\PC{0,60}|.{0,60}", most in 1usize..40) {
            let shown = clean(&text, most);
            prop_assert!(shown.chars().count() <= most + 1);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_invisible(c)));
        }
    }
}
