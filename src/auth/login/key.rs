//! The API key of a sign-in: checks that what a person types or a chat hands over can be one.

use secrecy::{ExposeSecret, SecretString};

use crate::auth::store::Store;
use crate::config::Settings;
use crate::error::{Error, Result};

/// Returns the client id in what was typed. Fails for a placeholder or something that no id looks like.
pub(crate) fn checked_id(typed: &str) -> Result<String> {
    let id = typed.trim().trim_matches(['"', '\'', '`']);
    if !id.is_empty() && !is_placeholder(id) && id.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(id.to_owned());
    }
    Err(Error::usage(
        format!("{id:?} is not a client id"),
        "copy the client id of your key from Client Center, API, into ARIES_CLIENT_ID or the prompt",
    ))
}

/// Returns the client secret in what was typed; `None` if nothing was. The text is no part of an error.
pub(crate) fn checked_secret(typed: &str) -> Result<Option<SecretString>> {
    let secret = typed.trim().trim_matches(['"', '\'', '`']);
    if is_placeholder(secret) || !secret.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::usage(
            "that is not a client secret",
            "copy it from Client Center, API, or leave it out: a key can be used without",
        ));
    }
    Ok(Some(SecretString::from(secret.to_owned())).filter(|_| !secret.is_empty()))
}

/// Returns the secret of an earlier sign-in with the same key. If the store does not answer, the sign-in finds out.
pub(crate) async fn stored_secret(
    settings: &Settings,
    client_id: &str,
    limit: std::time::Duration,
) -> Option<SecretString> {
    earlier_secret(settings, client_id, limit).await.flatten()
}

/// The secret that an earlier sign-in with the same key had, if there was such a sign-in.
pub(crate) async fn earlier_secret(
    settings: &Settings,
    client_id: &str,
    limit: std::time::Duration,
) -> Option<Option<SecretString>> {
    let tokens = Store::of(settings).load(limit).await.ok()??;
    (client_id == tokens.client_id).then_some(tokens.client_secret)
}

pub(crate) fn configured_secret(settings: &Settings) -> Result<Option<SecretString>> {
    settings.client_secret.as_ref().map_or(Ok(None), |secret| checked_secret(secret.expose_secret()))
}

fn is_placeholder(text: &str) -> bool {
    let plain: String = text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let known = "yourclientid clientid ariesclientid yourid changeme todo yourclientsecret clientsecret";
    let is_known = known.split(' ').any(|known| known == plain);
    let is_bracketed = text.starts_with(['<', '$', '{', '[']);
    is_bracketed || is_known || (!plain.is_empty() && plain.chars().all(|c| c == 'x'))
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
        assert_eq!(secret.expose_secret(), "s3cr3t");
        assert!(checked_secret(" ").unwrap().is_none());
        assert!(!checked_secret("my secret").unwrap_err().to_string().contains("my secret"));
    }
}
