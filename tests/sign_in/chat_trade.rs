//! `sign_in` with `trade`: the right to order, asked for from the chat.

use serde_json::json;

use super::aries::Aries;
use super::chat::{Chat, KEY, address, beside, opened_soon};

const TRADE: &str = "order%3Aexecution";

/// Finishes the page as the person's browser does.
async fn consent(aries: &Aries, address: &str) {
    let landing = aries.http.get(address).send().await.unwrap().headers()["location"].clone();
    aries.http.get(landing.to_str().unwrap()).send().await.unwrap();
}

#[tokio::test]
async fn the_right_to_order_is_added_to_a_sign_in() {
    let aries = Aries::start().await;
    aries.signed_in(3000).await;
    let mut chat = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let (mut chat, page) = beside(move || {
        let tools = chat.tools();
        assert!(tools.contains(&"sign_in".to_owned()) && !tools.contains(&"preview_order".to_owned()));
        let (absent, failed) = chat.call("preview_order", json!({}));
        assert!(failed && absent.contains("this sign-in was not granted order:execution"), "{absent}");
        assert!(
            absent.contains("aries-mcp login --trade") && absent.contains("sign_in with trade: true"),
            "{absent}"
        );
        let told = chat.sign_in();
        assert!(told.starts_with("SIGNED IN") && told.contains("sign_in with trade: true"), "{told}");
        let (page, failed) = chat.call("sign_in", json!({"trade": true}));
        assert!(!failed && page.starts_with("SIGN-IN STARTED"), "{page}");
        // The state of the same flow, whatever it is asked with.
        let (again, _) = chat.call("sign_in", json!({"trade": true}));
        let plain = chat.sign_in();
        assert!(
            again.starts_with("SIGN-IN WAITING") && plain.starts_with("SIGN-IN WAITING"),
            "{again}\n{plain}"
        );
        (chat, address(&page))
    })
    .await;
    assert!(page.contains(TRADE), "{page}");
    assert_eq!(opened_soon(&aries).await, [page.as_str()]);
    consent(&aries, &page).await;
    beside(move || {
        while chat.list_changed == 0 {
            chat.message();
        }
        let tools = chat.tools();
        assert!(
            !tools.contains(&"sign_in".to_owned()) && tools.contains(&"place_order".to_owned()),
            "{tools:?}"
        );
        let (done, _) = chat.call("sign_in", json!({"trade": true}));
        assert!(done.starts_with("SIGNED IN") && done.contains("Orders can be previewed"), "{done}");
    })
    .await;
}

#[tokio::test]
async fn a_plain_sign_in_asks_for_reading_and_one_for_orders_follows_it() {
    let aries = Aries::start().await;
    let mut chat = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let (reading, trading) = beside(move || {
        let reading = address(&chat.sign_in());
        let (trading, _) = chat.call("sign_in", json!({"trade": true}));
        assert!(trading.starts_with("SIGN-IN STARTED"), "{trading}");
        (reading, address(&trading))
    })
    .await;
    assert!(!reading.contains(TRADE) && trading.contains(TRADE), "{reading}\n{trading}");
}

#[tokio::test]
async fn a_read_only_server_never_asks_for_it() {
    let aries = Aries::start().await;
    let scopes = "account:information order:execution watchlist:management";
    let env = [("ARIES_CLIENT_ID", KEY), ("ARIES_READ_ONLY", "1"), ("ARIES_SCOPES", scopes)];
    let mut chat = Chat::start(&aries, &env);
    let plain = beside(move || {
        let (refused, failed) = chat.call("sign_in", json!({"trade": true}));
        assert!(failed && refused.contains("read-only, and never asks for the right to order"), "{refused}");
        chat.sign_in()
    })
    .await;
    let page = address(&plain);
    assert!(
        page.contains("account%3Ainformation") && !page.contains(TRADE) && !page.contains("management"),
        "{page}"
    );
}

#[tokio::test]
async fn signed_in_and_read_only_there_is_nothing_to_sign_in_for() {
    let aries = Aries::start().await;
    aries.signed_in(3000).await;
    for env in [("ARIES_READ_ONLY", "1"), ("ARIES_TOOLSETS", "market")] {
        let mut chat = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY), env]);
        let tools = beside(move || chat.tools()).await;
        assert!(!tools.contains(&"sign_in".to_owned()), "{env:?}: {tools:?}");
    }
}
