//! How the server asks the person through the client (elicitation), in either protocol era.
//!
//! Up to 2025 the server sends `elicitation/create` while the call waits. Since 2026-07-28 it may not: the call ends
//! with `input_required`, and the client calls again with the person's answer and a state that was sealed here. The
//! seal binds the answer to one ticket of this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult, ProtocolVersion, RequestStateCodec, SealOptions,
};
use rmcp::service::{Peer, RequestContext};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::os::random;
use crate::trade::approval::prompter::{Ask, Prompter, Question, Reply, Way};

const NAME: &str = "approval";
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

    pub(super) fn question(&self, question: Question, ticket: &str) -> InputRequiredResult {
        let Question { id, text, page } = question;
        if let Some(page) = page {
            return address(PAGE, id, text, page.expose_secret().to_owned());
        }
        let options = SealOptions::new().associated_data(ticket.as_bytes()).ttl(self.approval);
        let state = self.codec.seal_with(ticket.as_bytes(), &options);
        let requests =
            BTreeMap::from([(NAME.to_owned(), InputRequest::Elicitation(ElicitRequest::new(form(text))))]);
        InputRequiredResult::new(Some(requests), Some(state))
    }

    /// Returns the person's answer on the second call; `None` unless the state is ours and for this ticket.
    fn reply(&self, request: &CallToolRequestParams) -> Option<Reply> {
        let ticket = ticket(request)?;
        let sealed = request.request_state.as_deref()?;
        let opened = self.codec.open_with(sealed, ticket.as_bytes()).ok()?;
        if opened != ticket.as_bytes() {
            return None;
        }
        let answer = request.input_responses.as_ref()?.get(NAME)?.clone();
        Some(
            serde_json::from_value::<ElicitResult>(answer)
                .map_or(Reply::NotShown, |result| reply(&result.action)),
        )
    }
}

pub(super) fn ticket(request: &CallToolRequestParams) -> Option<&str> {
    request.arguments.as_ref()?.get("ticket").and_then(Value::as_str)
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
    Prompter {
        forms: way(shows_forms(context), seal.reply(request)),
        pages: way(shows_addresses(context), refused_page(request).then_some(Reply::NotShown)),
    }
}

fn asker(peer: Peer<RoleServer>, patience: Duration) -> Ask {
    Arc::new(move |Question { id, text, page }: Question| {
        let peer = peer.clone();
        Box::pin(async move {
            let Some(page) = page else {
                let asked = peer.create_elicitation_with_timeout(form(text), Some(patience)).await;
                // The client announced what it cannot do, or is gone.
                let asked = asked.inspect_err(|error| tracing::debug!(%error, "the client did not ask"));
                return asked.as_ref().map_or(Reply::NotShown, |result| reply(&result.action));
            };
            let Ok(url) = url::Url::parse(page.expose_secret()) else { return Reply::NotShown };
            let shown = peer.elicit_url_with_timeout(text, url, id, Some(patience)).await;
            shown.as_ref().map_or(Reply::NotShown, reply)
        })
    })
}

fn refused_page(request: &CallToolRequestParams) -> bool {
    let answer = request.input_responses.as_ref().and_then(|responses| responses.get(PAGE));
    answer.is_some_and(|answer| {
        let result = serde_json::from_value::<ElicitResult>(answer.clone());
        !result.is_ok_and(|result| result.action == ElicitationAction::Accept)
    })
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
    let params = ElicitRequestParams::UrlElicitationParams { meta: None, message, url, elicitation_id: id };
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::new(Some(BTreeMap::from([(name.to_owned(), request)])), None)
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

/// Makes a form without fields: accepting it is the person's yes.
fn form(message: String) -> ElicitRequestParams {
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message,
        requested_schema: ElicitationSchema::new(BTreeMap::new()),
    }
}

fn reply(action: &ElicitationAction) -> Reply {
    match action {
        ElicitationAction::Accept => Reply::Accept,
        ElicitationAction::Decline => Reply::Decline,
        // Anything else is not a yes.
        _ => Reply::Dismiss,
    }
}
