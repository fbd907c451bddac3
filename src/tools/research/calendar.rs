//! `get_calendar`: what happens on which day.

use super::*;

pub(in crate::tools) static GET_CALENDAR: Tool = Tool {
    name: "get_calendar",
    title: "Get calendars",
    description: "Earnings, dividends, economic events and other dates. `from` is today if left out (earnings, economy, \
                  calls), `to` the end of what `from` says (of a company: 90 days on).",
    toolset: Toolset::Calendar,
    example: r#"{"view":"earnings","from":"next week"}"#,
    work: Work::Views(Views {
        arguments: &[
            FROM,
            TO,
            SYMBOL,
            ("symbols", "Several tickers"),
            ("holdings", "True: the stocks held"),
            ("code", "Series code from view economy, such as USURTOT"),
            ("exchange", "Exchange code such as L or TO; US if left out"),
        ],
        views: &[
            view(
                "earnings",
                "who reports when, largest first; of companies by day",
                &endpoints::EARNINGS_CALENDAR,
            )
            .example(r#"{"from":"next week"}"#)
            .rows(&[
                col("date", "date", Date),
                col("hour", "hour", Word),
                col("symbol", "symbol", Word),
                col("name", "name", Text(40)),
                col("EPS est.", "epsEstimate", Amount),
                col("EPS", "epsActual", Amount),
                col("revenue est. M", "revenueEstimate", Millions),
                col("revenue M", "revenueActual", Millions),
                col("cap M", "marketCap", Whole),
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
            .several("today", Some("in 90 days"))
            .next_first("date")
            .usual(40),
            view("calls", "conference calls", &endpoints::CONFERENCE_CALLS)
                .example(r#"{"from":"next week"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("time", "startTime,time", Word),
                    col("symbol", "ticker", Word),
                    col("name", "name", Text(40)),
                    col("webcast", "webcastUrl", Text(120)),
                    more("phone", "phoneNum", Word),
                    more("abroad", "internationalNum", Word),
                    more("code", "accessCode", Word),
                    more("reservation", "reservationNum", Word),
                    more("exchange", "exchange", Word),
                    more("importance", "importance", Quantity),
                    more("notes", "notes", Text(200)),
                ])
                .units("times as sent, zone not documented")
                .several("today", Some("in 90 days"))
                .next_first("date"),
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
                    col("pays on", "payDate,paymentDate", Date),
                    col("per year", "frequency", Quantity),
                    more("record", "recordDate", Date),
                    more("kind", "distributionType", Word),
                ])
                .units("USD per share")
                .order(Order::Down("exDividendDate,exDate"))
                .several("100 days ago", None)
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
            view("ipos", "new listings; this month if `from` is left out", &endpoints::IPOS)
                .example(r#"{"from":"this month"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("symbol", "symbol", Word),
                    col("name", "name", Text(60)),
                    col("exchange", "exchange", Word),
                    col("status", "status", Word),
                    col("price from", "priceFrom", Price),
                    col("to", "priceTo", Price),
                    col("value M", "totalSharesValue", Millions),
                ])
                .units("USD, M = millions")
                .usual(40),
            view("mergers", "mergers and acquisitions by day of announcement", &endpoints::MERGERS)
                .example(r#"{"from":"30 days ago"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("buyer", "acquirerTicker", Word),
                    col("buyer's name", "acquirerName", Text(40)),
                    col("target", "targetTicker", Word),
                    col("target's name", "targetName", Text(40)),
                    col("size", "dealSize", Word),
                    col("status", "dealStatus", Word),
                    col("expected", "dateExpected", Word),
                    more("currency", "currency", Word),
                    more("kind", "dealType", Word),
                    more("paid in", "dealPaymentType", Word),
                    more("buyer's exchange", "acquirerExchange", Word),
                    more("target's exchange", "targetExchange", Word),
                    more("importance", "importance", Quantity),
                    more("notes", "notes", Text(200)),
                ])
                .units("size as sent")
                .order(Order::Down("date")),
            view("spinoffs", "spin-offs of a company", &endpoints::SPINOFFS)
                .instead(
                    "Aries tells these of one company at a time; view mergers has those of the whole market",
                )
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
                    more("pays on", "paymentDate", Date),
                    more("description", "description", Text(300)),
                ])
                .order(Order::Down("exDate")),
            view("tender_offers", "offers to the shareholders of a company", &endpoints::TENDER_OFFERS)
                .instead(
                    "Aries tells these of one company at a time; view mergers has those of the whole market",
                )
                .rows(&[
                    col("opens", "openDate", Date),
                    col("closes", "closeDate", Date),
                    col("by", "offerorCompanyName", Text(60)),
                    col("least", "minimumAmount", Word),
                    col("most", "maximumAmount", Word),
                    col("currency", "currency", Word),
                    col("paid in", "payType", Word),
                    col("status", "eventStatus", Word),
                    more("pays on", "payDate", Date),
                    more("record", "recordDate", Date),
                    more("last choice", "optionElectionDate", Date),
                    more("withdraw until", "withdrawalToDate", Date),
                    more("target %", "targetPercent", Word),
                    more("target quantity", "targetQuantity", Word),
                    more("held before %", "preOfferPercent", Word),
                    more("hostile", "isHostile", Flag),
                    more("takeover", "isTakeover", Flag),
                    more("Dutch auction", "dutchAuction", Flag),
                    more("paid security", "paidSecurity/symbol,paidSecurity/name", Word),
                ])
                .units("amounts as sent")
                .order(Order::Down("openDate")),
            view("fda", "FDA advisory committee meetings", &endpoints::FDA_MEETINGS)
                .example("{}")
                .rows(&[
                    col("from", "fromDate", Date),
                    col("to", "toDate", Date),
                    col("event", "eventDescription", Text(160)),
                    more("link", "url", Text(200)),
                ])
                .order(Order::Down("fromDate")),
            view("holidays", "days an exchange is closed or closes early", &endpoints::HOLIDAYS)
                .example("{}")
                .rows(&[
                    col("date", "atDate", Date),
                    col("holiday", "eventName", Text(60)),
                    col("open", "tradingHour", Word),
                ])
                .units("— open: closed all day; hours on the exchange's clock")
                .usual(40),
            view("indicator", "history of an economic series, newest first", &endpoints::INDICATOR_HISTORY)
                .instead("view economy tells the codes")
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
