//! Sign-in and session: how a person signs in to Aries, and how the sign-in lasts.
//!
//! A sign-in: [`login`] tries the store out, binds the loopback port ([`callback`]), hands out the address of Aries'
//! page, takes the code that comes back (or the address that the person pastes), gets tokens from the
//! [`token_endpoint`], saves them in the [`store`] and writes the [`session_file`].
//!
//! A sign-in from a chat is the same flow in a task of the server, begun by [`session::Session::sign_in`].
//!
//! A call: [`session::Session::bearer`] gives a fresh token. If the token at hand is not fresh, one task among all tasks
//! and processes renews it under the refresh lock ([`locks`]), and all others use what it saved.
//!
//! Invariants:
//!
//! - A refresh token is used once: lock, read the store again, refresh only if still stale, save, release.
//! - A refresh runs as a task of its own, so a cancelled call cannot lose a token that Aries has already replaced.
//! - No failure deletes a token. Only a definite `invalid_grant`, with the store unchanged, says "sign in again".
//! - Tokens belong to one profile and one API origin; the stored form names both and is read for no other.
//! - Nothing here touches keychain, network or locks before it is asked for a token.
//! - No error, log line or `Debug` shows a secret.

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
