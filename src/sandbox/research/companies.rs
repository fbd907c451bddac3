//! The companies behind the stocks, with round figures of the size of the real ones.

use super::super::market::instruments::{self, Instrument};

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Company {
    /// Ticker; every one is in the list of instruments.
    pub(crate) symbol: &'static str,
    /// Key at the Securities and Exchange Commission.
    pub(crate) cik: &'static str,
    /// Industry.
    pub(crate) industry: &'static str,
    /// First day of trading.
    pub(crate) ipo: &'static str,
    /// Web site.
    pub(crate) web: &'static str,
    /// Shares outstanding, in millions.
    pub(crate) shares: i64,
    /// Sales of a year, in millions of dollars.
    pub(crate) sales: i64,
    /// Gross, operating and net margin, in thousandths.
    pub(crate) margins: (i64, i64, i64),
    /// Dividend per quarter and share in cents; 0 for none.
    pub(crate) dividend: i64,
}

impl Company {
    /// Its row in the list of instruments; every company has one, as the test below holds.
    pub(crate) fn instrument(&self) -> Option<&'static Instrument> {
        instruments::find(self.symbol)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.instrument().map_or(self.symbol, |found| found.name)
    }

    /// Its seed price in cents.
    pub(crate) fn cents(&self) -> i64 {
        self.instrument().map_or(1, |found| found.cents)
    }
}

/// The company of a ticker.
pub(crate) fn find(symbol: &str) -> Option<&'static Company> {
    COMPANIES.iter().find(|company| company.symbol == symbol)
}

#[expect(clippy::too_many_arguments, reason = "one row of the table below, in the order of its columns")]
const fn row(
    symbol: &'static str,
    cik: &'static str,
    industry: &'static str,
    ipo: &'static str,
    web: &'static str,
    shares: i64,
    sales: i64,
    margins: (i64, i64, i64),
    dividend: i64,
) -> Company {
    Company { symbol, cik, industry, ipo, web, shares, sales, margins, dividend }
}

/// The table. Funds and indices have none of this.
#[rustfmt::skip]
pub(crate) const COMPANIES: &[Company] = &[
    row("AAPL", "0000320193", "Consumer Electronics", "1980-12-12", "https://www.apple.com", 14_800, 416_000, (468, 320, 269), 26),
    row("MSFT", "0000789019", "Software", "1986-03-13", "https://www.microsoft.com", 7_430, 293_800, (688, 456, 361), 91),
    row("NVDA", "0001045810", "Semiconductors", "1999-01-22", "https://www.nvidia.com", 24_300, 187_100, (701, 588, 530), 1),
    row("TSLA", "0001318605", "Auto Manufacturers", "2010-06-29", "https://www.tesla.com", 3_330, 95_600, (170, 51, 53), 0),
    row("AMZN", "0001018724", "Internet Retail", "1997-05-15", "https://www.amazon.com", 10_690, 691_300, (503, 114, 111), 0),
    row("GOOGL", "0001652044", "Internet Content", "2004-08-19", "https://abc.xyz", 12_070, 385_500, (592, 322, 322), 21),
    row("META", "0001326801", "Internet Content", "2012-05-18", "https://investor.atmeta.com", 2_520, 189_500, (820, 432, 309), 53),
    row("KO", "0000021344", "Beverages", "1919-09-05", "https://www.coca-colacompany.com", 4_300, 47_700, (616, 290, 273), 51),
    row("JPM", "0000019617", "Banks", "1969-03-05", "https://www.jpmorganchase.com", 2_720, 181_800, (600, 385, 320), 150),
    row("XOM", "0000034088", "Oil and Gas", "1920-03-25", "https://corporate.exxonmobil.com", 4_220, 329_900, (225, 115, 91), 103),
    row("DIS", "0001744489", "Entertainment", "1957-11-12", "https://thewaltdisneycompany.com", 1_785, 94_400, (377, 147, 131), 25),
    row("PFE", "0000078003", "Drug Manufacturers", "1944-01-03", "https://www.pfizer.com", 5_686, 62_800, (742, 245, 156), 43),
    row("INTC", "0000050863", "Semiconductors", "1971-10-13", "https://www.intel.com", 4_770, 53_400, (330, 22, 11), 0),
    row("F", "0000037996", "Auto Manufacturers", "1956-01-17", "https://www.ford.com", 3_984, 189_600, (79, 21, 25), 15),
    row("AMD", "0000002488", "Semiconductors", "1972-09-27", "https://www.amd.com", 1_628, 32_000, (512, 94, 103), 0),
    row("NFLX", "0001065280", "Entertainment", "2002-05-23", "https://www.netflix.com", 4_240, 43_400, (481, 291, 241), 0),
    row("BA", "0000012927", "Aerospace and Defense", "1962-01-02", "https://www.boeing.com", 760, 80_800, (98, 24, 12), 0),
    row("T", "0000732717", "Telecom Services", "1983-11-21", "https://www.att.com", 7_110, 124_500, (597, 195, 178), 28),
    row("V", "0001403161", "Credit Services", "2008-03-19", "https://www.visa.com", 1_930, 40_000, (803, 665, 501), 67),
    row("WMT", "0000104169", "Discount Stores", "1972-08-25", "https://www.walmart.com", 7_970, 703_100, (249, 42, 33), 24),
    row("CVX", "0000093410", "Oil and Gas", "1921-06-24", "https://www.chevron.com", 2_010, 186_300, (300, 98, 68), 171),
    row("JNJ", "0000200406", "Drug Manufacturers", "1944-09-25", "https://www.jnj.com", 2_409, 92_100, (682, 260, 272), 130),
    row("BRK.B", "0001067983", "Insurance", "1996-05-09", "https://www.berkshirehathaway.com", 2_157, 372_100, (240, 215, 181), 0),
];

#[cfg(test)]
mod tests {
    use super::super::super::market::instruments::{INSTRUMENTS, Kind};
    use super::*;

    #[test]
    fn every_stock_has_its_company_and_the_other_way_round() {
        let stocks = INSTRUMENTS.iter().filter(|one| one.kind == Kind::Stock);
        assert!(stocks.clone().all(|stock| find(stock.symbol).is_some()));
        assert_eq!(stocks.count(), COMPANIES.len());
        assert!(COMPANIES.iter().all(|company| company.instrument().is_some()));
    }
}
