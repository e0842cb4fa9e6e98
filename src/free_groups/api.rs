//! Free groups by program.

use super::actions;
use super::pages::Draft;
use crate::accounts::Caller;
use crate::phrases::staff as words;
use crate::web::Form;
use crate::web::api::{Body, Created, Id, Problem, created};
use crate::{House, facilities, groups};
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{GroupId, SeatId};
use utoipa::ToSchema;

/// A free group about to be made.
#[derive(Clone, Deserialize, ToSchema)]
pub struct GroupAsked {
    /// Up to 50 letters.
    #[schema(min_length = 1, max_length = 50, example = "NST")]
    name: String,
    /// Through which seat, where there are several.
    #[schema(value_type = Option<Id>)]
    seat: Option<SeatId>,
}

/// The group, with its maker as member and administrator.
#[derive(Serialize, ToSchema)]
pub struct GroupMade {
    #[schema(value_type = Id)]
    id: GroupId,
    name: String,
}

/// Makes a free group
#[utoipa::path(post, path = "/api/v1/groups", operation_id = "make_group", tag = "groups",
    request_body = GroupAsked,
    responses(
        (status = 201, description = "The group", body = GroupMade),
        (status = 422, description = "The name or the seat is wrong", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn make_group(
    Caller(who): Caller,
    house: House,
    Body(asked): Body<GroupAsked>,
) -> Created<GroupMade> {
    let mut draft = Draft::read(&Form::of_pairs(vec![("name".to_owned(), asked.name)]));
    let (asker, seat) = (who.clone(), asked.seat);
    // Whoever may not make one mints no key; and a person with several workplaces chooses one.
    let choose = house.read(move |tx| {
        let key = groups::access::to_create_free(tx, &asker, seat)?;
        Ok(seat.is_none() && facilities::seats_of(tx, key.account)?.len() > 1)
    });
    if choose.await? {
        draft.errors.add("seat", words::CHOOSE_SEAT);
    }
    if !draft.errors.is_empty() {
        return Err(Problem::input(&draft.errors));
    }
    let data_key = house.mint_key().await?;
    let name = draft.name.clone();
    let id = house
        .write(move |tx| {
            let key = groups::access::to_create_free(tx, &who, seat)?;
            actions::create(tx, &key, &draft.name, data_key)
        })
        .await?;
    created(GroupMade { id, name })
}
