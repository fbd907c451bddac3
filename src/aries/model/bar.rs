//! Daily bars, out of the answers of Aries that have them.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::{Json, time};

/// Of shares, contracts and indices none is negative.
fn is_price(figure: &Decimal) -> bool {
    *figure >= Decimal::ZERO
}

/// Close and volume of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) day: Date,
    pub(crate) close: Decimal,
    pub(crate) volume: Option<Decimal>,
}

impl Bar {
    /// Reads the rows of aggregates; one without a day or a close is left out.
    pub(crate) fn of_aggregates(json: Json<'_>) -> Vec<Self> {
        let rows = json.list("results").map(|found| found.rows.items()).unwrap_or_default();
        let bar = |row: &Json<'_>| {
            Some(Self {
                day: time::bar_day(row.get("t")?.integer()?)?,
                close: row.decimal_at("c").filter(is_price)?,
                volume: row.decimal_at("v"),
            })
        };
        rows.iter().filter_map(bar).collect()
    }

    /// Reads the columns of a chart's history.
    pub(crate) fn of_history(json: Json<'_>) -> Vec<Self> {
        let chart = json.places("").find(|found| found.rows.has("t")).map_or(json, |found| found.rows);
        let column = |name: &str| chart.get(name).map(Json::items).unwrap_or_default();
        let volumes = column("v");
        let days = column("t").into_iter().zip(column("c")).enumerate();
        let bar = |(row, (time, close)): (usize, (Json<'_>, Json<'_>))| {
            Some(Self {
                day: time::bar_day(time.integer()?)?,
                close: close.decimal().filter(is_price)?,
                volume: volumes.get(row).and_then(|volume| volume.decimal()),
            })
        };
        days.filter_map(bar).collect()
    }
}
