//! A transport that refuses a request whose id another one has that is not answered yet. MCP forbids that (`basic`:
//! "MUST NOT have been previously used"), and rmcp would answer only one of the two. An id that was answered is taken
//! again: some clients send all their requests with the same one. Behind an id that was cancelled the request may still be
//! ending, and rmcp would take its end for that of the next one: the next one has another id inside.

use std::collections::{HashMap, HashSet};

use rmcp::model::{ClientNotification, ErrorCode, JsonRpcMessage, RequestId};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;

use super::init_filter::refuse;

/// Ids of cancelled requests that are remembered: the end of an older one is long over.
const MOST: usize = 1_000;

pub(super) struct UniqueIds<T> {
    inner: T,
    open: HashSet<RequestId>,
    cancelled: HashSet<RequestId>,
    /// The client's ids by those inside, where they differ.
    renamed: HashMap<RequestId, RequestId>,
    /// How many were renamed so far.
    count: u64,
}

impl<T> UniqueIds<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, open: HashSet::new(), cancelled: HashSet::new(), renamed: HashMap::new(), count: 0 }
    }

    /// The id inside of a request that begins.
    fn begin(&mut self, id: &RequestId) -> RequestId {
        if !self.cancelled.contains(id) {
            return id.clone();
        }
        self.count += 1;
        let inside = RequestId::String(format!("{id}, used again ({})", self.count).into());
        self.renamed.insert(inside.clone(), id.clone());
        inside
    }

    /// The id inside of a request that the client cancels.
    fn cancel(&mut self, id: &RequestId) -> RequestId {
        self.open.remove(id);
        if self.cancelled.len() >= MOST {
            self.cancelled.clear();
        }
        self.cancelled.insert(id.clone());
        let inside = self.renamed.iter().find(|(_, client)| *client == id).map(|(inside, _)| inside.clone());
        inside.inspect(|inside| drop(self.renamed.remove(inside))).unwrap_or_else(|| id.clone())
    }

    /// Gives an answer the client's id, which is free then.
    fn end(&mut self, id: &mut RequestId) {
        if let Some(client) = self.renamed.remove(id) {
            *id = client;
        }
        self.open.remove(id);
    }
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for UniqueIds<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        mut item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send + 'static {
        match &mut item {
            JsonRpcMessage::Response(answer) => self.end(&mut answer.id),
            JsonRpcMessage::Error(error) => {
                if let Some(id) = &mut error.id {
                    self.end(id);
                }
            }
            _ => {}
        }
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            let mut message = self.inner.receive().await?;
            match &mut message {
                JsonRpcMessage::Request(request) if !self.open.insert(request.id.clone()) => {
                    let words = "Invalid Request: the request before this one that has the same id is not answered \
                                 yet; it goes on, and this one was not carried out";
                    refuse(&mut self.inner, request.id.clone(), ErrorCode::INVALID_REQUEST, words.to_owned());
                    continue;
                }
                JsonRpcMessage::Request(request) => request.id = self.begin(&request.id),
                JsonRpcMessage::Notification(notification) => {
                    // rmcp answers nothing to a request that was cancelled.
                    if let ClientNotification::CancelledNotification(cancelled) =
                        &mut notification.notification
                        && let Some(id) = &mut cancelled.params.request_id
                    {
                        *id = self.cancel(id);
                    }
                }
                _ => {}
            }
            return Some(message);
        }
    }

    fn close(&mut self) -> impl Future<Output = std::result::Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}
