//! Whether a command line starts this program: by itself, or through a program such as npx that runs packages.

use std::path::Path;

/// What npm calls this program: a fork's release has a scope. Its letters are small there.
pub(in crate::cli) fn package() -> String {
    option_env!("NPM_PACKAGE").filter(|name| !name.is_empty()).unwrap_or("aries-mcp").to_ascii_lowercase()
}

/// What this program is started with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Start {
    pub(in crate::cli) args: Vec<String>,
    /// The variables that stand before it in the line: `env NAME=value`.
    pub(in crate::cli) env: Vec<(String, String)>,
}

/// What of a command line is for this program; `None` if the line starts another one.
pub(super) fn start(command: &str, args: &[String]) -> Option<Start> {
    let words = || std::iter::once(command).chain(args.iter().map(String::as_str));
    let before = std::iter::once("").chain(words());
    let at = words().zip(before).position(|(word, before)| !is_launcher(word) && !names_package(before))?;
    let word = words().nth(at).filter(|word| is_ours(word) || is_package(word, &package()));
    word.map(|_| Start {
        args: words().skip(at + 1).map(str::to_owned).collect(),
        env: words().take(at).filter_map(assignment).collect(),
    })
}

/// Whether a word names this program.
pub(in crate::cli) fn is_ours(word: &str) -> bool {
    let names = ["aries-mcp", "aries-mcp.exe", "aries-mcp.cmd", "aries-mcp.js"];
    // A package of somebody else may end in our name.
    (!word.starts_with('@') && names.contains(&file_name(word))) || is_running(word)
}

/// Whether it is the file that runs now, whatever the person has called it.
fn is_running(word: &str) -> bool {
    std::env::current_exe().is_ok_and(|running| is_same_file(Path::new(word), &running))
}

/// Whether both paths lead to one file.
pub(in crate::cli) fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other
        || (one.is_absolute()
            && one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other)))
}

/// Whether a file lies where npx and its like keep the packages that they run once.
pub(in crate::cli) fn is_in_cache_of_packages(path: &str) -> bool {
    let is_cache =
        |part: &str| matches!(part, "_npx" | "dlx") || part.starts_with("dlx-") || part.starts_with("bunx-");
    path.split(['/', '\\']).any(is_cache)
}

/// Whether a word names this program's package, of whatever version.
fn is_package(word: &str, package: &str) -> bool {
    let is_version = |rest: &str| rest.strip_prefix('@').is_some_and(|version| !version.contains('/'));
    ["aries-mcp", package]
        .iter()
        .any(|name| word.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || is_version(rest)))
}

/// Whether a word stands before the package that is run: `cmd /c npx -y`, `npm exec --`, `env NAME=value`.
fn is_launcher(word: &str) -> bool {
    let name = file_name(word).trim_end_matches(".cmd").trim_end_matches(".exe");
    let runs_packages = ["npx", "npm", "pnpm", "pnpx", "yarn", "bun", "bunx", "node", "cmd", "env"];
    let is_verb = ["exec", "dlx", "x", "/c", "/C"].contains(&word);
    is_verb || word.starts_with('-') || runs_packages.contains(&name) || assignment(word).is_some()
}

/// Whether the word behind this option is a package to fetch, and the program of it stands behind that.
fn names_package(option: &str) -> bool {
    matches!(option, "-p" | "--package")
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=').filter(|(name, _)| !name.contains(['/', '\\']))?;
    Some((name.to_owned(), value.to_owned()))
}

/// The last part of a path of any system.
pub(super) fn file_name(word: &str) -> &str {
    word.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<Start> {
        let mut words = line.split(' ').map(str::to_owned);
        let command = words.next().unwrap();
        start(&command, &words.collect::<Vec<_>>())
    }

    #[test]
    fn a_command_line_is_ours_by_what_it_starts() {
        for (line, args) in [
            ("/opt/aries-mcp serve", "serve"),
            (r"C:\x\aries-mcp.exe", ""),
            ("npx -y aries-mcp --read-only", "--read-only"),
            ("/usr/bin/npx --yes aries-mcp@latest", ""),
            (r"C:\nodejs\npx.cmd aries-mcp@0.1.0", ""),
            ("cmd /c npx -y aries-mcp serve --sandbox", "serve --sandbox"),
            ("npm exec --yes -- aries-mcp", ""),
            ("npm exec --package=aries-mcp -- aries-mcp serve", "serve"),
            ("npx -y --package aries-mcp@0.1.0 aries-mcp serve", "serve"),
            ("pnpm dlx aries-mcp", ""),
            ("bunx aries-mcp", ""),
            ("env ARIES_PROFILE=ira /opt/aries-mcp", ""),
            ("node /x/node_modules/aries-mcp/bin/aries-mcp.js", ""),
        ] {
            let start = of(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(start.args.join(" "), args, "{line}");
        }
        for other in [
            "/usr/bin/other x",
            "npx -y @modelcontextprotocol/server-filesystem /home/ann/aries-mcp",
            "npx -y aries-mcp-other",
            "npx -y @other/aries-mcp",
            "npx -y aries-mcp@github/fork",
            "mcp-proxy aries-mcp",
            "/opt/aries-mcp/bin/start",
            "uvx other --with aries-mcp",
            "sh -c aries-mcp",
            "npx -p aries-mcp other",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        let env = [("ARIES_PROFILE".to_owned(), "ira".to_owned())];
        assert_eq!(of("env ARIES_PROFILE=ira /opt/aries-mcp").unwrap().env, env);
    }

    #[test]
    fn a_fork_has_a_package_of_its_own() {
        for word in ["aries-mcp", "aries-mcp@latest", "@ann/aries-mcp", "@ann/aries-mcp@0.1.0"] {
            assert!(is_package(word, "@ann/aries-mcp"), "{word}");
        }
        for word in ["@other/aries-mcp", "@ann/aries-mcp-linux-x64", "aries-mcp@github/fork"] {
            assert!(!is_package(word, "@ann/aries-mcp"), "{word}");
        }
    }

    #[test]
    fn caches_of_what_runs_packages_are_known() {
        for path in [
            "/home/ann/.npm/_npx/1/node_modules/aries-mcp-linux-x64/aries-mcp",
            "/home/ann/.cache/pnpm/dlx/abc/1-2/node_modules/.pnpm/x/node_modules/aries-mcp-linux-x64/aries-mcp",
            r"C:\Users\ann\AppData\Local\pnpm-cache\dlx\abc\node_modules\aries-mcp-win32-x64\aries-mcp.exe",
            "/home/ann/.local/share/pnpm/store/v3/tmp/dlx-4711/node_modules/aries-mcp-linux-x64/aries-mcp",
            "/tmp/bunx-1000-aries-mcp@latest/node_modules/aries-mcp-linux-x64/aries-mcp",
            "/tmp/xfs-1f2e/dlx-4711/.yarn/unplugged/aries-mcp-linux-x64-npm-0.1.0/node_modules/aries-mcp-linux-x64/aries-mcp",
        ] {
            assert!(is_in_cache_of_packages(path), "{path}");
        }
        assert!(!is_in_cache_of_packages(
            "/usr/lib/node_modules/aries-mcp/node_modules/aries-mcp-linux-x64/aries-mcp"
        ));
    }
}
