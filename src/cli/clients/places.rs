//! How the table of clients says where files lie.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    pub(in crate::cli) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// The folder that a path begins at.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) enum Root {
    Home,
    /// `~/.config`, `~/Library/Application Support` or `%APPDATA%`.
    AppData,
    /// `%LOCALAPPDATA%`, of which other systems have none.
    LocalAppData,
    /// `~/.config` on every system.
    DotConfig,
    /// What a variable names; without it, this folder in the home.
    Variable(&'static str, &'static str),
    /// The folder that the command runs in.
    Here,
}

/// One place where the configuration of a client may lie.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct File {
    pub(in crate::cli) systems: &'static [System],
    pub(in crate::cli) root: Root,
    /// What exists below the root if the client is installed.
    pub(in crate::cli) seen: &'static str,
    /// The file, below the same root. One `*` stands for the rest of a folder's name.
    pub(in crate::cli) path: &'static str,
}
