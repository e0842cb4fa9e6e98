//! An invitation to the staff: addresses, confirmation, sent.

use super::group::{Outcomes, SentAll};
use crate::accounts::{self, Known};
use crate::facilities::{self, SeatCard};
use crate::invitations::draft::{Address, Draft, Field, Way};
use crate::invitations::{actions, here, mails};
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Tx};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_base::text;
use tasuki_law::nouns::{FacilityId, Who};

const HERE: &str = "/staff/invitations/new";

#[derive(Template)]
#[template(path = "invitations/staff_new.html")]
struct NewPage {
    hall: Hall,
    seat: SeatCard,
    needs_approval: bool,
    fields: Vec<Field>,
    draft: Draft,
}

/// Through which of my seats, and whether an administrator has to approve.
fn seat(tx: &mut Tx, who: &Who, chosen: Option<FacilityId>) -> Outcome<(SeatCard, bool)> {
    let seat = facilities::my_seat(tx, who, chosen)?;
    let key = facilities::access::to_invite(tx, who, seat.facility)?;
    Ok((seat, key.needs_approval))
}

fn fresh(tx: &mut Tx, who: &Who, chosen: Option<FacilityId>, draft: Draft) -> Outcome<NewPage> {
    let (seat, needs_approval) = seat(tx, who, chosen)?;
    let back = format!("/staff?facility={}", seat.facility);
    let hall = hall(tx, who, words::INVITE_STAFF)?.back(back, words::STAFF);
    Ok(NewPage { hall, seat, needs_approval, fields: draft.fields(), draft })
}

/// `GET /staff/invitations/new`
pub async fn new(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    page(&house.read(move |tx| fresh(tx, &who, query.pick("facility"), Draft::empty(Way::Mail))).await?)
}

/// `POST /staff/invitations/new`: the form again, as it was filled in.
pub async fn again(Known(who): Known, house: House, form: Form) -> Page {
    page(&house.read(move |tx| fresh(tx, &who, form.pick("facility"), read(&form))).await?)
}

fn read(form: &Form) -> Draft {
    Draft { way: Way::Mail, people: Vec::new(), ..Draft::read(form) }
}

#[derive(Template)]
#[template(path = "invitations/staff_check.html")]
struct CheckPage {
    hall: Hall,
    seat: SeatCard,
    needs_approval: bool,
    addresses: Vec<Address>,
}

enum Checked {
    Fine(Box<CheckPage>),
    Wrong(Box<NewPage>),
}

fn check(tx: &mut Tx, who: &Who, form: &Form) -> Outcome<Checked> {
    let chosen = form.pick("facility");
    let (seat, needs_approval) = seat(tx, who, chosen)?;
    let mut draft = read(form);
    draft.check(&text::email_key(&accounts::email(tx, seat.account)?));
    if draft.errors.is_empty() {
        here::judge(tx, &mut draft, here::Place::Workplace(seat.facility))?;
    }
    if draft.errors.is_empty() {
        mails::judge(tx, &mut draft, seat.seat)?;
    }
    let left = actions::left_today(tx, seat.seat)?;
    if draft.errors.is_empty() && usize::try_from(left).unwrap_or(0) < draft.len() {
        draft.errors.add("", words::left_today(left));
    }
    if !draft.errors.is_empty() {
        draft.show_mistakes();
        return Ok(Checked::Wrong(Box::new(fresh(tx, who, chosen, draft)?)));
    }
    let hall = hall(tx, who, words::INVITE_CHECK)?;
    Ok(Checked::Fine(Box::new(CheckPage { hall, seat, needs_approval, addresses: draft.addresses() })))
}

/// `POST /staff/invitations/new/confirmation`
pub async fn confirm(Known(who): Known, house: House, form: Form) -> Page {
    match house.read(move |tx| check(tx, &who, &form)).await? {
        Checked::Fine(shown) => page(&*shown),
        Checked::Wrong(shown) => try_again(&*shown),
    }
}

enum Sent {
    All(String),
    Wrong(Box<NewPage>),
}

/// `POST /staff/invitations/new/sent`
pub async fn send(Known(who): Known, house: House, form: Form) -> Page {
    let sent = house
        .write(move |tx| {
            let checked = match check(tx, &who, &form)? {
                Checked::Wrong(shown) => return Ok(Sent::Wrong(shown)),
                Checked::Fine(checked) => checked,
            };
            let key = facilities::access::to_invite(tx, &who, checked.seat.facility)?;
            let mut outcomes = Outcomes::default();
            for address in &checked.addresses {
                outcomes.count(actions::invite_staff(tx, &key, &address.email)?.state);
            }
            Ok(Sent::All(format!("{HERE}/sent?facility={}&{}", key.facility, outcomes.query())))
        })
        .await?;
    match sent {
        Sent::All(url) => see_other(url),
        Sent::Wrong(shown) => try_again(&*shown),
    }
}

/// `GET /staff/invitations/new/sent`
pub async fn sent(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            let (seat, _) = seat(tx, &who, query.pick("facility"))?;
            let outcomes = Outcomes::read(&query);
            Ok(SentAll {
                hall: hall(tx, &who, outcomes.title())?,
                outcomes,
                back: format!("/staff?facility={}", seat.facility),
                staff: true,
            })
        })
        .await?;
    page(&shown)
}

/// `GET` of a step that only a form leads to.
pub async fn from_the_start() -> Page {
    see_other(HERE)
}
