//! Single payments: receipts, disbursements, independent expenditures. Field names within rows are guesses after
//! look-alikes.

use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::fixed;
use super::super::market::noise::uniform;
use super::super::market::{self, calendar};
use super::super::world::World;
use super::elections::{CANDIDATES, Candidate};
use super::pages;

/// Payments per committee.
const EACH: i64 = 15;

/// One of these must narrow the question.
const NARROWING: &[&str] = &[
    "twoYearTransactionPeriod",
    "committeeId",
    "contributorId",
    "contributorName",
    "contributorCity",
    "contributorZip",
    "contributorEmployer",
    "contributorOccupation",
    "imageNumber",
];
const CONTRIBUTORS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("LINDQVIST, ANNA", "PORTLAND", "OR", "97205", "CASCADE CLINIC", "NURSE"),
    ("OKAFOR, DANIEL", "HOUSTON", "TX", "77002", "SELF-EMPLOYED", "ENGINEER"),
    ("PETTIGREW, SAM", "ATLANTA", "GA", "30303", "RETIRED", "RETIRED"),
    ("QUINLAN, ROSE", "DETROIT", "MI", "48226", "LAKESHORE SCHOOLS", "TEACHER"),
];
const PURPOSES: &[(&str, &str, &str)] = &[
    ("ADVERTISING", "BIRCHWOOD MEDIA LLC", "TELEVISION ADVERTISING"),
    ("TRAVEL", "SKYLINE CHARTER INC", "AIR TRAVEL"),
    ("ADMINISTRATIVE", "MAIN STREET PRINTING", "PRINTING AND POSTAGE"),
    ("POLLING", "CLEARWATER RESEARCH", "SURVEY"),
];

/// What every payment has, and how the rest varies.
struct Payment {
    candidate: &'static Candidate,
    id: String,
    day: String,
    cents: i64,
    image: String,
    seed: i64,
}

fn payments(call: &Call, kind: &'static str, most: i64) -> impl Iterator<Item = Payment> {
    let today = market::today(call.now);
    CANDIDATES.iter().flat_map(move |candidate| {
        (0..EACH).map(move |at| {
            let of = |what: &str| uniform(candidate.id, what, at * 31 + uniform(kind, "kind", 0));
            let number = of(kind) * 1000 + at;
            Payment {
                candidate,
                id: format!("4{}{number:06}", candidate.committee.trim_start_matches('C')),
                day: calendar::plus_days(today, -(at * 9 + 20 + of("day") / 200)).to_string(),
                cents: 100 * (1 + of("amount") * most / 1000),
                image: format!("2026{number:012}"),
                seed: of("seed"),
            }
        })
    })
}

fn pick<T: Copy + Default>(rows: &[T], seed: i64) -> T {
    let at = usize::try_from(seed).unwrap_or_default() % rows.len().max(1);
    rows.get(at).copied().unwrap_or_default()
}

/// Whether every filter that the query names fits the row's field of the same name.
fn fits(call: &Call, row: &Value, filters: &[&str]) -> bool {
    filters.iter().all(|name| match row.get(name) {
        Some(Value::String(text)) => pages::asked(call, name, text),
        Some(Value::Number(number)) => pages::asked(call, name, &number.to_string()),
        _ => true,
    })
}

/// `GET …/receipts`.
pub(crate) fn receipts(_: &mut World, call: &Call) -> Reply {
    if NARROWING.iter().all(|name| call.query(name).is_none()) {
        return Err(Answer::bad_request(format!("one of these is required: {}", NARROWING.join(", "))));
    }
    let found = payments(call, "receipt", 3300).map(|one| {
        let (name, city, state, zip, employer, occupation) = pick(CONTRIBUTORS, one.seed);
        json!({
            "subId": one.id,
            "committeeId": one.candidate.committee,
            "committeeName": format!("FRIENDS OF {}", one.candidate.name),
            "contributorName": name,
            "contributorCity": city,
            "contributorState": state,
            "contributorZip": zip,
            "contributorEmployer": employer,
            "contributorOccupation": occupation,
            "contributionReceiptAmount": fixed(one.cents, 2),
            "contributionReceiptDate": one.day,
            "twoYearTransactionPeriod": 2026,
            "imageNumber": one.image,
        })
    });
    pages::keyset(call, found.filter(|row| fits(call, row, NARROWING)).collect())
}

/// `GET …/disbursements`.
pub(crate) fn disbursements(_: &mut World, call: &Call) -> Reply {
    let found = payments(call, "disbursement", 90_000).map(|one| {
        let (category, recipient, what) = pick(PURPOSES, one.seed);
        json!({
            "subId": one.id,
            "committeeId": one.candidate.committee,
            "committeeName": format!("FRIENDS OF {}", one.candidate.name),
            "recipientName": recipient,
            "disbursementAmount": fixed(one.cents, 2),
            "disbursementDate": one.day,
            "disbursementDescription": what,
            "disbursementPurposeCategory": category,
            "twoYearTransactionPeriod": 2026,
            "imageNumber": one.image,
        })
    });
    let filters = ["committeeId", "disbursementPurposeCategory", "twoYearTransactionPeriod", "imageNumber"];
    pages::keyset(call, found.filter(|row| fits(call, row, &filters)).collect())
}

/// `GET …/independent-expenditures`.
pub(crate) fn independent(_: &mut World, call: &Call) -> Reply {
    if call.query("candidateOffice").is_some_and(|office| !matches!(office, "H" | "S" | "P")) {
        return Err(Answer::bad_request("candidateOffice must be H, S or P"));
    }
    let found = payments(call, "independent", 400_000).map(|one| {
        let (_, payee, what) = pick(PURPOSES, one.seed);
        json!({
            "subId": one.id,
            "committeeId": "C00910001",
            "committeeName": "CITIZENS FOR A MADE-UP FUTURE",
            "candidateId": one.candidate.id,
            "candidateName": one.candidate.name,
            "candidateOffice": one.candidate.office,
            "candidateOfficeState": one.candidate.state,
            "candidateOfficeDistrict": one.candidate.district,
            "candidateParty": one.candidate.party,
            "payeeName": payee,
            "expenditureAmount": fixed(one.cents, 2),
            "expenditureDate": one.day,
            "expenditureDescription": what,
            "officeTotalYtd": fixed(one.cents * 4, 2),
            "supportOpposeIndicator": if one.seed % 2 == 0 { "S" } else { "O" },
            "imageNumber": one.image,
        })
    });
    let filters = [
        "candidateId",
        "candidateOffice",
        "candidateParty",
        "candidateOfficeDistrict",
        "supportOpposeIndicator",
        "imageNumber",
    ];
    pages::keyset(call, found.filter(|row| fits(call, row, &filters)).collect())
}
