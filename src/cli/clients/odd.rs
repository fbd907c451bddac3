//! Members of a server that are not as its client reads them.

use serde_json::Value;

use super::{Client, Command, Shape};

/// What a member has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Odd {
    pub(in crate::cli) member: &'static str,
    pub(in crate::cli) wanted: &'static str,
}

/// The first member that keeps the client from starting the server.
pub(super) fn odd(server: &Value, client: &Client) -> Option<Odd> {
    of_another_kind(server, client).or_else(|| not_as_in_table(server, client))
}

/// A member that says of what kind the server is, where the server does not have it.
pub(super) fn missing(server: &Value, client: &Client) -> Option<Odd> {
    let Shape::Json(shape) = client.shape else { return None };
    let is_limit =
        |member: &str| client.limit.and_then(|limit| limit.member).is_some_and(|(name, _)| name == member);
    let completed =
        shape.more.iter().filter(|(member, _)| shape.completed.contains(member) && !is_limit(member));
    let missing = completed.into_iter().find(|(member, _)| server.get(*member).is_none());
    missing.map(|(member, wanted)| Odd { member, wanted })
}

/// A member that makes a server with a command one that is reached by an address, or one without tools.
fn not_as_in_table(server: &Value, client: &Client) -> Option<Odd> {
    let Shape::Json(shape) = client.shape else { return None };
    let constant = |member: &str| shape.more.iter().find(|(name, _)| *name == member).map(|(_, text)| *text);
    let of_type = constant("type").unwrap_or("\"stdio\"");
    let is_type = |text: &str| text == of_type || (shape.command == Command::Split && text == "\"stdio\"");
    let found = |member: &str| server.get(member).map(Value::to_string);
    if found("type").is_some_and(|text| !is_type(&text)) {
        return Some(Odd { member: "type", wanted: of_type });
    }
    let wanted = constant("source").filter(|wanted| found("source").is_some_and(|text| text != *wanted));
    let source = wanted.map(|wanted| Odd { member: "source", wanted });
    let tools = constant("tools").filter(|_| found("tools").is_some_and(|text| text == "[]"));
    source.or(tools.map(|wanted| Odd { member: "tools", wanted }))
}

/// The first member that is not of the kind that the client reads.
fn of_another_kind(server: &Value, client: &Client) -> Option<Odd> {
    let is_texts = |value: &Value| value.as_array().is_some_and(|words| words.iter().all(Value::is_string));
    let is_env = |value: &Value| value.as_object().is_some_and(|all| all.values().all(Value::is_string));
    let is_text_or_none = |value: &Value| value.is_string() || value.is_null();
    let joined = matches!(client.shape, Shape::Json(shape) if shape.command == Command::Joined);
    let (text, list) = ("a text in quotation marks", "a list of texts: [\"serve\"]");
    let env = "an object of texts: {\"NAME\": \"value\"}";
    let is_wrong = |member: &str, is_right: &dyn Fn(&Value) -> bool| {
        server.get(member).is_some_and(|value| !is_right(value))
    };
    match joined {
        true if is_wrong("command", &is_texts) => Some(Odd { member: "command", wanted: list }),
        true if is_wrong("environment", &is_env) => Some(Odd { member: "environment", wanted: env }),
        false if is_wrong("command", &Value::is_string) => Some(Odd { member: "command", wanted: text }),
        false if is_wrong("args", &is_texts) => Some(Odd { member: "args", wanted: list }),
        false if is_wrong("env", &is_env) => Some(Odd { member: "env", wanted: env }),
        _ if is_wrong("cwd", &is_text_or_none) => Some(Odd { member: "cwd", wanted: text }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::entries;
    use super::super::table::CLIENTS;

    fn of(key: &str, text: &str) -> super::super::entry::Entry {
        entries(text, CLIENTS.iter().find(|client| client.key == key).unwrap()).unwrap().remove(0)
    }

    #[test]
    fn a_member_of_another_kind_is_known() {
        let odd = |key: &str, text: &str| of(key, text).odd.map(|odd| odd.member);
        for (server, member) in [
            (r#"{"command": "x", "args": "serve"}"#, Some("args")),
            (r#"{"command": "x", "args": ["serve", 1]}"#, Some("args")),
            (r#"{"command": "x", "args": null}"#, Some("args")),
            (r#"{"command": ["x", "serve"]}"#, Some("command")),
            (r#"{"command": 7}"#, Some("command")),
            (r#"{"command": "x", "env": {"ARIES_READ_ONLY": true}}"#, Some("env")),
            (r#"{"command": "x", "env": []}"#, Some("env")),
            (r#"{"command": "x", "cwd": ["/"]}"#, Some("cwd")),
            (r#"{"command": "x", "args": [], "env": {}, "cwd": null}"#, None),
        ] {
            assert_eq!(
                odd("cursor", &format!("{{\"mcpServers\": {{\"aries\": {server}}}}}")),
                member,
                "{server}"
            );
        }
        assert_eq!(odd("codex", "[mcp_servers.aries]\ncommand = \"x\"\nargs = \"serve\"\n"), Some("args"));
        assert_eq!(odd("opencode", r#"{"mcp": {"aries": {"command": "x"}}}"#), Some("command"));
        assert_eq!(odd("opencode", r#"{"mcp": {"aries": {"command": ["x"]}}}"#), None);
        let opencode = r#"{"mcp": {"aries": {"type": "remote", "command": ["x"]}}}"#;
        assert_eq!(odd("opencode", opencode), Some("type"));
        let vscode = r#"{"servers": {"aries": {"type": "http", "command": "x"}}}"#;
        assert_eq!(odd("vscode", vscode), Some("type"));
        assert_eq!(odd("vscode", &vscode.replace("http", "stdio")), None);
        let copilot = r#"{"mcpServers": {"aries": {"type": "stdio", "command": "x", "tools": []}}}"#;
        assert_eq!(odd("copilot", copilot), Some("tools"));
        assert_eq!(odd("copilot", &copilot.replace("[]", "[\"get_quotes\"]")), None);
        let zed = r#"{"context_servers": {"aries": {"source": "extension", "command": "x"}}}"#;
        assert_eq!(odd("zed", zed), Some("source"));
    }

    #[test]
    fn a_member_that_says_the_kind_of_a_server_is_missed() {
        let missing = |key: &str, text: &str| of(key, text).missing.map(|odd| (odd.member, odd.wanted));
        let zed = r#"{"context_servers": {"aries": {"command": "x"}}}"#;
        assert_eq!(missing("zed", zed), Some(("source", "\"custom\"")));
        assert_eq!(missing("zed", &zed.replace("{\"command", "{\"source\": \"x\", \"command")), None);
        let opencode = r#"{"mcp": {"aries": {"command": ["x"]}}}"#;
        assert_eq!(missing("opencode", opencode), Some(("type", "\"local\"")));
        // Its limit is told by the words for limits.
        assert_eq!(missing("cline", r#"{"mcpServers": {"aries": {"command": "x"}}}"#), None);
        assert_eq!(missing("vscode", r#"{"servers": {"aries": {"command": "x"}}}"#), None);
    }
}
