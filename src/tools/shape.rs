//! From Aries' JSON to rows of text, as a row's [`Shape`] says. Pure: everything here can be held by a test.

use std::cmp::Ordering;
use std::collections::HashSet;

use rust_decimal::{Decimal, RoundingStrategy};

use super::answer::Table;
use super::format::{cents, plain, quantity};
use crate::aries::shape::{Column, Cursor, LAST_INDEXES, Layout, Order, Shape, Unit};
use crate::aries::symbols::Symbol;
use crate::aries::text::clean;
use crate::aries::{Json, time};

/// What the caller wants of the answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Rows left out at the beginning.
    pub skip: usize,
    /// Most rows.
    pub limit: usize,
    /// Columns on request.
    pub fields: Vec<String>,
}

/// A shaped answer.
pub(super) struct Shaped {
    pub table: Table,
    /// How many rows there were before anything was cut.
    pub total: usize,
    /// How many of them are shown: rows, or the periods of a turned table.
    pub shown: usize,
    /// Figures of a turned table that found no room.
    pub left_out: usize,
    /// Where to go on, if rows were left out.
    pub next: Option<usize>,
    /// Whether rows are what is counted: a single object has none.
    pub counted: bool,
}

/// Most characters of the rows of one answer, so that the cursor can say exactly where they end.
const MOST_CHARACTERS: usize = 21_000;
/// Columns of an answer whose members are not documented.
const MOST_OPEN: usize = 10;
/// An unnamed text of Aries is shown so far.
const OPEN_TEXT: usize = 120;
/// A word of Aries' own is no longer; what is longer is quoted.
const WORD: usize = 24;

/// The first of several places that exists; the empty place is the value itself.
pub(super) fn place<'a>(json: Json<'a>, paths: &str) -> Option<Json<'a>> {
    paths.split(',').find_map(|path| json.get(path))
}

/// One value in its unit; `None` for what is missing.
pub(super) fn cell(row: Json<'_>, path: &str, unit: Unit) -> Option<String> {
    written(place(row, path)?, unit)
}

fn written(value: Json<'_>, unit: Unit) -> Option<String> {
    match unit {
        Unit::Count => Some(value.items().len().to_string()),
        Unit::List => {
            let items = value.items();
            let all = if items.is_empty() { vec![value] } else { items };
            // A list holds words; what has blanks in it is a text.
            let one = |text: &str| {
                if text.trim().contains(char::is_whitespace) { quoted(text, WORD) } else { word(text) }
            };
            let words: Vec<_> = all.iter().filter_map(|item| one(&item.text()?)).take(12).collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
        Unit::Word => word(&value.text()?),
        Unit::Text(most) => quoted(&value.text()?, most),
        Unit::Masked => Some(masked(&clean(&value.text()?, 200))),
        Unit::Contract => {
            let text = value.text()?;
            Symbol::parse(&text).ok().map(|symbol| symbol.to_string()).or_else(|| word(&text))
        }
        Unit::Flag => match value.boolean() {
            Some(flag) => Some(if flag { "yes" } else { "no" }.to_owned()),
            None => word(&value.text()?),
        },
        Unit::Date => date(&value.text()?),
        Unit::Stamp => moment(&value.text()?),
        _ => match value.decimal() {
            Some(number) => figure(number, unit),
            None => word(&value.text()?),
        },
    }
}

fn figure(number: Decimal, unit: Unit) -> Option<String> {
    let four = |number: Decimal| {
        number.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
    };
    let percent = |number: Decimal| {
        number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
    };
    Some(match unit {
        Unit::Price => plain(number),
        Unit::Cents => cents(number),
        Unit::Percent => percent(number),
        Unit::Fraction => percent(number.checked_mul(Decimal::ONE_HUNDRED)?),
        Unit::Share if number.abs() <= Decimal::ONE => percent(number.checked_mul(Decimal::ONE_HUNDRED)?),
        Unit::Share => percent(number),
        // Small companies exist: what is below a hundred million keeps two decimals.
        Unit::Millions => {
            let millions = number.checked_div(Decimal::from(1_000_000))?;
            let places = if millions.abs() < Decimal::ONE_HUNDRED { 2 } else { 0 };
            millions
                .round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
                .normalize()
                .to_string()
        }
        Unit::Number => four(number),
        Unit::Whole if number.abs() >= Decimal::ONE_THOUSAND => {
            number.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_string()
        }
        Unit::Whole => percent(number),
        _ => quantity(number),
    })
}

/// A code, a number or a date as it is; anything longer, and anything of several words, in quotation marks.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = text.bytes().all(|byte| byte.is_ascii_graphic());
    let clock = text.strip_suffix(" am").or_else(|| text.strip_suffix(" pm")).unwrap_or(text);
    let is_figure = clock.bytes().all(|byte| byte.is_ascii_digit() || b" -+:./,%$".contains(&byte));
    if text.chars().nth(WORD).is_some() || !(is_code || is_figure) {
        return quoted(text, OPEN_TEXT);
    }
    let word = clean(text, WORD).replace('"', "'");
    (!word.is_empty()).then_some(word)
}

/// Text of third parties: cleaned, bounded, and in quotation marks that it cannot end.
pub(super) fn quoted(text: &str, most: usize) -> Option<String> {
    let inner = clean(text, most).replace(['"', '“', '”'], "'");
    (!inner.is_empty()).then(|| format!("\"{inner}\""))
}

/// The first character and what follows the `@`, or the last two digits.
fn masked(text: &str) -> String {
    match text.split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().take(1).collect::<String>()),
        None => {
            let skip = text.chars().count().saturating_sub(2);
            format!("…{}", text.chars().skip(skip).collect::<String>())
        }
    }
}

/// `2026-11-20` of any stamp, text or American date; anything else as a word.
fn date(text: &str) -> Option<String> {
    if let Some(day) = text.get(..10) {
        if day.parse::<jiff::civil::Date>().is_ok() {
            return Some(day.to_owned());
        }
        if let Ok(day) = jiff::civil::Date::strptime("%m/%d/%Y", day) {
            return Some(day.to_string());
        }
    }
    // Fewer digits are a year.
    match text.parse::<i64>().ok().filter(|_| text.len() >= 9).and_then(time::from_unix) {
        Some(moment) => Some(moment.to_zoned(time::zone()).date().to_string()),
        None => word(text),
    }
}

/// A member that is not documented: what is named like a moment and looks like one is shown as one.
fn unnamed(name: &str, value: Json<'_>) -> Option<String> {
    let name = name.to_lowercase();
    let is_moment = ["time", "date", "updated", "created", "at"].iter().any(|end| name.ends_with(end));
    let digits =
        value.text().is_some_and(|text| (10..=19).contains(&text.len()) && text.parse::<i64>().is_ok());
    // A code that begins with a zero, such as a ZIP code, is no number.
    let is_code = value.text().is_some_and(|text| {
        text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
    });
    let unit = match (is_moment && digits, is_code) {
        (true, _) => Unit::Stamp,
        (false, true) => Unit::Word,
        (false, false) => Unit::Number,
    };
    written(value, unit)
}

/// A moment on New York's clock, to the second; a bare date stays one.
fn moment(text: &str) -> Option<String> {
    match time::stamp(text) {
        Some(moment) if moment.as_second().rem_euclid(86_400) == 0 && text.len() < 14 => {
            Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        }
        Some(moment) => Some(time::local(moment)),
        None => date(text),
    }
}

/// Shapes the answer. `bodies` are the rows' places in one or several answers.
pub(super) fn shape(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    match shape.layout {
        Layout::One { open } => one(shape, bodies, wanted, open, narrow),
        Layout::Arrays => arrays(bodies, wanted, narrow),
        Layout::Turned { label } => turned(shape, label, bodies, wanted, narrow),
        Layout::Rows | Layout::Open => rows(shape, bodies, wanted, narrow),
    }
}

fn chosen<'a>(shape: &'a Shape, wanted: &Wanted) -> Vec<&'a Column> {
    let all = wanted.fields.iter().any(|field| field == "all");
    let asked =
        |column: &Column| all || wanted.fields.iter().any(|field| field.eq_ignore_ascii_case(column.head));
    shape.columns.iter().filter(|column| column.usual || asked(column)).collect()
}

fn one(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, open: bool, narrow: &'static str) -> Shaped {
    let Some(body) = bodies.first().copied() else { return nothing(narrow) };
    // A list of one, where the call could answer several.
    let body = body.items().first().copied().unwrap_or(body);
    let line = |name: &str, value: Option<String>| Some(format!("{name}: {}", value?));
    let mut lines: Vec<String> = chosen(shape, wanted)
        .into_iter()
        .filter_map(|column| line(column.head, cell(body, column.path, column.unit)))
        .collect();
    if open {
        let named: Vec<&str> = shape.columns.iter().flat_map(|column| column.path.split(',')).collect();
        let asked =
            |name: &str| wanted.fields.iter().any(|field| field == "all" || field.eq_ignore_ascii_case(name));
        let members = body.members();
        let any_asked = members.iter().any(|(name, _)| asked(name));
        let others = members.into_iter().filter(|(name, value)| {
            !named.contains(&name.as_ref()) && value.text().is_some() && (!any_asked || asked(name))
        });
        lines.extend(
            others.filter_map(|(name, value)| line(&word(&name).unwrap_or_default(), unnamed(&name, value))),
        );
    }
    let total = lines.len();
    let mut table = Table::bare(narrow);
    let mut left = MOST_CHARACTERS;
    let most = if open { wanted.limit } else { total };
    for line in lines.into_iter().skip(wanted.skip).take(most) {
        if !table.row_within([Some(line)], &mut left) {
            break;
        }
    }
    let (shown, end) = (table.len(), wanted.skip + table.len());
    Shaped {
        next: (open && end < total && shown > 0).then_some(end),
        counted: open,
        shown,
        table,
        total,
        left_out: 0,
    }
}

fn rows(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let mut items: Vec<Json<'_>> = bodies.iter().flat_map(|body| body.items()).collect();
    sort(&mut items, shape.order);
    let total = items.len();
    let columns = chosen(shape, wanted);
    if let [only] = columns.as_slice()
        && only.path.is_empty()
    {
        return bare_values(only, &items, wanted, narrow);
    }
    let open = match shape.layout {
        Layout::Open => discovered(&items, shape),
        _ => Vec::new(),
    };
    let present = |column: &&&Column| {
        shape.layout != Layout::Open || items.iter().any(|item| place(*item, column.path).is_some())
    };
    let columns: Vec<&Column> = columns.iter().filter(present).copied().collect();
    let heads = columns.iter().map(|column| column.head.to_owned()).chain(open.iter().cloned());
    let mut table = Table::with_header(heads.collect(), narrow);
    let mut left = MOST_CHARACTERS;
    let mut shown = 0;
    for item in items.iter().skip(wanted.skip).take(wanted.limit) {
        let cells = columns.iter().map(|column| cell(*item, column.path, column.unit));
        let cells = cells.chain(open.iter().map(|name| unnamed(name, item.get(name)?)));
        if !table.row_within(cells, &mut left) {
            break;
        }
        shown += 1;
    }
    let end = wanted.skip + shown;
    Shaped {
        table,
        total,
        shown,
        left_out: 0,
        next: (end < total && shown > 0).then_some(end),
        counted: true,
    }
}

/// A list of bare values stands in one line.
fn bare_values(column: &Column, items: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let values = items.iter().skip(wanted.skip).take(wanted.limit);
    let values: Vec<String> = values.filter_map(|item| cell(*item, "", column.unit)).collect();
    let mut table = Table::bare(narrow);
    let mut left = MOST_CHARACTERS;
    if !values.is_empty() {
        table.row_within([Some(format!("{}: {}", column.head, values.join(" ")))], &mut left);
    }
    let end = (wanted.skip + wanted.limit).min(items.len());
    let next = (end < items.len()).then_some(end);
    Shaped { table, total: items.len(), shown: values.len(), left_out: 0, next, counted: false }
}

/// The plain members of rows whose members are not documented, without those that a column names.
fn discovered(items: &[Json<'_>], shape: &Shape) -> Vec<String> {
    let named: Vec<&str> = shape.columns.iter().flat_map(|column| column.path.split(',')).collect();
    let mut found: Vec<String> = Vec::new();
    for (name, value) in items.iter().take(20).flat_map(|item| item.members()) {
        let fits = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits
            && value.text().is_some()
            && !named.contains(&name.as_ref())
            && !found.iter().any(|one| *one == name)
        {
            found.push(name.into_owned());
        }
        if found.len() + shape.columns.len() >= MOST_OPEN {
            break;
        }
    }
    found
}

fn turned(
    shape: &Shape,
    label: &[&str],
    bodies: &[Json<'_>],
    wanted: &Wanted,
    narrow: &'static str,
) -> Shaped {
    let mut items: Vec<Json<'_>> = bodies.iter().flat_map(|body| body.items()).collect();
    sort(&mut items, shape.order);
    let total = items.len();
    let shown: Vec<Json<'_>> = items.into_iter().skip(wanted.skip).take(wanted.limit.min(20)).collect();
    // The first name of the period that there is; the others say the same.
    let named = |item: &Json<'_>| {
        label.iter().find_map(|path| date(&item.text_at(path)?)).unwrap_or_else(|| "—".to_owned())
    };
    let mut header = vec!["figure".to_owned()];
    header.extend(shown.iter().map(named));
    let mut table = Table::with_header(header, narrow);
    let mut left = MOST_CHARACTERS;
    let mut left_out = 0;
    let mut row = |table: &mut Table, head: Option<String>, path: &str, unit: Unit, left: &mut usize| {
        let cells: Vec<_> = shown.iter().map(|item| cell(*item, path, unit)).collect();
        if cells.iter().any(Option::is_some) && !table.row_within(std::iter::once(head).chain(cells), left) {
            left_out += 1;
        }
    };
    if shape.columns.is_empty() {
        let mut names: Vec<String> = Vec::new();
        let mut known = HashSet::new();
        for (name, _) in shown.iter().flat_map(|item| item.members()) {
            if !label.contains(&name.as_ref()) && known.insert(name.to_string()) {
                names.push(name.into_owned());
            }
        }
        // A member with a slash in its name is not a path of ours.
        for name in names.iter().filter(|name| !name.contains(['/', ','])) {
            let plain = name.to_lowercase();
            // A price beside amounts in millions.
            let per_share = plain.starts_with("eps") || plain.ends_with("eps") || plain.contains("pershare");
            let is_name = name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric());
            let head = if is_name { Some(name.clone()) } else { word(name) };
            row(&mut table, head, name, if per_share { Unit::Number } else { Unit::Whole }, &mut left);
        }
    }
    for column in chosen(shape, wanted) {
        row(&mut table, Some(column.head.to_owned()), column.path, column.unit, &mut left);
    }
    let end = wanted.skip + shown.len();
    let next = (end < total && !shown.is_empty()).then_some(end);
    Shaped { table, total, shown: shown.len(), left_out, next, counted: true }
}

/// Parallel arrays, newest last; values before an indicator has warmed up are 0 and left out (`supplemental.md` 9).
fn arrays(bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let Some(body) = bodies.first() else { return nothing(narrow) };
    let times = body.get("t").map(Json::items).unwrap_or_default();
    let bars = ["o", "h", "l", "c", "v", "s", "t"];
    let outputs: Vec<(String, Vec<Json<'_>>)> = body
        .members()
        .into_iter()
        .filter(|(name, value)| value.is_array() && !bars.contains(&name.as_ref()))
        .take(MOST_OPEN)
        .map(|(name, value)| (name.into_owned(), value.items()))
        .collect();
    let is_warm = |at: usize| {
        outputs.iter().any(|(_, list)| {
            list.get(at).and_then(|value| value.decimal()).is_some_and(|number| !number.is_zero())
        })
    };
    let first = (0..times.len()).find(|at| is_warm(*at)).unwrap_or(times.len());
    let total = times.len() - first;
    let header = std::iter::once(Some("time".to_owned())).chain(outputs.iter().map(|(name, _)| word(name)));
    let mut table = Table::with_header(header.flatten().collect(), narrow);
    // The newest rows count; `skip` leaves out newer ones.
    let end = times.len().saturating_sub(wanted.skip).max(first);
    let begin = end.saturating_sub(wanted.limit).max(first);
    let mut left = MOST_CHARACTERS;
    for at in begin..end {
        let stamp = times.get(at).and_then(|stamp| moment(&stamp.text()?));
        let values = outputs.iter().map(|(_, list)| figure(list.get(at)?.decimal()?, Unit::Number));
        table.row_within(std::iter::once(stamp).chain(values), &mut left);
    }
    Shaped {
        shown: table.len(),
        table,
        total,
        left_out: 0,
        next: (begin > first).then_some(wanted.skip + end - begin),
        counted: true,
    }
}

fn nothing(narrow: &'static str) -> Shaped {
    Shaped { table: Table::bare(narrow), total: 0, shown: 0, left_out: 0, next: None, counted: true }
}

fn sort(items: &mut [Json<'_>], order: Order) {
    let (path, down) = match order {
        Order::Sent => return,
        Order::Down(path) => (path, true),
        Order::Up(path) => (path, false),
    };
    let key = |item: &Json<'_>| {
        let value = place(*item, path)?;
        Some((value.decimal(), value.text()?.chars().take(40).collect::<String>()))
    };
    items.sort_by_cached_key(|item| {
        let key = key(item);
        // What has no key stands last, whichever way the rest is sorted.
        (key.is_none(), Directed(key, down))
    });
}

#[derive(PartialEq, Eq)]
struct Directed(Option<(Option<Decimal>, String)>, bool);

impl Ord for Directed {
    fn cmp(&self, other: &Self) -> Ordering {
        let (Some((number, text)), Some((other_number, other_text))) = (&self.0, &other.0) else {
            return Ordering::Equal;
        };
        let ordering = match (number, other_number) {
            (Some(one), Some(two)) => one.cmp(two),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => text.cmp(other_text),
        };
        if self.1 { ordering.reverse() } else { ordering }
    }
}

impl PartialOrd for Directed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Aries' own name for the next page, if the answer has one. Of an address only the value of `next` is taken.
pub(super) fn next_page(cursor: Cursor, answer: Json<'_>, page: Option<u32>, full: bool) -> Option<String> {
    match cursor {
        Cursor::None => None,
        Cursor::Next => {
            let text = answer.text_at("nextUrl")?;
            let url = url::Url::parse(&text).ok().or_else(|| {
                let base = url::Url::parse("http://localhost/").ok()?;
                base.join(&text).ok()
            })?;
            let found =
                url.query_pairs().find(|(name, _)| name == "next").map(|(_, value)| value.into_owned());
            found.filter(|value| !value.is_empty() && value.len() <= MOST_CURSOR && value.is_ascii())
        }
        Cursor::Page(_, second) => {
            full.then(|| page.map_or(second, |page| page.saturating_add(1)).to_string())
        }
        Cursor::LastIndex => {
            let last = answer.get("pagination/lastIndexes")?;
            let parts = last.members().into_iter().filter_map(|(name, value)| {
                let name = LAST_INDEXES.iter().find(|known| **known == name)?;
                let text = clean(&value.text()?, 60);
                (!text.contains(['&', '='])).then(|| format!("{name}={text}"))
            });
            let parts = parts.collect::<Vec<_>>().join("&");
            (full && !parts.is_empty()).then_some(parts)
        }
    }
}

/// A longer cursor is not shown; the documented ones have a few hundred characters.
const MOST_CURSOR: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::shape::{col, more, rows as table_of};
    use proptest::prelude::*;

    fn json(text: &str) -> Json<'_> {
        Json::parse(text).unwrap()
    }

    fn shown(shape: &Shape, text: &str, wanted: &Wanted) -> (String, usize, Option<usize>) {
        let shaped = super::shape(shape, &[json(text)], wanted, "");
        (super::super::Answer::default().table(shaped.table).text(), shaped.total, shaped.next)
    }

    #[test]
    fn every_unit_is_written_as_said() {
        let one = |text: &str, unit: Unit| cell(json(&format!("{{\"a\":{text}}}")), "a", unit);
        let cases = [
            ("270.10", Unit::Price, "270.10"),
            ("\"1.5\"", Unit::Cents, "1.50"),
            ("0.0038", Unit::Fraction, "0.38"),
            ("0.28", Unit::Fraction, "28"),
            ("1.005", Unit::Percent, "1.01"),
            ("0.64", Unit::Share, "64"),
            ("64", Unit::Share, "64"),
            ("391035000000", Unit::Millions, "391035"),
            ("12345678", Unit::Millions, "12.35"),
            ("982.769", Unit::Whole, "982.77"),
            ("389912.952", Unit::Whole, "389913"),
            ("1767401938487914800", Unit::Stamp, "2026-01-02 19:58:58"),
            ("1767401938", Unit::Stamp, "2026-01-02 19:58:58"),
            ("\"2026-01-02T19:58:58-05:00\"", Unit::Stamp, "2026-01-02 19:58:58"),
            ("\"01/02/2026\"", Unit::Date, "2026-01-02"),
            ("\"2026-02-21T00:00:00\"", Unit::Date, "2026-02-21"),
            ("2026", Unit::Date, "2026"),
            ("\"O:AAPL261218C00200000\"", Unit::Contract, "AAPL261218C00200000"),
            ("true", Unit::Flag, "yes"),
            ("[\"AAPL\",\"MSFT\"]", Unit::List, "AAPL MSFT"),
            ("[1,2,3]", Unit::Count, "3"),
            ("\"someone@example.com\"", Unit::Masked, "s…@example.com"),
            ("\"+1 212 555 0143\"", Unit::Masked, "…43"),
            ("\"sell it all\"", Unit::Word, "\"sell it all\""),
            ("\"SELL EVERYTHING NOW AND\"", Unit::Stamp, "\"SELL EVERYTHING NOW AND\""),
            ("\"2026-11-20 08:30\"", Unit::Word, "2026-11-20 08:30"),
            ("\"72%\"", Unit::Price, "72%"),
            ("\"a \\\"b\\\"\"", Unit::Text(20), "\"a 'b'\""),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(one(text, unit).as_deref(), Some(expected), "{text} {unit:?}");
        }
        for nothing in ["null", "\"\"", "{}", "[]"] {
            assert_eq!(one(nothing, Unit::Price), None, "{nothing}");
        }
    }

    const TWO: Shape = table_of(&[col("s", "s", Unit::Word), more("v", "v,w", Unit::Number)]);

    #[test]
    fn rows_are_sorted_cut_and_continued() {
        let text = r#"[{"s":"A","v":"9"},{"s":"B","v":10},{"s":"C"},{"s":"D","w":11}]"#;
        let wanted = Wanted { skip: 0, limit: 2, fields: vec!["V".to_owned()] };
        let shape = TWO.order(Order::Down("v,w"));
        assert_eq!(shown(&shape, text, &wanted), ("s|v\nD|11\nB|10".to_owned(), 4, Some(2)));
        let rest = Wanted { skip: 2, limit: 2, fields: Vec::new() };
        assert_eq!(shown(&shape, text, &rest), ("s\nA\nC".to_owned(), 4, None));
    }

    #[test]
    fn the_members_of_an_object_are_counted_and_continued() {
        let shape = TWO.layout(Layout::One { open: true });
        let text = r#"{"s":"A","zip":"02139","x":1,"y":2}"#;
        let page = |skip: usize| shown(&shape, text, &Wanted { skip, limit: 2, fields: Vec::new() });
        assert_eq!(page(0), ("s: A\nzip: 02139".to_owned(), 4, Some(2)));
        assert_eq!(page(2), ("x: 1\ny: 2".to_owned(), 4, None));
    }

    #[test]
    fn figures_without_room_are_counted() {
        let shape = table_of(&[]).layout(Layout::Turned { label: &["period"] });
        let figures: Vec<String> = (0..120).map(|number| format!("\"f{number}\":1")).collect();
        let text = format!(r#"[{{"period":"2026-01-01","dilutedEPS":61900.49,{}}}]"#, figures.join(","));
        let wanted = Wanted { skip: 0, limit: 4, fields: Vec::new() };
        let (text, ..) = shown(&shape, &text, &wanted);
        assert_eq!(text.lines().count(), 122);
        assert!(text.contains("dilutedEPS|61900.49"), "{text}");
        let long: Vec<String> = (0..900).map(|number| format!("\"figure{number:040}\":1")).collect();
        let text = format!(r#"[{{"period":"2026-01-01",{}}}]"#, long.join(","));
        let shaped = super::shape(&shape, &[json(&text)], &wanted, "");
        assert_eq!(shaped.table.len() + shaped.left_out, 900);
        assert!(shaped.left_out > 0);
    }

    #[test]
    fn warm_up_is_left_out_and_the_newest_stay() {
        let shape = table_of(&[]).layout(Layout::Arrays);
        let text = r#"{"sma":[0,0,1.5,1.6],"t":[1767225600,1767312000,1767398400,1767484800]}"#;
        let wanted = Wanted { skip: 0, limit: 1, fields: Vec::new() };
        assert_eq!(shown(&shape, text, &wanted), ("time|sma\n2026-01-04|1.6".to_owned(), 2, Some(1)));
        let older = Wanted { skip: 1, ..wanted };
        assert_eq!(shown(&shape, text, &older), ("time|sma\n2026-01-03|1.5".to_owned(), 2, None));
    }

    #[test]
    fn of_an_address_only_the_cursor_is_taken() {
        let next = |url: &str| {
            let text = serde_json::json!({ "nextUrl": url }).to_string();
            next_page(Cursor::Next, json(&text), None, true)
        };
        assert_eq!(next("http://localhost:8087/v1/x?limit=5&next=YWJj%3D").as_deref(), Some("YWJj="));
        assert_eq!(next("/v1/x?next=a").as_deref(), Some("a"));
        for none in [
            "http://evil.example/",
            "",
            "next=a",
            &format!("http://x/?next={}", "a".repeat(5_000)),
            "http://x/?next=%0a%0d%ff",
        ] {
            assert!(next(none).is_none_or(|next| next.is_ascii() && next.len() <= MOST_CURSOR), "{none}");
        }
        assert_eq!(next_page(Cursor::Page("page", 2), json("{}"), None, true).as_deref(), Some("2"));
        assert_eq!(next_page(Cursor::Page("page", 2), json("{}"), Some(7), true).as_deref(), Some("8"));
        assert_eq!(next_page(Cursor::Page("page", 2), json("{}"), Some(7), false), None);
    }

    proptest! {
        #[test]
        fn no_answer_breaks_a_shape(text in "[\\[\\]{}\":,a-c0-9.e-]{0,60}", skip in 0usize..5, limit in 1usize..5) {
            let Ok(body) = Json::parse(&text) else { return Ok(()) };
            let wanted = Wanted { skip, limit, fields: vec!["all".to_owned()] };
            let layouts = [Layout::Rows, Layout::Open, Layout::Arrays, Layout::One { open: true }, Layout::Turned { label: &["a"] }];
            for layout in layouts {
                let shaped = super::shape(&TWO.layout(layout).order(Order::Down("a")), &[body], &wanted, "");
                prop_assert!(shaped.next.is_none_or(|next| next > skip));
            }
        }
    }
}
