//! Links that open a client and have it add the server, after the person agreed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

/// The clients that take such a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Link {
    Cursor,
    VsCode,
    LmStudio,
}

impl Link {
    /// The address for a server as it stands in this client's file.
    pub(in crate::cli) fn address(self, name: &str, server: &Value) -> String {
        let config = || encoded(&STANDARD.encode(server.to_string()));
        let name_encoded = encoded(name);
        match self {
            Self::Cursor => format!(
                "cursor://anysphere.cursor-deeplink/mcp/install?name={name_encoded}&config={}",
                config()
            ),
            Self::LmStudio => format!("lmstudio://add_mcp?name={name_encoded}&config={}", config()),
            Self::VsCode => {
                let mut whole = json!({"name": name});
                if let (Some(whole), Some(server)) = (whole.as_object_mut(), server.as_object()) {
                    whole.extend(server.clone());
                }
                format!("vscode:mcp/install?{}", encoded(&whole.to_string()))
            }
        }
    }
}

/// Percent-encoded; a blank is `%20`, which every client reads.
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_the_server_as_the_clients_read_it() {
        let server = json!({"command": "/x y/aries-mcp"});
        assert_eq!(
            Link::Cursor.address("aries", &server),
            "cursor://anysphere.cursor-deeplink/mcp/install?name=aries&config=eyJjb21tYW5kIjoiL3ggeS9hcmllcy1tY3AifQ%3D%3D"
        );
        assert_eq!(
            Link::LmStudio.address("aries", &server),
            "lmstudio://add_mcp?name=aries&config=eyJjb21tYW5kIjoiL3ggeS9hcmllcy1tY3AifQ%3D%3D"
        );
        assert_eq!(
            Link::VsCode.address("aries", &server),
            "vscode:mcp/install?%7B%22name%22%3A%22aries%22%2C%22command%22%3A%22%2Fx%20y%2Faries-mcp%22%7D"
        );
    }
}
