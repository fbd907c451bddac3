//! How the server asks the person through the client (elicitation). Up to 2025 the server sends `elicitation/create`
//! while the call waits. Since 2026-07-28 it may not: the call ends with `input_required`, and the client calls again
//! with the person's answer and a state that was sealed here. The seal binds the answer to one ticket of this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult, RequestStateCodec, SealOptions,
};
use rmcp::service::{Peer, RequestContext};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::os::random;
use crate::trade::approval::approved::Reply;
use crate::trade::approval::prompter::{Addresses, Forms, Notice, Prompter, Question};

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

    /// Returns the question as the result of the first call.
    pub(super) fn question(&self, question: Question, ticket: &str) -> InputRequiredResult {
        let text = match question {
            Question::Form(text) => text,
            Question::Page(Notice { id, text, address }) => {
                return self::address(PAGE, id, text, address.expose_secret().to_owned());
            }
        };
        let options = SealOptions::new().associated_data(ticket.as_bytes()).ttl(self.approval);
        let state = self.codec.seal_with(ticket.as_bytes(), &options);
        asking(NAME, form(text), Some(state))
    }

    /// Returns the person's answer on the second call; `None` unless the state is ours and for this ticket.
    fn reply(&self, request: &CallToolRequestParams) -> Option<Reply> {
        let ticket = ticket(request)?;
        let sealed = request.request_state.as_deref()?;
        self.codec.open_with(sealed, ticket.as_bytes()).ok().filter(|opened| opened == ticket.as_bytes())?;
        let answer = request.input_responses.as_ref()?.get(NAME)?.clone();
        Some(serde_json::from_value::<ElicitResult>(answer).map_or(Reply::NotShown, |result| reply(&result)))
    }
}

pub(super) fn ticket(request: &CallToolRequestParams) -> Option<&str> {
    request.arguments.as_ref()?.get("ticket").and_then(Value::as_str)
}

/// Returns how the person behind this call can be asked.
pub(super) fn prompter(
    context: &RequestContext<RoleServer>,
    request: &CallToolRequestParams,
    seal: &Seal,
) -> Prompter {
    let (is_modern, patience) = (super::is_modern(context), seal.approval + LATE);
    let forms = match (shows_forms(context), is_modern) {
        (false, _) => Forms::None,
        (true, true) => Forms::BetweenCalls(seal.reply(request)),
        (true, false) => asker(context.peer.clone(), patience),
    };
    let addresses = match (shows_addresses(context), is_modern) {
        (false, _) => Addresses::None,
        (true, true) => Addresses::BetweenCalls,
        (true, false) => shower(context.peer.clone(), patience),
    };
    Prompter { forms, addresses, not_shown: refused_page(request) }
}

fn asker(peer: Peer<RoleServer>, patience: Duration) -> Forms {
    Forms::InCall(Arc::new(move |text| {
        let peer = peer.clone();
        Box::pin(async move {
            let asked = peer.create_elicitation_with_timeout(form(text), Some(patience)).await;
            // An error: the client announced what it cannot do, or is gone.
            let asked = asked.inspect_err(|error| tracing::debug!(%error, "the client did not ask"));
            asked.map_or(Reply::NotShown, |result| reply(&result))
        })
    }))
}

fn shower(peer: Peer<RoleServer>, patience: Duration) -> Addresses {
    Addresses::InCall(Arc::new(move |notice| {
        let peer = peer.clone();
        Box::pin(async move {
            let Ok(url) = url::Url::parse(notice.address.expose_secret()) else { return false };
            let shown = peer.elicit_url_with_timeout(notice.text, url, notice.id, Some(patience)).await;
            matches!(shown, Ok(ElicitationAction::Accept))
        })
    }))
}

/// Tells whether the client was asked to show the page, and it or its person refused.
fn refused_page(request: &CallToolRequestParams) -> bool {
    let answer = request.input_responses.as_ref().and_then(|responses| responses.get(PAGE)).cloned();
    let result = answer.map(serde_json::from_value::<ElicitResult>);
    result.is_some_and(|result| !result.is_ok_and(|result| result.action == ElicitationAction::Accept))
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
    asking(
        name,
        ElicitRequestParams::UrlElicitationParams { meta: None, message, url, elicitation_id: id },
        None,
    )
}

fn asking(name: &str, params: ElicitRequestParams, state: Option<String>) -> InputRequiredResult {
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::new(Some(BTreeMap::from([(name.to_owned(), request)])), state)
}

/// Asks a client of the older era to open an address, where no browser opens here (WSL, ssh). No call waits for it,
/// since the address is in the answer too.
pub(super) fn offer_address(address: String, peer: Peer<RoleServer>) {
    let Ok(url) = url::Url::parse(&address) else { return };
    tokio::spawn(async move {
        if let Err(error) = peer.elicit_url(SIGN_IN_WORDS, url, "sign_in").await {
            tracing::debug!(%error, "the client was not asked to open the sign-in page");
        }
    });
}

/// What a client shows beside the address of the sign-in page.
pub(super) const SIGN_IN_WORDS: &str = "Sign in to Aries and allow the access, in one go.";

/// Makes a form without fields: accepting it is the person's yes.
fn form(message: String) -> ElicitRequestParams {
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message,
        requested_schema: ElicitationSchema::new(BTreeMap::new()),
    }
}

fn reply(result: &ElicitResult) -> Reply {
    match result.action {
        ElicitationAction::Accept => Reply::Accept,
        ElicitationAction::Decline => Reply::Decline,
        // Anything else is not a yes.
        _ => Reply::Dismiss,
    }
}
