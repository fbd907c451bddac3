//! One refresh for everybody. Each `Session::stored` here stands for a process: the locks are files, and two handles
//! on one file exclude each other inside a process as between processes.

use aries_mcp::auth::{Session, SessionFile};
use aries_mcp::cli::logout;
use aries_mcp::error::Kind;
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use serde_json::json;
use std::time::Duration;

use super::aries::{Aries, LONG};

#[tokio::test]
async fn nothing_is_touched_before_a_token_is_asked_for() {
    let aries = Aries::start().await;
    let session = Session::stored(&aries.settings);
    assert!(session.granted().is_none() && session.file().is_none());
    session.close().await;
    assert_eq!(std::fs::read_dir(aries.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_fresh_token_needs_no_refresh_and_no_lock() {
    let aries = Aries::start().await;
    let tokens = aries.signed_in(3000).await;
    let session = Session::stored(&aries.settings);
    let bearer = session.bearer().await.unwrap();
    assert!(tokens.is(&bearer.token));
    assert_eq!(session.granted(), Some(tokens.scopes));
    assert_eq!(aries.token_calls().await, 0);
}

#[tokio::test]
async fn eight_processes_refresh_once() {
    let aries = Aries::start().await;
    aries.signed_in(-5).await;
    let processes: Vec<Session> = (0..8).map(|_| Session::stored(&aries.settings)).collect();
    // Eight calls in each, all at once.
    let calls = processes.iter().flat_map(|session| (0..8).map(|_| session.bearer()));
    let bearers = join_all(calls).await;
    let stored = aries.stored().await;
    assert!(bearers.into_iter().all(|bearer| stored.is(&bearer.unwrap().token)));
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn short_lives_are_renewed_again_and_again_without_reuse() {
    let aries = Aries::start_with(|options| options.access_ttl = Duration::from_secs(1)).await;
    aries.signed_in(-5).await;
    let processes: Vec<Session> = (0..4).map(|_| Session::stored(&aries.settings)).collect();
    for round in 1..=3 {
        let mut bearers = join_all(processes.iter().map(Session::bearer)).await;
        let bearer = bearers.pop().unwrap().unwrap();
        // A 401 at all of them at the same moment.
        let renewed = join_all(processes.iter().map(|session| session.renew(&bearer))).await;
        assert!(renewed.iter().all(Result::is_ok), "round {round}: {renewed:?}");
    }
    let (refreshes, reuses) = aries.refreshes_and_reuses().await;
    assert_eq!(reuses, 0);
    assert!((4..=12).contains(&refreshes), "{refreshes}");
}

#[tokio::test]
async fn a_401_renews_once_for_all_who_met_it() {
    let aries = Aries::start().await;
    aries.signed_in(3000).await;
    let (one, two) = (Session::stored(&aries.settings), Session::stored(&aries.settings));
    let rejected = one.bearer().await.unwrap();
    let other = two.bearer().await.unwrap();
    let (a, b, c) = tokio::join!(one.renew(&rejected), one.renew(&rejected), two.renew(&other));
    let stored = aries.stored().await;
    for bearer in [a, b, c] {
        assert!(stored.is(&bearer.unwrap().token));
    }
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let aries = Aries::start_with(|options| options.rotate = false).await;
    let before = aries.signed_in(-5).await;
    Session::stored(&aries.settings).bearer().await.unwrap();
    let after = aries.stored().await;
    assert!(after.same_refresh(&before) && !after.is(&before.access));
}

#[tokio::test]
async fn a_cancelled_call_loses_no_token() {
    let aries = Aries::start().await;
    let before = aries.signed_in(-5).await;
    // Long enough that the answer cannot come before the call is cut off.
    aries.fault_at_token(json!({"fault": "delay", "delay_ms": 1500})).await;
    let session = Session::stored(&aries.settings);
    let call = tokio::spawn({
        let session = session.clone();
        async move { session.bearer().await }
    });
    // Aries has replaced the token by now, and its answer is on the way.
    while aries.refreshes_and_reuses().await.0 == 0 {}
    assert!(!call.is_finished());
    call.abort();
    // What the end of the process does.
    session.close().await;
    let after = aries.stored().await;
    assert!(!after.same_refresh(&before));
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn a_later_sign_in_and_a_sign_out_are_noticed() {
    let aries = Aries::start().await;
    let session = Session::stored(&aries.settings);
    let first = aries.signed_in(3000).await;
    assert!(first.is(&session.bearer().await.unwrap().token));
    let second = aries.signed_in(3100).await;
    assert!(second.is(&session.bearer().await.unwrap().token));
    logout::forget(&aries.settings).await.unwrap();
    assert_eq!(session.bearer().await.unwrap_err().kind, Kind::SignIn);
    assert!(SessionFile::read(&aries.settings).is_none());
    assert!(aries.store().load(LONG).await.unwrap().is_none());
}

#[tokio::test]
async fn tokens_are_not_read_for_another_api() {
    let aries = Aries::start().await;
    aries.signed_in(3000).await;
    // The same file name, as an https API on this port would have it.
    let elsewhere = aries.sandbox.origin().replace("http://", "https://");
    let settings = super::aries::settings(&aries.folder, &elsewhere, "http://127.0.0.1:1/callback");
    assert_eq!(settings.file_key(), aries.settings.file_key());
    assert_eq!(Session::stored(&settings).bearer().await.unwrap_err().kind, Kind::SignIn);
}

#[tokio::test]
async fn a_fixed_token_is_used_as_it_is() {
    let session = Session::fixed("ready".to_owned().into(), None);
    let bearer = session.bearer().await.unwrap();
    assert_eq!(bearer.token.expose_secret(), "ready");
    assert_eq!(session.renew(&bearer).await.unwrap_err().kind, Kind::SignIn);
}
