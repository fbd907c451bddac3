//! `aries-mcp sandbox`: the embedded Aries as a server of its own, which outlives any client.

use clap::Args;

use crate::cli::options::whole;
use crate::cli::output::{answer, say};
use crate::clock::Clock;
use crate::config::setting::SANDBOX_CLOCK;
use crate::error::{Error, Result};
use crate::os::end;
use crate::sandbox::{Options, Sandbox};

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<u16>("a port", 0..=65_535))]
    port: u16,
}

pub(super) async fn run(args: &SandboxArgs, clock: Option<Clock>) -> Result<()> {
    let options = Options { keeps_hours: clock.is_some(), ..Options::default() };
    let sandbox = start(args.port, options).map_err(|error| {
        Error::failed(
            format!("port {} on 127.0.0.1 cannot be used: {error}", args.port),
            "name another one with --port, or leave it out",
        )
    })?;
    // Listening before anything is told: whoever reads it may end the command at once.
    let ended = end::signal();
    say!("SANDBOX: a practice broker, no real money. It runs until Ctrl-C. In a second terminal:");
    for (name, value) in variables(&sandbox.origin()) {
        answer!("{}", setting(name, &value));
    }
    // With the moment at which it was set: whoever starts later has the same time.
    if let Some(Clock { time, since }) = clock {
        answer!("{}", setting(&SANDBOX_CLOCK.variable(), &format!("{time}@{since}")));
    }
    say!(
        "Then run `aries-mcp login` there. After it, `aries-mcp status`, `aries-mcp call get_portfolio` and every MCP client \
         that gets these variables speak to this broker."
    );
    ended.await;
    Ok(())
}

/// The line that sets a variable in the shell that people have here: PowerShell on Windows.
fn setting(name: &str, value: &str) -> String {
    if cfg!(windows) { format!("$env:{name}=\"{value}\"") } else { format!("export {name}={value}") }
}

pub(super) fn start(port: u16, options: Options) -> std::io::Result<Sandbox> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
    listener.set_nonblocking(true)?;
    Sandbox::start(tokio::net::TcpListener::from_std(listener)?, options)
}

/// What points another process at this sandbox. The profile keeps it apart from the person's own sign-in.
pub(super) fn variables(origin: &str) -> [(&'static str, String); 3] {
    [
        ("ARIES_API_URL", origin.to_owned()),
        ("ARIES_CLIENT_ID", Sandbox::CLIENT_ID.to_owned()),
        ("ARIES_PROFILE", "sandbox".to_owned()),
    ]
}
