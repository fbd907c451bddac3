//! `doctor`: whoever breaks one setting learns from it what to do.

use std::path::Path;
use std::process::Output;

use crate::support::scripted::Scripted;
use crate::support::{Aries, Home, READING, pairs, stderr, stdout};
use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

/// A person's home with one embedded Aries, signed in by a ready token unless the test says otherwise.
struct Person {
    home: Home,
    aries: Aries,
}

impl Person {
    fn new() -> Self {
        let person = Self { home: Home::new(), aries: Aries::start(Options::default()) };
        std::fs::create_dir_all(person.home.path("home")).unwrap();
        std::fs::create_dir_all(person.home.path("config")).unwrap();
        person
    }

    fn run(&self, args: &[&str], env: &[(&str, &str)]) -> Output {
        let mut command = self.home.command(&[&["doctor"], args].concat());
        command.env("HOME", self.home.path("home")).env("ARIES_API_URL", &self.aries.origin);
        command.envs(env.iter().copied()).stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// The findings, whatever they are.
    fn checks(&self, env: &[(&str, &str)]) -> Vec<Value> {
        let output = self.run(&["--json"], env);
        let all: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(&output), stderr(&output)));
        assert_eq!(all["ok"] == true, output.status.success(), "{all}");
        assert_eq!(output.status.code(), Some(i32::from(all["ok"] != true)));
        all["checks"].as_array().unwrap().clone()
    }

    /// The one finding of this name that is not fine; it must have these words in it, and in its next step.
    fn finding(&self, env: &[(&str, &str)], name: &str, result: &str, meaning: &str, next: &str) {
        let checks = self.checks(env);
        let found = checks.iter().find(|check| {
            let has = |key: &str, part: &str| check[key].as_str().is_some_and(|text| text.contains(part));
            check["name"] == name
                && check["result"] == result
                && has("meaning", meaning)
                && has("next_step", next)
        });
        assert!(found.is_some(), "no {result} of {name} with {meaning:?} and {next:?} in {checks:#?}");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.home.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Tokens in the file store with these ends, in seconds from now, as a sign-in leaves them.
    fn signed_in(&self, access: i64, refresh: i64) {
        let issued = self.aries.issue(READING);
        let now = jiff::Timestamp::now();
        let at = |seconds: i64| (now + jiff::SignedDuration::from_secs(seconds)).to_string();
        let host = self.aries.origin.trim_start_matches("http://").replace(':', "_");
        let owner = format!("default@{}", self.aries.origin);
        let tokens = json!({
            "schema": 1, "owner": owner, "client_id": "sandbox-client", "access_token": issued.access_token,
            "refresh_token": issued.refresh_token, "expires_at": at(access), "refresh_expires_at": at(refresh),
            "scope": READING.join(" "), "obtained_at": at(access.min(0) - 600), "login": "one"
        });
        let note = json!({
            "owner": owner, "standing": "signed_in", "login": "one", "scopes": READING.join(" "),
            "access_expires_at": at(access), "refresh_expires_at": at(refresh), "store": "file"
        });
        let file = format!("state/credentials/default@{host}.json");
        self.write(&file, &tokens.to_string());
        #[cfg(unix)]
        std::fs::set_permissions(self.home.path(&file), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
        self.write(&format!("state/default@{host}.session.json"), &note.to_string());
    }
}

const MONTH: i64 = 30 * 24 * 3600;

#[test]
fn with_nothing_wrong_it_succeeds_and_hides_what_is_private() {
    let person = Person::new();
    person.signed_in(3000, MONTH);
    let port = free_port();
    let uri = format!("http://127.0.0.1:{port}/callback");
    let env = [("ARIES_CLIENT_ID", "sandbox-client"), ("ARIES_REDIRECT_URI", uri.as_str())];
    let output = person.run(&[], &env);
    let text = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{text}");
    for part in [
        "is renewed by itself",
        "Aries accepts the sign-in; accounts listed: 2",
        "every tool has what it needs",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(text.contains("sand…") && !text.contains("sandbox-client"), "{text}");
    // The file store lies below the temporary folder, which is nobody's home.
    assert!(!text.contains(person.home.path("home").to_str().unwrap()), "{text}");
}

#[test]
fn signed_out_and_offline_it_still_answers() {
    let person = Person::new();
    let begun = std::time::Instant::now();
    let env = [("ARIES_API_URL", "http://127.0.0.1:9")];
    person.finding(&env, "sign-in", "problem", "nobody is signed in", "aries-mcp login");
    person.finding(&env, "API", "problem", "cannot be reached", "ARIES_API_URL");
    person.finding(&env, "token endpoint", "problem", "cannot be reached", "");
    person.finding(&env, "stream endpoint", "problem", "cannot be reached", "");
    assert!(begun.elapsed() < std::time::Duration::from_secs(15));
}

#[test]
fn a_proxy_and_a_certificate_file_that_are_wrong_are_named() {
    let person = Person::new();
    let proxy = [("ARIES_API_URL", "https://aries.invalid"), ("HTTPS_PROXY", "http://ann:pw@127.0.0.1:9")];
    person.finding(&proxy, "API", "problem", "through the proxy 127.0.0.1:9", "check the proxy");
    assert!(!stdout(&person.run(&[], &proxy)).contains("ann:pw"));
    let file = [("ARIES_API_URL", "https://aries.invalid"), ("SSL_CERT_FILE", "/nowhere.pem")];
    person.finding(&file, "certificates", "problem", "SSL_CERT_FILE", "correct or unset");
}

#[test]
fn who_answers_in_aries_place_is_named() {
    let person = Person::new();
    for (status, cause, step) in [
        (407, "the proxy wants a name and a password (407)", "HTTPS_PROXY"),
        (302, "leads to another page (302)", "look at that page in a browser"),
        (502, "its service is down (status 502)", "try again in some minutes"),
    ] {
        let scripted = Scripted::start(&json!([{"request": "*", "status": status, "answer": {}}]));
        let env = [("ARIES_API_URL", scripted.origin.as_str())];
        person.finding(&env, "API", "problem", cause, step);
        person.finding(&env, "token endpoint", "problem", cause, step);
        assert_eq!(person.run(&[], &env).status.code(), Some(1));
    }
}

#[test]
fn the_sandbox_is_well() {
    let output = Home::new().run(&["doctor", "--sandbox", "--json"], &[]);
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["version", "ok", "problems", "warnings", "checks"]);
    let results = ["ok", "warning", "problem", "not checked"];
    for check in all["checks"].as_array().unwrap() {
        assert!(check["name"].is_string() && check["meaning"].is_string(), "{check}");
        assert!(results.contains(&check["result"].as_str().unwrap()), "{check}");
    }
    // What lies in the home of whoever runs this may be wrong; the rest is not.
    assert!(
        all["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|check| check["name"] == "API" && check["result"] == "ok")
    );
}

#[test]
fn wrong_settings_are_findings() {
    let person = Person::new();
    person.write("config/config.toml", "log = \"warn\"\nreadonly = true\n");
    person.finding(&[], "config file", "problem", "line 2", "did you mean read_only?");
    person.write("config/config.toml", "[profiles.work]\nclient_id = \"0123456789\"\n");
    person.finding(
        &[("ARIES_PROFILE", "wrok")],
        "profile",
        "warning",
        "nothing is recorded",
        "--profile work",
    );
    person.finding(
        &[("ARIES_API_URL", "http://api.aries.com")],
        "settings",
        "problem",
        "neither https",
        "https://",
    );
    let redirect = [("ARIES_REDIRECT_URI", "http://example.com/callback")];
    person.finding(&redirect, "settings", "problem", "neither https", "registered for the key");
    person.finding(&[("ARIES_TOKEN_STORE", "keychian")], "settings", "problem", "keychian", "keychain");
    person.finding(
        &[("ARIES_SCOPES", "order:informaton")],
        "settings",
        "problem",
        "no scope",
        "order:information",
    );
    person.finding(&[("ARIES_CLIENTID", "x")], "variables", "problem", "ARIES_CLIENTID", "ARIES_CLIENT_ID");
    person.finding(
        &[("ARIES_CLIENT_ID", "YOUR_CLIENT_ID")],
        "client id",
        "problem",
        "not a client id",
        "Client Center",
    );
    let nowhere = person.home.path("nowhere.toml");
    let config = [("ARIES_CONFIG", nowhere.to_str().unwrap())];
    person.finding(&config, "config file", "problem", "is not a file", "ARIES_CONFIG");
    let secret = "a-secret-of-the-key";
    let output = person.run(&[], &[("ARIES_CLIENT_SECRET", secret)]);
    assert!(stdout(&output).contains("ARIES_CLIENT_SECRET is set") && !stdout(&output).contains(secret));
}

#[test]
fn a_held_port_is_named_with_its_holder() {
    let person = Person::new();
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://127.0.0.1:{}/callback", held.local_addr().unwrap().port());
    let who = if cfg!(target_os = "linux") {
        format!("(process {})", std::process::id())
    } else {
        "in use".to_owned()
    };
    person.finding(&[("ARIES_REDIRECT_URI", &uri)], "callback port", "problem", &who, "--no-browser");
    let elsewhere = [("ARIES_REDIRECT_URI", "https://example.com/callback")];
    person.finding(&elsewhere, "redirect URI", "warning", "not on this computer", "paste");
}

#[test]
fn a_store_that_cannot_write_is_named() {
    let person = Person::new();
    // A file where the folder should be.
    person.write("state/credentials", "");
    person.finding(&[], "token store", "problem", "token file", "");
}

/// A D-Bus that accepts and never answers: a locked keychain whose dialog nobody sees.
#[cfg(target_os = "linux")]
#[test]
fn a_keychain_that_is_absent_or_hangs_is_named_in_time() {
    let person = Person::new();
    let socket = person.home.path("bus");
    let _silent = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let address = format!("unix:path={}", socket.display());
    let begun = std::time::Instant::now();
    let hangs = [
        ("ARIES_TOKEN_STORE", "keychain"),
        ("ARIES_PROFILE", "test-of-doctor"),
        ("DBUS_SESSION_BUS_ADDRESS", address.as_str()),
    ];
    person.finding(&hangs, "token store", "problem", "within 3 seconds", "unlock");
    assert!(begun.elapsed() < std::time::Duration::from_secs(6), "{:?}", begun.elapsed());
    let absent = [hangs[0], hangs[1], ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")];
    person.finding(&absent, "token store", "problem", "keychain", "ARIES_TOKEN_STORE=file");
    // The locks of keychain items lie in the home of whoever runs this, whatever the variables say.
    let none = aries_mcp::config::Environment::default();
    let settings = aries_mcp::config::Settings::resolve(&Default::default(), &none).unwrap();
    for left in std::fs::read_dir(settings.places.lock_dir).unwrap().filter_map(Result::ok) {
        if left.file_name().to_string_lossy().starts_with("test-of-doctor@") {
            std::fs::remove_file(left.path()).unwrap();
        }
    }
}

#[test]
fn the_end_of_a_sign_in_is_foretold_and_told() {
    let person = Person::new();
    person.signed_in(3000, 5 * 3600 + 60);
    person.finding(&[], "sign-in", "warning", "ends in 5 hours", "aries-mcp login");
    person.signed_in(-100, -50);
    person.finding(&[], "sign-in", "problem", "ended", "aries-mcp login");
}

#[test]
fn a_wrong_clock_is_told() {
    let person = Person::new();
    let date = json!([{"path": "/v2/users/me/accounts", "times": 1, "fault": "status", "status": 401,
        "headers": {"date": "Sat, 01 Jan 2022 00:00:00 GMT"}}]);
    person.aries.faults(date);
    person.finding(&[], "clock", "problem", "ahead of Aries", "automatic");
}

#[test]
fn an_address_where_nothing_is_is_a_problem() {
    let person = Person::new();
    person.signed_in(3000, MONTH);
    let at = |path: &str| format!("{}{path}", person.aries.origin);
    let wrong = |variable: &str, path: &str, name: &str| {
        person.finding(&[(variable, &at(path))], name, "problem", "404", variable);
    };
    wrong("ARIES_AUTHORIZE_URL", "/oauth2/authoriz", "sign-in page");
    wrong("ARIES_TOKEN_URL", "/v1/oauth/token", "token endpoint");
    wrong("ARIES_API_URL", "/v1", "signed-in call");
    // What is named is the whole address.
    person.finding(&[("ARIES_TOKEN_URL", &at("/typo"))], "token endpoint", "problem", &at("/typo"), "");
    person.aries.faults(json!([{"path": "/v1/market/ws", "times": 1, "fault": "status", "status": 404}]));
    person.finding(&[], "stream endpoint", "problem", "/v1/market/ws", "ARIES_STREAM_URL");
    for check in person.checks(&[]) {
        let name = check["name"].as_str().unwrap();
        assert!(
            !(name.ends_with("endpoint") || name == "sign-in page") || check["result"] == "ok",
            "{check}"
        );
    }
}

#[test]
fn missing_scopes_name_the_tools() {
    let person = Person::new();
    let env = person.aries.env(&["account:information", "market:supplemental"]);
    person.finding(&pairs(&env), "scopes", "warning", "order:information (for get_orders", "Client Center");
}

#[test]
fn a_token_that_aries_does_not_take_is_told() {
    let person = Person::new();
    let env = [("ARIES_ACCESS_TOKEN", "no-token-of-this-aries")];
    person.finding(&env, "signed-in call", "problem", "does not accept", "unset it");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_wrong_in_a_clients_file_is_told() {
    let person = Person::new();
    person.signed_in(3000, MONTH);
    let binary = env!("CARGO_BIN_EXE_aries-mcp");
    let api = json!({"ARIES_API_URL": person.aries.origin});
    let with = |command: &str, args: Value, env: Value| json!({"command": command, "args": args, "env": env});
    let cursor = |server: Value| {
        person.write("home/.cursor/mcp.json", &json!({"mcpServers": {"aries": server}}).to_string())
    };
    let finding = |meaning: &str, next: &str| person.finding(&[], "Cursor", "problem", meaning, next);

    cursor(with("/nowhere/aries-mcp", json!([]), api.clone()));
    finding("which does not exist", "full path");
    cursor(with("~/.local/bin/aries-mcp", json!([]), api.clone()));
    finding("no full path", "full path");
    person.write("bin/aries-mcp", "#!/bin/sh\n");
    cursor(with(person.home.path("bin/aries-mcp").to_str().unwrap(), json!([]), api.clone()));
    finding("not executable", "chmod +x");
    cursor(with(binary, json!(["serve", "--toolset", "market"]), api.clone()));
    finding("would not start", "--toolsets");
    let secret = "nobody-may-see-this";
    cursor(with(binary, json!([]), json!({"ARIES_CLIENT_SECRET": secret})));
    finding("secret in clear text: ARIES_CLIENT_SECRET", "delete it");
    assert!(!stdout(&person.run(&[], &[])).contains(secret));
    person.write("home/.cursor/mcp.json", "{\n\"mcpServers\": \n");
    finding("line", "comma or bracket");

    // The same file put right; every other client's too.
    cursor(with(binary, json!(["serve"]), json!({})));
    let servers = json!({"mcpServers": {"aries": {"command": binary}}}).to_string();
    person.write("home/.config/Claude/claude_desktop_config.json", &servers);
    person.write("home/.claude.json", &servers);
    person.write("home/.gemini/settings.json", &servers);
    person.write("home/.codeium/windsurf/mcp_config.json", &servers);
    person.write(
        "home/.config/Code/User/mcp.json",
        &format!("{{ // mine\n\"servers\": {{\"aries\": {{\"command\": \"{binary}\"}},}}}}"),
    );
    person.write(
        "home/.codex/config.toml",
        &format!("[mcp_servers.aries]\ncommand = \"{binary}\"\ntool_timeout_sec = 180\n"),
    );
    let checks = person.checks(&[]);
    for name in ["Cursor", "Claude Desktop", "Claude Code", "Gemini CLI", "Windsurf", "VS Code", "Codex"] {
        let found: Vec<&Value> = checks.iter().filter(|check| check["name"] == name).collect();
        assert_eq!(found.len(), 1, "{name}: {checks:#?}");
        // The entry names no API, and at Aries itself nobody is signed in here.
        assert!(found[0]["meaning"].as_str().unwrap().contains("nobody is signed in"), "{found:?}");
    }
    assert!(
        checks.iter().all(|check| !check.to_string().contains(person.home.path("home").to_str().unwrap()))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_clients_time_limit_below_what_approval_needs_is_told() {
    let person = Person::new();
    let codex = format!(
        "[mcp_servers.aries]\ncommand = {:?}\ntool_timeout_sec = 30\n",
        env!("CARGO_BIN_EXE_aries-mcp")
    );
    person.write("elsewhere/config.toml", &codex);
    let elsewhere = person.home.path("elsewhere");
    let moved = [("CODEX_HOME", elsewhere.to_str().unwrap())];
    person.finding(&moved, "Codex", "warning", "gives a call 30 s", "tool_timeout_sec");
    person.write("elsewhere/config.toml", &codex.replace("tool_timeout_sec = 30\n", ""));
    person.finding(&moved, "Codex", "warning", "gives a call 60 s", "tool_timeout_sec to 180");
    let binary = env!("CARGO_BIN_EXE_aries-mcp");
    let gemini = json!({"mcpServers": {"aries": {"command": binary, "timeout": 20_000}}});
    person.write("home/.gemini/settings.json", &gemini.to_string());
    person.finding(&[], "Gemini CLI", "warning", "gives a call 20 s", "timeout to 180000");
}

#[cfg(target_os = "linux")]
#[test]
fn an_entry_that_is_switched_off_is_told() {
    let person = Person::new();
    let binary = env!("CARGO_BIN_EXE_aries-mcp");
    let kiro = json!({"mcpServers": {"aries": {"command": binary, "disabled": true}}});
    person.write("home/.kiro/settings/mcp.json", &kiro.to_string());
    person.finding(&[], "Kiro", "warning", "is switched off by its \"disabled\"", "take \"disabled\" out");
}

#[cfg(target_os = "linux")]
#[test]
fn clients_that_start_different_programs_are_told() {
    let person = Person::new();
    let server = |command: &str| json!({"mcpServers": {"aries": {"command": command}}}).to_string();
    person.write("home/.cursor/mcp.json", &server(env!("CARGO_BIN_EXE_aries-mcp")));
    person.write("home/.gemini/settings.json", &server("/usr/local/bin/aries-mcp"));
    let copies = "configured copies";
    person.finding(&[], copies, "warning", "/usr/local/bin/aries-mcp (Gemini CLI)", "aries-mcp setup");
    let twice = json!({"mcpServers": {"aries": {"command": "aries-mcp"}, "b": {"command": "aries-mcp"}}});
    person.write("home/.cursor/mcp.json", &twice.to_string());
    person.finding(&[], copies, "warning", "twice", "setup cursor --remove");
}

#[test]
fn it_never_shows_the_home_folder() {
    let person = Person::new();
    let home = person.home.path("home");
    let text = stdout(&person.run(&[], &[("ARIES_STATE_DIR", home.join("state").to_str().unwrap())]));
    // The home folder of Windows is that of whoever runs this; temporary folders lie below it.
    assert!(text.contains(if cfg!(windows) { "~\\" } else { "~/state" }), "{text}");
    assert!(!text.contains(home.to_str().unwrap()), "{text}");
    assert!(Path::new(&home).join("state").exists());
}

/// `status` tells of every profile without asking anybody.
#[test]
fn status_lists_every_profile() {
    let person = Person::new();
    person.signed_in(3000, 5 * 3600 + 60);
    let api = &person.aries.origin;
    person.write(
        "config/config.toml",
        &format!(
            "[profiles.default]\nclient_id = \"a\"\napi_url = \"{api}\"\n[profiles.work]\nclient_id = \"b\"\n"
        ),
    );
    let output = person.home.run(&["status", "--json"], &[]);
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&Value> = status["profiles"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["default", "work"]);
    let of = |index: usize, key: &str| status["profiles"][index][key].clone();
    assert_eq!((of(0, "signed_in"), of(0, "current"), of(0, "api")), (json!(true), json!(true), json!(api)));
    assert_eq!((of(1, "signed_in"), of(1, "api")), (json!(false), json!("https://api.aries.com")));
    let text = stdout(&person.home.run(&["status"], &[]));
    assert!(text.contains("* default") && text.contains("not signed in"), "{text}");
    assert!(text.contains("Warning:    the sign-in ends at"), "{text}");
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
