//! Orders through the real binary on the embedded Aries: previewed, approved, sent exactly once.

mod accounts;
mod approval;
mod apps;
mod arguments;
mod believed;
mod book;
mod canceling;
mod cash;
mod changing;
mod checking;
mod claims;
mod counting;
mod damaged;
mod doubts;
mod elsewhere;
mod everyday;
mod explaining;
mod following;
mod hours;
#[cfg(target_os = "linux")]
mod inspector;
mod journals;
mod killed;
mod killed_canceling;
#[cfg(target_os = "linux")]
mod killed_settling;
mod lagging;
mod looking;
mod mixed;
mod naming;
mod older_names;
mod placing;
mod play;
mod refusals;
mod table;
mod unchanged;
mod whole;
