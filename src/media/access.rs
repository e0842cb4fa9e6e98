//! One's own file on its way in: whoever sent the first byte sends the others.

use super::store::{self, UploadRow};
use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{AccountId, UploadId, Who};
use tasuki_law::{Refusal, Why};

/// A file of one's own, whether on its way or in.
pub fn own(tx: &mut Tx, who: &Who, upload: UploadId) -> Outcome<UploadRow> {
    let account = who.account().ok_or(Refusal::SignIn)?;
    own_of(tx, account, upload)
}

/// The same for an account whose room has asked the law already.
pub fn own_of(tx: &mut Tx, account: AccountId, upload: UploadId) -> Outcome<UploadRow> {
    tx.acts();
    let row = store::one(tx, upload)?;
    if row.account == account { Ok(row) } else { Err(Trouble::unseen()) }
}

/// A file of one's own to which parts may still be added.
pub fn own_coming(tx: &mut Tx, who: &Who, upload: UploadId) -> Outcome<UploadRow> {
    let row = own(tx, who, upload)?;
    if row.ready_at.is_none() { Ok(row) } else { Err(Trouble::because(Why::AlreadyDecided)) }
}
