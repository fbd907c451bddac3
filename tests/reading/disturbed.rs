//! Every reading row, with every answer of the embedded Aries in eight other forms: it is read, or said to differ.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::support::disturbed::{Disturbed, FORMS, Form};
use crate::support::{Aries, Client, Home, READING, text_of};

const SAID: &str = "differs from its documentation";

/// What a process says that has used up what Aries allows in a minute.
const USED_UP: &str = "are used up";

struct Rig {
    disturbed: Disturbed,
    client: Client,
    token: String,
}

impl Rig {
    fn start() -> Self {
        let aries = Arc::new(Aries::start(Default::default()));
        let token = aries.issue(READING).access_token;
        let disturbed = Disturbed::start(Arc::clone(&aries), token.clone());
        let client = serve(&disturbed, &token);
        Self { disturbed, client, token }
    }

    /// What a call answers, error or not, without the time it was asked.
    fn call(&mut self, row: &Value, form: Form) -> String {
        self.disturbed.disturb(row["path"].as_str().unwrap(), form);
        let mut ask = || text_of(&self.client.call(row["tool"].as_str().unwrap(), row["args"].clone()));
        let text = ask();
        if !text.contains(USED_UP) {
            return timeless(&text);
        }
        self.client = serve(&self.disturbed, &self.token);
        self.call(row, form)
    }
}

fn serve(disturbed: &Disturbed, token: &str) -> Client {
    let scopes = READING.join(" ");
    let env =
        [("ARIES_API_URL", &*disturbed.origin), ("ARIES_ACCESS_TOKEN", token), ("ARIES_SCOPES", &*scopes)];
    let mut client = Home::new().serve(&["serve", "--toolsets", "all", "--log", "error"], &env);
    client.initialize("2025-11-25");
    client
}

/// An answer without the moment of asking, and without the marks in its cursor, which tell how Aries wrote the page.
fn timeless(text: &str) -> String {
    let is_moment = |word: &str| word.len() == 25 && word.as_bytes()[10] == b'T';
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let words: Vec<&str> = first.split(' ').map(|word| if is_moment(word) { "NOW" } else { word }).collect();
    let rest = match rest.split_once("next: cursor \".") {
        Some((rows, cursor)) => {
            format!("{rows}next: cursor \"~{}", cursor.split_once('~').map_or(cursor, |(_, page)| page))
        }
        None => rest.to_owned(),
    };
    format!("{}\n{rest}", words.join(" "))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Read,
    Said,
    Misleading,
}

fn outcome(form: Form, documented: &str, text: &str) -> Outcome {
    if is_read(form, documented, text) {
        Outcome::Read
    } else if text.contains(SAID) {
        Outcome::Said
    } else {
        Outcome::Misleading
    }
}

/// Whether a text says what the documented one says, but for what the form leaves out or adds.
fn is_read(form: Form, documented: &str, text: &str) -> bool {
    let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (documented_lines, text_lines) = (lines(documented), lines(text));
    documented == text
        || match form {
            // What stands around the rows is gone: facts of the first line, and where the list goes on.
            Form::Bare => {
                let goes_on = |line: &String| {
                    ["next: ", "Aries sends at most"].iter().any(|begin| line.starts_with(begin))
                };
                let rows =
                    |lines: Vec<String>| lines.into_iter().filter(|line| !goes_on(line)).collect::<Vec<_>>();
                rows(documented_lines) == rows(text_lines)
            }
            // Open views show the unknown members too, behind the others.
            Form::UnknownMembers => documented_lines
                .iter()
                .all(|line| text_lines.iter().any(|other| other.starts_with(line.as_str()))),
            // Open views show members under their own names.
            Form::SnakeCase | Form::CamelCase | Form::UpperCase => {
                let plain = |text: &str| text.replace('_', "").to_lowercase();
                plain(documented) == plain(text)
            }
            // The same price may be had from another call.
            Form::Renamed if is_same_price(&documented_lines, &text_lines) => true,
            // Views of which no member is documented show every member under its own name.
            Form::Renamed => text.replace("zz", "") == documented,
            _ => false,
        }
}

/// Whether both are tables of quotes with the same last prices, but for what a price moves between two calls.
fn is_same_price(documented: &[String], text: &[String]) -> bool {
    let price = |line: &String| {
        let mut cells = line.split('|').map(str::to_owned);
        Some((cells.next()?, cells.next()?.parse::<f64>().ok()?))
    };
    let prices = |lines: &[String]| lines.iter().filter_map(price).collect::<Vec<_>>();
    let (documented_prices, prices) = (prices(documented), prices(text));
    let is_near =
        |one: &(String, f64), other: &(String, f64)| one.0 == other.0 && (one.1 / other.1 - 1.0).abs() < 0.01;
    documented.first().is_some_and(|head| head.starts_with("symbol|last|bid|ask|"))
        && !prices.is_empty()
        && prices.len() == documented_prices.len()
        && prices.iter().zip(&documented_prices).all(|(one, other)| is_near(one, other))
}

fn reading_rows() -> Vec<Value> {
    let output = Home::new().run(&["tools", "--endpoints", "--json"], &[]);
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let changing = ["preview_order", "place_order", "cancel_order", "edit_watchlist"];
    let is_reading =
        |row: &Value| row["method"] != "WSS" && !changing.contains(&row["tool"].as_str().unwrap());
    rows.into_iter().filter(is_reading).collect()
}

/// The paths that are asked before a row; it is reached where Aries has none of them.
fn asked_before(row: &Value) -> Vec<&str> {
    let ways = ["/v1/marketdata/equities/details", "/v1/chart/quotes"];
    match (row["after_404_of"].as_str(), row["path"].as_str().unwrap()) {
        (Some(newer), _) => vec![newer],
        (None, "/v1/stocks/prev") => [&ways[..], &["/v1/stocks/aggs"]].concat(),
        (None, path) => ways.into_iter().take_while(|way| *way != path).collect(),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for people")]
fn an_answer_in_another_form_is_read_or_said_to_differ() {
    let mut rig = Rig::start();
    let mut figures: BTreeMap<String, BTreeMap<Outcome, usize>> = BTreeMap::new();
    let mut misleading = Vec::new();
    for row in reading_rows() {
        let mut documented = rig.call(&row, Form::Documented);
        let is_first = rig.disturbed.asked() > 0;
        if !is_first {
            rig.disturbed.leave_out(&asked_before(&row));
            documented = rig.call(&row, Form::Documented);
            assert!(rig.disturbed.asked() > 0, "{row} is not asked by its example: {documented}");
        }
        if documented.contains(SAID) {
            misleading.push(format!("Documented {row}\n{documented}"));
        }
        for form in FORMS {
            let text = rig.call(&row, form);
            let outcome = outcome(form, &documented, &text);
            *figures.entry(format!("{form:?}")).or_default().entry(outcome).or_default() += 1;
            if outcome == Outcome::Misleading {
                misleading
                    .push(format!("{form:?} {row}\n--- documented\n{documented}\n--- {form:?}\n{text}"));
            }
        }
        if !is_first {
            // A process remembers which of two paths Aries has.
            rig.disturbed.leave_out(&[]);
            rig.client = serve(&rig.disturbed, &rig.token);
        }
    }
    println!("{figures:#?}");
    assert!(misleading.is_empty(), "{} mislead\n{}", misleading.len(), misleading.join("\n\n"));
}
