//! The table of clients as documents show it: example files, and the paths on each system.

use serde_json::{Value, json};

use super::places::{File, Root, System};
use super::server::Launch;
use super::table::CLIENTS;
use super::{Client, Shape};

/// One client as documents tell of it.
#[derive(Debug)]
pub struct Document {
    /// Its words on the command line.
    pub keys: Vec<&'static str>,
    /// Its name, and that of another one that reads the same file.
    pub name: String,
    /// Its files, each with the systems that have it there.
    pub files: Vec<String>,
    /// The whole file with this program in it, and what such files end in.
    pub example: (String, &'static str),
    /// What makes it see a changed configuration.
    pub next: &'static str,
    /// What else there is to know.
    pub note: &'static str,
    /// Whether `setup --link` has a link for it.
    pub has_link: bool,
}

/// Returns every client, in the order of the table.
pub fn all() -> Vec<Document> {
    let document = |client: &'static Client| Document {
        keys: std::iter::once(client.key).chain(client.also.map(|(key, _)| key)).collect(),
        name: client.names(),
        files: client.files.iter().map(shown).collect(),
        example: example(client),
        next: client.next,
        note: client.note,
        has_link: client.link.is_some(),
    };
    CLIENTS.iter().map(document).collect()
}

fn example(client: &Client) -> (String, &'static str) {
    let launch = Launch { command: "/ABSOLUTE/PATH/TO/aries-mcp".to_owned(), args: Vec::new() };
    let json = |value: &Value| serde_json::to_string_pretty(value).expect("texts and lists can be written");
    match client.shape {
        Shape::Json(shape) => (json(&json!({shape.key: {"aries": launch.json(&shape)}})), "json"),
        Shape::Toml => (launch.toml("aries"), "toml"),
        Shape::Yaml => (launch.yaml("aries"), "yaml"),
    }
}

fn shown(file: &File) -> String {
    let on = |system: &System| {
        let root = match (file.root, system) {
            (Root::Home, _) => "~/".to_owned(),
            (Root::AppData | Root::DotConfig, System::Linux) | (Root::DotConfig, _) => {
                "~/.config/".to_owned()
            }
            (Root::AppData, System::MacOs) => "~/Library/Application Support/".to_owned(),
            (Root::AppData, System::Windows) => "%APPDATA%/".to_owned(),
            (Root::LocalAppData, _) => "%LOCALAPPDATA%/".to_owned(),
            (Root::Variable(_, ""), _) => "~/".to_owned(),
            (Root::Variable(_, folder), _) => format!("~/{folder}/"),
            (Root::Here, _) => String::new(),
        };
        let path = format!("{root}{}", file.path);
        if path.starts_with('%') { path.replace('/', "\\") } else { path }
    };
    let mut lines: Vec<String> = file.systems.iter().map(|system| format!("`{}`", on(system))).collect();
    lines.dedup();
    let variable = match file.root {
        Root::Variable(name, _) => format!(" (`{name}` moves it)"),
        _ => String::new(),
    };
    format!("{}{variable}", lines.join(", "))
}
