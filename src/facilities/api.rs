//! Who the token belongs to, and where they work.

use super::{SeatCard, seats_of};
use crate::accounts::{self, Caller, PersonCard};
use crate::web::api::{Answer, Id, Time, schema};
use crate::{House, Trouble};
use axum::Json;
use serde::Serialize;
use tasuki_law::Refusal;
use tasuki_law::nouns::{AccountId, AccountKind, FacilityId, FacilityType, Profession, SeatId};
use utoipa::ToSchema;

/// The person a token belongs to.
#[derive(Serialize, ToSchema)]
pub struct Me {
    #[schema(value_type = Id)]
    id: AccountId,
    #[schema(value_type = schema::AccountKind)]
    kind: AccountKind,
    /// Family name and given name with a space between.
    name: String,
    family: String,
    given: String,
    /// Furigana of the family name, in hiragana.
    family_kana: String,
    given_kana: String,
    #[schema(value_type = schema::Profession)]
    profession: Profession,
    #[schema(format = Email)]
    email: String,
    /// Where the person works, oldest first.
    seats: Vec<Seat>,
}

/// A person's place at a facility. Memberships belong to it.
#[derive(Serialize, ToSchema)]
pub struct Seat {
    #[schema(value_type = Id)]
    id: SeatId,
    #[schema(value_type = Id)]
    facility: FacilityId,
    facility_name: String,
    #[schema(value_type = schema::FacilityType)]
    facility_type: FacilityType,
    /// The profession at this facility.
    #[schema(value_type = schema::Profession)]
    profession: Profession,
    /// An administrator of the facility.
    admin: bool,
    joined_at: Time,
}

impl From<SeatCard> for Seat {
    fn from(card: SeatCard) -> Self {
        Self {
            id: card.seat,
            facility: card.facility,
            facility_name: card.facility_name,
            facility_type: card.facility_type,
            profession: card.profession,
            admin: card.admin,
            joined_at: card.joined_at.into(),
        }
    }
}

impl Me {
    fn of(card: PersonCard, email: String, seats: Vec<SeatCard>) -> Self {
        Self {
            id: card.account,
            kind: card.kind,
            name: card.name(),
            family: card.family,
            given: card.given,
            family_kana: card.family_kana,
            given_kana: card.given_kana,
            profession: card.profession,
            email,
            seats: seats.into_iter().map(Seat::from).collect(),
        }
    }
}

/// The person the token belongs to
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "account",
    responses((status = 200, description = "The person and where they work", body = Me)))]
pub async fn me(Caller(who): Caller, house: House) -> Answer<Me> {
    let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let me = house
        .read(move |tx| {
            let card = accounts::card(tx, account)?;
            Ok(Me::of(card, accounts::email(tx, account)?, seats_of(tx, account)?))
        })
        .await?;
    Ok(Json(me))
}
