//! JSON as clients write it: comments and commas at the end are allowed in some of their files.

use serde_json::Value;

/// Parses it.
///
/// # Errors
/// The line of the first thing that is wrong.
pub(super) fn parse(text: &str) -> Result<Value, usize> {
    serde_json::from_str(&plain(text.trim_start_matches('\u{feff}'))).map_err(|error| error.line())
}

/// Comments become blanks, and commas before a closing bracket too, so that lines keep their numbers.
fn plain(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // Where the last comma stands in `done`, if nothing but blanks came after it.
    let mut comma = None;
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('"', _) => {
                comma = None;
                done.push(c);
                let mut escaped = false;
                for c in chars.by_ref() {
                    done.push(c);
                    match (c, escaped) {
                        ('"', false) => break,
                        _ => escaped = c == '\\' && !escaped,
                    }
                }
            }
            ('/', Some('/')) => while chars.next_if(|c| *c != '\n').is_some() {},
            ('/', Some('*')) => {
                chars.next();
                let mut star = false;
                for c in chars.by_ref() {
                    if c == '\n' {
                        done.push(c);
                    }
                    if star && c == '/' {
                        break;
                    }
                    star = c == '*';
                }
            }
            ('}' | ']', _) => {
                if let Some(at) = comma.take() {
                    done.replace_range(at..=at, " ");
                }
                done.push(c);
            }
            (',', _) => {
                comma = Some(done.len());
                done.push(c);
            }
            _ => {
                if !c.is_whitespace() {
                    comma = None;
                }
                done.push(c);
            }
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_editors_write() {
        let text = "{ // a\n \"a\": [1, 2, /* b, */ ],\n \"u\": \"http://x/\\\"*\", }\n";
        assert_eq!(parse(text), Ok(json!({"a": [1, 2], "u": "http://x/\"*"})));
        assert_eq!(parse("{\n\"a\": }"), Err(2));
    }
}
