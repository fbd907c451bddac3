//! Errors that stand inside an answer of 200: services that Aries passes on say so in a member, and not by the status.

mod words;

use super::json::{Json, is_alike};
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;
use crate::told::Told;
use words::{
    ABOUT, ABSENCES, CODES, DENIALS, ERRORS, FAILURE_FLAGS, FAILURES, FLAGS, IN_PLACE_OF_AN_ANSWER, OUTCOMES,
    REFUSALS, REMARKS, SENTENCES, SUCCESSES,
};

/// Bytes of the longest answer in which an error is looked for.
const LONGEST: usize = 64 * 1024;

/// The error that an answer of 200 stands for, in Aries' words; `None` of an ordinary answer.
pub(super) fn of(json: Json<'_>, body: &str) -> Option<Error> {
    if json.is_null() {
        let hint =
            Told::from("trying again may help; if not, ").and(Told::person_that("Aries is out of order"));
        return Some(Error::new(Kind::Unavailable, "Aries answered null, which says nothing", hint));
    }
    // What is about a failure alone is short, and a long answer is not read twice.
    if body.len() > LONGEST {
        return None;
    }
    let whole = Some(json).filter(|whole| holds_no_rows(*whole));
    let failing = whole.or_else(|| json.levels().into_iter().find(|level| fails(*level)))?;
    Some(error(body, failing))
}

/// The error that an answer of 200 to an order or a cancel stands for. A yes to those may be a sentence and nothing else,
/// so it is a no only where it says so.
pub(super) fn of_order(json: Json<'_>, body: &str) -> Option<Error> {
    let has_errors =
        |level: Json<'_>| level.get("errors").is_some_and(|errors| says(errors) && !is_of_symbols(errors));
    let is_no = |level: &Json<'_>| denies(*level) || tells_of_failure(*level) || has_errors(*level);
    let failing = json.levels().into_iter().find(is_no)?;
    Some(error(body, failing))
}

fn error(body: &str, failing: Json<'_>) -> Error {
    // What is wrong with each field may stand where the answer would.
    let fields =
        IN_PLACE_OF_AN_ANSWER.iter().find_map(|name| failing.get(name).filter(|value| value.is_object()));
    let fields = fields.map(|fields| format!("{{\"errors\":{}}}", fields.raw())).unwrap_or_default();
    let said = [body, failing.raw(), &fields].map(|text| ErrorBody::read(text).after_colon());
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    let hint = "check the arguments, a symbol with find_symbol; if they are right, try again in a minute";
    Error::new(Kind::Refused, format!("Aries answered with an error{said}"), hint)
}

/// Whether the whole answer is a list of sentences or of nulls, as none of Aries' answers is.
fn holds_no_rows(whole: Json<'_>) -> bool {
    let items = whole.items();
    !items.is_empty() && items.iter().all(|item| item.is_null() || is_sentence(*item))
}

fn is_sentence(value: Json<'_>) -> bool {
    value.text().is_some_and(|text| text.trim().contains(char::is_whitespace))
}

fn fails(level: Json<'_>) -> bool {
    if level.is_array() {
        let items = level.items();
        let says_nothing = |item: &Json<'_>| item.is_null() || item.is_object() && is_about_failure(*item);
        return !items.is_empty() && items.iter().all(says_nothing);
    }
    if !level.is_object() {
        // A text or a boolean is no answer to any question; a number is one.
        return level.decimal().is_none();
    }
    denies(level) || is_refused_alone(level) || is_about_failure(level)
}

/// Whether it says no in so many words, whatever else it says.
fn denies(level: Json<'_>) -> bool {
    let word = |name: &str| level.text_at(name).map(|word| word.trim().to_lowercase());
    let is_failing = |name: &&str| word(name).is_some_and(|word| FAILURES.contains(&word.as_str()));
    let is_no = |name: &&str| word(name).is_some_and(|word| word == "false" || word == "0");
    let is_yes = |name: &&str| word(name).is_some_and(|word| word == "true");
    ERRORS.iter().any(|name| level.get(name).is_some_and(is_said))
        || FLAGS.iter().any(is_no)
        || FAILURE_FLAGS.iter().any(is_yes)
        || OUTCOMES.iter().any(is_failing)
        || ABOUT.iter().any(|name| level.get(name).is_some_and(tells_of_failure))
        || is_denied(level)
}

/// Whether what is said about an answer is that there is none.
fn tells_of_failure(about: Json<'_>) -> bool {
    let has_text = |name: &&str| about.text_at(name).is_some_and(|text| !text.trim().is_empty());
    let is_failing = |name: &&str| {
        about.text_at(name).is_some_and(|word| FAILURES.contains(&word.trim().to_lowercase().as_str()))
    };
    about.is_object()
        && (ERRORS.iter().any(|name| about.get(name).is_some_and(is_said))
            || FLAGS.iter().any(|name| about.get(name).and_then(Json::boolean) == Some(false))
            || OUTCOMES.iter().any(is_failing)
            || ["errorMessage", "errorDescription", "errMsg", "errorText"].iter().any(has_text)
            || has_code_of_failure(about))
}

fn has_code_of_failure(level: Json<'_>) -> bool {
    let codes = ["code", "statusCode", "status", "httpStatus", "httpCode"]
        .iter()
        .filter_map(|name| level.get(name)?.integer());
    codes.into_iter().any(|code| code < 0 || (400..600).contains(&code))
}

/// Whether nothing is answered but a no, or a sentence stands in the place of the answer.
fn is_refused_alone(level: Json<'_>) -> bool {
    let is_of = |names: &[&str], name: &str| names.iter().any(|known| is_alike(known, name));
    let is_no = |value: Json<'_>| value.boolean() == Some(false);
    let (telling, others): (Vec<_>, Vec<_>) = level.members().into_iter().partition(|(name, value)| {
        is_of(&REFUSALS, name) && is_no(*value) || is_of(&IN_PLACE_OF_AN_ANSWER, name) && is_sentence(*value)
    });
    !telling.is_empty() && others.iter().all(|(name, value)| is_remark(name) || value.is_null())
}

/// Whether the member says that something is wrong: not when it is false, zero, or empty.
fn is_said(error: Json<'_>) -> bool {
    match error.text() {
        Some(text) => {
            !["false", "0", "none", "null", "ok"].contains(&text.trim().to_lowercase().as_str())
                && !text.trim().is_empty()
        }
        None => !error.members().is_empty() || !error.items().is_empty(),
    }
}

/// Whether nothing is answered, and the status says that it was denied.
fn is_denied(level: Json<'_>) -> bool {
    let status = level.text_at("status").unwrap_or_default().trim().to_lowercase();
    (status == "false" || DENIALS.iter().any(|part| status.contains(part))) && has_remarks_alone(level)
}

fn has_remarks_alone(level: Json<'_>) -> bool {
    level.members().iter().all(|(name, value)| is_remark(name) || is_hollow(*value))
}

/// Whether a member of this name tells how an answer came about.
pub(super) fn is_remark(name: &str) -> bool {
    let about = SENTENCES.iter().chain(&CODES).chain(&REMARKS).chain(&FLAGS).chain(&FAILURE_FLAGS);
    about.into_iter().any(|known| is_alike(known, name))
}

/// Whether it holds nothing but empty lists and objects.
pub(super) fn is_hollow(value: Json<'_>) -> bool {
    value.text().is_none()
        && value.items().is_empty()
        && value
            .members()
            .iter()
            .all(|(name, inner)| is_hollow(*inner) || is_alike(name, "count") || is_alike(name, "total"))
}

fn says(value: Json<'_>) -> bool {
    value.text().is_some() || !value.members().is_empty() || !value.items().is_empty()
}

/// Whether there is nothing in it but remarks, of which one is a code of failure, or says what is wrong.
fn is_about_failure(level: Json<'_>) -> bool {
    if !has_remarks_alone(level) {
        return false;
    }
    let members = level.members();
    let is_success = level.text_at("status").is_some_and(|word| is_success(&word));
    let has_list = members.iter().any(|(name, value)| holds_list(*value) && !is_remark(name));
    let code = CodeOf::of(level);
    let is_wrong = |name: &str| match name {
        "errors" | "codes" => level.get(name).is_some_and(|errors| says(errors) && !is_of_symbols(errors)),
        // A remark beside an empty list is about absence, and one on a success is none, unless a code says otherwise.
        _ => {
            let is_absence = (has_list || is_success) && code == CodeOf::Nothing;
            level.get(name).is_some_and(complains) && !is_absence
        }
    };
    let has_error = ERRORS.iter().any(|name| level.get(name).is_some_and(is_said));
    has_code_of_failure(level)
        || has_error
        || code == CodeOf::Error
        || ABOUT.iter().any(|name| level.get(name).is_some_and(is_coded_failure))
        || is_wrong("codes")
        || SENTENCES.iter().any(|name| is_wrong(name))
}

/// Whether what is said about an answer has a code of an error, with a sentence.
fn is_coded_failure(about: Json<'_>) -> bool {
    let complains = || SENTENCES.iter().any(|name| about.get(name).is_some_and(complains));
    match CodeOf::of(about) {
        CodeOf::Error => true,
        CodeOf::Something => complains(),
        CodeOf::Nothing => false,
    }
}

/// What the codes of an answer are about.
#[derive(PartialEq, Eq)]
enum CodeOf {
    /// There is none, or it means success.
    Nothing,
    /// It may be the code of what was asked for.
    Something,
    Error,
}

impl CodeOf {
    fn of(level: Json<'_>) -> Self {
        let tells = |name: &&&str| level.text_at(name).is_some_and(|code| !is_harmless(&code));
        // Of a status most words tell how it is going; 0 is its no.
        let status = level.text_at("status").unwrap_or_default();
        let is_code = status.contains(|c: char| c.is_ascii_digit()) && status != "1" && !is_harmless(&status);
        let denies = |name: &str| {
            let code = level.text_at(name).unwrap_or_default().to_lowercase();
            // What is not found may be what was asked for.
            DENIALS.iter().any(|part| code.contains(part) && !part.contains("found"))
        };
        match CODES.iter().find(tells) {
            Some(name) if denies(name) => Self::Error,
            Some(name) if name.starts_with("err") || name.starts_with("fault") => Self::Error,
            Some(_) => Self::Something,
            None if is_code || status == "0" => Self::Something,
            None => Self::Nothing,
        }
    }
}

/// Whether a code or a word means success or absence.
pub(super) fn is_harmless(text: &str) -> bool {
    let word = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    is_success(&word) || ABSENCES.contains(&word.as_str()) || number(&word) == Some(0) || word == "false"
}

fn is_success(text: &str) -> bool {
    let word = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    SUCCESSES.contains(&word.as_str()) || number(&word).is_some_and(|number| (200..300).contains(&number))
}

/// The number that a text is, or begins with: `200 OK`.
fn number(text: &str) -> Option<i64> {
    text.split([' ', '.']).next()?.parse().ok()
}

/// Whether a member for sentences says something else than that it went well.
fn complains(value: Json<'_>) -> bool {
    says(value) && !value.text().is_some_and(|text| is_harmless(&text))
}

fn holds_list(value: Json<'_>) -> bool {
    value.is_array() || value.members().iter().any(|(_, inner)| holds_list(*inner))
}

/// Whether errors are about single symbols: those of the others are answered.
fn is_of_symbols(errors: Json<'_>) -> bool {
    errors.items().iter().any(|error| ["symbol", "ticker"].iter().any(|name| error.has(name)))
}

#[cfg(test)]
mod tests;
