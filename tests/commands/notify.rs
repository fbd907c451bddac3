//! Desktop notifications, by a notification daemon of our own on the bus that `.ci/with-keyring` starts.

use std::process::Stdio;
use std::sync::mpsc::{Sender, channel};

use serde_json::json;
use zbus::OwnedVariant;

use crate::support::{Aries, Home, PATIENCE, READING, pairs};

/// What is shown: the program's name, the head and the text.
type Shown = (String, String, String);

struct Daemon(Sender<Shown>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "as the specification has them")]
    fn notify(
        &self,
        app: String,
        _replaces: u32,
        _icon: String,
        head: String,
        text: String,
        _actions: Vec<String>,
        _hints: std::collections::HashMap<String, OwnedVariant>,
        _timeout: i32,
    ) -> u32 {
        self.0.send((app, head, text)).unwrap();
        7
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let [name, version, specification] = ["test", "1", "1.2"].map(str::to_owned);
        (name.clone(), name, version, specification)
    }
}

#[test]
#[ignore = "needs a private D-Bus session"]
fn an_event_is_shown_on_the_desktop() {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
    let (aries, home) = (Aries::start(Default::default()), Home::new());
    aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": "305.50"})));
    let watch = || {
        let mut command = home.command(&["watch", "AAPL", "--above", "300", "--notify"]);
        command.envs(pairs(&aries.env(READING))).env("DBUS_SESSION_BUS_ADDRESS", &bus);
        command.stdin(Stdio::null()).output().unwrap()
    };
    // Nobody shows anything yet: it has happened all the same.
    let output = watch();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(String::from_utf8_lossy(&output.stdout).contains("HAPPENED · AAPL 305.50"), "{said}");
    assert!(output.status.success() && said.contains("the notification could not be shown"), "{said}");

    let (sender, shown) = channel();
    let daemon = zbus::connection::Builder::session().name("org.freedesktop.Notifications");
    let serving = daemon.serve_at("/org/freedesktop/Notifications", Daemon(sender)).build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _connection = runtime.block_on(serving).unwrap();
    let output = watch();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (app, head, text) = shown.recv_timeout(PATIENCE).unwrap();
    assert_eq!((app.as_str(), head.as_str()), ("aries-mcp", "Aries"));
    assert!(text.starts_with("HAPPENED · AAPL 305.50, already at or above 300.00 · "), "{text}");
}
