//! The button under a post, and the list of who pressed it.

use super::{Acknowledger, actions};
use crate::accounts::Known;
use crate::groups::{self, MemberCard};
use crate::timeline::{self, access};
use crate::web::hall::{Hall, hall};
use crate::web::{At, Form, Page, face, html, page, see_other};
use crate::{House, Outcome, Tx, phrases};
use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use tasuki_base::text;
use tasuki_law::nouns::{PostId, Who};

/// `POST /posts/{post}/acknowledgement`: `want` says on or off; without it the other of what is.
pub async fn toggle(
    Known(who): Known,
    house: House,
    At(post): At<PostId>,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let want = match form.code("want") {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    };
    let by_script = headers.contains_key("hx-request");
    let (group, view) = house
        .write(move |tx| {
            let (key, ground) = access::to_acknowledge(tx, &who, post)?;
            let wanted = match want {
                Some(wanted) => wanted,
                None => !actions::stands(tx, &key)?,
            };
            actions::set(tx, &key, ground, wanted)?;
            let facts = access::about(tx, &who, post)?.facts;
            let view = timeline::post(tx, &who, &facts, post)?;
            if wanted && !by_script {
                // Nothing else tells what was on the screen.
                let (reader, _, door) = access::to_note(tx, &who, key.group)?;
                timeline::actions::mark_read(tx, &reader, &door, view.seq)?;
            }
            Ok((key.group, view))
        })
        .await?;
    if by_script {
        return html(StatusCode::OK, &view.foot);
    }
    see_other(format!("/groups/{group}?around={}#p-{post}", view.seq))
}

#[derive(Template)]
#[template(path = "acknowledgements/list.html")]
struct ListPage {
    hall: Hall,
    done: Vec<Line>,
    /// Whoever is still asked for their 了解; for those who look after the post alone.
    missing: Option<Vec<Line>>,
}

/// One person of the list.
#[derive(Template)]
#[template(path = "acknowledgements/line.html")]
struct Line {
    href: String,
    name: String,
    profession: &'static str,
    facility: String,
    initial: String,
    tint: u8,
    photo: String,
    at: Option<(String, String)>,
}

/// `GET /posts/{post}/acknowledgements`
pub async fn list(Known(who): Known, house: House, At(post): At<PostId>) -> Page {
    page(&house.read(move |tx| list_page(tx, &who, post)).await?)
}

fn list_page(tx: &mut Tx, who: &Who, post: PostId) -> Outcome<ListPage> {
    let (key, single) = access::to_open(tx, who, post, access::Sight::Readers)?;
    let done = super::of_post(tx, &key, post)?;
    let view = timeline::post(tx, who, &single.facts, post)?;
    let manages = groups::access::may_see_members(tx, who, key.group).is_ok_and(|seen| seen.manages);
    let looks_after = view.own || manages;
    let missing = if looks_after {
        let members = groups::members(tx, key.group)?;
        Some(missing(&members, &done, &view).map(Line::missing).collect())
    } else {
        None
    };
    let place = groups::place(tx, key.group)?;
    let hall = hall(tx, who, phrases::timeline::ACKNOWLEDGED)?;
    let href = format!("/groups/{}?around={}#p-{post}", key.group, view.seq);
    let hall = hall.back(href, place.title.name);
    Ok(ListPage { hall, done: done.iter().map(Line::done).collect(), missing })
}

/// Members who did not press yet; the writer need not.
fn missing<'m>(
    members: &'m [MemberCard],
    done: &'m [Acknowledger],
    post: &'m timeline::PostView,
) -> impl Iterator<Item = &'m MemberCard> {
    let pressed: std::collections::HashSet<_> = done.iter().map(|one| one.account).collect();
    members.iter().filter(move |member| !pressed.contains(&member.account) && member.account != post.author)
}

impl Line {
    fn done(one: &Acknowledger) -> Self {
        Self {
            href: format!("/accounts/{}", one.account),
            name: format!("{} {}", one.family, one.given).trim().to_owned(),
            profession: one.profession.word(),
            facility: one.facility.clone(),
            initial: text::initial(&one.family),
            tint: face::tint(one.profession),
            photo: face::photo(one.account, one.photo),
            at: Some((timeline::view::machine_time(one.at), phrases::timeline::short(one.at))),
        }
    }

    fn missing(member: &MemberCard) -> Self {
        Self {
            href: format!("/accounts/{}", member.account),
            name: member.name(),
            profession: member.profession.word(),
            facility: member.facility_name.clone(),
            initial: member.initial(),
            tint: face::tint(member.profession),
            photo: face::photo(member.account, member.photo),
            at: None,
        }
    }
}
