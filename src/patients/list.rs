//! The patients that somebody knows of, with no more of each than the law opens.

use super::access::{self, consent_state};
use super::store::{self, ListedRow};
use super::{Facts, Glance};
use crate::facilities;
use crate::groups;
use crate::house::Look;
use crate::{Outcome, Tx};
use tasuki_base::text;
use tasuki_law::nouns::{EventKind, FacilityId, GroupId, MemberRole, PatientId, UploadId, Who};
use tasuki_law::rules::patient::{PatientFacts, name, open_card};
use tasuki_law::rules::{MyMembership, MySeat};
use tasuki_value::Moment;

/// One patient in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub patient: PatientId,
    pub group: GroupId,
    pub facility: FacilityId,
    pub facility_name: String,
    pub photo: Option<UploadId>,
    /// Name, reading and memo, where the law tells them; the rest only where `opens`. Nothing else is opened.
    pub facts: Option<Facts>,
    pub consent: Glance,
    /// The asker is a member.
    pub member: bool,
    /// The asker works at the originating facility.
    pub in_facility: bool,
    /// The card opens for the asker.
    pub opens: bool,
    /// The asker manages the members, in or out of the group.
    pub manages: bool,
    pub unread: i64,
}

impl Listed {
    /// Whether the folded words are in name, reading or memo.
    #[must_use]
    pub fn holds(&self, query: &str) -> bool {
        let Some(facts) = &self.facts else { return false };
        let said = [facts.name(), facts.kana(), facts.memo.clone()];
        said.iter().any(|words| text::fold(words).contains(query))
    }
}

/// Every patient the asker knows of, in the order of the readings.
pub fn listed(tx: &mut Tx, who: &Who) -> Outcome<Vec<Listed>> {
    let account = access::professional(who)?;
    tx.look(who, Look::over(EventKind::PlacesListed));
    let rows = store::listed(tx, account)?;
    let mut patients = rows.into_iter().map(|row| opened(tx, who, row)).collect::<Outcome<Vec<_>>>()?;
    let order = |listed: &Listed| listed.facts.as_ref().map(Facts::order);
    // Those whose name is withheld stand at the end.
    patients.sort_by_cached_key(|listed| (listed.facts.is_none(), order(listed), listed.patient));
    Ok(patients)
}

fn opened(tx: &mut Tx, who: &Who, row: ListedRow) -> Outcome<Listed> {
    let law = law_facts(&row, tx.moment());
    let card = open_card(who, &law);
    let facts = match name(who, &law) {
        Ok(key) => Some(store::open_facts(tx, key.patient, &row.facts)?),
        Err(_) => None,
    };
    Ok(Listed {
        patient: row.patient,
        group: row.group,
        facility: row.facility,
        facility_name: row.facility_name,
        photo: row.photo,
        facts,
        consent: Glance { method: row.consent, given_on: None, withdrawn_at: row.withdrawn_at },
        member: law.mine.is_some(),
        in_facility: law.office.is_some(),
        opens: card.is_ok(),
        manages: law.office.is_some_and(|seat| seat.admin),
        unread: row.unread.filter(|_| card.is_ok()).unwrap_or(0),
    })
}

fn law_facts<'c>(row: &ListedRow, moment: Moment<'c>) -> PatientFacts<'c> {
    let withdrawn = row.consent.map(|_| row.withdrawn_at.is_some());
    PatientFacts {
        moment,
        patient: row.patient,
        group: row.group,
        facility: row.facility,
        consent: consent_state(withdrawn),
        closed: row.closed,
        members_may_edit: row.members_may_edit,
        mine: membership(row),
        office: row.office_seat.map(|seat| MySeat { seat, facility: row.facility, admin: row.office_admin }),
    }
}

fn membership(row: &ListedRow) -> Option<MyMembership> {
    Some(MyMembership {
        member: row.member?,
        seat: row.seat?,
        facility: row.my_facility?,
        role: row.role?,
        medical_institution: row.my_type?.is_medical_institution(),
    })
}

/// A patient found by name, reading or memo.
#[derive(Clone, Debug)]
pub struct Hit {
    pub patient: PatientId,
    pub group: GroupId,
    /// 「岡田 久恵」.
    pub name: String,
    pub kana: String,
    /// 一言メモ.
    pub memo: String,
    pub facility_name: String,
    pub initial: String,
    /// Where it leads; empty for a patient whose members the asker is not among.
    pub href: String,
}

/// Patients of whom the asker knows and in whose name, reading or memo the folded query is.
pub fn hits(tx: &mut Tx, who: &Who, query: &str) -> Outcome<Vec<Hit>> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let found = listed(tx, who)?.into_iter().filter(|listed| listed.holds(query));
    Ok(found.filter_map(Hit::of).collect())
}

impl Hit {
    fn of(listed: Listed) -> Option<Self> {
        let href = listed.href();
        let facts = listed.facts?;
        Some(Self {
            patient: listed.patient,
            group: listed.group,
            name: facts.name(),
            kana: facts.kana(),
            initial: facts.initial(),
            href,
            memo: facts.memo,
            facility_name: listed.facility_name,
        })
    }
}

impl Listed {
    /// The card for members, the members for who manages them, nothing for other colleagues.
    #[must_use]
    pub fn href(&self) -> String {
        if self.member {
            format!("/patients/{}", self.patient)
        } else if self.manages {
            format!("/groups/{}/members", self.group)
        } else {
            String::new()
        }
    }
}

/// A patient known already who seems to be the one that is being registered.
pub struct Similar {
    pub known: Listed,
    /// As it is written there.
    pub name: String,
    /// Who lets one in, where the asker is no member: colleagues of the same facility.
    pub ask: Vec<String>,
}

/// Patients the asker knows of with the same name, and no other day of birth.
pub fn similar(tx: &mut Tx, who: &Who, facts: &Facts) -> Outcome<Vec<Similar>> {
    let named = |known: Listed| Some((known.facts.as_ref().filter(|own| own.seems(facts))?.name(), known));
    let twins = listed(tx, who)?.into_iter().filter_map(named);
    let asked = twins.map(|(name, known)| {
        let ask = if known.member { Vec::new() } else { doorkeepers(tx, &known)? };
        Ok(Similar { known, name, ask })
    });
    asked.collect()
}

fn doorkeepers(tx: &mut Tx, known: &Listed) -> Outcome<Vec<String>> {
    let admins = groups::members(tx, known.group)?.into_iter();
    let admins =
        admins.filter(|member| member.role == MemberRole::Admin && member.facility == known.facility);
    let mut names: Vec<String> = admins.map(|member| member.name()).collect();
    for seat in facilities::staff(tx, known.facility)? {
        if seat.admin && !names.contains(&seat.name()) {
            names.push(seat.name());
        }
    }
    Ok(names)
}
