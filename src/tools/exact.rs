//! The arguments of order tools out of their JSON text: a number where the schema has a text keeps its digits, which a
//! float would round. `{"limit_price": 400.5}` is `"400.5"`, and `legs` may be a text that holds the list.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::schema::Object;

/// Reads an object of arguments; `None` if it is none.
pub(super) fn arguments(schema: &Object, text: &str) -> Option<Object> {
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut read = Map::new();
    for (name, raw) in members.0 {
        let property = properties.and_then(|all| all.get(&name)).and_then(Value::as_object);
        let mut value = value(property, raw)?;
        if let Some(before) = read.remove(&name) {
            // Which of the two is meant? No argument takes a list of them, so the call is refused.
            value = Value::Array(vec![before, value]);
        }
        read.insert(name, value);
    }
    Some(read)
}

fn value(schema: Option<&Object>, raw: &RawValue) -> Option<Value> {
    let kind = schema.and_then(|schema| schema.get("type")).and_then(Value::as_str);
    let text = raw.get();
    match (kind, text.as_bytes().first()) {
        (Some("string"), Some(b'-' | b'0'..=b'9')) => Some(Value::String(text.to_owned())),
        // A float may be whole where its digits are not.
        (Some("integer"), Some(b'-' | b'0'..=b'9')) if !is_whole(text) => {
            Some(Value::String(text.to_owned()))
        }
        (Some("array"), Some(b'[')) => list(schema, text),
        (Some("array"), Some(b'"')) => {
            let inner: String = serde_json::from_str(text).ok()?;
            let read = serde_json::from_str::<&RawValue>(&inner).ok().and_then(|raw| list(schema, raw.get()));
            read.or(Some(Value::String(inner)))
        }
        (Some("object"), Some(b'{')) => arguments(schema?, text).map(Value::Object),
        _ => serde_json::from_str(text).ok(),
    }
}

fn is_whole(number: &str) -> bool {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    whole.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
        && fraction.bytes().all(|byte| byte == b'0')
}

fn list(schema: Option<&Object>, text: &str) -> Option<Value> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    let inner = schema.and_then(|schema| schema.get("items")).and_then(Value::as_object);
    items.into_iter().map(|item| value(inner, item)).collect::<Option<Vec<_>>>().map(Value::Array)
}

/// The members of an object in their order, each as often as it is there.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = map.next_entry()? {
                    all.push(member);
                }
                Ok(Members(all))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Option<Value> {
        let schema = json!({"properties": {
            "quantity": {"type": "string"},
            "extended": {"type": "boolean"},
            "legs": {"type": "array", "items": {"type": "object", "properties": {
                "contract": {"type": "string"}, "ratio": {"type": "integer"}
            }}}
        }});
        arguments(schema.as_object().unwrap(), text).map(Value::Object)
    }

    #[test]
    fn numbers_keep_their_digits_where_the_schema_has_a_text() {
        let legs = json!([{"contract": "5", "ratio": 2}]);
        for (text, expected) in [
            (r#"{"quantity": 10}"#, json!({"quantity": "10"})),
            (r#"{"quantity":0.10000000000000000555}"#, json!({"quantity": "0.10000000000000000555"})),
            (r#"{"quantity": 1e2, "extended": 1}"#, json!({"quantity": "1e2", "extended": 1})),
            (r#"{"quantity": 1e999}"#, json!({"quantity": "1e999"})),
            (r#"{"quantity": "10", "more": 1.5}"#, json!({"quantity": "10", "more": 1.5})),
            (r#"{"legs": [{"contract": 5, "ratio": 2}]}"#, json!({"legs": legs})),
            (r#"{"legs": " [{\"contract\": 5, \"ratio\": 2}]\n"}"#, json!({"legs": legs})),
            (r#"{"legs": "[] []"}"#, json!({"legs": "[] []"})),
            (r#"{"legs": "{}"}"#, json!({"legs": "{}"})),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        assert_eq!((read("[]"), read("{} {}"), read("")), (None, None, None));
    }

    #[test]
    fn a_member_given_twice_is_a_list_of_both() {
        assert_eq!(read(r#"{"quantity": 1, "quantity": 2}"#), Some(json!({"quantity": ["1", "2"]})));
        let twice = r#"{"legs": "[{\"contract\": \"A\", \"ratio\": 1, \"ratio\": 2}]"}"#;
        assert_eq!(read(twice), Some(json!({"legs": [{"contract": "A", "ratio": [1, 2]}]})));
    }

    proptest! {
        #[test]
        fn any_json_number_is_read_digit_by_digit(
            number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
        ) {
            let text = format!(r#"{{"quantity":{number}}}"#);
            prop_assert_eq!(read(&text), Some(json!({"quantity": number})));
        }

        #[test]
        fn other_json_is_read_as_ever(text in "\\PC{0,40}", number in any::<i64>(), yes in any::<bool>()) {
            let given = json!({"a": text, "extended": yes, "legs": [{"ratio": number, "x": [null, {"y": text}]}]});
            prop_assert_eq!(read(&given.to_string()), Some(given));
        }
    }
}
