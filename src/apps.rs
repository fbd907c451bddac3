//! The pages that a client shows beside an answer (MCP Apps, `io.modelcontextprotocol/ui`), and that `aries-mcp view`
//! shows in a person's own browser. A page draws the text of an answer: what the model reads and what the person sees
//! cannot differ.

use std::fmt::Write as _;

use crate::card::{ELEMENTS, PALETTE, TICKET_SCRIPT, TICKET_STYLE, hash};

const LOOK: &str = include_str!("apps/look.css");
const BRIDGE: &str = include_str!("apps/bridge.js");

/// The extension's name, by which client and server tell each other that they know it.
pub(crate) const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// What such a page is, as the extension has it.
pub(crate) const PAGE_TYPE: &str = "text/html;profile=mcp-app";

/// One page and the tools whose answers it draws.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) uri: &'static str,
    pub(crate) title: &'static str,
    pub(crate) tools: &'static [&'static str],
    style: &'static str,
    script: &'static str,
}

pub(crate) static PORTFOLIO: App = App {
    uri: "ui://aries/portfolio",
    title: "Portfolio",
    tools: &["get_portfolio"],
    style: include_str!("apps/portfolio.css"),
    script: include_str!("apps/portfolio.js"),
};

pub(crate) static CHART: App = App {
    uri: "ui://aries/chart",
    title: "Price chart",
    tools: &["get_bars"],
    style: include_str!("apps/chart.css"),
    script: include_str!("apps/chart.js"),
};

pub(crate) static CHAIN: App = App {
    uri: "ui://aries/chain",
    title: "Option chain",
    tools: &["get_option_chain"],
    style: include_str!("apps/chain.css"),
    script: include_str!("apps/chain.js"),
};

pub(crate) static ORDER: App = App {
    uri: "ui://aries/order",
    title: "Order",
    tools: &["preview_order", "place_order"],
    style: include_str!("apps/order.css"),
    script: include_str!("apps/order.js"),
};

pub(crate) static APPS: [&App; 4] = [&PORTFOLIO, &CHART, &CHAIN, &ORDER];

/// The page that draws the answers of a tool.
pub(crate) fn of_tool(name: &str) -> Option<&'static App> {
    APPS.into_iter().find(|app| app.tools.contains(&name))
}

impl App {
    /// The whole page; it loads nothing from anywhere.
    pub(crate) fn html(&self) -> String {
        let mut page = String::with_capacity(40_000);
        let title = self.title;
        write!(
            page,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} · aries-mcp</title><style>{}</style></head>\n\
             <body><p id=\"said\" role=\"status\"></p><main id=\"view\"></main>\n\
             <script>{}</script></body></html>\n",
            self.whole_style(),
            self.whole_script()
        )
        .expect("a string takes any text");
        page
    }

    /// The content security policy with which `aries-mcp view` serves the page: its own style and script run, and it
    /// talks to nobody but the command that served it.
    pub(crate) fn policy(&self) -> String {
        let (style, script) = (hash(&self.whole_style()), hash(&self.whole_script()));
        format!(
            "default-src 'none'; style-src {style}; script-src {script}; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    }

    fn whole_style(&self) -> String {
        format!("{PALETTE}{LOOK}{TICKET_STYLE}{}", self.style)
    }

    fn whole_script(&self) -> String {
        format!("{ELEMENTS}{BRIDGE}{TICKET_SCRIPT}{}", self.script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_small_and_asks_nobody() {
        for app in APPS {
            let page = app.html();
            assert!(page.len() <= 40_000, "{} has {} bytes", app.uri, page.len());
            for banned in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                " src=",
                "@import",
                "url(",
            ] {
                assert!(!page.contains(banned), "{} has {banned}", app.uri);
            }
            // The names of namespaces are no addresses that are asked, and the page of an approval is only offered.
            let addresses =
                page.replace("http://www.w3.org/2000/svg", "").replace("\"http://127.0.0.1:\"", "");
            assert!(!addresses.contains("http://") && !addresses.contains("https://"), "{}", app.uri);
        }
    }
}
