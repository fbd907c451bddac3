//! What is asked for by an id that a list has told: the item is the row of that list, whole.

use serde_json::Value;

use crate::sandbox::market::instruments::INSTRUMENTS;
use crate::sandbox::{Answer, Call, Reply, World, answers, template};

/// `GET /v1/news/{id}`; the item says which kind it is, whichever was asked for.
pub(crate) fn news(world: &mut World, call: &Call) -> Reply {
    call.required("newsType")?;
    Answer::ok(&row(world, call, ("/v1/news", "news"), call.param("id"))?.1)
}

/// `GET /v1/stock/transcripts`: what the list says of a call, and what was said in it.
pub(crate) fn transcript(world: &mut World, call: &Call) -> Reply {
    let id = call.required("id")?;
    let (symbol, mut whole) = row(world, call, ("/v1/stock/transcripts/list", "transcripts"), id)?;
    let said = template::render(&template_of("/v1/stock/transcripts")?, call, world.market(), None)?;
    if let (Value::Object(whole), Value::Object(said)) = (&mut whole, said) {
        whole.insert("symbol".into(), symbol.into());
        whole.extend(said);
    }
    Answer::ok(&whole)
}

/// The row that has an id, in the list of whichever symbol it is, with that symbol.
fn row(
    world: &mut World,
    call: &Call,
    (path, member): (&str, &str),
    id: &str,
) -> Result<(&'static str, Value), Answer> {
    let template = template_of(path)?;
    for instrument in INSTRUMENTS {
        let list = template::render(&template, call, world.market(), Some(instrument.symbol))?;
        let rows = list.get(member).and_then(Value::as_array).into_iter().flatten();
        let mut found = rows.filter(|row| row.get("id").is_some_and(|own| is(own, id)));
        if let Some(row) = found.next() {
            return Ok((instrument.symbol, row.clone()));
        }
    }
    Err(Answer::not_found(format!("nothing has the id {id}")))
}

/// Whether an id, a number or a text, is the one that was asked for.
fn is(own: &Value, id: &str) -> bool {
    own == id || own.as_i64().is_some_and(|number| number.to_string() == id)
}

fn template_of(path: &str) -> Result<Value, Answer> {
    let text = answers::file(path).unwrap_or_default();
    serde_json::from_str(text).map_err(|error| Answer::error(500, "answer_file", error.to_string()))
}
