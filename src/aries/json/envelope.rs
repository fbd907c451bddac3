//! Where the rows of an answer stand: in the place that is documented, or else below an envelope, or bare.

use super::{Json, is_alike};

/// Names below which a whole answer may stand.
const ENVELOPES: [&str; 5] = ["data", "result", "results", "items", "payload"];
/// How many envelopes may stand around each other.
const DEPTH: usize = 3;

/// The rows of an answer, and the value that holds what is said about all of them (the next page).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) root: Json<'a>,
    pub(crate) rows: Json<'a>,
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
        let roots = (0..=DEPTH).scan(vec![self], |level, depth| {
            if depth > 0 {
                *level = level.iter().flat_map(|root| root.inside()).collect();
            }
            Some(level.clone())
        });
        let roots = roots.flatten();
        let paths = || places.split(',').filter(|path| !path.is_empty());
        let named = |root: Json<'a>, path: &str| Some(Found { root, rows: root.at(path)? });
        let documented =
            roots.clone().flat_map(move |root| paths().filter_map(move |path| named(root, path)));
        let ends =
            move || paths().flat_map(|path| path.match_indices('/').map(|(at, _)| path.split_at(at).1));
        let ending = roots.clone().flat_map(move |root| ends().filter_map(move |path| named(root, path)));
        // A bare null is a list only where the whole answer is documented as one.
        let is_whole = places.split(',').any(str::is_empty);
        let bare = roots.filter(move |root| is_whole || !root.is_null());
        documented.chain(ending).chain(bare.map(|root| Found { root, rows: root }))
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

#[cfg(test)]
mod tests {
    use super::*;

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
        for text in ["null", "{}", r#"{"orders":{"a":1}}"#, r#"{"status":"OK","other":[1]}"#, "7"] {
            assert_eq!(found(text, "orders"), None, "{text}");
        }
    }
}
