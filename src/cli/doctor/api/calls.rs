//! Every reading call with safe arguments: those of the examples of the tools, and the person's first account.

use serde_json::{Map, Value, json};

use crate::aries::endpoint::{Endpoint, Method, Param, ParamKind, Request};
use crate::aries::endpoints;
use crate::aries::symbols::Form;
use crate::tools::endpoints_with_tools;

/// A reading call with example arguments of its tool.
pub(super) struct Call {
    pub(super) endpoint: &'static Endpoint,
    pub(super) tool: &'static str,
    example: Map<String, Value>,
}

/// In the order of the page of endpoints. The older paths are asked where a newer one is not known.
pub(super) fn all() -> Vec<Call> {
    let rows = endpoints_with_tools().into_iter();
    let rows = rows.filter(|(row, ..)| {
        matches!(row.method, Method::Get | Method::PostRead) && endpoints::newer_than(row).is_none()
    });
    rows.map(|(endpoint, tool, example)| Call {
        endpoint,
        tool: tool.name,
        example: serde_json::from_str(&example).expect("every example is a JSON object"),
    })
    .collect()
}

impl Call {
    /// The request; `None` if it needs the id of something that only the person knows.
    pub(super) fn request(&self, account: Option<&str>) -> Option<Request> {
        let args = |of_example: bool| {
            let mut args = Map::new();
            for param in self.endpoint.params.iter().filter(|param| !param.name.is_empty()) {
                let given = self.example.get(param.name).filter(|_| of_example).cloned();
                let value = match param.name {
                    "account" => Some(json!(account?)),
                    _ => given.or_else(|| param.required.then(|| safe(param)).flatten()),
                };
                match value {
                    Some(value) => drop(args.insert(param.name.to_owned(), value)),
                    None if param.required => return None,
                    None => {}
                }
            }
            self.endpoint.request(&args).ok()
        };
        args(true).or_else(|| args(false))
    }
}

/// A value that fits a parameter and asks for little.
fn safe(param: &Param) -> Option<Value> {
    Some(match param.kind {
        ParamKind::Symbol(Form::Index) => json!("SPX"),
        ParamKind::Symbols(Form::Index) => json!(["SPX"]),
        ParamKind::Symbol(_) | ParamKind::Text(_) => json!("AAPL"),
        ParamKind::Symbols(_) => json!(["AAPL"]),
        ParamKind::Whole(least, _) => json!(least),
        ParamKind::Flag => json!(false),
        ParamKind::Positive => json!("1"),
        ParamKind::Choice(words) => json!(words.first()?.0),
        ParamKind::Id | ParamKind::Fixed(_) => return None,
        _ if param.name == "from" => json!("5 days ago"),
        _ => json!("today"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_every_call_can_be_asked() {
        let calls = all();
        let unasked: Vec<_> = calls
            .iter()
            .filter(|call| call.request(Some("A1")).is_none())
            .map(|call| call.endpoint.path)
            .collect();
        assert!(calls.len() > 60 && unasked.is_empty(), "no safe arguments for {unasked:?}");
    }
}
