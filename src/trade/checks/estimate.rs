//! Aries' own preview of an order: what it would cost, and whatever else Aries says to it.
//!
//! The names of its messages are documented in words only (`trading.md` 6.4), so every known spelling
//! and shape is read.

use rust_decimal::Decimal;

use crate::aries::Json;
use crate::aries::text::clean;
use crate::error::{Error, Kind, Result};
use crate::trade::checks::notional::cents;

/// Where the cost stands.
const COST: [&str; 2] = ["estimatedCost", "cost"];
/// Where a refusal stands.
const REFUSALS: [&str; 7] =
    ["errorMessages", "errorMessage", "errors", "error", "codes", "rejectReason", "ordRejReason"];
/// Where a warning stands.
const WARNINGS: [&str; 4] = ["warningMessages", "warningMessage", "warnings", "warnDescription"];
/// Where either may stand, depending on the rest.
const REMARKS: [&str; 2] = ["text", "message"];
/// No more texts are told than these: the ticket must not drown in them.
const MOST_TEXTS: usize = 10;

/// What Aries' own preview said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Estimate {
    /// What Aries expects it to cost, in USD; money that comes in is negative.
    pub(crate) cost: Option<Decimal>,
    /// Name and value in USD.
    pub(crate) money: Vec<(String, String)>,
    /// How many day trades it would count.
    pub(crate) day_trades: Option<i64>,
    /// What a person should know.
    pub(crate) warnings: Vec<String>,
}

impl Estimate {
    /// Whether it holds no number at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.money.is_empty() && self.day_trades.is_none()
    }
}

/// Reads the answer of the preview call.
///
/// # Errors
/// [`Kind::Refused`] with Aries' words if Aries would refuse the order.
pub(crate) fn read(json: Json<'_>, is_option: bool) -> Result<Estimate> {
    let mut refusals = texts(json, &REFUSALS);
    let status = ["status", "ordStatus"].iter().find_map(|name| json.text_at(name)).unwrap_or_default();
    let success = json.text_at("success").unwrap_or_default();
    let is = |text: &str, words: &[&str]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    let said_no = is(&success, &["false", "0", "no"]) || is(&status, &["REJECTED", "ERROR", "FAILED"]);
    if said_no {
        refusals.extend(texts(json, &REMARKS));
    }
    if said_no || !refusals.is_empty() {
        let why =
            if refusals.is_empty() { "it gives no reason".to_owned() } else { some(refusals).join("; ") };
        let hint = "tell the person what Aries said; nothing was ordered";
        return Err(Error::new(Kind::Refused, format!("Aries would refuse it: {why}"), hint));
    }
    let mut warnings = texts(json, &WARNINGS);
    warnings.extend(texts(json, &REMARKS));
    let mut warnings: Vec<String> =
        some(warnings).into_iter().map(|text| format!("Aries: \"{text}\"")).collect();
    if let Some(rule) = json.text_at("warnRuleId").filter(|rule| !says_nothing(rule)) {
        warnings.push(format!("Aries names its warning rule {}", clean(&rule, 40)));
    }
    let first = |names: &[&str]| names.iter().find_map(|name| json.decimal_at(name));
    let rows: [(&str, &[&str]); 8] = [
        ("Estimated cost", &COST),
        ("Margin", &["estimatedMargin", "marginRequirement"]),
        ("Commission", &["commission"]),
        ("Fees", &["fees"]),
        ("Buying power effect", &["buyingPowerImpact"]),
        ("Option fees", &["optionFees"]),
        ("Option premium", &["optionPremium"]),
        ("Option requirement", &["optionRequirement"]),
    ];
    let money = rows
        .into_iter()
        .filter(|(name, _)| is_option || !name.starts_with("Option"))
        .filter_map(|(name, names)| Some((name.to_owned(), cents(first(names)?))))
        .collect();
    let day_trades = json.get("numDayTrades").and_then(Json::integer);
    Ok(Estimate { cost: first(&COST), money, day_trades, warnings })
}

/// Texts under any of these names: one, or one for each element of a list.
fn texts(json: Json<'_>, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    // Whoever puts an object into a list, or anything into an object, means something by it.
    let wordless = |meant: bool| meant.then(|| "something without words".to_owned());
    for value in names.iter().filter_map(|name| json.get(name)) {
        if value.is_array() {
            let items = value.items().into_iter();
            found.extend(items.filter_map(|item| words(item, 3).or_else(|| wordless(item.is_object()))));
        } else {
            found.extend(words(value, 3).or_else(|| wordless(!value.members().is_empty())));
        }
    }
    found.dedup();
    found
}

/// A text, or what is said inside so many levels: under a name for words if there is any, else everywhere. `None` if
/// there are only fillers.
fn words(value: Json<'_>, levels: usize) -> Option<String> {
    if let Some(text) = value.text() {
        return (!says_nothing(&text)).then(|| clean(&text, 200));
    }
    let levels = levels.checked_sub(1)?;
    let named = ["description", "message", "reason", "text"];
    named.iter().find_map(|name| words(value.get(name)?, levels)).or_else(|| {
        let members = value.members().into_iter().map(|(_, member)| member);
        let parts = members.chain(value.items()).filter_map(|part| words(part, levels));
        let parts: Vec<String> = parts.take(MOST_TEXTS).collect();
        (!parts.is_empty()).then(|| clean(&parts.join(", "), 200))
    })
}

/// Fillers that stand where there is nothing to say.
fn says_nothing(text: &str) -> bool {
    ["", "0", "false", "none", "null", "n/a"].iter().any(|filler| text.trim().eq_ignore_ascii_case(filler))
}

/// The first texts, and how many there are beyond.
fn some(mut texts: Vec<String>) -> Vec<String> {
    let beyond = texts.len().saturating_sub(MOST_TEXTS);
    texts.truncate(MOST_TEXTS);
    if beyond > 0 {
        texts.push(format!("and {beyond} more"));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Estimate> {
        read(Json::parse(text).unwrap(), false)
    }

    #[test]
    fn every_shape_of_a_refusal_is_heard() {
        for (body, why) in [
            (r#"{"status":"REJECTED","text":"insufficient buying power"}"#, "insufficient buying power"),
            (r#"{"ordRejReason":"INSUFFICIENT_BUYING_POWER"}"#, "INSUFFICIENT_BUYING_POWER"),
            (
                r#"{"error":"account is restricted","codes":[{"code":"R1","description":"closing only"}]}"#,
                "account is restricted; closing only",
            ),
            (r#"{"errors":[{"code":"X","reason":"closing only"}]}"#, "closing only"),
            (r#"{"errorMessages":{"0":"too much"}}"#, "too much"),
            (r#"{"errors":[{"code":"X9"}]}"#, "X9"),
            (r#"{"success":false,"ordRejReason":"","text":""}"#, "it gives no reason"),
            (
                r#"{"errors":[{"code":"E42","description":"","message":"restricted"}],"estimatedCost":"4"}"#,
                "restricted",
            ),
            (r#"{"error":"","codes":[{"code":"R1","description":""}]}"#, "R1"),
            (r#"{"errors":[{"message":{},"code":"X"}]}"#, "X"),
            (r#"{"errors":[{}]}"#, "something without words"),
            (r#"{"errors":{"code":""}}"#, "something without words"),
            (r#"{"errorMessage":"no"}"#, "no"),
            (r#"{"success":0,"text":"no"}"#, "no"),
            (r#"{"ordStatus":"REJECTED"}"#, "it gives no reason"),
            (r#"{"status":" rejected ","message":"no"}"#, "no"),
            (r#"{"success":false,"text":"market closed"}"#, "market closed"),
        ] {
            let error = read_text(body).unwrap_err();
            assert_eq!(error.cause, format!("Aries would refuse it: {why}"), "{body}");
        }
    }

    #[test]
    fn fillers_are_no_refusal() {
        let body = r#"{"success":true,"errors":false,"rejectReason":"0","errorMessages":[],"error":{},"codes":[null,""],"warnRuleId":"0","estimatedCost":"4000"}"#;
        let estimate = read_text(body).unwrap();
        assert_eq!(estimate.money, [("Estimated cost".to_owned(), "4,000.00".to_owned())]);
        assert!(estimate.warnings.is_empty(), "{:?}", estimate.warnings);
    }

    #[test]
    fn warnings_are_told_in_any_shape_and_not_without_end() {
        let body = r#"{"warningMessages":[{"code":"PDT","description":"","message":"pattern day trader"}],"message":"thin market"}"#;
        let estimate = read_text(body).unwrap();
        assert_eq!(estimate.warnings, [r#"Aries: "pattern day trader""#, r#"Aries: "thin market""#]);
        let many: Vec<String> = (0..300).map(|number| format!("\"w{number}\"")).collect();
        let estimate = read_text(&format!(r#"{{"warnings":[{}]}}"#, many.join(","))).unwrap();
        assert_eq!(estimate.warnings.len(), 11);
        assert_eq!(estimate.warnings.last().unwrap(), r#"Aries: "and 290 more""#);
    }
}
