//! The account that an order is in, for a replacement that names none.

use futures_util::future::join_all;

use super::Reconciler;
use super::find::not_found;
use crate::aries::model::Account;
use crate::error::{Error, Result};
use crate::text::short;
use crate::told::Told;
use crate::trade::checks::portfolio::Located;

impl Reconciler {
    /// Finds the one open account of these that has an order by this id, with the order where the lists had to be read
    /// for it. Fails if none has it, if several have, or if the lists of one cannot be read: it might have it too.
    pub(crate) async fn account_of(&self, id: &str, all: &[Account]) -> Result<(String, Option<Located>)> {
        let mut open: Vec<&Account> = all.iter().filter(|account| account.is_open()).collect();
        open.dedup_by_key(|account| &account.id);
        if let [only] = open.as_slice() {
            return Ok((only.id.clone(), None));
        }
        let found = join_all(open.iter().map(|account| self.locate_in(&account.id, id))).await;
        let mut owners = Vec::new();
        for (account, found) in open.into_iter().zip(found) {
            owners.extend(found?.map(|located| (account, located)));
        }
        let named = owners.iter().map(|(account, _)| account.masked()).collect::<Vec<_>>().join(" and ");
        match (owners.len(), owners.pop()) {
            (1, Some((account, located))) => Ok((account.id.clone(), Some(located))),
            (0, _) => Err(not_found(id)),
            _ => Err(Error::usage(
                format!("order {} is in several accounts: {named}", short(id)),
                Told::pair("ask the person which one is meant, and give `account`", "give `account`"),
            )),
        }
    }
}
