//! Where files are: the config file and the state folder.
//!
//! Clients start servers with a thin environment, so the state folder comes from the user database and not from
//! `HOME` or `XDG_*`: a server must find what `login` wrote in a terminal.

use std::path::{Path, PathBuf};

use super::setting::{CONFIG, CONFIG_DIR, SANDBOX, STATE_DIR, Setting};
use super::{Environment, Options};
use crate::error::{Error, Result};
use crate::os::scratch;

#[derive(Debug, Clone)]
pub struct Places {
    /// The config file, if one is read at all (a sandbox reads one only if it is named).
    pub(crate) config_file: Option<PathBuf>,
    /// Lock, journal, day counts, session file. Not created until something is written.
    pub(crate) state_dir: PathBuf,
    /// Where locks of keychain items lie: never moved by `ARIES_STATE_DIR`, since the keychain item is not.
    pub lock_dir: PathBuf,
}

impl Places {
    /// Fails if a named config file does not exist, or this user has no home.
    pub(crate) fn find(options: &Options, env: &Environment) -> Result<Self> {
        let sandbox = options.has(&SANDBOX) || env.flag(&SANDBOX)?;
        let home_state = || platform_folders().map(|folders| folders.state);
        let state_dir = match absolute(env, &STATE_DIR)? {
            _ if sandbox => scratch::of_this_process()?,
            Some(dir) => dir,
            None => home_state()?,
        };
        let named = match options.get(&CONFIG) {
            Some(path) => Some(PathBuf::from(path)),
            None => absolute(env, &CONFIG)?,
        };
        if let Some(path) = &named
            && !path.is_file()
        {
            return Err(Error::usage(
                format!("{} is not a file that can be read as configuration", path.display()),
                "check --config or ARIES_CONFIG; only a shell fills in `~` and variables",
            ));
        }
        let config_file = match (named, absolute(env, &CONFIG_DIR)?) {
            (Some(path), _) => Some(path),
            (None, _) if sandbox => None,
            (None, Some(dir)) => Some(dir.join("config.toml")),
            (None, None) => Some(platform_folders()?.config_file),
        };
        let lock_dir =
            if sandbox { state_dir.clone() } else { home_state().unwrap_or_else(|_| state_dir.clone()) };
        Ok(Self { config_file, state_dir, lock_dir })
    }
}

/// Reads a variable that names a place. One below the working folder would be another place in every project, with its
/// own limits and sign-in; `~`, `$HOME` or a client's `${…}` that nobody has filled in would be too.
fn absolute(env: &Environment, setting: &Setting) -> Result<Option<PathBuf>> {
    let Some(text) = env.value(setting).map(str::trim) else { return Ok(None) };
    if Path::new(text).is_absolute() && !text.contains("${") {
        return Ok(Some(PathBuf::from(text)));
    }
    let example = if cfg!(windows) { r"C:\Users\me\aries" } else { "/home/me/aries" };
    let name = setting.variable();
    Err(Error::usage(
        format!("{name}={text} is not an absolute path"),
        format!("write {name} out, such as {example}, or unset it: nothing here fills in `~` or variables"),
    ))
}

#[derive(Debug, Clone)]
pub(crate) struct ClientFolders {
    /// The home folder as the clients see it: `HOME` first.
    pub(crate) home: PathBuf,
    /// The folder of applications' settings: `~/.config`, `~/Library/Application Support`, `%APPDATA%`.
    pub(crate) config: PathBuf,
    /// `%LOCALAPPDATA%` and what other systems have in its place.
    pub(crate) local: PathBuf,
    /// Where this program keeps what it needs for these files. Not the state folder: that one stays where `HOME` is moved,
    /// and is one of its own for each sandbox.
    pub(crate) state: PathBuf,
}

pub(crate) fn client_folders() -> Option<ClientFolders> {
    let dirs = directories::BaseDirs::new().filter(|dirs| dirs.home_dir().is_absolute())?;
    let (home, config, local) = (dirs.home_dir(), dirs.config_dir(), dirs.data_local_dir());
    let state = dirs.state_dir().unwrap_or(local).join("aries-mcp");
    Some(ClientFolders { home: home.to_owned(), config: config.to_owned(), local: local.to_owned(), state })
}

/// The person's home, by the user database and by the environment: both are masked where output may be shown around.
pub(crate) fn home_folders() -> Vec<PathBuf> {
    let mut homes: Vec<PathBuf> = client_folders().map(|folders| folders.home).into_iter().collect();
    #[cfg(unix)]
    homes.extend(home().ok());
    homes.dedup();
    homes
}

struct Folders {
    config_file: PathBuf,
    state: PathBuf,
}

#[cfg(target_os = "linux")]
fn platform_folders() -> Result<Folders> {
    let home = home()?;
    let by_user_database = home.join(".config/aries-mcp/config.toml");
    // XDG_CONFIG_HOME is honoured where a file already lies there; a place below the working folder never is.
    let by_environment =
        directories::ProjectDirs::from("", "", "aries-mcp").map(|dirs| dirs.config_dir().join("config.toml"));
    let config_file =
        by_environment.filter(|path| path.is_absolute() && path.is_file()).unwrap_or(by_user_database);
    Ok(Folders { config_file, state: home.join(".local/state/aries-mcp") })
}

#[cfg(all(unix, not(target_os = "linux")))]
fn platform_folders() -> Result<Folders> {
    let base = home()?.join("Library/Application Support/aries-mcp");
    Ok(Folders { config_file: base.join("config.toml"), state: base.join("state") })
}

#[cfg(unix)]
fn home() -> Result<PathBuf> {
    let user = nix::unistd::User::from_uid(nix::unistd::Uid::current()).ok().flatten();
    let fallback = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let dir = user.map(|user| user.dir).filter(|dir| dir.is_absolute());
    dir.or_else(|| fallback().filter(|dir| dir.is_absolute())).ok_or_else(no_home)
}

#[cfg(windows)]
fn platform_folders() -> Result<Folders> {
    // These come from the system's known folders, not from variables.
    let dirs = directories::ProjectDirs::from("", "", "aries-mcp").ok_or_else(no_home)?;
    Ok(Folders {
        config_file: dirs.config_dir().join("config.toml"),
        state: dirs.data_local_dir().join("state"),
    })
}

fn no_home() -> Error {
    Error::failed(
        "this user has no home folder",
        "set ARIES_STATE_DIR and ARIES_CONFIG_DIR to folders that exist",
    )
}
