//! A message that cannot be read: what is wrong with it, and the id of its request.

use serde_json::Value;

/// The id in the outermost object of a text that is broken, or of which only the beginning or the end is there.
pub(super) fn id_in(bytes: &[u8]) -> Option<Value> {
    of_outermost(bytes).or_else(|| at_the_end(bytes))
}

/// Walks through the text as far as it goes, and reads the first `id` that stands in the outermost object.
fn of_outermost(bytes: &[u8]) -> Option<Value> {
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = end_of_text(bytes, at + 1)?;
                if depth == 1
                    && bytes.get(at + 1..end) == Some(b"id")
                    && let Some(id) = value_after(bytes.get(end + 1..)?)
                {
                    return Some(id);
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the text that begins at `begin` ends: its closing quote.
fn end_of_text(bytes: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at),
            _ => at += 1,
        }
    }
}

/// The id as the last member of an object, as some clients write it.
fn at_the_end(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    let (_, last) = text.trim_end().rsplit_once("\"id\"")?;
    let value = last.strip_suffix('}')?;
    value_after(last.as_bytes()).filter(|_| !value.contains(['{', '}', ',']))
}

/// A number or a text after a colon.
fn value_after(bytes: &[u8]) -> Option<Value> {
    let rest = bytes.trim_ascii_start().strip_prefix(b":")?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Value>();
    let first = values.next()?.ok()?;
    // Where the text ends within a number, nobody knows the rest of it.
    let is_whole = first.is_string() || values.byte_offset() < rest.len();
    (is_whole && usable(&first)).then_some(first)
}

/// Whether an id can be sent back as it is: a text, or a whole number that is read exactly.
pub(super) fn usable(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

/// What is wrong with a line that is not written in UTF-8.
pub(super) fn other_letters(line: &[u8]) -> Option<String> {
    let is_utf16 = line.contains(&0) || line.starts_with(&[0xff, 0xfe]) || line.starts_with(&[0xfe, 0xff]);
    if is_utf16 {
        return Some("the message is in UTF-16, and MCP is in UTF-8: write to stdin in UTF-8".to_owned());
    }
    let place = std::str::from_utf8(line).err()?.valid_up_to() + 1;
    Some(format!("the message is not in UTF-8, as MCP is: byte {place} of the line breaks it"))
}

/// What is wrong with a text that cannot be read, without the line, which is always the first.
pub(super) fn unreadable(error: &serde_json::Error) -> String {
    if error.is_eof() {
        let column = error.column();
        return format!(
            "the message ends in the middle (column {column}): each stands whole on a line of its own"
        );
    }
    let words = error.to_string();
    let what = words.split(" at line ").next().unwrap_or_default();
    format!("the message cannot be read as JSON: {what} (column {})", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_that_of_the_request_and_of_nothing_in_it() {
        for (text, id) in [
            (r#"{"id":7,"method":"#, Some(json!(7))),
            (r#"{"id" : "a b", "x"#, Some(json!("a b"))),
            (r#"{"params":{"id":1},"id":2,"#, Some(json!(2))),
            (r#"{"params":{"id":1},"method":"x","#, None),
            (r#"{"text":"\"id\":3","id":4,"#, Some(json!(4))),
            (r#"half of a text","jsonrpc":"2.0","id":5}"#, Some(json!(5))),
            (r#"{"id":null}"#, None),
            (r#"{"id":12"#, None),
            (r#"{"id":1.5,"#, None),
            (r#"{"id":123456789012345678901234567890,"#, None),
            ("id", None),
            ("", None),
        ] {
            assert_eq!(id_in(text.as_bytes()), id, "{text}");
        }
    }
}
