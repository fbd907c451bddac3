//! The person's browser.
//!
//! Every user of this machine can read the arguments of every process, and the addresses that are opened here hold a
//! secret. So the browser is started with a file that this user alone can read, and the file sends it on.

use std::convert::Infallible;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use tempfile::TempPath;

use super::{atomic_file, blocking};

/// Variables that the browser has no use for, and that everything of this user could read in its environment.
const SECRETS: [&str; 2] = ["ARIES_ACCESS_TOKEN", "ARIES_CLIENT_SECRET"];
const NAME: &str = "open-";
/// A file that a killed process left behind sends nobody anywhere after this, and is removed.
const OLD: Duration = Duration::from_secs(3600);
/// Some desktops take seconds to start the browser.
const START_LIMIT: Duration = Duration::from_secs(10);
/// By then the browser has read the file.
const FILE_LIMIT: Duration = Duration::from_secs(60);
/// Time for writing the file.
const WRITE_LIMIT: Duration = Duration::from_secs(2);
/// A launcher that fails has failed by then; one that still runs has the browser.
const LAUNCHER_LIMIT: Duration = Duration::from_secs(3);
/// How often it is looked whether a launcher has ended.
const LOOK: Duration = Duration::from_millis(30);

/// Starts the person's browser with a file; fails if that cannot be done. A test has one of its own.
pub type Launcher = fn(&Path) -> io::Result<()>;

/// What the desktop opens such files with.
pub(crate) const DESKTOP: Launcher = |file| match open::commands(file).into_iter().any(has_started) {
    true => Ok(()),
    false => Err(io::Error::other("no launcher of this system has started a browser")),
};

/// How the person is shown a page.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// Where the file that leads the browser to the page is written.
    pub(crate) folder: PathBuf,
    pub(crate) launcher: Launcher,
}

/// A file that sends a browser on to an address. It is removed when this value is dropped.
pub(crate) struct RedirectFile {
    path: TempPath,
    launcher: Launcher,
}

impl RedirectFile {
    /// Writes the file into a folder of this user; `None` if it cannot be written.
    pub(crate) async fn to(address: SecretString, browser: &Browser) -> Option<Self> {
        let folder = browser.folder.clone();
        let writing = move || {
            remove_old(&folder);
            write(&address, &folder)
        };
        match blocking::run(Some(WRITE_LIMIT), writing).await? {
            Ok(path) => Some(Self { path, launcher: browser.launcher }),
            Err(error) => {
                tracing::warn!(%error, "no file could be written for the browser");
                None
            }
        }
    }

    /// Starts the person's browser with the file, its output closed. Returns false if it could not be started within a
    /// limit; true does not prove that the person sees a page.
    pub(crate) async fn open(&self, limit: Duration) -> bool {
        let (path, launcher) = (self.path.to_path_buf(), self.launcher);
        let opening = move || launcher(&path).is_ok();
        blocking::run(Some(limit), opening).await == Some(true)
    }
}

/// Opens an address and tells whether the browser could be started. The file that leads the browser there is removed when
/// this future is dropped, and after a minute; it never ends by itself.
pub(crate) async fn lead(address: SecretString, browser: &Browser, tell: impl FnOnce(bool)) -> Infallible {
    let file = RedirectFile::to(address, browser).await;
    tell(match &file {
        Some(file) => file.open(START_LIMIT).await,
        None => false,
    });
    tokio::time::sleep(FILE_LIMIT).await;
    drop(file);
    std::future::pending().await
}

/// Starts a launcher of this system without our secrets, and tells whether it has the browser: it goes on running, or has
/// ended well.
fn has_started(mut launcher: Command) -> bool {
    for secret in SECRETS {
        launcher.env_remove(secret);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // What ends this program by Ctrl-C must not end the browser.
        launcher.process_group(0);
    }
    let quiet = launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else { return false };
    let end = Instant::now() + LAUNCHER_LIMIT;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(LOOK),
            // Windows' Explorer, the last of several, fails even where it has opened the page; the person is then told the
            // address as well.
            Ok(Some(status)) => return status.success(),
            Err(_) => return false,
        }
    }
    // Nobody else waits for its end.
    std::thread::spawn(move || child.wait());
    true
}

fn write(address: &SecretString, folder: &Path) -> io::Result<TempPath> {
    atomic_file::create_folder(folder)?;
    // Made with mode 0600.
    let mut file = tempfile::Builder::new().prefix(NAME).suffix(".html").tempfile_in(folder)?;
    let address = address.expose_secret().replace('&', "&amp;").replace('"', "&quot;");
    writeln!(
        file,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>aries-mcp</title>\
         <meta name=\"referrer\" content=\"no-referrer\"><meta http-equiv=\"refresh\" content=\"0; url={address}\">\
         <p><a href=\"{address}\">Continue</a></p></html>"
    )?;
    file.flush()?;
    Ok(file.into_temp_path())
}

fn remove_old(folder: &Path) {
    let is_ours = |name: &str| name.starts_with(NAME) && name.ends_with(".html");
    let is_old = |modified: SystemTime| modified.elapsed().is_ok_and(|age| age > OLD);
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_ours)
            && entry.metadata().and_then(|data| data.modified()).is_ok_and(is_old)
        {
            // Another process may have removed it already.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_sends_on_and_is_gone_with_its_value() {
        let folder = tempfile::tempdir().unwrap();
        let address = SecretString::from("http://127.0.0.1:1/approve/ab?a=1&b=\"2".to_owned());
        let path = write(&address, &folder.path().join("pages")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("url=http://127.0.0.1:1/approve/ab?a=1&amp;b=&quot;2\""), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
        let place = path.to_path_buf();
        drop(RedirectFile { path, launcher: DESKTOP });
        assert!(!place.exists());
    }

    #[test]
    fn what_a_killed_process_left_is_removed_once_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        for (name, age) in [("open-a.html", OLD * 2), ("open-b.html", Duration::ZERO), ("other", OLD * 2)] {
            let file = std::fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        remove_old(folder.path());
        let left = folder.path().read_dir().unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["open-b.html", "other"]);
    }
}
