//! What the clients are to start: this program by its full path, with the options that were given.

use std::path::{Path, PathBuf};

use crate::cli::clients::folders::{Folders, in_path};
use crate::cli::clients::program::{is_in_cache_of_packages, package};
use crate::cli::clients::server::{Launch, quoted};
use crate::config::setting::{CommandLine, SETTINGS, Setting};
use crate::config::{Environment, Options};
use crate::error::{Error, Result};

pub(super) fn of_process(options: &Options, folders: &Folders) -> Result<Launch> {
    let running = std::env::current_exe().map_err(|error| {
        Error::failed(
            format!("the path of this program is not known: {error}"),
            "write the file by hand: examples/clients",
        )
    })?;
    let path = link(&running, folders).unwrap_or(running);
    let command = path.into_os_string().into_string();
    let command = command.map_err(|path| {
        let cause =
            format!("{} is not Unicode text, and the files of clients are", Path::new(&path).display());
        Error::failed(cause, "install the program in another folder")
    })?;
    Ok(Launch { command, args: words(options) })
}

/// A link in the `PATH` to the running program, as Homebrew has one: it still leads there after an update.
fn link(running: &Path, folders: &Folders) -> Option<PathBuf> {
    let link = in_path("aries-mcp", folders.env.get("PATH")).filter(|path| path.is_absolute())?;
    (link.canonicalize().ok()? == running.canonicalize().ok()?).then_some(link)
}

/// The global options of this command line, for `serve`.
fn words(options: &Options) -> Vec<String> {
    let given = SETTINGS.iter().filter_map(|setting| Some((setting, options.get(setting)?)));
    let options = given.flat_map(|(setting, value)| {
        let value = match setting.option {
            CommandLine::Switch => None,
            CommandLine::File(_) => Some(std::path::absolute(value).unwrap_or_else(|_| value.into())),
            _ => Some(PathBuf::from(value)),
        };
        let value = value.map(|value| value.display().to_string());
        std::iter::once(format!("--{}", setting.long())).chain(value)
    });
    let options: Vec<String> = options.collect();
    let serve = (!options.is_empty()).then(|| "serve".to_owned());
    serve.into_iter().chain(options).collect()
}

/// The environment without what the entry would have to carry as options.
pub(super) fn as_in_client(env: &Environment) -> Environment {
    let options = SETTINGS.iter().filter(|setting| is_option(setting));
    env.with(options.map(|setting| (setting.variable(), String::new())))
}

/// The variables that stand for options which this run does not have, each with its option.
pub(super) fn unseen(options: &Options, env: &Environment) -> impl Iterator<Item = (String, String)> {
    let given = SETTINGS.iter().filter(|setting| is_option(setting) && options.get(setting).is_none());
    given.filter_map(|setting| {
        let (variable, value) = (setting.variable(), env.get(&setting.variable())?);
        let option = match setting.option {
            CommandLine::Switch if matches!(value, "0" | "false" | "no" | "off") => return None,
            CommandLine::Switch => format!("--{}", setting.long()),
            _ => format!("--{} {}", setting.long(), quoted(value)),
        };
        Some((variable, option))
    })
}

fn is_option(setting: &Setting) -> bool {
    !matches!(setting.option, CommandLine::No | CommandLine::OfCommand(_))
}

/// What makes the path one that will not last.
pub(super) fn warning(launch: &Launch) -> Option<String> {
    let parts: Vec<&str> = launch.command.split(['/', '\\']).collect();
    let is_built =
        parts.iter().skip_while(|part| **part != "target").any(|part| matches!(*part, "debug" | "release"));
    let why = if is_built || is_in_build_folder(Path::new(&launch.command)) {
        "is in a folder of cargo, which `cargo clean` empties"
    } else if is_in_cache_of_packages(&launch.command) {
        "is in a cache of npx or its like, which is emptied now and then"
    } else if parts.contains(&"Claude Extensions") {
        "is in the bundle of Claude Desktop, which takes it away when it is updated or uninstalled"
    } else {
        return None;
    };
    let hint = format!(
        "install it first (./install.sh, or npm install --global {}) and run setup from there",
        package()
    );
    Some(format!("warning: {} {why}\nhint: {hint}", launch.command))
}

/// Whether cargo has built here, whatever its folder is called: it leaves a mark beside the folder of a profile, and
/// beside that of a platform above it.
fn is_in_build_folder(program: &Path) -> bool {
    let marks = [".rustc_info.json", "CACHEDIR.TAG"];
    program.ancestors().skip(2).take(2).any(|folder| marks.iter().any(|mark| folder.join(mark).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::setting::{READ_ONLY, TOOLSETS};

    #[test]
    fn options_become_words_of_serve() {
        let mut options = Options::default();
        assert_eq!(words(&options), Vec::<String>::new());
        options.insert(&READ_ONLY, "true");
        options.insert(&TOOLSETS, "market");
        assert_eq!(words(&options), ["serve", "--read-only", "--toolsets", "market"]);
    }

    #[test]
    fn a_path_that_does_not_last_is_told() {
        let of = |command: &str| warning(&Launch { command: command.to_owned(), args: Vec::new() });
        assert!(of("/home/ann/aries-mcp/target/release/aries-mcp").is_some());
        assert!(of(r"C:\src\target\x86_64-pc-windows-msvc\debug\aries-mcp.exe").is_some());
        for cache in
            ["/home/ann/.npm/_npx/1", "/home/ann/.cache/pnpm/dlx/1", "/tmp/bunx-1000-aries-mcp@latest"]
        {
            let command = format!("{cache}/node_modules/aries-mcp-linux-x64/aries-mcp");
            assert!(
                of(&command).is_some_and(|said| said.contains("in a cache of npx or its like")),
                "{command}"
            );
        }
        assert!(
            of("/Users/ann/Library/Application Support/Claude/Claude Extensions/x/server/aries-mcp")
                .is_some()
        );
        assert_eq!(of("/home/target/.local/bin/aries-mcp"), None);
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join(".rustc_info.json"), "{}").unwrap();
        for (profile, is_built) in
            [("debug", true), ("x86_64-unknown-linux-musl/dist", true), ("a/b/bin", false)]
        {
            let program = root.path().join(profile).join("aries-mcp");
            std::fs::create_dir_all(program.parent().unwrap()).unwrap();
            assert_eq!(of(program.to_str().unwrap()).is_some(), is_built, "{profile}");
        }
    }

    #[test]
    fn a_variable_of_the_shell_is_told_with_the_option_for_it() {
        let env = Environment::from([
            ("ARIES_PROFILE", "ira"),
            ("ARIES_READ_ONLY", "true"),
            ("ARIES_SANDBOX", "off"),
            ("ARIES_TOOLSETS", "market"),
            ("ARIES_CLIENT_SECRET", "s3cret"),
        ]);
        let mut options = Options::default();
        options.insert(&TOOLSETS, "market");
        let told: Vec<_> = unseen(&options, &env).collect();
        let pair = |variable: &str, option: &str| (variable.to_owned(), option.to_owned());
        assert_eq!(told, [pair("ARIES_PROFILE", "--profile ira"), pair("ARIES_READ_ONLY", "--read-only")]);
        assert_eq!(as_in_client(&env).get("ARIES_PROFILE"), None);
    }
}
