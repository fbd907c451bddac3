//! From a row and arguments to the request that will be sent.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use url::Url;

use super::{Endpoint, Param, body};
use crate::aries::time::{self, Toward};
use crate::error::{Error, Result};
use crate::text::short;

/// A request that has not been sent yet.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) segments: Vec<String>,
    /// Query pairs in order, not yet percent-encoded.
    pub(crate) query: Vec<(&'static str, String)>,
    /// What stands in the body, in the same form.
    pub(crate) body: Vec<(&'static str, String)>,
    /// Where the dates that were asked for begin.
    pub(crate) zone: TimeZone,
    /// The same question to the older path; none where that does not take these arguments.
    pub(crate) older: Option<Box<Request>>,
}

impl Request {
    /// The URL below a base; encoding is left to the URL library.
    pub(crate) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&self.segments);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        body::json(self.endpoint.params, &self.body)
    }
}

impl Endpoint {
    /// Builds the request with arguments by name, without those that are null.
    pub(crate) fn with<const N: usize>(&'static self, args: [(&str, Value); N]) -> Result<Request> {
        let given = args.into_iter().filter(|(_, value)| !value.is_null());
        self.request(&given.map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Checks the arguments and builds the request. Unknown names are a mistake of the caller and are refused.
    pub(crate) fn request(&'static self, args: &Map<String, Value>) -> Result<Request> {
        let is_known = |name: &String| self.knows(name) || self.older.is_some_and(|older| older.knows(name));
        if let Some(name) = args.keys().find(|name| !is_known(name)) {
            return Err(Error::usage(format!("`{name}` does not go with {}", self.path), "leave it out"));
        }
        let mut path_values = Vec::new();
        let mut query = Vec::new();
        let mut body = Vec::new();
        let zone = self.zone_of_dates(args);
        for param in self.params {
            let value = param.written_in(self.value_of(args, param).as_ref(), &zone)?;
            let Some(value) = value else { continue };
            let marker = format!("{{{}}}", param.wire);
            if self.path.split('/').any(|part| part == marker) {
                path_values.push((marker, value));
            } else if param.in_body {
                body.push((param.wire, value));
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
        let older = self.older.and_then(|older| older.request(&older.own(args)).ok()).map(Box::new);
        Ok(Request { endpoint: self, segments: segments.collect(), query, body, zone, older })
    }

    /// The arguments that this row knows.
    fn own(&self, args: &Map<String, Value>) -> Map<String, Value> {
        let own = args.iter().filter(|(name, _)| self.knows(name));
        own.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Where a date begins: in New York, or for bars of a day and longer, which are stamped at midnight UTC of their date,
    /// there.
    fn zone_of_dates(&self, args: &Map<String, Value>) -> TimeZone {
        let interval = self.params.iter().find(|param| param.name == "interval");
        let interval = interval.and_then(|param| self.value_of(args, param));
        match interval.as_ref().and_then(Value::as_str) {
            Some("1d" | "1w" | "1mo") => TimeZone::UTC,
            _ => time::zone(),
        }
    }

    /// The value given for a parameter, or its default.
    fn value_of(&self, args: &Map<String, Value>, param: &Param) -> Option<Value> {
        let given = args.get(param.name).filter(|value| !value.is_null()).cloned();
        let given = given.or_else(|| self.named_period(args).filter(|_| param.name == "to"));
        given.or_else(|| match param.fallback?.strip_prefix('=') {
            // The default of the other parameter counts for this one, too.
            Some(other) => self.value_of(args, self.params.iter().find(|one| one.name == other)?),
            None => param.fallback.map(|text| Value::String(text.to_owned())),
        })
    }

    /// The week or the month that `from` names, which ends where it ends unless `to` says otherwise.
    fn named_period(&self, args: &Map<String, Value>) -> Option<Value> {
        let from = self.params.iter().find(|param| param.name == "from" && param.kind.is_of_time())?;
        let text = args.get("from")?.as_str()?;
        let (first, last) = time::days(text, from.toward).ok()?;
        // Where a call looks back, a week to come is an error, and no week.
        let is_to_come = from.toward == Toward::Past && first > time::now().date();
        (first != last && !is_to_come).then(|| text.into())
    }

    /// Refuses a range that ends before it begins: Aries would answer it with nothing.
    fn in_order(&self, args: &Map<String, Value>, low: &str, high: &str) -> Result<()> {
        let text = |name: &str| {
            let value = self.value_of(args, self.params.iter().find(|param| param.name == name)?)?;
            value.as_str().map(str::to_owned).or_else(|| Some(value.as_number()?.to_string()))
        };
        let (Some(first), Some(last)) = (text(low), text(high)) else { return Ok(()) };
        let (is_reversed, [after, earlier, later]) = match (first.parse::<Decimal>(), last.parse::<Decimal>())
        {
            (Ok(first), Ok(last)) => (last < first, ["above", "a lower", "a higher"]),
            _ => {
                let way = |name: &str| {
                    self.params
                        .iter()
                        .find(|param| param.name == name)
                        .map_or(Toward::Unsaid, |param| param.toward)
                };
                let end = time::last_moment(&last, &time::zone(), way(high));
                let first = time::moment(&first, way(low));
                let is_reversed = first.is_ok_and(|first| end.is_ok_and(|end| end < first));
                (is_reversed, ["after", "an earlier", "a later"])
            }
        };
        if !is_reversed {
            return Ok(());
        }
        let cause = format!("`{low}`: {} is {after} `{high}`: {}", short(&first), short(&last));
        Err(Error::usage(cause, format!("give {earlier} `{low}` or {later} `{high}`")))
    }
}
