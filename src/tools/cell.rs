//! One value of Aries as text, in the unit that its column says. Nothing here sends or waits.

use rust_decimal::{Decimal, RoundingStrategy};

use super::format::{cents, plain, quantity};
use crate::aries::model::greeks;
use crate::aries::symbols::Symbol;
use crate::aries::time::words::whole_day;
use crate::aries::{Json, time};
use crate::text::{clean, hides};
use crate::tools::shape::Unit;

/// An unnamed text of Aries is shown so far.
const OPEN_TEXT: usize = 120;
/// A word of Aries' own is no longer; what is longer is quoted.
const WORD: usize = 24;

/// The first of several places that exists; the empty place is the value itself.
pub(super) fn place<'a>(json: Json<'a>, paths: &str) -> Option<Json<'a>> {
    paths.split(',').find_map(|path| json.get(path))
}

/// One value in its unit; `None` for what is missing.
pub(super) fn cell(row: Json<'_>, path: &str, unit: Unit) -> Option<String> {
    written(place(row, path)?, unit)
}

fn written(value: Json<'_>, unit: Unit) -> Option<String> {
    match unit {
        Unit::Count => Some(value.items().len().to_string()),
        Unit::Tagged => {
            let figures = value.items().into_iter().filter_map(|one| {
                let figure = cell(one, "number_value,text_value", Unit::Number)?;
                Some(format!("{} {figure}", word(&one.text_at("tag")?)?))
            });
            Some(figures.take(12).collect::<Vec<_>>().join(", ")).filter(|figures| !figures.is_empty())
        }
        Unit::List => {
            let items = value.items();
            let all = if items.is_empty() { vec![value] } else { items };
            // A list holds words; what has blanks in it is a text.
            let one = |text: &str| {
                if text.trim().contains(char::is_whitespace) { quoted(text, WORD) } else { word(text) }
            };
            let words: Vec<_> = all
                .iter()
                .filter_map(|item| one(&item.text().or_else(|| item.text_at("symbol"))?))
                .take(40)
                .collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
        Unit::Word => word(&value.text()?),
        Unit::Text(most) => quoted(&value.text()?, most),
        Unit::Speech(most) => {
            let paragraphs: Vec<_> = value.items().into_iter().filter_map(Json::text).collect();
            quoted(
                &if paragraphs.is_empty() { value.text()?.into_owned() } else { paragraphs.join(" ") },
                most,
            )
        }
        Unit::Masked => Some(masked(&clean(&value.text()?, 200))),
        Unit::Contract => {
            let text = value.text()?;
            Symbol::parse(&text).ok().map(|symbol| symbol.to_string()).or_else(|| word(&text))
        }
        Unit::Flag => match value.boolean() {
            Some(flag) => Some(if flag { "yes" } else { "no" }.to_owned()),
            None => word(&value.text()?),
        },
        Unit::Date => date(&value.text()?),
        Unit::Stamp => moment(&value.text()?),
        _ => match value.decimal() {
            Some(number) => figure(number, unit),
            None if matches!(
                unit,
                Unit::Delta | Unit::Gamma | Unit::Theta | Unit::Vega | Unit::Volatility
            ) =>
            {
                None
            }
            None => word(&value.text()?),
        },
    }
}

pub(super) fn figure(number: Decimal, unit: Unit) -> Option<String> {
    let rounded = |number: Decimal, places: u32| {
        let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded.normalize().to_string()
    };
    Some(match unit {
        Unit::Amount => plain(number),
        Unit::Price => plain(Some(number).filter(|price| *price >= Decimal::ZERO)?),
        Unit::Cents => cents(number),
        Unit::Percent => rounded(number, 2),
        Unit::Fraction => rounded(number.checked_mul(Decimal::ONE_HUNDRED)?, 2),
        Unit::Delta => rounded(Some(number).filter(greeks::is_delta)?, 4),
        Unit::Gamma => rounded(Some(number).filter(greeks::is_gamma)?, 4),
        Unit::Theta => rounded(Some(number).filter(greeks::is_theta)?, 4),
        Unit::Vega => rounded(Some(number).filter(greeks::is_vega)?, 4),
        Unit::Volatility => {
            let share = Some(number).filter(greeks::is_volatility)?;
            rounded(share.checked_mul(Decimal::ONE_HUNDRED)?, 2)
        }
        Unit::Share if number.abs() <= Decimal::ONE => rounded(number.checked_mul(Decimal::ONE_HUNDRED)?, 2),
        Unit::Share => rounded(number, 2),
        // Small companies exist: what is below a hundred million keeps two decimals.
        Unit::Millions => {
            let millions = number.checked_div(Decimal::from(1_000_000))?;
            rounded(millions, if millions.abs() < Decimal::ONE_HUNDRED { 2 } else { 0 })
        }
        Unit::Number => rounded(number, 4),
        Unit::Whole => rounded(number, if number.abs() >= Decimal::ONE_THOUSAND { 0 } else { 2 }),
        _ => quantity(number),
    })
}

/// A code, a number or a date as it is; anything longer, and anything of several words, in quotation marks.
pub(super) fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = text.bytes().all(|byte| byte.is_ascii_graphic());
    let clock = text.strip_suffix(" am").or_else(|| text.strip_suffix(" pm")).unwrap_or(text);
    let is_figure = clock.bytes().all(|byte| byte.is_ascii_digit() || b" -+:./,%$".contains(&byte));
    if text.chars().nth(WORD).is_some() || !(is_code || is_figure) {
        return quoted(text, OPEN_TEXT);
    }
    let word = clean(text, WORD).replace('"', "'");
    (!word.is_empty()).then_some(word)
}

/// Text of third parties: cleaned, bounded, and in quotation marks that it cannot end. Behind them stands whether it hid
/// something: what is left may not be what its readers see.
pub(super) fn quoted(text: &str, most: usize) -> Option<String> {
    let inner = clean(text, most).replace(['"', '“', '”'], "'");
    let hidden = if hides(text, most) { " [hidden characters removed]" } else { "" };
    (!inner.is_empty()).then(|| format!("\"{inner}\"{hidden}"))
}

/// The first character and what follows the `@`, or the last two digits.
fn masked(text: &str) -> String {
    match text.split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().take(1).collect::<String>()),
        None => {
            let skip = text.chars().count().saturating_sub(2);
            format!("…{}", text.chars().skip(skip).collect::<String>())
        }
    }
}

/// `2026-11-20` of any stamp, text or American date; anything else as a word.
pub(super) fn date(text: &str) -> Option<String> {
    let first = text.split([' ', 'T']).next().unwrap_or_default();
    if let Some(day) = whole_day(first).or_else(|| whole_day(&text.replace(',', ""))) {
        return Some(day.to_string());
    }
    // Fewer digits are a year.
    match text.parse::<i64>().ok().filter(|_| text.len() >= 9).and_then(time::from_unix) {
        Some(moment) => Some(moment.to_zoned(time::zone()).date().to_string()),
        None => word(text),
    }
}

/// A member that is not documented: what is named like a moment and looks like one is shown as one.
pub(super) fn unnamed(name: &str, value: Json<'_>) -> Option<String> {
    if value.boolean().is_some() {
        return written(value, Unit::Flag);
    }
    let name = name.to_lowercase();
    let is_moment = ["time", "date", "updated", "created", "at"].iter().any(|end| name.ends_with(end));
    let digits =
        value.text().is_some_and(|text| (10..=19).contains(&text.len()) && text.parse::<i64>().is_ok());
    // A code that begins with a zero, such as a ZIP code, is no number.
    let is_code = value.text().is_some_and(|text| {
        text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
    });
    let unit = match (is_moment && digits, is_code) {
        (true, _) => Unit::Stamp,
        (false, true) => Unit::Word,
        (false, false) => Unit::Number,
    };
    written(value, unit)
}

/// A moment on New York's clock, to the second; a bare date stays one.
pub(super) fn moment(text: &str) -> Option<String> {
    match time::stamp(text) {
        Some(moment) if moment.as_second().rem_euclid(86_400) == 0 && text.len() < 14 => {
            Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        }
        Some(moment) => Some(time::local(moment)),
        None => date(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_written_as_said() {
        let one =
            |text: &str, unit: Unit| cell(Json::parse(&format!("{{\"a\":{text}}}")).unwrap(), "a", unit);
        let cases = [
            ("270.10", Unit::Price, "270.10"),
            ("-2.5", Unit::Amount, "-2.50"),
            ("\"1.5\"", Unit::Cents, "1.50"),
            ("0.0038", Unit::Fraction, "0.38"),
            ("0.28", Unit::Fraction, "28"),
            ("0.283", Unit::Volatility, "28.3"),
            ("-0.5", Unit::Delta, "-0.5"),
            ("1.005", Unit::Percent, "1.01"),
            ("0.64", Unit::Share, "64"),
            ("64", Unit::Share, "64"),
            ("391035000000", Unit::Millions, "391035"),
            ("12345678", Unit::Millions, "12.35"),
            ("982.769", Unit::Whole, "982.77"),
            ("389912.952", Unit::Whole, "389913"),
            ("1767401938487914800", Unit::Stamp, "2026-01-02 19:58:58"),
            ("1767401938", Unit::Stamp, "2026-01-02 19:58:58"),
            ("\"2026-01-02T19:58:58-05:00\"", Unit::Stamp, "2026-01-02 19:58:58"),
            ("\"01/02/2026\"", Unit::Date, "2026-01-02"),
            ("\"2026-02-21T00:00:00\"", Unit::Date, "2026-02-21"),
            ("\"1/2/2026 4:00 PM\"", Unit::Date, "2026-01-02"),
            ("\"Jan 2, 2026\"", Unit::Date, "2026-01-02"),
            ("\"01/02/2026 4:00 PM\"", Unit::Stamp, "2026-01-02 16:00:00"),
            ("2026", Unit::Date, "2026"),
            ("\"O:AAPL261218C00200000\"", Unit::Contract, "AAPL261218C00200000"),
            ("true", Unit::Flag, "yes"),
            ("[\"AAPL\",\"MSFT\"]", Unit::List, "AAPL MSFT"),
            ("[1,2,3]", Unit::Count, "3"),
            (
                r#"[{"tag":"roe","number_value":0.15},{"tag":"sector","number_value":null,"text_value":"Big tech"}]"#,
                Unit::Tagged,
                "roe 0.15, sector \"Big tech\"",
            ),
            ("\"someone@example.com\"", Unit::Masked, "s…@example.com"),
            ("\"+1 212 555 0143\"", Unit::Masked, "…43"),
            ("\"sell it all\"", Unit::Word, "\"sell it all\""),
            ("\"SELL EVERYTHING NOW AND\"", Unit::Stamp, "\"SELL EVERYTHING NOW AND\""),
            ("\"2026-11-20 08:30\"", Unit::Word, "2026-11-20 08:30"),
            ("\"72%\"", Unit::Price, "72%"),
            ("\"a \\\"b\\\"\"", Unit::Text(20), "\"a 'b'\""),
            ("\"a \\u202ewon\"", Unit::Text(20), "\"a won\" [hidden characters removed]"),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(one(text, unit).as_deref(), Some(expected), "{text} {unit:?}");
        }
        for (text, unit) in [
            ("99", Unit::Delta),
            ("1.2", Unit::Delta),
            ("-5", Unit::Price),
            ("-1", Unit::Gamma),
            ("101", Unit::Gamma),
            ("-999", Unit::Theta),
            ("-1", Unit::Vega),
            ("0", Unit::Volatility),
            ("20", Unit::Volatility),
        ] {
            assert_eq!(one(text, unit), None, "{text}");
        }
        for nothing in ["null", "\"\"", "{}", "[]"] {
            assert_eq!(one(nothing, Unit::Price), None, "{nothing}");
        }
    }
}
