//! What happens to free groups.

use crate::groups::{self, NewGroup};
use crate::{Outcome, Tx, accounts};
use tasuki_base::seal::KeyId;
use tasuki_law::Key;
use tasuki_law::nouns::{GroupId, GroupKind, MemberRole};
use tasuki_law::rules::group::CreateFreeGroup;

/// Makes a group; its maker is in it and administers it. The data key is durable already.
pub fn create(tx: &mut Tx, key: &Key<'_, CreateFreeGroup>, name: &str, data_key: KeyId) -> Outcome<GroupId> {
    let id = GroupId(tx.draw());
    create_as(tx, key, id, name, data_key)
}

/// As [`create`], under the id that its form carried: sent again it is the same group.
pub fn create_as(
    tx: &mut Tx,
    key: &Key<'_, CreateFreeGroup>,
    id: GroupId,
    name: &str,
    data_key: KeyId,
) -> Outcome<GroupId> {
    accounts::hold(tx, key.account)?;
    if groups::member_of(tx, id, key.account)?.is_some() {
        return Ok(id);
    }
    let new = NewGroup {
        id,
        kind: GroupKind::Free,
        facility: None,
        patient: None,
        name,
        note: "",
        data_key,
        made_by: key.account,
    };
    groups::actions::open(tx, &new)?;
    groups::actions::lock(tx, id)?;
    groups::actions::join(tx, id, key.account, key.seat, MemberRole::Admin, None)?;
    Ok(id)
}
