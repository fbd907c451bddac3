//! One Aries, however its address is written; what earlier versions kept under another name is still found.

use aries_mcp::auth::{Session, SessionFile};
use aries_mcp::cli::logout;
use aries_mcp::config::Settings;

use super::aries::{self, Aries, LONG};

/// The settings of a person who writes the host of the address like this.
fn written(aries: &Aries, host: &str) -> Settings {
    let origin = aries.sandbox.origin().replace("127.0.0.1", host);
    aries::settings(&aries.folder, &origin, &aries.settings.redirect_uri)
}

#[tokio::test]
async fn every_spelling_of_this_machine_is_one_sign_in() {
    let aries = Aries::start().await;
    let tokens = aries.signed_in(3000).await;
    for host in
        ["localhost", "LocalHost", "localhost.", "127.0.0.1", "127.1", "0x7f.0.0.1", "[::1]", "[0:0::1]"]
    {
        let settings = written(&aries, host);
        assert_eq!(settings.file_key(), aries.settings.file_key(), "{host}");
        let bearer = Session::stored(&settings).bearer().await.unwrap();
        assert!(tokens.is(&bearer.token), "{host}");
    }
}

#[test]
fn the_names_of_an_origin_are_those_of_its_first_version() {
    let folder = tempfile::tempdir().unwrap();
    let key = |url: &str| aries::settings(&folder, url, "http://127.0.0.1:1/callback").file_key();
    for url in [
        "https://api.aries.com",
        "https://API.aries.com:443/",
        "https://api.aries.com.",
        "HTTPS://api.aries.com.:443",
    ] {
        assert_eq!(key(url), "default@api.aries.com", "{url}");
    }
    for url in ["http://localhost", "http://127.0.0.1:80/", "http://[::1]"] {
        assert_eq!(key(url), "default@127.0.0.1", "{url}");
    }
    assert_ne!(key("http://127.0.0.1:81"), key("http://127.0.0.1:82"));
}

/// Renames what a version kept that knew this machine as `localhost`, `[::1]`.
fn as_kept_before(aries: &Aries, host: &str) {
    let origin = aries.sandbox.origin();
    let (_, port) = origin.rsplit_once(':').unwrap();
    let safe: String = host.chars().map(|c| if "[]:".contains(c) { '_' } else { c }).collect();
    for (folder, end) in [("", ".session.json"), ("credentials/", ".json")] {
        let path = |host: &str| aries.folder.path().join(format!("{folder}default@{host}_{port}{end}"));
        let text = std::fs::read_to_string(path("127.0.0.1")).unwrap();
        let older = text.replace("default@http://127.0.0.1:", &format!("default@http://{host}:"));
        assert_ne!(text, older);
        std::fs::write(path(&safe), older).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(path(&safe), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::remove_file(path("127.0.0.1")).unwrap();
    }
}

#[tokio::test]
async fn an_entry_of_an_earlier_version_is_found_and_moved_with_the_next_refresh() {
    for host in ["localhost", "[::1]"] {
        let aries = Aries::start().await;
        let before = aries.signed_in(-5).await;
        as_kept_before(&aries, host);
        assert!(SessionFile::read(&aries.settings).is_some(), "{host}");
        assert!(aries.stored().await.same_refresh(&before), "{host}");
        let bearer = Session::stored(&written(&aries, "localhost")).bearer().await.unwrap();
        assert!(aries.stored().await.is(&bearer.token), "{host}");
        assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
        // The spent token is nowhere any more.
        let credentials = std::fs::read_dir(aries.folder.path().join("credentials")).unwrap();
        assert_eq!(credentials.count(), 1, "{host}");
        logout::forget(&aries.settings).await.unwrap();
        assert!(aries.store().load(LONG).await.unwrap().is_none());
        assert!(SessionFile::read(&aries.settings).is_none(), "{host}");
    }
}

#[tokio::test]
async fn a_sign_out_ends_an_entry_of_an_earlier_version_too() {
    let aries = Aries::start().await;
    aries.signed_in(3000).await;
    as_kept_before(&aries, "localhost");
    logout::forget(&aries.settings).await.unwrap();
    assert!(aries.store().load(LONG).await.unwrap().is_none());
    assert!(SessionFile::read(&aries.settings).is_none());
}
