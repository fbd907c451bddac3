//! The decimals of an order: what a caller writes is sent to Aries letter by letter, and nothing is rounded or guessed.
//!
//! `1e-7`, `1,000`, `+5`, `.5`, `5.`, `007`, `NaN` are refused: each has been read as another number by some program.

use std::fmt;

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::text::short;

/// Digits before the point, at most. No person orders more.
const MOST_WHOLE: usize = 8;

/// Decimal places of a price, at most (Aries' SDK).
pub(crate) const PRICE_PLACES: usize = 5;

/// A positive decimal and the text it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    text: String,
    value: Decimal,
}

impl Number {
    /// Reads a positive decimal with at most `places` decimal places; a whole number may have zeros as places. Fails with the name of the argument and a valid way to write it.
    pub(crate) fn read(name: &str, text: &str, places: usize) -> Result<Self> {
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
        // 10.0 is exactly 10, which is how a whole number is sent.
        let is_whole = fraction.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b == b'0'));
        let (text, fraction) = if places == 0 && is_whole { (whole, None) } else { (text, fraction) };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let what = if !digits(whole) || !fraction.is_none_or(digits) {
            "is not a plain decimal"
        } else if whole.len() > 1 && whole.starts_with('0') {
            "begins with a needless zero"
        } else if whole.len() > MOST_WHOLE {
            "is too large"
        } else if fraction.is_some() && places == 0 {
            "is not a whole number"
        } else if fraction.is_some_and(|fraction| fraction.len() > places) {
            &format!("has more than {places} decimal places; nothing is rounded here")
        } else {
            match text.parse::<Decimal>() {
                Ok(value) if !value.is_zero() => return Ok(Self { text: text.to_owned(), value }),
                Ok(_) => "is zero",
                Err(_) => "is not a plain decimal",
            }
        };
        let hint = match places {
            0 => "write a whole number such as \"10\"",
            _ => "write a plain decimal such as \"400.00\": digits and at most one point",
        };
        Err(Error::usage(format!("`{name}`: {} {what}", short(text)), hint))
    }

    pub(crate) fn value(&self) -> Decimal {
        self.value
    }

    /// The text as it was written, which is the text that is sent; of a whole number without its zeros.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A price as people read it: two decimal places at least, and no more than it has.
pub(crate) fn price_words(price: Decimal) -> String {
    let mut shown = price.normalize();
    shown.rescale(shown.scale().max(2));
    shown.to_string()
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_writings_are_refused() {
        let odd = [
            "1e-7",
            "1,000",
            "NaN",
            "+5",
            "-5",
            "",
            " 5",
            "5 ",
            ".5",
            "5.",
            "007",
            "0",
            "0.00",
            "0x10",
            "1_0",
            "１",
            "∞",
            "inf",
            "5.00001",
            "123456789",
            "1.2.3",
            "$5",
            "5 USD",
            "٣",
        ];
        for text in odd {
            assert!(Number::read("price", text, 4).is_err(), "{text}");
        }
        for (text, whole) in [("10", "10"), ("10.0", "10"), ("1.000", "1")] {
            assert_eq!(Number::read("quantity", text, 0).unwrap().text(), whole);
        }
        for text in ["1.", "0", "0.0", "1.5", "1.01", "1.0.0", "01.0", "1.0 ", "1.٠", ".0"] {
            assert!(Number::read("quantity", text, 0).is_err(), "{text}");
        }
    }

    #[test]
    fn a_price_has_two_places_and_keeps_every_other_digit() {
        for (price, words) in
            [("400", "400.00"), ("4.4", "4.40"), ("0.0001", "0.0001"), ("12.50000", "12.50"), ("-3", "-3.00")]
        {
            assert_eq!(price_words(price.parse().unwrap()), words);
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_sent_as_written(text in "\\PC{0,12}") {
            if let Ok(number) = Number::read("price", &text, 4) {
                prop_assert_eq!(number.text(), &text);
                prop_assert_eq!(number.value().to_string(), text);
            }
        }

        #[test]
        fn plain_prices_are_read(whole in 1u32..1_000_000, cents in 0u32..100) {
            let text = format!("{whole}.{cents:02}");
            let number = Number::read("price", &text, 4).unwrap();
            prop_assert_eq!(number.text(), text);
        }
    }
}
