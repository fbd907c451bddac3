//! What the tools for reading answer, whatever Aries sends.

mod answers;
mod aries_sdk;
mod disturbed;
mod hostile;
mod market_socket;
mod quotes;
mod research;
