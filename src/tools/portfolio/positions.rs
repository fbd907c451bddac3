//! The positions of one account, valued with fresh quotes, as a table of as many rows as there is room for.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::aries::model::position::Kind;
use crate::aries::model::{Position, Quote};
use crate::aries::quotes::Priced;
use crate::clock;
use crate::text::clean;
use crate::tools::answer::Table;
use crate::tools::cell::quoted;
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

/// What of the list is shown.
pub(super) struct Wanted {
    pub(super) skip: usize,
    /// The most characters of the rows.
    pub(super) room: usize,
    pub(super) names: bool,
}

/// The largest first. A list of several pages goes by what was paid: values change between two pages.
pub(super) fn table(
    rows: &mut [Row<'_>],
    equity: Option<Decimal>,
    wanted: &Wanted,
) -> (Table, Option<usize>) {
    rows.sort_by_key(|row| std::cmp::Reverse(row.value.unwrap_or_default().abs()));
    let whole = written(rows, equity, wanted);
    if wanted.skip == 0 && whole.len() == rows.len() {
        return (whole, None);
    }
    let paid = |row: &Row<'_>| {
        let position = row.position;
        let paid = || position.average?.checked_mul(position.quantity?)?.checked_mul(position.multiplier()?);
        position.cost.or_else(paid).unwrap_or_default().abs()
    };
    rows.sort_by_key(|row| (std::cmp::Reverse(paid(row)), row.position.symbol.clone()));
    let part = written(rows, equity, wanted);
    let end = wanted.skip + part.len();
    let next = (end < rows.len() && !part.is_empty()).then_some(end);
    (part, next)
}

fn written(rows: &[Row<'_>], equity: Option<Decimal>, wanted: &Wanted) -> Table {
    let (whole, of) = match equity.filter(|equity| *equity > Decimal::ZERO) {
        Some(equity) => (equity, "weight % of equity"),
        None => (rows.iter().filter_map(|row| row.value).sum(), "weight % of positions"),
    };
    let heads = ["symbol", "quantity", "average", "last", "value", of, "day P&L", "open P&L", "price time"];
    let name = wanted.names.then(|| "name".to_owned());
    let mut table = Table::with_header(heads.map(str::to_owned).into_iter().chain(name).collect(), "");
    let mut left = wanted.room;
    for row in rows.iter().skip(wanted.skip) {
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

/// The sums over the positions of one account.
pub(super) fn totals(rows: &[Row<'_>]) -> String {
    let of = |figure: fn(&Position) -> Option<Decimal>| total_of(rows.iter().map(|row| figure(row.position)));
    format!(
        "total of {}: value {} · cost {} · day P&L {} · open P&L {}",
        count(rows.len(), "position"),
        total_of(rows.iter().map(|row| row.value)),
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
