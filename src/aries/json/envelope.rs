//! Where the rows of an answer stand: in the place that is documented, or else below an envelope, or bare.

use std::borrow::Cow;

use super::{Json, is_alike};

/// Names below which a whole answer may stand.
const ENVELOPES: [&str; 5] = ["data", "result", "results", "items", "payload"];
/// How many envelopes may stand around each other.
const DEPTH: usize = 3;

/// Statuses of an answer that is whole.
const WHOLE: [&str; 6] = ["ok", "success", "complete", "completed", "delayed", "200"];

/// The rows of an answer, and what stands around them.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    pub(crate) rows: Json<'a>,
    /// From the value in which the rows were found to the whole answer.
    around: Vec<Json<'a>>,
}

impl<'a> Found<'a> {
    /// An answer of which everything is meant.
    pub(crate) fn whole(answer: Json<'a>) -> Self {
        Self { rows: answer, around: vec![answer] }
    }

    /// Whether the rows stand in a place that has a name in the documentation.
    pub(crate) fn is_named(&self) -> bool {
        self.around.first().is_none_or(|root| !std::ptr::eq(root.raw(), self.rows.raw()))
    }

    /// What stands around the rows, the innermost first.
    pub(crate) fn around(&self) -> &[Json<'a>] {
        &self.around
    }

    /// A member that is said about all rows, such as the next page.
    pub(crate) fn get(&self, path: &str) -> Option<Json<'a>> {
        self.around.iter().find_map(|value| value.get(path))
    }

    pub(crate) fn text_at(&self, path: &str) -> Option<Cow<'a, str>> {
        self.get(path)?.text()
    }

    /// Whether something around the rows says that some of them are missing.
    pub(crate) fn is_partial(&self) -> bool {
        let is_said = |value: Json<'_>| {
            value.text().is_some_and(|text| !text.trim().is_empty())
                || !value.items().is_empty()
                || !value.members().is_empty()
        };
        let is_status =
            |status: Cow<'_, str>| WHOLE.iter().any(|whole| whole.eq_ignore_ascii_case(status.trim()));
        ["warnings", "errors"].iter().any(|name| self.get(name).is_some_and(is_said))
            || ["partial", "truncated", "incomplete"].iter().any(|name| self.is_true(name))
            || self.text_at("status").is_some_and(|status| !is_status(status))
    }

    /// Whether more rows follow, by members that Aries does not document for its lists.
    pub(crate) fn has_more(&self) -> bool {
        let goes_on = |text: Cow<'_, str>| !["", "0"].contains(&text.trim());
        self.is_true("hasMore")
            || self.is_true("pagination/hasMore")
            || self.text_at("pagination/nextCursor").is_some_and(goes_on)
    }

    fn is_true(&self, path: &str) -> bool {
        self.get(path).and_then(Json::boolean) == Some(true)
    }

    /// Whether the list can be used; one that is said to be unavailable may lack rows.
    pub(crate) fn is_available(&self) -> bool {
        self.around.iter().all(|value| value.is_available())
    }
}

impl<'a> Json<'a> {
    /// The list of an answer that is documented in one of these places; null is an empty list. `None` if there is none.
    pub(crate) fn list(self, places: &str) -> Option<Found<'a>> {
        let is_list = |found: &Found<'_>| found.rows.is_array() || found.rows.is_null();
        self.places(places).find(is_list)
    }

    /// Every value that may be meant by these places (separated by commas), the likeliest first: as documented, the same
    /// below envelopes, with the end of a documented path alone, and what stands below the envelopes itself.
    pub(crate) fn places<'p>(self, places: &'p str) -> impl Iterator<Item = Found<'a>> + use<'a, 'p> {
        // Nothing is looked into before it has to be: what a documented place makes plain is no ambiguity.
        let levels = (0..=DEPTH).scan(vec![vec![self]], |level, depth| {
            if depth > 0 {
                *level = level.iter().flat_map(|around| below(around)).collect();
            }
            Some(level.clone())
        });
        let roots = levels.flatten();
        let paths = || places.split(',').filter(|path| !path.is_empty());
        let documented =
            roots.clone().flat_map(move |around| paths().filter_map(move |path| named(&around, path)));
        let ends =
            move || paths().flat_map(|path| path.match_indices('/').map(|(at, _)| path.split_at(at).1));
        let ending =
            roots.clone().flat_map(move |around| ends().filter_map(move |path| named(&around, path)));
        // A bare null is a list only where the whole answer is documented as one.
        let is_whole = places.split(',').any(str::is_empty);
        let bare = roots.filter_map(|around| Some(Found { rows: *around.first()?, around }));
        documented.chain(ending).chain(bare.filter(move |found| is_whole || !found.rows.is_null()))
    }

    /// Whether what it lists can be used, as far as it says so itself.
    pub(crate) fn is_available(self) -> bool {
        let is_no = |name: &&str| self.get(name).is_some_and(Self::denies_availability);
        !["availability", "available", "isAvailable"].iter().any(is_no)
            && self.get("unavailable").and_then(Self::boolean) != Some(true)
    }

    /// Whether a member that tells of availability says no: in a word, by its own `available`, or else of any part.
    fn denies_availability(self) -> bool {
        if !self.is_object() {
            let word = self.text().unwrap_or_default().trim().to_lowercase();
            return ["false", "no", "0", "none"].contains(&word.as_str()) || says_unavailable(&word);
        }
        let own = ["available", "isAvailable"].iter().find_map(|name| self.get(name)?.boolean());
        let is_no = |value: Json<'_>| {
            value.boolean() == Some(false) || value.text().is_some_and(|word| says_unavailable(&word))
        };
        own.map_or_else(|| self.members().into_iter().any(|(_, value)| is_no(value)), |own| !own)
    }

    /// What stands below the envelopes, if there are any.
    pub(crate) fn inmost(self) -> Json<'a> {
        self.levels().first().copied().unwrap_or(self)
    }

    /// Everything that may be meant by an answer that is one object, from what stands below its envelopes to the whole.
    pub(crate) fn levels(self) -> Vec<Json<'a>> {
        let mut levels: Vec<_> = self.places("").map(|found| found.rows).collect();
        levels.reverse();
        levels
    }

    /// What stands below an envelope: a member that is called like one, or the only member.
    fn inside(self) -> Vec<Json<'a>> {
        let members = self.members();
        let holds = |value: &Json<'_>| value.is_object() || value.is_array();
        if let [(_, only)] = members.as_slice() {
            return Vec::from_iter(Some(*only).filter(holds));
        }
        let is_envelope = |name: &str| ENVELOPES.iter().any(|envelope| is_alike(envelope, name));
        let found: Vec<_> =
            members.into_iter().filter(|(name, value)| is_envelope(name) && holds(value)).collect();
        if let (Some(ambiguity), Some(first)) = (self.ambiguity, found.first()) {
            ambiguity.note(first, &found);
        }
        found.into_iter().map(|(_, value)| value).collect()
    }
}

fn says_unavailable(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    ["unavailable", "notavailable"].iter().any(|no| letters.eq_ignore_ascii_case(no))
}

fn named<'a>(around: &[Json<'a>], path: &str) -> Option<Found<'a>> {
    Some(Found { rows: around.first()?.at(path)?, around: around.to_vec() })
}

/// The values inside the first of these, each with all that stands around it.
fn below<'a>(around: &[Json<'a>]) -> Vec<Vec<Json<'a>>> {
    let inside = around.first().map(|first| first.inside()).unwrap_or_default();
    inside.into_iter().map(|value| std::iter::once(value).chain(around.iter().copied()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_unavailable_is_not_there_in_whatever_form_it_is_said() {
        for (members, is_available) in [
            (r#""availability":false"#, false),
            (r#""available":false"#, false),
            (r#""available":"false""#, false),
            (r#""isAvailable":false"#, false),
            (r#""unavailable":true"#, false),
            (r#""availability":{"available":false}"#, false),
            (r#""availability":{"positions":false}"#, false),
            (r#""availability":{"status":"UNAVAILABLE"}"#, false),
            (r#""availability":"unavailable""#, false),
            (r#""availability":"NOT_AVAILABLE""#, false),
            (r#""availability":true"#, true),
            (r#""availability":null"#, true),
            (r#""availability":"available""#, true),
            (r#""availability":{}"#, true),
            (r#""availability":{"source":"cache"}"#, true),
            (r#""availability":{"available":true,"stale":false}"#, true),
            (r#""available":true"#, true),
        ] {
            for text in [
                format!(r#"{{"positions":[],{members}}}"#),
                format!(r#"{{"data":{{"positions":[],{members}}}}}"#),
                format!(r#"{{"data":{{"positions":[]}},{members}}}"#),
            ] {
                let found = Json::parse(&text).unwrap().list("positions").unwrap();
                assert_eq!(found.is_available(), is_available, "{text}");
            }
        }
    }

    #[test]
    fn a_list_is_found_as_documented_below_envelopes_and_bare() {
        let found = |text: &str, places: &str| {
            let found = Json::parse(text).unwrap().list(places)?;
            Some(found.rows.raw().to_owned())
        };
        for text in [
            r#"{"orders":[1],"data":[2]}"#,
            r#"{"ORDERS":[1]}"#,
            r#"{"data":{"orders":[1]},"status":"OK"}"#,
            r#"{"payload":{"result":{"orders":[1]}},"status":"OK"}"#,
            r#"{"status":"OK","items":[1]}"#,
            r#"{"anything":[1]}"#,
            "[1]",
        ] {
            assert_eq!(found(text, "orders").as_deref(), Some("[1]"), "{text}");
        }
        assert_eq!(found(r#"{"financials":[1]}"#, "data/financials").as_deref(), Some("[1]"));
        assert_eq!(found(r#"{"data":{"data":[1]}}"#, "data").as_deref(), Some("[1]"));
        assert_eq!(found(r#"{"orders":null,"data":[2]}"#, "orders").as_deref(), Some("null"));
        assert_eq!(found("null", "").as_deref(), Some("null"));
        let paged =
            Json::parse(r#"{"payload":{"data":[1],"next_cursor":5}}"#).unwrap().list("orders").unwrap();
        assert_eq!(paged.get("nextCursor").unwrap().raw(), "5");
        for text in ["null", "{}", r#"{"orders":{"a":1}}"#, r#"{"status":"OK","other":[1]}"#, "7"] {
            assert_eq!(found(text, "orders"), None, "{text}");
        }
    }
}
