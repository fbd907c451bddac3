//! The usual levels of indicators that move between two bounds, and where a value lies. No advice: what follows from it is
//! for the person to say.

use rust_decimal::Decimal;

/// By the name of the indicator's output, as Aries spells it: the lower and the upper level.
const LEVELS: [(&[&str], i64, i64); 5] = [
    (&["rsi"], 30, 70),
    (&["stoch", "slowk", "slowd", "fastk", "fastd"], 20, 80),
    (&["willr"], -80, -20),
    (&["cci"], -100, 100),
    (&["mfi"], 20, 80),
];

/// `rsi: usual levels 30 and 70: between them`; `None` where an output has no such levels.
pub(super) fn levels(output: &str, value: Decimal) -> Option<String> {
    let name = output.to_lowercase().replace(['_', ' ', '%'], "");
    let (_, low, high) = LEVELS.iter().find(|(names, ..)| names.contains(&name.as_str()))?;
    let lies = match value {
        _ if value < Decimal::from(*low) => "below both",
        _ if value > Decimal::from(*high) => "above both",
        _ => "between them",
    };
    Some(format!("{output}: usual levels {low} and {high}: {lies}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_below_between_or_above_the_usual_levels() {
        let said = |output: &str, value: &str| levels(output, value.parse().unwrap());
        let expected = |output: &str, words: &str| Some(format!("{output}: usual levels {words}"));
        assert_eq!(said("rsi", "51.05"), expected("rsi", "30 and 70: between them"));
        assert_eq!(said("rsi", "70.01"), expected("rsi", "30 and 70: above both"));
        assert_eq!(said("slowk", "12"), expected("slowk", "20 and 80: below both"));
        assert_eq!(said("willr", "-85"), expected("willr", "-80 and -20: below both"));
        assert_eq!(said("cci", "101"), expected("cci", "-100 and 100: above both"));
        assert_eq!(said("mfi", "50"), expected("mfi", "20 and 80: between them"));
        assert_eq!(said("macd", "1"), None);
    }
}
