//! One view for several companies: a request for each, the rows of all in one table, and the companies named of which there
//! is none.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::elements::Elements;
use super::extent::{MoreRows, extent};
use super::{View, request};
use crate::aries::endpoint::Request;
use crate::aries::time::{self, Toward};
use crate::aries::{Json, Reply};
use crate::error::{Error, Result};
use crate::told::Told;
use crate::tools::answer::Answer;
use crate::tools::call::Call;
use crate::tools::format::{count, few, now};
use crate::tools::holdings;
use crate::tools::layout::{Rows, Wanted, lay_out};
use crate::tools::no_symbols::NoSymbols;
use crate::tools::schema::Object;
use crate::tools::shape::Shape;

/// Companies that are asked about in one call.
const MOST: usize = 100;
/// Requests at the same time.
const AT_ONCE: usize = 8;
/// As many names are told of those that there is nothing of.
const MOST_NAMED: usize = 30;

const SYMBOL: &str = "symbol";
pub(super) const SYMBOLS: &str = "symbols";
pub(super) const HOLDINGS: &str = "holdings";

/// The companies that a call names, or those whose shares or options are held.
pub(super) struct Companies {
    names: Vec<String>,
    notes: Vec<Told>,
    is_of_holdings: bool,
    /// The argument that names one of them.
    param: &'static str,
}

impl Companies {
    /// The elements of a list that is an argument itself.
    pub(super) fn of_list(param: &'static str, names: Vec<String>) -> Self {
        Self { names, notes: Vec::new(), is_of_holdings: false, param }
    }
}

/// Takes `symbols` and `holdings` out of the arguments; `None` if neither is there.
pub(super) async fn taken(call: &Call, view: &View, args: &mut Object) -> Result<Option<Companies>> {
    if view.companies == super::Companies::One {
        return Ok(None);
    }
    let mut listed = args.remove(SYMBOLS).and_then(|list| serde_json::from_value::<Vec<String>>(list).ok());
    let held = args.remove(HOLDINGS).as_ref().and_then(Value::as_bool) == Some(true);
    if (listed.is_some() || held) && args.contains_key(SYMBOL) {
        let cause = "`symbol` does not go with `symbols` and `holdings`";
        return Err(Error::usage(cause, "give one of the three"));
    }
    let mut names = SYMBOLS;
    // What is to come of one company is looked for as far ahead as of several.
    if matches!(view.days, Some((_, Some(_)))) && listed.is_none() && !held {
        let symbol = args.remove(SYMBOL);
        listed = symbol.and_then(|symbol| serde_json::from_value(symbol).ok()).map(|symbol| vec![symbol]);
        names = SYMBOL;
    }
    let mut wrong = NoSymbols::default();
    let listed = listed.iter().flatten().filter_map(|text| Some(wrong.read(text)?.to_string()));
    let mut companies = Companies { is_of_holdings: held, ..Companies::of_list(SYMBOL, listed.collect()) };
    if let Some(error) = wrong.error().filter(|_| companies.names.is_empty() && !held) {
        return Err(error.of_argument(names));
    }
    if held {
        let found = holdings::read(call).await?;
        companies.names.extend(found.tickers);
        companies.notes = found.notes.into_iter().map(Told::from).collect();
        if companies.names.is_empty() {
            return Err(Error::usage(
                "`holdings`: there are no shares or options in any account",
                "give `symbols`",
            ));
        }
    }
    companies.notes.extend(wrong.line());
    let mut seen = BTreeSet::new();
    companies.names.retain(|name| seen.insert(name.clone()));
    Ok((!companies.names.is_empty()).then_some(companies))
}

/// What was found of one company.
struct Found {
    symbol: String,
    reply: Result<(Request, Reply)>,
}

pub(super) async fn run(
    call: &Call,
    view: &'static View,
    args: &Object,
    companies: Companies,
    wanted: &Wanted,
    example: &str,
) -> Result<Answer> {
    let mut args = args.clone();
    choose_days(view, &mut args);
    let asking: Vec<_> = companies
        .names
        .iter()
        .take(MOST)
        .map(|name| one(call, view, &args, (companies.param, name), example))
        .collect();
    let found: Vec<Found> = stream::iter(asking).buffered(AT_ONCE).collect().await;
    // Where more are held than are asked about, the others are named all the same.
    if let Some(Err(error)) = found.first().map(|one| &one.reply)
        && found.iter().all(|one| one.reply.is_err())
        && companies.names.len() <= MOST
    {
        return Err(error.clone());
    }
    let Sorted { elements, none, failed } = sorted(view, &found)?;
    let bodies: Vec<Json<'_>> = elements.iter().map(Elements::json).collect();
    let shape = Shape { order: view.order_of_several.unwrap_or(view.shape.order), ..view.shape };
    let shaped = lay_out(&shape, &bodies, wanted, "");
    let rows = match shaped.table.is_empty() {
        true => "0 rows".to_owned(),
        false => extent(view, (shaped.shown, shaped.total), wanted, None, MoreRows::None),
    };
    let of = match (companies.is_of_holdings, companies.names.as_slice()) {
        (true, held) => count(held.len(), "holding"),
        (false, [one]) => one.clone(),
        (false, several) => format!("{} symbols", several.len()),
    };
    let (from, to) = days(&found);
    let head = [
        call.market().to_owned(),
        format!("{} {of}{from}{to}", view.name),
        rows,
        format!("asked {}", now()),
        view.shape.units.to_owned(),
    ];
    let head = head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let mut answer = Answer::new(head);
    if !shaped.table.is_empty() {
        answer = answer.table(shaped.table);
    }
    let what = if view.days.is_some() { "none announced" } else { "nothing there" };
    answer = named(answer, &format!("{what}{from}{to}"), &none);
    answer = named(answer, "not available", &failed);
    let rest = companies.names.get(MOST..).unwrap_or_default();
    answer = named(answer, "not asked about; give them as `symbols`", rest);
    answer = companies.notes.into_iter().fold(answer, Answer::line);
    Ok(match shaped.next {
        Some(next) => answer.line(format!("next: cursor \"{next}\"")),
        None => answer,
    })
}

/// Adds the days that the call leaves out: those of the view, and behind one day alone as many as the view looks ahead.
fn choose_days(view: &View, args: &mut Object) {
    let Some((usual, end)) = view.days.filter(|_| !args.contains_key("to")) else { return };
    match args.get("from").and_then(Value::as_str) {
        None => {
            args.insert("from".to_owned(), json!(usual));
            args.extend(end.map(|end| ("to".to_owned(), json!(end))));
        }
        Some(from) => {
            let end = end.and_then(|end| last_day(from, end));
            args.extend(end.map(|day| ("to".to_owned(), json!(day.to_string()))));
        }
    }
}

/// The end of the week or month that `from` names; behind one day, as far as `end` is from today.
fn last_day(from: &str, end: &str) -> Option<Date> {
    let (first, last) = time::days(from, Toward::Ahead).ok()?;
    let today = time::now().date();
    let far = today.until(time::date(end, Toward::Ahead).ok()?).ok()?;
    if first == last { first.max(today).checked_add(far).ok() } else { Some(last) }
}

/// The answers with rows, the companies of which there are none, and those that could not be asked about.
#[derive(Default)]
struct Sorted<'a> {
    elements: Vec<Elements<'a>>,
    none: Vec<String>,
    failed: Vec<String>,
}

fn sorted<'a>(view: &'static View, found: &'a [Found]) -> Result<Sorted<'a>> {
    let mut sorted = Sorted::default();
    for Found { symbol, reply } in found {
        let (request, reply) = match reply {
            Ok(answered) => answered,
            Err(error) => {
                sorted.failed.push(format!("{symbol} ({})", error.cause));
                continue;
            }
        };
        let rows = Rows::find(&view.shape, view.endpoint.rows, reply.json()?).found;
        let own = rows.map(|found| Elements::of(view, request, found.rows));
        match own.filter(|own| !own.json().items().is_empty()) {
            Some(own) => sorted.elements.push(own),
            None => sorted.none.push(symbol.clone()),
        }
    }
    Ok(sorted)
}

/// Names those of whom something has to be said, if there are any.
fn named(answer: Answer, what: &str, names: &[String]) -> Answer {
    match names {
        [] => answer,
        _ => answer.line(format!("{what}: {}", few(names, MOST_NAMED))),
    }
}

async fn one(
    call: &Call,
    view: &'static View,
    args: &Object,
    (param, name): (&str, &str),
    example: &str,
) -> Found {
    let mut own = args.clone();
    own.insert(param.to_owned(), json!(name));
    let most = Wanted { limit: view.shape.usual, ..Wanted::default() };
    let reply = async {
        let request = request::request(view, &own, &most, None, example)?;
        let reply = call.aries.read(&request).await?;
        Ok((request, reply))
    };
    Found { symbol: name.to_owned(), reply: reply.await }
}

/// The days that were asked about, as they were sent.
fn days(found: &[Found]) -> (String, String) {
    let request = found.iter().find_map(|one| one.reply.as_ref().ok()).map(|(request, _)| request);
    let day = |name: &str| {
        let request = request?;
        let param = request.endpoint.params.iter().find(|param| param.name == name)?;
        let (_, day) = request.query.iter().find(|(wire, _)| *wire == param.wire)?;
        Some(format!(" {name} {day}"))
    };
    (day("from").unwrap_or_default(), day("to").unwrap_or_default())
}
