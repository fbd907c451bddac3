//! The server as its clients meet it.

mod absent;
#[cfg(unix)]
mod app_hosts;
#[cfg(unix)]
mod app_pages;
#[cfg(unix)]
mod apps;
mod clients;
#[cfg(unix)]
mod matrix;
mod protocol;
#[cfg(target_os = "linux")]
mod secrets;
mod tunnel;
