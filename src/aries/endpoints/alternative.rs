//! What few people ask for: lobbying, patents, visas, branches, themes, Covid-19.

use super::common::*;

const YEAR: [Param; 3] = [SYMBOL, FROM.or("365 days ago"), TO.or("today")];

const THEMES: &[(&str, &str)] = &[
    ("3d_printing", "3dPrinting"),
    ("ageing_population", "ageingPopulation"),
    ("ai", "ai"),
    ("big_data", "bigData"),
    ("clean_energy", "globalCleanEnergy"),
    ("cloud", "cloud"),
    ("cyber_security", "cyberSecurity"),
    ("digitalisation", "digitalisation"),
    ("drones", "drones"),
    ("exchanges_data", "financialExchangesData"),
    ("fintech", "fintech"),
    ("founder", "founder"),
    ("future_entertainment", "futureEntertainment"),
    ("future_food", "futureFood"),
    ("future_vehicles", "futureVehicles"),
    ("gaming", "gaming"),
    ("healthcare_innovation", "healthcareInnovation"),
    ("hr", "hr"),
    ("mobile_payment", "mobilePayment"),
    ("organic_food", "organicFood"),
    ("robotics", "robotics"),
    ("tobacco_alcohol_gambling", "tobaccoAlcoholGambling"),
    ("water", "globalWater"),
    ("wind_energy", "windEnergy"),
];

rows! {
    LOBBYING = get("/v1/stock/lobbying", &[SUPPLEMENTAL], &YEAR).rows("data").about("symbol");
    PATENTS = get("/v1/stock/uspto-patent", &[SUPPLEMENTAL], &YEAR).rows("data");
    VISA_APPLICATIONS = get("/v1/stock/visa-application", &[SUPPLEMENTAL], &YEAR).rows("data").about("symbol");
    BANK_BRANCHES = get("/v1/stock/bank-branch", &[SUPPLEMENTAL], &[SYMBOL]).rows("data");
    INVESTMENT_THEME = get("/v1/stock/investment-theme", &[SUPPLEMENTAL], &[
        required("theme", "theme", Choice(THEMES)),
    ]).rows("data");
    COVID = get("/v1/stock/covid19/us", &[SUPPLEMENTAL], &[]).rows("data");
}
