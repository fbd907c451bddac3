//! Filings and alternative data: similarity of filings, ESG, awards of the government (supplemental.md 7 and 8).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows::{self, fixed};
use super::super::market::noise::uniform;
use super::super::market::{self, calendar};
use super::super::world::World;
use super::companies::{COMPANIES, Company};
use super::quarters::Quarter;
use super::{company, pick};

/// `GET /v1/filings/similarity-index`: how alike each report is to the one before.
pub(crate) fn similarity(_: &mut World, call: &Call) -> Reply {
    let company = by_key(call)?;
    let annual = rows::choice(call, "freq", &["annual", "quarterly"])? == "annual";
    let last = company.last_reported(market::today(call.now));
    let (first, step) = if annual { (last.number() % 4, 4) } else { (0, 1) };
    let filings: Value =
        (0..8).map(|count| filing(company, last.back(first + count * step), annual)).collect();
    Answer::ok(&json!({
        "data": { "cik": company.cik, "symbol": company.symbol, "similarity": filings },
    }))
}

fn by_key(call: &Call) -> Result<&'static Company, Answer> {
    match call.query("cik") {
        None if call.query("symbol").is_none() => Err(Answer::bad_request("symbol or cik is required")),
        None => company(call),
        Some(cik) => COMPANIES
            .iter()
            .find(|company| company.cik.trim_start_matches('0') == cik.trim_start_matches('0'))
            .ok_or_else(|| Answer::not_found(format!("no company has the cik {cik}"))),
    }
}

fn filing(company: &Company, quarter: Quarter, annual: bool) -> Value {
    let day = company.report_day(quarter);
    let cik = company.cik.trim_start_matches('0');
    let number =
        format!("{}-{:02}-{:06}", company.cik, day.year() % 100, uniform(cik, "access", quarter.point()));
    let folder = format!("https://www.sec.gov/Archives/edgar/data/{cik}/{}", number.replace('-', ""));
    let of = |item: &str| fixed(700 + uniform(company.symbol, item, quarter.point()) * 3 / 10, 3);
    json!({
        "form": if annual { "10-K" } else { "10-Q" },
        "cik": cik,
        "accessNumber": number,
        "filedDate": format!("{day} 00:00:00"),
        "acceptedDate": format!("{day} 16:30:12"),
        "filingUrl": format!("{folder}/{number}-index.html"),
        "reportUrl": format!("{folder}/report.htm"),
        "item1": of("item1"),
        "item1a": of("item1a"),
        "item2": of("item2"),
        "item7": of("item7"),
        "item7a": of("item7a"),
    })
}

/// `GET /v1/stock/historical-esg`: one row per year, newest first.
pub(crate) fn esg(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    let this = i64::from(market::today(call.now).year());
    let data: Value = (1..=6)
        .map(|ago| {
            let of = |part: &str| 400 + uniform(company.symbol, part, this - ago) / 2;
            let (environment, governance, social) = (of("environment"), of("governance"), of("social"));
            json!({
                "period": format!("{}-12-31", this - ago),
                "totalESGScore": fixed((environment + governance + social) / 3, 1),
                "environmentScore": fixed(environment, 1),
                "governanceScore": fixed(governance, 1),
                "socialScore": fixed(social, 1),
                "data": {
                    "carbonReductionPolicy": true,
                    "renewableEnergyUsage": fixed(of("renewable"), 1),
                    "femaleBoardMembersPercentage": fixed(of("board") / 2, 1),
                    "totalWomenPercentage": fixed(of("women") / 2, 1),
                },
            })
        })
        .collect();
    Answer::ok(&json!({ "symbol": company.symbol, "data": data }))
}

/// Agency, part of it, office, what for.
const AWARDS: &[(&str, &str, &str, &str)] = &[
    (
        "Department of Defense",
        "Department of the Air Force",
        "FA8730 KESSEL RUN",
        "CLOUD SERVICES, TASK ORDER 4",
    ),
    (
        "Department of Health and Human Services",
        "National Institutes of Health",
        "NITAAC",
        "DEVICES AND SUPPORT",
    ),
    (
        "General Services Administration",
        "Federal Acquisition Service",
        "GSA REGION 3",
        "SOFTWARE MAINTENANCE RENEWAL",
    ),
    (
        "National Aeronautics and Space Administration",
        "Glenn Research Center",
        "NASA GRC",
        "ENGINEERING SERVICES",
    ),
];
const PLACES: &[(&str, &str, &str, &str, &str)] = &[
    ("ARLINGTON", "ARLINGTON", "VIRGINIA", "22202", "08"),
    ("SEATTLE", "KING", "WASHINGTON", "98108", "09"),
    ("AUSTIN", "TRAVIS", "TEXAS", "78759", "37"),
];

/// `GET /v1/stock/usa-spending`: about one award a month for six years.
pub(crate) fn usa_spending(_: &mut World, call: &Call) -> Reply {
    let company = company(call)?;
    let days = rows::required_date(call, "from")?..=rows::required_date(call, "to")?;
    let today = market::today(call.now);
    let data: Value = (0..72)
        .map(|at| {
            (at, calendar::plus_days(today, -30 * at - uniform(company.symbol, "award", at) * 29 / 1000))
        })
        .filter(|(_, day)| days.contains(day))
        .map(|(at, day)| award(company, at, day))
        .collect();
    Answer::ok(&json!({ "symbol": company.symbol, "data": data }))
}

fn award(company: &Company, at: i64, day: Date) -> Value {
    let index = |length: usize, purpose: &str| {
        usize::try_from(uniform(company.symbol, purpose, at)).unwrap_or_default() * length / 1000
    };
    let (agency, sub, office, what) =
        AWARDS.get(index(AWARDS.len(), "agency")).copied().unwrap_or(("", "", "", ""));
    let (city, county, state, zip, district) =
        PLACES.get(index(PLACES.len(), "place")).copied().unwrap_or(("", "", "", "", ""));
    let name = company.name().to_uppercase();
    let until = calendar::plus_days(day, 365 + uniform(company.symbol, "until", at));
    json!({
        "actionDate": day.to_string(),
        "recipientName": format!("{name} FEDERAL"),
        "recipientParentName": name,
        "awardDescription": what,
        "totalValue": fixed(1_000_000 + uniform(company.symbol, "value", at).pow(2) * 1_234, 2),
        "country": "USA",
        "awardingAgencyName": agency,
        "awardingSubAgencyName": sub,
        "awardingOfficeName": office,
        "performanceStartDate": day.to_string(),
        "performanceEndDate": until.to_string(),
        "performanceCountry": "USA",
        "performanceCity": city,
        "performanceCounty": county,
        "performanceState": state,
        "performanceZipCode": zip,
        "performanceCongressionalDistrict": district,
        "naicsCode": pick(&["541512", "334111", "541519"], company.symbol, "naics", at),
        "permalink": format!("https://www.usaspending.gov/award/CONT_AWD_{}{at:04}", company.cik),
    })
}
