use crate::{Outcome, Tx};
use tasuki_law::nouns::AccountId;

const WAITING: &str = "SELECT
    (SELECT count(*) FROM invitations i WHERE i.account = $1 AND i.state = 'awaiting_invitee' AND i.expires_at > $2),
    (SELECT count(*) FROM seats s JOIN invitations i ON i.facility = s.facility
      WHERE s.account = $1 AND s.ended_at IS NULL AND s.admin_since IS NOT NULL
        AND i.state = 'awaiting_admin_approval')";

pub const STATEMENTS: &[&str] = &[WAITING];

/// Invitations to this person, and invitations that wait for this person's approval.
pub fn waiting(tx: &mut Tx, account: AccountId) -> Outcome<(i64, i64)> {
    let now = tx.now();
    Ok(tx.one(WAITING, &[&account, &now])?)
}
