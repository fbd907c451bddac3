//! What was really asked, in a person's words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::View;
use crate::aries::endpoint::{Param, ParamKind, Request};
use crate::aries::time;
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
