//! The play's own stage: an embedded Aries behind a gateway, one home, and processes that share it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use aries_mcp::sandbox::{Options, Sandbox};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::config::Config;
use super::dice::Dice;
use super::gateway::Gateway;
use super::mood::Mood;
use super::pages::Pages;
use super::terms::Sentence;
use super::truth::Truth;
use super::yesterday;
use crate::support::brisk::Limits;
use crate::support::{Aries, Client, Home, trading};

pub(super) const LIVE: &str = "AR4471002";
pub(super) const SIM: &str = "SIM8820017";

/// What one ticket stands for, and what became of it.
pub(super) struct Ticket {
    pub(super) id: String,
    /// The process that gave it.
    pub(super) seat: usize,
    pub(super) account: &'static str,
    pub(super) text: String,
    pub(super) sentence: Sentence,
    /// The id that its order will have; that of a replacement is known once it is sent.
    pub(super) client_id: Option<String>,
    /// The config file as the process read it that gave the ticket.
    pub(super) config: Config,
    /// Bid and ask at the preview.
    pub(super) market: Option<(Decimal, Decimal)>,
    pub(super) presented: bool,
    /// A person said yes to this very sentence.
    pub(super) approved: bool,
    /// Its POST, by its place in the ledger.
    pub(super) sent: Option<usize>,
    /// The last state that was told.
    pub(super) state: Option<String>,
    /// Since when the outcome is not known to whoever asked.
    pub(super) doubt: Option<Instant>,
}

/// One process of the program, with the client that speaks to it.
pub(super) struct Seat {
    pub(super) client: Client,
    pub(super) config: Config,
    /// It speaks the protocol of 2026, in which questions come between calls.
    pub(super) is_modern: bool,
    /// The person is asked by a page, for this client has no dialogs: where its browser notes the addresses.
    pub(super) pages: Option<Pages>,
}

impl Seat {
    /// Calls a tool without waiting; `more` are further members of the call.
    pub(super) fn begin(&mut self, tool: &str, arguments: Value, more: &Value) -> u64 {
        let mut params = json!({"name": tool, "arguments": arguments});
        if self.is_modern {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}},
                "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
            });
        }
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.client.send("tools/call", params)
    }
}

pub(super) struct Play {
    pub(super) dice: Dice,
    /// Decides which clients have dialogs.
    page_dice: Dice,
    pub(super) home: Home,
    pub(super) gateway: Gateway,
    pub(super) truth: Truth,
    pub(super) config: Config,
    pub(super) seats: Vec<Seat>,
    pub(super) tickets: Vec<Ticket>,
    /// Orders that were entered elsewhere.
    pub(super) foreign: HashSet<String>,
    /// Accounts and symbols that others traded in.
    pub(super) touched: HashSet<(String, String)>,
    /// What others replaced, and by what.
    pub(super) replaced: Vec<(String, String)>,
    /// Ids that somebody may name.
    pub(super) ids: Vec<String>,
    pub(super) day: String,
    /// Nothing happens while the person reads.
    pub(super) is_quiet: bool,
    /// The arguments of the last cancel.
    pub(super) cancel: Value,
    /// Entries of the ledger that were judged.
    pub(super) judged: usize,
    pub(super) prices: HashMap<String, (Decimal, Decimal)>,
    pub(super) findings: Vec<String>,
    pub(super) trace: Vec<String>,
    pub(super) tally: BTreeMap<String, usize>,
    began: Instant,
    env: Vec<(&'static str, String)>,
    /// Serves until it is dropped.
    _aries: Aries,
}

impl Play {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut aries =
            Aries::start(Options { rate_limits: false, auto_consent: true, ..Options::default() });
        let truth = Truth {
            host: aries.origin.trim_start_matches("http://").to_owned(),
            token: aries.issue(&trading()).access_token,
        };
        let ids = ["sent", "sent", "sent", "application", "hidden"][dice.below(5)];
        truth.post("/sandbox/options", &json!({"client_ids": ids}));
        let day = crate::orders::table::Listed::find(&aries).day;
        let config = first_config(&mut dice);
        let gateway = Gateway::start(truth.clone(), Mood::new(Dice::new(seed + 77_777), config.clone()));
        let home = Home::new();
        std::fs::create_dir_all(home.path("config")).unwrap();
        std::fs::write(home.path("config/config.toml"), config.toml()).unwrap();
        aries.origin.clone_from(&gateway.origin);
        let mut env = if dice.percent(25) {
            home.sign_in_with(&aries, &["--trade"]);
            vec![
                ("ARIES_API_URL", gateway.origin.clone()),
                ("ARIES_CLIENT_ID", Sandbox::CLIENT_ID.to_owned()),
            ]
        } else {
            aries.env(&trading())
        };
        env.extend(one_certificate(&home).map(|path| ("SSL_CERT_FILE", path)));
        let mut play = Self {
            dice,
            page_dice: Dice::new(seed + 33_333),
            home,
            gateway,
            truth,
            config,
            seats: Vec::new(),
            tickets: Vec::new(),
            foreign: HashSet::new(),
            touched: HashSet::new(),
            replaced: Vec::new(),
            ids: Vec::new(),
            day,
            is_quiet: false,
            cancel: Value::Null,
            judged: 0,
            prices: HashMap::new(),
            findings: Vec::new(),
            trace: Vec::new(),
            tally: BTreeMap::new(),
            began: Instant::now(),
            env,
            _aries: aries,
        };
        for account in [LIVE, SIM] {
            for row in play.truth.rows(account) {
                play.foreign.insert(row["clOrdId"].as_str().unwrap().to_owned());
            }
        }
        if play.dice.percent(25) {
            let by = if play.dice.percent(50) { 0 } else { 1 };
            play.ids.extend(yesterday::leave_journal(&play.home, &play.env, by));
            play.note("a journal of earlier orders");
        }
        let seats = if play.dice.percent(70) { 2 } else { 1 };
        for _ in 0..seats {
            let seat = play.seat();
            play.seats.push(seat);
        }
        play
    }

    pub(super) fn seat(&mut self) -> Seat {
        let is_modern = self.dice.percent(35);
        let has_pages = self.page_dice.percent(25) && !is_modern;
        let pages = has_pages.then(|| Pages::new(&self.home, self.page_dice.below(1_000_000)));
        let mut env: Vec<(&str, &str)> =
            self.env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let browser = pages.as_ref().map(Pages::variable);
        env.extend(browser.as_ref().map(|(name, value)| (*name, value.as_str())));
        let mut client = self.home.serve_within(Limits::Play, &["serve"], &env);
        if !is_modern {
            let dialogs = if has_pages { json!({}) } else { json!({"elicitation": {"form": {}}}) };
            client.initialize_with("2025-11-25", dialogs);
        }
        let mut seat = Seat { client, config: self.config.clone(), is_modern, pages };
        // Once it answers, it has read the config file.
        let call = seat.begin("get_accounts", json!({}), &json!({}));
        seat.client.answer(call);
        seat
    }

    /// Runs a command to its end.
    pub(super) fn run(&self, args: &[&str]) -> std::process::Output {
        let env: Vec<(&str, &str)> = self.env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.home.run_within(Limits::Play, args, &env)
    }

    pub(super) fn write_config(&mut self, config: Config) {
        std::fs::write(self.home.path("config/config.toml"), config.toml()).unwrap();
        self.gateway.mood().config = config.clone();
        self.config = config;
    }

    pub(super) fn note(&mut self, what: impl Into<String>) {
        self.trace.push(format!("{:>5} {}", self.began.elapsed().as_millis(), what.into()));
    }

    pub(super) fn count(&mut self, what: impl Into<String>) {
        *self.tally.entry(what.into()).or_default() += 1;
    }

    pub(super) fn find(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.trace.push(format!("FOUND: {what}"));
        self.findings.push(what);
    }

    /// Bid and ask of a stock, asked once.
    pub(super) fn price(&mut self, symbol: &str) -> (Decimal, Decimal) {
        if let Some(known) = self.prices.get(symbol) {
            return *known;
        }
        let quote = self.truth.quote(symbol).unwrap_or((Decimal::TEN, Decimal::TEN));
        self.prices.insert(symbol.to_owned(), quote);
        quote
    }

    /// An order that another program enters.
    pub(super) fn enter(&mut self, account: &'static str, mut order: Value) -> Option<String> {
        order["tradingAccountId"] = json!(account);
        let answer = self.truth.post("/v1/orders", &order);
        let id = answer["clOrdId"].as_str()?.to_owned();
        self.foreign.insert(id.clone());
        self.touched.insert((account.to_owned(), order["symbol"].as_str()?.to_owned()));
        Some(id)
    }
}

fn first_config(dice: &mut Dice) -> Config {
    Config {
        live: dice.percent(80),
        orders: dice.percent(20).then(|| u32::try_from(dice.below(5)).unwrap() + 1),
        value: dice.percent(15).then_some(3_000),
        value_per_day: dice.percent(15).then_some(8_000),
        deny: if dice.percent(10) { vec!["KO"] } else { Vec::new() },
        account: None,
        uncovered: false,
    }
}

/// A store of certificates with one in it, where this machine has a store: each process reads the whole of it, and none
/// needs it here.
fn one_certificate(home: &Home) -> Option<String> {
    let store = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").ok()?;
    let end = store.find("-----END CERTIFICATE-----")? + "-----END CERTIFICATE-----\n".len();
    let path = home.path("certificate.pem");
    std::fs::write(&path, store.get(..end)?).unwrap();
    Some(path.display().to_string())
}
