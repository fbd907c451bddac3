//! What Aries' answer to an order means.

use crate::aries::difference::Difference;
use crate::aries::refusal::{is_duplicate, speaks_of_something_there};
use crate::aries::{Json, Reply};
use crate::error_body::ErrorBody;
use crate::text::clean;

pub(crate) enum Meaning {
    Accepted {
        order: String,
        status: String,
    },
    /// With the id that Aries gave it all the same, if it did.
    Rejected {
        why: String,
        order: Option<String>,
    },
    /// It says no, and may speak of an order that is there.
    Denied(String),
    Unknown(String),
}

/// `success: false` inside a 200 is a failure, unless the answer contradicts itself: what is filled, or has an id
/// of its own and is not said to be rejected, may be there. For a replacement, the id of the order it was to replace
/// says nothing of a new one.
pub(crate) fn meaning(reply: &Reply, replaced: Option<&str>) -> Meaning {
    reply
        .strictly(|json| Ok(read(reply, json, replaced)))
        .unwrap_or_else(|error| Meaning::Unknown(error.cause + &reply.remark()))
}

fn read(reply: &Reply, json: Json<'_>, replaced: Option<&str>) -> Meaning {
    let levels = json.levels();
    let get = |name: &str| levels.iter().find_map(|level| level.get(name));
    let word = |name: &str| get(name).and_then(Json::text).map(|text| clean(&text, 100)).unwrap_or_default();
    let (id, status) = (word("clOrdId"), word("status").to_uppercase());
    let why = ErrorBody::read(json.inmost().raw()).said().or_else(|| ErrorBody::read(json.raw()).said());
    let why = why.unwrap_or_else(|| "no reason given".to_owned());
    let denied = levels.iter().any(|level| level.get("success").and_then(Json::boolean) == Some(false));
    let filled = get("cumQty").and_then(Json::decimal).unwrap_or_default();
    let new = Some(id.clone()).filter(|id| !id.is_empty() && replaced != Some(id));
    // Everything else that is said is then said of the old order, fills too.
    let of_old = replaced.is_some() && new.is_none();
    let rejected = match status.as_str() {
        "REJECTED" => (denied || !id.is_empty()) && (of_old || filled.is_zero()),
        "" | "CANCELED" | "EXPIRED" => denied && (of_old || new.is_none() && filled.is_zero()),
        "NEW" | "PARTIALLY_FILLED" | "FILLED" => denied && of_old,
        _ => false,
    };
    match new {
        _ if rejected && is_duplicate(json.raw()) => {
            Meaning::Unknown(format!("Aries refused it, and says that such an order is there: \"{why}\""))
        }
        _ if rejected && speaks_of_something_there(&why) => {
            Meaning::Denied(format!("Aries refused it: \"{why}\""))
        }
        order if rejected => Meaning::Rejected { why, order },
        _ if denied || status == "REJECTED" => Meaning::Unknown(format!(
            "Aries says no success, but also order {id:?}, status {status:?}, {} filled{}",
            filled.normalize(),
            reply.remark()
        )),
        new if let Some(denial) = reply.denial() => Meaning::Unknown(match new {
            Some(order) => format!("{denial}, but also names order {order:?}, status {status:?}"),
            None => denial,
        }),
        Some(order) => Meaning::Accepted { order, status },
        None if id.is_empty() => {
            Meaning::Unknown(Difference::new(["clOrdId"], &[json.inmost()]).words() + &reply.remark())
        }
        None => Meaning::Unknown(format!(
            "Aries' answer names the order that was to be replaced, and no new one{}",
            reply.remark()
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(value: serde_json::Value, replaces: bool) -> &'static str {
        match meaning(&Reply::of(&value.to_string()), replaces.then_some("1")) {
            Meaning::Accepted { .. } => "accepted",
            Meaning::Rejected { .. } => "rejected",
            Meaning::Denied(_) => "denied",
            Meaning::Unknown(_) => "unknown",
        }
    }

    #[test]
    fn an_answer_in_another_form_means_the_same_or_nothing() {
        for accepted in [
            json!({"data": {"clOrdId": "1", "status": "NEW"}}),
            json!({"status": "success", "data": {"clOrdId": "1", "status": "NEW"}}),
            json!({"CLORDID": "1", "STATUS": "NEW"}),
            json!({"cl_ord_id": "1", "status": "NEW"}),
        ] {
            assert_eq!(said(accepted.clone(), false), "accepted", "{accepted}");
        }
        let rejected = json!({"data": {"SUCCESS": "false", "clOrdId": "1", "Status": "REJECTED"}});
        assert_eq!(said(rejected, false), "rejected");
        for (unknown, why) in [
            (
                json!({"clOrdId": "1", "ClOrdID": "2"}),
                "has both `clOrdId` and `ClOrdID`, and they differ (/test)",
            ),
            (json!({"zzid": "1"}), "differs from its documentation: `clOrdId` is missing, there is `zzid`"),
        ] {
            match meaning(&Reply::of(&unknown.to_string()), None) {
                Meaning::Unknown(told) => assert_eq!(told, format!("Aries' answer {why}")),
                _ => panic!("{unknown}"),
            }
        }
    }

    #[test]
    fn an_error_inside_a_success_leaves_its_words_in_the_doubt() {
        let told = "Aries answered with an error: no buying power";
        for (body, words) in [
            (json!({"error": "no buying power"}), told.to_owned()),
            (json!({"status": "ERROR", "message": "no buying power"}), told.to_owned()),
            (json!({"error": {"code": "BP", "message": "no buying power"}}), told.to_owned()),
            (json!({"data": {"errorMessage": "no buying power"}}), told.to_owned()),
            (json!({"isSuccess": false, "msg": "no buying power"}), told.to_owned()),
            (json!({"errors": ["no buying power"]}), told.to_owned()),
            (json!({"code": 422, "message": "no buying power"}), told.to_owned()),
            (
                json!({"clOrdId": "2", "status": "NEW", "error": "no buying power"}),
                format!("{told}, but also names order \"2\", status \"NEW\""),
            ),
            (
                json!({"message": "no buying power"}),
                "Aries' answer differs from its documentation: `clOrdId` is missing, there is `message`; it says \
                 \"no buying power\""
                    .to_owned(),
            ),
            (
                json!({"success": false, "clOrdId": "2", "status": "NEW", "text": "held for review"}),
                "Aries says no success, but also order \"2\", status \"NEW\", 0 filled; it says \"held for review\""
                    .to_owned(),
            ),
        ] {
            for replaced in [None, Some("1")] {
                match meaning(&Reply::of(&body.to_string()), replaced) {
                    Meaning::Unknown(why) => assert_eq!(why, words, "{body}"),
                    _ => panic!("{body}"),
                }
            }
        }
    }

    #[test]
    fn answers_mean_what_they_say() {
        assert_eq!(said(json!({"success": true, "clOrdId": "1", "status": "NEW"}), false), "accepted");
        assert_eq!(said(json!({"clOrdId": "1"}), false), "accepted");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "REJECTED"}), false), "rejected");
        assert_eq!(said(json!({"success": true, "clOrdId": "1", "status": "REJECTED"}), false), "rejected");
        assert_eq!(said(json!({"success": false, "text": "closed"}), false), "rejected");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "NEW"}), false), "unknown");
        assert_eq!(
            said(json!({"success": false, "clOrdId": "1", "text": "held for review"}), false),
            "unknown"
        );
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "CANCELED"}), false), "unknown");
        assert_eq!(said(json!({"success": false, "status": "CANCELED", "cumQty": "4"}), false), "unknown");
        assert_eq!(said(json!({"success": false, "status": "CANCELED", "cumQty": "0"}), false), "rejected");
        assert_eq!(
            said(json!({"success": true, "clOrdId": "1", "status": "REJECTED", "cumQty": 4}), false),
            "unknown"
        );
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "cumQty": "4"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "clOrdId": "2", "status": "REJECTED"}), true), "rejected");
        assert_eq!(said(json!({"success": true, "clOrdId": "1", "status": "NEW"}), true), "unknown");
        assert_eq!(said(json!({"success": true, "clOrdId": "2", "status": "REPLACED"}), true), "accepted");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "NEW"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "status": "REJECTED"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "text": "closed"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "clOrdId": "2", "status": "REPLACED"}), true), "unknown");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "REPLACED"}), true), "unknown");
        assert_eq!(said(json!({"success": false, "clOrdId": "2", "status": "NEW"}), true), "unknown");
        assert_eq!(said(json!({"success": false, "status": "PENDING_REPLACE"}), true), "unknown");
        assert_eq!(said(json!({"success": false, "text": "clientId already used"}), false), "denied");
        assert_eq!(said(json!({"success": false, "ordRejReason": "DUPLICATE_ORDER"}), false), "unknown");
        assert_eq!(said(json!({"success": true}), false), "unknown");
        assert_eq!(said(json!({}), false), "unknown");
        assert_eq!(said(json!([]), false), "unknown");
    }
}
