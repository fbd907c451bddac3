//! Prompts that people use: plans of tool calls, no advice. A plan has only steps whose tools the session lists.

use rmcp::model::{GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Map, Value};

use crate::aries::symbols::Symbol;
use crate::error::{Error, Result};
use crate::text::clean;

struct Plan {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    arguments: &'static [Argument],
    /// Each begins with the tool it needs; a step whose tool is not listed is left out.
    steps: &'static [&'static str],
    end: &'static str,
}

struct Argument {
    name: &'static str,
    about: &'static str,
    is_required: bool,
}

const ACCOUNT: Argument = Argument {
    name: "account",
    about: "Last four characters of the account; all if left out",
    is_required: false,
};

const fn symbol(about: &'static str) -> Argument {
    Argument { name: "symbol", about, is_required: true }
}

const PLANS: &[Plan] = &[
    Plan {
        name: "morning_briefing",
        title: "Morning briefing",
        about: "The market, my positions, and what is due today",
        arguments: &[ACCOUNT],
        steps: &[
            "get_market_status: is the market open?",
            "get_quotes for SPX, NDX, DJI and VIX.",
            "get_portfolio{account}: what moved most in my positions?",
            "get_calendar with view earnings from today, and with view economy from today: what is due?",
            "get_orders{account}: which orders are open?",
            "get_news for the two positions that moved most.",
        ],
        end: "Then tell me in ten lines at most what I should know before the open. No advice; say how old each figure is.",
    },
    Plan {
        name: "position_review",
        title: "Position review",
        about: "One position: price, news, analysts, calendar",
        arguments: &[symbol("Symbol of the position"), ACCOUNT],
        steps: &[
            "get_portfolio{account}: how much of {symbol} do I hold, at what average, with what profit or loss?",
            "get_quotes for {symbol}.",
            "get_bars for {symbol}, interval 1d, limit 60: the trend.",
            "get_news for {symbol}.",
            "get_ratings for {symbol}, view target, then view changes.",
            "get_calendar, view earnings, symbol {symbol}, from today to in 90 days; view dividends, symbol {symbol}.",
        ],
        end: "Then summarise facts for and against holding it, each with its source. No advice.",
    },
    Plan {
        name: "earnings_week",
        title: "Earnings week",
        about: "Which of my positions report next week, and what is expected",
        arguments: &[ACCOUNT],
        steps: &[
            "get_portfolio{account}: the symbols I hold.",
            "get_calendar, view earnings, from next week: which of them report, and when?",
            "get_estimates for each of those, view eps with freq quarterly, then view surprises.",
            "get_option_chain for each, first expiration after its report: the IV at the money.",
        ],
        end: "Then make one table: day, hour, symbol, expected EPS, last surprise, IV. Say what is missing.",
    },
    Plan {
        name: "option_income",
        title: "Option income ideas for a holding",
        about: "Covered calls on shares I hold: the facts side by side",
        arguments: &[symbol("Symbol of the holding"), ACCOUNT],
        steps: &[
            "get_portfolio{account}: how many shares of {symbol} do I hold, and at what average? Below 100 there is nothing to cover.",
            "get_quotes for {symbol}.",
            "get_calendar, view earnings, symbol {symbol}, from today to in 90 days; view dividends, symbol {symbol}.",
            "get_option_chain for {symbol}: the expirations; then those 3 to 7 weeks ahead with side call, strikes above the price.",
        ],
        end: "Then make one table: expiration, strike, bid, premium in percent of the price, delta, days, earnings or ex-date before it. \
              Say what is given up if the shares are called away. No advice and no order.",
    },
];

fn tool_of(step: &str) -> &str {
    step.split_once(|c: char| c != '_' && !c.is_ascii_alphabetic()).map_or(step, |(tool, _)| tool)
}

pub(super) fn listed() -> Vec<Prompt> {
    let prompt = |plan: &Plan| {
        let arguments = plan.arguments.iter().map(|argument| {
            let described = PromptArgument::new(argument.name).with_description(argument.about);
            described.with_required(argument.is_required)
        });
        Prompt::new(plan.name, Some(plan.about), Some(arguments.collect())).with_title(plan.title)
    };
    PLANS.iter().map(prompt).collect()
}

/// One plan with its arguments filled in; `is_listed` tells which tools the session has.
pub(super) fn get(
    name: &str,
    given: &Map<String, Value>,
    is_listed: impl Fn(&str) -> bool,
) -> Result<GetPromptResult> {
    let plan = PLANS.iter().find(|plan| plan.name == name);
    let plan = plan.ok_or_else(|| {
        Error::usage(format!("there is no prompt {:?}", clean(name, 40)), "prompts/list names them")
    })?;
    if let Some(other) = given.keys().find(|name| plan.arguments.iter().all(|known| known.name != *name)) {
        let cause = format!("{} has no argument {:?}", plan.name, clean(other, 40));
        return Err(Error::usage(cause, "leave it out"));
    }
    let text =
        |name: &str| given.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let mut required = plan.arguments.iter().filter(|argument| argument.is_required);
    if let Some(missing) = required.find(|argument| text(argument.name).is_none()) {
        let cause = format!("`{}` is missing", missing.name);
        return Err(Error::usage(cause, "give a ticker such as AAPL"));
    }
    let symbol = text("symbol").map(Symbol::parse).transpose()?.map(|symbol| symbol.to_string());
    let is_account = |c: char| c.is_ascii_alphanumeric() || c == '…';
    let account = text("account");
    if account.is_some_and(|account| account.len() > 40 || !account.chars().all(is_account)) {
        return Err(Error::usage("`account` is no account", "give its last four characters"));
    }
    let account = account.map(|account| format!(" with account {account}")).unwrap_or_default();
    let steps = plan.steps.iter().filter(|step| is_listed(tool_of(step))).zip(1..).map(|(step, number)| {
        let step = step.replace("{account}", &account);
        format!("{number}. {}", step.replace("{symbol}", symbol.as_deref().unwrap_or_default()))
    });
    let steps = steps.collect::<Vec<_>>().join("\n");
    let message = format!("{}. Use these tools in this order:\n{steps}\n{}", plan.about, plan.end);
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, message)]).with_description(plan.about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools;

    #[test]
    fn every_step_names_a_tool_that_there_is() {
        for plan in PLANS {
            for step in plan.steps {
                assert!(tools::find(tool_of(step)).is_some(), "{step}");
            }
        }
    }

    #[test]
    fn arguments_are_checked_and_filled_in() {
        let given = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let plan = get("position_review", &given(r#"{"symbol":"aapl","account":"1002"}"#), |_| true).unwrap();
        let text = serde_json::to_string(&plan).unwrap();
        assert!(
            text.contains("get_portfolio with account 1002: how much of AAPL") && !text.contains('{')
                || !text.contains("{symbol}")
        );
        for wrong in [
            r"{}",
            r#"{"symbol":"../x"}"#,
            r#"{"symbol":"AAPL","account":"1002\nsell"}"#,
            r#"{"symbol":"AAPL","x":"y"}"#,
        ] {
            assert!(get("position_review", &given(wrong), |_| true).is_err(), "{wrong}");
        }
        let none = serde_json::to_string(&get("earnings_week", &given("{}"), |_| false).unwrap()).unwrap();
        assert!(!none.contains("get_"));
    }
}
