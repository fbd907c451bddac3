//! Puts a member into an object of a JSON text and takes one out; every other byte stays where it is.

use std::ops::Range;

use serde_json::Value;

use super::tree::Object;

/// Where a member goes in, and what stands around it there.
pub(super) struct Place {
    /// Where the member before it gets its comma.
    comma: Option<usize>,
    /// Whether a comma stood there already, behind the last member.
    follows_comma: bool,
    at: usize,
    lead: String,
    tail: String,
}

/// Where the next member of this object goes: on a line of its own if the last one has one.
pub(super) fn place(body: &str, object: &Object) -> Place {
    let Some(last) = object.members.last() else { return first_place(body, object) };
    let gap = object.gap(last.range.end..object.range.end - 1);
    let lead = match own_line(body, last.range.start) {
        Some(indent) => format!("{}{indent}", line_end(body)),
        None if gap.ends_in_line_comment => line_end(body).to_owned(),
        None => " ".to_owned(),
    };
    let comma = gap.comma.is_none().then_some(last.range.end);
    Place { comma, follows_comma: comma.is_none(), at: gap.end, lead, tail: String::new() }
}

fn first_place(body: &str, object: &Object) -> Place {
    let (start, close) = (object.range.start, object.range.end - 1);
    let gap = object.gap(start + 1..close);
    let indent = format!("{}{}", line_end(body), indent_at(body, start));
    let lead = format!("{indent}{}", unit(body));
    let place = |at, lead, tail| Place { comma: None, follows_comma: false, at, lead, tail };
    let is_inner = part(body, 0..start).trim().contains('{');
    if part(body, gap.end..close).contains('\n') {
        place(gap.end, lead, String::new())
    } else if gap.end > start + 1 {
        place(gap.end, " ".to_owned(), String::new())
    } else if is_inner && !body.trim().contains('\n') {
        place(gap.end, String::new(), String::new())
    } else {
        place(close, lead, indent)
    }
}

/// Where the first object of a text goes that has none.
pub(super) fn place_of_object(body: &str) -> Place {
    let end = line_end(body);
    let place = |at, lead: &str, tail: &str| Place {
        comma: None,
        follows_comma: false,
        at,
        lead: lead.into(),
        tail: tail.into(),
    };
    match (body.trim().is_empty(), body.ends_with('\n')) {
        (true, true) => place(0, "", ""),
        (true, false) | (false, true) => place(body.len(), "", end),
        (false, false) => place(body.len(), end, end),
    }
}

impl Place {
    /// The text with a member here, or with the object itself if no name is given.
    pub(super) fn filled(&self, body: &str, name: Option<&str>, value: &Value) -> String {
        let Self { comma, at, lead, tail, .. } = self;
        let split = comma.unwrap_or(*at);
        let comma = if comma.is_some() { "," } else { "" };
        let name = name.map(|name| format!("{}: ", Value::from(name))).unwrap_or_default();
        let indent = lead.trim_start_matches(' ');
        let indent = if name.is_empty() { line_end(body) } else { indent };
        let value = written(value, Some(indent).filter(|indent| indent.contains('\n')), &unit(body));
        let (before, between, after) =
            (part(body, 0..split), part(body, split..*at), part(body, *at..body.len()));
        format!("{before}{comma}{between}{lead}{name}{value}{tail}{after}")
    }

    /// A range with what stood around it when it was put in, as far as it still does.
    pub(super) fn around(&self, body: &str, own: Range<usize>) -> Range<usize> {
        let (before, after) = (part(body, 0..own.start), part(body, own.end..body.len()));
        let lead = if before.ends_with(&self.lead) { self.lead.len() } else { 0 };
        let tail = if after.starts_with(&self.tail) { self.tail.len() } else { 0 };
        own.start - lead..own.end + tail
    }
}

/// The text without a member; `place` is where it was put in, if that is known.
pub(super) fn without(body: &str, object: &Object, index: usize, place: Option<&Place>) -> String {
    let own = |at: usize| object.members.get(at).map(|found| found.range.clone());
    let Some(found) = own(index) else { return body.to_owned() };
    let close = object.range.end - 1;
    if let Some(next) = own(index + 1) {
        let comma = object.gap(found.end..next.start).comma.map_or(found.end, |at| at + 1);
        let rest = part(body, comma..next.start);
        let next = comma + (rest.len() - rest.trim_start().len());
        // A comment behind the member stays, its comma does not.
        let kept = part(body, found.end..comma).trim_end_matches(',');
        return format!("{}{kept}{}", part(body, 0..found.start), part(body, next..body.len()));
    }
    let previous = index.checked_sub(1).and_then(own);
    let (before, after) = (
        object.gap(previous.as_ref().map_or(object.range.start + 1, |found| found.end)..found.start),
        object.gap(found.end..close),
    );
    // One comma goes: its own, else the one that separates it.
    let is_ours = place.is_none_or(|place| !place.follows_comma);
    let comma = after.comma.or(before.comma.filter(|_| is_ours));
    let known = place.map(|place| place.around(body, found.start..found.end));
    let known = known.filter(|known| known.start >= before.end && *known != (found.start..found.end));
    let end = if previous.is_none() && after.end == found.end { close } else { found.end };
    let Range { mut start, end } = known.unwrap_or(before.end..end);
    let behind = after.comma.map_or(end, |comma| end.max(comma + 1));
    let on_same_line = !part(body, behind..body.len()).starts_with(['\r', '\n']);
    if before.ends_in_line_comment && start == before.end && on_same_line {
        start += line_end(body).len();
    }
    let cuts = match comma {
        Some(comma) if comma < start => [comma..comma + 1, start..end],
        Some(comma) => [start..end, comma.max(end)..comma.max(end) + usize::from(comma >= end)],
        None => [start..end, end..end],
    };
    let [first, second] = cuts;
    [part(body, 0..first.start), part(body, first.end..second.start), part(body, second.end..body.len())]
        .concat()
}

/// Whether no comment of anybody stands in the object beside its only member.
pub(super) fn is_only_member(body: &str, object: &Object) -> bool {
    let [only] = object.members.as_slice() else { return false };
    let (start, close) = (object.range.start + 1, object.range.end - 1);
    let rest = [part(body, start..only.range.start), part(body, only.range.end..close)].concat();
    matches!(rest.trim(), "" | ",")
}

/// A value as it stands behind its name: on one line, or with each member on a line that begins like this one.
pub(super) fn written(value: &Value, line: Option<&str>, unit: &str) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match (value, line) {
        (Value::Object(members), Some(line)) if !members.is_empty() => {
            let inner = format!("{line}{unit}");
            let member = |(name, value): (&String, &Value)| {
                format!("{inner}{}: {}", Value::from(name.as_str()), written(value, Some(&inner), unit))
            };
            format!("{{{}{line}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        (Value::Object(members), _) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), written(value, None, unit))
            };
            format!("{{{}}}", list(members.iter().map(member).collect()))
        }
        (Value::Array(items), _) => {
            format!("[{}]", list(items.iter().map(|item| written(item, None, unit)).collect()))
        }
        _ => value.to_string(),
    }
}

fn part(body: &str, range: Range<usize>) -> &str {
    body.get(range).expect("the parser's places lie in the text that it has parsed")
}

fn line_end(body: &str) -> &'static str {
    if body.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The blanks before a place, if nothing else stands before it in its line.
fn own_line(body: &str, at: usize) -> Option<&str> {
    let line = part(body, 0..at).rsplit_once('\n')?.1;
    line.trim().is_empty().then_some(line)
}

/// The blanks at the beginning of the line of a place.
fn indent_at(body: &str, at: usize) -> &str {
    let line = part(body, 0..at).rsplit('\n').next().unwrap_or_default();
    part(line, 0..line.len() - line.trim_start().len())
}

/// What one more level is set in by in this text.
fn unit(body: &str) -> String {
    let indent = |line: &str| line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect::<String>();
    let members = body.lines().filter(|line| line.trim_start().starts_with('"'));
    members.map(indent).find(|indent| !indent.is_empty()).unwrap_or_else(|| "  ".to_owned())
}
