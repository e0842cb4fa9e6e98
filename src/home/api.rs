//! The front page by program.

use crate::accounts::Calling;
use crate::timeline::places::{self, After, PlaceView};
use crate::web::api::{Answer, Asked, Id, Problem, Time, schema};
use crate::web::hall;
use crate::{House, Trouble, Tx};
use axum::Json;
use serde::{Deserialize, Serialize};
use tasuki_law::Refusal;
use tasuki_law::nouns::{ConsentState, GroupId, GroupKind, PatientId, Who};
use tasuki_value::Ts;
use utoipa::{IntoParams, ToSchema};

/// So many places at a time.
const PAGE: i64 = 50;

/// Which places.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HomeAsked {
    /// `next` of the answer before.
    after: Option<String>,
}

/// The person's places: workplaces first, then the others, the last changed first.
#[derive(Serialize, ToSchema)]
pub struct Home {
    places: Vec<Place>,
    /// `after` for the places after these.
    next: Option<String>,
    /// Invitations that wait for the person's answer.
    invitations: i64,
    /// Invitations of others that wait for the person's approval.
    approvals: i64,
}

/// A place of the person.
#[derive(Serialize, ToSchema)]
pub struct Place {
    /// The group.
    #[schema(value_type = Id)]
    id: GroupId,
    #[schema(value_type = schema::GroupKind)]
    kind: GroupKind,
    /// Of a patient's group.
    #[schema(value_type = Option<Id>)]
    patient: Option<PatientId>,
    name: String,
    /// What stands right after a patient's name; empty elsewhere.
    note: String,
    /// Where the patient's consent stands; `valid` where none is needed.
    #[schema(value_type = schema::ConsentState)]
    consent: ConsentState,
    /// Posts of others that the person has not seen.
    unread: i64,
    /// The number of the newest post.
    seq: i64,
    /// The number of the newest visible change.
    rev: i64,
    last_post: Option<LastPost>,
}

/// The newest post in short.
#[derive(Serialize, ToSchema)]
pub struct LastPost {
    at: Time,
    /// Who wrote it, and how it begins; empty where the person may not read right now.
    summary: String,
}

impl From<PlaceView> for Place {
    fn from(place: PlaceView) -> Self {
        let (name, note) = match place.kind {
            // Its line on the page is headed by what it is, not by the workplace's name.
            GroupKind::Facility => (place.note, String::new()),
            GroupKind::Patient | GroupKind::Free => (place.name, place.note),
        };
        Self {
            id: place.group,
            kind: place.kind,
            patient: place.patient,
            name,
            note,
            consent: place.consent,
            unread: place.unread,
            seq: place.seq,
            rev: place.rev,
            last_post: place.last_at.map(|at| LastPost { at: at.into(), summary: place.last }),
        }
    }
}

fn start(text: &str) -> Option<After> {
    let (at, group) = text.split_once('.')?;
    Some((Ts(at.parse().ok()?), group.parse().ok()?))
}

/// The person's places
#[utoipa::path(get, path = "/api/v1/home", operation_id = "home", tag = "posts",
    params(HomeAsked),
    responses((status = 200, description = "Fifty places at a time, with unread counts and the last post", body = Home)))]
pub async fn home(Calling(visitor): Calling, house: House, Asked(asked): Asked<HomeAsked>) -> Answer<Home> {
    let after = match &asked.after {
        Some(text) => Some(start(text).ok_or_else(|| Problem::from(Trouble::Malformed))?),
        None => None,
    };
    let look = move |tx: &mut Tx<'_, '_>, who: &Who| {
        let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
        let (all, next) = match after {
            None => places::first(tx, who, false, PAGE)?,
            Some(after) => places::moved(tx, who, false, after, PAGE)?,
        };
        let (invitations, approvals) = hall::waiting(tx, account)?;
        let next = next.map(|(at, group)| format!("{}.{group}", at.0));
        Ok(Home { places: all.into_iter().map(Place::from).collect(), next, invitations, approvals })
    };
    let (_, home) = visitor.glance(&house, look).await?;
    Ok(Json(home))
}
