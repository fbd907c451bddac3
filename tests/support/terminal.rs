//! A person at a terminal: a command on a pseudo-terminal, which `script` makes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::brisk::Limits;
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
    /// Runs the program with these arguments and brisk time limits.
    pub fn run(stage: &Stage, args: &str) -> Self {
        let args: Vec<&str> = args.split(' ').collect();
        let mut program = stage.home.command_within(Limits::Brisk, &args);
        program.envs(stage.env());
        Self::of(&program, stage.home.path("pid"))
    }

    /// Runs a command; its process id is written into a file.
    pub fn of(program: &Command, pid: std::path::PathBuf) -> Self {
        let words: Vec<&str> = std::iter::once(program.get_program())
            .chain(program.get_args())
            .map(|word| word.to_str().unwrap())
            .collect();
        let inner = format!("echo $$ > {}; exec {}", pid.display(), words.join(" "));
        let mut command = Command::new("script");
        command.args(["-qec", &inner, "/dev/null"]).env_clear().env("TERM", "dumb");
        command.envs(program.get_envs().map(|(name, value)| (name, value.unwrap())));
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

    /// Presses a key that is no line.
    pub fn press(&mut self, key: &str) {
        self.stdin.write_all(key.as_bytes()).unwrap();
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
