//! The account that an order is in, for a replacement that names none.

use super::Reconciler;
use super::find::not_found;
use crate::aries::model::account::{self, Account};
use crate::error::{Error, Result};
use crate::text::short;

impl Reconciler {
    /// Finds the one open account that has an order by this id. Fails if none has it, if several have, or if the lists of
    /// one cannot be read: it might have it too.
    pub(crate) async fn account_of(&self, id: &str) -> Result<Account> {
        let open = account::all(&self.aries).await?.into_iter().filter(Account::is_open);
        let mut fitting: Vec<Account> = open.collect();
        if fitting.len() > 1 {
            let mut owners = Vec::new();
            for account in fitting {
                if self.find_in(&account.id, id).await?.is_some() {
                    owners.push(account);
                }
            }
            fitting = owners;
        }
        let named = fitting.iter().map(Account::masked).collect::<Vec<_>>().join(" and ");
        match (fitting.len(), fitting.pop()) {
            (1, Some(account)) => Ok(account),
            (0, _) => Err(not_found(id)),
            _ => Err(Error::usage(
                format!("order {} is in several accounts: {named}", short(id)),
                "ask the person which one is meant, and give `account`",
            )),
        }
    }
}
