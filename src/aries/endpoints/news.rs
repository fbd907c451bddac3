//! News and sentiment.

use super::common::*;

const NEWS_KINDS: &[(&str, &str)] = &[("news", "news"), ("press_release", "press_release")];

rows! {
    /// Without a symbol Aries answers about SPY, so that is what is asked.
    NEWS = get("/v1/news", &[SUPPLEMENTAL], &[
        SYMBOL.wire("symbols").optional().or("SPY"), optional("topics", "topics", Text(200)),
    ]).rows("news").about("symbols");
    NEWS_ITEM = get("/v1/news/{id}", &[SUPPLEMENTAL], &[
        required("id", "id", Id),
        required("kind", "newsType", Choice(NEWS_KINDS)).or("news"),
    ]);
    NEWS_SENTIMENT = get("/v1/news-sentiment", &[SUPPLEMENTAL], &[SYMBOL]).about("symbol");
    SOCIAL_SENTIMENT = get("/v1/stock/social-sentiment", &[SUPPLEMENTAL], &[SYMBOL, FROM, TO])
        .rows("data");
}
