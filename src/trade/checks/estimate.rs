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

const ESTIMATED_COST: &str = "Estimated cost";
const COST: [&str; 2] = ["estimatedCost", "cost"];
/// Amounts by their name, with the fields that may hold them.
const AMOUNTS: [(&str, &[&str]); 5] = [
    (ESTIMATED_COST, &COST),
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
const REQUIREMENT: [&str; 3] = ["optionRequirement", "estimatedMargin", "marginRequirement"];
const FEES: [&[&str]; 3] = [&["commission"], &["fees"], &["optionFees"]];
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
    /// Names and amounts in USD; the same amount stands once, with all its names.
    pub(crate) amounts: Vec<(String, String)>,
    /// What it requires in the account, in USD.
    pub(crate) requirement: Option<Decimal>,
    /// Commission, fees and option fees in USD. Whether one of them holds another is not documented.
    fees: [Decimal; 3],
    pub(crate) day_trades: Option<i64>,
    pub(crate) warnings: Vec<String>,
}

impl Estimate {
    pub(crate) fn is_empty(&self) -> bool {
        self.amounts.is_empty() && self.day_trades.is_none()
    }

    /// The fees of an order that costs so much without them: what Aries' estimate is more, if Aries names fees that come to
    /// just that.
    pub(crate) fn fees_beside(&self, price: Decimal) -> Option<Decimal> {
        let ([commission, fees, of_options], more) = (self.fees, self.cost?.checked_sub(price)?);
        let with_commission = commission.saturating_add(fees);
        let sums = [
            commission,
            fees,
            of_options,
            with_commission,
            commission.saturating_add(of_options),
            fees.saturating_add(of_options),
            with_commission.saturating_add(of_options),
        ];
        Some(more).filter(|more| *more > Decimal::ZERO && sums.contains(more))
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
    let amounts = rows.filter_map(|(name, names)| Some((*name, first(names)?))).collect();
    let fees = FEES.map(|names| first(names).unwrap_or_default());
    let day_trades = levels.iter().find_map(|level| level.get("numDayTrades")?.integer());
    let warnings = levels.iter().flat_map(|level| warnings(*level)).collect();
    let (cost, requirement) = (first(&COST), first(&REQUIREMENT));
    Ok(Estimate { cost, amounts: together(amounts), requirement, fees, day_trades, warnings })
}

/// Amounts as rows, each amount once with all its names; the cost, which decides, stays by itself.
fn together(amounts: Vec<(&str, Decimal)>) -> Vec<(String, String)> {
    let mut rows: Vec<(String, Decimal)> = Vec::new();
    for (name, amount) in amounts {
        let is_same =
            |(names, other): &&mut (String, Decimal)| names != ESTIMATED_COST && other.abs() == amount.abs();
        match rows.iter_mut().find(is_same) {
            Some((names, other)) if *other == amount => names.push_str(&format!(", {name}")),
            Some((names, _)) => {
                let sign = if amount.is_sign_negative() { "negative" } else { "positive" };
                names.push_str(&format!(", {name} ({sign})"));
            }
            None => rows.push((name.to_owned(), amount)),
        }
    }
    rows.into_iter().map(|(names, amount)| (names, cents(amount))).collect()
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
    fn the_same_amount_stands_once_with_all_its_names() {
        let body = r#"{"estimatedCost":"451","estimatedMargin":"451","commission":"0","fees":"0","buyingPowerImpact":"-451",
            "optionFees":"1","optionPremium":"450","optionRequirement":"451.00"}"#;
        let legs = [Leg {
            contract: crate::aries::symbols::Contract::parse("AAPL270115C00280000").unwrap(),
            action: crate::trade::order::terms::Action::BuyToOpen,
            ratio: 1,
        }];
        let estimate = read(Json::parse(body).unwrap(), &legs).unwrap();
        let rows: Vec<String> =
            estimate.amounts.iter().map(|(names, amount)| format!("{names}|{amount}")).collect();
        assert_eq!(
            rows,
            [
                "Estimated cost|451.00",
                "Margin, Buying power effect (negative), Option requirement|451.00",
                "Commission, Fees|0.00",
                "Option fees|1.00",
                "Option premium|450.00",
            ]
        );
        // Fees are what the estimate has beside the price, if it names fees of that amount.
        let fees = |price: i64| estimate.fees_beside(Decimal::from(price));
        assert_eq!((fees(450), fees(449), fees(451)), (Some(Decimal::ONE), None, None));
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
