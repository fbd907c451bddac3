//! Objects of a JSON text, and where each of their parts stands in it.

use std::ops::Range;

use jsonc_parser::cst::{CstNode, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// What a whole text is.
pub(super) enum Root {
    /// No value: blanks and comments at most.
    Nothing,
    Object(Object),
    /// A list, a number or the like.
    Other,
}

/// An object: its members, and what stands between them.
pub(super) struct Object {
    pub(super) range: Range<usize>,
    pub(super) members: Vec<Member>,
    marks: Vec<Mark>,
}

pub(super) struct Member {
    pub(super) name: String,
    /// From the beginning of its name to the end of its value.
    pub(super) range: Range<usize>,
    pub(super) value: Range<usize>,
    node: Option<CstNode>,
}

/// A comma or a comment.
struct Mark {
    range: Range<usize>,
    is_comma: bool,
    is_line_comment: bool,
}

/// What stands between two members.
pub(super) struct Gap {
    pub(super) comma: Option<usize>,
    /// Where the last comment or the comma ends.
    pub(super) end: usize,
    pub(super) ends_in_line_comment: bool,
}

/// Fails with the place of the first thing that these options do not allow.
pub(super) fn parse(text: &str, options: &ParseOptions) -> Result<Root, ParseError> {
    // The tree takes comments whatever the options say.
    parse_to_ast(text, &CollectOptions::default(), options)?;
    let root = CstRootNode::parse(text, options)?;
    let value = placed(root.children(), 0).find(|(child, _)| !child.is_trivia());
    Ok(match value.map(|(value, range)| (value.as_object(), range.start)) {
        None => Root::Nothing,
        Some((Some(object), start)) => Root::Object(Object::new(&object, start)),
        Some((None, _)) => Root::Other,
    })
}

impl Object {
    fn new(node: &CstObject, start: usize) -> Self {
        let (mut members, mut marks, mut end) = (Vec::new(), Vec::new(), start);
        for (child, range) in placed(node.children(), start) {
            end = range.end;
            if let Some(member) = child.as_object_prop() {
                members.push(Member::new(&member, range));
            } else if child.is_comma() || child.is_comment() {
                let is_line_comment = child.as_comment().is_some_and(|comment| comment.is_line_comment());
                marks.push(Mark { range, is_comma: child.is_comma(), is_line_comment });
            }
        }
        Self { range: start..end, members, marks }
    }

    /// What stands between two places in it, neither of which lies in a member.
    pub(super) fn gap(&self, between: Range<usize>) -> Gap {
        let mut gap = Gap { comma: None, end: between.start, ends_in_line_comment: false };
        let inside = |mark: &&Mark| mark.range.start >= between.start && mark.range.end <= between.end;
        for mark in self.marks.iter().filter(inside) {
            gap.comma = Some(mark.range.start).filter(|_| mark.is_comma).or(gap.comma);
            (gap.end, gap.ends_in_line_comment) = (mark.range.end, mark.is_line_comment);
        }
        gap
    }
}

impl Member {
    fn new(node: &CstObjectProp, range: Range<usize>) -> Self {
        let name = node.decoded_name().unwrap_or_default();
        let value = placed(node.children(), range.start).last();
        let (node, value) = value.map_or((None, range.clone()), |(node, value)| (Some(node), value));
        Self { name, range, value, node }
    }

    /// Its value, if that is an object.
    pub(super) fn object(&self) -> Option<Object> {
        let object = self.node.as_ref()?.as_object()?;
        Some(Object::new(&object, self.value.start))
    }
}

/// Each of these nodes with its place, the first of which begins here.
fn placed(nodes: Vec<CstNode>, start: usize) -> impl Iterator<Item = (CstNode, Range<usize>)> {
    nodes.into_iter().scan(start, |at, node| {
        let range = *at..*at + node.to_string().len();
        *at = range.end;
        Some((node, range))
    })
}
