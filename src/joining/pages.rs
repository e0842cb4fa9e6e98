//! The pages behind an invitation's mailed link.

pub mod form;
pub mod otherwise;

use super::access::{self, Behind, Way};
use crate::accounts::Known;
use crate::invitations::Invitation;
use crate::phrases::staff as words;
use crate::web::hall::front;
use crate::web::{Hall, Page, html, see_other};
use crate::{House, Outcome, Tx, facilities};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

/// Where the seat would be, and who invites: shown, never asked.
#[derive(Clone, Debug)]
pub(super) struct Place {
    inviter: String,
    inviter_profession: &'static str,
    inviter_facility: String,
    name: String,
    kind: &'static str,
    postal_code: String,
    address: String,
    building: String,
    phone: String,
    unvouched: bool,
    email: String,
}

impl Place {
    fn of(tx: &mut Tx, row: &Invitation) -> Outcome<Self> {
        let inviter = facilities::seat(tx, row.seat)?;
        let card = facilities::card(tx, row.facility)?;
        let details = facilities::details(tx, row.facility)?;
        Ok(Self {
            inviter: inviter.name(),
            inviter_profession: inviter.profession.word(),
            inviter_facility: inviter.facility_name,
            name: card.name,
            kind: card.kind.word(),
            postal_code: card.postal_code,
            address: [details.prefecture, details.address].concat(),
            building: details.building,
            phone: details.phone,
            unvouched: card.vouched_at.is_none(),
            email: row.email.clone().unwrap_or_default(),
        })
    }
}

#[derive(Template)]
#[template(path = "joining/notice.html")]
struct NoticePage {
    hall: Hall,
    notice: Notice,
    token: String,
    domain: String,
}

/// What a link says that leads nowhere now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notice {
    Closed,
    Late,
    Sent,
    Workplace,
    Asked,
}

fn say(house: &House, notice: Notice, token: String) -> Page {
    let hall = front(house, words::JOINING);
    let domain = house.config.mail_domain().to_owned();
    let status = if notice == Notice::Closed { StatusCode::NOT_FOUND } else { StatusCode::OK };
    html(status, &NoticePage { hall, notice, token, domain })
}

enum Opened {
    Said(Notice),
    To(String),
    Form(Box<form::FormPage>),
    Other(Box<otherwise::OtherPage>),
}

/// `GET /join/{token}`: a look uses nothing up; mail scanners look.
pub async fn open(Known(who): Known, house: House, Path(token): Path<String>) -> Page {
    let (name, said) = (house.clone(), token.clone());
    let opened = house
        .read(move |tx| {
            Ok(match access::way(tx, &who, &token)? {
                Way::Closed => Opened::Said(Notice::Closed),
                Way::Late(_) => Opened::Said(Notice::Late),
                Way::Workplace => Opened::Said(Notice::Workplace),
                Way::Asked => Opened::Said(Notice::Asked),
                Way::SignIn(id) => Opened::To(format!("/sign-in?next=%2Finvitations%2F{id}")),
                Way::Answer(id) => Opened::To(format!("/invitations/{id}")),
                Way::Other(behind) => Opened::Other(Box::new(otherwise::ask(tx, &who, &behind, &token)?)),
                Way::Form(behind) => {
                    Opened::Form(Box::new(form::blank(tx, front(&name, words::JOINING), &behind, &token)?))
                }
            })
        })
        .await?;
    match opened {
        Opened::Said(notice) => say(&house, notice, said),
        Opened::To(url) => see_other(url),
        Opened::Form(shown) => html(StatusCode::OK, &*shown),
        Opened::Other(shown) => html(StatusCode::OK, &*shown),
    }
}

/// `POST /join/{token}/again`: a new link for one that ran out, to the invited address and nobody else.
pub async fn again(Known(who): Known, house: House, Path(token): Path<String>) -> Page {
    let said = token.clone();
    let notice = house
        .write(move |tx| {
            Ok(match access::way(tx, &who, &token)? {
                Way::Late(id) => {
                    crate::invitations::actions::send_again(tx, id)?;
                    Notice::Sent
                }
                _ => Notice::Closed,
            })
        })
        .await?;
    say(&house, notice, said)
}

/// The page's own path.
fn here(token: &str) -> String {
    format!("/join/{}", token.trim())
}

/// As [`Behind`], for a page that shows the place.
fn place(tx: &mut Tx, behind: &Behind) -> Outcome<Place> {
    Place::of(tx, &behind.row)
}
