//! The endpoint table: one row per call of Aries' API, in one file per group.
//!
//! A row says what Aries speaks: method, path, scopes, parameters, who states it, where the answer has its
//! rows and how it is paged. What people and models are shown of it stands at the tool (`tools/research`).
//! `.github/CONTRIBUTING.md` lists the steps of adding an endpoint.

/// Declares the rows of one group, and `ROWS`, which lists them in the order of the page of endpoints.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident = $row:expr;)+) => {
        $($(#[$doc])* pub(crate) static $name: Endpoint = $row;)+
        pub(super) static ROWS: &[&Endpoint] = &[$(&$name),+];
    };
}

mod accounts;
mod alternative;
mod calendar;
mod chart;
mod common;
mod company;
mod economy;
mod estimates;
mod financials;
mod funds;
mod market;
mod news;
mod options;
mod orders;
mod ownership;
mod prediction;
mod ratings;
mod screener;
mod stocks;
mod technicals;

use super::endpoint::Endpoint;

pub(crate) use accounts::*;
pub(crate) use alternative::*;
pub(crate) use calendar::*;
pub(crate) use chart::*;
#[cfg(test)]
pub(crate) use common::INTERVALS;
pub(crate) use company::*;
pub(crate) use economy::*;
pub(crate) use estimates::*;
pub(crate) use financials::*;
pub(crate) use funds::*;
pub(crate) use market::*;
pub(crate) use news::*;
pub(crate) use options::*;
pub(crate) use orders::*;
pub(crate) use ownership::*;
pub(crate) use prediction::*;
pub(crate) use ratings::*;
pub(crate) use screener::*;
pub(crate) use stocks::*;
pub(crate) use technicals::*;

static GROUPS: &[&[&Endpoint]] = &[
    accounts::ROWS,
    market::ROWS,
    stocks::ROWS,
    chart::ROWS,
    screener::ROWS,
    options::ROWS,
    calendar::ROWS,
    company::ROWS,
    ownership::ROWS,
    funds::ROWS,
    financials::ROWS,
    estimates::ROWS,
    ratings::ROWS,
    news::ROWS,
    technicals::ROWS,
    economy::ROWS,
    alternative::ROWS,
    prediction::ROWS,
    orders::ROWS,
];

/// Every row, in the order of the page of endpoints.
pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    GROUPS.iter().flat_map(|group| group.iter().copied())
}

/// The row that this one is the older path of.
pub(crate) fn newer_than(older: &Endpoint) -> Option<&'static Endpoint> {
    all().find(|row| row.older.is_some_and(|one| std::ptr::eq(one, older)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::endpoint::Method;
    use crate::config::Environment;

    const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/endpoints.csv");

    /// `tests/endpoints.csv` is the list of the endpoints that Aries documents, with those that are not served here.
    #[test]
    fn the_list_of_endpoints_holds_every_row_with_its_source() {
        let text = std::fs::read_to_string(LIST).unwrap();
        let mut missing = String::new();
        for row in all() {
            let start = format!("{},{},", row.method.name(), row.path);
            let scope = if row.scopes.is_empty() { "unknown".to_owned() } else { row.scopes.join(" or ") };
            match text.lines().find(|line| line.starts_with(&start)) {
                Some(line) => {
                    assert_eq!(line.rsplit(',').next(), Some(row.source.name()), "{line}: its row's `source`")
                }
                None => missing += &format!("{start}{scope},{}\n", row.source.name()),
            }
        }
        if Environment::of_process().get("UPDATE_ENDPOINTS").is_some() {
            std::fs::write(LIST, text + &missing).unwrap();
        } else {
            assert_eq!(missing, "", "not in the list; run: UPDATE_ENDPOINTS=1 cargo test --lib endpoints");
        }
    }

    /// The reader sends these by POST, and again if need be.
    #[test]
    fn what_is_read_by_post_is_no_order() {
        for row in all().filter(|row| row.method == Method::PostRead) {
            let is_order = row.path.starts_with("/v1/orders") || row.scopes.contains(&"order:execution");
            assert!(!is_order && row.params.iter().any(|param| param.in_body), "{}", row.path);
        }
    }

    #[test]
    fn every_row_belongs_to_one_group() {
        let mut seen = std::collections::BTreeSet::new();
        all().for_each(|row| {
            assert!(seen.insert((row.method.name(), row.path)), "{} is listed twice", row.path)
        });
    }
}
