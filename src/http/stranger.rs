//! Answers of somebody between here and Aries: a proxy that wants a password, a firewall, the sign-in page of a network. Aries
//! sends no pages and leads nowhere else.

use reqwest::StatusCode;

use super::CauseKind;
use crate::error_body::ErrorBody;

/// What came in place of Aries' answer, and what a person does about it.
pub(crate) struct Stranger {
    pub(crate) cause: String,
    pub(crate) step: &'static str,
}

const STEP: &str = "look at that page in a browser: sign in to the network or proxy, or ask whoever runs the firewall; then try \
                    again";

impl Stranger {
    /// Tells whether an answer is a stranger's. Pages of a 404 or of a fault are those of Aries' own gateway.
    pub(crate) fn of(status: StatusCode, body: &str) -> Option<Self> {
        let code = status.as_u16();
        let is_page = body.trim_start().starts_with('<');
        let said = ErrorBody::read(body.trim()).said().map(|said| format!(": {said:?}")).unwrap_or_default();
        match code {
            407 => Some(Self {
                cause: format!("{}{said}", CauseKind::ProxyPassword.words()?),
                step: CauseKind::ProxyPassword.next_step()?,
            }),
            200..=399 | 403 | 511 if is_page => Some(Self {
                cause: format!("a page came in place of Aries' answer ({code}){said}"),
                step: STEP,
            }),
            300..=399 => Some(Self {
                cause: format!("an answer came in place of Aries' that leads to another page ({code}){said}"),
                step: STEP,
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_aries_never_sends_is_a_strangers() {
        let cause = |code: u16, body: &str| {
            Stranger::of(StatusCode::from_u16(code).unwrap(), body).map(|stranger| stranger.cause)
        };
        let page = "\n<html><head><title>Hotel Wi-Fi login</title></head></html>";
        for code in [200, 302, 403, 511] {
            let words = format!("a page came in place of Aries' answer ({code}): \"Hotel Wi-Fi login\"");
            assert_eq!(cause(code, page), Some(words));
        }
        let words = "the proxy wants a name and a password (407): \"Squid\"";
        assert_eq!(cause(407, "<title>Squid</title>").as_deref(), Some(words));
        assert!(cause(307, "").unwrap().starts_with("an answer came in place of Aries' that leads"));
        for (code, body) in
            [(404, page), (502, page), (401, page), (403, r#"{"error":"no"}"#), (200, "{}"), (403, "")]
        {
            assert_eq!(cause(code, body), None, "{code}");
        }
    }
}
