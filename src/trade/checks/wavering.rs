//! Accounts of which Aries has said different things: live and simulated, cash and margin. Such an account counts as live.

use crate::aries::heard::Heard;
use crate::aries::model::Account;
use crate::error::{Error, Kind};
use crate::trade::journal::history::History;

/// The accounts of an answer, each once. One that Aries has called something else before, in this answer too or by the
/// journal, counts as live.
pub(crate) async fn settled(heard: &Heard, accounts: Vec<Account>, history: &History) -> Vec<Account> {
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
        if history.was_live(&account.id) || heard.counts_as_live(&account.id).await {
            account.money = account.money.as_live();
        }
    }
    each
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

    async fn counted(answers: &[&[(Money, Option<&str>)]]) -> Vec<Money> {
        let heard = Heard::default();
        let mut counted = Vec::new();
        for answer in answers {
            let accounts: Vec<Account> =
                answer.iter().map(|(money, class)| account(*money, *class)).collect();
            heard.note(&accounts).await;
            let settled = settled(&heard, accounts, &History::default()).await;
            assert_eq!(settled.len(), 1);
            counted.push(settled[0].money);
        }
        counted
    }

    #[tokio::test]
    async fn an_account_that_wavers_counts_as_live_from_then_on() {
        use Money::{Live, Simulated};
        let (live, simulated): ((Money, Option<&str>), _) = ((Live, None), (Simulated, None));
        assert_eq!(counted(&[&[simulated], &[simulated]]).await, [Simulated, Simulated]);
        assert_eq!(counted(&[&[simulated], &[live], &[simulated]]).await, [Simulated, Live, Live]);
        assert_eq!(counted(&[&[live], &[simulated]]).await, [Live, Live]);
        assert_eq!(counted(&[&[simulated, live]]).await, [Live]);
        assert_eq!(counted(&[&[live, simulated]]).await, [Live]);
        let of = |class| (Simulated, Some(class));
        assert_eq!(counted(&[&[of("CASH")], &[of("MARGIN")]]).await, [Simulated, Live]);
        let same = counted(&[&[of("CASH")], &[simulated], &[of("cash")]]).await;
        assert_eq!(same, [Simulated, Simulated, Simulated]);
    }
}
