//! Where the configuration of clients lies on this machine. Tests put other systems' folders in.

use std::path::{Path, PathBuf};

use super::Client;
use super::places::{File, Root, System};
use crate::config::{ClientFolders, Environment, client_folders};

/// The folders of one user on one system.
pub(in crate::cli) struct Folders {
    pub(in crate::cli) system: System,
    pub(in crate::cli) base: ClientFolders,
    pub(in crate::cli) here: PathBuf,
    pub(in crate::cli) env: Environment,
}

impl Folders {
    /// Those of this process; `None` if this user has no home.
    pub(in crate::cli) fn of_process(env: &Environment) -> Option<Self> {
        let here = std::env::current_dir().unwrap_or_default();
        Some(Self { system: System::HERE, base: client_folders()?, here, env: env.clone() })
    }

    /// The files that a client may read here, the preferred one first, whether they exist or not.
    pub(in crate::cli) fn files(&self, client: &Client) -> Vec<PathBuf> {
        self.places(client).flat_map(|file| self.expand(file, file.path)).collect()
    }

    /// Where one file of a client lies here.
    pub(super) fn paths(&self, file: &File) -> Vec<PathBuf> {
        if file.systems.contains(&self.system) { self.expand(file, file.path) } else { Vec::new() }
    }

    /// The files here of the other editions and profiles of a client, each of which reads its own alone.
    pub(in crate::cli) fn other_editions(&self, client: &Client, path: &Path) -> Vec<PathBuf> {
        let seen = self.places(client).filter(|file| client.has_editions && self.is_seen(file));
        seen.flat_map(|file| self.paths(file)).filter(|other| other != path).collect()
    }

    /// The file to write for a client: the first one whose client is installed, else the preferred one.
    pub(in crate::cli) fn file(&self, client: &Client) -> Option<PathBuf> {
        let installed = self.places(client).filter(|file| self.is_seen(file));
        let installed = installed.flat_map(|file| self.expand(file, file.path)).next();
        installed.or_else(|| self.files(client).into_iter().next())
    }

    pub(in crate::cli) fn is_installed(&self, client: &Client) -> bool {
        self.places(client).any(|file| self.is_seen(file))
            || client.program.is_some_and(|program| in_path(program, self.env.get("PATH")).is_some())
    }

    fn places(&self, client: &Client) -> impl Iterator<Item = &'static File> {
        client.files.iter().filter(|file| file.systems.contains(&self.system))
    }

    fn is_seen(&self, file: &File) -> bool {
        self.expand(file, file.seen).iter().any(|path| path.exists())
    }

    fn expand(&self, file: &File, path: &str) -> Vec<PathBuf> {
        let root = match file.root {
            Root::Home => self.base.home.clone(),
            Root::AppData => self.base.config.clone(),
            Root::LocalAppData => self.base.local.clone(),
            Root::DotConfig if self.system == System::Linux => self.base.config.clone(),
            Root::DotConfig => self.base.home.join(".config"),
            Root::Variable(name, folder) => {
                self.env.get(name).map_or_else(|| self.base.home.join(folder), PathBuf::from)
            }
            Root::Here => self.here.clone(),
        };
        match path.split_once('*') {
            None => vec![below(root, path)],
            Some((before, after)) => matching(&root, before, after),
        }
    }
}

/// The paths that exist up to the folder with the star in its name, in the order of their names.
fn matching(root: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let (folder, start) = before.rsplit_once('/').unwrap_or(("", before));
    let names =
        std::fs::read_dir(below(root.to_owned(), folder)).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = names
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(start))
        .map(|entry| below(entry.path(), after.trim_start_matches('/')))
        .collect();
    found.sort();
    found
}

/// A path of the table, whose parts are joined as this system writes them.
fn below(root: PathBuf, path: &str) -> PathBuf {
    path.split('/').fold(root, |folder, part| folder.join(part))
}

/// A program of this name in the folders of `PATH`.
pub(in crate::cli) fn in_path(program: &str, path: Option<&str>) -> Option<PathBuf> {
    let suffixes: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd"] } else { &[""] };
    let files =
        |folder: PathBuf| suffixes.iter().map(move |suffix| folder.join(format!("{program}{suffix}")));
    std::env::split_paths(path?).flat_map(files).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.is_file() && executable(&found))
}

#[cfg(unix)]
pub(in crate::cli) fn executable(found: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(found) & 0o111 != 0
}

#[cfg(not(unix))]
pub(in crate::cli) fn executable(_found: &std::fs::Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::super::table::CLIENTS;
    use super::*;

    /// A home of this system below a folder of this test's own.
    fn folders(system: System, root: &Path, env: Environment) -> Folders {
        let home = root.join("home");
        let (config, local) = match system {
            System::Linux => (home.join(".config"), home.join(".local/share")),
            System::MacOs => {
                let support = home.join("Library/Application Support");
                (support.clone(), support)
            }
            System::Windows => {
                let data = home.join("AppData");
                (data.join("Roaming"), data.join("Local"))
            }
        };
        Folders {
            system,
            base: ClientFolders { home, config, state: local.clone(), local },
            here: root.join("project"),
            env,
        }
    }

    fn file(folders: &Folders, key: &str) -> String {
        let client = CLIENTS.iter().find(|client| client.key == key).unwrap();
        let file = folders.file(client).unwrap();
        file.strip_prefix(folders.here.parent().unwrap()).unwrap().to_str().unwrap().replace('\\', "/")
    }

    #[test]
    fn each_system_has_its_places() {
        let root = tempfile::tempdir().unwrap();
        let on = |system, key| file(&folders(system, root.path(), Environment::default()), key);
        for (key, linux, mac, windows) in [
            (
                "claude-desktop",
                ".config/Claude/claude_desktop_config.json",
                "Library/Application Support/Claude/claude_desktop_config.json",
                "AppData/Roaming/Claude/claude_desktop_config.json",
            ),
            (
                "vscode",
                ".config/Code/User/mcp.json",
                "Library/Application Support/Code/User/mcp.json",
                "AppData/Roaming/Code/User/mcp.json",
            ),
            (
                "zed",
                ".config/zed/settings.json",
                ".config/zed/settings.json",
                "AppData/Roaming/Zed/settings.json",
            ),
            (
                "goose",
                ".config/goose/config.yaml",
                ".config/goose/config.yaml",
                "AppData/Roaming/Block/goose/config/config.yaml",
            ),
            ("claude-code", ".claude.json", ".claude.json", ".claude.json"),
            ("codex", ".codex/config.toml", ".codex/config.toml", ".codex/config.toml"),
            ("cursor", ".cursor/mcp.json", ".cursor/mcp.json", ".cursor/mcp.json"),
            ("lm-studio", ".lmstudio/mcp.json", ".lmstudio/mcp.json", ".lmstudio/mcp.json"),
        ] {
            assert_eq!(on(System::Linux, key), format!("home/{linux}"));
            assert_eq!(on(System::MacOs, key), format!("home/{mac}"));
            assert_eq!(on(System::Windows, key), format!("home/{windows}"));
        }
        assert_eq!(on(System::Linux, "claude-code-project"), "project/.mcp.json");
    }

    #[test]
    fn the_installed_claude_of_windows_is_preferred_and_both_files_are_looked_at() {
        let root = tempfile::tempdir().unwrap();
        let folders = folders(System::Windows, root.path(), Environment::default());
        let package = folders.base.local.join("Packages/Claude_pzs8sxrjxfjjc");
        std::fs::create_dir_all(package).unwrap();
        std::fs::create_dir_all(folders.base.config.join("Claude")).unwrap();
        assert_eq!(
            file(&folders, "claude-desktop"),
            "home/AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/claude_desktop_config.json"
        );
        let files = folders.files(&CLIENTS[0]);
        assert_eq!(files.len(), 2);
        let other = if std::path::MAIN_SEPARATOR == '/' { '\\' } else { '/' };
        assert!(files.iter().all(|file| !file.to_str().unwrap().contains(other)), "{files:?}");
    }

    #[test]
    fn variables_move_files_and_folders_tell_who_is_installed() {
        let root = tempfile::tempdir().unwrap();
        let moved = root.path().join("elsewhere");
        std::fs::create_dir_all(&moved).unwrap();
        let env = Environment::from([("CODEX_HOME", moved.to_str().unwrap())]);
        let folders = folders(System::Linux, root.path(), env);
        assert_eq!(file(&folders, "codex"), "elsewhere/config.toml");
        std::fs::create_dir_all(folders.base.home.join(".cursor")).unwrap();
        let installed = CLIENTS.iter().filter(|client| folders.is_installed(client)).map(|client| client.key);
        assert_eq!(installed.collect::<Vec<_>>(), ["codex", "cursor"]);
    }
}
