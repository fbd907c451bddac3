//! Accounts of which Aries has said different things: live and simulated, cash and margin. Such an account counts as live.

use crate::aries::heard::Heard;
use crate::aries::model::Account;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::journal::history::History;

/// The accounts of an answer, each once. One that Aries has called something else before, in this answer too or by the
/// journal, counts as live.
pub(crate) fn settled(heard: &Heard, accounts: Vec<Account>, history: &History) -> Vec<Account> {
    let mut each: Vec<Account> = Vec::new();
    for account in accounts {
        match each.iter_mut().find(|known| known.id == account.id) {
            // Of two rows the one that allows less counts.
            Some(known) if known.is_open() && !account.is_open() => *known = account,
            Some(_) => {}
            None => each.push(account),
        }
    }
    for account in &mut each {
        if heard.wavers(&account.id) || history.was_live(&account.id) {
            account.money = account.money.as_live();
        }
    }
    each
}

/// Fails if this process has heard that an account which passed for simulated is something else, too.
pub(crate) fn check_settled(heard: &Heard, account: &Account, hint: Told) -> Result<()> {
    if account.money.is_live() || !heard.wavers(&account.id) {
        return Ok(());
    }
    let account = account.masked();
    let cause =
        format!("Aries has called account {account} something else than before, so it counts as live");
    Err(Error::new(Kind::Refused, cause, hint))
}

/// Refuses an account that counts as live although every row of it calls it simulated.
pub(crate) fn refusal(account: &Account) -> Error {
    let account = account.masked();
    let cause = format!(
        "Aries calls account {account} simulated now and has called it something else before, so it counts as live, and \
         live trading is off"
    );
    let hint = Told::person_can("look in Client Center which it is. Another account can be used");
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
            let accounts: Vec<_> = answer.iter().map(|(money, class)| account(*money, *class)).collect();
            accounts.iter().for_each(|account| heard.note(&account.id, account.said()));
            let settled = settled(&heard, accounts, &History::default());
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

    #[test]
    fn what_another_call_hears_counts_for_an_order_that_is_about_to_be_sent() {
        let heard = Heard::default();
        for (money, is_settled) in [(Money::Simulated, true), (Money::Live, false), (Money::Simulated, false)]
        {
            heard.note("A0017", account(money, None).said());
            assert_eq!(
                check_settled(&heard, &account(Money::Simulated, None), "".into()).is_ok(),
                is_settled
            );
        }
        assert!(check_settled(&heard, &account(Money::Live, None), "".into()).is_ok());
    }
}
