//! Speed and size of the release binary: `cargo run --release --example bench`, and with names behind `--` only some
//! measures ([`measures::ALL`]).
//!
//! Every time is taken side by side, in one run and in turn, with a bare program that does the same without a runtime
//! ([`bare`]: this executable once more), both against the embedded Aries on a thread of this process. So the ratios
//! hold on a busy machine too; the figures beside them are this machine's. A report, not a test: the exit code is 0
//! unless something broke.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a report is printed")]

mod aries;
mod bare;
mod far;
mod measures;
mod process;
#[path = "../../tests/support/relay.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests")]
mod relay;
mod report;
#[cfg(target_os = "linux")]
mod ticking;
mod wire;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use aries_mcp::cli;
use aries_mcp::config::Environment;
use aries_mcp::timing::Timing;

/// Anything that can break; the report says what.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Tells this executable to be the program itself, which keeps none of Aries' limits a minute.
const UNLIMITED: &str = "unlimited";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    let outcome = match args.peek().map(String::as_str) {
        Some(bare::ARGUMENT) => bare::run(args.skip(1)),
        Some(UNLIMITED) => {
            let timing = Timing { minute: Duration::ZERO, ..Timing::default() };
            return cli::main_within(std::env::args_os().skip(1), &Environment::of_process(), timing, |_| {
                Ok(())
            })
            .into();
        }
        _ => bench(&args.collect::<Vec<_>>()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the bench broke: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(names: &[String]) -> Result<()> {
    if cfg!(debug_assertions) {
        return Err("only a release build is worth measuring: cargo run --release --example bench".into());
    }
    let own = std::env::current_exe()?;
    let binary = current_binary(&own)?;
    println!("{} beside a bare program, both against the embedded Aries\n", binary.display());
    let ground = measures::Ground::prepare(binary, own)?;
    let mut table = report::Table::default();
    for (name, measure) in measures::ALL {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            measure(&ground, &mut table)?;
        }
    }
    print!("{table}");
    Ok(())
}

/// The release binary beside this example. `cargo run --example` does not build it, so that is asked for here; cargo
/// knows best whether anything is to be done.
fn current_binary(own: &Path) -> Result<PathBuf> {
    let profile =
        own.parent().and_then(Path::parent).ok_or("this executable is not in target/release/examples")?;
    let target = profile.parent().ok_or("target/release has no parent")?;
    println!("making sure that the release binary is current: cargo build --release");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What `cargo run` says of this package would make build scripts that look at it run again, each time.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name.as_ref());
        }
    }
    let status = cargo
        .args(["build", "--release", "--bin", "aries-mcp", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .status()?;
    if !status.success() {
        return Err("cargo build --release failed".into());
    }
    Ok(profile.join(format!("aries-mcp{}", std::env::consts::EXE_SUFFIX)))
}
