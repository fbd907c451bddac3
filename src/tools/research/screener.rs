//! `screen_stocks`: stocks that meet conditions.

use super::*;

pub(in crate::tools) static SCREEN_STOCKS: Tool = Tool {
    name: "screen_stocks",
    title: "Screen stocks",
    description: "Finds stocks whose figures meet conditions, such as `marketcap > 10000000000` and `pricetoearnings < 15`. \
                  Fields that Aries names: marketcap, pricetoearnings, pricetobook, roe, volume, open_price, close_price, \
                  dilutedeps, cashandequivalents; others may exist. Stocks of a sector: get_movers.",
    default: false,
    example: r#"{"conditions":["marketcap > 10000000000","pricetoearnings < 15"],"sort":"marketcap"}"#,
    work: Work::Views(Views {
        arguments: &[
            (
                "conditions",
                "Each a field, one of > >= < <= = contains, and a value: marketcap > 10000000000. Numbers are plain",
            ),
            ("match", "Whether all, any or none of the conditions must hold; all if left out"),
            ("sort", "Field that orders the stocks"),
            ("order", "desc: largest first"),
            ("primary_only", "Only a company's main listing"),
        ],
        views: &[view("stocks", "stocks that meet the conditions", &endpoints::SCREENER)
            .example(
                r#"{"conditions":["marketcap > 10000000000","pricetoearnings < 15"],"sort":"marketcap","order":"desc"}"#,
            )
            .rows(&[
                col("symbol", "security/ticker,security/composite_ticker", Word),
                col("name", "security/name", Text(40)),
                col("exchange", "security/exchange_mic,security/exchange", Word),
                col("figures", "data", Tagged),
                more("currency", "security/currency", Word),
                more("primary", "security/primary_listing", Flag),
                more("figi", "security/figi", Word),
                more("company id", "security/company_id", Word),
            ])
            .units("figures as Aries sends them")
            .empty("no stock meets the conditions, or Aries has no such field")],
    }),
    ..Tool::READER
};
