//! Invitations that came, that were sent, and one by itself.

pub mod answer;
pub mod decide;
pub mod group;
pub mod staff;

use super::view::{self, Shown};
use super::{access, store};
use crate::accounts::Known;
use crate::phrases::{self, staff as words};
use crate::web::hall::hall;
use crate::web::{At, Form, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx, facilities, groups};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_law::Refusal;
use tasuki_law::nouns::{InvitationId, InvitationKind, InvitationState, Who};

#[derive(Template)]
#[template(path = "invitations/list.html")]
struct ListPage {
    hall: Hall,
    approvals: i64,
    received: Vec<Shown>,
    sent: Vec<Shown>,
    older: Option<InvitationId>,
    gone: Vec<Gone>,
}

/// A place this person was taken out of: its kind and when, no name any more.
struct Gone {
    kind: &'static str,
    on: String,
    by: String,
}

const PER_PAGE: usize = 50;

/// `GET /invitations`
pub async fn list(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let before = query.pick("before").unwrap_or(InvitationId(uuid::Uuid::max()));
    let shown = house
        .read(move |tx| {
            let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let received = store::received(tx, account)?;
            let sent = store::sent(tx, account, before)?;
            let older = sent.last().filter(|_| sent.len() == PER_PAGE).map(|row| row.id);
            let gone = groups::taken_out_of(tx, account)?;
            let hall = hall(tx, &who, words::INVITATIONS)?.back("/", phrases::HOME).done(query.code("done"));
            Ok(ListPage {
                approvals: hall.person.as_ref().map_or(0, |known| known.approvals),
                hall,
                received: view::show_all(tx, &who, &received)?,
                sent: view::show_all(tx, &who, &sent)?,
                older,
                gone: gone
                    .into_iter()
                    .map(|gone| Gone {
                        kind: gone.kind.word(),
                        on: phrases::day(gone.at),
                        by: gone.by_name(),
                    })
                    .collect(),
            })
        })
        .await?;
    page(&shown)
}

#[derive(Template)]
#[template(path = "invitations/received.html")]
struct ReceivedPage {
    hall: Hall,
    invitation: Shown,
}

#[derive(Template)]
#[template(path = "invitations/sent.html")]
struct SentPage {
    hall: Hall,
    invitation: Shown,
    may: May,
}

/// What the person who looks may do about an invitation.
struct May {
    decide: bool,
    cancel: bool,
}

enum Seen {
    Received(Box<ReceivedPage>),
    Sent(Box<SentPage>),
    Joined(String),
}

/// `GET /invitations/{invitation}`: to the invited person the question, to the others where it stands.
pub async fn show(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    let seen = house.read(move |tx| look(tx, &who, id)).await?;
    match seen {
        Seen::Received(shown) => page(&*shown),
        Seen::Sent(shown) => page(&*shown),
        Seen::Joined(url) => see_other(url),
    }
}

fn look(tx: &mut Tx, who: &Who, id: InvitationId) -> Outcome<Seen> {
    let row = store::find(tx, id)?;
    let refusal = match access::to_answer(tx, who, &row) {
        Ok(_) => {
            let hall = hall(tx, who, words::ARRIVED)?.back("/invitations", words::INVITATIONS);
            let invitation = view::show(tx, who, &row)?;
            return Ok(Seen::Received(Box::new(ReceivedPage { hall, invitation })));
        }
        Err(refused @ Trouble::Refused(_)) => refused,
        Err(other) => return Err(other),
    };
    let Some(account) = who.account() else { return Err(refusal) };
    if row.account == Some(account) && row.state == InvitationState::Accepted {
        return Ok(Seen::Joined(place_url(tx, &row)?));
    }
    let decides = access::approves(tx, who, &row)?;
    if row.inviter != account && !decides {
        return Err(refusal);
    }
    let now = tx.now();
    let open = row.is_open(now);
    let may =
        May { decide: open && decides && row.state == InvitationState::AwaitingAdminApproval, cancel: open };
    let hall = hall(tx, who, words::INVITATION)?.back("/invitations", words::INVITATIONS);
    Ok(Seen::Sent(Box::new(SentPage { hall, invitation: view::show(tx, who, &row)?, may })))
}

/// Where the person lands who joined.
fn place_url(tx: &mut Tx, row: &store::Invitation) -> Outcome<String> {
    let group = match (row.kind, row.group) {
        (InvitationKind::Group, Some(group)) => group,
        _ => facilities::card(tx, row.facility)?.group,
    };
    Ok(format!("/groups/{group}"))
}
