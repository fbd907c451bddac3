//! One parameter of a row: its name on our side and on Aries', and how a value is checked and written.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::condition::{CONDITIONS, Condition};
use crate::aries::symbols::{self, Form};
use crate::aries::time::{self, Toward};
use crate::error::{Error, Result};
use crate::text::short;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    /// Aries' name, or the `{name}` in the path.
    pub(crate) wire: &'static str,
    pub(crate) kind: ParamKind,
    /// Whether Aries wants it.
    pub(crate) required: bool,
    /// What stands in when it is left out; `=name` stands for what was given as `name`.
    pub(crate) fallback: Option<&'static str>,
    /// Which way its dates look, where they do not say so.
    pub(crate) toward: Toward,
    /// Whether it stands in the body, where `wire` may be `list/name`: a member of each element of a list.
    pub(crate) in_body: bool,
}

impl Param {
    pub(crate) const fn in_body(self) -> Self {
        Self { in_body: true, ..self }
    }

    pub(crate) const fn toward(self, toward: Toward) -> Self {
        Self { toward, ..self }
    }

    pub(crate) const fn wire(self, wire: &'static str) -> Self {
        Self { wire, ..self }
    }

    pub(crate) const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// Sent with this value where it is left out.
    pub(crate) const fn or(self, fallback: &'static str) -> Self {
        Self { fallback: Some(fallback), ..self }
    }

    /// Whether the caller has to give it.
    pub(crate) fn is_needed(&self) -> bool {
        self.required && self.fallback.is_none()
    }
}

pub(crate) const fn required(name: &'static str, wire: &'static str, kind: ParamKind) -> Param {
    Param { name, wire, kind, required: true, fallback: None, toward: Toward::Past, in_body: false }
}

/// A value that is always sent and is no argument of ours.
pub(crate) const fn fixed(wire: &'static str, text: &'static str) -> Param {
    required("", wire, ParamKind::Fixed(text))
}

pub(crate) const fn optional(name: &'static str, wire: &'static str, kind: ParamKind) -> Param {
    Param { name, wire, kind, required: false, fallback: None, toward: Toward::Past, in_body: false }
}

/// How an argument is checked and written. `First…` and `Last…` are the two ends of what is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ParamKind {
    /// An opaque id that becomes one path segment: letters, digits, `-`, `_`, `.` and `:`.
    Id,
    /// At most so many of them, joined by commas.
    Ids(usize),
    Symbol(Form),
    /// Joined by commas; a list in a body.
    Symbols(Form),
    /// Conditions of the screener, such as `marketcap > 10000000000`; in a body alone.
    Conditions,
    /// Free text of at most so many characters, without control characters.
    Text(usize),
    Whole(i64, i64),
    Flag,
    Positive,
    /// A calendar date, sent as `YYYY-MM-DD`.
    Date,
    /// Of `next week` its first day, sent as `YYYY-MM-DD`.
    FirstDay,
    LastDay,
    Seconds,
    LastSecond,
    Nanoseconds,
    LastNanosecond,
    /// A moment as indices want it: `MM/DD/YYYY hh:mm am` in New York.
    IndexTime,
    LastIndexTime,
    Moment,
    LastMoment,
    /// One of our words, each with the word that Aries wants.
    Choice(&'static [(&'static str, &'static str)]),
    /// Always this value; the argument does not exist on our side.
    Fixed(&'static str),
}

impl Param {
    /// This parameter for one element of its list; `None` if it is no list of symbols or ids.
    pub(crate) fn one_of_list(&self) -> Option<Self> {
        let kind = match self.kind {
            ParamKind::Ids(_) => ParamKind::Id,
            ParamKind::Symbols(form) => ParamKind::Symbol(form),
            _ => return None,
        };
        Some(Self { kind, ..*self })
    }

    /// Writes a value as Aries wants it. Fails, with the name of the parameter, if that is not possible.
    pub(crate) fn written(&self, value: Option<&Value>) -> Result<Option<String>> {
        self.written_in(value, &time::zone())
    }

    /// Writes a value, with seconds counted from where a date begins in this zone.
    pub(super) fn written_in(&self, value: Option<&Value>, zone: &TimeZone) -> Result<Option<String>> {
        if let ParamKind::Fixed(text) = self.kind {
            return Ok(Some(text.to_owned()));
        }
        let name = self.name;
        let Some(value) = value.filter(|value| !value.is_null()) else {
            let missing = || Error::usage(format!("`{name}` is missing"), format!("give `{name}`"));
            return if self.required { Err(missing()) } else { Ok(None) };
        };
        self.kind
            .written(value, self.toward, zone)
            .map(Some)
            .map_err(|error| Error { cause: format!("`{name}`: {}", error.cause), ..error })
    }
}

impl ParamKind {
    /// Whether its value is a day or a moment, or one end of a range of them.
    pub(crate) fn is_of_time(self) -> bool {
        use ParamKind::*;
        matches!(
            self,
            Date | FirstDay
                | LastDay
                | Seconds
                | LastSecond
                | Nanoseconds
                | LastNanosecond
                | IndexTime
                | LastIndexTime
                | Moment
                | LastMoment
        )
    }

    fn written(self, value: &Value, toward: Toward, zone: &TimeZone) -> Result<String> {
        let text = || match value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(Error::usage("a single value is expected", "give a string or a number")),
        };
        let moment = || time::moment(&text()?, toward);
        let last_moment = || time::last_moment(&text()?, &time::zone(), toward);
        match self {
            ParamKind::Id => checked_id(&text()?),
            ParamKind::Ids(_) => Ok(each(value, |one| ParamKind::Id.written(one, toward, zone))?.join(",")),
            ParamKind::Symbol(form) => symbols::written(&text()?, form),
            ParamKind::Symbols(form) => {
                Ok(each(value, |one| ParamKind::Symbol(form).written(one, toward, zone))?.join(","))
            }
            ParamKind::Conditions => {
                let written =
                    |one: &Value| Ok(Condition::parse(one.as_str().unwrap_or_default())?.to_string());
                Ok(each(value, written)?.join(CONDITIONS))
            }
            ParamKind::Text(max) => checked_text(text()?, max),
            ParamKind::Whole(least, most) => checked_whole(&text()?, least, most),
            ParamKind::Flag => match text()?.as_str() {
                flag @ ("true" | "false") => Ok(flag.to_owned()),
                other => {
                    let cause = format!("{} is neither true nor false", short(other));
                    Err(Error::usage(cause, "give true or false"))
                }
            },
            ParamKind::Positive => checked_positive(&text()?),
            ParamKind::Date => time::date(&text()?, toward).map(|date| date.to_string()),
            ParamKind::FirstDay => time::days(&text()?, toward).map(|(first, _)| first.to_string()),
            ParamKind::LastDay => time::days(&text()?, toward).map(|(_, last)| last.to_string()),
            ParamKind::Seconds => Ok(time::first_moment(&text()?, zone, toward)?.as_second().to_string()),
            ParamKind::LastSecond => Ok(time::last_moment(&text()?, zone, toward)?.as_second().to_string()),
            ParamKind::Nanoseconds => Ok(moment()?.as_nanosecond().to_string()),
            ParamKind::LastNanosecond => Ok(last_moment()?.as_nanosecond().to_string()),
            ParamKind::IndexTime => moment().map(time::index_text),
            ParamKind::LastIndexTime => last_moment().map(time::index_text),
            ParamKind::Moment => moment().map(time::rfc3339),
            ParamKind::LastMoment => last_moment().map(time::rfc3339),
            ParamKind::Choice(words) => {
                let given = text()?;
                if let Some((_, theirs)) = words.iter().find(|(ours, _)| *ours == given) {
                    return Ok((*theirs).to_owned());
                }
                let valid = words.iter().map(|(ours, _)| *ours).collect::<Vec<_>>().join(", ");
                let cause = format!("{} is not a valid choice", short(&given));
                Err(Error::usage(cause, format!("one of: {valid}")))
            }
            ParamKind::Fixed(text) => Ok(text.to_owned()),
        }
    }
}

/// Writes each element of a list, or the one value.
fn each(value: &Value, written: impl Fn(&Value) -> Result<String>) -> Result<Vec<String>> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(value));
    list.iter().map(written).collect()
}

fn checked_id(text: &str) -> Result<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if text.is_empty() || text.len() > 100 || !text.chars().all(fits) || text.chars().all(|c| c == '.') {
        return Err(Error::usage(
            format!("{} is not an id", short(text)),
            "use an id from an earlier answer",
        ));
    }
    Ok(text.to_owned())
}

fn checked_text(text: String, max: usize) -> Result<String> {
    if text.is_empty() || text.chars().count() > max || text.chars().any(char::is_control) {
        let cause = format!("{} is not 1 to {max} plain characters", short(&text));
        return Err(Error::usage(cause, "shorten it, without line breaks"));
    }
    Ok(text)
}

fn checked_positive(text: &str) -> Result<String> {
    match text.strip_prefix('$').unwrap_or(text).parse::<Decimal>() {
        Ok(number) if number.is_sign_positive() && !number.is_zero() => Ok(number.normalize().to_string()),
        _ => Err(Error::usage(
            format!("{} is not a positive number", short(text)),
            "give a number such as 200",
        )),
    }
}

fn checked_whole(text: &str, least: i64, most: i64) -> Result<String> {
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
        _ => Err(Error::usage(
            format!("{} is not a whole number from {least} to {most}", short(text)),
            format!("give a number from {least} to {most}"),
        )),
    }
}
