//! The lock files of a sign-in: where they lie and who holds them.

use std::path::{Path, PathBuf};

use crate::config::{Settings, TokenStore};
use crate::os::lock;

const LOGIN: &str = ".login.lock";

/// The lock around "read the store again, refresh, save". Its path follows the credential: two processes that share
/// a keychain item share it, whatever their variables say; a token file has it beside itself.
pub(crate) fn refresh_lock(settings: &Settings) -> PathBuf {
    folder(settings).join(format!("{}.refresh.lock", settings.file_key()))
}

/// The lock that a sign-in holds until it ends: one at a time per profile and API.
pub(crate) fn login_lock(settings: &Settings) -> PathBuf {
    folder(settings).join(format!("{}{LOGIN}", settings.file_key()))
}

/// Returns the profile of a sign-in that is running on this machine, whichever profile and store it belongs to, and the
/// file that it holds.
pub(super) fn profile_signing_in(settings: &Settings) -> Option<(String, PathBuf)> {
    let folders = [&settings.places.lock_dir, &settings.places.state_dir];
    let mut files = folders.into_iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    files.find_map(|file| {
        let name = file.file_name().into_string().ok()?;
        let (profile, _) = name.strip_suffix(LOGIN)?.split_once('@')?;
        lock::is_held(&file.path()).then(|| (profile.to_owned(), file.path()))
    })
}

fn folder(settings: &Settings) -> &Path {
    match settings.token_store {
        TokenStore::Keychain => &settings.places.lock_dir,
        TokenStore::File => &settings.places.state_dir,
    }
}
