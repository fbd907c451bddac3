//! Questions on the terminal.

use std::io::IsTerminal;

use secrecy::SecretString;

use crate::auth::aside;
use crate::auth::keychain::PATIENT;
use crate::auth::store::Store;
use crate::cli::output::say;
use crate::config::Settings;
use crate::error::{Error, Result};

/// Whether a person is there to answer.
pub(super) fn on_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One line from stdin, whether a terminal or not.
pub(super) async fn line(prompt: &str) -> Result<String> {
    crate::cli::output::prompt(prompt);
    let read = aside(None, || {
        let mut text = String::new();
        std::io::stdin().read_line(&mut text).map(|length| (length, text))
    });
    match read.await {
        Some(Ok((length, text))) if length > 0 => Ok(text.trim().to_owned()),
        _ => Err(Error::usage("the input ended before the answer", "run `aries-mcp login` in a terminal")),
    }
}

/// Yes unless the answer begins with n.
pub(super) async fn yes(question: &str) -> bool {
    let answer = line(&format!("{question} [Y/n] ")).await;
    answer.is_ok_and(|answer| !answer.to_lowercase().starts_with('n'))
}

/// The known client id, or the one the person types.
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

fn checked_id(typed: &str) -> Result<String> {
    let id = typed.trim().trim_matches(['"', '\'', '`']);
    if !id.is_empty() && !is_placeholder(id) && id.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(id.to_owned());
    }
    Err(Error::usage(
        format!("{id:?} is not a client id"),
        "copy the client id of your key from Client Center, API, into ARIES_CLIENT_ID or the prompt",
    ))
}

/// What stands in examples in the place of a value.
fn is_placeholder(text: &str) -> bool {
    let plain: String = text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let known = [
        "yourclientid",
        "clientid",
        "ariesclientid",
        "yourid",
        "changeme",
        "todo",
        "yourclientsecret",
        "clientsecret",
    ];
    let bracketed = text.starts_with(['<', '$', '{', '[']);
    bracketed || known.contains(&plain.as_str()) || (!plain.is_empty() && plain.chars().all(|c| c == 'x'))
}

/// The secret of the key, if it has one: from the variable, the store, or a hidden prompt.
pub(super) async fn client_secret(settings: &Settings) -> Result<Option<SecretString>> {
    if let Some(secret) = &settings.client_secret {
        return checked_secret(secrecy::ExposeSecret::expose_secret(secret));
    }
    let kept = kept_secret(settings).await;
    if !on_terminal() {
        return Ok(kept);
    }
    let prompt = match kept {
        Some(_) => "Client secret (hidden; Enter keeps the stored one, - removes it): ",
        None => "Client secret (hidden; Enter for none): ",
    };
    let typed = aside(None, move || rpassword::prompt_password(prompt)).await;
    let typed = zeroize::Zeroizing::new(typed.and_then(std::io::Result::ok).unwrap_or_default());
    match typed.trim() {
        "" => Ok(kept),
        "-" => Ok(None),
        secret => checked_secret(secret),
    }
}

fn checked_secret(typed: &str) -> Result<Option<SecretString>> {
    let secret = typed.trim().trim_matches(['"', '\'', '`']);
    if is_placeholder(secret) || !secret.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::usage(
            "that is not a client secret",
            "copy it from Client Center, API, or leave it out: a key can be used without",
        ));
    }
    Ok(Some(SecretString::from(secret.to_owned())).filter(|_| !secret.is_empty()))
}

/// The secret of an earlier sign-in with the same key. A store that does not answer is noticed by the probe later.
async fn kept_secret(settings: &Settings) -> Option<SecretString> {
    let tokens = Store::of(settings).load(PATIENT).await.ok()??;
    let same_key = settings.client_id.as_ref() == Some(&tokens.client_id);
    tokens.client_secret.filter(|_| same_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_not_ids() {
        for wrong in
            ["YOUR_CLIENT_ID", "<client id>", "client_id", "xxxx", "", " \"\" ", "$ARIES_CLIENT_ID", "a b"]
        {
            assert_eq!(checked_id(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
        assert_eq!(checked_id(" \"7f3a-90\" ").unwrap(), "7f3a-90");
    }

    #[test]
    fn a_secret_is_trimmed_and_never_shown() {
        let secret = checked_secret(" 's3cr3t' ").unwrap().unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&secret), "s3cr3t");
        assert!(checked_secret(" ").unwrap().is_none());
        assert!(!checked_secret("my secret").unwrap_err().to_string().contains("my secret"));
    }
}
