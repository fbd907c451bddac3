//! `get_ratings`: what analysts say.

use super::*;

pub(in crate::tools) static GET_RATINGS: Tool = Tool {
    name: "get_ratings",
    title: "Get analyst ratings",
    description: "Analyst ratings, price targets, upgrades, what analysts say, and the case for and against a stock.",
    example: r#"{"view":"target","symbol":"AAPL"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FROM, TO, ("importance", "Least importance")],
        views: &[
            view("ratings", "ratings and targets by analyst", &endpoints::RATINGS)
                .rows(&[
                    col("date", "date", Date),
                    col("symbol", "ticker", Word),
                    col("firm", "analyst", Text(30)),
                    col("action", "action_company", Word),
                    col("rating", "rating_current", Word),
                    col("before", "rating_prior", Word),
                    col("target", "pt_current", Price),
                    col("before", "pt_prior", Price),
                    more("time", "time", Word),
                    more("analyst", "analyst_name", Text(40)),
                    more("company", "name", Text(60)),
                    more("exchange", "exchange", Word),
                    more("currency", "currency", Word),
                    more("importance", "importance", Quantity),
                    more("target action", "action_pt", Word),
                    more("smart score", "ratings_accuracy/smart_score", Word),
                    more("success rate", "ratings_accuracy/success_rate", Word),
                    more("ratings made", "ratings_accuracy/total_ratings", Word),
                    more("notes", "notes", Text(200)),
                ])
                .units("targets in the stock's currency")
                .order(Order::Down("date")),
            view("target", "consensus price target", &endpoints::PRICE_TARGET)
                .instead("views ratings and changes have those of the whole market")
                .one(&[
                    col("mean", "targetMean", Price),
                    col("median", "targetMedian", Price),
                    col("high", "targetHigh", Price),
                    col("low", "targetLow", Price),
                    col("analysts", "numberAnalysts", Quantity),
                    col("updated", "lastUpdated", Date),
                ])
                .units("USD"),
            view("changes", "upgrades and downgrades, newest first", &endpoints::GRADE_CHANGES)
                .rows(&[
                    col("time", "gradeTime", Stamp),
                    col("symbol", "symbol", Word),
                    col("firm", "company", Text(30)),
                    col("action", "action", Word),
                    col("from", "fromGrade", Word),
                    col("to", "toGrade", Word),
                ])
                .units("action main: maintained, up or down: changed, init: the first, reit: repeated; times New York")
                .order(Order::Down("gradeTime")),
            view("insights", "analyst insights", &endpoints::INSIGHTS)
                .rows(&[
                    col("date", "date", Date),
                    col("symbol", "security/symbol", Word),
                    col("firm", "firm", Text(30)),
                    col("action", "action", Word),
                    col("rating", "rating", Word),
                    col("target", "pt", Price),
                    col("insight", "analystInsights", Text(300)),
                    more("company", "security/name", Text(60)),
                    more("exchange", "security/exchange", Word),
                    more("isin", "security/isin", Word),
                    more("updated", "updated", Stamp),
                ])
                .units("targets in the stock's currency")
                .order(Order::Down("date"))
                .usual(10),
            view("cases", "the bull case and the bear case", &endpoints::CASES)
                .instead("views ratings and changes have those of the whole market")
                .one(&[
                    col("symbol", "ticker", Word),
                    col("bull case", "bullCase", Text(2000)),
                    col("bear case", "bearCase", Text(2000)),
                    col("updated", "updated", Stamp),
                ])
                .units("times New York"),
        ],
    }),
    ..Tool::READER
};
