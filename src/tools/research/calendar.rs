//! `get_calendar`: earnings, economic events, dividends, splits and spin-offs by date.

use super::*;

pub(in crate::tools) static GET_CALENDAR: Tool = Tool {
    name: "get_calendar",
    title: "Get calendars",
    description: "Earnings dates, economic events, dividends, splits and spin-offs over a range of days, exchange holidays, and \
                  the history of an economic indicator. For earnings and economy: `from` is today if left out, `to` the end of what `from` says.",
    toolset: Toolset::Calendar,
    example: r#"{"view":"earnings","from":"tomorrow"}"#,
    work: Work::Views(Views {
        arguments: &[FROM, TO, SYMBOL, ("code", "Series code from the economy view, such as USURTOT")],
        views: &[
            view("earnings", "who reports when, largest first", &endpoints::EARNINGS_CALENDAR)
                .example(r#"{"from":"tomorrow"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("hour", "hour", Word),
                    col("symbol", "symbol", Word),
                    col("name", "name", Text(40)),
                    col("EPS est.", "epsEstimate", Price),
                    col("EPS", "epsActual", Price),
                    col("revenue est. M", "revenueEstimate", Millions),
                    col("revenue M", "revenueActual", Millions),
                    col("cap M", "marketCap", Millions),
                    more("quarter", "quarter", Quantity),
                    more("year", "year", Quantity),
                    more("EPS surprise", "epsSurprise", Number),
                    more("revenue surprise", "revenueSurprise", Number),
                    more("rating", "analystRating/currentRating", Word),
                    more("target", "analystRating/priceTarget", Word),
                    more("ratings", "analystRating/totalRatings", Word),
                    more("success", "analystRating/successRate", Word),
                    more("return", "analystRating/averageReturn", Word),
                ])
                .units("USD, M = millions; bmo before open, amc after close, dmh during hours")
                .order(Order::Down("marketCap"))
                .usual(40),
            view("holidays", "days on which US exchanges are closed or close early", &endpoints::HOLIDAYS)
                .example("{}")
                .rows(&[
                    col("date", "atDate", Date),
                    col("holiday", "eventName", Text(60)),
                    col("open", "tradingHour", Word),
                ])
                .units("— open: closed all day; times New York"),
            view("economy", "economic events", &endpoints::ECONOMIC_CALENDAR)
                .example(r#"{"from":"next week"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("time", "time", Word),
                    col("country", "country", Word),
                    col("event", "event", Text(60)),
                    col("importance", "importance", Quantity),
                    col("actual", "actual", Word),
                    col("forecast", "forecast", Word),
                    col("previous", "previous", Word),
                    col("code", "ticker,symbol", Word),
                    more("for", "reference", Word),
                    more("category", "category", Text(40)),
                    more("TE forecast", "teForecast", Word),
                    more("unit", "unit", Word),
                    more("source", "source", Text(60)),
                    more("updated", "lastUpdate", Stamp),
                ])
                .units("times as sent, zone not documented (probably UTC)")
                .usual(60),
            view("dividends", "dividends by ex-date, newest first", &endpoints::DIVIDENDS)
                .rows(&[
                    col("symbol", "ticker,symbol", Word),
                    col("ex-date", "exDividendDate,exDate", Date),
                    col("amount", "cashAmount,amount", Price),
                    col("paid", "payDate,paymentDate", Date),
                    col("per year", "frequency", Quantity),
                    more("record", "recordDate", Date),
                    more("kind", "distributionType", Word),
                ])
                .units("USD per share")
                .usual(40),
            view("splits", "stock splits, newest first", &endpoints::SPLITS)
                .rows(&[
                    col("symbol", "ticker", Word),
                    col("date", "executionDate", Date),
                    col("new", "splitTo", Quantity),
                    col("for old", "splitFrom", Quantity),
                    col("kind", "adjustmentType", Word),
                    more("factor", "historicalAdjustmentFactor", Number),
                ])
                .usual(40),
            view("spinoffs", "spin-offs of a company", &endpoints::SPINOFFS)
                .example(r#"{"symbol":"GE","from":"2023-01-01"}"#)
                .rows(&[
                    col("ex-date", "exDate", Date),
                    col("ratio", "ratio", Word),
                    col("from", "fromSymbol", Word),
                    col("to", "toSymbol", Word),
                    col("new company", "toCompanyName", Text(60)),
                    more("old company", "fromCompanyName", Text(60)),
                    more("declared", "declaredDate", Date),
                    more("record", "recordDate", Date),
                    more("paid", "paymentDate", Date),
                    more("description", "description", Text(300)),
                ])
                .order(Order::Down("exDate")),
            view("indicator", "history of an economic series, newest first", &endpoints::INDICATOR_HISTORY)
                .example(r#"{"code":"USURTOT"}"#)
                .rows(&[
                    col("date", "dateTime", Date),
                    col("value", "value", Number),
                    more("series", "historicalDataSymbol", Word),
                    more("frequency", "frequency", Word),
                    more("updated", "lastUpdate", Stamp),
                ])
                .head(&[
                    col("", "country", Text(40)),
                    col("", "category", Text(60)),
                    col("", "frequency", Word),
                ])
                .units("unit as in the economy view")
                .order(Order::Down("dateTime"))
                .usual(24),
        ],
    }),
    ..Tool::READER
};
