//! The build script: it lists the answer files of the sandbox, so that a new file needs no line of Rust.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

const FOLDER: &str = "src/sandbox/answers";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/sandbox/build.rs");
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut names = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name.ends_with(".json"));
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let text = without_spaces(&fs::read_to_string(Path::new(FOLDER).join(&name))?);
        writeln!(list, "    ({name:?}, {text:?}),").map_err(io::Error::other)?;
    }
    list.push(']');
    let folder = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&folder).join("answers.rs"), list)
}

/// JSON without the white space between its words, a third of it, which the program need not carry.
fn without_spaces(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    let is_kept = |c: &char| {
        let kept = in_text || !c.is_ascii_whitespace();
        in_text ^= *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        kept
    };
    json.chars().filter(is_kept).collect()
}
