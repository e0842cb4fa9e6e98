//! An invitation as pages show it.

use super::access;
use super::store::{self, Invitation};
use crate::connections;
use crate::house::Look;
use crate::web::face;
use crate::{Outcome, Tx, accounts, facilities, groups, phrases, profiles};
use tasuki_base::text;
use tasuki_law::nouns::{
    AccountId, EventKind, GroupKind, InvitationId, InvitationKind, InvitationState, Who,
};

/// One invitation, in words.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: InvitationId,
    /// 「職場への招待」 and its kin.
    pub kind: &'static str,
    /// The facility's or the group's name.
    pub place: String,
    /// A patient's group: joining it is a question of its own.
    pub patient: bool,
    pub workplace: bool,
    /// Nobody vouched for the facility the seat would be at.
    pub unvouched: bool,
    /// Living members.
    pub members: i64,
    pub inviter: Face,
    pub whom: Whom,
    /// Another account opened the link and asks to join instead.
    pub asking: Option<Face>,
    /// The word for where it stands, as far as the inviter may know.
    pub state: &'static str,
    pub tone: &'static str,
    pub open: bool,
    pub made_on: String,
    pub until: String,
}

/// Who is invited: a person the inviter knows, or only an address.
#[derive(Clone, Debug)]
pub enum Whom {
    Person(Face),
    Address(String),
}

/// A person beside a round face: the photo where the one who looks may fetch it, else the letter alone.
#[derive(Clone, Debug)]
pub struct Face {
    pub name: String,
    pub profession: &'static str,
    pub facility: String,
    /// Nobody vouched for that facility.
    pub unvouched: bool,
    pub initial: String,
    pub tint: u8,
    pub photo: String,
}

impl Face {
    /// An account with its first workplace; without one, with its profession only.
    fn of(tx: &mut Tx, who: &Who, account: AccountId) -> Outcome<Self> {
        let card = accounts::card(tx, account)?;
        let seat = facilities::seats_of(tx, account)?.into_iter().next();
        let (facility, unvouched) =
            seat.map_or_else(Default::default, |seat| (seat.facility_name, seat.vouched_at.is_none()));
        Ok(Self {
            name: card.name(),
            profession: card.profession.word(),
            facility,
            unvouched,
            initial: text::initial(&card.family),
            tint: face::tint(card.profession),
            photo: profiles::photo(tx, who, account, card.photo)?,
        })
    }

    fn seated(tx: &mut Tx, who: &Who, seat: tasuki_law::nouns::SeatId) -> Outcome<Self> {
        let seat = facilities::seat(tx, seat)?;
        Ok(Self {
            name: seat.name(),
            profession: seat.profession.word(),
            unvouched: seat.vouched_at.is_none(),
            initial: seat.initial(),
            tint: face::tint(seat.profession),
            photo: profiles::photo(tx, who, seat.account, seat.photo)?,
            facility: seat.facility_name,
        })
    }
}

/// Opens everything a page says about an invitation: for its inviter, its approvers, or the invited person.
pub fn show(tx: &mut Tx, who: &Who, row: &Invitation) -> Outcome<Shown> {
    if let Some(group) = row.group {
        tx.look(who, Look::at(EventKind::InvitationSeen, group, row.patient).of(row.id.0));
    }
    shown(tx, who, row)
}

fn shown(tx: &mut Tx, who: &Who, row: &Invitation) -> Outcome<Shown> {
    // A workplace's own group is called as the workplace is.
    tx.acts();
    let now = tx.now();
    let facility = facilities::card(tx, row.facility)?;
    let place = match row.group {
        Some(group) => groups::access::place_for(tx, who, group, true)?,
        None => groups::place(tx, facility.group)?,
    };
    let workplace = row.kind == InvitationKind::Facility;
    let whom = match (&row.email, row.account) {
        (Some(email), _) => Whom::Address(email.clone()),
        (None, Some(account)) => Whom::Person(Face::of(tx, who, account)?),
        (None, None) => Whom::Address(String::new()),
    };
    let asking = match row.asked_by.filter(|_| row.asks_otherwise()) {
        Some(account) => Some(Face::of(tx, who, account)?),
        None => None,
    };
    let state = as_told(row, now);
    Ok(Shown {
        id: row.id,
        kind: if workplace { row.kind.word() } else { place.kind.word() },
        place: place.title.name,
        patient: row.group_kind == Some(GroupKind::Patient),
        workplace,
        unvouched: workplace && facility.vouched_at.is_none(),
        members: place.members,
        inviter: Face::seated(tx, who, row.seat)?,
        whom,
        asking,
        state: state.word(),
        tone: tone(state),
        open: row.is_open(now),
        made_on: phrases::day(row.made_at),
        until: phrases::day(row.expires_at),
    })
}

/// Whether an address has an account is nobody's business: both wait for an answer.
pub fn as_told(row: &Invitation, now: tasuki_value::Ts) -> InvitationState {
    use InvitationState as S;
    match row.state {
        S::AwaitingRegistration | S::AwaitingInvitee if row.is_open(now) => S::AwaitingInvitee,
        S::AwaitingAdminApproval | S::AwaitingConsent if row.is_open(now) => row.state,
        S::AwaitingRegistration | S::AwaitingInvitee | S::AwaitingAdminApproval | S::AwaitingConsent => {
            S::Expired
        }
        ended => ended,
    }
}

const fn tone(state: InvitationState) -> &'static str {
    use InvitationState as S;
    match state {
        S::AwaitingAdminApproval | S::AwaitingConsent | S::AwaitingInvitee | S::AwaitingRegistration => {
            "warn"
        }
        S::Accepted => "ok",
        S::Declined | S::NotApproved | S::Cancelled | S::Expired => "off",
    }
}

/// Many of them are seen at once.
pub fn listed(tx: &mut Tx, who: &Who) {
    tx.look(who, Look::over(EventKind::PlacesListed));
}

/// Every invitation of a list.
pub fn show_all(tx: &mut Tx, who: &Who, rows: &[Invitation]) -> Outcome<Vec<Shown>> {
    listed(tx, who);
    rows.iter().map(|row| shown(tx, who, row)).collect()
}

/// What waits for this person's approval.
pub fn to_approve(tx: &mut Tx, who: &Who) -> Outcome<Vec<Shown>> {
    let Some(account) = who.account() else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    listed(tx, who);
    for row in store::to_approve(tx, account)? {
        if access::approves(tx, who, &row)? {
            all.push(shown(tx, who, &row)?);
        }
    }
    Ok(all)
}

/// The people whom this person could invite to a group: everyone they know who is not in it and not invited.
pub fn candidates(
    tx: &mut Tx,
    account: AccountId,
    group: tasuki_law::nouns::GroupId,
) -> Outcome<Vec<connections::Acquaintance>> {
    let mut taken: Vec<AccountId> =
        groups::members(tx, group)?.into_iter().map(|member| member.account).collect();
    let open = store::of_group(tx, group)?;
    taken.extend(open.iter().filter(|row| row.email.is_none()).filter_map(|row| row.account));
    let people = connections::people(tx, account)?;
    Ok(people.into_iter().filter(|person| !taken.contains(&person.account)).collect())
}
