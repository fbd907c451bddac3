//! The program with shorter time limits than a person's, for tests that would wait for them.
//!
//! The limits are no option, variable or file of the program. So a test starts its own executable again, as a process
//! of its own that runs nothing but [`program`]: the whole program, within limits of the test's choice.

use std::ffi::OsString;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use aries_mcp::config::Environment;
use aries_mcp::timing::{Sockets, Timing};

use super::{Client, Home, spawn, stand_in};

/// Tells the started process which limits it has.
const LIMITS: &str = "TEST_LIMITS";
/// Tells the started process its arguments, as a JSON array.
const ARGS: &str = "TEST_ARGS";

/// The time limits of a program that a test starts.
///
/// [`Limits::Brisk`] shortens the pauses alone. What is waited for has as much time as ever, since the machine may be
/// slow; a test that lets something wait for its limit names the one that shortens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Looks follow one another at once, and the state of an order that was sent or canceled is looked at once.
    Brisk,
    /// A call ends soon.
    BriefCalls,
    /// An approval ends soon, and a call sooner.
    BriefApprovals,
    /// Lists that do not come, or do not show what is looked for, are soon done without.
    BriefLists,
    /// A cancel hardly waits for a journal that another process holds.
    BriefJournal,
    /// Every answer to a question is a person's.
    AnyAnswer,
    /// No answer to a question is a person's.
    NoAnswer,
    /// Nobody reads the page of an order as fast as Approve is pressed.
    SlowReaders,
    /// A browser has hardly any time to open the page.
    BriefVisits,
    /// Sockets come back at once, a silent one is soon given up, and what they do not tell is asked for often.
    BriefSockets,
    /// Pauses are short, and the calls of a minute are counted as in a real one.
    Counted,
    /// Random play: nothing is waited for long, and every answer to a question is a person's.
    Play,
}

impl Limits {
    const ALL: [Self; 12] = [
        Self::Brisk,
        Self::BriefCalls,
        Self::BriefApprovals,
        Self::BriefLists,
        Self::BriefJournal,
        Self::AnyAnswer,
        Self::NoAnswer,
        Self::SlowReaders,
        Self::BriefVisits,
        Self::BriefSockets,
        Self::Counted,
        Self::Play,
    ];

    fn timing(self) -> Timing {
        let (seconds, millis) = (Duration::from_secs, Duration::from_millis);
        let brisk = Timing {
            sending_elsewhere: seconds(2),
            status: seconds(10),
            lookup_of_all: seconds(10),
            lookup_pauses: [millis(20); 6],
            // A pause as long as the whole leaves one look.
            settling: millis(1500),
            settling_pause: millis(1500),
            // Two looks, so that it is seen to be looked for.
            cancel_lost: millis(2500),
            // Tests ask more often in a minute than a person may.
            minute: Duration::ZERO,
            least_reading_of_page: Duration::ZERO,
            ..Timing::default()
        };
        match self {
            Self::Brisk => brisk,
            Self::BriefCalls => Timing { call: seconds(2), ..brisk },
            Self::BriefApprovals => Timing { approval: seconds(2), call: seconds(1), ..brisk },
            Self::BriefLists => Timing {
                lookup_of_all: seconds(1),
                cancel_lists: millis(500),
                settling: millis(700),
                settling_pause: millis(700),
                ..brisk
            },
            Self::BriefJournal => Timing { cancel_journal: millis(200), ..brisk },
            Self::AnyAnswer => Timing { least_reading: Duration::ZERO, ..brisk },
            Self::NoAnswer => Timing { least_reading: seconds(3600), ..brisk },
            Self::SlowReaders => Timing { least_reading_of_page: seconds(3600), ..brisk },
            Self::BriefVisits => Timing { visit: millis(200), ..brisk },
            Self::BriefSockets => Timing {
                progress: millis(50),
                sockets: Sockets {
                    ping: millis(300),
                    pong: millis(300),
                    first_pause: millis(20),
                    quotes: millis(50),
                    orders: millis(50),
                    ..Sockets::default()
                },
                ..brisk
            },
            Self::Counted => Timing {
                settling: millis(300),
                settling_pause: millis(40),
                minute: Timing::default().minute,
                ..brisk
            },
            Self::Play => Timing {
                approval: millis(1500),
                least_reading: Duration::ZERO,
                call: seconds(4),
                order_lock: millis(1500),
                sending_elsewhere: millis(300),
                settling: millis(60),
                settling_pause: millis(60),
                cancel_lookup: millis(400),
                cancel_lists: millis(400),
                cancel_lost: millis(120),
                lookup_of_all: millis(600),
                ..brisk
            },
        }
    }
}

impl Home {
    /// [`Home::command`] with these limits. The test executable says [`HEADING`] before anything else.
    pub fn command_within(&self, limits: Limits, args: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        self.surround(&mut command);
        within(&mut command, limits, args);
        command
    }

    /// [`Home::serve`] with these limits.
    pub fn serve_within(&self, limits: Limits, args: &[&str], env: &[(&str, &str)]) -> Client {
        let mut command = self.command_within(limits, args);
        command.envs(env.iter().copied());
        Self::serve_logging(command, Stdio::piped())
    }

    /// [`Home::serve_within`] with its log somewhere else, for a command of [`Home::command_within`].
    pub fn serve_logging(mut command: Command, log: Stdio) -> Client {
        Client::of(spawn(&mut command, log), HEADING.lines().count())
    }

    /// [`Home::run`] with these limits.
    pub fn run_within(&self, limits: Limits, args: &[&str], env: &[(&str, &str)]) -> Output {
        let mut command = self.command_within(limits, args);
        let mut output = command.envs(env.iter().copied()).stdin(Stdio::null()).output().unwrap();
        output.stdout = output.stdout.strip_prefix(HEADING.as_bytes()).unwrap().to_vec();
        output
    }
}

/// Has a command of this executable run the program with these limits. The environment must be settled.
pub fn within(command: &mut Command, limits: Limits, args: &[&str]) {
    command.args(PROGRAM);
    // A thread of a test has a quarter of the stack that the program's own has.
    command.env("RUST_MIN_STACK", (8 * 1024 * 1024).to_string());
    command.env(LIMITS, format!("{limits:?}")).env(ARGS, serde_json::to_string(args).unwrap());
}

/// What a test executable says on stdout before its test begins.
pub const HEADING: &str = "\nrunning 1 test\n";

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
    let limits = Limits::ALL.into_iter().find(|known| format!("{known:?}") == limits).unwrap();
    let code =
        aries_mcp::cli::main_within(args, &Environment::of_process(), limits.timing(), stand_in::launch);
    std::process::exit(code.into());
}
