//! `get_ownership`: who owns a company, who buys and sells it, and who sells it short.

use super::*;

/// Holders of a company.
const HOLDERS: Shape = Shape {
    columns: &[
        col("holder", "name", Text(60)),
        col("shares", "share", Quantity),
        col("change", "change", Quantity),
        col("of the company, as sent", "percentOfShares", Number),
        col("filed", "filingDate", Date),
        more("source", "source", Word),
    ],
    order: Order::Down("share"),
    ..Shape::TABLE
};

/// Positions that institutions have reported (13F).
const POSITIONS: Shape =
    Shape { units: "value as sent, probably USD", order: Order::Down("value"), ..Shape::TABLE };

pub(in crate::tools) static GET_OWNERSHIP: Tool = Tool {
    name: "get_ownership",
    title: "Get owners and short sellers",
    description: "Who owns a company (holders, funds, institutions), what an institution holds, trades of insiders and of members \
                  of Congress, short interest and short volume.",
    default: false,
    example: r#"{"view":"insiders","symbol":"AAPL"}"#,
    work: Work::Views(Views {
        arguments: &[
            SYMBOL,
            FROM,
            TO,
            ("cusip", "CUSIP of the share: get_company, fields [\"CUSIP\"]"),
            ("cik", "SEC number of the institution, such as 1067983 for Berkshire Hathaway"),
        ],
        views: &[
            view("holders", "largest holders", &endpoints::HOLDERS).shape(HOLDERS),
            view("funds", "largest funds among the holders", &endpoints::FUND_HOLDERS).shape(HOLDERS),
            view("insiders", "trades of insiders, newest first", &endpoints::INSIDER_TRANSACTIONS)
                .instead("Aries tells this of one stock at a time, not of the whole market")
                .rows(&[
                    col("date", "transactionDate", Date),
                    col("name", "name", Text(40)),
                    col("change", "change", Quantity),
                    col("price", "transactionPrice", Price),
                    col("shares after", "share", Quantity),
                    col("code", "transactionCode", Word),
                    more("filed", "filingDate", Date),
                ])
                .units(
                    "SEC codes: P bought, S sold, A granted, M exercised, F withheld for tax, G given away",
                )
                .order(Order::Down("transactionDate")),
            view("congress", "trades of members of Congress, newest first", &endpoints::CONGRESS_TRADES)
                .instead("Aries tells this of one stock at a time, not of the whole market")
                .rows(&[
                    col("date", "transactionDate", Date),
                    col("name", "name", Text(40)),
                    col("position", "position", Text(30)),
                    col("kind", "transactionType", Word),
                    col("USD from", "amountFrom", Amount),
                    col("to", "amountTo", Amount),
                    more("owner", "ownerType", Word),
                    more("filed", "filingDate", Date),
                    more("asset", "assetName", Text(60)),
                ])
                .order(Order::Down("transactionDate")),
            view(
                "short_interest",
                "shares sold short, twice a month, newest first",
                &endpoints::SHORT_INTEREST,
            )
            .instead("Aries tells this of one stock at a time, not of the whole market")
            .rows(&[
                col("settled", "settlementDate", Date),
                col("short", "shortInterest", Quantity),
                col("daily volume", "avgDailyVolume", Quantity),
                col("days to cover", "daysToCover", Number),
            ])
            .units("shares")
            .usual(12),
            view("short_volume", "short sales of each day, newest first", &endpoints::SHORT_VOLUME)
                .instead("Aries tells this of one stock at a time, not of the whole market")
                .rows(&[
                    col("date", "date", Date),
                    col("short", "shortVolume", Quantity),
                    col("volume", "totalVolume", Quantity),
                    col("short %", "shortVolumeRatio", Share),
                    more("exempt", "exemptVolume", Quantity),
                    more("not exempt", "nonExemptVolume", Quantity),
                    more("NYSE", "nyseShortVolume", Quantity),
                    more("Nasdaq Carteret", "nasdaqCarteretShortVolume", Quantity),
                    more("Nasdaq Chicago", "nasdaqChicagoShortVolume", Quantity),
                    more("ADF", "adfShortVolume", Quantity),
                ])
                .units("shares, off-exchange reports")
                .usual(10),
            view("institutions", "institutions that hold a share, by CUSIP", &endpoints::INSTITUTIONS)
                .example(r#"{"cusip":"037833100"}"#)
                .shape(Shape {
                    columns: &[
                        col("institution", "name", Text(60)),
                        col("shares", "share", Quantity),
                        col("change", "change", Quantity),
                        col("value", "value", Whole),
                        more("option", "putCall", Word),
                        more("symbol", "symbol", Word),
                    ],
                    ..POSITIONS
                }),
            view("portfolio", "what an institution holds", &endpoints::INSTITUTION_PORTFOLIO)
                .example(r#"{"cik":"1067983"}"#)
                .shape(Shape {
                    columns: &[
                        col("symbol", "symbol", Word),
                        col("name", "name", Text(60)),
                        col("shares", "share", Quantity),
                        col("change", "change", Quantity),
                        col("value", "value", Whole),
                        more("option", "putCall", Word),
                        more("CUSIP", "cusip", Word),
                    ],
                    ..POSITIONS
                }),
        ],
    }),
    ..Tool::READER
};
