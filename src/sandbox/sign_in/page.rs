//! The pages a person sees. Static HTML with inline CSS; they load nothing and run nothing.

use super::SCOPES;

pub(crate) const SIGN_IN_PATH: &str = "/oauth2/authorize/sign-in";
pub(crate) const CONSENT_PATH: &str = "/oauth2/authorize/consent";

const STYLE: &str = include_str!("page.css");

pub(crate) fn sign_in(request: &str) -> String {
    let body = format!(
        "<h1>Sign in to Aries</h1>\
         <p>This is the simulated Aries on your own computer. There is no real money here, and no password.</p>\
         <form method=\"post\" action=\"{SIGN_IN_PATH}\">{}\
         <div class=\"row\"><button class=\"main\" autofocus>Sign in</button></div></form>",
        hidden(request)
    );
    page("Sign in", &body)
}

/// The second page: what was asked for, each part to be granted or not.
pub(crate) fn consent(request: &str, scopes: &[String]) -> String {
    let boxes: String = scopes.iter().map(|scope| checkbox(scope)).collect();
    let body = format!(
        "<h1>Allow access?</h1>\
         <p><b>aries-mcp</b> asks for this access to your simulated accounts. Untick what it should not have.</p>\
         <form method=\"post\" action=\"{CONSENT_PATH}\">{}\
         <fieldset><legend>Access</legend>{boxes}</fieldset>\
         <div class=\"row\"><button name=\"decision\" value=\"deny\">Deny</button>\
         <button class=\"main\" name=\"decision\" value=\"allow\">Allow</button></div></form>",
        hidden(request)
    );
    page("Allow access", &body)
}

/// A page for what cannot be answered by a redirect.
pub(crate) fn error(code: &str, message: &str) -> String {
    let body =
        format!("<h1>This cannot go on</h1><p>{}</p><p><code>{}</code></p>", escape(message), escape(code));
    page("Error", &body)
}

fn checkbox(scope: &str) -> String {
    let words = SCOPES.iter().find(|(name, _)| *name == scope).map_or("", |(_, words)| *words);
    let scope = escape(scope);
    format!(
        "<label><input type=\"checkbox\" name=\"scope\" value=\"{scope}\" checked>\
         <span>{words}<small>{scope}</small></span></label>"
    )
}

fn hidden(request: &str) -> String {
    format!("<input type=\"hidden\" name=\"request\" value=\"{}\">", escape(request))
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Aries SANDBOX</title>\
         <style>{STYLE}</style></head><body><main><span class=\"tag\">SANDBOX</span>{body}</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_labelled_and_escaped() {
        let html = error("invalid_client", "<script>\"x\"</script>");
        assert!(html.contains("SANDBOX") && !html.contains("<script>"));
        assert!(consent("id", &["order:execution".into()]).contains("value=\"order:execution\" checked"));
    }
}
