//! A process between a client and the program, as `npx` is: the program has the pipes of its own.

use std::process::{Command, Stdio};

use super::{Client, Home};

/// Tells the process in between with which arguments it starts the program, as a JSON array.
const WRAPPED: &str = "TEST_WRAPPED";

impl Home {
    /// Starts a server below such a process, which is the client's child.
    pub fn serve_wrapped(&self, args: &[&str]) -> Client {
        let mut command = Command::new(std::env::current_exe().unwrap());
        self.surround(&mut command);
        command.args(["support::wrapper::wrapper", "--exact", "--ignored", "--nocapture"]);
        command.env(WRAPPED, serde_json::to_string(args).unwrap());
        Self::serve_logging(command, Stdio::piped())
    }
}

/// The process in between; nothing in any other.
#[test]
#[ignore = "is what other tests start"]
fn wrapper() {
    let Ok(args) = std::env::var(WRAPPED) else { return };
    let args: Vec<String> = serde_json::from_str(&args).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_aries-mcp"));
    program.args(args).env_remove(WRAPPED).status().unwrap();
}
