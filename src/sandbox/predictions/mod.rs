//! Prediction markets and election finance (prediction-markets.md). People, committees and sums are made up.
//!
//! The documentation uses `/v1/prediction/` and `/v1/predictions/` for the same calls: both are answered.

pub(crate) mod elections;
pub(crate) mod itemized;
pub(crate) mod markets;
pub(crate) mod pages;
