//! OAuth2: authorization code with PKCE, a token endpoint that takes JSON or a form, rotating refresh tokens.

pub(crate) mod authorize;
pub(crate) mod page;
pub(crate) mod pkce;
pub(crate) mod requests;
pub(crate) mod token;
pub(crate) mod tokens;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Every scope that can be granted, with the words of the consent page.
pub(crate) const SCOPES: &[(&str, &str)] = &[
    ("user:information", "Read your profile"),
    ("user:management", "Change your profile"),
    ("account:information", "Read your accounts and balances"),
    ("position:information", "Read your positions"),
    ("order:information", "Read your orders"),
    ("order:execution", "Place, replace and cancel orders"),
    ("market:information", "Read quotes, search and charts"),
    ("options:information", "Read option chains"),
    ("calendar:information", "Read economic and earnings calendars"),
    ("analytics:information", "Read ratings and market breadth"),
    ("market:supplemental", "Read news, companies and filings"),
    ("watchlist:information", "Read your watchlists"),
    ("watchlist:management", "Change your watchlists"),
];

/// Random text of exactly `length` characters that are safe in URLs, headers and JSON.
pub(crate) fn random_text(length: usize) -> String {
    let mut bytes = vec![0; length];
    // If the OS has no randomness, the sandbox goes on with what it has: nothing here guards real money.
    let _ = getrandom::fill(&mut bytes);
    let mut text = URL_SAFE_NO_PAD.encode(&bytes);
    text.truncate(length);
    text
}

#[cfg(test)]
mod tests {
    use super::random_text;

    #[test]
    fn random_text_has_its_length_and_differs() {
        assert_eq!(random_text(3000).len(), 3000);
        assert_ne!(random_text(43), random_text(43));
    }
}
