//! What can be wrong with the Aries that the program sees: lists that lag, cursors that do not move, rows that carry the
//! ids of others, accounts that change their kind, quotes that make no sense, and answers to orders that are lost.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Instant;

use serde_json::Value;

use super::config::Config;
use super::dice::Dice;
use super::twin::Twin;
use super::wire::Answer;

/// What Aries does with an order, a replacement or a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Books {
    AtOnce,
    /// A moment after the program was answered.
    Late,
    Never,
}

/// What the program hears of it.
#[derive(Debug, Clone)]
pub(super) enum Hears {
    /// The answer of the embedded Aries, maybe a little later.
    Answer {
        after: u64,
    },
    Nothing,
    Half,
    /// An answer of another, such as a gateway; `{ID}` becomes the id of the order, if there is one.
    Instead(u16, &'static str, &'static str),
}

#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) books: Books,
    pub(super) hears: Hears,
}

const HTML: &str = "text/html";
const JSON: &str = "application/json";

/// Answers that are no whole refusal by Aries of this order, whatever became of it.
const DOUBTFUL: &[(u16, &str, &str)] = &[
    (
        401,
        JSON,
        r#"{"error":{"type":"authentication_error","code":"TOKEN_EXPIRED","message":"the token is not valid"}}"#,
    ),
    (401, JSON, r#"{"error":"unauthorized","codes":[],"metadata":{}}"#),
    (401, HTML, "<html>sign in</html>"),
    (400, HTML, "<html>400 Bad Request</html>"),
    (400, JSON, "{}"),
    (400, JSON, ""),
    (403, HTML, "<html>403 Forbidden</html>"),
    (403, JSON, r#"{"message":"Forbidden"}"#),
    (404, HTML, "<html>404 Not Found</html>"),
    (408, JSON, r#"{"error":"too slow"}"#),
    (409, JSON, r#"{"error":"there is one already"}"#),
    (400, JSON, r#"{"error":"there is one already","clOrdId":"{ID}"}"#),
    (
        422,
        JSON,
        r#"{"error":{"code":"DUPLICATE","message":"there is one already","details":{"clOrdId":"{ID}"}}}"#,
    ),
    (400, JSON, r#"{"error":"bad pr"#),
    (429, HTML, "slow down"),
    (500, JSON, r#"{"error":"a fault"}"#),
    (500, HTML, ""),
    (502, HTML, "<html>502 Bad Gateway</html>"),
    (503, JSON, r#"{"error":{"type":"unavailable","code":"UNAVAILABLE","message":"try again"}}"#),
    (504, HTML, "<html>504</html>"),
    (200, JSON, ""),
    (200, JSON, "{}"),
    (200, JSON, r#"{"success":true}"#),
    (200, JSON, r#"{"status":"NEW"}"#),
    (200, JSON, "null"),
    (200, HTML, "<html>welcome</html>"),
    (204, JSON, ""),
    (302, HTML, ""),
];

/// Refusals of Aries' own that leave no doubt.
const REFUSALS: &[(u16, &str, &str)] = &[
    (
        400,
        JSON,
        r#"{"error":"price is out of range","codes":[{"code":"PRICE","field":"price"}],"metadata":{}}"#,
    ),
    (422, JSON, r#"{"error":{"type":"invalid_request","code":"INVALID_VALUE","message":"bad quantity"}}"#),
    (
        403,
        JSON,
        r#"{"error":{"type":"permission","code":"NOT_ALLOWED","message":"this account may not trade"}}"#,
    ),
];

impl Trouble {
    pub(super) fn thrown(dice: &mut Dice) -> Self {
        let doubtful = |dice: &mut Dice| {
            let (status, kind, body) = *dice.pick(DOUBTFUL).unwrap();
            Hears::Instead(status, kind, body)
        };
        let lost = |dice: &mut Dice| if dice.percent(50) { Hears::Nothing } else { doubtful(dice) };
        match dice.weighted(&[45, 15, 12, 12, 8, 8]) {
            0 => Self { books: Books::AtOnce, hears: lost(dice) },
            1 => Self { books: Books::AtOnce, hears: Hears::Half },
            2 => Self { books: Books::Never, hears: lost(dice) },
            3 => Self { books: Books::Late, hears: Hears::Nothing },
            4 => {
                let (status, kind, body) = *dice.pick(REFUSALS).unwrap();
                Self { books: Books::Never, hears: Hears::Instead(status, kind, body) }
            }
            _ => Self { books: Books::AtOnce, hears: Hears::Answer { after: 120 } },
        }
    }

    /// Under which name it is counted.
    pub(super) fn name(&self) -> String {
        let hears = match &self.hears {
            Hears::Answer { .. } => "slow answer".to_owned(),
            Hears::Nothing => "no answer".to_owned(),
            Hears::Half => "half an answer".to_owned(),
            Hears::Instead(status, ..) => format!("{status} instead"),
        };
        format!("POST booked {:?}, {hears}", self.books)
    }
}

/// How lists of orders come in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pages {
    Whole,
    /// As many rows on a page.
    Small(usize),
    /// Small ones of which the third leads to the first again.
    Repeating,
    /// The second page leads to itself.
    Stuck,
    /// Each page begins with the last row of the page before.
    Overlapping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    True,
    /// Bid 0.01 and ask 9,999.
    Stub,
    Crossed,
    /// The row names another symbol.
    Other,
    NoBid,
    NoAsk,
    /// Both sides at nine times the price.
    High,
}

impl Quotes {
    pub(super) const WRONG: [Self; 6] =
        [Self::Stub, Self::Crossed, Self::Other, Self::NoBid, Self::NoAsk, Self::High];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum List {
    Today,
    History,
    Positions,
}

/// A list as it was, for so many looks.
pub(super) struct Lag {
    pub(super) account: String,
    pub(super) list: List,
    pub(super) was: Value,
    pub(super) since: jiff::Timestamp,
    pub(super) looks: usize,
}

/// An order that is shown under an id that another order has or had.
pub(super) struct Disguise {
    pub(super) order: String,
    pub(super) shown: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Place,
    Replace,
    Cancel,
}

/// One POST that would change something, with what was true when it came.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) at: Instant,
    pub(super) kind: Kind,
    pub(super) body: Value,
    pub(super) trouble: Option<Trouble>,
    /// What Aries last said of the account.
    pub(super) live: bool,
    pub(super) quotes: Quotes,
    /// What the config file allowed when it was sent.
    pub(super) config: Config,
    /// The order that it changes, by its true id, and how that stood.
    pub(super) target: Option<(String, Value)>,
    /// Shares that were free to sell.
    pub(super) free: Option<rust_decimal::Decimal>,
    /// Bid and ask when it was sent.
    pub(super) market: Option<(rust_decimal::Decimal, rust_decimal::Decimal)>,
    /// Aries' answer, once it has one.
    pub(super) answer: Option<Value>,
    /// The order in Aries' book right after.
    pub(super) row: Option<Value>,
}

pub(super) struct Mood {
    /// What accounts are said to be, where that is not true.
    pub(super) flipped: HashSet<String>,
    /// Every second answer says otherwise.
    pub(super) wavering: bool,
    pub(super) told_live: HashMap<String, bool>,
    pub(super) lags: Vec<Lag>,
    pub(super) disguises: Vec<Disguise>,
    pub(super) pages: Pages,
    pub(super) quotes: Quotes,
    /// For the next POSTs.
    pub(super) troubles: VecDeque<Trouble>,
    /// For the next order.
    pub(super) twin: Option<Twin>,
    pub(super) twins: Vec<(String, Twin)>,
    /// How many of a hundred reads fail.
    pub(super) failing_reads: usize,
    pub(super) dice: Dice,
    pub(super) config: Config,
    pub(super) ledger: Vec<Entry>,
    /// The `clientId` of the last request to Aries' preview.
    pub(super) previewed: Option<String>,
    /// Orders that a list showed, by their true ids, and when first.
    pub(super) shown: HashMap<String, Instant>,
    /// Lists of orders asked for.
    pub(super) looks: usize,
    /// What went wrong, by kind.
    pub(super) injected: BTreeMap<String, usize>,
}

impl Mood {
    pub(super) fn new(dice: Dice, config: Config) -> Self {
        Self {
            flipped: HashSet::new(),
            wavering: false,
            told_live: HashMap::new(),
            lags: Vec::new(),
            disguises: Vec::new(),
            pages: Pages::Whole,
            quotes: Quotes::True,
            troubles: VecDeque::new(),
            twin: None,
            twins: Vec::new(),
            failing_reads: 0,
            dice,
            config,
            ledger: Vec::new(),
            previewed: None,
            shown: HashMap::new(),
            looks: 0,
            injected: BTreeMap::new(),
        }
    }

    pub(super) fn count(&mut self, what: impl Into<String>) {
        *self.injected.entry(what.into()).or_default() += 1;
    }

    /// The answer in place of one that fails, if this read is to fail.
    pub(super) fn failing_read(&mut self) -> Option<Answer> {
        let fails = self.failing_reads > 0 && self.dice.percent(self.failing_reads);
        fails.then(|| {
            self.count("read answered with 503");
            Answer::text(503, JSON, r#"{"error":"try again"}"#)
        })
    }
}
