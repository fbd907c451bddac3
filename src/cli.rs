//! The command line: one declaration of commands and options; each command is a thin file of its own.

mod accounts;
mod call;
pub mod clients;
mod completions;
mod demo;
mod doctor;
mod options;
mod orders;
mod output;
mod sandbox;
mod serve;
mod setup;
mod terminal;
mod tools;
mod view;
mod watch;

pub(crate) mod login;
pub mod logout;
pub(crate) mod status;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::told::Reader;
use output::answer;

use crate::auth::scope::{self, Scopes};
use crate::auth::session::Session;
use crate::auth::session_file::SessionFile;
use crate::config::{DESKTOP, Environment, Launcher, Options, Settings, Urls};
use crate::error::{Error, Result, did_you_mean};
use crate::os::end;
use crate::os::scratch::Scratch;
use crate::server::{self, Selector};
use crate::timing::Timing;
use crate::tools::{Call, Selection, Signed};
use crate::trade::OrderService;
use crate::trade::checks::limits;

const AFTER_HELP: &str = "\
Try it without an account:    aries-mcp demo
Sign in once:                 aries-mcp login
Let your clients start it:    aries-mcp setup

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 sign-in needed,
4 not happened by then (watch).
Data goes to stdout, everything else to stderr.";

/// A local MCP server for your Aries brokerage account.
#[derive(Debug, Parser)]
#[command(name = "aries-mcp", bin_name = "aries-mcp", version, after_help = AFTER_HELP)]
struct CommandLine {
    #[command(flatten)]
    global: options::Global,
    #[command(subcommand)]
    command: Option<Command>,
}

impl CommandLine {
    /// Whether it is for something else than MCP on stdin and stdout.
    fn runs_another_command(&self) -> bool {
        !matches!(self.command, None | Some(Command::Serve))
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Speak MCP on stdin and stdout (the default; clients start this)
    Serve,
    /// Sign in through the browser and keep the tokens in the OS keychain
    Login(login::LoginArgs),
    /// Sign out: remove the tokens from this computer
    Logout,
    /// Write this program into the configuration of your MCP clients, or take it out again
    Setup(setup::SetupArgs),
    /// Show who is signed in, with which rights, until when, and which accounts there are
    Status(status::StatusArgs),
    /// Check everything that can be wrong here, and say what to do about it
    Doctor(doctor::DoctorArgs),
    /// List the tools as a client gets them, or the endpoints of Aries that they ask
    Tools(tools::ToolsArgs),
    /// Run one tool and print its answer
    Call(call::CallArgs),
    /// Show prices, orders and positions as they change, until something happens
    Watch(watch::WatchArgs),
    /// List the orders that this computer has sent, check their journal, or settle an unknown outcome
    Orders(orders::OrdersArgs),
    /// Run the embedded practice broker as a server that other commands can sign in to
    Sandbox(sandbox::SandboxArgs),
    /// Show the portfolio, a price chart or an option chain in your browser
    View(view::ViewArgs),
    /// Show what the program does, on the embedded practice broker
    Demo,
    /// Print the completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Runs the program and tells its exit code.
pub fn main(args: impl Iterator<Item = OsString>, env: &Environment) -> ExitCode {
    ExitCode::from(main_within(args, env, Timing::default(), DESKTOP))
}

/// Runs the program within these time limits, with this way to start a browser, and tells its exit code. Prints errors as
/// two lines on stderr.
pub fn main_within(
    args: impl Iterator<Item = OsString>,
    env: &Environment,
    timing: Timing,
    launcher: Launcher,
) -> u8 {
    leave_no_core();
    terminal::begin(env);
    let run = |command_line| run(command_line, env, timing, launcher);
    match parse(args).and_then(|command_line| command_line.map_or_else(output::delivered, run)) {
        Ok(()) => 0,
        Err(error) => {
            // A command that has printed its failure already leaves the cause empty.
            if !error.cause.is_empty() {
                output::error(&error.to(Reader::Person));
            }
            error.exit_code()
        }
    }
}

/// A core file would hold every token that was in memory. Where it cannot be switched off, the person's own setting
/// counts, and nothing else depends on it.
fn leave_no_core() {
    #[cfg(unix)]
    if let Err(error) = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0) {
        tracing::debug!("core dumps stay as they are set: {error}");
    }
}

/// Help and version are answers, not failures.
fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<CommandLine>> {
    match CommandLine::try_parse_from(args) {
        Ok(command_line) => Ok(Some(command_line)),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            answer!("{}", error.render().to_string().trim_end());
            Ok(None)
        }
        Err(error) => Err(usage(&error)),
    }
}

fn usage(error: &clap::Error) -> Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        // The nearest one is the last.
        Some(ContextValue::Strings(texts)) => texts.last().cloned(),
        _ => None,
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(text);
    let rendered = error.render().to_string();
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let usage = rendered.lines().find_map(|line| line.strip_prefix("Usage: "));
    let hint = usage.map_or_else(
        || "`aries-mcp --help` lists commands and options".to_owned(),
        |usage| format!("write it like: {usage}"),
    );
    if let (true, Some(command)) = (is_help, usage.and_then(|usage| usage.split(" [").next())) {
        let hint = format!("`{command} --help` lists what it can do");
        return Error::usage(format!("`{command}` needs another word"), hint);
    }
    let mut lines = rendered.lines().map(str::trim);
    let first = lines.next().expect("clap says what is wrong").trim_start_matches("error: ");
    let listed: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let cause = format!("{first} {}", listed.join(", ")).trim_end().to_owned();
    Error::usage(cause, did_you_mean(near.as_deref(), &hint))
}

fn run(command_line: CommandLine, env: &Environment, timing: Timing, launcher: Launcher) -> Result<()> {
    let command = command_line.command.unwrap_or(Command::Serve);
    let options = command_line.global.0;
    let settings = match (resolve(&options, env), &command) {
        // Wrong settings are findings of `doctor`.
        (Err(_), Command::Doctor(args)) => return in_runtime(doctor::run(&options, env, args)),
        (resolved, _) => resolved?.within(timing, launcher),
    };
    let takes_sandbox = matches!(
        command,
        Command::Serve
            | Command::Setup(_)
            | Command::Call(_)
            | Command::Watch(_)
            | Command::Tools(_)
            | Command::Status(_)
            | Command::Doctor(_)
            | Command::View(_)
    );
    if settings.sandbox && !takes_sandbox {
        return Err(Error::usage(
            "--sandbox does not go with this command",
            "it goes with serve, setup, call, watch, tools, status, doctor and view; `aries-mcp sandbox` runs a practice broker to sign in to",
        ));
    }
    settings.set_clock(matches!(command, Command::Sandbox(_)))?;
    start_log(settings.log);
    // What a practice process leaves is of use to nobody. Where no folder can be made, whatever needs one says so.
    let state_dir = settings.places.state_dir.clone();
    let _scratch = settings.sandbox.then(|| Scratch::begin(&state_dir).ok());
    // Each command on the heap: together they would fill the stack of a main thread, which has 1 MiB on Windows.
    in_runtime(async {
        match command {
            Command::Serve => Box::pin(serve::run(settings)).await,
            Command::Login(args) => Box::pin(login::run(&settings, &args)).await,
            Command::Logout => logout::run(&settings).await,
            Command::Setup(args) => Box::pin(setup::run(&options, env, &args)).await,
            Command::Status(args) => {
                let (settings, session) = signed_in(settings)?;
                until_told_to_end(&session, None, Box::pin(status::run(&settings, &session, &args))).await
            }
            Command::Doctor(args) => Box::pin(doctor::run(&options, env, &args)).await,
            Command::Tools(args) => tools::run(settings, &args),
            Command::Call(args) => {
                let (settings, session) = signed_in(settings)?;
                let aries = sender(&settings, &session);
                let streams = Streams::new(&aries, settings.timing);
                let orders = OrderService::open(&settings, &aries, &streams);
                let call = Box::pin(call::run(settings, aries, streams, orders.clone(), args));
                until_told_to_end(&session, orders.as_deref(), call).await
            }
            Command::Watch(args) => {
                let (settings, session) = signed_in(settings)?;
                let aries = sender(&settings, &session);
                let streams = Streams::new(&aries, settings.timing);
                let call = Call::reading(aries, streams);
                let style = watch::style();
                let outcome = Box::pin(watch::run(call, args, style)).await;
                server::finish(&session, None).await;
                outcome
            }
            Command::Orders(args) => Box::pin(orders::run(settings, args)).await,
            Command::Sandbox(args) => Box::pin(sandbox::run(&args, settings.sandbox_clock)).await,
            Command::Demo => tokio::select! {
                outcome = Box::pin(demo::run()) => outcome,
                () = end::signal() => Err(Error::failed("the demo was stopped", "run it again")),
            },
            Command::View(args) => Box::pin(view::run(settings, args)).await,
            Command::Completions(args) => completions::run(&args),
        }
    })
}

fn resolve(options: &Options, env: &Environment) -> Result<Settings> {
    let settings = Settings::resolve(options, env)?;
    if let Some(scopes) = &settings.scopes {
        scope::requested(Some(scopes))?;
    }
    limits::check_symbol_lists(&settings.trading)?;
    Ok(settings)
}

fn in_runtime(command: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed(format!("cannot start: {error}"), "check the limits of this user"))?;
    let outcome = runtime.block_on(command);
    // A read of stdin that never returns must not hold the process.
    runtime.shutdown_background();
    outcome.and_then(|()| output::delivered())
}

/// Ends early at a signal; in any case an order or a token refresh on its way is saved first.
async fn until_told_to_end(
    session: &Session,
    orders: Option<&OrderService>,
    command: impl Future<Output = Result<()>>,
) -> Result<()> {
    let outcome = tokio::select! {
        outcome = command => outcome,
        () = end::signal() => Err(Error::failed("stopped before the answer was there", "run it again")),
    };
    server::finish(session, orders).await;
    outcome
}

/// To stderr, this program's own words at the level asked for; other crates never below `warn`, since they would
/// write whole messages.
fn start_log(own: LevelFilter) {
    let others = own.min(LevelFilter::WARN);
    // rmcp warns of every refused or cancelled call, which is no trouble of ours.
    let targets = Targets::new()
        .with_default(others)
        .with_target("rmcp", own.min(LevelFilter::ERROR))
        // It warns of the request that only opens a connection.
        .with_target("hyper_util", own.min(LevelFilter::ERROR))
        .with_target("aries_mcp", own);
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    // Only tests start twice in one process; the first log stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
}

/// The sign-in that this process uses: the embedded Aries' own, a ready token, or the stored one.
fn signed_in(mut settings: Settings) -> Result<(Settings, Arc<Session>)> {
    let session = if settings.sandbox {
        // Who practises alone shares no limits with anybody.
        let timing = Timing { minute: Duration::ZERO, ..settings.timing };
        let launcher = settings.launcher;
        settings = settings.within(timing, launcher);
        let options = crate::sandbox::Options {
            rate_limits: false,
            keeps_hours: settings.sandbox_clock.is_some(),
            ..Default::default()
        };
        let sandbox = sandbox::start(0, options).map_err(|error| {
            let cause = format!("the embedded Aries cannot start: {error}");
            Error::failed(cause, "check the limits of this user")
        })?;
        settings.urls = Urls::at(&sandbox.origin())?;
        let mut scopes = scope::READING.to_vec();
        if !settings.read_only {
            scopes.extend([scope::TRADING, scope::EDITING]);
        }
        let issued = sandbox.issue(&scopes);
        Session::fixed(issued.access_token.into(), Some(Scopes::parse(&scopes.join(" "))))
    } else if let Some(token) = &settings.access_token {
        Session::fixed(token.clone(), settings.scopes.as_deref().map(Scopes::parse))
    } else {
        Session::stored(&settings)
    };
    Ok((settings, Arc::new(session)))
}

/// What may be listed: settings stay, the sign-in is looked up in its small file each time.
fn selector(settings: &Settings, session: &Arc<Session>) -> Selector {
    let fixed = session.is_fixed().then(|| session.granted());
    let settings = settings.clone();
    Arc::new(move || {
        let note = if fixed.is_some() { None } else { SessionFile::read(&settings) };
        let over = note.as_ref().is_none_or(|note| note.is_over(jiff::Timestamp::now()));
        Selection {
            toolsets: settings.toolsets.clone(),
            read_only: settings.read_only,
            signed: match (&fixed, over) {
                (Some(_), _) => Signed::ByToken,
                (None, true) => Signed::Out,
                (None, false) => Signed::In,
            },
            granted: fixed.clone().unwrap_or_else(|| note.map(|note| note.scopes)),
        }
    })
}

fn sender(settings: &Settings, session: &Arc<Session>) -> Aries {
    Aries::new(settings, Arc::clone(session))
}
