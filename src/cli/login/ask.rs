//! Questions on the terminal.

use std::io::{BufRead, IsTerminal};

use secrecy::SecretString;

use crate::auth::keychain::PATIENT;
use crate::auth::login::{checked_id, checked_secret, configured_secret, earlier_secret};
use crate::cli::output::say;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::blocking;

pub(in crate::cli) fn on_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One line from stdin, whether a terminal or not.
pub(in crate::cli) async fn line(prompt: &str) -> Result<String> {
    crate::cli::output::prompt(prompt);
    let read = blocking::run(None, || up_to_end(std::io::stdin().lock()));
    match read.await {
        Some(Ok(Some(text))) => Ok(typed(&text)),
        _ => {
            // What is said next does not stand behind the question.
            crate::cli::output::prompt("\n");
            Err(no_answer())
        }
    }
}

/// Ctrl-D, which a terminal for long lines leaves to its reader.
const END: u8 = 4;

/// One line; `None` if the input ends before it begins.
fn up_to_end(input: impl BufRead) -> std::io::Result<Option<String>> {
    let (mut line, mut is_over) = (Vec::new(), false);
    for byte in input.bytes() {
        match byte? {
            b'\n' => is_over = true,
            END => break,
            byte => line.push(byte),
        }
        if is_over {
            break;
        }
    }
    let text = String::from_utf8_lossy(&line).into_owned();
    Ok((is_over || !line.is_empty()).then_some(text))
}

/// A line without the letters that were taken back, and without the marks of a terminal around what was pasted: a terminal
/// for long lines leaves both to its reader.
fn typed(text: &str) -> String {
    let mut kept = String::new();
    let mut letters = text.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{7f}' | '\u{8}' => drop(kept.pop()),
            // A control sequence ends with its first letter or tilde.
            '\u{1b}' => drop(letters.find(|letter| letter.is_ascii_alphabetic() || *letter == '~')),
            letter => kept.push(letter),
        }
    }
    kept
}

/// Lets lines be longer than a terminal takes by itself (4,095 characters, on macOS 1,023) while it lives.
pub(super) struct LongLines {
    #[cfg(unix)]
    before: Option<nix::sys::termios::Termios>,
}

impl LongLines {
    #[cfg(unix)]
    pub(super) fn allow() -> Self {
        use nix::sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, tcgetattr, tcsetattr};

        let before = on_terminal().then(|| tcgetattr(std::io::stdin()).ok()).flatten();
        if let Some(mut long) = before.clone() {
            // A terminal that passes everything on would show the end of a line as `^J`.
            long.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHOCTL);
            for (at, value) in [(SpecialCharacterIndices::VMIN, 1), (SpecialCharacterIndices::VTIME, 0)] {
                if let Some(slot) = long.control_chars.get_mut(at as usize) {
                    *slot = value;
                }
            }
            // Without it, only very long addresses cannot be pasted.
            let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, &long);
        }
        Self { before }
    }

    #[cfg(not(unix))]
    pub(super) fn allow() -> Self {
        Self {}
    }
}

impl Drop for LongLines {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(before) = &self.before {
            let _ =
                nix::sys::termios::tcsetattr(std::io::stdin(), nix::sys::termios::SetArg::TCSANOW, before);
        }
    }
}

fn no_answer() -> Error {
    Error::usage("the input ended before the answer", "run it in a terminal")
}

/// Yes unless the answer begins with n.
pub(super) async fn yes(question: &str) -> bool {
    let answer = line(&format!("{question} [Y/n] ")).await;
    answer.is_ok_and(|answer| !answer.to_lowercase().starts_with('n'))
}

pub(super) async fn client_id(settings: &Settings) -> Result<String> {
    if let Some(id) = &settings.client_id {
        return checked_id(id);
    }
    if !on_terminal() {
        return Err(Error::usage(
            "no client id is known for this profile, and there is no terminal to ask on",
            "set ARIES_CLIENT_ID to the id of your key (Client Center, API, Generate Key)",
        ));
    }
    say!("aries-mcp needs an API key of yours; it is made once, in Aries' Client Center:\n");
    say!("  1. Open Client Center, API, Generate Key.");
    say!("  2. Register this redirect URI, letter by letter:\n\n         {}\n", settings.redirect_uri);
    say!("  3. Choose the scopes you want to allow, and press Generate API key.");
    say!("  4. Copy the client id. The secret is shown once; it is optional here.\n");
    checked_id(&line("Client ID: ").await?)
}

/// The secret of the key, if it has one: from the variable, the store, or a hidden prompt.
pub(super) async fn client_secret(settings: &Settings) -> Result<Option<SecretString>> {
    if settings.client_secret.is_some() {
        return configured_secret(settings);
    }
    let earlier = match &settings.client_id {
        Some(id) => earlier_secret(settings, id, PATIENT).await,
        None => None,
    };
    // A key that signed in without a secret needs none.
    let is_needless = matches!(earlier, Some(None));
    let kept = earlier.flatten();
    if is_needless || !on_terminal() {
        return Ok(kept);
    }
    let prompt = match kept {
        Some(_) => "Client secret (hidden; Enter keeps the stored one, - removes it): ",
        None => "Client secret (hidden; Enter for none): ",
    };
    let typed = blocking::run(None, move || rpassword::prompt_password(prompt)).await;
    let typed = zeroize::Zeroizing::new(typed.and_then(std::io::Result::ok).ok_or_else(no_answer)?);
    match typed.trim() {
        "" => Ok(kept),
        "-" => Ok(None),
        secret => checked_secret(secret),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_input_is_no_answer() {
        for (sent, line) in [
            ("abc\nd", Some("abc")),
            ("\n", Some("")),
            ("abc", Some("abc")),
            ("abc\u{4}d\n", Some("abc")),
            ("\u{4}\n", None),
            ("", None),
        ] {
            assert_eq!(up_to_end(sent.as_bytes()).unwrap().as_deref(), line, "{sent:?}");
        }
    }

    #[test]
    fn a_line_is_what_was_typed_in_the_end() {
        for (sent, line) in [
            ("abc\u{7f}d\n", "abd"),
            ("\u{1b}[200~http://x/?code=1\u{1b}[201~\r\n", "http://x/?code=1"),
            (" y \n", "y"),
        ] {
            assert_eq!(typed(sent), line);
        }
    }
}
