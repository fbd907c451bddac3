//! The program with shorter time limits than a person's, for tests that would wait for them.
//!
//! The limits are no option, variable or file of the program. So a test starts its own executable again, as a process
//! of its own that runs nothing but [`program`]: the whole program, within limits of the test's choice.

use std::ffi::OsString;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use aries_mcp::config::Environment;
use aries_mcp::timing::Timing;

use super::{Client, Home, spawn};

/// Tells the started process which limits it has.
const LIMITS: &str = "TEST_LIMITS";
/// Tells the started process its arguments, as a JSON array.
const ARGS: &str = "TEST_ARGS";

/// The time limits of a program that a test starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Aries is looked at more often and less long; people and other processes have as much time as ever.
    Brisk,
    /// The same, and a call ends soon.
    ShortCalls,
    /// The same, and an approval ends soon.
    ShortApprovals,
}

impl Limits {
    fn named(name: &str) -> Self {
        let all = [Limits::Brisk, Limits::ShortCalls, Limits::ShortApprovals];
        all.into_iter().find(|limits| format!("{limits:?}") == name).unwrap()
    }

    fn timing(self) -> Timing {
        let brisk = Timing {
            sending_elsewhere: Duration::from_millis(300),
            lookup: Duration::from_secs(2),
            lookup_pauses: [20, 40, 80, 120, 160, 200].map(Duration::from_millis),
            lookup_of_all: Duration::from_secs(1),
            settling: Duration::from_millis(150),
            settling_pause: Duration::from_millis(30),
            cancel_lists: Duration::from_secs(1),
            cancel_journal: Duration::from_millis(300),
            cancel_lost: Duration::from_millis(600),
            ..Timing::default()
        };
        match self {
            Limits::Brisk => brisk,
            Limits::ShortCalls => Timing { call: Duration::from_millis(1500), ..brisk },
            Limits::ShortApprovals => Timing { approval: Duration::from_secs(2), ..brisk },
        }
    }
}

impl Home {
    /// [`Home::command`] with these limits. The test executable says [`HEADING`] before anything else.
    pub fn command_within(&self, limits: Limits, args: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(PROGRAM);
        self.surround(&mut command);
        command.env(LIMITS, format!("{limits:?}")).env(ARGS, serde_json::to_string(args).unwrap());
        command
    }

    /// [`Home::serve`] with these limits.
    pub fn serve_within(&self, limits: Limits, args: &[&str], env: &[(&str, &str)]) -> Client {
        let mut command = self.command_within(limits, args);
        Client::of(spawn(command.envs(env.iter().copied()), Stdio::piped()), HEADING.lines().count())
    }

    /// [`Home::run`] with these limits.
    pub fn run_within(&self, limits: Limits, args: &[&str], env: &[(&str, &str)]) -> Output {
        let mut command = self.command_within(limits, args);
        let mut output = command.envs(env.iter().copied()).stdin(Stdio::null()).output().unwrap();
        output.stdout = output.stdout.strip_prefix(HEADING.as_bytes()).unwrap().to_vec();
        output
    }
}

/// What a test executable says on stdout before its test begins.
const HEADING: &str = "\nrunning 1 test\n";

/// How the test executable is told to run nothing but [`program`].
pub const PROGRAM: [&str; 4] = ["support::brisk::program", "--exact", "--ignored", "--nocapture"];

/// The program itself, in the process that [`Home::command_within`] starts; nothing in any other.
#[test]
#[ignore = "is what other tests start"]
#[expect(clippy::exit, reason = "this process is the program")]
fn program() {
    let (Ok(limits), Ok(args)) = (std::env::var(LIMITS), std::env::var(ARGS)) else { return };
    let args: Vec<String> = serde_json::from_str(&args).unwrap();
    let args = std::iter::once("aries-mcp".to_owned()).chain(args).map(OsString::from);
    let code = aries_mcp::cli::main_within(args, &Environment::of_process(), Limits::named(&limits).timing());
    std::process::exit(code.into());
}
