//! Schemas of tools: derived from the argument types, then stripped of what some clients do not understand (`$ref`,
//! `anyOf`, null types, formats, `$schema`).

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

pub(crate) type Object = Map<String, Value>;

/// The schema of a tool's arguments: closed, flat, described.
pub(crate) fn input<T: JsonSchema>() -> Object {
    let mut object = output::<T>();
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

/// The schema of a tool's structured answer.
pub(crate) fn output<T: JsonSchema>() -> Object {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    let mut object = match schema.to_value() {
        Value::Object(object) => object,
        _ => Object::new(),
    };
    strip(&mut object);
    // The description of the whole object repeats the tool's own.
    object.remove("description");
    object.entry("properties").or_insert_with(|| json!({}));
    object
}

fn strip(object: &mut Object) {
    for key in ["$schema", "title", "format", "default"] {
        object.remove(key);
    }
    for list in ["anyOf", "oneOf"] {
        if let Some(Value::Array(choices)) = object.remove(list) {
            // An enum whose words have comments comes as a choice of constants.
            let words: Vec<Value> =
                choices.iter().filter_map(|choice| choice.get("const")).cloned().collect();
            if !words.is_empty() && words.len() == choices.len() {
                object.insert("type".to_owned(), json!("string"));
                object.insert("enum".to_owned(), Value::Array(words));
                continue;
            }
            let kept = choices.into_iter().filter_map(|choice| match choice {
                Value::Object(choice) if choice.get("type") != Some(&json!("null")) => Some(choice),
                _ => None,
            });
            for (key, value) in kept.flatten() {
                // What a field says of itself goes before what its type says.
                object.entry(key).or_insert(value);
            }
        }
    }
    if let Some(Value::Array(types)) = object.get("type") {
        let kept = types.iter().find(|name| **name != json!("null")).cloned();
        object.extend(kept.map(|kept| ("type".to_owned(), kept)));
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        // The names of properties are not keywords, so only what is inside each one is stripped.
        properties.values_mut().filter_map(Value::as_object_mut).for_each(strip);
    }
    if let Some(Value::Object(items)) = object.get_mut("items") {
        strip(items);
    }
}
