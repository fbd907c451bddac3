//! One endpoint is one row: path, scopes, how our argument names map to Aries', and an example that reaches it.
//!
//! A row is data. [`Endpoint::request`] is the only place where a row and arguments become a [`Request`]; it is
//! pure, and everything that could be wrong with an argument is found here, before anything is sent.

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use url::Url;

use super::shape::Shape;
use super::symbols::{self, Form};
use super::time;
use crate::error::{Error, Result};

/// The methods Aries uses for the endpoints we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Carries an order; sent by `Writer` alone, and never repeated.
    Post,
    /// Replaces; sent once.
    Put,
    /// Removes; sent once.
    Delete,
    /// A socket, opened for one question.
    Socket,
}

impl Method {
    /// As it stands in a request line.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
            Method::Socket => "WSS",
        }
    }
}

/// How sure the documentation is (`aries-api/endpoints.csv`, column *confidence*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// Method, path, parameters and answer were read on the endpoint's own page.
    Documented,
    /// The path is known, but something of the rest is not.
    Partly,
    /// The path is a guess: a 404 says so.
    Inferred,
}

/// One endpoint of Aries.
#[derive(Debug)]
pub struct Endpoint {
    /// The tool that owns this row.
    pub tool: &'static str,
    /// The name of this row among the rows of its tool.
    pub view: &'static str,
    /// What it answers, in a few words.
    pub title: &'static str,
    /// The method.
    pub method: Method,
    /// The path with `{name}` for arguments that stand in it.
    pub path: &'static str,
    /// Scopes of which any one suffices; several where the documentation disagrees, none where it is silent.
    pub scopes: &'static [&'static str],
    /// How sure the documentation is.
    pub sure: Sure,
    /// The arguments, in the order they are sent.
    pub params: &'static [Param],
    /// Where the rows are in the answer (a path of [`Json::get`](super::Json::get)); empty for the whole answer.
    /// Where the documentation knows several places they are separated by commas.
    pub rows: &'static str,
    /// How the answer becomes a table.
    pub shape: Shape,
    /// Aries takes one day at a time: the argument that a range of days is spread over.
    pub each_day: Option<&'static str>,
    /// Example arguments of the tool that reach this endpoint, as JSON.
    pub example: &'static str,
}

impl Endpoint {
    /// What most rows have in common.
    pub const READ: Endpoint = Endpoint {
        tool: "",
        view: "",
        title: "",
        method: Method::Get,
        path: "",
        scopes: &[],
        sure: Sure::Documented,
        params: &[],
        rows: "",
        shape: Shape::NONE,
        each_day: None,
        example: "{}",
    };
}

/// One argument of a row: our name, Aries' name, and how the value is written.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Our name.
    pub name: &'static str,
    /// Aries' name, or the `{name}` in the path.
    pub wire: &'static str,
    /// How a value becomes text.
    pub kind: ParamKind,
    /// Whether the request makes no sense without it.
    pub required: bool,
    /// What it means, for the model.
    pub about: &'static str,
    /// What stands in when it is left out; `=name` stands for what was given as `name`.
    pub fallback: Option<&'static str>,
}

impl Param {
    /// With words for the model.
    pub const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// With another name on Aries' side.
    pub const fn wire(self, wire: &'static str) -> Self {
        Self { wire, ..self }
    }

    /// With another kind of value.
    pub const fn kind(self, kind: ParamKind) -> Self {
        Self { kind, ..self }
    }

    /// May be left out.
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// Sent even when it was left out.
    pub const fn or(self, fallback: &'static str) -> Self {
        Self { required: false, fallback: Some(fallback), ..self }
    }
}

/// How an argument is checked and written.
#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    /// An opaque id that becomes one path segment: letters, digits, `-`, `_`, `.` and `:`.
    Id,
    /// A symbol in the given form.
    Symbol(Form),
    /// Several symbols in the given form, joined by commas.
    Symbols(Form),
    /// Free text of at most so many characters, without control characters.
    Text(usize),
    /// A whole number within bounds.
    Whole(i64, i64),
    /// `true` or `false`.
    Flag,
    /// A positive number, such as a strike price.
    Positive,
    /// A calendar date, sent as `YYYY-MM-DD`.
    Date,
    /// The first day of what is meant (`next week`), sent as `YYYY-MM-DD`.
    FirstDay,
    /// The last day of what is meant.
    LastDay,
    /// A moment, sent as Unix seconds.
    Seconds,
    /// The end of what is meant, sent as Unix seconds.
    LastSecond,
    /// The beginning of what is meant, sent as Unix nanoseconds.
    Nanoseconds,
    /// The end of what is meant, sent as Unix nanoseconds.
    LastNanosecond,
    /// A moment as indices want it: `MM/DD/YYYY hh:mm am` in New York.
    IndexTime,
    /// The end of what is meant, as indices want it.
    LastIndexTime,
    /// A moment, sent as RFC 3339 with zone.
    Moment,
    /// One of our words, each with the word that Aries wants.
    Choice(&'static [(&'static str, &'static str)]),
    /// Always this value; the argument does not exist on our side.
    Fixed(&'static str),
}

/// A required argument.
pub const fn required(name: &'static str, wire: &'static str, kind: ParamKind) -> Param {
    Param { name, wire, kind, required: true, about: "", fallback: None }
}

/// A value that is always sent and is no argument of ours.
pub const fn fixed(wire: &'static str, text: &'static str) -> Param {
    required("", wire, ParamKind::Fixed(text))
}

/// An argument that may be left out.
pub const fn optional(name: &'static str, wire: &'static str, kind: ParamKind) -> Param {
    Param { name, wire, kind, required: false, about: "", fallback: None }
}

/// Exactly what will be asked; nothing was sent yet.
#[derive(Debug, Clone)]
pub struct Request {
    /// The row it came from.
    pub endpoint: &'static Endpoint,
    /// Path segments, not yet percent-encoded.
    pub segments: Vec<String>,
    /// Query pairs in order, not yet percent-encoded.
    pub query: Vec<(&'static str, String)>,
}

impl Endpoint {
    /// Checks the arguments and builds the request. Unknown names are a mistake of the caller and are refused.
    ///
    /// # Errors
    /// [`Kind::Usage`](crate::error::Kind::Usage) naming the argument.
    pub fn request(&'static self, args: &Map<String, Value>) -> Result<Request> {
        if let Some(name) =
            args.keys().find(|name| !self.params.iter().any(|param| param.name == name.as_str()))
        {
            return Err(Error::usage(format!("`{name}` does not go with {}", self.view), "leave it out"));
        }
        let mut path_values = Vec::new();
        let mut query = Vec::new();
        for param in self.params {
            let Some(value) = param.written(self.meant(args, param).as_ref())? else { continue };
            let marker = format!("{{{}}}", param.wire);
            if self.path.split('/').any(|part| part == marker) {
                path_values.push((marker, value));
            } else {
                query.push((param.wire, value));
            }
        }
        for (low, high) in [("from", "to"), ("strike_from", "strike_to")] {
            self.in_order(args, low, high)?;
        }
        let segments = self.path.split('/').filter(|part| !part.is_empty()).map(|part| {
            path_values
                .iter()
                .find(|(marker, _)| marker == part)
                .map_or_else(|| part.to_owned(), |(_, v)| v.clone())
        });
        Ok(Request { endpoint: self, segments: segments.collect(), query })
    }

    /// What was given for a parameter, or what stands in for it.
    fn meant(&self, args: &Map<String, Value>, param: &Param) -> Option<Value> {
        let given = args.get(param.name).filter(|value| !value.is_null()).cloned();
        given.or_else(|| match param.fallback?.strip_prefix('=') {
            // What stands in for the other one stands in for this one, too.
            Some(other) => self.meant(args, self.params.iter().find(|one| one.name == other)?),
            None => param.fallback.map(|text| Value::String(text.to_owned())),
        })
    }

    /// A range that ends before it begins is a mistake, and Aries would answer it with nothing.
    fn in_order(&self, args: &Map<String, Value>, low: &str, high: &str) -> Result<()> {
        let text = |name: &str| {
            let value = self.meant(args, self.params.iter().find(|param| param.name == name)?)?;
            value.as_str().map(str::to_owned).or_else(|| Some(value.as_number()?.to_string()))
        };
        let (Some(first), Some(last)) = (text(low), text(high)) else { return Ok(()) };
        let is_reversed = match (first.parse::<Decimal>(), last.parse::<Decimal>()) {
            (Ok(first), Ok(last)) => last < first,
            _ => {
                let end = time::last_moment(&last, &time::zone());
                time::moment(&first).is_ok_and(|first| end.is_ok_and(|end| end < first))
            }
        };
        if !is_reversed {
            return Ok(());
        }
        let cause = format!("`{low}`: {} is after `{high}`: {}", short(&first), short(&last));
        Err(Error::usage(cause, format!("give an earlier `{low}` or a later `{high}`")))
    }

    /// The scopes in words: `a or b`.
    pub fn scope_words(&self) -> String {
        if self.scopes.is_empty() {
            return "not documented".to_owned();
        }
        self.scopes.join(" or ")
    }
}

impl Request {
    /// The URL below a base; encoding is left to the URL library.
    pub fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&self.segments);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

impl Param {
    fn written(&self, value: Option<&Value>) -> Result<Option<String>> {
        if let ParamKind::Fixed(text) = self.kind {
            return Ok(Some(text.to_owned()));
        }
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return match self.required {
                true => {
                    Err(Error::usage(format!("`{}` is missing", self.name), format!("give `{}`", self.name)))
                }
                false => Ok(None),
            };
        };
        self.kind
            .written(value)
            .map(Some)
            .map_err(|error| Error { cause: format!("`{}`: {}", self.name, error.cause), ..error })
    }
}

impl ParamKind {
    fn written(self, value: &Value) -> Result<String> {
        let text = || match value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(Error::usage("a single value is expected", "give a string or a number")),
        };
        match self {
            ParamKind::Id => checked_id(&text()?),
            ParamKind::Symbol(form) => symbols::written(&text()?, form),
            ParamKind::Symbols(form) => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(value));
                let each = list.iter().map(|one| ParamKind::Symbol(form).written(one));
                Ok(each.collect::<Result<Vec<_>>>()?.join(","))
            }
            ParamKind::Text(max) => checked_text(text()?, max),
            ParamKind::Whole(least, most) => checked_whole(&text()?, least, most),
            ParamKind::Flag => match text()?.as_str() {
                flag @ ("true" | "false") => Ok(flag.to_owned()),
                other => Err(Error::usage(
                    format!("{} is neither true nor false", short(other)),
                    "give true or false",
                )),
            },
            ParamKind::Positive => checked_positive(&text()?),
            ParamKind::Date => time::date(&text()?).map(|date| date.to_string()),
            ParamKind::FirstDay => time::days(&text()?).map(|(first, _)| first.to_string()),
            ParamKind::LastDay => time::days(&text()?).map(|(_, last)| last.to_string()),
            ParamKind::Seconds => time::moment(&text()?).map(|moment| moment.as_second().to_string()),
            ParamKind::LastSecond => {
                time::last_moment(&text()?, &time::zone()).map(|moment| moment.as_second().to_string())
            }
            ParamKind::Nanoseconds => time::moment(&text()?).map(|moment| moment.as_nanosecond().to_string()),
            ParamKind::LastNanosecond => {
                time::last_moment(&text()?, &time::zone()).map(|moment| moment.as_nanosecond().to_string())
            }
            ParamKind::IndexTime => time::moment(&text()?).map(time::index_text),
            ParamKind::LastIndexTime => time::last_moment(&text()?, &time::zone()).map(time::index_text),
            ParamKind::Moment => time::moment(&text()?).map(time::rfc3339),
            ParamKind::Choice(words) => {
                let given = text()?;
                let found = words.iter().find(|(ours, _)| *ours == given);
                let valid = || words.iter().map(|(ours, _)| *ours).collect::<Vec<_>>().join(", ");
                found.map(|(_, theirs)| (*theirs).to_owned()).ok_or_else(|| {
                    Error::usage(
                        format!("{} is not a valid choice", short(&given)),
                        format!("one of: {}", valid()),
                    )
                })
            }
            ParamKind::Fixed(text) => Ok(text.to_owned()),
        }
    }
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
    match text.parse::<Decimal>() {
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

/// A bounded, quoted copy of what was given, safe to show.
pub(crate) fn short(text: &str) -> String {
    let cut: String = text.chars().take(40).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{:?}{dots}", cut)
}
