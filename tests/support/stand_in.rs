//! A stand-in for the person's browser, for programs that [`super::brisk`] starts: they open no page anywhere.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Tells the started process what its browser does.
const BROWSER: &str = "TEST_BROWSER";
const FAILS_LATE: &str = "fails late";
const NEVER_COMES: &str = "never comes";

/// What comes of starting the browser. A process that is told nothing has none.
pub enum Browser {
    /// It writes the address that it is led to into this file, and what it was started with into the one beside it.
    Notes(PathBuf),
    /// Its launcher fails, after more than a second.
    FailsLate,
    /// It is started and opens nothing.
    NeverComes,
}

impl Browser {
    /// The variable for the process.
    pub fn variable(&self) -> (&'static str, String) {
        let told = match self {
            Self::Notes(file) => file.to_str().unwrap(),
            Self::FailsLate => FAILS_LATE,
            Self::NeverComes => NEVER_COMES,
        };
        (BROWSER, told.to_owned())
    }
}

/// Where a browser notes what it was started with.
pub fn started_with(notes: &Path) -> PathBuf {
    notes.with_extension("args")
}

/// How the program starts its browser.
pub fn launch(file: &Path) -> io::Result<()> {
    match std::env::var(BROWSER).as_deref() {
        Err(_) => Err(io::ErrorKind::NotFound.into()),
        Ok(FAILS_LATE) => {
            std::thread::sleep(Duration::from_millis(1500));
            Err(io::Error::other("no display"))
        }
        Ok(NEVER_COMES) => Ok(()),
        Ok(notes) => note(file, Path::new(notes)),
    }
}

fn note(file: &Path, notes: &Path) -> io::Result<()> {
    let page = std::fs::read_to_string(file)?;
    let address =
        page.split_once("; url=").and_then(|(_, rest)| rest.split_once('"')).map(|(address, _)| address);
    let address = address.ok_or_else(|| io::Error::other("the file leads nowhere"))?;
    append(&started_with(notes), &file.display().to_string())?;
    append(notes, &address.replace("&amp;", "&"))
}

fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut file = std::fs::File::options().create(true).append(true).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())
}
