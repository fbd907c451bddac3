//! Sign-in and session: how a person signs in to Aries, and how the sign-in lasts.
//!
//! - A refresh token is used once: lock, read the store again, refresh only if still stale, save, release. It runs as a
//!   task of its own, so a cancelled call cannot lose a token that Aries has already replaced.
//! - No failure deletes a token. Only a definite `invalid_grant`, with the store unchanged, says "sign in again".
//! - Tokens belong to one profile and one API origin; the stored form names both and is read for no other.

pub mod callback;
mod file_store;
pub(crate) mod keychain;
pub(crate) mod locks;
pub mod login;
pub mod scope;
pub(crate) mod session;
pub(crate) mod session_file;
pub mod store;
pub(crate) mod token_endpoint;
pub mod tokens;

pub use scope::Scopes;
pub use session::{Bearer, Session};
pub use session_file::{SessionFile, SignInState};
pub(crate) use token_endpoint::login_command;
