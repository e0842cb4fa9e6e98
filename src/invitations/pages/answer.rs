//! The invited person answers.

use super::place_url;
use crate::accounts::Known;
use crate::connections;
use crate::invitations::store::Invitation;
use crate::invitations::view::{self, Shown};
use crate::invitations::{access, answers, store};
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{At, Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, facilities};
use askama::Template;
use tasuki_law::Why;
use tasuki_law::nouns::{AccountId, GroupKind, InvitationId, InvitationState, SeatId, Who};

#[derive(Template)]
#[template(path = "invitations/accept.html")]
struct AcceptPage {
    hall: Hall,
    invitation: Shown,
    /// More than one: the person chooses.
    seats: Vec<(String, String)>,
    chosen: String,
    errors: Errors,
}

/// `GET /invitations/{invitation}/acceptance`: asks once more.
pub async fn confirm(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    let shown = house.read(move |tx| ask(tx, &who, id, String::new(), Errors::none())).await?;
    page(&shown)
}

fn ask(tx: &mut Tx, who: &Who, id: InvitationId, chosen: String, errors: Errors) -> Outcome<AcceptPage> {
    let row = store::find(tx, id)?;
    let key = access::to_answer(tx, who, &row)?;
    let seats = seats(tx, &row, key.account)?;
    let hall = hall(tx, who, words::JOIN)?.back(format!("/invitations/{id}"), words::INVITATION);
    Ok(AcceptPage { hall, invitation: view::show(tx, who, &row)?, seats, chosen, errors })
}

/// The seats to choose among; none where there is nothing to choose.
fn seats(tx: &mut Tx, row: &Invitation, account: AccountId) -> Outcome<Vec<(String, String)>> {
    if row.group.is_none() {
        return Ok(Vec::new());
    }
    let seats = facilities::seats_of(tx, account)?;
    match seats.len() {
        0 => Err(Trouble::because(Why::NeedsSeat)),
        1 => Ok(Vec::new()),
        _ => Ok(seats.into_iter().map(|seat| (seat.seat.to_string(), seat.facility_name)).collect()),
    }
}

enum Answered {
    Again(Box<AcceptPage>),
    Joined(String),
}

/// `POST /invitations/{invitation}/acceptance`
pub async fn accept(Known(who): Known, house: House, At(id): At<InvitationId>, form: Form) -> Page {
    let answered = house
        .write(move |tx| {
            let row = access::hold(tx, id)?;
            let errors = judge(tx, &who, &row, &form)?;
            if !errors.is_empty() {
                let again = ask(tx, &who, id, form.code("seat").to_owned(), errors)?;
                return Ok(Answered::Again(Box::new(again)));
            }
            let through: Option<SeatId> = form.pick("seat");
            let key = access::to_accept(tx, &who, &row, through)?;
            answers::accept(tx, &key, &row, through)?;
            if row.group_kind == Some(GroupKind::Free) {
                return Ok(Answered::Joined(format!("/invitations/{id}/connection")));
            }
            Ok(Answered::Joined(format!("{}?done=joined", place_url(tx, &row)?)))
        })
        .await?;
    match answered {
        Answered::Again(shown) => try_again(&*shown),
        Answered::Joined(url) => see_other(url),
    }
}

/// Whether the person said that joining this patient's team is right, and through which workplace.
fn judge(tx: &mut Tx, who: &Who, row: &Invitation, form: &Form) -> Outcome<Errors> {
    let mut errors = Errors::none();
    let key = access::to_answer(tx, who, row)?;
    let seats = seats(tx, row, key.account)?;
    if !seats.is_empty() && !seats.iter().any(|(seat, _)| seat == form.code("seat")) {
        errors.add("seat", words::CHOOSE_SEAT);
    }
    if row.group_kind == Some(GroupKind::Patient) && !form.has("fit") {
        errors.add("fit", words::NOT_FIT);
    }
    Ok(errors)
}

#[derive(Template)]
#[template(path = "invitations/decline.html")]
struct DeclinePage {
    hall: Hall,
    invitation: Shown,
}

/// `GET /invitations/{invitation}/declination`
pub async fn confirm_declining(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    let shown = house
        .read(move |tx| {
            let row = store::find(tx, id)?;
            access::to_answer(tx, &who, &row)?;
            let hall = hall(tx, &who, words::DECLINE)?.back(format!("/invitations/{id}"), words::INVITATION);
            Ok(DeclinePage { hall, invitation: view::show(tx, &who, &row)? })
        })
        .await?;
    page(&shown)
}

/// `POST /invitations/{invitation}/declination`
pub async fn decline(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    house
        .write(move |tx| {
            let row = access::hold(tx, id)?;
            let key = access::to_answer(tx, &who, &row)?;
            answers::decline(tx, &key, &row)
        })
        .await?;
    see_other("/invitations?done=invitation_declined")
}

#[derive(Template)]
#[template(path = "invitations/connect.html")]
struct ConnectPage {
    hall: Hall,
    invitation: Shown,
}

/// A free group I joined by this invitation: the one further question is mine to answer.
fn mine(tx: &mut Tx, who: &Who, id: InvitationId) -> Outcome<(Invitation, AccountId)> {
    let row = store::find(tx, id)?;
    match (who.account(), row.state) {
        (Some(account), InvitationState::Accepted) if row.account == Some(account) => Ok((row, account)),
        _ => Err(access::to_answer(tx, who, &row).err().unwrap_or_else(Trouble::unseen)),
    }
}

/// `GET /invitations/{invitation}/connection`
pub async fn ask_to_connect(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    let shown = house
        .read(move |tx| {
            let (row, _) = mine(tx, &who, id)?;
            Ok(ConnectPage { hall: hall(tx, &who, words::CONNECT)?, invitation: view::show(tx, &who, &row)? })
        })
        .await?;
    page(&shown)
}

/// `POST /invitations/{invitation}/connection`: either answer ends in the group.
pub async fn connect(Known(who): Known, house: House, At(id): At<InvitationId>, form: Form) -> Page {
    let yes = form.code("answer") == "yes";
    let url = house
        .write(move |tx| {
            let (row, account) = mine(tx, &who, id)?;
            if yes {
                connections::actions::connect(tx, account, row.inviter)?;
            }
            place_url(tx, &row)
        })
        .await?;
    see_other(format!("{url}?done=joined"))
}
