//! What is traded here: a fixed list with seed prices.

use jiff::SignedDuration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Stock,
    Etf,
    /// An index; its symbol is `<SYMBOL>.<GROUP>` over REST.
    Index,
    /// A future; found with the `/` prefix only.
    Future,
}

impl Kind {
    /// The word of search results. Those for index and future are inferred.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Stock | Kind::Etf => "stock",
            Kind::Index => "index",
            Kind::Future => "future",
        }
    }

    /// The word of charts.
    pub(crate) fn chart_word(self) -> &'static str {
        match self {
            Kind::Stock => "stock",
            Kind::Etf => "etf",
            Kind::Index => "index",
            Kind::Future => "futures",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Instrument {
    /// As search returns it and every endpoint takes it.
    pub(crate) symbol: &'static str,
    pub(crate) name: &'static str,
    /// Market identifier code, or the group of an index.
    pub(crate) venue: &'static str,
    pub(crate) kind: Kind,
    /// Price around which it moves, in cents.
    pub(crate) cents: i64,
    /// Shares on an ordinary day.
    pub(crate) volume: i64,
    /// Implied volatility in percent; 0 means that there are no options on it.
    pub(crate) volatility: i64,
    pub(crate) sector: &'static str,
}

impl Instrument {
    pub(crate) fn optionable(&self) -> bool {
        self.volatility > 0
    }

    pub(crate) fn tradable(&self) -> bool {
        matches!(self.kind, Kind::Stock | Kind::Etf)
    }

    /// The name of its exchange.
    pub(crate) fn exchange(&self) -> &'static str {
        match self.venue {
            "XNAS" => "NASDAQ",
            "XNYS" => "NYSE",
            "ARCX" => "NYSE ARCA",
            other => other,
        }
    }

    /// Whose noise it follows: a fund and a future move like their index, a class of shares like the other.
    pub(crate) fn moves_with(&self) -> &'static str {
        match self.symbol {
            "SPY" | "/ES" => "SPX.IND_CBOM",
            "QQQ" | "/NQ" => "NDX.IND_CBOM",
            "BRK.A" => "BRK.B",
            own => own,
        }
    }

    /// The `status` of its data: a couple of tickers try out delayed data.
    pub(crate) fn status(&self) -> &'static str {
        if self.is_delayed() { "DELAYED" } else { "OK" }
    }

    /// The `timeframe` of its price beside those of its options.
    pub(crate) fn timeframe(&self) -> &'static str {
        if self.is_delayed() { "DELAYED" } else { "REAL-TIME" }
    }

    /// How old its prices are.
    pub(crate) fn delay(&self) -> SignedDuration {
        SignedDuration::from_mins(if self.is_delayed() { 15 } else { 0 })
    }

    fn is_delayed(&self) -> bool {
        matches!(self.symbol, "KO" | "T")
    }
}

/// The number of an instrument in the list.
pub(crate) fn place(symbol: &str) -> Option<i64> {
    let place = INSTRUMENTS.iter().position(|instrument| instrument.symbol == symbol)?;
    i64::try_from(place).ok()
}

/// Finds a row by its exact symbol.
pub(crate) fn find(symbol: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|instrument| instrument.symbol == symbol)
}

#[expect(clippy::too_many_arguments, reason = "one row of the table below, in the order of its columns")]
const fn row(
    symbol: &'static str,
    name: &'static str,
    venue: &'static str,
    kind: Kind,
    cents: i64,
    volume: i64,
    volatility: i64,
    sector: &'static str,
) -> Instrument {
    Instrument { symbol, name, venue, kind, cents, volume, volatility, sector }
}

use Kind::{Etf, Future, Index, Stock};

/// The list. Berkshire has no options, so that this case can be tried.
#[rustfmt::skip]
pub(crate) const INSTRUMENTS: &[Instrument] = &[
    row("AAPL", "Apple Inc.", "XNAS", Stock, 27_000, 52_000_000, 28, "Technology"),
    row("MSFT", "Microsoft Corporation", "XNAS", Stock, 41_500, 21_000_000, 24, "Technology"),
    row("NVDA", "NVIDIA Corporation", "XNAS", Stock, 18_200, 190_000_000, 42, "Technology"),
    row("TSLA", "Tesla, Inc.", "XNAS", Stock, 43_000, 88_000_000, 55, "Consumer Cyclical"),
    row("AMZN", "Amazon.com, Inc.", "XNAS", Stock, 22_800, 41_000_000, 30, "Consumer Cyclical"),
    row("GOOGL", "Alphabet Inc. Class A", "XNAS", Stock, 31_500, 33_000_000, 29, "Communication Services"),
    row("META", "Meta Platforms, Inc.", "XNAS", Stock, 64_000, 14_000_000, 33, "Communication Services"),
    row("KO", "The Coca-Cola Company", "XNYS", Stock, 7_100, 13_000_000, 16, "Consumer Defensive"),
    row("JPM", "JPMorgan Chase & Co.", "XNYS", Stock, 31_000, 9_000_000, 22, "Financial Services"),
    row("XOM", "Exxon Mobil Corporation", "XNYS", Stock, 11_600, 15_000_000, 24, "Energy"),
    row("SPY", "SPDR S&P 500 ETF Trust", "ARCX", Etf, 68_200, 71_000_000, 15, ""),
    row("QQQ", "Invesco QQQ Trust", "XNAS", Etf, 61_500, 48_000_000, 19, ""),
    row("DIS", "The Walt Disney Company", "XNYS", Stock, 10_500, 9_500_000, 27, "Communication Services"),
    row("PFE", "Pfizer Inc.", "XNYS", Stock, 2_550, 44_000_000, 25, "Healthcare"),
    row("INTC", "Intel Corporation", "XNAS", Stock, 4_050, 95_000_000, 52, "Technology"),
    row("F", "Ford Motor Company", "XNYS", Stock, 1_310, 58_000_000, 34, "Consumer Cyclical"),
    row("AMD", "Advanced Micro Devices, Inc.", "XNAS", Stock, 21_500, 46_000_000, 50, "Technology"),
    row("NFLX", "Netflix, Inc.", "XNAS", Stock, 10_900, 30_000_000, 35, "Communication Services"),
    row("BA", "The Boeing Company", "XNYS", Stock, 20_300, 7_500_000, 36, "Industrials"),
    row("T", "AT&T Inc.", "XNYS", Stock, 2_580, 38_000_000, 22, "Communication Services"),
    row("V", "Visa Inc. Class A", "XNYS", Stock, 33_400, 6_500_000, 20, "Financial Services"),
    row("WMT", "Walmart Inc.", "XNYS", Stock, 11_100, 17_000_000, 21, "Consumer Defensive"),
    row("CVX", "Chevron Corporation", "XNYS", Stock, 15_100, 8_000_000, 23, "Energy"),
    row("JNJ", "Johnson & Johnson", "XNYS", Stock, 20_400, 7_800_000, 17, "Healthcare"),
    row("GE", "General Electric Company", "XNYS", Stock, 30_500, 4_800_000, 30, "Industrials"),
    row("BRK.B", "Berkshire Hathaway Inc. Class B", "XNYS", Stock, 50_500, 4_200_000, 0, "Financial Services"),
    row("BRK.A", "Berkshire Hathaway Inc. Class A", "XNYS", Stock, 75_750_000, 3_000, 0, "Financial Services"),
    row("SPX.IND_CBOM", "S&P 500 Index", "IND_CBOM", Index, 684_000, 0, 0, ""),
    row("NDX.IND_CBOM", "Nasdaq-100 Index", "IND_CBOM", Index, 2_525_000, 0, 0, ""),
    row("DJI.IND_DJI", "Dow Jones Industrial Average", "IND_DJI", Index, 4_740_000, 0, 0, ""),
    row("VIX.IND_CBOM", "Cboe Volatility Index", "IND_CBOM", Index, 1_650, 0, 0, ""),
    row("RUT.IND_CBOM", "Russell 2000 Index", "IND_CBOM", Index, 248_000, 0, 0, ""),
    row("COMP.IND_CBOM", "Nasdaq Composite Index", "IND_CBOM", Index, 2_310_000, 0, 0, ""),
    row("/ES", "E-mini S&P 500 Futures", "XCME", Future, 685_500, 1_500_000, 0, ""),
    row("/NQ", "E-mini Nasdaq-100 Futures", "XCME", Future, 2_531_000, 600_000, 0, ""),
];
