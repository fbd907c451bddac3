//! Reading and following resources that change, for a client of either era.

use futures_util::FutureExt;
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceUpdatedNotificationParam};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, Peer};

use super::Server;
use super::live::{self, Followed, Live};
use super::outcome::outcome;
use crate::text::clean;

type Result<T> = std::result::Result<T, ErrorData>;

impl Server {
    /// The resource that changes with this URI, if the session may read it.
    pub(super) fn live(&self, uri: &str) -> Result<Live> {
        let live = Live::parse(uri).ok_or_else(|| {
            let cause = format!("no resource that changes is called {:?}", clean(uri, 80));
            ErrorData::resource_not_found(cause, None)
        })?;
        match self.refusal(live.tool().0, false) {
            Some(error) => Err(live::refused(&error)),
            None => Ok(live),
        }
    }

    pub(super) async fn read_live(
        &self,
        uri: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<ReadResourceResult> {
        let (tool, args) = self.live(uri)?.tool();
        let answer = tokio::select! {
            answer = Box::pin(outcome(tool, self.reading(), args)) => answer,
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
        };
        let answer = answer.map_err(|error| live::refused(&error))?;
        let contents = ResourceContents::text(answer.text(), uri).with_mime_type("text/plain");
        Ok(ReadResourceResult::new(vec![contents]))
    }

    /// Follows one resource until the client unsubscribes from it.
    pub(super) async fn follow(&self, uri: String, peer: Peer<RoleServer>) -> Result<()> {
        let live = self.live(&uri)?;
        live.check(&self.reading()).await.map_err(|error| live::refused(&error))?;
        let named = uri.clone();
        let tell = move || {
            let (param, peer) = (ResourceUpdatedNotificationParam::new(named.clone()), peer.clone());
            async move { peer.notify_resource_updated(param).await.is_ok() }.boxed()
        };
        let begun = self.followed.begin(uri, live, self.reading(), Box::new(tell));
        begun.map_err(|error| live::refused(&error))
    }

    /// Follows what was accepted of a subscription, as long as the value that is returned lives.
    pub(super) fn follow_all(&self, context: &SubscriptionContext) -> Followed {
        let followed = self.followed.another();
        for uri in context.accepted().resource_subscriptions.iter().flatten() {
            let Some(live) = Live::parse(uri) else { continue };
            let (named, sink) = (uri.clone(), context.sink().clone());
            let tell = move || {
                let (uri, sink) = (named.clone(), sink.clone());
                async move { sink.notify_resource_updated(uri).await.is_ok() }.boxed()
            };
            if let Err(error) = followed.begin(uri.clone(), live, self.reading(), Box::new(tell)) {
                tracing::debug!("a resource is not followed: {error}");
            }
        }
        followed
    }
}
