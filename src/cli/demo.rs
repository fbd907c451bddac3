//! `aries-mcp demo`: a tour on the embedded Aries, through the real programs.
//!
//! It runs this program twice, as a person and a client would: `login` against an embedded Aries, then the server
//! as a child that is spoken to in MCP. Nothing of the person's own is touched.

mod client;
mod show;

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use crate::cli::output::{answer, waiting};
use crate::cli::sandbox;
use crate::error::Result;
use crate::http;
use crate::os::scratch::{self, Scratch};
use crate::sandbox::{Options, Sandbox};
use client::{Client, broken};

/// A question of a person, the call an assistant would make, and what must be in the answer.
struct Step {
    question: &'static str,
    /// Tool and arguments, given the answer before it: an order takes the ticket of its preview.
    call: fn(&str) -> (&'static str, Value),
    expect: &'static [&'static str],
}

const STORY: &[Step] = &[
    Step {
        question: "Which accounts do I have?",
        call: |_| ("get_accounts", json!({})),
        expect: &["SANDBOX · 2 accounts", "plays live", "plays simulated"],
    },
    Step {
        question: "What's in my portfolio?",
        call: |_| ("get_portfolio", json!({"account": "1002"})),
        expect: &["SANDBOX (plays live) …1002", "equity", "AAPL|"],
    },
    Step {
        question: "What is the symbol of Microsoft?",
        call: |_| ("find_symbol", json!({"query": "Microsoft", "limit": 5})),
        expect: &["MSFT|Microsoft"],
    },
    Step {
        question: "What are Apple, Microsoft and the S&P 500 at?",
        call: |_| ("get_quotes", json!({"symbols": ["AAPL", "MSFT", "SPX"]})),
        expect: &["\nAAPL|", "\nMSFT|", "\nSPX|"],
    },
    Step {
        question: "Tell me when Apple has moved a little.",
        call: |_| ("wait_for", json!({"symbol": "AAPL", "percent": "0.005", "seconds": 30})),
        expect: &["HAPPENED · SANDBOX · AAPL "],
    },
    Step {
        question: "How did Apple do over the last days?",
        call: |_| ("get_bars", json!({"symbol": "AAPL", "interval": "1d", "limit": 5})),
        expect: &["AAPL · 1d bars · 5 bars"],
    },
    Step {
        question: "Which options are there on Apple?",
        call: |_| ("get_option_chain", json!({"symbol": "AAPL"})),
        expect: &["AAPL expirations"],
    },
    Step {
        question: "Show me the next ones around the money.",
        call: |before| {
            ("get_option_chain", json!({"symbol": "AAPL", "expiration": after(before, "\n"), "strikes": 5}))
        },
        expect: &["|strike|", "|270 (ATM)|"],
    },
    Step {
        question: "Do I have open orders?",
        call: |_| ("get_orders", json!({})),
        expect: &["open orders", "…1002"],
    },
    Step {
        question: "Buy 10 Microsoft at 400 on the simulated account.",
        call: |_| {
            (
                "preview_order",
                json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"}),
            )
        },
        expect: &["BUY 10 MSFT, limit 400.00, day", "ticket: "],
    },
    Step {
        question: "Yes, exactly that.",
        call: |before| ("place_order", json!({"ticket": after(before, "ticket: ")})),
        expect: &["WORKING · SANDBOX (plays simulated) …0017"],
    },
    Step {
        question: "Cancel it again.",
        call: |before| ("cancel_order", json!({"order": after(before, "order: ")})),
        expect: &["CANCELED · SANDBOX (plays simulated) …0017"],
    },
];

pub(super) async fn run() -> Result<()> {
    answer!(
        "A tour of aries-mcp on a practice broker inside this program: no real money, and nothing of yours is touched. A dash (—) \
         stands for what Aries does not tell.\n"
    );
    let stage = Stage::build()?;
    answer!("Sign in  (aries-mcp login)");
    answer!("{}\n", show::indented(&waiting("signing in", stage.sign_in()).await?));
    let mut client = Client::start(stage.command(&["serve"]))?;
    let server = client.initialize().await?;
    answer!("A client starts `aries-mcp` and speaks MCP {server} to it.\n");
    let mut before = String::new();
    for (number, step) in STORY.iter().enumerate() {
        let (tool, args) = (step.call)(&before);
        answer!("{}. \"{}\"\n   {tool} {args}", number + 1, step.question);
        let text = waiting("waiting for the answer", client.call(tool, args)).await?;
        answer!("{}\n", show::indented(&show::aligned(&text)));
        if let Some(missing) = step.expect.iter().find(|expected| !text.contains(**expected)) {
            return Err(broken(format!("{tool}: the answer lacks {missing:?}")));
        }
        before = text;
    }
    client.close().await?;
    answer!("Done: {} questions over a real MCP session.", STORY.len());
    answer!(
        "Next: `aries-mcp login` for your own account, or `aries-mcp setup --sandbox` to try it in your MCP client."
    );
    Ok(())
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    let (_, rest) = text.split_once(mark).unwrap_or_default();
    rest.split_whitespace().next().unwrap_or_default()
}

struct Stage {
    sandbox: Sandbox,
    home: Scratch,
    binary: PathBuf,
}

impl Stage {
    fn build() -> Result<Self> {
        let sandbox =
            sandbox::start(0, Options { auto_consent: true, ..Options::default() }).map_err(broken)?;
        let home = Scratch::begin(&scratch::of_this_process()?).map_err(broken)?;
        let binary = std::env::current_exe().map_err(broken)?;
        Ok(Self { sandbox, home, binary })
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).kill_on_drop(true);
        command.env_clear().envs(sandbox::variables(&self.sandbox.origin()));
        command.env("ARIES_CONFIG_DIR", self.home.path()).env("ARIES_STATE_DIR", self.home.path());
        // The address is pasted by hand, so nothing listens on it.
        command.env("ARIES_REDIRECT_URI", "http://127.0.0.1:27437/callback").env("ARIES_TOKEN_STORE", "file");
        command
    }

    /// `login --no-browser`; this program plays the person, who opens the address and pastes where it led.
    async fn sign_in(&self) -> Result<String> {
        let failed = |error: std::io::Error| broken(format!("login: {error}"));
        let mut command = self.command(&["login", "--trade", "--no-browser"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let said = child.stderr.take().ok_or_else(|| broken("login has no stderr"))?;
        let mut said = BufReader::new(said).lines();
        let address = loop {
            let line = said.next_line().await.map_err(failed)?;
            let line = line.ok_or_else(|| broken("login printed no address"))?;
            if line.starts_with(&self.sandbox.origin()) {
                break line;
            }
        };
        let landed = self.visit(&address).await?;
        let mut paste = child.stdin.take().ok_or_else(|| broken("login has no stdin"))?;
        paste.write_all(format!("{landed}\n").as_bytes()).await.map_err(failed)?;
        drop(paste);
        // Its remaining words are read so that it never waits for room in the pipe.
        tokio::spawn(async move { while matches!(said.next_line().await, Ok(Some(_))) {} });
        let output = child.wait_with_output().await.map_err(failed)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()),
            false => Err(broken("login failed")),
        }
    }

    async fn visit(&self, address: &str) -> Result<String> {
        let urls = crate::config::Urls::at(&self.sandbox.origin())?;
        let response = http::head(http::client(&urls)?.get(address)).await;
        let response = response.map_err(|_| broken("the sign-in page did not answer"))?;
        let location =
            response.headers().get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok());
        location.map(str::to_owned).ok_or_else(|| broken("the sign-in page sent the browser nowhere"))
    }
}
