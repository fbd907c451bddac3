//! What must not stand in an issue: the home folder, the client id, secrets, and whatever looks like one.

use secrecy::ExposeSecret;

use crate::config::{Environment, Settings, home_folders};
use crate::text::without_tokens;

/// Pairs of what is replaced and by what.
pub(super) struct Mask(Vec<(String, String)>);

impl Mask {
    pub(super) fn of(settings: Option<&Settings>, env: &Environment) -> Self {
        let named =
            ["ARIES_CLIENT_SECRET", "ARIES_ACCESS_TOKEN"].into_iter().filter_map(|name| env.get(name));
        let resolved = settings.into_iter().flat_map(|given| [&given.client_secret, &given.access_token]);
        let resolved = resolved.flatten().map(ExposeSecret::expose_secret);
        // A very short "secret" would blot out ordinary words; it is not one.
        let secrets = named.chain(resolved).filter(|secret| secret.len() >= 6);
        let secrets = secrets.map(|secret| (secret.trim().to_owned(), "(secret)".to_owned()));
        let mut pairs: Vec<(String, String)> = secrets.collect();
        let id = settings.and_then(|settings| settings.client_id.as_deref()).filter(|id| id.len() >= 8);
        pairs.extend(id.map(|id| (id.to_owned(), client_id(id))));
        let homes = home_folders().into_iter().map(|home| home.display().to_string());
        pairs.extend(homes.filter(|home| home.len() > 1).map(|home| (home, "~".to_owned())));
        Self(pairs)
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let replaced = self.0.iter().fold(text.to_owned(), |text, (what, by)| match by.as_str() {
            "~" => replace_folder(&text, what),
            _ => text.replace(what, by),
        });
        without_tokens(&replaced)
    }
}

/// The first four characters tell one key from another, and no more.
pub(super) fn client_id(id: &str) -> String {
    id.chars().take(4).chain(['…']).collect()
}

/// Only whole folder names: `/home/ann` is not part of `/home/anna`.
fn replace_folder(text: &str, folder: &str) -> String {
    let mut parts = text.split(folder);
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let longer_name = part.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        done.push_str(if longer_name { folder } else { "~" });
        done.push_str(part);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_ids_and_tokens_disappear() {
        let mask = Mask(vec![
            ("s3cret-value".to_owned(), "(secret)".to_owned()),
            ("7f3a90bc-11".to_owned(), client_id("7f3a90bc-11")),
            ("/home/ann".to_owned(), "~".to_owned()),
        ]);
        let token = "a1".repeat(30);
        assert_eq!(
            mask.apply(&format!("/home/ann/x /home/anna/y 7f3a90bc-11 s3cret-value, {token}!")),
            "~/x /home/anna/y 7f3a… (secret), (hidden)!"
        );
    }
}
