//! Candidates for office and their money. Field names within rows are not documented: guesses after look-alikes.

use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::fixed;
use super::super::market::noise::uniform;
use super::super::world::World;
use super::pages;

/// A person who runs for something; nobody of this name does.
pub(super) struct Candidate {
    /// Key at the Federal Election Commission.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) party: &'static str,
    /// H, S or P.
    pub(super) office: &'static str,
    pub(super) state: &'static str,
    pub(super) district: &'static str,
    /// The committee that collects the money.
    pub(super) committee: &'static str,
}

const fn row(
    id: &'static str,
    name: &'static str,
    party: &'static str,
    office: &'static str,
    state: &'static str,
    district: &'static str,
    committee: &'static str,
) -> Candidate {
    Candidate { id, name, party, office, state, district, committee }
}

pub(super) const CANDIDATES: &[Candidate] = &[
    row("H6CA12001", "ALDERSON, MARA", "DEM", "H", "CA", "12", "C00900001"),
    row("H6TX07002", "BRISCOE, WENDELL", "REP", "H", "TX", "07", "C00900002"),
    row("H6NY03003", "CASTELLANO, RUTH", "DEM", "H", "NY", "03", "C00900003"),
    row("S6GA00004", "DUNMORE, ELIAS", "REP", "S", "GA", "00", "C00900004"),
    row("S6MI00005", "EASTERLING, JOAN", "DEM", "S", "MI", "00", "C00900005"),
    row("S6ME00006", "FARQUHAR, TOBIAS", "IND", "S", "ME", "00", "C00900006"),
    row("H6AK00007", "GREENE-HOLLOWAY, PAT", "REP", "H", "AK", "00", "C00900007"),
    row("P80000008", "HARGROVE, LEONIE", "DEM", "P", "US", "00", "C00900008"),
    row("P80000009", "ISLEWORTH, CALEB", "REP", "P", "US", "00", "C00900009"),
];

/// The year that a candidate runs in.
fn year(candidate: &Candidate) -> i64 {
    if candidate.office == "P" { 2028 } else { 2026 }
}

fn wanted(call: &Call, one: &Candidate) -> bool {
    let words = ["q", "name", "keywords", "keywords[]"].into_iter().filter_map(|name| call.query(name));
    let named = words.map(str::to_uppercase).all(|text| one.name.contains(&text) || one.id == text);
    named
        && pages::asked(call, "candidateId", one.id)
        && pages::asked(call, "electionYear", &year(one).to_string())
        && pages::asked(call, "party", one.party)
        && pages::asked(call, "office", one.office)
        && pages::asked(call, "state", one.state)
}

/// `GET …/candidates/search`.
pub(crate) fn search(_: &mut World, call: &Call) -> Reply {
    let found = CANDIDATES.iter().filter(|one| wanted(call, one)).map(|one| {
        json!({
            "candidateId": one.id,
            "name": one.name,
            "party": one.party,
            "office": one.office,
            "state": one.state,
            "district": one.district,
            "electionYears": [year(one)],
            "incumbentChallenge": if uniform(one.id, "incumbent", 0) < 400 { "I" } else { "C" },
            "candidateStatus": "C",
            "principalCommittees": [{ "committeeId": one.committee }],
        })
    });
    pages::numbered(call, found.collect())
}

/// `GET …/candidates/totals`.
pub(crate) fn all_totals(_: &mut World, call: &Call) -> Reply {
    let found = CANDIDATES.iter().filter(|one| wanted(call, one)).map(|one| totals(one, year(one)));
    pages::numbered(call, found.collect())
}

/// `GET …/candidates/{candidateId}/totals`: the whole election, or each cycle of two years.
pub(crate) fn totals_of(_: &mut World, call: &Call) -> Reply {
    let id = call.param("candidateId");
    let one = CANDIDATES.iter().find(|one| one.id == id);
    let one = one.ok_or_else(|| Answer::not_found(format!("no such candidate: {id}")))?;
    let cycles = if call.query("electionFull") == Some("false") { 3 } else { 1 };
    pages::numbered(call, (0..cycles).map(|ago| totals(one, year(one) - 2 * ago)).collect())
}

fn totals(one: &Candidate, cycle: i64) -> Value {
    let of = |what: &str, most: i64| most * (100 + uniform(one.id, what, cycle)) / 11;
    let receipts = of("receipts", if one.office == "P" { 90_000_000 } else { 4_000_000 });
    let spent = receipts * 8 / 10;
    json!({
        "candidateId": one.id,
        "name": one.name,
        "party": one.party,
        "office": one.office,
        "state": one.state,
        "electionYear": year(one),
        "cycle": cycle,
        "receipts": fixed(receipts, 2),
        "disbursements": fixed(spent, 2),
        "individualContributions": fixed(receipts * 7 / 10, 2),
        "cashOnHandEndPeriod": fixed(receipts - spent, 2),
        "debtsOwedByCommittee": fixed(of("debts", 100_000), 2),
        "coverageEndDate": format!("{cycle}-09-30"),
    })
}
