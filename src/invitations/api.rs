//! Invitations by program: to a group, what waits for an answer, and joining.

use super::draft::{Draft, Way};
use super::view;
use super::{Invitation, Invitee, actions, answers, here, mails, store};
use crate::accounts::{self, Caller};
use crate::connections;
use crate::phrases::api as words;
use crate::web::api::{Answer, Body, Created, Id, MayBody, Problem, Time, created, schema};
use crate::web::{At, Errors};
use crate::{House, Outcome, Trouble, Tx, facilities, groups};
use axum::Json;
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::{
    AccountId, GroupId, GroupKind, InvitationId, InvitationKind, InvitationState, SeatId, Who,
};
use tasuki_law::rules::group::InviteMember;
use tasuki_law::{Key, Refusal};
use utoipa::ToSchema;

/// Who is invited: one of the two.
#[derive(Clone, Deserialize, ToSchema)]
pub struct InvitationAsked {
    /// Somebody the inviter knows: a colleague, or a member of a place they share.
    #[schema(value_type = Option<Id>)]
    account: Option<AccountId>,
    /// Anybody's mail address. Whether it has an account is not told.
    #[schema(format = Email, example = "name@example.jp")]
    email: Option<String>,
}

/// An invitation and where it stands.
#[derive(Serialize, ToSchema)]
pub struct InvitationMade {
    #[schema(value_type = Id)]
    id: InvitationId,
    #[schema(value_type = schema::InvitationState)]
    state: InvitationState,
    expires_at: Time,
}

/// Invites to a group
///
/// An inviter without rights waits for an approver; other workplaces wait for the patient's consent. Inviting the
/// same person twice answers with the invitation that is there.
#[utoipa::path(post, path = "/api/v1/groups/{group}/invitations", operation_id = "invite", tag = "groups",
    params(("group" = Id, Path, description = "The group")),
    request_body = InvitationAsked,
    responses(
        (status = 201, description = "The invitation", body = InvitationMade),
        (status = 409, description = "Is a member already", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Nobody, or somebody who cannot be invited", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn invite(
    Caller(who): Caller,
    house: House,
    At(group): At<GroupId>,
    Body(asked): Body<InvitationAsked>,
) -> Created<InvitationMade> {
    let made = house
        .write(move |tx| {
            groups::actions::lock(tx, group)?;
            let key = groups::access::to_invite(tx, &who, group)?;
            match invitee(tx, &key, &asked)? {
                Ok(invitee) => {
                    let made = actions::invite_member(tx, &key, &invitee)?;
                    Ok(Ok((store::find(tx, made.id)?, tx.now())))
                }
                Err(errors) => Ok(Err(errors)),
            }
        })
        .await?;
    let (row, now) = made.map_err(|errors| Problem::input(&errors))?;
    created(InvitationMade { id: row.id, state: view::as_told(&row, now), expires_at: row.expires_at.into() })
}

/// Judged as the form judges it.
fn invitee(
    tx: &mut Tx,
    key: &Key<'_, InviteMember>,
    asked: &InvitationAsked,
) -> Outcome<Result<Invitee, Errors>> {
    let mut errors = Errors::none();
    let invitee = match (asked.account, &asked.email) {
        (Some(account), None) => {
            groups::refuse_member(tx, key.group, account)?;
            if !connections::people(tx, key.account)?.iter().any(|person| person.account == account) {
                errors.add("account", words::NOT_KNOWN);
            }
            Invitee::Person(account)
        }
        (None, Some(email)) => {
            let mut draft = Draft::empty(Way::Mail);
            draft.emails = vec![text::email(email)];
            draft.check(&text::email_key(&accounts::email(tx, key.account)?));
            if draft.errors.is_empty() {
                here::judge(tx, &mut draft, here::Place::Group(key.group))?;
            }
            if draft.errors.is_empty() {
                mails::judge(tx, &mut draft, key.seat)?;
            }
            for mistake in draft.errors.iter() {
                errors.add("email", mistake.words.clone());
            }
            Invitee::Mail(draft.emails.swap_remove(0))
        }
        _ => {
            errors.add("", words::ONE_INVITEE);
            return Ok(Err(errors));
        }
    };
    Ok(if errors.is_empty() { Ok(invitee) } else { Err(errors) })
}

/// An invitation that waits for the person's answer.
#[derive(Serialize, ToSchema)]
pub struct InvitationReceived {
    #[schema(value_type = Id)]
    id: InvitationId,
    /// To a facility's staff (`facility`) or to a group (`group`).
    #[schema(value_type = schema::InvitationKind)]
    kind: InvitationKind,
    /// The kind of the group; none for a facility.
    #[schema(value_type = Option<schema::GroupKind>)]
    group_kind: Option<GroupKind>,
    /// The name of the facility or the group.
    name: String,
    /// How many are in it.
    members: i64,
    inviter: Inviter,
    expires_at: Time,
}

/// Who invites.
#[derive(Serialize, ToSchema)]
pub struct Inviter {
    name: String,
    facility: String,
    /// Somebody vouched for that facility.
    vouched: bool,
}

/// What waits for an answer.
#[derive(Serialize, ToSchema)]
pub struct Received {
    invitations: Vec<InvitationReceived>,
}

impl InvitationReceived {
    fn of(tx: &mut Tx, who: &Who, row: Invitation) -> Outcome<Self> {
        let shown = view::show(tx, who, &row)?;
        let inviter = Inviter {
            name: shown.inviter.name,
            facility: shown.inviter.facility,
            vouched: !shown.inviter.unvouched,
        };
        Ok(Self {
            id: row.id,
            kind: row.kind,
            group_kind: row.group_kind,
            name: shown.place,
            members: shown.members,
            inviter,
            expires_at: row.expires_at.into(),
        })
    }
}

/// Invitations that wait for the person's answer
#[utoipa::path(get, path = "/api/v1/invitations", operation_id = "invitations", tag = "groups",
    responses((status = 200, description = "The newest first", body = Received)))]
pub async fn invitations(Caller(who): Caller, house: House) -> Answer<Received> {
    let invitations = house
        .read(move |tx| {
            let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let rows = store::received(tx, account)?;
            view::listed(tx, &who);
            rows.into_iter().map(|row| InvitationReceived::of(tx, &who, row)).collect::<Outcome<_>>()
        })
        .await?;
    Ok(Json(Received { invitations }))
}

/// How the person joins.
#[derive(Clone, Default, Deserialize, ToSchema)]
pub struct AcceptanceAsked {
    /// Through which seat, where there are several.
    #[schema(value_type = Option<Id>)]
    seat: Option<SeatId>,
}

/// The place that was joined.
#[derive(Serialize, ToSchema)]
pub struct Joined {
    /// The group; for a facility, its staff's own group.
    #[schema(value_type = Id)]
    group: GroupId,
}

/// Joins
///
/// To join a patient's group says that taking part in this patient's care is right for this person. Sent again, it
/// answers the same.
#[utoipa::path(post, path = "/api/v1/invitations/{invitation}/acceptance", operation_id = "accept", tag = "groups",
    params(("invitation" = Id, Path, description = "The invitation")),
    request_body(content = Option<AcceptanceAsked>, description = "May be left out"),
    responses(
        (status = 200, description = "Joined", body = Joined),
        (status = 403, description = "A workplace must be chosen, or consent is missing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Answered already", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn accept(
    Caller(who): Caller,
    house: House,
    At(id): At<InvitationId>,
    MayBody(asked): MayBody<AcceptanceAsked>,
) -> Answer<Joined> {
    let group = house
        .write(move |tx| {
            if let Some(group) = joined(tx, &who, id)? {
                return Ok(group);
            }
            let row = answers::accept_as(tx, &who, id, asked.seat)?;
            place(tx, &row)
        })
        .await?;
    Ok(Json(Joined { group }))
}

/// Where one's own earlier answer led, as long as it still does.
fn joined(tx: &mut Tx, who: &Who, id: InvitationId) -> Outcome<Option<GroupId>> {
    let row = store::find(tx, id)?;
    let Some(account) = who.account().filter(|&account| row.account == Some(account)) else {
        return Ok(None);
    };
    let group = place(tx, &row)?;
    let stands = row.state == InvitationState::Accepted && groups::member_of(tx, group, account)?.is_some();
    Ok(stands.then_some(group))
}

fn place(tx: &mut Tx, row: &Invitation) -> Outcome<GroupId> {
    match row.group {
        Some(group) => Ok(group),
        None => Ok(facilities::card(tx, row.facility)?.group),
    }
}
