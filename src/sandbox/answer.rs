//! What a handler gives back: status, headers, body.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use super::failure::Failure;

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What the body is to say, if this is an error whose shape is still open.
    pub(crate) failure: Option<Box<Failure>>,
}

/// What handlers return: both sides are answers, so that `?` leaves early with a refusal.
pub(crate) type Reply = Result<Answer, Answer>;

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string().into_bytes())
    }

    /// A JSON answer with status 200, the usual end of a handler.
    #[expect(clippy::unnecessary_wraps, reason = "lets handlers end in one word")]
    pub(crate) fn ok(body: &Value) -> Reply {
        Ok(Self::json(200, body))
    }

    /// An HTML page. It loads nothing and may not be framed; forms may lead anywhere, since consent ends in a
    /// redirect to the client.
    pub(crate) fn page(status: u16, html: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", html.into_bytes())
            .with(
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            )
            .with("referrer-policy", "no-referrer")
            .with("cache-control", "no-store")
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(303, "text/plain", Vec::new()).with("location", to).with("cache-control", "no-store")
    }

    /// Agreement to another protocol on the same connection.
    pub(crate) fn switching() -> Self {
        Self::new(101, "text/plain", Vec::new())
    }

    /// An error; its body is written in the shape of the service that it comes from (see `failure`).
    pub(crate) fn error(status: u16, code: &str, message: impl Into<String>) -> Self {
        let failure = Failure { code: code.to_owned(), message: message.into(), field: None };
        Self { failure: Some(Box::new(failure)), ..Self::new(status, "application/json", Vec::new()) }
    }

    /// An error about this parameter.
    pub(crate) fn about(mut self, field: &str) -> Self {
        if let Some(failure) = &mut self.failure {
            failure.field = Some(field.to_owned());
        }
        self
    }

    /// 400: the request is wrong.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::error(400, "bad_request", message)
    }

    /// 404: no such thing.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::error(404, "not_found", message)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What an answer file says; Aries sends a bare number as plain text.
    pub(crate) fn of_file(body: &Value) -> Self {
        let kind = if body.is_number() { "text/plain" } else { "application/json" };
        Self::new(200, kind, body.to_string().into_bytes())
    }

    fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, content_type: content_type.to_owned(), headers: Vec::new(), body, failure: None }
    }
}

/// A decimal as a JSON number, the way market data writes numbers. Orders and balances use strings instead.
pub(crate) fn number(value: Decimal) -> Value {
    value.normalize().to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

/// An amount as a JSON string in whole cents, the way money is written in trading bodies.
pub(crate) fn money(value: Decimal) -> String {
    format!("{:.2}", value.round_dp(2))
}

/// A price as a JSON string with two to five places.
pub(crate) fn price(value: Decimal) -> String {
    let shown = value.round_dp(5).normalize();
    if shown.scale() < 2 { money(shown) } else { shown.to_string() }
}

/// A decimal as a JSON string without trailing zeros, the way quantities are written in trading bodies.
pub(crate) fn quantity(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(number(Decimal::new(41_520, 2)).to_string(), "415.2");
        assert_eq!(number(Decimal::new(-41_500, 2)).to_string(), "-415");
        assert_eq!(money(Decimal::new(4, 0)), "4.00");
        assert_eq!(money(Decimal::new(12_355, 4)), "1.24");
        assert_eq!(price(Decimal::new(12_345, 4)), "1.2345");
        assert_eq!(price(Decimal::new(4, 0)), "4.00");
        assert_eq!(quantity(Decimal::new(1_000, 2)), "10");
    }
}
