//! How the server asks the person through the client (elicitation), in either protocol era.
//!
//! Up to 2025 the server sends `elicitation/create` while the call waits. Since 2026-07-28 it may not: the call ends
//! with `input_required`, and the client calls again with the person's answer and a state that was sealed here. The
//! seal binds the answer to one question of this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CancelledNotificationParam, ClientResult, ElicitRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, ElicitationSchema, EnumSchema, InputRequest, InputRequiredResult,
    PrimitiveSchemaDefinition, ProtocolVersion, RequestId, RequestStateCodec, SealOptions, ServerRequest,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::os::random;
use crate::text::clean;
use crate::trade::approval::prompter::{Ask, Prompter, Question, Reply, Way};

const NAME: &str = "approval";
/// The name of its one field, and its two words.
const DECISION: &str = "decision";
const APPROVE: &str = "approve";
const REJECT: &str = "reject";
/// The name of the request to show the page where an order is approved.
const PAGE: &str = "approval_page";
/// How much longer than an approval the client may take over either; page and order have expired by then.
const LATE: Duration = Duration::from_secs(5);

/// Seals and opens the state of questions; the key lives in this process only.
#[derive(Clone)]
pub(super) struct Seal {
    codec: RequestStateCodec,
    approval: Duration,
}

impl Seal {
    pub(super) fn new(approval: Duration) -> Result<Self> {
        let codec = RequestStateCodec::try_new(random::bytes::<32>()?.to_vec())
            .map_err(|error| Error::failed(format!("questions cannot be sealed: {error}"), "report this"))?;
        Ok(Self { codec, approval })
    }

    /// `subject` is the argument of the call that says what it is about: a ticket, or an order.
    pub(super) fn question(&self, question: Question, subject: &str) -> InputRequiredResult {
        let Question { id, text, page } = question;
        if let Some(page) = page {
            return address(PAGE, id, text, page.expose_secret().to_owned());
        }
        let options = SealOptions::new().associated_data(subject.as_bytes()).ttl(self.approval);
        let state = self.codec.seal_with(id.as_bytes(), &options);
        let requests =
            BTreeMap::from([(NAME.to_owned(), InputRequest::Elicitation(ElicitRequest::new(form(text))))]);
        InputRequiredResult::new(Some(requests), Some(state))
    }

    /// Returns the person's answer on the second call and the id of its question; `None` unless the state is ours and for
    /// what this call is about.
    fn reply(&self, request: &CallToolRequestParams) -> Option<(String, Reply)> {
        let subject = subject(request)?;
        let sealed = request.request_state.as_deref()?;
        let question = self.codec.open_with(sealed, subject.as_bytes()).ok()?;
        let answer = request.input_responses.as_ref()?.get(NAME)?.clone();
        let reply = serde_json::from_value::<ElicitResult>(answer).as_ref().map_or(Reply::NotShown, reply);
        Some((String::from_utf8(question).ok()?, reply))
    }
}

/// Returns what a call that a person may have to approve is about: its ticket, or the order that it cancels.
pub(super) fn subject(request: &CallToolRequestParams) -> Option<&str> {
    let arguments = request.arguments.as_ref()?;
    ["ticket", "order"].iter().find_map(|name| arguments.get(*name).and_then(Value::as_str))
}

pub(super) fn prompter(
    context: &RequestContext<RoleServer>,
    request: &CallToolRequestParams,
    seal: &Seal,
) -> Prompter {
    let way = |can: bool, reply: Option<Reply>| match (can, is_modern(context)) {
        (false, _) => Way::None,
        (true, true) => Way::BetweenCalls(reply),
        (true, false) => Way::InCall(asker(context.peer.clone(), seal.approval + LATE)),
    };
    let (answered, reply) = seal.reply(request).unzip();
    Prompter {
        forms: way(shows_forms(context), reply),
        answered,
        pages: way(shows_addresses(context), refused_page(request).then_some(Reply::NotShown)),
        client: client(context),
    }
}

fn asker(peer: Peer<RoleServer>, patience: Duration) -> Ask {
    Arc::new(move |Question { id, text, page }: Question| {
        let peer = peer.clone();
        Box::pin(async move {
            let params = match page {
                None => form(text),
                Some(page) => page_params(id, text, page.expose_secret().to_owned()),
            };
            elicit(peer, params, patience).await.as_ref().map_or(Reply::NotShown, reply)
        })
    })
}

/// Has the client ask; `None` if it did not. The question is withdrawn if this future is dropped before the answer came.
async fn elicit(
    peer: Peer<RoleServer>,
    params: ElicitRequestParams,
    patience: Duration,
) -> Option<ElicitResult> {
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(params));
    let asking =
        peer.send_cancellable_request(request, PeerRequestOptions::with_timeout(patience)).await.ok()?;
    let mut withdrawal = Withdrawal { peer, question: Some(asking.id.clone()) };
    let answer = asking.await_response().await;
    withdrawal.question = None;
    // The client announced what it cannot do, or is gone.
    match answer.inspect_err(|error| tracing::debug!(%error, "the client did not ask")).ok()? {
        ClientResult::ElicitResult(result) => Some(result),
        _ => None,
    }
}

/// Tells the client that its person need not answer any more, when it is dropped.
struct Withdrawal {
    peer: Peer<RoleServer>,
    question: Option<RequestId>,
}

impl Drop for Withdrawal {
    fn drop(&mut self) {
        let Some(question) = self.question.take() else { return };
        let peer = self.peer.clone();
        tokio::spawn(async move {
            let reason = "the order is decided, or no longer wanted".to_owned();
            let params = CancelledNotificationParam::new(Some(question), Some(reason));
            // A client that is gone shows no question.
            let _ = peer.notify_cancelled(params).await;
        });
    }
}

/// Tells whether the client was asked to show the page, and it or its person refused.
fn refused_page(request: &CallToolRequestParams) -> bool {
    let answer = request.input_responses.as_ref().and_then(|responses| responses.get(PAGE));
    answer.is_some_and(|answer| {
        let result = serde_json::from_value::<ElicitResult>(answer.clone());
        !result.is_ok_and(|result| result.action == ElicitationAction::Accept)
    })
}

/// Returns what the client calls itself, short enough for a page.
fn client(context: &RequestContext<RoleServer>) -> Option<String> {
    let info = context.client_info()?;
    Some(clean(&info.title.unwrap_or(info.name), 60)).filter(|name| !name.is_empty())
}

/// Tells whether the client speaks the 2026 protocol, where lists say how long they hold.
pub(super) fn is_modern(context: &RequestContext<RoleServer>) -> bool {
    context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

/// Tells whether the client shows forms; `elicitation: {}` means that it does.
fn shows_forms(context: &RequestContext<RoleServer>) -> bool {
    let modes = context.client_capabilities().and_then(|capabilities| capabilities.elicitation);
    modes.is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

pub(super) fn shows_addresses(context: &RequestContext<RoleServer>) -> bool {
    let modes = context.client_capabilities().and_then(|capabilities| capabilities.elicitation);
    modes.is_some_and(|modes| modes.url.is_some())
}

/// Asks the client of the 2026 era to open an address; it calls again when the person has seen it.
pub(super) fn address(name: &str, id: String, message: String, url: String) -> InputRequiredResult {
    let params = page_params(id, message, url);
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::new(Some(BTreeMap::from([(name.to_owned(), request)])), None)
}

fn page_params(id: String, message: String, url: String) -> ElicitRequestParams {
    ElicitRequestParams::UrlElicitationParams { meta: None, message, url, elicitation_id: id }
}

/// No call waits for it: the address is in the answer too, for where no browser opens (WSL, ssh).
pub(super) fn offer_address(address: String, peer: Peer<RoleServer>) {
    let Ok(url) = url::Url::parse(&address) else { return };
    tokio::spawn(async move {
        if let Err(error) = peer.elicit_url(SIGN_IN_WORDS, url, "sign_in").await {
            tracing::debug!(%error, "the client was not asked to open the sign-in page");
        }
    });
}

pub(super) const SIGN_IN_WORDS: &str = "Sign in to Aries and allow the access, in one go.";

/// Makes a form with one field, the person's choice.
fn form(message: String) -> ElicitRequestParams {
    let words = [APPROVE, REJECT].map(str::to_owned).to_vec();
    let choice = EnumSchema::builder(words).title("Your decision").build();
    let fields = BTreeMap::from([(DECISION.to_owned(), PrimitiveSchemaDefinition::Enum(choice))]);
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message,
        requested_schema: ElicitationSchema::new(fields).with_required(vec![DECISION.to_owned()]),
    }
}

/// What the person answered. A client that cannot show the field sends nothing: then accepting the form is the yes.
fn reply(result: &ElicitResult) -> Reply {
    let content = result.content.as_ref().filter(|content| **content != json!({}));
    let choice = content.map(|content| content.get(DECISION).and_then(Value::as_str));
    match (&result.action, choice) {
        (ElicitationAction::Accept, None | Some(Some(APPROVE))) => Reply::Accept,
        (ElicitationAction::Accept, Some(Some(REJECT))) | (ElicitationAction::Decline, _) => Reply::Decline,
        // Anything else is not a yes.
        _ => Reply::Dismiss,
    }
}
