//! News and moods (`aries-api/supplemental.md` 2).

use super::{FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoint::Sure::Partly;
use crate::aries::shape::Unit::{List, Number, Quantity, Share, Stamp, Text, Word};
use crate::aries::shape::{Cursor, Layout, Order, col, more, one, rows};

/// Headlines; parameters and members are guesses (`supplemental.md` 2), so several spellings are tried.
pub(crate) static NEWS: Endpoint = Endpoint {
    tool: "get_news",
    view: "news",
    title: "headlines, newest first",
    path: "/v1/news",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[SYMBOL.optional(), FROM, TO],
    rows: "results,data,news,",
    shape: rows(&[
        col("time", "datetime,publishedAt,publishedUtc,date,time,createdAt", Stamp),
        col("source", "source,publisher/name,publisher", Text(40)),
        col("headline", "headline,title", Text(160)),
        col("symbols", "related,tickers,symbols,symbol", List),
        more("summary", "summary,description", Text(400)),
        more("link", "url,articleUrl,link", Text(200)),
        more("author", "author", Text(60)),
        more("category", "category", Word),
    ])
    .units("times New York")
    .order(Order::Down("datetime,publishedAt,publishedUtc,date,time,createdAt"))
    .cursor(Cursor::Undocumented),
    example: r#"{"view":"news","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// How the press writes of a company (`supplemental.md` 2).
pub(crate) static NEWS_SENTIMENT: Endpoint = Endpoint {
    tool: "get_news",
    view: "sentiment",
    title: "how the press writes of a company",
    path: "/v1/news-sentiment",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    shape: one(&[
        col("bullish %", "sentiment/bullishPercent", Share),
        col("bearish %", "sentiment/bearishPercent", Share),
        col("news score", "companyNewsScore", Number),
        col("sector score", "sectorAverageNewsScore", Number),
        col("sector bullish %", "sectorAverageBullishPercent", Share),
        col("articles last week", "buzz/articlesInLastWeek", Quantity),
        col("weekly average", "buzz/weeklyAverage", Number),
        col("buzz", "buzz/buzz", Number),
    ])
    .layout(Layout::One { open: false }),
    example: r#"{"view":"sentiment","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// How social media write of a company, by the hour (`supplemental.md` 2).
pub(crate) static SOCIAL_SENTIMENT: Endpoint = Endpoint {
    tool: "get_news",
    view: "social",
    title: "mentions in social media, newest first",
    path: "/v1/stock/social-sentiment",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FROM, TO],
    rows: "data",
    shape: rows(&[
        col("time", "atTime", Word),
        col("mentions", "mention", Quantity),
        col("positive", "positiveMention", Quantity),
        col("negative", "negativeMention", Quantity),
        col("score", "score", Number),
        more("positive score", "positiveScore", Number),
        more("negative score", "negativeScore", Number),
    ])
    .units("times as sent, zone not documented")
    .order(Order::Down("atTime"))
    .usual(24),
    example: r#"{"view":"social","symbol":"AAPL"}"#,
    ..Endpoint::READ
};
