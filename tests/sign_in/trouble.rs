//! What failures leave behind: no token is lost that could be kept, and every call gets an answer.

use aries_mcp::auth::{Session, SessionFile, SignInState};
use aries_mcp::error::Kind;
use serde_json::json;

use super::aries::Aries;

#[tokio::test]
async fn while_the_endpoint_is_down_a_living_token_is_used() {
    let aries = Aries::start().await;
    let tokens = aries.signed_in(30).await;
    aries.fault_at_token(json!({"fault": "status", "status": 503})).await;
    let session = Session::stored(&aries.settings);
    assert!(tokens.is(&session.bearer().await.unwrap().token));
    // Asked again at once, it does not bother Aries again.
    assert!(tokens.is(&session.bearer().await.unwrap().token));
    assert_eq!(aries.token_calls().await, 1);
    // A new process finds the endpoint well again.
    assert!(!tokens.is(&Session::stored(&aries.settings).bearer().await.unwrap().token));
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_tokens() {
    for fault in [
        json!({"fault": "drop_before"}),
        json!({"fault": "status", "status": 500, "body": "{\"error\":\"invalid_grant\"}"}),
        json!({"fault": "status", "status": 429, "headers": {"retry-after": "0"}}),
        json!({"fault": "status", "status": 200, "body": "<html>hello</html>"}),
        json!({"fault": "status", "status": 400, "body": "{\"error\":\"invalid_client\"}"}),
        json!({"fault": "status", "status": 401, "body": "{\"error\":{\"code\":\"INVALID_CLIENT\"}}"}),
    ] {
        let aries = Aries::start().await;
        let before = aries.signed_in(-5).await;
        aries.fault_at_token(fault.clone()).await;
        let error = Session::stored(&aries.settings).bearer().await.unwrap_err();
        assert_ne!(error.kind, Kind::SignIn, "{fault}");
        assert!(aries.stored().await.same_refresh(&before), "{fault}");
        assert_eq!(SessionFile::read(&aries.settings).unwrap().state, SignInState::SignedIn);
        // And the next process gets through.
        Session::stored(&aries.settings).bearer().await.unwrap();
    }
}

#[tokio::test]
async fn an_ended_sign_in_is_recognised_in_every_shape_of_an_error() {
    for body in [
        r#"{"error":"invalid_grant","error_description":"it is over"}"#,
        r#"{"error":"it is over","codes":[{"code":"INVALID_GRANT","description":"it is over"}]}"#,
        r#"{"error":{"type":"AUTHENTICATION","code":"INVALID_GRANT","message":"it is over"},"meta":{}}"#,
        r#"[{"code":"invalid_grant","message":"it is over"}]"#,
        r#"{"error":{"message":"invalid_grant: it is over"}}"#,
        "invalid_grant: it is over",
    ] {
        let aries = Aries::start().await;
        aries.signed_in(-5).await;
        aries.fault_at_token(json!({"fault": "status", "status": 401, "body": body})).await;
        let error = Session::stored(&aries.settings).bearer().await.unwrap_err();
        assert_eq!(error.kind, Kind::SignIn, "{body}: {error}");
        assert!(error.cause.contains("it is over"), "{body}: {error}");
        assert_eq!(SessionFile::read(&aries.settings).unwrap().state, SignInState::NeedsLogin, "{body}");
    }
}

#[tokio::test]
async fn only_a_definite_refusal_asks_for_a_sign_in() {
    let aries = Aries::start().await;
    let tokens = aries.signed_in(-5).await;
    aries
        .fault_at_token(json!({"fault": "status", "status": 400, "body": "{\"error\":\"invalid_grant\"}"}))
        .await;
    let (session, other) = (Session::stored(&aries.settings), Session::stored(&aries.settings));
    assert_eq!(session.bearer().await.unwrap_err().kind, Kind::SignIn);
    assert_eq!(SessionFile::read(&aries.settings).unwrap().state, SignInState::NeedsLogin);
    assert!(aries.stored().await.same_refresh(&tokens), "a refusal deletes nothing");
    // Neither this process nor another asks Aries again with the refused token.
    assert_eq!(session.bearer().await.unwrap_err().kind, Kind::SignIn);
    assert_eq!(other.bearer().await.unwrap_err().kind, Kind::SignIn);
    assert_eq!(aries.token_calls().await, 1);
    // A new sign-in is taken up by both.
    let anew = aries.signed_in(3000).await;
    assert!(anew.is(&session.bearer().await.unwrap().token) && anew.is(&other.bearer().await.unwrap().token));
}

#[tokio::test]
async fn what_cannot_be_saved_is_kept_in_memory_and_saved_later() {
    let aries = Aries::start().await;
    let before = aries.signed_in(-5).await;
    // A folder where the new file should be written: saving fails, as on a full disk.
    let credentials = aries.folder.path().join("credentials");
    let name = format!("{}.json.new", aries.settings.file_key());
    std::fs::create_dir(credentials.join(&name)).unwrap();
    let session = Session::stored(&aries.settings);
    let bearer = session.bearer().await.unwrap();
    assert!(aries.stored().await.same_refresh(&before), "nothing could be saved yet");
    assert!(!before.is(&bearer.token));
    // Another process must not spend the old refresh token a second time: it waits, and gets the saved one.
    let other = Session::stored(&aries.settings);
    let waiting = tokio::spawn(async move { other.bearer().await });
    std::fs::remove_dir(credentials.join(&name)).unwrap();
    let adopted = waiting.await.unwrap().unwrap();
    assert!(aries.stored().await.is(&adopted.token) && aries.stored().await.is(&bearer.token));
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn a_lock_that_does_not_return_is_named_with_its_holder() {
    let mut aries = Aries::start().await;
    aries.signed_in(-5).await;
    aries.settings.timing.sign_in_lock = std::time::Duration::from_millis(100);
    let path = aries.folder.path().join(format!("{}.refresh.lock", aries.settings.file_key()));
    let held = std::fs::File::create(&path).unwrap();
    held.lock().unwrap();
    let error = Session::stored(&aries.settings).bearer().await.unwrap_err();
    assert!(error.cause.contains(&path.display().to_string()), "{error}");
    if cfg!(target_os = "linux") {
        assert!(error.cause.contains(&format!("held by process {} (", std::process::id())), "{error}");
    }
    assert!(!error.to_string().contains("network"), "{error}");
    drop(held);
    Session::stored(&aries.settings).bearer().await.unwrap();
}

#[tokio::test]
async fn a_refresh_is_not_begun_where_it_could_not_be_saved() {
    let aries = Aries::start().await;
    let before = aries.signed_in(30).await;
    // A folder where the store is tried out: nothing can be written there.
    let blocker = aries.folder.path().join(format!("credentials/{}.probe.new", aries.settings.file_key()));
    std::fs::create_dir(&blocker).unwrap();
    let session = Session::stored(&aries.settings);
    // What is left of the old token is used.
    let bearer = session.bearer().await.unwrap();
    assert!(before.is(&bearer.token));
    let error = session.renew(&bearer).await.unwrap_err();
    assert!(
        error.cause.starts_with("the sign-in is not renewed, since the new one could not be saved: "),
        "{error}"
    );
    assert!(error.hint.to_string().contains("free space"), "{error}");
    assert_eq!(aries.token_calls().await, 0);
    std::fs::remove_dir(&blocker).unwrap();
    let another = Session::stored(&aries.settings).bearer().await.unwrap();
    assert!(!before.is(&another.token) && aries.stored().await.is(&another.token));
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn the_end_of_the_process_saves_what_is_left() {
    let aries = Aries::start().await;
    aries.signed_in(-5).await;
    let blocker = aries.folder.path().join(format!("credentials/{}.json.new", aries.settings.file_key()));
    std::fs::create_dir(&blocker).unwrap();
    let session = Session::stored(&aries.settings);
    let bearer = session.bearer().await.unwrap();
    std::fs::remove_dir(&blocker).unwrap();
    session.close().await;
    assert!(aries.stored().await.is(&bearer.token));
}

#[tokio::test]
async fn no_file_but_the_token_file_holds_a_secret() {
    use secrecy::ExposeSecret;
    let aries = Aries::start().await;
    aries.signed_in(-5).await;
    Session::stored(&aries.settings).bearer().await.unwrap();
    let tokens = aries.stored().await;
    let secrets = [tokens.access.expose_secret(), tokens.refresh.as_ref().unwrap().expose_secret()];
    let mut seen = 0;
    for entry in std::fs::read_dir(aries.folder.path()).unwrap().filter_map(Result::ok) {
        if entry.file_type().unwrap().is_file() {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            assert!(secrets.iter().all(|secret| !text.contains(*secret)), "{}", entry.path().display());
            seen += 1;
        }
    }
    assert!(seen >= 2, "the note and the lock");
}
