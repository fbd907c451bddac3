//! A transport that lets requests through as soon as they say in which version of the protocol they are: after
//! `initialize`, or with a version of their own (2026-07-28). Both may come on one pipe, in any order. It drops stray
//! notifications before that (Antigravity sends `roots/list_changed` first).

use rmcp::ErrorData;
use rmcp::model::{
    ClientNotification, ClientRequest, ErrorCode, GetMeta, JsonRpcMessage, ProtocolVersion, RequestId,
};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::sync::watch;

/// How far the client has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has asked nothing yet, or only what the server can do.
    Waiting,
    Begun,
    /// Its end of the pipe is closed.
    Ended,
}

pub(super) struct InitFilter<T> {
    inner: T,
    initialized: bool,
    phase: watch::Sender<Phase>,
}

impl<T: Transport<RoleServer>> InitFilter<T> {
    pub(super) fn new(inner: T) -> (Self, watch::Receiver<Phase>) {
        let (phase, receiver) = watch::channel(Phase::Waiting);
        (Self { inner, initialized: false, phase }, receiver)
    }

    fn enter(&self, phase: Phase) {
        self.phase.send_if_modified(|now| std::mem::replace(now, phase) != phase);
    }

    /// Notes what a request begins. Fails with what it would need in `_meta`.
    fn admit(&mut self, request: &ClientRequest) -> Result<(), Vec<&'static str>> {
        match request {
            ClientRequest::InitializeRequest(_) => self.initialized = true,
            ClientRequest::DiscoverRequest(_) | ClientRequest::PingRequest(_) => return Ok(()),
            // One that could not be read is told so.
            ClientRequest::CustomRequest(custom) if custom.method == "initialize" => return Ok(()),
            _ if self.initialized => return Ok(()),
            _ => {
                let missing = request.get_meta().missing_required_keys(&ProtocolVersion::V_2026_07_28);
                if !missing.is_empty() {
                    return Err(missing);
                }
            }
        }
        self.enter(Phase::Begun);
        Ok(())
    }

    fn is_stray(&self, notification: &ClientNotification) -> bool {
        let is_initialized = matches!(notification, ClientNotification::InitializedNotification(_));
        !self.initialized && (is_initialized || *self.phase.borrow() == Phase::Waiting)
    }
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for InitFilter<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send + 'static {
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            let Some(message) = self.inner.receive().await else {
                self.enter(Phase::Ended);
                return None;
            };
            match &message {
                JsonRpcMessage::Request(request) => match self.admit(&request.request) {
                    Ok(()) => return Some(message),
                    Err(missing) => {
                        let words = format!(
                            "send `initialize` first, or give the request what it lacks in _meta: {}",
                            missing.join(", ")
                        );
                        refuse(&mut self.inner, request.id.clone(), ErrorCode::INVALID_PARAMS, words);
                    }
                },
                JsonRpcMessage::Notification(notification) if self.is_stray(&notification.notification) => {
                    tracing::debug!("a notification before the session was initialized is dropped");
                }
                _ => return Some(message),
            }
        }
    }

    fn close(&mut self) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}

/// Answers a request with an error. It is a task of its own, since reading may be dropped at any moment.
pub(super) fn refuse<T: Transport<RoleServer>>(
    transport: &mut T,
    id: RequestId,
    code: ErrorCode,
    words: String,
) {
    tracing::warn!("a request of the client was answered with an error: {words}");
    let sending = transport.send(JsonRpcMessage::error(ErrorData::new(code, words, None), Some(id)));
    tokio::spawn(async move {
        if sending.await.is_err() {
            tracing::debug!("the client no longer reads");
        }
    });
}
