//! A connection that is opened before there is anything to ask.

use reqwest::{Client, Version};
use url::Url;

/// Opens a connection and leaves it to the client's pool, where the next request finds it. Nothing is sent on it.
///
/// The client library has no call for that. But it opens the connection first and looks then whether the request is of the
/// version that the connection speaks; ours speak HTTP/1.1, so a request of HTTP/2 goes no further.
pub(crate) async fn open_connection(client: &Client, address: &Url) {
    let Err(error) = client.head(address.clone()).version(Version::HTTP_2).send().await else {
        tracing::warn!("a request was sent that was only to open a connection");
        return;
    };
    let outcome = if error.is_connect() { "could not be opened" } else { "is open" };
    tracing::debug!("the connection to Aries {outcome}, before the first request");
}
