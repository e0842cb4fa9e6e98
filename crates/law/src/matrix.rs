//! Prints the whole law as `matrix.txt`: person × place × act. A changed rule shows as a moved mark.
//!
//! `UPDATE_MATRIX=1 cargo test -p tasuki-law` writes the file anew; without it the test compares.

use crate::nouns::{
    AccountId, AccountKind, ConsentState, FacilityId, GroupId, GroupKind, InvitationId, InvitationKind,
    InvitationState, MemberId, MemberRole, PatientId, Person, PostId, SeatId, SessionId, TimelineId,
    TimelineKind, Who,
};
use crate::rules::facility::{self, FacilityFacts, TheirSeat};
use crate::rules::group::{self, Approver, GroupFacts};
use crate::rules::invitation::{self, InvitationFacts};
use crate::rules::patient::{self, PatientFacts};
use crate::rules::person::{self, PersonFacts};
use crate::rules::timeline::{self, PostFacts, TimelineFacts};
use crate::rules::{MyMembership, MySeat, TheirMembership};
use crate::{Key, Refusal};
use std::fmt::Write as _;
use tasuki_value::{Moment, Ts};
use uuid::Uuid;

const HOME: FacilityId = FacilityId(Uuid::from_u128(1));
const ELSEWHERE: FacilityId = FacilityId(Uuid::from_u128(2));
const GROUP: GroupId = GroupId(Uuid::from_u128(10));
const PATIENT: PatientId = PatientId(Uuid::from_u128(11));
const TIMELINE: TimelineId = TimelineId(Uuid::from_u128(12));
const POST: PostId = PostId(Uuid::from_u128(13));
const INVITATION: InvitationId = InvitationId(Uuid::from_u128(14));
const ME: AccountId = AccountId(Uuid::from_u128(100));
const ANOTHER: AccountId = AccountId(Uuid::from_u128(101));
const MY_SEAT: SeatId = SeatId(Uuid::from_u128(200));
const THEIR_SEAT: SeatId = SeatId(Uuid::from_u128(201));
const MY_MEMBER: MemberId = MemberId(Uuid::from_u128(300));
const THEIR_MEMBER: MemberId = MemberId(Uuid::from_u128(301));

/// Somebody in a relation to a place.
struct Someone {
    words: &'static str,
    who: Who,
    /// Membership: through which facility, as what, counting as medical or not.
    member: Option<(FacilityId, MemberRole, bool)>,
    /// Seat at the place's own facility, and administrator there.
    office: Option<bool>,
}

fn professional() -> Who {
    account(AccountKind::Professional, false)
}

fn account(kind: AccountKind, operator: bool) -> Who {
    Who::Person(Person { account: ME, session: SessionId(Uuid::nil()), kind, operator })
}

fn people() -> Vec<Someone> {
    use MemberRole::{Admin, Member};
    let someone = |words, member, office| Someone { words, who: professional(), member, office };
    let other = |words, who| Someone { words, who, member: None, office: None };
    vec![
        someone("group administrator, originating facility", Some((HOME, Admin, true)), Some(false)),
        someone("member, originating facility", Some((HOME, Member, true)), Some(false)),
        someone(
            "member and administrator of the originating facility",
            Some((HOME, Member, true)),
            Some(true),
        ),
        someone("administrator of the originating facility, not a member", None, Some(true)),
        someone("staff of the originating facility, not a member", None, Some(false)),
        someone("group administrator, other facility", Some((ELSEWHERE, Admin, false)), None),
        someone("member, other facility (care)", Some((ELSEWHERE, Member, false)), None),
        someone("member, other facility (medical)", Some((ELSEWHERE, Member, true)), None),
        someone("professional outside", None, None),
        other("patient", account(AccountKind::Patient, false)),
        other("family member", account(AccountKind::FamilyMember, false)),
        other("enterprise", account(AccountKind::Enterprise, false)),
        other("operator", account(AccountKind::Professional, true)),
        other("nobody", Who::Nobody),
    ]
}

impl Someone {
    fn mine(&self) -> Option<MyMembership> {
        self.member.map(|(facility, role, medical_institution)| MyMembership {
            member: MY_MEMBER,
            seat: MY_SEAT,
            facility,
            role,
            medical_institution,
        })
    }

    fn seat(&self) -> Option<MySeat> {
        self.office.map(|admin| MySeat { seat: MY_SEAT, facility: HOME, admin })
    }
}

/// A place in some condition.
#[derive(Clone, Copy)]
struct Place {
    kind: GroupKind,
    consent: ConsentState,
    closed: bool,
    approver: Approver,
}

const OPEN: Place = Place {
    kind: GroupKind::Patient,
    consent: ConsentState::Valid,
    closed: false,
    approver: Approver::FacilityAdmin,
};

fn group_facts<'m>(moment: Moment<'m>, place: Place, someone: &Someone) -> GroupFacts<'m> {
    let of_facility = place.kind != GroupKind::Free;
    GroupFacts {
        moment,
        group: GROUP,
        kind: place.kind,
        facility: of_facility.then_some(HOME),
        patient: (place.kind == GroupKind::Patient).then_some(PATIENT),
        closed: place.closed,
        consent: place.consent,
        approver: place.approver,
        mine: someone.mine(),
        office: someone.seat().filter(|_| of_facility),
        admin_of_my_seat: someone.mine().is_some() && someone.office == Some(true),
        admins: 2,
    }
}

fn patient_facts<'m>(moment: Moment<'m>, place: Place, someone: &Someone, open: bool) -> PatientFacts<'m> {
    PatientFacts {
        moment,
        patient: PATIENT,
        group: GROUP,
        facility: HOME,
        consent: place.consent,
        closed: place.closed,
        members_may_edit: open,
        mine: someone.mine(),
        office: someone.seat(),
    }
}

fn timeline_facts<'m>(
    moment: Moment<'m>,
    place: Place,
    someone: &Someone,
    kind: TimelineKind,
) -> TimelineFacts<'m> {
    TimelineFacts {
        moment,
        timeline: TIMELINE,
        kind,
        group: GROUP,
        group_kind: place.kind,
        facility: (place.kind != GroupKind::Free).then_some(HOME),
        closed: place.closed,
        consent: place.consent,
        mine: someone.mine(),
    }
}

type Mark = (&'static str, char);

fn mark<A>(act: &'static str, answer: Result<Key<'_, A>, Refusal>) -> Mark {
    let mark = match answer {
        Ok(_) => '✔',
        Err(Refusal::Because(_)) => '✘',
        Err(Refusal::Unseen | Refusal::SignIn) => '·',
    };
    (act, mark)
}

fn sure(act: &'static str, yes: bool) -> Mark {
    (act, if yes { '✔' } else { '·' })
}

fn in_group(place: Place, someone: &Someone) -> Vec<Mark> {
    let anchor = ();
    let facts = group_facts(Moment::of(&anchor), place, someone);
    let who = &someone.who;
    let role = someone.member.map_or(MemberRole::Member, |(_, role, _)| role);
    let me = TheirMembership { member: MY_MEMBER, account: ME, role };
    let them = TheirMembership { member: THEIR_MEMBER, account: ANOTHER, role: MemberRole::Member };
    let invited = group::invite(who, &facts);
    let unapproved = invited.as_ref().is_ok_and(|key| !key.needs_approval);
    vec![
        mark("told its name", group::name(who, &facts, false)),
        mark("told it when invited", group::name(who, &facts, true)),
        mark("see members", group::see_members(who, &facts)),
        mark("invite", invited),
        sure("invite unapproved", unapproved),
        mark("manage", group::manage(who, &facts)),
        mark("remove a member", group::end_membership(who, &facts, &them, 3)),
        mark("leave", group::end_membership(who, &facts, &me, 3)),
        mark("add oneself", group::add_oneself(who, &facts)),
    ]
}

fn with_patient(place: Place, someone: &Someone) -> Vec<Mark> {
    let anchor = ();
    let moment = Moment::of(&anchor);
    let shut = patient_facts(moment, place, someone, false);
    let open = patient_facts(moment, place, someone, true);
    let who = &someone.who;
    vec![
        mark("named in lists", patient::name(who, &shut)),
        mark("open card", patient::open_card(who, &shut)),
        mark("edit facts", patient::edit(who, &shut)),
        mark("edit opened facts", patient::edit(who, &open)),
        mark("read the code", patient::administer(who, &shut)),
        mark("record consent", patient::record_consent(who, &shut)),
    ]
}

fn on_timeline(place: Place, someone: &Someone, kind: TimelineKind) -> Vec<Mark> {
    let anchor = ();
    let facts = timeline_facts(Moment::of(&anchor), place, someone, kind);
    let own = PostFacts { post: POST, author: ME, removed: false, erased: false };
    let theirs = PostFacts { post: POST, author: ANOTHER, removed: false, erased: false };
    let who = &someone.who;
    vec![
        mark("read", timeline::read(who, &facts)),
        mark("write", timeline::write(who, &facts)),
        mark("edit own", timeline::edit(who, &facts, &own)),
        mark("edit another's", timeline::edit(who, &facts, &theirs)),
        mark("remove own", timeline::remove(who, &facts, &own)),
        mark("remove another's", timeline::remove(who, &facts, &theirs)),
        mark("erase another's", timeline::erase(who, &facts, &theirs)),
        mark("acknowledge own", timeline::acknowledge(who, &facts, &own)),
        mark("acknowledge another's", timeline::acknowledge(who, &facts, &theirs)),
    ]
}

fn at_facility(someone: &Someone) -> Vec<Mark> {
    let anchor = ();
    let facts =
        FacilityFacts { moment: Moment::of(&anchor), facility: HOME, mine: someone.seat(), admins: 2 };
    let admin = someone.office == Some(true);
    let own = TheirSeat { seat: MY_SEAT, account: ME, admin, ended: false };
    let theirs = TheirSeat { seat: THEIR_SEAT, account: ANOTHER, admin: false, ended: false };
    let who = &someone.who;
    vec![
        mark("see staff", facility::see(who, &facts)),
        mark("invite staff", facility::invite_staff(who, &facts)),
        mark("manage", facility::manage(who, &facts)),
        mark("end own seat", facility::end_seat(who, &facts, &own)),
        mark("end another's seat", facility::end_seat(who, &facts, &theirs)),
        mark("register patient", facility::register_patient(who, &facts)),
        mark("read the record", facility::see_record(who, &facts)),
    ]
}

fn of_member(someone: &Someone) -> Vec<Mark> {
    let anchor = ();
    let facts = |account, acquainted| PersonFacts { moment: Moment::of(&anchor), account, acquainted };
    let acquainted = someone.member.is_some();
    vec![
        mark("see a member", person::see(&someone.who, &facts(ANOTHER, acquainted))),
        mark("see oneself", person::see(&someone.who, &facts(ME, false))),
    ]
}

fn with_invitation(state: InvitationState) -> Vec<(&'static str, Vec<Mark>)> {
    let anchor = ();
    let facts = |invited, inviter, approver| InvitationFacts {
        moment: Moment::of(&anchor),
        invitation: INVITATION,
        kind: InvitationKind::Group,
        facility: None,
        group: Some(GROUP),
        state,
        expires_at: Ts(10),
        inviter,
        invited,
        approver,
        entering: Some(MY_SEAT),
    };
    let rows = [
        ("invited", professional(), facts(Some(ME), ANOTHER, false)),
        ("invited family member", account(AccountKind::FamilyMember, false), facts(Some(ME), ANOTHER, false)),
        ("inviter", professional(), facts(Some(ANOTHER), ME, false)),
        ("approver", professional(), facts(Some(ANOTHER), ANOTHER, true)),
        ("outsider", professional(), facts(Some(ANOTHER), ANOTHER, false)),
        ("nobody", Who::Nobody, facts(Some(ANOTHER), ANOTHER, false)),
    ];
    let marks = |who: &Who, facts: &InvitationFacts<'_>| {
        vec![
            mark("accept", invitation::accept(who, facts, Ts(5))),
            mark("decline", invitation::answer(who, facts, Ts(5))),
            mark("accept too late", invitation::accept(who, facts, Ts(10))),
            mark("decide", invitation::decide(who, facts)),
            mark("cancel", invitation::cancel(who, facts)),
        ]
    };
    rows.iter().map(|(words, who, facts)| (*words, marks(who, facts))).collect()
}

fn table(out: &mut String, title: &str, rows: &[(&'static str, Vec<Mark>)]) {
    let acts: Vec<_> = rows[0].1.iter().map(|(act, _)| *act).collect();
    let wide = rows.iter().map(|(words, _)| words.len()).max().unwrap_or(0);
    let _ = writeln!(out, "\n{title}");
    let _ = writeln!(out, "{:wide$}  {}", "", acts.join("  "));
    for (words, marks) in rows {
        let mut line = format!("{words:wide$}");
        for (act, mark) in marks {
            let pad = act.len() - 1;
            let _ = write!(line, "  {mark}{:pad$}", "");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn for_everyone(out: &mut String, title: &str, marks: impl Fn(&Someone) -> Vec<Mark>) {
    let people = people();
    let rows: Vec<_> = people.iter().map(|someone| (someone.words, marks(someone))).collect();
    table(out, title, &rows);
}

fn places() -> Vec<(&'static str, Place)> {
    vec![
        ("patient group, consent in force", OPEN),
        ("patient group, group administrators approve", Place { approver: Approver::GroupAdmin, ..OPEN }),
        ("patient group, no consent yet", Place { consent: ConsentState::Missing, ..OPEN }),
        ("patient group, consent withdrawn", Place { consent: ConsentState::Withdrawn, ..OPEN }),
        ("patient group, closed", Place { closed: true, ..OPEN }),
        ("free group", Place { kind: GroupKind::Free, ..OPEN }),
        ("workplace group", Place { kind: GroupKind::Facility, ..OPEN }),
    ]
}

fn print() -> String {
    let mut out = String::from(
        "The law, printed from the rules: ✔ may · ✘ may not, and is told why · (dot) there is nothing to see.\n\
         UPDATE_MATRIX=1 cargo test -p tasuki-law writes this file anew.\n",
    );
    for_everyone(&mut out, "facility", at_facility);
    for_everyone(&mut out, "a member of the group, as a person", of_member);
    for (words, place) in places() {
        for_everyone(&mut out, &format!("{words}: members"), |someone| in_group(place, someone));
        if place.kind == GroupKind::Patient {
            for_everyone(&mut out, &format!("{words}: card"), |someone| with_patient(place, someone));
        }
        let title = format!("{words}: professional timeline");
        for_everyone(&mut out, &title, |someone| on_timeline(place, someone, TimelineKind::Professional));
    }
    for_everyone(&mut out, "patient group, consent in force: medical institutions' timeline", |someone| {
        on_timeline(OPEN, someone, TimelineKind::MedicalInstitutions)
    });
    for state in InvitationState::ALL {
        table(&mut out, &format!("invitation: {}", state.code()), &with_invitation(*state));
    }
    out
}

#[test]
fn the_law_is_as_printed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/matrix.txt");
    let now = print();
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == now, "the law has changed: look at it with UPDATE_MATRIX=1 cargo test -p tasuki-law");
}
