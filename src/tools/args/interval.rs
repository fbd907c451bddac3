//! The lengths of bars as people and other programs write them: `1D`, `daily`, `1 day`, `60 min`.

/// Units with the spellings of each; behind them the word of its own for one of them.
const UNITS: [(&str, &[&str], &str); 5] = [
    ("m", &["m", "min", "mins", "minute", "minutes"], "minutely"),
    ("h", &["h", "hr", "hrs", "hour", "hours"], "hourly"),
    ("d", &["d", "day", "days"], "daily"),
    ("w", &["w", "wk", "week", "weeks"], "weekly"),
    ("mo", &["mo", "mon", "mth", "month", "months"], "monthly"),
];

/// The word of the schema for a length; `None` for what is none, and for `M`, which is a minute to some and a month to
/// others.
pub(super) fn word_for(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let unit = unit.trim_start_matches([' ', '-', '_']);
    if unit == "M" {
        return None;
    }
    let unit = unit.to_ascii_lowercase();
    if number.is_empty()
        && let Some((short, ..)) = UNITS.iter().find(|(.., adverb)| *adverb == unit)
    {
        return Some(format!("1{short}"));
    }
    let (short, ..) = UNITS.iter().find(|(_, names, _)| names.contains(&unit.as_str()))?;
    // A letter alone is no length.
    match (number, *short) {
        ("", _) if unit.len() < 3 => None,
        ("", short) => Some(format!("1{short}")),
        ("60", "m") => Some("1h".to_owned()),
        (number, short) => Some(format!("{}{short}", number.trim_start_matches('0'))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_length_is_its_word() {
        for (word, texts) in [
            ("1d", &["1D", "1d", "1 day", "day", "Daily", "1-day", "01d"][..]),
            ("1h", &["1H", "hourly", "1 hour", "60m", "60 min"]),
            ("1w", &["1W", "weekly", "1 week"]),
            ("1mo", &["1Mo", "monthly", "1 month", "month"]),
            ("15m", &["15 min", "15min", "15 minutes", "15m"]),
        ] {
            for text in texts {
                assert_eq!(word_for(text).as_deref(), Some(word), "{text}");
            }
        }
        for text in ["1M", "M", "d", "", "day 1", "fortnightly", "1x"] {
            assert_eq!(word_for(text), None, "{text}");
        }
    }
}
