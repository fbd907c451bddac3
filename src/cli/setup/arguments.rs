//! What becomes of the arguments of an entry that is there already.

/// The arguments of an entry with those of this run: an option that this run names is set, every other one stays.
pub(super) fn merged(old: &[String], given: &[String]) -> Vec<String> {
    if old.is_empty() {
        return given.to_vec();
    }
    let mut merged = old.to_vec();
    // The first word is the command `serve`, which starts without a word too.
    let options = given.get(1..).unwrap_or_default();
    for option in options.chunk_by(|_, next| !next.starts_with("--")) {
        let Some(name) = option.first() else { continue };
        let is_it = |word: &String| word.split('=').next() == Some(name);
        match merged.iter().position(is_it) {
            None => merged.extend_from_slice(option),
            Some(at) => {
                let words = if merged.get(at) == Some(name) { option.len() } else { 1 };
                let end = merged.len().min(at + words);
                drop(merged.splice(at..end, option.iter().cloned()));
            }
        }
    }
    merged
}

/// Whether an entry with these arguments and variables has every option that this run names.
pub(super) fn have(args: &[String], env: &[(String, String)], given: &[String]) -> bool {
    let option = |(name, value): &(String, String)| {
        let option = name.strip_prefix("ARIES_")?.to_ascii_lowercase().replace('_', "-");
        Some([format!("--{option}"), value.clone()])
    };
    let parts = |words: Vec<String>| -> Vec<String> {
        words.iter().flat_map(|word| word.splitn(2, '=')).map(str::to_owned).collect()
    };
    let own = parts(args.iter().cloned().chain(env.iter().filter_map(option).flatten()).collect());
    given.is_empty() || parts(merged(&own, given)) == own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_the_options_that_it_would_start_with() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let env = [("ARIES_PROFILE".to_owned(), "joint".to_owned())];
        for (own, env, given, has) in [
            ("serve --profile ira", &[][..], "serve --profile ira", true),
            ("--profile=ira --read-only", &[], "serve --profile ira", true),
            ("serve --profile ira", &[], "serve --profile roth", false),
            ("serve", &env, "serve --profile joint", true),
            ("", &[], "serve --read-only", false),
            ("", &[], "", true),
        ] {
            assert_eq!(have(&words(own), env, &words(given)), has, "{own} / {given}");
        }
    }

    #[test]
    fn an_entry_keeps_every_option_that_this_run_does_not_name() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (old, given, becomes) in [
            ("", "serve --sandbox", "serve --sandbox"),
            ("serve --read-only --profile ira", "", "serve --read-only --profile ira"),
            ("--read-only", "serve --toolsets market", "--read-only --toolsets market"),
            ("serve --profile ira --read-only", "serve --profile roth", "serve --profile roth --read-only"),
            ("--profile=ira --read-only", "serve --profile roth", "--profile roth --read-only"),
            ("serve --read-only", "serve --read-only", "serve --read-only"),
            ("-y aries-mcp --toolsets all", "serve --toolsets market", "-y aries-mcp --toolsets market"),
            ("serve --profile", "serve --profile ira", "serve --profile ira"),
        ] {
            assert_eq!(merged(&words(old), &words(given)), words(becomes), "{old} + {given}");
        }
    }
}
