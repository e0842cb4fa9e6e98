//! Somebody else than the invited person holds the link.

use super::{Place, here, place};
use crate::accounts::Known;
use crate::invitations;
use crate::joining::access::{self, Behind, Way};
use crate::joining::actions;
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{Hall, Page, see_other};
use crate::{House, Outcome, Trouble, Tx, accounts, facilities};
use askama::Template;
use axum::extract::Path;
use tasuki_law::Refusal;
use tasuki_law::nouns::Who;

#[derive(Template)]
#[template(path = "joining/other.html")]
pub(super) struct OtherPage {
    hall: Hall,
    /// To a workplace, else to a group, whose name stays with its members.
    workplace: bool,
    place: Place,
    kind: &'static str,
    me: String,
    profession: &'static str,
    facility: String,
    url: String,
}

pub(super) fn ask(tx: &mut Tx, who: &Who, behind: &Behind, token: &str) -> Outcome<OtherPage> {
    let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let card = accounts::card(tx, account)?;
    let facility = facilities::seats_of(tx, account)?.into_iter().next();
    let row = &behind.row;
    Ok(OtherPage {
        hall: hall(tx, who, words::INVITATION)?,
        workplace: row.group.is_none(),
        place: place(tx, behind)?,
        kind: row.group_kind.map_or(row.kind.word(), tasuki_law::nouns::GroupKind::word),
        me: card.name(),
        profession: card.profession.word(),
        facility: facility.map(|seat| seat.facility_name).unwrap_or_default(),
        url: here(token),
    })
}

/// `POST /join/{token}/request`
pub async fn request(Known(who): Known, house: House, Path(token): Path<String>) -> Page {
    let url = here(&token);
    house
        .write(move |tx| {
            let person = who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let Some(behind) = access::behind(tx, &token)? else { return Err(Trouble::unseen()) };
            invitations::hold(tx, behind.row.id)?;
            match access::way(tx, &who, &token)? {
                Way::Other(behind) => actions::ask(tx, &behind, person),
                _ => Err(Trouble::unseen()),
            }
        })
        .await?;
    see_other(url)
}
