//! A transport that keeps what rmcp cannot digest away from it, and notices the end of input.
//!
//! rmcp ends the process when a notification arrives before the session is settled (Antigravity sends
//! `roots/list_changed` first). So until `initialize`, or a request that carries its own protocol version, only
//! requests pass.

use rmcp::model::{ClientRequest, GetMeta, JsonRpcMessage, ProtocolVersion};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::sync::watch;

/// The wrapped transport.
pub(super) struct Gate<T> {
    inner: T,
    settled: bool,
    ended: watch::Sender<bool>,
}

impl<T> Gate<T> {
    /// Wraps a transport; the receiver turns true when its input has ended.
    pub(super) fn new(inner: T) -> (Self, watch::Receiver<bool>) {
        let (ended, receiver) = watch::channel(false);
        (Self { inner, settled: false, ended }, receiver)
    }
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for Gate<T> {
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
                // Nobody may be listening any more; then nobody needs to know.
                let _ = self.ended.send(true);
                return None;
            };
            if self.settled {
                return Some(message);
            }
            if let JsonRpcMessage::Request(request) = &message {
                self.settled = settles(&request.request);
                return Some(message);
            }
            tracing::debug!("a notification before the session was settled is left out");
        }
    }

    fn close(&mut self) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}

fn settles(request: &ClientRequest) -> bool {
    if matches!(request, ClientRequest::InitializeRequest(_)) {
        return true;
    }
    request.get_meta().missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty()
}
