//! The pages a person sees. Static HTML with inline CSS; they load nothing and run nothing.

use super::SCOPES;

/// Where the sign-in page posts to.
pub(crate) const SIGN_IN_PATH: &str = "/oauth2/authorize/sign-in";
/// Where the consent page posts to.
pub(crate) const CONSENT_PATH: &str = "/oauth2/authorize/consent";

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #16202c; --soft: #5b6876; --page: #eef1f5; --card: #fff; --line: #d5dbe3;
  --accent: #1f5fbf; --on-accent: #fff; --tag: #8a5a00; --tag-page: #fff3d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecf2; --soft: #9fabb8; --page: #10151b; --card: #1a2129;
  --line: #313b46; --accent: #7fb0ff; --on-accent: #0c1826; --tag: #ffd27a; --tag-page: #3a2c0c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; }
h1 { margin: .75rem 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; color: var(--soft); }
.tag { display: inline-block; padding: .125rem .5rem; border-radius: .25rem; background: var(--tag-page);
  color: var(--tag); font-size: .8125rem; font-weight: 600; letter-spacing: .04em; }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .25rem; font-weight: 600; }
label { display: flex; gap: .625rem; align-items: baseline; padding: .375rem 0; }
small { display: block; color: var(--soft); }
.row { display: flex; gap: .75rem; }
button { flex: 1; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
  background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { overflow-wrap: anywhere; }
";

/// The first page: one button, no password.
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
pub(crate) fn error(code: &str, told: &str) -> String {
    let body =
        format!("<h1>This cannot go on</h1><p>{}</p><p><code>{}</code></p>", escape(told), escape(code));
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
