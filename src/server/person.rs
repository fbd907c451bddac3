//! How this client can ask its person, in either protocol era.
//!
//! Up to 2025 the server sends `elicitation/create` while the call waits. Since 2026-07-28 it may not: the call ends
//! with `input_required`, and the client calls again with the person's answer and a state that was sealed here. The
//! seal binds the answer to one ticket of this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ElicitRequest, ElicitRequestParams, ElicitResult,
    ElicitationAction, ElicitationSchema, InputRequest, InputRequiredResult, ProtocolVersion,
    RequestStateCodec, SealOptions,
};
use rmcp::service::RequestContext;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::trade::approval::{LIFETIME, Reply};
use crate::trade::place::{Asker, Channel};

/// The name of the one question.
const NAME: &str = "approval";

/// Seals and opens the state of questions; the key lives in this process only.
#[derive(Clone)]
pub(super) struct Seal(RequestStateCodec);

impl Seal {
    /// A seal with a new key.
    ///
    /// # Errors
    /// If the machine has no randomness.
    pub(super) fn new() -> Result<Self> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key).map_err(|error| {
            Error::failed(format!("no randomness on this machine: {error}"), "report this")
        })?;
        let codec = RequestStateCodec::try_new(key.to_vec())
            .map_err(|error| Error::failed(format!("questions cannot be sealed: {error}"), "report this"))?;
        Ok(Self(codec))
    }

    /// The question as a result of the first call.
    pub(super) fn question(&self, text: String, ticket: &str) -> InputRequiredResult {
        let options = SealOptions::new().associated_data(ticket.as_bytes()).ttl(LIFETIME);
        let state = self.0.seal_with(ticket.as_bytes(), &options);
        let requests =
            BTreeMap::from([(NAME.to_owned(), InputRequest::Elicitation(ElicitRequest::new(form(text))))]);
        InputRequiredResult::new(Some(requests), Some(state))
    }

    /// The person's answer on a call that was made again; none unless the state is ours and for this ticket.
    fn reply(&self, request: &CallToolRequestParams) -> Option<Reply> {
        let ticket = ticket(request)?;
        let sealed = request.request_state.as_deref()?;
        let opened = self.0.open_with(sealed, ticket.as_bytes()).ok()?;
        if opened != ticket.as_bytes() {
            return None;
        }
        let answer = request.input_responses.as_ref()?.get(NAME)?.clone();
        Some(serde_json::from_value::<ElicitResult>(answer).map_or(Reply::NotShown, |result| reply(&result)))
    }
}

/// The ticket that a call presents.
pub(super) fn ticket(request: &CallToolRequestParams) -> Option<&str> {
    request.arguments.as_ref()?.get("ticket").and_then(Value::as_str)
}

/// How the person behind this call can be asked.
pub(super) fn channel(
    context: &RequestContext<RoleServer>,
    request: &CallToolRequestParams,
    seal: &Seal,
) -> Channel {
    if !context.client_capabilities().is_some_and(|capabilities| shows_forms(&capabilities)) {
        return Channel::None;
    }
    if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
        return Channel::Rounds(seal.reply(request));
    }
    let peer = context.peer.clone();
    let asker: Asker = Arc::new(move |text| {
        let peer = peer.clone();
        Box::pin(async move {
            let limit = Some(LIFETIME + Duration::from_secs(5));
            match peer.create_elicitation_with_timeout(form(text), limit).await {
                Ok(result) => reply(&result),
                // A client that announces what it cannot do (P44), or one that is gone.
                Err(error) => {
                    tracing::debug!(%error, "the client did not ask");
                    Reply::NotShown
                }
            }
        })
    });
    Channel::Ask(asker)
}

/// `elicitation: {}` means forms.
fn shows_forms(capabilities: &ClientCapabilities) -> bool {
    capabilities.elicitation.as_ref().is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

/// Whether the client opens addresses for its person.
pub(super) fn shows_addresses(context: &RequestContext<RoleServer>) -> bool {
    let modes = context.client_capabilities().and_then(|capabilities| capabilities.elicitation);
    modes.is_some_and(|modes| modes.url.is_some())
}

/// Asks the client of the 2026 era to open an address; it calls again when the person has seen it.
pub(super) fn address(message: &str, url: String) -> InputRequiredResult {
    let params = ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: message.to_owned(),
        url,
        elicitation_id: "sign_in".to_owned(),
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::new(Some(BTreeMap::from([("sign_in".to_owned(), request)])), None)
}

/// A form without fields: accepting it is the yes.
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
        // Whatever else a client may say is not a yes.
        _ => Reply::Dismiss,
    }
}
