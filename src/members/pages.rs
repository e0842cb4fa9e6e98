//! The members of a place, by workplace.

pub mod going;
pub mod one;

use crate::accounts::Known;
use crate::groups::{self, GoneMember, MemberCard};
use crate::invitations::{self, Pending};
use crate::phrases::{self, staff as words};
use crate::web::hall::{Tab, hall};
use crate::web::{At, Form, Hall, Page, page};
use crate::{House, Outcome, Trouble, Tx, facilities};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_law::nouns::{FacilityId, GroupId, GroupKind, MemberId, Who};

#[derive(Template)]
#[template(path = "members/list.html")]
struct ListPage {
    hall: Hall,
    place: Heading,
    about: String,
    sections: Vec<Section>,
    gone: Vec<GoneRow>,
    pending: Vec<Pending>,
    mine: Option<MemberId>,
    may: May,
}

/// What every page about a place's members says of the place.
#[derive(Clone, Debug)]
struct Heading {
    group: GroupId,
    name: String,
    /// A patient's group.
    patient: bool,
    workplace: bool,
    kind: &'static str,
    members: i64,
    /// The originating facility of a patient's group.
    origin: Option<String>,
    /// The workplace itself.
    facility: Option<FacilityId>,
}

impl Heading {
    fn of(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Self> {
        let place = groups::access::place_for(tx, who, group, false)?;
        let patient = place.kind == GroupKind::Patient;
        let origin = match place.facility.filter(|_| patient) {
            Some(facility) => Some(facilities::card(tx, facility)?.name),
            None => None,
        };
        Ok(Self {
            group,
            name: place.title.name,
            patient,
            workplace: place.kind == GroupKind::Facility,
            kind: place.kind.word(),
            members: place.members,
            origin,
            facility: place.facility,
        })
    }
}

/// Members of one workplace.
struct Section {
    name: String,
    /// Nobody vouched for it; of one's own facility one knows.
    unvouched: bool,
    members: Vec<MemberCard>,
}

/// Somebody who was a member until lately.
struct GoneRow {
    name: String,
    on: String,
    left: bool,
    by: String,
}

/// What the person who looks may do here.
struct May {
    invite: bool,
    leave: bool,
    enter: bool,
    edit: bool,
}

impl ListPage {
    fn is_mine(&self, member: &MemberId) -> bool {
        self.mine.as_ref() == Some(member)
    }
}

/// Whether a key would be cut; a failure that is no refusal stays one.
fn granted<K>(asked: Outcome<K>) -> Outcome<bool> {
    match asked {
        Ok(_) => Ok(true),
        Err(Trouble::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// `GET /groups/{group}/members`
pub async fn list(
    Known(who): Known,
    house: House,
    At(group): At<GroupId>,
    RawQuery(query): RawQuery,
) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house.read(move |tx| look(tx, &who, group, query.code("done"))).await?;
    page(&shown)
}

fn look(tx: &mut Tx, who: &Who, group: GroupId, done: &str) -> Outcome<ListPage> {
    let key = groups::access::to_see_members(tx, who, group)?;
    let mine = groups::member_of(tx, group, key.account)?.map(|mine| mine.member);
    let place = Heading::of(tx, who, group)?;
    let may = May {
        invite: granted(groups::access::may_invite(tx, who, group))?,
        leave: mine.is_some() && !place.workplace,
        enter: mine.is_none(),
        edit: key.manages && key.kind == GroupKind::Free,
    };
    let tab = if place.patient { Tab::Patients } else { Tab::Groups };
    let hall = hall(tx, who, words::MEMBERS)?.tab(tab).done(done);
    let hall = match mine {
        Some(_) if place.workplace => hall.back(format!("/groups/{group}"), phrases::timeline::WORKPLACE),
        Some(_) => hall.back(format!("/groups/{group}"), place.name.clone()),
        None => hall.back("/", phrases::HOME),
    };
    Ok(ListPage {
        hall,
        about: groups::about(tx, group)?,
        sections: sections(groups::members(tx, group)?, &facilities::own(tx, who)?),
        gone: groups::gone(tx, group)?.iter().map(gone).collect(),
        pending: invitations::pending(tx, who, group)?,
        place,
        mine,
        may,
    })
}

fn gone(gone: &GoneMember) -> GoneRow {
    GoneRow { name: gone.name(), on: phrases::day(gone.at), left: gone.left, by: gone.by_name() }
}

/// Members come sorted by workplace.
fn sections(members: Vec<MemberCard>, own: &[FacilityId]) -> Vec<Section> {
    let mut sections: Vec<(FacilityId, Section)> = Vec::new();
    for member in members {
        match sections.last_mut() {
            Some((facility, section)) if *facility == member.facility => section.members.push(member),
            _ => {
                let section = Section {
                    name: member.facility_name.clone(),
                    unvouched: member.vouched_at.is_none() && !own.contains(&member.facility),
                    members: Vec::new(),
                };
                sections.push((member.facility, section));
                if let Some((_, section)) = sections.last_mut() {
                    section.members.push(member);
                }
            }
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}
