//! The server as its clients meet it.

mod absent;
mod apps;
mod clients;
mod protocol;
#[cfg(target_os = "linux")]
mod secrets;
