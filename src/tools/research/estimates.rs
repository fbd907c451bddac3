//! `get_estimates`: what analysts expect, past surprises, the quality score, and earnings calls.

use super::*;

/// An estimate by period; Aries names the members after the figure.
macro_rules! estimate {
    ($unit:ident, $units:literal, $average:literal, $high:literal, $low:literal) => {
        Shape {
            columns: &[
                col("period", "period", Date),
                col("average", $average, $unit),
                col("high", $high, $unit),
                col("low", $low, $unit),
                col("analysts", "numberAnalysts", Quantity),
                more("year", "year", Quantity),
                more("quarter", "quarter", Quantity),
            ],
            units: $units,
            order: Order::Down("period"),
            usual: 12,
            ..Shape::TABLE
        }
    };
}

pub(in crate::tools) static GET_ESTIMATES: Tool = Tool {
    name: "get_estimates",
    title: "Get estimates and earnings calls",
    description: "What analysts expect (EPS, revenue, EBIT, EBITDA by period), past surprises, the earnings quality score, \
                  and earnings calls: recordings, transcripts (`transcripts` lists ids, `transcript` is what was said), slides.",
    example: r#"{"view":"eps","symbol":"AAPL","freq":"quarterly"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FREQ, FROM, TO, ("id", "Id from the transcripts view")],
        views: &[
            view("eps", "earnings per share", &endpoints::EPS_ESTIMATE)
                .instead("get_calendar earnings has the companies that report")
                .shape(estimate!(Amount, "USD per share", "epsAvg", "epsHigh", "epsLow")),
            view("revenue", "revenue", &endpoints::REVENUE_ESTIMATE)
                .instead("get_calendar earnings has the companies that report")
                .shape(estimate!(Millions, "USD millions", "revenueAvg", "revenueHigh", "revenueLow")),
            view("ebit", "EBIT", &endpoints::EBIT_ESTIMATE)
                .instead("get_calendar earnings has the companies that report")
                .shape(estimate!(Millions, "USD millions", "ebitAvg", "ebitHigh", "ebitLow")),
            view("ebitda", "EBITDA", &endpoints::EBITDA_ESTIMATE)
                .instead("get_calendar earnings has the companies that report")
                .shape(estimate!(Millions, "USD millions", "ebitdaAvg", "ebitdaHigh", "ebitdaLow")),
            view("surprises", "past earnings against estimates", &endpoints::EARNINGS_SURPRISES)
                .instead("get_calendar earnings has the companies that report")
                .rows(&[
                    col("period", "period", Date),
                    col("actual", "actual", Amount),
                    col("estimate", "estimate", Amount),
                    col("surprise", "surprise", Number),
                    col("surprise %", "surprisePercent", Percent),
                    more("year", "year", Quantity),
                    more("quarter", "quarter", Quantity),
                ])
                .units("USD per share")
                .order(Order::Down("period"))
                .usual(8),
            view("quality", "earnings quality score", &endpoints::QUALITY_SCORE)
                .rows(&[
                    col("period", "period", Date),
                    col("score", "score", Number),
                    col("letter", "letterScore", Word),
                    col("growth", "growth", Number),
                    col("profitability", "profitability", Number),
                    col("cash and capital", "cashGenerationCapitalAllocation,capitalAllocation", Number),
                    col("leverage", "leverage", Number),
                ])
                .order(Order::Down("period"))
                .usual(8),
            view("transcripts", "earnings calls that have a transcript", &endpoints::TRANSCRIPTS)
                .rows(&[
                    col("time", "time", Word),
                    col("title", "title", Text(100)),
                    col("year", "year", Word),
                    col("quarter", "quarter", Word),
                    col("id", "id", Word),
                ])
                .units("times as sent")
                .order(Order::Down("time"))
                .usual(12),
            view("transcript", "who said what in an earnings call", &endpoints::TRANSCRIPT)
                .instead("view transcripts tells the ids")
                .example(r#"{"id":"AAPL_1"}"#)
                .rows(&[
                    col("speaker", "name", Text(40)),
                    col("part", "session", Word),
                    col("words", "speech", Speech(3_000)),
                ])
                .head(&[
                    col("", "symbol", Word),
                    col("", "title", Text(100)),
                    col("held", "time", Word),
                    col("recording", "audio", Text(200)),
                ])
                .usual(40),
            view("presentations", "slides for investors", &endpoints::PRESENTATIONS)
                .rows(&[
                    col("time", "atTime", Word),
                    col("title", "title", Text(100)),
                    col("link", "url", Text(200)),
                    more("year", "year", Word),
                    more("quarter", "quarter", Word),
                ])
                .units("times as sent")
                .order(Order::Down("atTime"))
                .usual(8),
            view("calls", "earnings calls, live and recorded", &endpoints::EARNINGS_CALLS)
                .rows(&[
                    col("time", "time", Word),
                    col("event", "event", Text(100)),
                    col("recording", "recording", Text(200)),
                    col("live", "liveAudio", Text(200)),
                    more("year", "year", Word),
                    more("quarter", "quarter", Word),
                ])
                .units("times as sent")
                .order(Order::Down("time"))
                .usual(8),
        ],
    }),
    ..Tool::READER
};
