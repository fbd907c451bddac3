//! Members of a server that have a client use the tools for orders without asking.

use serde_json::Value;

const ORDER_TOOLS: [&str; 2] = ["place_order", "cancel_order"];

/// The member that has the client use a tool for orders without asking.
pub(super) fn unasked(server: &Value) -> Option<&'static str> {
    let lists = ["autoApprove", "alwaysAllow"].into_iter().find(|member| {
        let tools = server.get(*member).and_then(Value::as_array).into_iter().flatten();
        tools.filter_map(Value::as_str).any(|tool| tool == "*" || ORDER_TOOLS.contains(&tool))
    });
    let is_trusted = server.get("trust").and_then(Value::as_bool) == Some(true);
    let mode = |of: Option<&Value>, member| of?.get(member)?.as_str().map(str::to_owned);
    let every = mode(Some(server), "default_tools_approval_mode");
    let is_approved = |tool: &str| {
        let own = server.get("tools").and_then(|tools| tools.get(tool));
        mode(own, "approval_mode").or_else(|| every.clone()).as_deref() == Some("approve")
    };
    let by_mode = ORDER_TOOLS.into_iter().any(is_approved).then_some("approval_mode");
    lists.or(is_trusted.then_some("trust")).or(by_mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_asks_nobody_before_an_order_is_known() {
        for (server, member) in [
            (json!({"autoApprove": ["get_quotes", "place_order"]}), Some("autoApprove")),
            (json!({"alwaysAllow": ["*"]}), Some("alwaysAllow")),
            (json!({"trust": true}), Some("trust")),
            (json!({"trust": false, "autoApprove": ["get_quotes"]}), None),
            (json!({"tools": {"place_order": {"approval_mode": "approve"}}}), Some("approval_mode")),
            (json!({"tools": {"cancel_order": {"approval_mode": "approve"}}}), Some("approval_mode")),
            (json!({"tools": {"place_order": {"approval_mode": "prompt"}}}), None),
            (json!({"tools": {"get_quotes": {"approval_mode": "approve"}}}), None),
            (json!({"tools": ["*"]}), None),
            (json!({"default_tools_approval_mode": "approve"}), Some("approval_mode")),
        ] {
            assert_eq!(unasked(&server), member, "{server}");
        }
    }
}
