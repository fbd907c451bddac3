//! What was really asked, in a person's words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::View;
use crate::aries::endpoint::{Param, ParamKind, Request};
use crate::aries::time::{self, Toward};
use crate::text::clean;

/// What was really asked: the view and every argument as it was sent.
pub(super) fn asked_for(view: &View, request: &Request) -> String {
    let row = view.endpoint;
    let mut words = vec![view.name.to_owned()];
    let markers = row.path.split('/').filter(|part| !part.is_empty()).zip(&request.segments);
    words.extend(markers.filter(|(part, _)| part.starts_with('{')).map(|(_, value)| value.clone()));
    let own = request.query.iter().chain(&request.body).filter(|(name, _)| {
        row.params.iter().any(|param| param.wire == *name && !matches!(param.kind, ParamKind::Fixed(_)))
    });
    for (name, value) in own {
        let param = row.params.iter().find(|param| param.wire == *name);
        match param.map(|param| (param.name, param.kind)) {
            Some((
                _,
                ParamKind::Symbol(_) | ParamKind::Symbols(_) | ParamKind::Conditions | ParamKind::Choice(_),
            )) => {
                words.push(readable(param, value, &request.zone));
            }
            Some((ours, _)) => words.push(format!("{ours} {}", readable(param, value, &request.zone))),
            None => {}
        }
    }
    clean(&words.join(" "), 300)
}

/// What is said where Aries has nothing: of which days, and what may be the cause.
pub(super) fn nothing(request: &Request) -> String {
    let mut said = match days(request) {
        Some(days) => format!("none {days}"),
        None => "Aries has nothing for this".to_owned(),
    };
    let is_symbol = |param: &&Param| {
        matches!(param.kind, ParamKind::Symbol(_) | ParamKind::Symbols(_)) && is_sent(request, param)
    };
    if request.endpoint.params.iter().any(|param| is_symbol(&param)) {
        said.push_str("; the symbol may be wrong");
    }
    said
}

fn is_sent(request: &Request, param: &Param) -> bool {
    let is_in_path = request.endpoint.path.contains(&format!("{{{}}}", param.wire));
    is_in_path || request.query.iter().chain(&request.body).any(|(name, _)| *name == param.wire)
}

/// Whether the days that were asked about have a first and a last one, which the first line names.
pub(super) fn names_both_ends(request: &Request) -> bool {
    ["from", "to"].into_iter().all(|name| day(request, name).is_some())
}

/// One end of the days that were asked about, as it was sent.
fn day(request: &Request, name: &str) -> Option<String> {
    let param = of_time(request, name)?;
    let (_, value) = request.query.iter().find(|(wire, _)| *wire == param.wire)?;
    Some(readable(Some(param), value, &request.zone))
}

fn of_time(request: &Request, name: &str) -> Option<&'static Param> {
    request.endpoint.params.iter().find(|param| param.name == name && param.kind.is_of_time())
}

/// The days that were asked about: `today`, `on 2026-11-26`, `from 2026-11-24 to 2026-11-27`, `since 2026-11-24`.
fn days(request: &Request) -> Option<String> {
    let today = time::now().date().to_string();
    let looks_back = of_time(request, "from").is_some_and(|param| param.toward == Toward::Past);
    Some(match (day(request, "from"), day(request, "to")) {
        (Some(from), None) if from == today && looks_back => "today".to_owned(),
        (Some(from), Some(to)) if from == today && to == today => "today".to_owned(),
        (Some(from), Some(to)) if from == to => format!("on {from}"),
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) if looks_back => format!("since {from}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("up to {to}"),
        (None, None) => format!("on {}", day(request, "date")?),
    })
}

/// A value as a person writes it: our word instead of Aries', a date or a clock instead of a stamp.
fn readable(param: Option<&Param>, value: &str, zone: &TimeZone) -> String {
    match param.map(|param| param.kind) {
        Some(ParamKind::Choice(words)) => {
            words.iter().find(|(_, theirs)| *theirs == value).map_or(value, |(ours, _)| *ours).to_owned()
        }
        Some(ParamKind::Seconds | ParamKind::LastSecond) => {
            time::stamp(value).map_or_else(|| value.to_owned(), |moment| date_or_clock(moment, zone))
        }
        Some(ParamKind::Nanoseconds | ParamKind::LastNanosecond) => {
            time::stamp(value).map_or_else(|| value.to_owned(), time::local)
        }
        Some(ParamKind::Text(_)) => format!("\"{}\"", clean(value, 60).replace('"', "'")),
        _ => value.to_owned(),
    }
}

/// The date whose first or last second in this zone a moment is, or else New York's clock.
fn date_or_clock(moment: Timestamp, zone: &TimeZone) -> String {
    let there = moment.to_zoned(zone.clone());
    let clock = (there.hour(), there.minute(), there.second());
    match clock {
        (0, 0, 0) | (23, 59, 59) => there.date().to_string(),
        _ => time::local(moment),
    }
}
