//! News and sentiment.

use super::{FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::{Cursor, Endpoint, Paging};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&NEWS, &NEWS_SENTIMENT, &SOCIAL_SENTIMENT];

/// Headlines; parameters and members are guesses, so several spellings are tried.
pub(crate) static NEWS: Endpoint = Endpoint {
    path: "/v1/news",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[SYMBOL.optional(), FROM, TO],
    rows: "results,data,news,",
    paging: Paging::cursor(Cursor::Undocumented),
    ..Endpoint::READ
};

/// How the press writes of a company.
pub(crate) static NEWS_SENTIMENT: Endpoint =
    Endpoint { path: "/v1/news-sentiment", scopes: &[SUPPLEMENTAL], params: &[SYMBOL], ..Endpoint::READ };

/// How social media write of a company, by the hour.
pub(crate) static SOCIAL_SENTIMENT: Endpoint = Endpoint {
    path: "/v1/stock/social-sentiment",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FROM, TO],
    rows: "data",
    ..Endpoint::READ
};
