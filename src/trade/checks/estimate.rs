//! Aries' own preview of an order: what it would cost, and whatever else Aries says to it.
//!
//! `api-reference/orders/preview-order` names its messages in prose only, so every known spelling and shape is read.

use rust_decimal::Decimal;

use crate::aries::Json;
use crate::error::{Error, Kind, Result};
use crate::text::clean;
use crate::told::Told;
use crate::trade::checks::notional::cents;
use crate::trade::order::body::Leg;

const COST: [&str; 2] = ["estimatedCost", "cost"];
/// Amounts by their name, with the fields that may hold them.
const AMOUNTS: [(&str, &[&str]); 5] = [
    ("Estimated cost", &COST),
    ("Margin", &["estimatedMargin", "marginRequirement"]),
    ("Commission", &["commission"]),
    ("Fees", &["fees"]),
    ("Buying power effect", &["buyingPowerImpact"]),
];
const OPTION_AMOUNTS: [(&str, &[&str]); 3] = [
    ("Option fees", &["optionFees"]),
    ("Option premium", &["optionPremium"]),
    ("Option requirement", &["optionRequirement"]),
];
const REFUSALS: [&str; 7] =
    ["errorMessages", "errorMessage", "errors", "error", "codes", "rejectReason", "ordRejReason"];
const WARNINGS: [&str; 4] = ["warningMessages", "warningMessage", "warnings", "warnDescription"];
/// Fields of a refusal if the rest of the answer refuses the order, and of a warning otherwise.
const REMARKS: [&str; 2] = ["text", "message"];
/// Most texts that are reported, so that a person can still read the ticket.
const MOST_TEXTS: usize = 10;

#[derive(Debug, Clone, Default)]
pub(crate) struct Estimate {
    /// What Aries expects it to cost, in USD; money that comes in is negative.
    pub(crate) cost: Option<Decimal>,
    pub(crate) amounts: Vec<(String, String)>,
    pub(crate) day_trades: Option<i64>,
    pub(crate) warnings: Vec<String>,
}

impl Estimate {
    pub(crate) fn is_empty(&self) -> bool {
        self.amounts.is_empty() && self.day_trades.is_none()
    }
}

/// Reads the answer of the preview call about an order with these legs. Fails with Aries' words if it would refuse it.
pub(crate) fn read(json: Json<'_>, legs: &[Leg]) -> Result<Estimate> {
    // A refusal counts wherever it stands.
    let levels = json.levels();
    levels.iter().try_for_each(|level| check_not_refused(*level))?;
    let first =
        |names: &[&str]| levels.iter().find_map(|level| names.iter().find_map(|name| level.decimal_at(name)));
    let of_options: &[_] = if legs.is_empty() { &[] } else { &OPTION_AMOUNTS };
    let rows = AMOUNTS.iter().chain(of_options);
    let amounts = rows.filter_map(|(name, names)| Some(((*name).to_owned(), cents(first(names)?)))).collect();
    let day_trades = levels.iter().find_map(|level| level.get("numDayTrades")?.integer());
    let warnings = levels.iter().flat_map(|level| warnings(*level)).collect();
    Ok(Estimate { cost: first(&COST), amounts, day_trades, warnings })
}

fn check_not_refused(json: Json<'_>) -> Result<()> {
    let mut refusals = texts(json, &REFUSALS);
    let status = ["status", "ordStatus"].iter().find_map(|name| json.text_at(name)).unwrap_or_default();
    let success = json.text_at("success").unwrap_or_default();
    let is = |text: &str, words: &[&str]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    let said_no = is(&success, &["false", "0", "no"]) || is(&status, &["REJECTED", "ERROR", "FAILED"]);
    if said_no {
        refusals.extend(texts(json, &REMARKS));
    }
    if !said_no && refusals.is_empty() {
        return Ok(());
    }
    let why = if refusals.is_empty() { "it gives no reason".to_owned() } else { some(refusals).join("; ") };
    let hint = Told::pair("tell the person what Aries said; nothing was ordered", "nothing was ordered");
    Err(Error::new(Kind::Refused, format!("Aries would refuse it: {why}"), hint))
}

fn warnings(json: Json<'_>) -> Vec<String> {
    let mut found = texts(json, &WARNINGS);
    found.extend(texts(json, &REMARKS));
    let rule = json.text_at("warnRuleId").filter(|rule| !is_filler(rule));
    let rule = rule.map(|rule| format!("Aries names its warning rule {}", clean(&rule, 40)));
    some(found).into_iter().map(|text| format!("Aries: \"{text}\"")).chain(rule).collect()
}

/// The texts of these fields: one of each, or one for each element of a list.
fn texts(json: Json<'_>, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let wordless = || "something without words".to_owned();
    for value in names.iter().filter_map(|name| json.get(name)) {
        // An object in a list, or one with members, says something even if it has no words.
        if value.is_array() {
            let items = value.items().into_iter();
            found.extend(items.filter_map(|item| words(item, 3).or_else(|| item.is_object().then(wordless))));
        } else {
            found.extend(words(value, 3).or_else(|| (!value.members().is_empty()).then(wordless)));
        }
    }
    found.dedup();
    found
}

/// The words of a value, down to so many levels: those of its field for words if it has one, else those of all its members.
/// `None` if it holds only fillers.
fn words(value: Json<'_>, levels: usize) -> Option<String> {
    if let Some(text) = value.text() {
        return (!is_filler(&text)).then(|| clean(&text, 200));
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

/// Whether a text is a filler that stands where there is nothing to say.
fn is_filler(text: &str) -> bool {
    ["", "0", "false", "none", "null", "n/a"].iter().any(|filler| text.trim().eq_ignore_ascii_case(filler))
}

fn some(mut texts: Vec<String>) -> Vec<String> {
    let more = texts.len().saturating_sub(MOST_TEXTS);
    texts.truncate(MOST_TEXTS);
    if more > 0 {
        texts.push(format!("and {more} more"));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Estimate> {
        read(Json::parse(text).unwrap(), &[])
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
        assert_eq!(estimate.amounts, [("Estimated cost".to_owned(), "4,000.00".to_owned())]);
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
