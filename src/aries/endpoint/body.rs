//! The body of a read that Aries wants by POST.

use serde_json::{Map, Value, json};

use super::condition::{CONDITIONS, Condition};
use super::{Param, ParamKind};

/// Makes the body of what was written for its parameters. Of `list/name` parameters the first is a list: it tells how
/// many elements there are, and the others are the same in each of them.
pub(super) fn json(params: &[Param], written: &[(&'static str, String)]) -> Value {
    let mut body = Map::new();
    for (wire, text) in written {
        let kind = params.iter().find(|param| param.wire == *wire).map(|param| param.kind);
        let value = kind.map_or(Value::Null, |kind| member(kind, text));
        match wire.split_once('/') {
            None => drop(body.insert((*wire).to_owned(), value)),
            Some((list, name)) => {
                let elements = body.entry(list).or_insert_with(|| json!([]));
                add(elements.as_array_mut().expect("a list is made by its first member"), name, value);
            }
        }
    }
    Value::Object(body)
}

fn add(elements: &mut Vec<Value>, name: &str, value: Value) {
    match value {
        Value::Array(values) => elements.extend(values.into_iter().map(|value| json!({ name: value }))),
        value => elements.iter_mut().filter_map(Value::as_object_mut).for_each(|element| {
            element.insert(name.to_owned(), value.clone());
        }),
    }
}

fn member(kind: ParamKind, text: &str) -> Value {
    match kind {
        ParamKind::Symbols(_) | ParamKind::Ids(_) => text.split(',').collect(),
        ParamKind::Conditions => {
            let parsed = text.split(CONDITIONS).flat_map(Condition::parse);
            parsed.map(|condition| condition.json()).collect()
        }
        ParamKind::Whole(..) | ParamKind::Flag => text.parse().unwrap_or_else(|_| json!(text)),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use crate::aries::symbols::Form;

    use super::super::{Endpoint, Method, endpoint, optional, required};
    use super::*;

    static BATCH: Endpoint = endpoint(
        Method::PostRead,
        "/v1/batch",
        &[],
        &[
            required("symbols", "queries/symbol", ParamKind::Symbols(Form::Ticker)).in_body(),
            optional("from", "queries/from", ParamKind::Date).in_body(),
            optional("limit", "limit", ParamKind::Whole(1, 9)).in_body(),
            optional("page", "page", ParamKind::Whole(1, 9)),
        ],
    );

    #[test]
    fn what_is_the_same_for_all_stands_in_each_element() {
        let args = [
            ("symbols", json!(["A", "B"])),
            ("from", json!("2026-11-20")),
            ("limit", json!(5)),
            ("page", json!(2)),
        ];
        let request = BATCH.with(args).unwrap();
        let expected = json!({"limit": 5, "queries": [
            {"symbol": "A", "from": "2026-11-20"}, {"symbol": "B", "from": "2026-11-20"}
        ]});
        assert_eq!(request.json(), expected);
        assert_eq!(request.query, [("page", "2".to_owned())]);
    }
}
