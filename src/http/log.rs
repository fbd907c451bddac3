//! One line of the log for each request: what was asked without any value, and what came back.

use std::time::Instant;

use reqwest::{Request, StatusCode};
use url::Url;

/// A request whose line is still to be written.
pub(super) struct Line {
    /// None where nobody reads it.
    asked: Option<String>,
    begun: Instant,
    attempt: u32,
}

impl Line {
    /// `attempt` counts the tries of one call, from 1.
    pub(super) fn begin(request: &Request, attempt: u32) -> Self {
        let asked = tracing::enabled!(tracing::Level::DEBUG)
            .then(|| format!("{} {}", request.method(), without_values(request.url())));
        Self { asked, begun: Instant::now(), attempt }
    }

    /// Writes the line with the size of the answer, as far as it arrived.
    pub(super) fn end(self, status: Option<StatusCode>, bytes: usize, trouble: Option<&str>) {
        let Some(asked) = self.asked else { return };
        let status = status.map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string());
        let trouble = trouble.map(|what| format!(" ({what})")).unwrap_or_default();
        let (took, attempt) = (self.begun.elapsed().as_millis(), self.attempt);
        tracing::debug!("{asked}: {status}{trouble}, {bytes} bytes, {took} ms, try {attempt}");
    }
}

/// The path, in which an account keeps its last four characters, and the names of the query.
fn without_values(url: &Url) -> String {
    let mut path = String::new();
    let mut before = "";
    for segment in url.path_segments().into_iter().flatten() {
        let is_account = before == "accounts" && segment.len() > 4;
        let end = segment.len().checked_sub(4).filter(|_| is_account).and_then(|at| segment.get(at..));
        path += &end.map_or_else(|| format!("/{segment}"), |end| format!("/…{end}"));
        before = segment;
    }
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
    if names.is_empty() { path } else { format!("{path}?{}", names.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_account_ids_are_left_out() {
        for (url, shown) in [
            (
                "https://a.b/v2/accounts/AR4471002/orders?limit=5&cursor=x",
                "/v2/accounts/…1002/orders?limit&cursor",
            ),
            ("https://a.b/v2/users/me/accounts", "/v2/users/me/accounts"),
            ("https://a.b/v1/accounts/ws", "/v1/accounts/ws"),
        ] {
            assert_eq!(without_values(&Url::parse(url).unwrap()), shown);
        }
    }
}
