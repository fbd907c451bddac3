//! The look of the pages that this program shows in a browser: one card, the same for sign-in and approval.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The colours of all our pages, in light and in dark.
pub(crate) const PALETTE: &str = include_str!("card/palette.css");
const STYLE: &str = include_str!("card/card.css");
/// How all our scripts make elements.
pub(crate) const ELEMENTS: &str = include_str!("card/elements.js");
/// An order's ticket: the same in a client's frame and on the approval page.
pub(crate) const TICKET_STYLE: &str = include_str!("card/ticket.css");
pub(crate) const TICKET_SCRIPT: &str = include_str!("card/ticket.js");

/// A page that holds one card.
pub(crate) struct Card<'a> {
    pub(crate) title: &'a str,
    /// HTML below the title; the caller has escaped what comes from elsewhere.
    pub(crate) body: &'a str,
    /// Further elements of the head, such as a refresh.
    pub(crate) head: &'a str,
    /// Style of this page alone.
    pub(crate) style: &'a str,
    /// The one script that may run; none if empty.
    pub(crate) script: &'a str,
}

impl Card<'_> {
    pub(crate) fn html(&self) -> String {
        let Self { title, body, head, style, script } = self;
        let script = if script.is_empty() { String::new() } else { format!("<script>{script}</script>") };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\">{head}<title>{title} · aries-mcp</title>\
             <style>{PALETTE}{STYLE}{style}</style></head><body><main>{body}\
             <footer>aries-mcp, on this machine</footer></main>{script}</body></html>\n"
        )
    }

    /// The content security policy that lets this page's own style and script run, and nothing else.
    pub(crate) fn policy(&self, form_action: &str) -> String {
        let style = hash(&format!("{PALETTE}{STYLE}{}", self.style));
        let script = if self.script.is_empty() { "'none'".to_owned() } else { hash(self.script) };
        format!(
            "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; \
             form-action {form_action}; frame-ancestors 'none'"
        )
    }
}

/// Names a style or script in a content security policy.
pub(crate) fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
