//! Turns the JSON of an answer file into an answer.
//!
//! Texts are filled in by `placeholder`. `"$about": "{near n}"` has the other members of its object tell of this symbol, and
//! leaves out the object if there is none; `"$if"` leaves it out if this placeholder has no value. A member called `{symbol}` becomes one for each symbol that was asked for. Two kinds of objects mean something else than themselves:
//!
//! * `{"$by": "freq", "annual": A, "quarterly": B}` becomes the member that the parameter `freq` names, or the member
//!   `else`; with neither, the request is answered 404. What becomes `null` in this way is left out.
//! * `{"$rows": [A, B]}` becomes a list of A and B. These members may stand beside it:
//!   `"$times": 12` repeats each row, with `n` counting from 0 (a row may have a `$times` of its own);
//!   `"$symbols": ["KO", "F"]` repeats each row for each of these, with `s` counting them, unless symbols were asked for:
//!   then for each of those (they may contain placeholders);
//!   `"$stocks": true` leaves out the rows of what is no stock: a fund has no earnings;
//!   `"$match": {"party": "candidateParty"}` keeps the rows whose member `candidateParty` is what was asked as `party`;
//!   `"$between": ["from", "to", "date"]` keeps the rows whose member `date` lies within two parameters;
//!   `"$search": "q"` keeps the rows in whose texts each word of the parameter `q` begins a word;
//!   `"$screen": true` keeps the rows that meet the screener's conditions (see `screener`);
//!   `"$order": "-change"` sorts the rows by their member `change`, the largest first (`"change"`: the smallest first);
//!   `"$sort": "period_end.asc"` sorts them as the parameter `sort` says, and like this without it;
//!   `"$limit": ["limit", 100]` cuts the list into pages of as many rows as the parameter says, 100 without it;
//!   `"$first_page": 0` is for endpoints that count their pages from 0.

use serde_json::{Map, Value};

use crate::sandbox::market::instruments::{self, Kind};
use crate::sandbox::market::{self, Market, calendar};
use crate::sandbox::paging::{self, Page};
use crate::sandbox::placeholder::{self, Spot};
use crate::sandbox::{Answer, Call, screener};

/// The answer to a call about a symbol or id. Placeholders without a value leave their member out.
pub(super) fn render(
    template: &Value,
    call: &Call,
    market: &Market,
    subject: Option<&str>,
) -> Result<Value, Answer> {
    let mut renderer = Renderer { call, market, asked: subject, page: None };
    let whole = Spot { subject: subject.unwrap_or_default(), key: "", n: 0, s: 0, row: None };
    renderer.value(template, whole)?.ok_or_else(|| Answer::not_found("there is nothing for this"))
}

struct Renderer<'a> {
    call: &'a Call,
    market: &'a Market,
    asked: Option<&'a str>,
    /// The page of the list that was rendered last.
    page: Option<Page>,
}

impl Renderer<'_> {
    fn value(&mut self, template: &Value, spot: Spot) -> Result<Option<Value>, Answer> {
        match template {
            Value::String(text) => placeholder::fill(text, self.call, self.market, self.page.as_ref(), spot)
                .map_err(|error| Answer::error(500, "answer_file", error)),
            Value::Array(items) => {
                let items: Result<Vec<_>, Answer> =
                    items.iter().filter_map(|item| self.value(item, spot).transpose()).collect();
                items.map(|items| Some(Value::Array(items)))
            }
            Value::Object(members) if members.contains_key("$rows") => self.list(members, spot).map(Some),
            Value::Object(members) if members.contains_key("$by") => self.chosen(members, spot),
            Value::Object(members) => self.object(members, spot),
            other => Ok(Some(other.clone())),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, spot: Spot) -> Result<Option<Value>, Answer> {
        if let Some(needed) = members.get("$if")
            && self.value(needed, spot)?.is_none()
        {
            return Ok(None);
        }
        let about = members.get("$about").map(|about| self.value(about, spot)).transpose()?;
        let subject = match &about {
            Some(about) => about.as_ref().and_then(Value::as_str),
            None => Some(spot.subject),
        };
        let Some(subject) = subject else { return Ok(None) };
        let spot = Spot { subject, ..spot };
        let mut rendered = Map::new();
        let (computed, told): (Vec<_>, Vec<_>) = members
            .iter()
            .filter(|(key, _)| !key.starts_with('$'))
            .partition(|(_, value)| is_computed(value));
        for (key, template) in told {
            if key == "{symbol}" {
                for symbol in spot.subject.split(',') {
                    let value = self.value(template, Spot { key, subject: symbol, ..spot })?;
                    rendered.extend(value.map(|value| (symbol.to_owned(), value)));
                }
            } else if let Some(value) = self.value(template, Spot { key, ..spot })? {
                rendered.insert(key.clone(), value);
            }
        }
        for (key, template) in computed {
            let value = self.value(template, Spot { key, row: Some(&rendered), ..spot })?;
            rendered.extend(value.map(|value| (key.clone(), value)));
        }
        Ok(Some(Value::Object(rendered)))
    }

    fn chosen(&mut self, members: &Map<String, Value>, spot: Spot) -> Result<Option<Value>, Answer> {
        let name = members.get("$by").and_then(Value::as_str).unwrap_or_default();
        let given = self.call.asked(name).unwrap_or("else");
        let named = members.get(given).filter(|_| !given.starts_with('$'));
        let chosen = named.or_else(|| members.get("else"));
        let chosen = chosen.ok_or_else(|| Answer::not_found(format!("nothing is known of {given}")))?;
        if chosen.is_null() { Ok(None) } else { self.value(chosen, spot) }
    }

    fn list(&mut self, node: &Map<String, Value>, spot: Spot) -> Result<Value, Answer> {
        let mut symbols: Vec<String> = Vec::new();
        for symbol in node.get("$symbols").and_then(Value::as_array).into_iter().flatten() {
            let filled = self.value(symbol, spot)?;
            symbols.extend(filled.as_ref().and_then(Value::as_str).map(str::to_owned));
        }
        let subjects: Vec<&str> = match self.asked {
            None if !symbols.is_empty() => symbols.iter().map(String::as_str).collect(),
            _ => spot.subject.split(',').collect(),
        };
        let is_wanted = |subject: &&str| {
            let kind = instruments::find(subject).map(|found| found.kind);
            !node.contains_key("$stocks") || kind.is_none_or(|kind| kind == Kind::Stock)
        };
        let subjects: Vec<&str> = subjects.into_iter().filter(is_wanted).collect();
        let mut rows = Vec::new();
        for template in node.get("$rows").and_then(Value::as_array).into_iter().flatten() {
            let times = template.get("$times").or(node.get("$times")).and_then(Value::as_i64).unwrap_or(1);
            for (n, subject) in (0..times).flat_map(|n| subjects.iter().map(move |subject| (n, *subject))) {
                let s = (0..).zip(&symbols).find(|(_, one)| *one == subject).map_or(0, |(s, _)| s);
                rows.extend(self.value(template, Spot { subject, n, s, ..spot })?);
            }
        }
        rows.retain(|row| self.is_wanted(node, row));
        if node.contains_key("$screen") {
            screener::screen(self.call, &mut rows);
        }
        if let Some(order) = node.get("$order").and_then(Value::as_str) {
            sort(&mut rows, order);
        }
        if let Some(usual) = node.get("$sort").and_then(Value::as_str) {
            sort_by_column(&mut rows, self.call.asked("sort").unwrap_or(usual));
        }
        let (rows, page) = self.page(node, rows)?;
        self.page = Some(page);
        Ok(Value::Array(rows))
    }

    /// Cuts out the page that is asked for by `next`, `lastIndex` or `page`.
    fn page(&self, node: &Map<String, Value>, rows: Vec<Value>) -> Result<(Vec<Value>, Page), Answer> {
        let Some([name, usual]) = node.get("$limit").and_then(Value::as_array).map(Vec::as_slice) else {
            let page = Page { count: rows.len(), size: rows.len().max(1), next: None };
            return Ok((rows, page));
        };
        let size = (name.as_str().unwrap_or_default(), usual.as_i64().unwrap_or(20), 50_000);
        let first = node.get("$first_page").and_then(Value::as_i64).unwrap_or(1);
        let pages = self.call.number("page", first, first..=1_000_000)? - first;
        let last = self.call.number("lastIndex", 0, 0..=i64::MAX)?;
        let before = pages * self.call.number(size.0, size.1, 1..=size.2)? + last;
        let begin = paging::read_cursor(self.call)?.unwrap_or(before);
        paging::cut_from(self.call, rows, size, begin)
    }

    fn is_wanted(&self, node: &Map<String, Value>, row: &Value) -> bool {
        let matches = node.get("$match").and_then(Value::as_object).is_none_or(|wanted| {
            wanted
                .iter()
                .all(|(name, field)| self.call.asked(name).is_none_or(|given| has(row, field, given)))
        });
        let between = node.get("$between").map(texts);
        let found = node.get("$search").and_then(Value::as_str).and_then(|name| self.call.asked(name));
        matches
            && between.is_none_or(|names| self.lies_between(&names, row))
            && found.is_none_or(|words| is_found(row, words))
    }

    fn lies_between(&self, names: &[&str], row: &Value) -> bool {
        let &[low, high, field] = names else { return false };
        let bound = |name: &str| self.call.asked(name);
        let Some(value) = row.get(field) else { return true };
        bound(low).is_none_or(|low| place(value, low) >= place(&low.into(), low))
            && bound(high).is_none_or(|high| place(value, high) <= place(&high.into(), high))
    }
}

/// Whether a member follows from the others of its object.
fn is_computed(template: &Value) -> bool {
    template.as_str().is_some_and(|text| text.contains("{= ") || text.contains(" = "))
}

fn sort(rows: &mut [Value], order: &str) {
    let field = order.trim_start_matches('-');
    let number = |row: &Value| row.get(field).and_then(Value::as_f64).unwrap_or(0.0);
    rows.sort_by(|one, other| number(one).total_cmp(&number(other)));
    if order.starts_with('-') {
        rows.reverse();
    }
}

/// Sorts by a column of Aries, such as `period_end.desc` for the member `periodEnd`.
fn sort_by_column(rows: &mut [Value], order: &str) {
    let (column, direction) = order.split_once('.').unwrap_or((order, "asc"));
    let mut words = column.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let field = words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        name + &initial.to_uppercase() + rest
    });
    rows.sort_by_key(|row| row.get(&field).map(Value::to_string));
    if direction == "desc" {
        rows.reverse();
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn has(row: &Value, field: &Value, given: &str) -> bool {
    let value = field.as_str().and_then(|field| row.get(field));
    let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    text.is_none_or(|text| given.split(',').any(|one| one.eq_ignore_ascii_case(&text)))
}

fn is_found(row: &Value, words: &str) -> bool {
    let texts: Vec<String> = row
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect();
    let known = texts.iter().flat_map(|text| text.split([' ', ',']));
    words.to_lowercase().split_whitespace().all(|word| known.clone().any(|known| known.starts_with(word)))
}

/// Makes a value comparable with a bound: as a number if the bound is one, else as the day that it names.
fn place(value: &Value, bound: &str) -> (i64, String) {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    match number {
        Some(number) if bound.parse::<i64>().is_ok() => (number, String::new()),
        Some(second) => (0, market::today(calendar::instant(second)).to_string()),
        None => (0, value.as_str().unwrap_or_default().chars().take(10).collect()),
    }
}
