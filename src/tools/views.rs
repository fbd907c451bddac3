//! Tools that are nothing but rows of the endpoint table: arguments, schema, request and answer derive from them.

mod answer;
mod arguments;
mod asked;
mod extent;
mod input;
mod requests;

use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use super::schema::Object;
use super::{Answer, Call};
use crate::aries::endpoint::{Endpoint, Method};
use crate::aries::endpoints::ENDPOINTS;
use crate::error::{Error, Result};

pub(super) use input::input;

/// Days asked for at the same time.
const AT_ONCE: usize = 7;

/// The rows of a tool.
pub(super) fn rows_of(tool: &str) -> Vec<&'static Endpoint> {
    ENDPOINTS.iter().copied().filter(|row| row.tool == tool && row.method == Method::Get).collect()
}

/// Runs a tool of rows on arguments that fit its schema.
pub(super) async fn run(tool: &'static str, call: Call, mut args: Object) -> Result<Answer> {
    let rows = rows_of(tool);
    let view = args.remove("view");
    let found = match view.as_ref().and_then(Value::as_str) {
        Some(name) => rows.iter().find(|row| row.view == name),
        None => rows.first(),
    };
    let Some(row) = found.copied() else {
        return Err(Error::usage("`view`: there is no such view", "compare it with the tool's schema"));
    };
    let (wanted, page) = arguments::taken(row, &mut args)?;
    arguments::fits(row, &rows, &args)?;
    let requests = requests::requests(row, &args, &wanted, page.as_deref())?;
    let mut replies = Vec::new();
    let of = u32::try_from(requests.len()).unwrap_or(u32::MAX);
    // One after the other would be slow for a fortnight of days; the order stays.
    let asked = requests.iter().map(|request| call.aries.read(request)).collect::<Vec<_>>();
    let mut arriving = stream::iter(asked).buffered(AT_ONCE);
    for done in 1.. {
        let Some(reply) = arriving.next().await else { break };
        replies.push(reply?);
        if of > 1 {
            call.progress.tell(done, of, row.title).await;
        }
    }
    answer::answer(&call, row, &requests, &replies, &wanted, page.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::{TOOLS, args};
    use serde_json::json;

    /// Tools that derive from their rows.
    pub(super) fn derived() -> Vec<&'static str> {
        let own = |tool: &&&crate::tools::Tool| {
            (tool.input)().get("properties").and_then(|map| map.get("view")).is_some()
                && !rows_of(tool.name).is_empty()
        };
        TOOLS.iter().filter(own).map(|tool| tool.name).filter(|name| *name != "get_orders").collect()
    }

    #[test]
    fn every_example_fits_its_view() {
        for tool in derived() {
            for row in rows_of(tool) {
                let given: Object = serde_json::from_str(row.example).unwrap();
                let mut args = args::check(&input(tool), given, true, "").unwrap();
                assert_eq!(
                    args.remove("view").and_then(|view| Some(view.as_str()? == row.view)),
                    Some(true),
                    "{}",
                    row.example
                );
                let (wanted, page) = arguments::taken(row, &mut args).unwrap();
                arguments::fits(row, &rows_of(tool), &args).unwrap();
                assert!(!requests::requests(row, &args, &wanted, page.as_deref()).unwrap().is_empty());
            }
        }
    }

    #[test]
    fn of_a_cursor_only_known_members_are_sent() {
        let mut args = Object::new();
        args.insert(
            "cursor".to_owned(),
            json!("~lastIndex=7&lastDisbursementDate=2026-11-01&path=/v1/users/me"),
        );
        let spent =
            rows_of("get_prediction_markets").into_iter().find(|row| row.view == "disbursements").unwrap();
        let (wanted, page) = arguments::taken(spent, &mut args).unwrap();
        let request = requests::requests(spent, &args, &wanted, page.as_deref()).unwrap().remove(0);
        let query: Vec<_> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(query, ["perPage=20", "lastIndex=7", "lastDisbursementDate=2026-11-01"]);
    }
}
