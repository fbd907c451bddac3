//! `find_symbol`: names to symbols, with the price step and session of an exact match.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::Table;
use super::elsewhere::{self, Elsewhere};
use super::format::{count, now};
use super::{Answer, Call, READS, Tool, Work, schema, typed};
use crate::aries::endpoints::{self, CONTRACT, SEARCH, SYMBOL_INFORMATION};
use crate::aries::symbols::{Contract, Symbol, class_share, listed_below};
use crate::aries::{Json, Reply};
use crate::config::Toolset;
use crate::error::Result;
use crate::text::clean;

pub(super) static FIND_SYMBOL: Tool = Tool {
    name: "find_symbol",
    title: "Find a symbol",
    description: "Finds symbols by ticker or name: stocks, funds and indices; with kind `option` the contracts of an underlying \
                  (OSI symbols), with kind `future` futures. An exact hit also shows exchange, session and smallest price step.",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"query":"Apple"}"#,
    work: Work::Code {
        input: schema::input::<FindSymbol>,
        endpoints: &[
            (&endpoints::SEARCH, r#"{"query":"Apple"}"#),
            (&endpoints::SYMBOL_INFORMATION, r#"{"query":"AAPL"}"#),
        ],
        run: |call, args| Box::pin(find_symbol(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FindSymbol {
    /// Ticker or part of a name; with kind option the underlying's ticker
    #[schemars(length(min = 1, max = 100))]
    query: String,
    /// What to look for; stocks and indices if left out
    kind: Option<Kind>,
    /// Most rows; 20 if left out
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Kind {
    Stock,
    Option,
    Future,
}

async fn find_symbol(call: Call, args: schema::Object) -> Result<Answer> {
    let args: FindSymbol = typed(args)?;
    let kind = args.kind.unwrap_or(Kind::Stock);
    let limit = args.limit.unwrap_or(20);
    // So text is copied out of a page.
    let query = args.query.trim().replace("&amp;", "&");
    let mut reply = search(&call, &query, kind, limit).await?;
    let mut sought = query.clone();
    if reply.rows(SEARCH.rows, &["symbol"])?.is_empty()
        && let Some(ticker) = otherwise_written(&query)
    {
        reply = search(&call, &ticker, kind, limit).await?;
        sought = ticker;
    }
    let rows = reply.rows(SEARCH.rows, &["symbol"])?;
    let shown = rows.get(..limit as usize).unwrap_or(&rows);
    let (market, found, name) = (call.market(), count(shown.len(), "symbol"), clean(&query, 60));
    let mut answer = Answer::new(format!("{market} · {found} for {name:?} · asked {}", now()));
    if shown.is_empty() {
        if let Some(place) = Elsewhere::of(&query) {
            let words = elsewhere::words(&call, vec![(place, &query)]).await;
            return Ok(words.into_iter().fold(answer, Answer::line));
        }
        let answer = answer.line("nothing found; try a shorter part of the name, or another kind");
        return Ok(match elsewhere::is_of_yields(&query) {
            true => answer.line(elsewhere::YIELDS_ARE),
            false => answer,
        });
    }
    let mut table = Table::new(["symbol", "name", "type", "venue"], "give a smaller `limit`");
    for row in shown {
        let cell = |path: &str, most: usize| row.text_at(path).map(|text| clean(&text, most));
        table.row([cell("symbol", 32), cell("description", 80), cell("type", 16), cell("tag", 16)]);
    }
    answer = answer.table(table);
    let mut symbols = shown.iter().filter_map(|row| row.text_at("symbol"));
    if let Some(exact) = symbols.find(|symbol| symbol.eq_ignore_ascii_case(&sought))
        && let Some(line) = details(&call, &exact).await
    {
        answer = answer.line(line);
    }
    if rows.len() >= limit as usize {
        let larger = if limit < 100 { "a larger `limit` or " } else { "" };
        answer = answer.line(format!("there may be more: give {larger}a longer query"));
    }
    Ok(answer)
}

async fn search(call: &Call, query: &str, kind: Kind, limit: u32) -> Result<Reply> {
    call.read(&SEARCH, [("query", json!(prefixed(query, kind))), ("limit", json!(limit))]).await
}

/// The ticker of class shares in Aries' own spelling, of a text that has another: `BRK-B`, `BRK B`, `BRKB`.
fn otherwise_written(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['.', '/']);
    let ticker = match Symbol::traded(text) {
        Ok(Symbol::Stock(ticker)) => class_share(&ticker).map_or(ticker, str::to_owned),
        _ => return None,
    };
    // Behind a dash a class is meant as often as a preferred share.
    let ticker = if ticker.eq_ignore_ascii_case(text) { ticker.replace('-', ".") } else { ticker };
    (!ticker.eq_ignore_ascii_case(text)).then_some(ticker)
}

/// Symbols that the search finds first for what was typed.
pub(super) async fn names(call: &Call, typed: &str) -> Result<Vec<String>> {
    let query = clean(typed.trim_start_matches(['.', '/']), 40);
    if query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let reply = call.read(&SEARCH, [("query", json!(query)), ("limit", json!(10))]).await?;
    let rows = reply.rows(SEARCH.rows, &["symbol"])?;
    let found = rows.into_iter().filter_map(|row| Some(clean(&row.text_at("symbol")?, 32)));
    Ok(found.collect())
}

/// Aries chooses what to search by the first character.
fn prefixed(query: &str, kind: Kind) -> String {
    let text = query.trim();
    let bare = text.trim_start_matches(['.', '/']);
    match kind {
        Kind::Stock => text.to_owned(),
        Kind::Option => format!(".{bare}"),
        Kind::Future => format!("/{bare}"),
    }
}

/// Exchange, session and price step of one symbol; `None` if Aries does not answer, since the search is what was asked.
async fn details(call: &Call, symbol: &str) -> Option<String> {
    let symbol = Symbol::parse(symbol).ok()?;
    let reply = call.read(&SYMBOL_INFORMATION, [("symbol", json!(symbol.to_string()))]).await.ok()?;
    let found = reply.json().and_then(|json| reply.object(json, "", &["exchange", "pricescale"]));
    let json = match found {
        Ok(found) => found.rows,
        Err(error) => return Some(format!("{symbol}: {}", error.cause)),
    };
    let text = |path: &str| json.text_at(path).map_or_else(|| "—".to_owned(), |text| clean(&text, 40));
    let multiplier = match &symbol {
        Symbol::Option(contract) => match shares(call, contract).await {
            Some(shares) => format!(" · {} shares per contract", shares.normalize()),
            None if contract.is_adjusted() => " · adjusted contract: not 100 ordinary shares".to_owned(),
            None => String::new(),
        },
        _ => String::new(),
    };
    Some(format!(
        "{symbol}: exchange {} · session {} {} · price step {}{multiplier}",
        text("exchange"),
        text("session"),
        text("timezone"),
        step(json).map_or_else(|| "—".to_owned(), |step| step.normalize().to_string()),
    ))
}

/// How many shares a contract stands for, if Aries says so; 100 is never assumed.
async fn shares(call: &Call, contract: &Contract) -> Option<Decimal> {
    let args = [("symbol", json!(listed_below(&contract.root))), ("contract", json!(contract.to_string()))];
    let reply = call.read(&CONTRACT, args).await.ok()?;
    let found = reply.object(reply.json().ok()?, CONTRACT.rows, &["details/sharesPerContract"]).ok()?;
    found.rows.decimal_at("details/sharesPerContract")
}

/// Smallest price step: `minmov` / `pricescale`.
fn step(json: Json<'_>) -> Option<Decimal> {
    json.decimal_at("minmov").unwrap_or(Decimal::ONE).checked_div(json.decimal_at("pricescale")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_ours_to_add() {
        assert_eq!(prefixed("AAPL", Kind::Option), ".AAPL");
        assert_eq!(prefixed(".AAPL", Kind::Option), ".AAPL");
        assert_eq!(prefixed("/ES", Kind::Future), "/ES");
        assert_eq!(prefixed(" Apple ", Kind::Stock), "Apple");
    }

    #[test]
    fn class_shares_are_sought_as_aries_writes_them() {
        for text in ["BRK-B", "brk b", "BRK/B", "BRKB", ".BRKB"] {
            assert_eq!(otherwise_written(text).as_deref(), Some("BRK.B"), "{text}");
        }
        assert_eq!(otherwise_written("BAC-L").as_deref(), Some("BAC.L"));
        for text in ["BRK.B", "Apple", "Apple Inc", "AAPL261218C00200000", ""] {
            assert_eq!(otherwise_written(text), None, "{text}");
        }
    }

    #[test]
    fn a_step_is_exact() {
        assert_eq!(
            step(Json::parse(r#"{"minmov":1,"pricescale":100}"#).unwrap()).unwrap().to_string(),
            "0.01"
        );
        assert_eq!(step(Json::parse("{}").unwrap()), None);
    }
}
