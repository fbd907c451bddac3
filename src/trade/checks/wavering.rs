//! Accounts of which Aries has said different things: live and simulated, cash and margin. Such an account counts as live.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::aries::model::Account;
use crate::error::{Error, Kind};
use crate::trade::journal::history::History;

/// What this process has heard of each account. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<HashMap<String, Vec<Account>>>>);

impl Heard {
    /// The accounts of an answer, each once. One that Aries has called something else before, in this answer too or by the
    /// journal, counts as live.
    pub(crate) fn settled(&self, accounts: Vec<Account>, history: &History) -> Vec<Account> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut each: Vec<Account> = Vec::new();
        for account in accounts {
            let kinds = heard.entry(account.id.clone()).or_default();
            if !kinds.iter().any(|known| is_alike(known, &account)) {
                kinds.push(account.clone());
            }
            match each.iter_mut().find(|known| known.id == account.id) {
                // Of two rows the one that allows less counts.
                Some(known) if known.is_open() && !account.is_open() => *known = account,
                Some(_) => {}
                None => each.push(account),
            }
        }
        for account in &mut each {
            let wavers = heard.get(&account.id).is_some_and(|kinds| kinds.len() > 1);
            if wavers || history.was_live(&account.id) {
                account.money = account.money.as_live();
            }
        }
        each
    }
}

/// Whether two answers say the same of an account. What is left out says nothing.
fn is_alike(one: &Account, other: &Account) -> bool {
    let word = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => true,
    };
    one.money == other.money && word(&one.kind, &other.kind) && word(&one.class, &other.class)
}

/// Refuses an account that counts as live although every row of it calls it simulated.
pub(crate) fn refusal(account: &Account) -> Error {
    let account = account.masked();
    let cause = format!(
        "Aries calls account {account} simulated now and has called it something else before, so it counts as live, and \
         live trading is off"
    );
    let hint = "tell the person; they can look in Client Center which it is. Another account can be used";
    Error::new(Kind::Refused, cause, hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Money;

    fn account(money: Money, class: Option<&str>) -> Account {
        let class = class.map(str::to_owned);
        Account { id: "A0017".to_owned(), id_field: "id", money, status: None, kind: None, class }
    }

    fn counted(answers: &[&[(Money, Option<&str>)]]) -> Vec<Money> {
        let heard = Heard::default();
        let settled = |answer: &&[(Money, Option<&str>)]| {
            let accounts = answer.iter().map(|(money, class)| account(*money, *class)).collect();
            let settled = heard.settled(accounts, &History::default());
            assert_eq!(settled.len(), 1);
            settled[0].money
        };
        answers.iter().map(settled).collect()
    }

    #[test]
    fn an_account_that_wavers_counts_as_live_from_then_on() {
        use Money::{Live, Simulated};
        let (live, simulated): ((Money, Option<&str>), _) = ((Live, None), (Simulated, None));
        assert_eq!(counted(&[&[simulated], &[simulated]]), [Simulated, Simulated]);
        assert_eq!(counted(&[&[simulated], &[live], &[simulated]]), [Simulated, Live, Live]);
        assert_eq!(counted(&[&[live], &[simulated]]), [Live, Live]);
        assert_eq!(counted(&[&[simulated, live]]), [Live]);
        assert_eq!(counted(&[&[live, simulated]]), [Live]);
        let of = |class| (Simulated, Some(class));
        assert_eq!(counted(&[&[of("CASH")], &[of("MARGIN")]]), [Simulated, Live]);
        assert_eq!(counted(&[&[of("CASH")], &[simulated], &[of("cash")]]), [Simulated, Simulated, Simulated]);
    }
}
