//! News and sentiment.

use super::common::*;

rows! {
    /// Parameters and members are guesses, so several spellings are tried.
    NEWS = get("/v1/news", &[SUPPLEMENTAL], &[SYMBOL.optional(), FROM, TO])
        .rows("results,data,news,").cursor(Cursor::Undocumented);
    NEWS_SENTIMENT = get("/v1/news-sentiment", &[SUPPLEMENTAL], &[SYMBOL]);
    SOCIAL_SENTIMENT = get("/v1/stock/social-sentiment", &[SUPPLEMENTAL], &[SYMBOL, FROM, TO])
        .rows("data");
}
