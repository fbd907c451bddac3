//! `preview_order`, `place_order`, `cancel_order`: the only tools that can move money. Everything that decides lies in
//! [`trade`](crate::trade); here its words become answers.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use super::answer::{ApprovalPlace, ForPage, Table};
use super::{Answer, Call, Hints, READS_OFTEN, Tool, Work, schema, symbols, typed};
use crate::aries::endpoints;
use crate::aries::symbols::{Symbol, index_below};
use crate::aries::time;
use crate::clock;
use crate::config::{Approval, Toolset};
use crate::error::{Error, Kind, Result};
use crate::timing::Timing;
use crate::told::Told;
use crate::trade::OrderService;
use crate::trade::approval::pending::{Pending, Turn, Withdrawal};
use crate::trade::cancel::call::Canceling;
use crate::trade::checks::notional::cents;
use crate::trade::order::request::OrderRequest;
use crate::trade::outcome::{Next, Outcome};
use crate::trade::preview::Placing;
use crate::trade::submit::place::Placed as Presented;

const PREVIEW_EXAMPLE: &str = r#"{"account":"0017","symbol":"MSFT","action":"buy","quantity":"10","type":"limit","limit_price":"400.00"}"#;
const SPREAD_EXAMPLE: &str = r#"{"account":"0017","symbol":"AAPL","action":"buy","quantity":"1","type":"limit","limit_price":"2.50","legs":[{"contract":"AAPL 2026-12-18 200 C","action":"buy_to_open"},{"contract":"AAPL 2026-12-18 210 C","action":"sell_to_open"}]}"#;
const REPLACE_EXAMPLE: &str = r#"{"replaces":"an id from get_orders","limit_price":"401.00"}"#;
const PLACE_EXAMPLE: &str = r#"{"ticket":"the ticket of a preview_order answer"}"#;
const CANCEL_EXAMPLE: &str = r#"{"order":"an id from get_orders","account":"0017"}"#;

pub(super) static PREVIEW_ORDER: Tool = Tool {
    name: "preview_order",
    title: "Preview an order",
    description: "First step of every order; changes nothing. Checks it against position, open orders, limits and \
                  market, asks Aries its cost, and gives a ticket for place_order (valid 120 s, works once; none if the account \
                  may not trade). Show the person the sentence, cost and warnings; place it only if they want exactly that. \
                  Never invent prices or quantities. A new order needs symbol, action, quantity and type; to change an open one \
                  give `replaces` and what changes.",
    toolset: Toolset::Trading,
    default: true,
    hints: READS_OFTEN,
    output: Some(schema::output::<Previewed>),
    example: PREVIEW_EXAMPLE,
    work: Work::Code {
        input: schema::input::<OrderRequest>,
        endpoints: &[
            (&endpoints::ORDER_PREVIEW, PREVIEW_EXAMPLE),
            (&endpoints::ORDER_PREVIEW, SPREAD_EXAMPLE),
            (&endpoints::ORDER_PREVIEW, REPLACE_EXAMPLE),
        ],
        run: |call, args| Box::pin(preview_order(call, args)),
    },
};

pub(super) static PLACE_ORDER: Tool = Tool {
    name: "place_order",
    title: "Place an order",
    description: "Sends the order of a preview_order ticket, exactly as previewed, once. On live accounts a person approves it \
                  first, or nothing is sent. The answer begins with the state (FILLED, NOT SENT, UNKNOWN …). Calling \
                  again with the ticket tells the outcome and never sends twice. After UNKNOWN do not order again; tell the \
                  person.",
    toolset: Toolset::Trading,
    default: true,
    hints: Hints {
        read_only: false,
        destructive: true,
        idempotent: false,
        open_world: true,
        // Claude's clients ask the person before every call, whatever else they were allowed.
        meta: Some("anthropic/requiresUserInteraction"),
    },
    output: Some(schema::output::<Placed>),
    example: PLACE_EXAMPLE,
    work: Work::Code {
        input: schema::input::<PlaceOrder>,
        endpoints: &[
            (&endpoints::ORDER_PLACE, PLACE_EXAMPLE),
            (&endpoints::ORDER_REPLACE, r#"{"ticket":"the ticket of a preview_order answer with replaces"}"#),
        ],
        run: |call, args| Box::pin(place_order(call, args)),
    },
};

pub(super) static CANCEL_ORDER: Tool = Tool {
    name: "cancel_order",
    title: "Cancel an order",
    description: "Cancels one open order that the person asked to cancel and tells its end; fills stay. One entered elsewhere \
                  needs their yes on a live account: call again to hear the outcome.",
    toolset: Toolset::Trading,
    default: true,
    hints: Hints { read_only: false, destructive: true, idempotent: true, open_world: true, meta: None },
    output: Some(schema::output::<Placed>),
    example: CANCEL_EXAMPLE,
    work: Work::Code {
        input: schema::input::<CancelOrder>,
        endpoints: &[(&endpoints::ORDER_CANCEL, CANCEL_EXAMPLE)],
        run: |call, args| Box::pin(cancel_order(call, args)),
    },
};

/// For the button of the order's page: it can end an order's ticket and nothing else.
pub(super) static REJECT_ORDER: Tool = Tool {
    name: "reject_order",
    title: "Reject a previewed order",
    description: "Ends the ticket of a preview_order answer: its order is not sent.",
    toolset: Toolset::Trading,
    default: true,
    hints: Hints { read_only: false, destructive: false, idempotent: true, open_world: false, meta: None },
    output: Some(schema::output::<Placed>),
    example: PLACE_EXAMPLE,
    work: Work::Code {
        input: schema::input::<PlaceOrder>,
        endpoints: &[],
        run: |call, args| Box::pin(reject_order(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlaceOrder {
    /// From a preview_order answer
    #[schemars(length(max = 64))]
    ticket: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CancelOrder {
    /// Its id, from get_orders or place_order
    #[schemars(length(max = 100))]
    order: String,
    /// Last four characters or full id; all accounts if left out
    account: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Previewed {
    /// One sentence a person can check
    summary: String,
    /// What a person should know
    warnings: Vec<String>,
    /// For place_order
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    /// Until when, RFC 3339
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// USD: Aries' own, else ours
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_cost: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Placed {
    /// WAITING FOR APPROVAL, NOT SENT, NOT CANCELED, SENT, WORKING, PARTIALLY FILLED, FILLED, CANCELED, REJECTED, EXPIRED, REPLACED or UNKNOWN
    state: String,
    /// Id at Aries
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    /// Our own id
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// One sentence
    summary: String,
}

fn orders(call: &Call) -> Result<&OrderService> {
    let hint = Told::person_that("orders are not possible here");
    call.orders.as_deref().ok_or_else(|| Error::new(Kind::Refused, "this process is read-only", hint))
}

/// Whether the symbol of a refused order is a ticker that the search does not know.
async fn is_unknown(call: &Call, request: &OrderRequest) -> bool {
    let Some(Ok(Symbol::Stock(ticker))) = request.symbol.as_deref().map(Symbol::traded) else { return false };
    let found = symbols::names(call, &ticker).await;
    found.is_ok_and(|names| !names.iter().any(|name| name.eq_ignore_ascii_case(&ticker)))
}

async fn preview_order(call: Call, args: schema::Object) -> Result<Answer> {
    let mut request: OrderRequest = typed(args)?;
    // The root of options stands for their index, which cannot be ordered either.
    if request.legs.is_none()
        && let Some(Ok(Symbol::Stock(root))) = request.symbol.as_deref().map(Symbol::traded)
        && let Some(index) = index_below(&root)
    {
        request.symbol = Some(index.to_owned());
    }
    let preview = match Box::pin(orders(&call)?.previewer.preview(&request)).await {
        Err(error) if error.kind == Kind::Refused && is_unknown(&call, &request).await => {
            let hint = error.hint.clone().and("; Aries' search has no such symbol: find it with find_symbol");
            return Err(Error { hint, ..error });
        }
        preview => preview?,
    };
    let asked = time::rfc3339(time::now().timestamp());
    let mut answer = Answer::new(format!("PREVIEW, nothing sent · {} · asked {asked}", preview.sentence));
    let mut table = Table::new(["Aries' own estimate", "USD"], "");
    let amounts = preview.estimate.amounts.iter();
    amounts.for_each(|(name, value)| table.row([Some(name.clone()), Some(value.clone())]));
    if !table.is_empty() {
        answer = answer.table(table);
    }
    let mut lines: Vec<String> =
        preview.estimate.day_trades.iter().map(|days| format!("day trades: {days}")).collect();
    lines.extend(preview.rows.iter().map(|(name, value)| format!("{}: {value}", name.to_lowercase())));
    lines.push(format!("judged by: {}", preview.quote));
    lines.extend(preview.result.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.extend(preview.result.unchecked.iter().map(|what| format!("could not be checked: {what}")));
    let answer = lines.into_iter().fold(answer, Answer::line);
    let answer = placing_lines(&preview.placing).into_iter().fold(answer, Answer::line);
    // People read thousands in groups; programs get a plain decimal.
    let cost = preview.estimated_cost().map(|cost| cents(cost).replace(',', ""));
    let mut warnings = preview.result.warnings;
    warnings.extend(preview.result.unchecked.iter().map(|what| format!("not checked: {what}")));
    let by = orders(&call)?.submitter.checks.allowed.trading.approval;
    let (approval, ticket) = match (preview.placing, preview.money.is_live(), by) {
        (Placing::Barred(refusal), ..) => (ApprovalPlace::Nowhere(refusal.cause), None),
        (Placing::Ticket(ticket, until), false, _) => (ApprovalPlace::Here, Some((ticket, until))),
        (Placing::Ticket(ticket, until), true, Approval::Person) => {
            (ApprovalPlace::Browser(ticket.clone()), Some((ticket, until)))
        }
        (Placing::Ticket(ticket, until), true, Approval::Client) => {
            (ApprovalPlace::Chat, Some((ticket, until)))
        }
    };
    let (ticket, expires_at) = ticket.map(|(ticket, until)| (ticket, time::rfc3339(until))).unzip();
    Ok(answer.for_page(ForPage { approval, payoff: preview.curve }).structured(json!(Previewed {
        summary: preview.sentence,
        warnings,
        ticket,
        expires_at,
        estimated_cost: cost,
    })))
}

/// What can be done with a preview.
fn placing_lines(placing: &Placing) -> Vec<Told> {
    match placing {
        // A person reads this of a command, whose tickets end with it: one that nobody can use is not shown.
        Placing::Ticket(ticket, until) => vec![Told::for_model(
            format!(
                "ticket: {ticket} (until {}, works once)\n\
                 next: show this to the person; if they want exactly this, place_order with the ticket",
                time::rfc3339(clock::at(*until))
            ),
            "this was a look only, and nothing can be placed by it: ask your assistant to preview and place the order",
        )],
        Placing::Barred(Error { cause, hint, .. }) => {
            vec![Told::from(format!("cannot be placed: {cause}, so there is no ticket; ")).and(hint.clone())]
        }
    }
}

async fn place_order(call: Call, args: schema::Object) -> Result<Answer> {
    let PlaceOrder { ticket } = typed(args)?;
    // From here: the journal may be busy before the wait even begins.
    let began = Instant::now();
    let orders = orders(&call)?;
    let timing = orders.reconciler.timing;
    let pending = match orders.submitter.place(&ticket, call.prompter.clone()).await? {
        Presented::Elsewhere(outcome) => return Ok(answer(&call, outcome)),
        Presented::Pending(pending) => pending,
    };
    let waiting = WaitingCall { pending: Some(Arc::clone(&pending)) };
    let answer = outcome_within(&call, &pending, began, timing).await;
    waiting.end();
    Ok(answer)
}

async fn reject_order(call: Call, args: schema::Object) -> Result<Answer> {
    let PlaceOrder { ticket } = typed(args)?;
    let outcome = orders(&call)?.submitter.reject(&ticket, &call.prompter).await?;
    Ok(answer(&call, outcome))
}

/// A call that waits for an order. Dropped before its end, since the client has cancelled it, it withdraws the question.
struct WaitingCall {
    pending: Option<Arc<Pending>>,
}

impl WaitingCall {
    fn end(mut self) {
        self.pending = None;
    }
}

impl Drop for WaitingCall {
    fn drop(&mut self) {
        if let Some(pending) = &self.pending {
            pending.withdraw(Withdrawal::CallCancelled);
        }
    }
}

/// Waits for the outcome, or for a question, as long as a call may take.
async fn outcome_within(call: &Call, pending: &Pending, began: Instant, timing: Timing) -> Answer {
    loop {
        let left = (began + timing.call).saturating_duration_since(Instant::now());
        if left.is_zero() {
            return answer(call, pending.now());
        }
        match tokio::time::timeout(timing.progress.min(left), pending.turn(&call.prompter)).await {
            Ok(Turn::Over(outcome)) => return answer(call, outcome),
            Ok(Turn::Ask(question)) => return Answer::question(question),
            Err(_) => {
                let state = pending.now().state.to_string();
                let seconds = u32::try_from(began.elapsed().as_secs()).unwrap_or_default();
                call.progress.tell(seconds, 45, state).await;
            }
        }
    }
}

async fn cancel_order(call: Call, args: schema::Object) -> Result<Answer> {
    let CancelOrder { order, account } = typed(args)?;
    let began = Instant::now();
    let orders = orders(&call)?;
    let pending = match orders.canceler.cancel(account, order, call.prompter.clone()).await? {
        Canceling::Over(outcome) => return Ok(answer(&call, outcome)),
        Canceling::Pending(pending) => pending,
    };
    let waiting = WaitingCall { pending: Some(Arc::clone(&pending)) };
    let answer = outcome_within(&call, &pending, began, orders.reconciler.timing).await;
    waiting.end();
    orders.canceler.told(&pending);
    Ok(answer)
}

/// How to hear of what becomes of an order that is open.
fn next_news(id: &str) -> Told {
    let (model, person) =
        (format!("wait_for {} tells", json!({"order": id})), format!("`aries-mcp watch --order {id}` tells"));
    Told::for_model(model, person).and(" when it fills or ends")
}

/// An outcome as an answer: `STATE · LIVE …1234 · sentence`, then what a model needs to go on.
fn answer(call: &Call, outcome: Outcome) -> Answer {
    let summary = format!("{} · {} · {}", outcome.state, outcome.account, outcome.sentence);
    let waiting = outcome.order_id.as_ref().filter(|_| call.can_wait && outcome.state.may_change());
    let waiting = waiting.map(|id| next_news(id));
    let next = match (outcome.next, waiting) {
        (Some(Next::NotAgain), Some(waiting)) => Some(Next::NotAgain.told().and("; ").and(waiting)),
        (next, waiting) => next.map(Next::told).or(waiting),
    };
    let lines = [
        outcome.order_id.as_ref().map(|id| format!("order: {id}").into()),
        outcome.client_id.as_ref().map(|id| format!("our id: {id}").into()),
        outcome.exit.map(|exit| Told::from("exit: ").and(exit)),
        next.map(|next| Told::from("next: ").and(next)),
    ];
    let answer = lines.into_iter().flatten().fold(Answer::new(summary.clone()), Answer::line);
    answer.structured(json!(Placed {
        state: outcome.state.to_string(),
        order_id: outcome.order_id,
        client_id: outcome.client_id,
        summary,
    }))
}
