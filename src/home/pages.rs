//! The front page of whoever is signed in; everybody else sees the landing page there.

use super::search::{self, Found};
use crate::accounts::{self, Known, Unasked};
use crate::front;
use crate::timeline::places::{self, After, PlaceView};
use crate::web::hall::{self, Tab, hall_with};
use crate::web::{Form, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx, phrases};
use askama::Template;
use axum::http::Uri;
use tasuki_law::Refusal;
use tasuki_law::nouns::{Person, Who};
use tasuki_value::Ts;

/// So many places on one page.
const PAGE: i64 = 50;
/// Nobody looks for more.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage {
    hall: Hall,
    invitations: i64,
    approvals: i64,
    welcome: Option<Welcome>,
    unread_only: bool,
    unread: i64,
    places: Vec<PlaceView>,
    /// Where the list goes on.
    next: Option<String>,
    typed: String,
    found: Option<Found>,
}

/// The three requests to everybody, and what a profile still lacks. Gone once closed.
struct Welcome {
    has_photo: bool,
    has_kana: bool,
    has_workplace: bool,
    /// Who has a workplace to fill sees where that begins.
    is_admin: bool,
}

impl Welcome {
    fn of(person: &hall::Person) -> Option<Self> {
        (!person.hint_closed).then_some(Self {
            has_photo: person.has_photo,
            has_kana: person.has_kana,
            has_workplace: person.facility.is_some(),
            is_admin: person.office,
        })
    }

    /// How much of a profile is there, of three.
    fn done(&self) -> usize {
        [self.has_photo, self.has_kana, self.has_workplace].into_iter().filter(|done| *done).count()
    }

    fn is_complete(&self) -> bool {
        self.has_photo && self.has_kana && self.has_workplace
    }
}

/// `GET /`: `?unread`, `?q=`, `?after=`
pub async fn show(visitor: Unasked, house: House, uri: Uri) -> Page {
    let query = Form::of_query(uri.query().unwrap_or_default());
    let typed: String = query.line("q").chars().take(LONGEST).collect();
    let unread_only =
        uri.query().is_some_and(|query| query.split('&').any(|part| part.starts_with("unread")));
    let after = after(query.code("after"));
    let done = query.code("done").to_owned();
    let searches = !typed.is_empty();
    let look = move |tx: &mut Tx<'_, '_>, who: &Who| {
        let Who::Person(person) = *who else { return Ok(None) };
        let listed = listed(tx, &who_is(person), unread_only, after)?;
        // All places are here, or all with something unread: what they say is the sum.
        let unread = match (&listed, after) {
            ((places, None), None) => Some(places.iter().map(|place| place.unread).sum()),
            _ => None,
        };
        let hall = hall_with(tx, &who_is(person), phrases::timeline::HOME, unread)?;
        let hall = hall.tab(Tab::Home).done(&done);
        home_page(tx, person, hall, listed, &typed, unread_only).map(Some)
    };
    let (_, home) =
        if searches { visitor.read(&house, look).await? } else { visitor.glance(&house, look).await? };
    match home {
        Some(home) => page(&home),
        None => front::pages::public::landing(house).await,
    }
}

const fn who_is(person: Person) -> Who {
    Who::Person(person)
}

fn home_page(
    tx: &mut Tx,
    person: Person,
    hall: Hall,
    (places, next): (Vec<PlaceView>, Option<String>),
    typed: &str,
    unread_only: bool,
) -> Outcome<HomePage> {
    let (invitations, approvals) =
        hall.person.as_ref().map_or((0, 0), |known| (known.waiting - known.approvals, known.approvals));
    let found = match typed {
        "" => None,
        typed => Some(search::find(tx, &who_is(person), typed)?),
    };
    let unread = hall.person.as_ref().map_or(0, |person| person.unread);
    let welcome = hall.person.as_ref().and_then(Welcome::of);
    let typed = typed.to_owned();
    Ok(HomePage { hall, invitations, approvals, welcome, unread_only, unread, places, next, typed, found })
}

fn listed(
    tx: &mut Tx,
    who: &Who,
    unread: bool,
    after: Option<After>,
) -> Outcome<(Vec<PlaceView>, Option<String>)> {
    let (mut all, next) = match after {
        None => places::first(tx, who, unread, PAGE)?,
        Some(after) => places::moved(tx, who, unread, after, PAGE)?,
    };
    // What may not be read right now has nothing unread, whatever its numbers say.
    all.retain(|place| !unread || place.unread > 0);
    let query = if unread { "unread&" } else { "" };
    Ok((all, next.map(|(at, group)| format!("/?{query}after={}.{group}", at.0))))
}

fn after(text: &str) -> Option<After> {
    let (at, group) = text.split_once('.')?;
    Some((Ts(at.parse().ok()?), group.parse().ok()?))
}

/// `POST /home/hint/closing`: the requests and the hint were read.
pub async fn close_hint(Known(who): Known, house: House) -> Page {
    let person = who.person().copied().ok_or(Trouble::Refused(Refusal::SignIn))?;
    house.write(move |tx| accounts::actions::close_hint(tx, &person)).await?;
    see_other("/")
}
