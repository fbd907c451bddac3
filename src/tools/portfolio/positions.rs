//! The positions of one account, valued with fresh quotes, as a table of as many rows as there is room for.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;

use crate::aries::model::position::Kind;
use crate::aries::model::{Position, Quote};
use crate::aries::quotes::Priced;
use crate::clock;
use crate::error::Result;
use crate::text::clean;
use crate::tools::answer::Table;
use crate::tools::cell::quoted;
use crate::tools::cursor;
use crate::tools::format::{cents, count, few, percent, plain, quantity, total_of};

/// A position with what it is worth.
pub(super) struct Row<'a> {
    pub(super) position: &'a Position,
    pub(super) quote: Option<&'a Quote>,
    pub(super) value: Option<Decimal>,
}

pub(super) fn valued<'a>(list: &'a [Position], quotes: &'a [Priced]) -> Vec<Row<'a>> {
    let row = |position: &'a Position| {
        let symbol = position.priced();
        let quote = quotes.iter().find(|one| symbol == Some(&one.symbol)).map(|priced| &priced.quote);
        Row { position, quote, value: value(position, quote) }
    };
    list.iter().map(row).collect()
}

/// What a position is worth: at a fresh price, else as Aries values it. Cash is worth itself. What is neither shares nor an
/// ordinary contract nor cash has no value here, since nothing tells how many of what one unit is.
fn value(position: &Position, quote: Option<&Quote>) -> Option<Decimal> {
    match position.kind() {
        Kind::Cash => position.quantity,
        Kind::Other => None,
        Kind::Shares | Kind::Contract => {
            let fresh = quote.and_then(|quote| {
                quote.last?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?)
            });
            fresh.or(position.value)
        }
    }
}

/// Where a row stands in a list of several pages, which goes by what was paid, since values change between two pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// What was paid, so that the list begins with the largest position.
    paid: Reverse<Decimal>,
    name: String,
    /// How many rows before it are alike in both: Aries may list a position twice.
    alike: usize,
}

impl Place {
    fn of(row: &Row<'_>) -> Self {
        let position = row.position;
        let paid = || position.average?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?);
        let paid = position.cost.or_else(paid).unwrap_or_default().abs().normalize();
        Self { paid: Reverse(paid), name: name(position), alike: 0 }
    }

    /// Sorts the rows by their places, and tells these.
    fn all(rows: &mut [Row<'_>]) -> Vec<Self> {
        rows.sort_by_key(Self::of);
        let mut places: Vec<Self> = Vec::new();
        for mut place in rows.iter().map(Self::of) {
            let before = places.last().filter(|last| (last.paid, &last.name) == (place.paid, &place.name));
            place.alike = before.map_or(0, |before| before.alike + 1);
            places.push(place);
        }
        places
    }

    /// Reads a cursor: the place of the last row that was shown. Rows that came or went meanwhile move no other.
    pub(super) fn read(cursor: &str) -> Result<Self> {
        let [paid, alike, name] =
            cursor.splitn(3, '~').collect::<Vec<_>>().try_into().map_err(|_| cursor::wrong())?;
        let paid = Reverse(paid.parse().map_err(|_| cursor::wrong())?);
        let alike = alike.parse().map_err(|_| cursor::wrong())?;
        Ok(Self { paid, name: name.to_owned(), alike })
    }
}

/// Writes the cursor that [`Place::read`] reads.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}", self.paid.0, self.alike, self.name)
    }
}

/// What of the list is shown.
pub(super) struct Wanted {
    /// The rows behind this one.
    pub(super) after: Option<Place>,
    /// The most characters of the rows.
    pub(super) room: usize,
    pub(super) names: bool,
}

/// Rows of a list.
pub(super) struct Shown {
    pub(super) table: Table,
    /// How many rows stand before them.
    pub(super) before: usize,
    /// The last of them, if more follow.
    pub(super) next: Option<Place>,
}

/// The most valuable first where there is room for all, else by their places.
pub(super) fn table(rows: &mut [Row<'_>], equity: Option<Decimal>, wanted: &Wanted) -> Shown {
    rows.sort_by_key(|row| Reverse(row.value.unwrap_or_default().abs()));
    let table = written(rows, equity, wanted, 0);
    if wanted.after.is_none() && table.len() == rows.len() {
        return Shown { table, before: 0, next: None };
    }
    let places = Place::all(rows);
    let before = places.partition_point(|place| wanted.after.as_ref().is_some_and(|after| place <= after));
    let table = written(rows, equity, wanted, before);
    let end = before + table.len();
    let last = places.get(..end).and_then(<[Place]>::last).filter(|_| end < rows.len() && !table.is_empty());
    Shown { next: last.cloned(), table, before }
}

fn written(rows: &[Row<'_>], equity: Option<Decimal>, wanted: &Wanted, before: usize) -> Table {
    let (whole, of) = match equity.filter(|equity| *equity > Decimal::ZERO) {
        Some(equity) => (equity, "weight % of equity"),
        None => (rows.iter().filter_map(|row| row.value).sum(), "weight % of positions"),
    };
    let heads = ["symbol", "quantity", "average", "last", "value", of, "day P&L", "open P&L", "price time"];
    let name = wanted.names.then(|| "name".to_owned());
    let mut table = Table::with_header(heads.map(str::to_owned).into_iter().chain(name).collect(), "");
    let mut left = wanted.room;
    for row in rows.iter().skip(before) {
        if !table.row_within(cells(row, whole, wanted.names), &mut left) {
            break;
        }
    }
    table
}

fn cells(row: &Row<'_>, whole: Decimal, names: bool) -> Vec<Option<String>> {
    let Row { position, quote, value } = row;
    let is_priced = matches!(position.kind(), Kind::Shares | Kind::Contract);
    let listed = position.price.filter(|_| is_priced);
    let mut cells = vec![
        Some(name(position)),
        position.quantity.map(quantity),
        position.average.map(plain),
        quote.and_then(|quote| quote.last).or(listed).map(plain),
        value.map(cents),
        value.and_then(|value| percent(value, whole)),
        position.day_pl.map(plain),
        position.open_pl.map(plain),
        match quote.filter(|quote| quote.last.is_some()) {
            Some(quote) => quote.age(clock::now()),
            None => listed.map(|_| "of Aries' list".to_owned()),
        },
    ];
    if names {
        cells.push(quote.and_then(|quote| quoted(quote.name.as_deref()?, 40)));
    }
    cells
}

/// The symbol as Aries writes it; cash may have none.
pub(super) fn name(position: &Position) -> String {
    match (position.symbol.as_str(), position.kind()) {
        ("", Kind::Cash) => "cash".to_owned(),
        (symbol, _) => clean(symbol, 32),
    }
}

/// The sums over the positions of one account: of those that have a value here, so that value and cost are of the same ones.
pub(super) fn totals(rows: &[Row<'_>]) -> String {
    let valued = || rows.iter().filter(|row| row.value.is_some());
    let of = |figure: fn(&Position) -> Option<Decimal>| total_of(valued().map(|row| figure(row.position)));
    let what = match (valued().count(), rows.len()) {
        (some, all) if some == all => count(all, "position"),
        (some, all) => format!("the positions that have a value here ({some} of {all})"),
    };
    format!(
        "total of {what}: value {} · cost {} · day P&L {} · open P&L {}",
        total_of(valued().map(|row| row.value)),
        of(|position| position.cost),
        of(|position| position.day_pl),
        of(|position| position.open_pl),
    )
}

/// What has to be said of some rows: those of a kind that is not known here, those that cannot be read, those that stand
/// there twice.
pub(super) fn remarks(list: &[Position]) -> Vec<String> {
    let mut remarks = Vec::new();
    let named = |wanted: &dyn Fn(&&Position) -> bool, word: &dyn Fn(&Position) -> String| -> Vec<String> {
        list.iter().filter(wanted).map(word).collect()
    };
    let unknown = named(&|one| one.kind() == Kind::Other, &|one| {
        format!("{} ({})", name(one), clean(&one.security_word, 24))
    });
    if !unknown.is_empty() {
        remarks.push(format!(
            "no price and no value: {}: a type of security that is not known here",
            few(&unknown, 10)
        ));
    }
    let unread =
        named(&|one| one.kind() != Kind::Other && one.kind() != Kind::Cash && one.parsed.is_none(), &name);
    if !unread.is_empty() {
        remarks.push(format!("no price: {} (not a symbol that is understood here)", few(&unread, 10)));
    }
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for position in list {
        let key = position.parsed.as_ref().map_or_else(|| name(position), |symbol| symbol.to_string());
        *times.entry(key).or_default() += 1;
    }
    let twice: Vec<String> = times
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|(symbol, times)| format!("{symbol} ({times} rows)"))
        .collect();
    if !twice.is_empty() {
        let twice = few(&twice, 10);
        remarks.push(format!("Aries lists more than once: {twice}; each row is shown and counted as sent"));
    }
    remarks
}
