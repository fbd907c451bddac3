//! The commands.

pub mod login;
pub mod logout;
pub mod status;
