//! `get_fund`: what exchange-traded funds are and hold.

use super::*;

pub(in crate::tools) static GET_FUND: Tool = Tool {
    name: "get_fund",
    title: "Get an ETF",
    description: "An exchange-traded fund: profile and costs, holdings, sectors, countries. Companies: get_company.",
    default: false,
    example: r#"{"view":"holdings","symbol":"SPY"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("symbol", "Ticker of the fund such as SPY"),
            ("date", "Holdings on this day; the newest if left out"),
        ],
        views: &[
            view("profile", "name, costs, size, index", &endpoints::FUND_PROFILE)
                .example(SPY)
                .one(&[
                    col("name", "profile/name", Text(80)),
                    col("company", "profile/etfCompany", Text(60)),
                    col("asset class", "profile/assetClass", Text(40)),
                    col("segment", "profile/investmentSegment", Text(60)),
                    col("index", "profile/trackingIndex", Text(80)),
                    col("expense ratio, as sent", "profile/expenseRatio", Number),
                    col("net asset value", "profile/nav", Price),
                    col("currency", "profile/navCurrency", Word),
                    col("assets M", "profile/aum", Millions),
                    col("average volume", "profile/avgVolume", Quantity),
                    col("P/E", "profile/priceToEarnings", Number),
                    col("P/B", "profile/priceToBook", Number),
                    col("since", "profile/inceptionDate", Date),
                    col("domicile", "profile/domicile", Word),
                    col("description", "profile/description", Text(600)),
                    more("CUSIP", "profile/cusip", Word),
                    more("ISIN", "profile/isin", Word),
                    more("web", "profile/website", Text(120)),
                ])
                .units("M = millions; Aries does not state the unit of the expense ratio, probably percent"),
            view("holdings", "what it holds, largest first", &endpoints::FUND_HOLDINGS)
                .example(SPY)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("name", "name", Text(50)),
                    col("%", "percent", Percent),
                    col("shares", "share", Quantity),
                    col("value M", "value", Millions),
                    more("kind", "assetType", Text(40)),
                    more("CUSIP", "cusip", Word),
                    more("ISIN", "isin", Word),
                ])
                .head(&[col("holdings in all", "data/numberOfHoldings", Quantity)])
                .units("percent of the fund; M = millions")
                .order(Order::Down("percent"))
                .usual(25),
            view("sectors", "how it is spread over sectors", &endpoints::FUND_SECTORS)
                .example(SPY)
                .rows(&[col("sector", "industry", Text(40)), col("%", "exposure", Percent)])
                .units(EXPOSURE)
                .order(Order::Down("exposure"))
                .usual(40),
            view("countries", "how it is spread over countries", &endpoints::FUND_COUNTRIES)
                .example(SPY)
                .rows(&[col("country", "country", Text(40)), col("%", "exposure", Percent)])
                .units(EXPOSURE)
                .order(Order::Down("exposure"))
                .usual(40),
        ],
    }),
    ..Tool::READER
};

const SPY: &str = r#"{"symbol":"SPY"}"#;
const EXPOSURE: &str = "percent of the fund";
