//! JSON as clients write it: some of their files have comments and commas at the end.

use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde_json::Value;

pub(in crate::cli) const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    // What no client reads must not look right here.
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Fails with the line of the first thing that is wrong.
pub(in crate::cli) fn parse(text: &str) -> Result<Value, usize> {
    parse_to_serde_value(text.trim_start_matches('\u{feff}'), &OPTIONS).map_err(|error| error.line_display())
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
