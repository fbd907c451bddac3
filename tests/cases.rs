//! One case per endpoint row: arguments, the exact requests, Aries' answers, the exact text, all through the real
//! binary. And the list of rows against the list of documented endpoints.
//!
//! `UPDATE_CASES=1 cargo test --test cases` writes the texts anew, for a look at what changed;
//! `RECORD_CASES=1` makes files for rows that have none, with answers of the embedded Aries. Cases called
//! `documented` are written by hand, answers from the documentation and texts from those, and are left alone.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may fail loudly, and tell the figures they hold"
)]

#[expect(dead_code, reason = "each test crate uses its part")]
mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::scripted::{Scripted, today};
use support::{Aries, Home, editing, pairs, stderr, stdout};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
}

fn rows() -> Vec<Value> {
    let output = Home::new().run(&["tools", "--endpoints", "--json"], &[]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn cases() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let case = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), case)
    };
    files.map(case).collect()
}

/// The time of asking, in the first line, is the only thing in a text that no case can know.
fn timeless(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_moment = |word: &str| word.len() == 25 && word.as_bytes()[10] == b'T';
    let words = first.split(' ').map(|word| if is_moment(word) { "NOW" } else { word });
    format!("{}\n{rest}", words.collect::<Vec<_>>().join(" ")).trim_end().to_owned()
}

/// Text and requests of a case as they are now.
fn run(case: &Value) -> (String, Vec<String>) {
    let scripted = Scripted::start(&case["exchanges"]);
    let scopes = editing().join(" ");
    let env = [
        ("ARIES_API_URL", scripted.origin.as_str()),
        ("ARIES_ACCESS_TOKEN", "case"),
        ("ARIES_SCOPES", scopes.as_str()),
    ];
    let args = case["args"].to_string();
    let output = Home::new().run(&["call", "--toolsets", "all", case["tool"].as_str().unwrap(), &args], &env);
    let text = if output.status.success() { stdout(&output) } else { stderr(&output) };
    let asked = scripted.asked();
    (timeless(text.trim_end()), asked)
}

#[test]
fn every_case_holds() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    for (name, mut case) in cases() {
        let (text, mut asked) = run(&case);
        let lines: Vec<&str> = text.lines().collect();
        let was_refused = case["text"][0].as_str().is_some_and(|line| line.starts_with("error:"));
        assert!(
            was_refused || !text.starts_with("error:"),
            "{name}: {text}\nif its view was renamed or removed, delete tests/cases/{name}.json and run: \
             RECORD_CASES=1 cargo test --test cases record"
        );
        if update && !name.contains(".documented") {
            case["text"] = json!(lines);
            let pretty = serde_json::to_string_pretty(&case).unwrap();
            std::fs::write(folder().join(format!("{name}.json")), pretty + "\n").unwrap();
        } else {
            assert_eq!(json!(lines), case["text"], "{name}; if the change is meant: {}", next_step(&name));
        }
        let mut expected: Vec<String> = case["exchanges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|exchange| exchange["request"].as_str().unwrap().to_owned())
            .collect();
        // Some are asked at the same time.
        asked.sort();
        expected.sort();
        assert_eq!(asked, expected, "{name}");
    }
}

/// How the text of a case is changed.
fn next_step(name: &str) -> &'static str {
    match name.contains(".documented") {
        true => "this case is written by hand from Aries' documentation, change it by hand",
        false => "UPDATE_CASES=1 cargo test --test cases",
    }
}

/// Bytes of the text against bytes of Aries' JSON for the same rows: at most 0.35 in the middle. An answer of a few hundred
/// bytes is left out: the first line alone, which says what was asked and when, is as long.
#[test]
fn answers_are_a_third_of_what_aries_sent() {
    let ratio = |case: &Value| {
        let text: usize =
            case["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().len() + 1).sum();
        let sent: usize =
            case["exchanges"].as_array().unwrap().iter().map(|one| one["answer"].to_string().len()).sum();
        (sent >= 500).then_some(text as f64 / sent as f64)
    };
    let mut ratios: Vec<(f64, String)> =
        cases().into_iter().filter_map(|(name, case)| Some((ratio(&case)?, name))).collect();
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let median = ratios[ratios.len() / 2].0;
    let worst: Vec<_> = ratios.iter().rev().take(12).collect();
    assert!(median <= 0.35, "{median:.3}; worst: {worst:?}");
    println!("{} cases, median {median:.3}; worst {worst:?}", ratios.len());
}

/// Whether a request line is one of a row's.
fn reaches(request: &str, row: &Value) -> bool {
    let mut words = request.split(' ');
    let method = words.next() == row["method"].as_str();
    let path = words.next().unwrap().split('?').next().unwrap().to_owned();
    let mut own = row["path"].as_str().unwrap().split('/');
    let mut given = path.split('/');
    let segments = own.clone().count() == given.clone().count();
    method && segments && own.all(|part| given.next().is_some_and(|one| part.starts_with('{') || part == one))
}

/// Whether a row sends, changes or previews an order.
fn is_order(row: &Value) -> bool {
    row["path"].as_str().unwrap().starts_with("/v1/orders")
}

/// The rows that no case reaches.
fn rows_without_case() -> Vec<Value> {
    let cases = cases();
    let requests: Vec<&str> = cases
        .values()
        .flat_map(|case| case["exchanges"].as_array().unwrap())
        .map(|exchange| exchange["request"].as_str().unwrap())
        .collect();
    rows()
        .into_iter()
        // The socket has its own tests beside its code, order entry has `tests/orders`.
        .filter(|row| {
            row["method"] != "WSS" && !is_order(row) && !requests.iter().any(|request| reaches(request, row))
        })
        .collect()
}

#[test]
fn every_row_has_its_case() {
    let missing = rows_without_case();
    assert!(missing.is_empty(), "no case; run: RECORD_CASES=1 cargo test --test cases record\n{missing:#?}");
}

/// `tests/endpoints.csv` is a copy of the endpoint list of the documentation.
#[test]
fn every_documented_endpoint_is_a_row_and_no_row_is_invented() {
    let text = include_str!("endpoints.csv");
    let listed: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let rows = rows();
    let find =
        |method: &str, path: &str| rows.iter().find(|row| row["method"] == method && row["path"] == path);
    for line in &listed {
        let [method, path, scope, _] = line[..] else { panic!("{line:?}") };
        let wanted = match method {
            "GET" | "POST" | "PUT" | "DELETE" => path != "/tv/health",
            _ => false,
        };
        let Some(row) = find(method, path) else {
            assert!(
                !wanted,
                "{method} {path} is in tests/endpoints.csv and no tool shows it: add its row in src/aries/endpoints and its \
                 view in src/tools/research, or take its line out of the list"
            );
            continue;
        };
        let ours = row["scope"].as_str().unwrap();
        match scope {
            "unknown" => assert_eq!(ours, "not documented", "{path}"),
            known => {
                known.split(" or ").for_each(|one| assert!(ours.contains(one), "{path}: {ours}, not {one}"))
            }
        }
    }
    for row in &rows {
        let is_listed = listed.iter().any(|line| row["method"] == line[0] && row["path"] == line[1]);
        assert!(
            is_listed || is_order(row),
            "{row} is not in the list; run: UPDATE_ENDPOINTS=1 cargo test --lib endpoints"
        );
    }
}

/// Every example of `tools --endpoints` against the embedded Aries.
#[test]
fn every_example_works() {
    // What places, cancels or waits for an order needs a ticket of the same process, or the id of an order.
    let needs_order = |row: &Value| is_order(row) || row["path"] == "/v1/accounts/ws";
    for row in rows().into_iter().filter(|row| !needs_order(row) || row["tool"] == "preview_order") {
        let args = row["args"].to_string();
        let output = Home::new()
            .run(&["call", "--sandbox", "--toolsets", "all", row["tool"].as_str().unwrap(), &args], &[]);
        let said = stderr(&output);
        assert!(
            output.status.success(),
            "{row}: {said}\nif the sandbox does not know it: add its answer file below src/sandbox/answers"
        );
        assert!(stdout(&output).chars().count() <= 24_000, "{row}");
    }
}

/// Arguments with fixed dates, where the example's depend on the day.
fn fixed(row: &Value) -> Value {
    let mut args = row["args"].clone();
    let dated = [
        "/v1/corporate-actions/spinoffs",
        "/v1/stock/usa-spending",
        "/v1/predictions/historical-data",
        "/v1/predictions/historical-data/batch",
        "/v1/institutional/ownership",
        "/v1/institutional/portfolio",
        "/v1/corporate-actions/tender-offers",
        "/v1/corporate-actions/ipo-calendar",
        "/v1/calendars/mergers-acquisitions",
        "/v1/stock/social-sentiment",
        "/v1/indicator",
        "/v1/chart/history",
        "/v2/accounts/{id}/orders/history",
    ];
    let path = row["path"].as_str().unwrap();
    if dated.contains(&path) {
        let from = if path.contains("spinoffs") { "2023-01-01" } else { "2026-10-01" };
        args["from"] = json!(if path.contains("history") { "2026-11-02" } else { from });
        args["to"] = json!("2026-11-20");
    }
    let sparse = [
        "/v1/stock/lobbying",
        "/v1/stock/uspto-patent",
        "/v1/stock/visa-application",
        "/v1/stock/congressional-trading",
        "/v1/ownership/insider-transactions",
    ];
    if sparse.contains(&path) {
        args["from"] = json!("2025-11-20");
        args["to"] = json!("2026-11-20");
    }
    if ["/v1/calendars/economics", "/v1/calendars/earnings", "/v1/calendars/conference-calls"].contains(&path)
    {
        args["from"] = json!("2026-11-23");
        args["to"] = json!("2026-12-04");
    }
    args
}

/// No more elements than a table wants, so that a case stays readable.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(if items.first().is_some_and(Value::is_object) { 12 } else { 60 });
            items.iter_mut().for_each(shorten);
        }
        Value::Object(members) => {
            // Following pages would be the same again.
            members.remove("nextUrl");
            members.values_mut().for_each(shorten);
        }
        _ => {}
    }
}

#[test]
fn record_what_has_no_case() {
    if std::env::var_os("RECORD_CASES").is_none() {
        return;
    }
    for row in rows_without_case() {
        let (tool, path) = (row["tool"].as_str().unwrap(), row["path"].as_str().unwrap());
        let view = row["args"]["view"].as_str().map_or_else(
            || path.rsplit('/').find(|part| !part.starts_with('{')).unwrap().to_owned(),
            str::to_owned,
        );
        let is_older = row["after_404_of"].is_string();
        let name = format!("{tool}.{view}{}", if is_older { "_older" } else { "" });
        let aries = Aries::start(Default::default());
        aries.http("POST", "/sandbox/options", None, Some(json!({"older_paths": is_older})));
        let env = aries.env(&editing());
        let args = fixed(&row);
        let home = Home::new();
        let output = home.run(&["call", "--toolsets", "all", tool, &args.to_string()], &pairs(&env));
        let mut exchanges = Vec::new();
        let mut seen = Vec::new();
        for asked in aries.http("GET", "/sandbox/log", None, None).as_array().unwrap() {
            let text = |member: &str| asked[member].as_str().unwrap();
            let query = if text("query").is_empty() { String::new() } else { format!("?{}", text("query")) };
            let target = format!("{}{query}", text("path"));
            let body = Some(asked["body"].clone()).filter(|body| !body.is_null());
            let request = format!("{} {target}", text("method"));
            let request = body.iter().fold(request, |request, body| format!("{request} {body}"));
            if seen.contains(&request) {
                continue;
            }
            seen.push(request.clone());
            let mut answer = aries.http(text("method"), &target, Some(&env[1].1), body);
            shorten(&mut answer);
            let mut exchange = json!({"request": request.replace(&today(), "{today}"), "answer": answer});
            if answer["error"] == "not_found" {
                exchange["status"] = json!(404);
            }
            exchanges.push(exchange);
        }
        println!("{name}: {}", output.status);
        assert!(
            output.status.success(),
            "the embedded Aries does not answer {path}; add its file below src/sandbox/answers: {}",
            stderr(&output)
        );
        let mut case = json!({"tool": tool, "args": args, "exchanges": exchanges, "text": []});
        case["text"] = json!(run(&case).0.lines().collect::<Vec<_>>());
        let pretty = serde_json::to_string_pretty(&case).unwrap();
        std::fs::write(folder().join(format!("{name}.json")), pretty + "\n").unwrap();
    }
}
