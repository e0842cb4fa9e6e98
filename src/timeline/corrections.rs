//! What can be done about a post afterwards: correct it, see what it said before, take it back.

use super::access::{self, Sight};
use super::page_view::{self, Head};
use super::pages::{place_hall, to_post};
use super::view::{PostView, machine_time};
use super::{actions, drafts, store, text};
use crate::accounts::Known;
use crate::web::{At, Errors, Form, Hall, Page, page, try_again};
use crate::{House, Outcome, Tx, phrases};
use askama::Template;
use tasuki_base::text::is_longer;
use tasuki_law::nouns::{GroupId, PostId, Who};
use tasuki_law::rules::timeline;

#[derive(Template)]
#[template(path = "timeline/edit.html")]
struct EditPage {
    hall: Hall,
    post: PostView,
    body: String,
    errors: Errors,
}

/// `GET /posts/{post}/edit`
pub async fn edit(Known(who): Known, house: House, At(post): At<PostId>) -> Page {
    let form = house
        .read(move |tx| {
            let single = access::about(tx, &who, post)?;
            timeline::edit(&who, &single.facts, &single.post)?;
            let (hall, post) = post_hall(tx, &who, (post, Sight::Post), phrases::timeline::EDIT)?;
            let body = post.text.clone();
            Ok(EditPage { hall, post, body, errors: Errors::none() })
        })
        .await?;
    page(&form)
}

/// `POST /posts/{post}/edit`
pub async fn save(Known(who): Known, house: House, At(post): At<PostId>, form: Form) -> Page {
    let body = form.prose("body");
    let done = house
        .write(move |tx| {
            let (key, ground) = access::to_edit(tx, &who, post)?;
            let (hall, view) = post_hall(tx, &who, (post, Sight::Post), phrases::timeline::EDIT)?;
            let mistake = drafts::mistake(&body, view.files.is_empty());
            if !mistake.is_empty() {
                let mut errors = Errors::none();
                errors.add("body", mistake);
                return Ok(Err(EditPage { hall, post: view, body: body.clone(), errors }));
            }
            actions::edit(tx, &key, ground, &body)?;
            Ok(Ok(key.group))
        })
        .await?;
    match done {
        Ok(group) => to_post(group, post, "edited"),
        Err(form) => try_again(&form),
    }
}

struct Version {
    html: String,
    at: String,
    machine: String,
}

#[derive(Template)]
#[template(path = "timeline/history.html")]
struct HistoryPage {
    hall: Hall,
    post: PostView,
    /// Newest first; each with the moment until which it stood.
    before: Vec<Version>,
}

/// `GET /posts/{post}/history`
pub async fn history(Known(who): Known, house: House, At(post): At<PostId>) -> Page {
    let shown = house
        .read(move |tx| {
            let (hall, view) = post_hall(tx, &who, (post, Sight::History), phrases::timeline::HISTORY)?;
            // What is out of sight is so with all it ever said.
            let versions = if view.gone.is_some() { Vec::new() } else { store::versions(tx, post)? };
            let version = |(body, until): (String, _)| {
                let at = phrases::day_and_time(until);
                Ok(Version { html: text::html(&body)?, at, machine: machine_time(until) })
            };
            let before = versions.into_iter().rev().map(version).collect::<Outcome<_>>()?;
            Ok(HistoryPage { hall, post: view, before })
        })
        .await?;
    page(&shown)
}

#[derive(Template)]
#[template(path = "timeline/removal.html")]
struct RemovalPage {
    hall: Hall,
    post: PostView,
    may: MayTake,
    reason: String,
    errors: Errors,
}

/// In which ways the post may be taken away.
#[derive(Clone, Copy)]
struct MayTake {
    hide: bool,
    erase: bool,
}

fn removal_page(tx: &mut Tx, who: &Who, post: PostId, reason: &str, errors: Errors) -> Outcome<RemovalPage> {
    let single = access::about(tx, who, post)?;
    let hide = timeline::remove(who, &single.facts, &single.post).map(|_| ());
    let erase = timeline::erase(who, &single.facts, &single.post).map(|_| ());
    if let (Err(why), Err(_)) = (hide, erase) {
        return Err(why.into());
    }
    let (hall, post) = post_hall(tx, who, (post, Sight::Post), phrases::timeline::REMOVAL)?;
    let may = MayTake { hide: hide.is_ok(), erase: erase.is_ok() };
    Ok(RemovalPage { hall, post, may, reason: reason.to_owned(), errors })
}

/// `GET /posts/{post}/removal`
pub async fn removal(Known(who): Known, house: House, At(post): At<PostId>) -> Page {
    page(&house.read(move |tx| removal_page(tx, &who, post, "", Errors::none())).await?)
}

const LONGEST_REASON: usize = 200;

/// `POST /posts/{post}/removal`: `how=wrong_patient` erases, anything else hides.
pub async fn remove(Known(who): Known, house: House, At(post): At<PostId>, form: Form) -> Page {
    let reason = form.line("reason");
    let erases = form.code("how") == tasuki_law::nouns::RemovalKind::WrongPatient.code();
    let done = house
        .write(move |tx| {
            if is_longer(&reason, LONGEST_REASON) {
                let mut errors = Errors::none();
                errors.add("reason", phrases::timeline::REASON_LONG);
                return removal_page(tx, &who, post, &reason, errors).map(Err);
            }
            take_away(tx, &who, post, erases, &reason).map(Ok)
        })
        .await?;
    match done {
        Ok(group) => to_post(group, post, if erases { "erased" } else { "removed" }),
        Err(form) => try_again(&form),
    }
}

fn take_away(tx: &mut Tx, who: &Who, post: PostId, erases: bool, reason: &str) -> Outcome<GroupId> {
    if erases {
        let (key, ground) = access::to_erase(tx, who, post)?;
        actions::erase(tx, &key, ground, reason)?;
        return Ok(key.group);
    }
    let (key, ground) = access::to_remove(tx, who, post)?;
    actions::remove(tx, &key, ground, reason)?;
    Ok(key.group)
}

/// The hall of a page about one post, which leads back to it.
fn post_hall(
    tx: &mut Tx,
    who: &Who,
    (post, sight): (PostId, Sight),
    title: &str,
) -> Outcome<(Hall, PostView)> {
    let (head, mut view): (Head, PostView) = page_view::open_post(tx, who, post, sight)?;
    view.quoted = true;
    let mut hall = place_hall(tx, who, &head)?;
    hall.back = Some((format!("/groups/{}?around={}#p-{post}", head.group, view.seq), head.title()));
    title.clone_into(&mut hall.title);
    Ok((hall, view))
}
