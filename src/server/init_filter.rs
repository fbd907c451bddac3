//! A transport that drops what rmcp cannot handle before the session begins, and notices the end of input. rmcp ends the
//! process when a notification arrives before the session is initialized (Antigravity sends `roots/list_changed` first).
//! So until `initialize`, or a request that carries its own protocol version, only requests pass.

use rmcp::model::{ClientRequest, GetMeta, JsonRpcMessage, ProtocolVersion};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::sync::watch;

pub(super) struct InitFilter<T> {
    inner: T,
    initialized: bool,
    ended: watch::Sender<bool>,
}

impl<T> InitFilter<T> {
    /// Wraps a transport; the receiver becomes true when the input has ended.
    pub(super) fn new(inner: T) -> (Self, watch::Receiver<bool>) {
        let (ended, receiver) = watch::channel(false);
        (Self { inner, initialized: false, ended }, receiver)
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
                // The receiver is gone if the process is ending already.
                let _ = self.ended.send(true);
                return None;
            };
            if self.initialized {
                return Some(message);
            }
            if let JsonRpcMessage::Request(request) = &message {
                self.initialized = initializes(&request.request);
                return Some(message);
            }
            tracing::debug!("a notification before the session was initialized is dropped");
        }
    }

    fn close(&mut self) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}

/// rmcp answers `server/discover` and requests of an unknown revision, and goes on waiting for the beginning.
fn initializes(request: &ClientRequest) -> bool {
    let meta = request.get_meta();
    let is_modern = meta.protocol_version() == Some(ProtocolVersion::V_2026_07_28)
        && meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty();
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::DiscoverRequest(_) => false,
        _ => is_modern,
    }
}
