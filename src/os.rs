//! What the operating system gives. A leaf: it knows nothing of Aries, orders or sign-ins.

pub(crate) mod atomic_file;
pub(crate) mod blocking;
pub(crate) mod browser;
pub(crate) mod end;
pub(crate) mod hex;
pub(crate) mod holder;
pub(crate) mod lock;
pub(crate) mod random;
pub(crate) mod scratch;
