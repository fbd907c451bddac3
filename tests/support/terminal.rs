//! A person at a terminal: a command on a pseudo-terminal, which `script` makes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::stage::{Stage, until};

/// A command whose input and output are a terminal.
pub struct Terminal {
    child: Child,
    stdin: ChildStdin,
    shown: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
    pid: std::path::PathBuf,
}

impl Terminal {
    /// Runs `aries-mcp` with these arguments.
    pub fn run(stage: &Stage, args: &str) -> Self {
        let pid = stage.home.path("pid");
        let inner = format!("echo $$ > {}; exec {} {args}", pid.display(), env!("CARGO_BIN_EXE_aries-mcp"));
        let mut command = Command::new("script");
        command.args(["-qec", &inner, "/dev/null"]).env_clear().envs(stage.env()).env("TERM", "dumb");
        for (name, value) in stage.home.command(&[]).get_envs() {
            command.env(name, value.unwrap());
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let shown = Arc::new(Mutex::new(String::new()));
        let screen = Arc::clone(&shown);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = stdout.read(&mut bytes) {
                screen.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
            }
        });
        Self { child, stdin, shown, reader, pid }
    }

    /// Waits until it shows this.
    pub fn until_shown(&self, text: &str) {
        until(text, || self.shown.lock().unwrap().contains(text));
    }

    /// Types a line.
    pub fn line(&mut self, text: &str) {
        self.stdin.write_all(format!("{text}\n").as_bytes()).unwrap();
    }

    /// Kills the command, not the terminal.
    pub fn kill(mut self) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        // It may have ended just now.
        let _ = Command::new("kill").args(["-9", pid.trim()]).stderr(Stdio::null()).status();
        self.child.wait().unwrap();
    }

    /// Whether it ended well, and everything it showed.
    pub fn end(mut self) -> (bool, String) {
        let ended = self.child.wait().unwrap().success();
        self.reader.join().unwrap();
        (ended, self.shown.lock().unwrap().clone())
    }
}
