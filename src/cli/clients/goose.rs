//! Goose's extensions, as far as YAML goes that people and Goose write there: blocks that are set in, and lists.

use super::unread::Unread;

/// An extension, as far as it can be one of ours.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extension {
    pub(super) name: String,
    /// Empty if it starts no program.
    pub(super) command: String,
    pub(super) args: Vec<String>,
    pub(super) env: Vec<(String, String)>,
    pub(super) seconds: Option<u64>,
    pub(super) is_off: bool,
}

/// One extension, with its lines and their numbers.
struct Block<'a> {
    name: &'a str,
    lines: Vec<(usize, &'a str)>,
}

/// Where the extensions stand.
struct Section<'a> {
    at: usize,
    /// What stands behind the name in its line.
    value: &'a str,
    lines: Vec<(usize, &'a str)>,
}

/// Every extension. Fails with the line that Goose, or this program, cannot read as extensions.
pub(super) fn extensions(text: &str) -> Result<Vec<Extension>, Unread> {
    blocks(text)?.iter().map(extension).collect()
}

/// The lines of one extension, as they stand in the file.
pub(in crate::cli) fn lines_of(text: &str, name: &str) -> String {
    let lines = block(text, name).unwrap_or_default();
    let lines: Vec<&str> = lines.into_iter().map(|(_, line)| line).collect();
    lines.join("\n").trim_end().to_owned()
}

/// How far extensions are set in; `None` if the file has no block of them.
pub(in crate::cli) fn indent(text: &str) -> Option<usize> {
    section(text).filter(|section| section.value.is_empty()).map(|section| depth(&section))
}

/// How far the members of one extension are set in.
pub(in crate::cli) fn member_indent(text: &str, name: &str) -> Option<usize> {
    let member = block(text, name)?.into_iter().skip(1).find(|(_, line)| says_something(line));
    member.map(|(_, line)| set_in(line))
}

/// Whether the file names extensions at all, be it none.
pub(in crate::cli) fn has_extensions(text: &str) -> bool {
    section(text).is_some()
}

fn block<'a>(text: &'a str, name: &str) -> Option<Vec<(usize, &'a str)>> {
    blocks(text).ok()?.into_iter().find(|block| block.name == name).map(|block| block.lines)
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, Unread> {
    if let Some(line) = other_form(text) {
        return Err(Unread::Form(line));
    }
    let Some(section) = section(text) else { return Ok(Vec::new()) };
    match section.value {
        "" => {}
        value
            if value.starts_with('{')
                && value.trim_matches(['{', ' ', '}']).is_empty()
                && value.ends_with('}') => {}
        value if value == "null" || value.starts_with(['{', '&', '*', '!', '~']) => {
            return Err(Unread::Form(section.at));
        }
        _ => return Err(Unread::Broken(section.at)),
    }
    let depth = depth(&section);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for (number, line) in section.lines {
        let words = without_comment(line);
        let is_head = says_something(line) && set_in(line) == depth;
        if line.trim_start_matches(' ').starts_with('\t') || (says_something(line) && set_in(line) < depth) {
            return Err(Unread::Broken(number));
        }
        match blocks.last_mut() {
            _ if is_head => {
                let head = words.split_once(':').filter(|_| !words.starts_with("- "));
                let (name, value) = head.ok_or(Unread::Broken(number))?;
                if !value.is_empty() {
                    return Err(Unread::Form(number));
                }
                blocks.push(Block { name: plain(name), lines: vec![(number, line)] });
            }
            Some(block) => block.lines.push((number, line)),
            None => {}
        }
    }
    Ok(blocks)
}

/// The lines of the file with their numbers; a byte order mark is no part of them.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.trim_start_matches('\u{feff}').lines().enumerate().map(|(at, line)| (at + 1, line))
}

/// The first line of a file that is written as JSON, with merged or explicit keys, set in as a whole, or with
/// `extensions` twice.
fn other_form(text: &str) -> Option<usize> {
    let mut said =
        numbered(text).filter(|(_, line)| says_something(line) && !line.starts_with("---")).peekable();
    if let Some((at, _)) = said.peek().filter(|(_, line)| line.starts_with(' ')) {
        return Some(*at);
    }
    let mut named = 0;
    let other = said.find(|(_, line)| {
        named += usize::from(is_extensions(line));
        named > 1 || line.starts_with(['{', '?', '<', '*', '&', '!'])
    });
    other.map(|(at, _)| at)
}

fn is_extensions(line: &str) -> bool {
    !line.starts_with([' ', '\t']) && line.split_once(':').is_some_and(|(key, _)| plain(key) == "extensions")
}

fn section(text: &str) -> Option<Section<'_>> {
    let mut lines = numbered(text);
    let (at, head) = lines.find(|(_, line)| is_extensions(line))?;
    // A list may stand under its name without being set in.
    let is_inner = |line: &str| !says_something(line) || line.starts_with([' ', '\t', '-']);
    let value = head.split_once(':').map_or("", |(_, value)| without_comment(value));
    Some(Section { at, value, lines: lines.take_while(|(_, line)| is_inner(line)).collect() })
}

fn depth(section: &Section<'_>) -> usize {
    section.lines.iter().find(|(_, line)| says_something(line)).map_or(2, |(_, line)| set_in(line))
}

fn extension(block: &Block<'_>) -> Result<Extension, Unread> {
    let mut found = Extension { name: block.name.to_owned(), ..Extension::default() };
    let mut lines = block.lines.iter().skip(1).filter(|(_, line)| says_something(line)).peekable();
    let depth = lines.peek().map_or(0, |(_, line)| set_in(line));
    let mut member = "";
    for (number, line) in lines {
        let words = without_comment(line);
        let item = words.strip_prefix("- ");
        let is_read = if item.is_some() || set_in(line) > depth {
            found.extend(member, words, item)
        } else {
            let (key, value) = words.split_once(':').unwrap_or((words, ""));
            member = plain(key);
            found.set(member, value.trim())
        };
        is_read.ok_or(Unread::Form(*number))?;
    }
    Ok(found)
}

impl Extension {
    /// Takes a member; `None` if its value is in a form that is not read here.
    fn set(&mut self, member: &str, value: &str) -> Option<()> {
        match (member, value) {
            ("cmd", value) if value.starts_with(['|', '>', '&', '*', '!', '{', '[']) => return None,
            ("cmd", value) => self.command = scalar(value),
            ("args", "") => {}
            ("args", value) => self.args = list(value)?,
            ("enabled", "false") => self.is_off = true,
            ("timeout", value) => self.seconds = value.parse().ok(),
            _ => {}
        }
        Some(())
    }

    /// Takes a line that belongs to a member.
    fn extend(&mut self, member: &str, words: &str, item: Option<&str>) -> Option<()> {
        match (member, item, words.split_once(':')) {
            ("args", Some(item), _) => self.args.push(scalar(item)),
            ("cmd" | "args", ..) => return None,
            ("envs", None, Some((name, value))) => self.env.push((scalar(name), scalar(value))),
            _ => {}
        }
        Some(())
    }
}

/// A list in one line.
fn list(value: &str) -> Option<Vec<String>> {
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    let words = || inner.split(',').filter(|word| !word.trim().is_empty()).map(scalar).collect();
    Some(serde_json::from_str(value).unwrap_or_else(|_| words()))
}

fn scalar(word: &str) -> String {
    serde_json::from_str(word.trim()).unwrap_or_else(|_| plain(word).to_owned())
}

fn plain(word: &str) -> &str {
    word.trim().trim_matches(['"', '\''])
}

fn without_comment(line: &str) -> &str {
    line.split(" #").next().unwrap_or_default().trim()
}

fn says_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

fn set_in(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_found_however_far_they_are_set_in() {
        for depth in [1, 2, 4, 8] {
            let [outer, inner] = [depth, depth * 2].map(|depth| " ".repeat(depth));
            let text = format!(
                "GOOSE_MODE: auto\nextensions: # mine\n{outer}memory:\n{inner}cmd: npx\n\n{outer}# ours\n{outer}\"aries\":\n\
                 {inner}enabled: false\n{inner}cmd: '/x/aries-mcp' # here\n{inner}args:\n{inner}- serve\n{inner}- \"--read-only\"\n\
                 {inner}timeout: 300\nother:\n  fake:\n    cmd: aries-mcp\n"
            );
            let found = extensions(&text).unwrap();
            let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
            assert_eq!(names, ["memory", "aries"], "{text}");
            assert_eq!((found[1].command.as_str(), found[1].is_off), ("/x/aries-mcp", true));
            assert_eq!(
                (&found[1].args, found[1].seconds),
                (&vec!["serve".into(), "--read-only".into()], Some(300))
            );
            assert!(lines_of(&text, "aries").starts_with(&format!("{outer}\"aries\":\n{inner}enabled")));
            assert!(lines_of(&text, "aries").ends_with("timeout: 300"));
            assert_eq!(indent(&text), Some(depth));
        }
    }

    #[test]
    fn what_is_no_block_of_extensions_is_broken() {
        for (text, line) in [
            ("extensions: [\n", 1),
            ("a: 1\nextensions: yes\n", 2),
            ("extensions:\n- aries\n", 2),
            ("extensions:\n  - aries\n", 2),
            ("extensions:\n\taries:\n", 2),
            ("extensions:\n    a:\n      cmd: x\n  b:\n", 4),
        ] {
            assert_eq!(extensions(text).err(), Some(Unread::Broken(line)), "{text:?}");
        }
        for text in ["", "extensions:\n", "extensions: {}\n", "extensions:\n# none\nb: 1\n", "b: [\n]\n"] {
            assert_eq!(extensions(text), Ok(Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn forms_that_are_not_taken_apart_are_told_from_broken_ones() {
        for (text, line) in [
            ("extensions: {developer: {enabled: true}}\n", 1),
            ("a: 1\nextensions: {\n  aries: {cmd: x}\n}\n", 2),
            ("extensions: &all\n  aries:\n    cmd: x\n", 1),
            ("extensions: null\n", 1),
            ("{\"extensions\": {}}\n", 1),
            ("---\n  extensions:\n    aries:\n", 2),
            ("extensions:\n  aries: {cmd: x, args: []}\n", 2),
            ("extensions:\n  <<: *base\n", 2),
            ("extensions:\n  aries:\n    cmd: >-\n      x\n", 3),
            ("extensions:\n  aries:\n    cmd:\n      x\n", 4),
            ("extensions:\n  aries:\n    args: [\n      serve]\n", 3),
            ("extensions:\n  a:\n    cmd: x\n\"extensions\":\n", 4),
        ] {
            assert_eq!(extensions(text).err(), Some(Unread::Form(line)), "{text:?}");
        }
    }

    #[test]
    fn quotes_and_inner_blocks_are_read_as_yaml_has_them() {
        let text = "\u{feff}\"extensions\":\r\n  aries:\r\n    cmd: \"C:\\\\x\\\\aries-mcp.exe\"\r\n    args: [\"--profile\", \"a,b\"]\r\n    \
                    envs:\r\n      cmd: other\r\n  web:\r\n    uri: https://x\r\n";
        let found = extensions(text).unwrap();
        assert_eq!(found[0].command, r"C:\x\aries-mcp.exe");
        assert_eq!(found[0].args, ["--profile", "a,b"]);
        assert_eq!(found[0].env, [("cmd".to_owned(), "other".to_owned())]);
        assert_eq!((found[1].name.as_str(), found[1].command.as_str()), ("web", ""));
        assert_eq!((indent(text), member_indent(text, "aries")), (Some(2), Some(4)));
    }
}
