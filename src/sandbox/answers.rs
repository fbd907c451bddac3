//! The answers that do not move: one file below `answers/` for each, and the one handler that reads them.
//!
//! The path of an endpoint names its file: `/v1/calendars/historical/{symbol}` is answered by
//! `v1.calendars.historical.symbol.json`. To add an endpoint, add its row in `aries::endpoints` and this file; the
//! handler checks the request's parameters by the row. A plain JSON text is a complete answer file. Texts may contain
//! placeholders (see `placeholder`), and lists may be generated and filtered (see `template`).

use jiff::Timestamp;
use serde_json::Value;

use crate::aries::endpoint::{Endpoint, Param, ParamKind};
use crate::sandbox::market::Market;
use crate::sandbox::{Answer, Call, Reply, World, template};

/// Name and text of every file.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/answers.rs"));

/// The name of the file that answers a path.
pub(super) fn file_name(path: &str) -> String {
    let bare: String = path.chars().filter(|c| !matches!(c, '{' | '}')).collect();
    format!("{}.json", bare.trim_start_matches('/').replace('/', "."))
}

/// The text of the file that answers a path, if there is one.
pub(super) fn file(path: &str) -> Option<&'static str> {
    let wanted = file_name(path);
    FILES.iter().find(|(name, _)| *name == wanted).map(|(_, text)| *text)
}

/// Answers a request to a row with its file.
pub(super) fn answer(world: &mut World, call: &Call, row: &Endpoint, text: &str) -> Reply {
    let market = world.market();
    let mut call = call.clone();
    for param in row.params {
        check(param, &call, market)?;
        let is_left_out = call.asked(param.wire).is_none();
        call.query.extend(usual(param).filter(|_| is_left_out).map(|word| (param.wire.into(), word.into())));
    }
    let call = &call;
    let template: Value = serde_json::from_str(text)
        .map_err(|error| Answer::error(500, "answer_file", format!("{}: {error}", file_name(row.path))))?;
    Ok(Answer::of_file(&template::render(&template, call, market, subject(row, call))?))
}

/// Puts what a read asks in its body beside the names in its path.
pub(super) fn read_body(call: &mut Call, row: &Endpoint) -> Result<(), Answer> {
    let mut params = row.params.iter().filter(|param| param.in_body).peekable();
    if params.peek().is_none() {
        return Ok(());
    }
    let body = call.json()?;
    for param in params {
        let found: Vec<&Value> = match param.wire.split_once('/') {
            None => body.get(param.wire).into_iter().flat_map(elements).collect(),
            Some((list, name)) => {
                body.get(list).into_iter().flat_map(elements).filter_map(|one| one.get(name)).collect()
            }
        };
        let text = |value: &&Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let texts: Vec<String> = found.iter().map(text).collect();
        if texts.is_empty() && param.required {
            return Err(Answer::bad_request(format!("the body lacks {}", param.wire)));
        }
        if !texts.is_empty() {
            call.params.push((param.wire.to_owned(), texts.join(",")));
        }
    }
    Ok(())
}

fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// What a request is about: the first symbol or id among its parameters.
fn subject<'a>(row: &Endpoint, call: &'a Call) -> Option<&'a str> {
    let names = row.params.iter().filter(|param| is_name(param.kind));
    names.filter_map(|param| call.asked(param.wire)).next()
}

fn is_name(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Symbol(_) | ParamKind::Symbols(_) | ParamKind::Id)
}

/// The word that a parameter has if it is left out, where one of a choice is usual.
fn usual(param: &Param) -> Option<&'static str> {
    let ParamKind::Choice(words) = param.kind else { return None };
    words.iter().find(|(name, _)| Some(*name) == param.fallback).map(|(_, word)| *word)
}

/// Refuses a parameter that is missing or malformed. What this program sends without need may be missing.
fn check(param: &Param, call: &Call, market: &Market) -> Result<(), Answer> {
    let is_required = param.required && !matches!(param.kind, ParamKind::Fixed(_));
    let Some(given) = call.asked(param.wire) else {
        return match is_required {
            true => Err(Answer::bad_request(format!("parameter {} is required", param.wire))),
            false => Ok(()),
        };
    };
    // A list may be asked for in another order than this program's.
    if matches!(param.kind, ParamKind::Fixed(_)) && matches!(param.wire, "sort" | "order") {
        return Ok(());
    }
    let is_known = |symbol: &str| market.knows(symbol.strip_prefix("O:").unwrap_or(symbol), call.now);
    match param.kind {
        ParamKind::Symbol(_) | ParamKind::Symbols(_) if !given.split(',').all(is_known) => {
            Err(Answer::not_found(format!("no such symbol: {given}")))
        }
        kind if is_well_formed(kind, given) => Ok(()),
        // The same member of each element of a list in the body.
        kind if param.in_body && given.split(',').all(|one| is_well_formed(kind, one)) => Ok(()),
        _ => Err(Answer::bad_request(format!("parameter {} is malformed: {given}", param.wire))),
    }
}

fn is_well_formed(kind: ParamKind, given: &str) -> bool {
    match kind {
        // Lists may be shorter than ours.
        ParamKind::Fixed(all) => given.split(',').all(|one| all.split(',').any(|known| known == one)),
        ParamKind::Choice(words) => words.iter().any(|(_, word)| *word == given),
        ParamKind::Flag => matches!(given, "true" | "false"),
        ParamKind::Whole(least, most) => given.parse().is_ok_and(|value| (least..=most).contains(&value)),
        ParamKind::Date | ParamKind::FirstDay | ParamKind::LastDay => {
            given.parse::<jiff::civil::Date>().is_ok()
        }
        ParamKind::Moment | ParamKind::LastMoment => given.parse::<Timestamp>().is_ok(),
        ParamKind::Seconds | ParamKind::LastSecond | ParamKind::Nanoseconds | ParamKind::LastNanosecond => {
            given.parse::<i64>().is_ok()
        }
        _ => true,
    }
}
