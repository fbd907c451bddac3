//! JSON as clients write it: some of their files have comments and commas at the end.

use std::collections::BTreeSet;

use jsonc_parser::ast::{Object, Value as Ast};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast, parse_to_serde_value};
use serde_json::Value;

/// What a client reads. Of a file with more in it, it reads nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Dialect {
    Json,
    /// Comments too, but no comma before a bracket.
    Comments,
    /// Comments, and commas before brackets; also where it is not known what the client reads.
    Jsonc,
}

pub(in crate::cli) const fn options(dialect: Dialect) -> ParseOptions {
    ParseOptions {
        allow_comments: !matches!(dialect, Dialect::Json),
        allow_trailing_commas: matches!(dialect, Dialect::Jsonc),
        // What no client reads must not look right here.
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Fails with the line of the first thing that is wrong.
pub(in crate::cli) fn parse(text: &str, dialect: Dialect) -> Result<Value, usize> {
    let body = text.trim_start_matches('\u{feff}');
    match broken_string(body) {
        Some(line) => Err(line),
        None => parse_to_serde_value(body, &options(dialect)).map_err(|error| place(body, &error).0),
    }
}

/// The line and the column of what is wrong. Where a bracket is missing, that is the end: the first thing that is
/// open still is mostly the whole file.
pub(in crate::cli) fn place(body: &str, error: &ParseError) -> (usize, usize) {
    match error.kind() {
        ParseErrorKind::UnterminatedObject | ParseErrorKind::UnterminatedArray => {
            let said = body.trim_end();
            let last = said.rsplit('\n').next().unwrap_or_default();
            (said.matches('\n').count() + 1, last.chars().count() + 1)
        }
        _ => (error.line_display(), error.column_display()),
    }
}

/// The line of the first string with a tab or a line break in it, which the parser lets pass and no client reads.
pub(in crate::cli) fn broken_string(body: &str) -> Option<usize> {
    let collect = CollectOptions { tokens: true, ..CollectOptions::default() };
    let tokens = parse_to_ast(body, &collect, &options(Dialect::Jsonc)).ok()?.tokens?;
    let strings = tokens.iter().filter(|found| matches!(found.token, Token::String(_)));
    let mut places = strings.filter_map(|found| {
        let text = body.get(found.range.start..found.range.end)?;
        Some(found.range.start + text.find(|c: char| c < ' ')?)
    });
    Some(body.get(..places.next()?)?.matches('\n').count() + 1)
}

/// The name that stands twice: the servers themselves, one of them, or a member of one. Each client takes another one.
pub(in crate::cli) fn twice(text: &str, servers: &str) -> Option<String> {
    let body = text.trim_start_matches('\u{feff}');
    let parsed = parse_to_ast(body, &CollectOptions::default(), &options(Dialect::Jsonc)).ok()?;
    let Ast::Object(root) = parsed.value? else { return None };
    let is_again =
        |name: &str| root.properties.iter().filter(|found| found.name.as_str() == name).count() > 1;
    if is_again(servers) {
        return Some(servers.to_owned());
    }
    let all = root.get_object(servers)?;
    let inner = all.properties.iter().filter_map(|server| server.value.as_object());
    std::iter::once(all).chain(inner).find_map(again)
}

fn again(object: &Object<'_>) -> Option<String> {
    let mut names = BTreeSet::new();
    let mut all = object.properties.iter().map(|found| found.name.as_str());
    all.find(|name| !names.insert(*name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_editors_write() {
        let parse = |text| parse(text, Dialect::Jsonc);
        let text = "{ // a\n \"a\": [1, 2, /* b, */ ],\n \"u\": \"http://x/\\\"*\", }\n";
        assert_eq!(parse(text), Ok(json!({"a": [1, 2], "u": "http://x/\"*"})));
        assert_eq!(parse("{\n\"a\": }"), Err(2));
        assert_eq!(parse("{\n\"a\": \"x\ty\"}"), Err(2));
        assert_eq!(parse("{\n\"a\": {\n\"b\": 1\n}\n\n"), Err(4));
        assert_eq!(parse("{\n\"a\": [1,\n2"), Err(3));
        assert_eq!(parse("{\t\"a\": \"x\\ty\"}"), Ok(json!({"a": "x\ty"})));
    }

    #[test]
    fn a_client_that_reads_json_alone_reads_no_comment() {
        assert_eq!(parse("{\n// a\n}", Dialect::Comments), Ok(json!({})));
        assert_eq!(parse("{\n\"a\": [1,\n]}", Dialect::Comments), Err(2));
        assert_eq!(parse("{\n// a\n}", Dialect::Json), Err(2));
        assert_eq!(parse("{\n\"a\": [1,\n]}", Dialect::Json), Err(2));
        assert_eq!(parse("{\"a\": [1,\n2]}", Dialect::Json), Ok(json!({"a": [1, 2]})));
    }
}
