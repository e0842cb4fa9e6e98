//! The verbs that touch a facility and its group at once.

use crate::facilities::actions::NewFacility;
use crate::facilities::{self, Details, FacilityCard};
use crate::groups::{self, NewGroup};
use crate::{Outcome, Tx, policies};
use tasuki_base::seal::KeyId;
use tasuki_law::Key;
use tasuki_law::nouns::{
    AccountId, FacilityId, FacilityType, GroupId, GroupKind, MemberRole, Profession, SeatId,
};
use tasuki_law::rules::facility::ManageFacility;

/// A workplace as it was typed at registration.
pub struct Opening<'a> {
    pub name: &'a str,
    pub kind: FacilityType,
    /// Seven digits.
    pub postal_code: &'a str,
    pub details: &'a Details,
    /// Durable already; serves the facility and its workplace group.
    pub data_key: KeyId,
    pub founder: AccountId,
    pub profession: Profession,
}

/// Opens a facility with its workplace group; the founder takes the first seat, as administrator.
pub fn open(tx: &mut Tx, opening: &Opening<'_>) -> Outcome<(FacilityId, SeatId)> {
    let facility = FacilityId(tx.draw());
    let group = GroupId(tx.draw());
    let new = NewFacility {
        id: facility,
        name: opening.name,
        kind: opening.kind,
        postal_code: opening.postal_code,
        data_key: opening.data_key,
        details: opening.details,
        policy: policies::STANDARD,
        group,
        made_by: opening.founder,
    };
    facilities::actions::register(tx, &new)?;
    groups::actions::open(tx, &workplace_group(&new))?;
    let seat = sit(tx, opening.founder, facility, opening.profession, true)?;
    Ok((facility, seat))
}

fn workplace_group<'a>(new: &NewFacility<'a>) -> NewGroup<'a> {
    NewGroup {
        id: new.group,
        kind: GroupKind::Facility,
        facility: Some(new.id),
        patient: None,
        name: new.name,
        note: "",
        data_key: new.data_key,
        made_by: new.made_by,
    }
}

/// Takes a seat at a facility and enters its workplace group.
pub fn take_seat(
    tx: &mut Tx,
    account: AccountId,
    facility: FacilityId,
    profession: Profession,
) -> Outcome<SeatId> {
    sit(tx, account, facility, profession, false)
}

fn sit(
    tx: &mut Tx,
    account: AccountId,
    facility: FacilityId,
    profession: Profession,
    admin: bool,
) -> Outcome<SeatId> {
    let group = facilities::card(tx, facility)?.group;
    groups::actions::lock(tx, group)?;
    let seat = facilities::actions::sit(tx, account, facility, profession, admin)?;
    groups::actions::join(tx, group, account, seat, MemberRole::Member, None)?;
    Ok(seat)
}

/// Changes the facility's own facts; its group takes the new name.
pub fn change(
    tx: &mut Tx,
    key: &Key<'_, ManageFacility>,
    card: &FacilityCard,
    details: &Details,
) -> Outcome<()> {
    facilities::actions::change(tx, key, card, details)?;
    groups::actions::retitle(tx, card.group, &card.name, "")
}
