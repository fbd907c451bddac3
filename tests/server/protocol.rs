//! The server as clients meet it: both protocol eras, every way it can end, and everything that must not hurt it.

use crate::support::{Aries, Home, READING, Signal, modern, pairs, stderr, stdout, text_of};
use serde_json::{Value, json};

/// The tools that read, in the order of the list; those that change something are listed only where they may be used.
const TOOLS: &[&str] = &[
    "get_accounts",
    "get_portfolio",
    "get_orders",
    "get_performance",
    "find_symbol",
    "get_quotes",
    "get_bars",
    "wait_for",
    "preview_order",
    "place_order",
    "cancel_order",
    "get_movers",
    "get_market_status",
    "get_option_chain",
    "get_option_activity",
    "get_calendar",
    "get_company",
    "get_financials",
    "get_estimates",
    "get_ratings",
    "get_news",
    "get_technicals",
    "get_watchlists",
    "edit_watchlist",
];

/// Without the tools that are listed only once the scopes are known.
fn reading_tools() -> Vec<&'static str> {
    TOOLS.iter().copied().filter(|name| *name != "edit_watchlist" && !name.ends_with("_order")).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

#[test]
fn every_older_revision_is_echoed() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut client = Home::new().serve(&["serve", "--sandbox"], &[]);
        assert_eq!(client.initialize(version)["protocolVersion"], version);
        assert_eq!(names(&client.request("tools/list", json!({}))), TOOLS);
        assert_eq!(client.request("ping", json!({})), json!({}));
        assert!(client.close().success());
    }
}

#[test]
fn the_newest_revision_needs_no_handshake() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    let discovered = client.request("server/discover", modern(json!({})));
    assert!(
        discovered["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")),
        "{discovered}"
    );
    let list = client.request("tools/list", modern(json!({})));
    assert_eq!(names(&list), TOOLS);
    assert_eq!((&list["ttlMs"], &list["cacheScope"]), (&json!(60_000), &json!("private")));
    let result = client.request("tools/call", modern(json!({"name": "get_accounts", "arguments": {}})));
    assert!(text_of(&result).starts_with("SANDBOX · 2 accounts"), "{result}");
    assert!(client.close().success());
}

#[test]
fn the_newest_revision_works_without_discovery() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    assert_eq!(names(&client.request("tools/list", modern(json!({})))), TOOLS);
    assert!(client.close().success());
}

#[test]
fn instructions_fit_every_client_and_put_safety_first() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    let answer = client.initialize("2025-11-25");
    let instructions = answer["instructions"].as_str().unwrap();
    assert!(instructions.chars().count() <= 1900);
    assert!(instructions.starts_with("Aries is a brokerage; this server reads one person's accounts"));
    assert_eq!(answer["capabilities"]["tools"]["listChanged"], true);
}

#[test]
fn a_notification_before_the_session_is_settled_is_left_out() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.notify("notifications/roots/list_changed", json!({}));
    client.initialize("2025-11-25");
    assert_eq!(names(&client.request("tools/list", json!({}))), TOOLS);
}

#[test]
fn garbage_is_survived() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.send_line("this is not JSON");
    client.send_line("{\"jsonrpc\":\"2.0\",");
    client.send_line("");
    client.initialize("2025-11-25");
    client.send_line("\u{0}\u{1}\u{2}");
    client.send_line(&"[".repeat(100_000));
    assert_eq!(names(&client.request("tools/list", json!({}))), TOOLS);
    assert!(client.close().success());
}

#[test]
fn no_input_is_a_normal_end() {
    let output = Home::new().run(&["serve"], &[]);
    assert_eq!((output.status.code(), stdout(&output).as_str(), stderr(&output).as_str()), (Some(0), "", ""));
}

#[test]
fn an_answer_in_flight_survives_the_end_of_input() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let id = client.send("tools/call", json!({"name": "get_accounts", "arguments": {}}));
    client.hang_up();
    assert!(text_of(&client.answer(id)["result"]).starts_with("SANDBOX"));
    assert!(client.wait().success());
}

#[test]
fn signals_end_it_cleanly() {
    for signal in [Signal::Terminate, Signal::Interrupt, Signal::HangUp] {
        let mut client = Home::new().serve(&["--sandbox"], &[]);
        client.initialize("2025-11-25");
        client.signal(signal);
        assert_eq!(client.wait().code(), Some(0), "{signal:?}");
    }
}

/// A process in between that died while the client still holds the pipe open.
#[test]
fn a_dead_parent_ends_it() {
    let mut client = Home::new().serve_wrapped(&["serve", "--sandbox"]);
    client.initialize("2025-11-25");
    client.child.kill().unwrap();
    client.until_silent();
}

#[cfg(target_os = "linux")]
#[test]
fn a_stray_print_cannot_reach_the_protocol() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let descriptor =
        |number: u32| std::fs::read_link(format!("/proc/{}/fd/{number}", client.child.id())).unwrap();
    assert_eq!(descriptor(1), descriptor(2));
}

#[test]
fn signed_out_offline_and_without_a_keychain_it_still_lists() {
    let home = Home::new();
    let env = [
        ("ARIES_API_URL", "http://127.0.0.1:9"),
        ("ARIES_TOKEN_STORE", "keychain"),
        ("ARIES_CLIENT_ID", "x"),
    ];
    let mut client = home.serve(&["serve"], &env);
    client.initialize("2025-11-25");
    let signed_out = [vec!["sign_in"], reading_tools()].concat();
    assert_eq!(names(&client.request("tools/list", json!({}))), signed_out);
    assert!(!home.path("state").exists(), "listing wrote something");
    assert!(client.close().success());
}

#[test]
fn signed_out_a_call_says_what_to_run() {
    let mut client = Home::new().serve(&["serve"], &[("ARIES_CLIENT_ID", "x")]);
    client.initialize("2025-11-25");
    let text = client.failure("get_accounts", json!({}));
    assert!(
        text.starts_with("error: ") && text.contains("\nhint: ") && text.contains("aries-mcp login"),
        "{text}"
    );
}

#[test]
fn an_unknown_tool_is_a_protocol_error_and_wrong_arguments_are_not() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let id = client.send("tools/call", json!({"name": "get_rich", "arguments": {}}));
    let answer = client.answer(id);
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert_eq!(
        client.failure("get_bars", json!({"symbol": "AAPL", "interval": "2d"})),
        "error: `interval`: \"2d\" is not one of 1m, 5m, 15m, 30m, 1h, 1d, 1w, 1mo\n\
         hint: example: get_bars {\"symbol\":\"AAPL\",\"interval\":\"1d\",\"from\":\"2026-10-01\"}"
    );
}

#[test]
fn a_cancelled_call_stops_and_the_next_is_answered() {
    let aries = Aries::start(Default::default());
    aries
        .faults(json!([{"path": "/v2/users/me/accounts", "times": 1, "fault": "delay", "delay_ms": 15_000}]));
    let env = aries.env(READING);
    let mut client = Home::new().serve(&["serve"], &pairs(&env));
    client.initialize("2025-11-25");
    let id = client.send("tools/call", json!({"name": "get_accounts", "arguments": {}}));
    while aries.http("GET", "/sandbox/stats", None, None)["faultsWaiting"] != 0 {
        std::thread::yield_now();
    }
    client.notify("notifications/cancelled", json!({"requestId": id, "reason": "test"}));
    assert_eq!(client.request("ping", json!({})), json!({}));
    assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
    assert!(client.close().success());
}

#[test]
fn progress_is_sent_where_it_was_asked_for() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let id = client.send(
        "tools/call",
        json!({"name": "get_portfolio", "arguments": {}, "_meta": {"progressToken": "p"}}),
    );
    client.answer(id);
    let sent: Vec<&Value> = client
        .notifications
        .iter()
        .filter(|message| message["method"] == "notifications/progress")
        .map(|message| &message["params"])
        .collect();
    assert!(!sent.is_empty());
    assert!(sent.iter().all(|params| params["progressToken"] == "p" && params["total"] == 3.0), "{sent:?}");
}

#[test]
fn scopes_decide_what_is_listed() {
    let aries = Aries::start(Default::default());
    let env = aries.env(&["account:information", "order:information", "watchlist:information"]);
    let mut client = Home::new().serve(&["serve"], &pairs(&env));
    client.initialize("2025-11-25");
    let list = client.request("tools/list", json!({}));
    let own =
        ["get_accounts", "get_portfolio", "get_orders", "get_performance", "wait_for", "get_watchlists"];
    assert_eq!(names(&list), own);
    let text = client.failure("get_quotes", json!({"symbols": ["AAPL"]}));
    assert!(text.contains("not available in this session"), "{text}");
}

#[test]
fn toolsets_decide_what_is_listed() {
    let mut client = Home::new().serve(&["--sandbox", "--toolsets", "market"], &[]);
    client.initialize("2025-11-25");
    assert_eq!(
        names(&client.request("tools/list", json!({}))),
        [
            "find_symbol",
            "get_quotes",
            "get_bars",
            "wait_for",
            "get_index_bars",
            "get_movers",
            "get_stock_data",
            "get_market_status"
        ]
    );
}

#[test]
fn a_sign_in_elsewhere_changes_the_list_and_is_announced_in_both_eras() {
    let aries = Aries::start(aries_mcp::sandbox::Options { auto_consent: true, ..Default::default() });
    let home = Home::new();
    let env = [("ARIES_API_URL", aries.origin.as_str()), ("ARIES_CLIENT_ID", "sandbox-client")];
    let mut older = home.serve(&["serve"], &env);
    older.initialize("2025-11-25");
    assert!(names(&older.request("tools/list", json!({}))).contains(&"get_bars"));
    let mut newer = home.serve(&["serve"], &env);
    newer.request("server/discover", modern(json!({})));
    newer.send("subscriptions/listen", modern(json!({"notifications": {"toolsListChanged": true}})));
    newer.notification("notifications/subscriptions/acknowledged");
    home.sign_in_with(&aries, &["--scopes", "account:information"]);
    for (client, params) in [(&mut older, json!({})), (&mut newer, modern(json!({})))] {
        client.notification("notifications/tools/list_changed");
        let list = client.request("tools/list", params);
        assert!(names(&list).contains(&"get_accounts") && !names(&list).contains(&"get_bars"));
    }
}

/// Each client starts its own copies of us (P1, P7): one refresh per expiry, nobody loses, no call fails.
#[test]
fn eight_servers_share_one_sign_in() {
    let (calls, refreshes) = race(8, 2);
    assert!(calls as u64 > 8 * refreshes, "{calls} calls, {refreshes} refreshes");
}

/// The long run, for figures: `cargo test --release --test integration a_long_race -- --ignored --nocapture`.
#[test]
#[ignore = "needs half a minute of both cores"]
#[expect(clippy::print_stdout, reason = "its figures are what it is run for")]
fn a_long_race() {
    let (calls, refreshes) = race(8, 15);
    println!("8 processes, {calls} calls, {refreshes} refreshes");
}

/// Runs so many servers on one sign-in whose access tokens live two seconds, until Aries has seen so many refreshes.
fn race(processes: usize, enough: u64) -> (usize, u64) {
    let options = aries_mcp::sandbox::Options {
        access_ttl: std::time::Duration::from_secs(2),
        auto_consent: true,
        rate_limits: false,
        ..Default::default()
    };
    let aries = Aries::start(options);
    let home = Home::new();
    home.sign_in(&aries);
    let stats = || aries.http("GET", "/sandbox/stats", None, None);
    let done = std::sync::atomic::AtomicBool::new(false);
    let calls: usize = std::thread::scope(|scope| {
        let servers: Vec<_> = (0..processes)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = home.serve(&["serve"], &[]);
                    client.initialize("2025-11-25");
                    let mut calls = 0;
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        let text = client.text("find_symbol", json!({"query": "Apple"}));
                        assert!(text.contains("\nAAPL|"), "{text}");
                        calls += 1;
                    }
                    assert!(client.close().success());
                    calls
                })
            })
            .collect();
        while stats()["refreshes"].as_u64().unwrap() < enough
            && !servers.iter().any(|server| server.is_finished())
        {
            std::thread::yield_now();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        servers.into_iter().map(|server| server.join().unwrap()).sum()
    });
    let stats = stats();
    let refreshes = stats["refreshes"].as_u64().unwrap();
    assert_eq!(stats["reuses"], 0, "{stats}");
    // One refresh per expiry and not one per process: a token is renewed after three quarters of its two seconds.
    assert!((enough..=enough + 1).contains(&refreshes), "{stats}");
    (calls, refreshes)
}

#[test]
fn resources_and_prompts_are_served_in_both_eras() {
    let old = |params: Value| params;
    let eras: [fn(Value) -> Value; 2] = [old, modern];
    for (number, era) in eras.into_iter().enumerate() {
        let mut client = Home::new().serve(&["--sandbox"], &[]);
        if number == 0 {
            let capabilities = client.initialize("2025-11-25")["capabilities"].clone();
            for name in ["prompts", "resources", "completions", "tools"] {
                assert!(capabilities[name].is_object(), "{capabilities}");
            }
        }
        let list = client.request("resources/list", era(json!({})));
        for resource in list["resources"].as_array().unwrap() {
            let page = client.request("resources/read", era(json!({"uri": resource["uri"]})));
            assert!(page["contents"][0]["text"].as_str().unwrap().len() > 200);
        }
        let list = client.request("prompts/list", era(json!({})));
        let prompts: Vec<&str> =
            list["prompts"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(prompts, ["morning_briefing", "position_review", "earnings_week", "option_income"]);
        let prompt = json!({"name": "option_income", "arguments": {"symbol": "aapl", "account": "1002"}});
        let plan = client.request("prompts/get", era(prompt));
        let text = plan["messages"][0]["content"]["text"].as_str().unwrap();
        assert!(text.contains("get_portfolio with account 1002: how many shares of AAPL"), "{text}");
        let complete = |argument: &str, value: &str| {
            era(
                json!({"ref": {"type": "ref/prompt", "name": "option_income"}, "argument": {"name": argument, "value": value}}),
            )
        };
        let found = client.request("completion/complete", complete("symbol", "aap"));
        assert_eq!(found["completion"]["values"][0], "AAPL", "{found}");
        let found = client.request("completion/complete", complete("account", "…00"));
        assert_eq!(found["completion"]["values"], json!(["0017"]), "{found}");
        let found = client.request("completion/complete", complete("colour", "r"));
        assert_eq!(found["completion"]["values"], json!([]), "{found}");
        let id = client
            .send("prompts/get", era(json!({"name": "option_income", "arguments": {"symbol": "../x"}})));
        assert_eq!(client.answer(id)["error"]["code"], -32602);
        let id = client.send("resources/read", era(json!({"uri": "file:///etc/passwd"})));
        assert!(client.answer(id)["error"].is_object());
        assert!(client.close().success());
    }
}

#[test]
fn a_read_only_process_cannot_change_watchlists() {
    let mut client = Home::new().serve(&["--sandbox", "--read-only"], &[]);
    client.initialize("2025-11-25");
    let list = client.request("tools/list", json!({}));
    assert!(!names(&list).contains(&"edit_watchlist"));
    let text =
        client.failure("edit_watchlist", json!({"action": "delete", "list": "Dividends", "account": "1002"}));
    assert!(text.contains("not available in this session"), "{text}");
}

#[test]
fn a_watchlist_is_edited_one_thing_at_a_time() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let mut edit = |args: Value| client.text("edit_watchlist", args);
    let text = edit(json!({"action": "create", "list": "Chips", "symbols": ["NVDA"]}));
    assert!(text.contains("before: (none)\nafter: NVDA"), "{text}");
    let text = edit(json!({"action": "add", "list": "chips", "symbols": ["AMD", "NVDA"]}));
    assert!(text.starts_with("CHANGED · SANDBOX · list") && text.contains("after: NVDA AMD"), "{text}");
    let text = edit(json!({"action": "remove", "list": "Chips", "symbols": ["NVDA"]}));
    assert!(text.contains("before: NVDA AMD\nafter: AMD"), "{text}");
    let text = edit(json!({"action": "delete", "list": "Chips"}));
    assert!(text.contains("after: (none)"), "{text}");
    let text = client.text("get_watchlists", json!({}));
    assert!(text.contains("My Watchlist") && text.contains("Dividends") && !text.contains("Chips"), "{text}");
}

#[test]
fn arguments_sent_as_text_are_understood_and_other_shapes_named() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    client.initialize("2025-11-25");
    let result =
        client.request("tools/call", json!({"name": "find_symbol", "arguments": "{\"query\":\"Apple\"}"}));
    assert!(text_of(&result).contains("\nAAPL|"), "{result}");
    let id = client.send("tools/call", json!({"name": "find_symbol", "arguments": [1]}));
    assert_eq!(client.answer(id)["error"]["code"], -32602);
    let id = client.send("tools/cull", json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32601);
}

#[test]
fn a_line_in_other_letters_or_of_half_a_message_is_told_as_such() {
    use std::io::Write;
    let ping = json!({"jsonrpc": "2.0", "id": 7, "method": "ping"}).to_string() + "\n";
    let wide = |bytes: fn(u16) -> [u8; 2]| ping.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let latin = [ping.trim_end().replace("ping", "p").as_bytes(), b"\xe9\n"].concat();
    for (input, id, words) in [
        (wide(u16::to_le_bytes), json!(7), "the message is in UTF-16, and MCP is in UTF-8"),
        (wide(u16::to_be_bytes), json!(7), "the message is in UTF-16, and MCP is in UTF-8"),
        (latin, json!(7), "the message is not in UTF-8, as MCP is: byte 38 of the line"),
        (
            b"\n  \n{\"jsonrpc\":\"2.0\",\n".to_vec(),
            Value::Null,
            "the message ends in the middle (column 17)",
        ),
    ] {
        let home = Home::new();
        let mut command = home.command(&["serve", "--sandbox"]);
        let pipe = std::process::Stdio::piped;
        let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        let output = child.wait_with_output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["id"], id, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().starts_with(words), "{answer}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn a_bundle_says_what_to_do_in_place_of_a_command() {
    let home = Home::new();
    let built = std::path::Path::new(env!("CARGO_BIN_EXE_aries-mcp"));
    // Beside the program, so that a link is enough: a copy is large, and busy while another test starts a process.
    let bundle = tempfile::tempdir_in(built.parent().unwrap()).unwrap();
    let program = bundle.path().join("server").join(built.file_name().unwrap());
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    std::fs::write(bundle.path().join("manifest.json"), "{}").unwrap();
    std::fs::hard_link(built, &program).unwrap();
    // Wine lacks a library, which `.ci/windows` puts beside each program.
    let library = "bcryptprimitives.dll";
    if built.with_file_name(library).exists() {
        std::fs::hard_link(built.with_file_name(library), program.with_file_name(library)).unwrap();
    }
    for (program, is_told) in [(program.as_path(), true), (built, false)] {
        let mut command = std::process::Command::new(program);
        let usual = home.command(&["serve"]);
        command.args(usual.get_args()).env_clear();
        command.envs(usual.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut client = crate::support::Client::start(command);
        client.initialize("2025-11-25");
        let text = client.failure("get_accounts", json!({}));
        assert!(text.contains("`aries-mcp login`") && text.contains("sign_in"), "{text}");
        let note = "\nnote for that command: aries-mcp is a bundle here, and no terminal knows it by name.";
        assert_eq!(text.contains(note), is_told, "{text}");
    }
}

#[test]
fn a_last_line_without_its_break_is_read() {
    use std::io::Write;
    let home = Home::new();
    let mut child = home
        .command(&["serve", "--sandbox"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let request =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": modern(json!({}))}).to_string();
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(names(&answer["result"]), TOOLS);
}

/// A signal between Aries' answer and the save must not cost the sign-in (`call` as well as `serve`).
#[cfg(unix)]
#[test]
fn a_stopped_call_saves_its_refresh_first() {
    let options = aries_mcp::sandbox::Options {
        access_ttl: std::time::Duration::from_secs(1),
        auto_consent: true,
        ..Default::default()
    };
    let aries = Aries::start(options);
    let home = Home::new();
    home.sign_in(&aries);
    aries.http("POST", "/sandbox/options", None, Some(json!({"access_ttl": 3600})));
    aries.faults(json!([{"path": "/v1/oauth2/token", "fault": "delay", "delay_ms": 400}]));
    // The old token is stale after three quarters of its second; the call that meets it is stopped in its refresh.
    loop {
        let mut child = home
            .command(&["call", "get_accounts"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let refreshing = loop {
            if aries.http("GET", "/sandbox/stats", None, None)["faultsWaiting"] == 0 {
                break true;
            }
            if child.try_wait().unwrap().is_some() {
                break false;
            }
        };
        if refreshing {
            assert!(
                std::process::Command::new("kill")
                    .args(["-INT", &child.id().to_string()])
                    .status()
                    .unwrap()
                    .success()
            );
            assert_eq!(child.wait().unwrap().code(), Some(1));
            break;
        }
    }
    let after = home.run(&["call", "get_accounts"], &[]);
    assert_eq!((after.status.code(), stderr(&after).as_str()), (Some(0), ""));
    assert_eq!(aries.http("GET", "/sandbox/stats", None, None)["reuses"], 0);
}

#[test]
fn a_wait_is_a_task_where_the_client_offers_tasks() {
    let aries = Aries::start(Default::default());
    let price = |price: &str| {
        aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": price})));
    };
    price("270.00");
    let mut client = Home::new().serve(&["serve"], &pairs(&aries.env(READING)));
    let with_tasks = |params: Value| {
        let mut params = modern(params);
        params["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
            json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
        params
    };
    let wait = |level: &str| json!({"name": "wait_for", "arguments": {"symbol": "AAPL", "above": level}});
    let task = client.request("tools/call", with_tasks(wait("300")));
    assert_eq!((&task["resultType"], &task["status"]), (&json!("task"), &json!("working")), "{task}");
    let id = json!({"taskId": task["taskId"]});
    price("305.00");
    let ended = loop {
        let now = client.request("tasks/get", with_tasks(id.clone()));
        if now["status"] != "working" {
            break now;
        }
    };
    assert_eq!(ended["status"], "completed", "{ended}");
    let text = ended["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("HAPPENED · SANDBOX · AAPL 305.00, "), "{text}");
    let other = client.request("tools/call", with_tasks(wait("3000")));
    let id = json!({"taskId": other["taskId"]});
    client.request("tasks/cancel", with_tasks(id.clone()));
    while client.request("tasks/get", with_tasks(id.clone()))["status"] != "cancelled" {}
    // Without the extension it is a plain call.
    let plain = client.request("tools/call", modern(wait("300")));
    assert!(text_of(&plain).starts_with("HAPPENED"), "{plain}");
    // So it is in the older protocol, whatever the client names there.
    let mut older = Home::new().serve(&["serve"], &pairs(&aries.env(READING)));
    older.initialize_with("2025-11-25", json!({"extensions": {"io.modelcontextprotocol/tasks": {}}}));
    let plain = older.request("tools/call", wait("300"));
    assert!(text_of(&plain).starts_with("HAPPENED"), "{plain}");
}
