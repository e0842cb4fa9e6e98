//! Writing: the draft, what it will look like, and posting it. Three pages that need no script.

use super::actions::Posted;
use super::{Draft, LONGEST, actions};
use crate::accounts::Known;
use crate::media::pages::UploadLine;
use crate::media::{Parcel, Unpacked};
use crate::timeline::access;
use crate::timeline::page_view::{Head, facts_of_post};
use crate::timeline::pages::{place_hall, to_post};
use crate::timeline::{self, files, text};
use crate::web::{At, Errors, Form, Hall, Page, html, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, groups, media, phrases};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use tasuki_base::hash::hex;
use tasuki_base::text::is_longer;
use tasuki_law::nouns::{DraftId, EventKind, GroupId, PostId, UploadId, Who};

#[derive(Template)]
#[template(path = "timeline/drafts/compose.html")]
struct ComposePage {
    hall: Hall,
    head: Head,
    draft: Draft,
    errors: Errors,
    /// Why posting is closed right now; what is written is kept all the same.
    shut: Option<&'static str>,
    /// Where the page's script announces files, and the largest it may.
    uploads: String,
    largest: u64,
}

impl ComposePage {
    fn lines(&self) -> Vec<UploadLine<'_>> {
        self.draft.files.iter().map(|file| UploadLine { file }).collect()
    }

    fn draft_id(&self) -> String {
        self.draft.id.to_string()
    }
}

#[derive(Template)]
#[template(path = "timeline/drafts/confirm.html")]
struct ConfirmPage {
    hall: Hall,
    head: Head,
    draft: Draft,
    body: String,
    digest: String,
    urgent: bool,
}

/// `GET /groups/{group}/compose`: to the one open draft of this person here.
pub async fn compose(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    let draft = house
        .write(move |tx| {
            let (key, ground) = access::may_write(tx, &who, group)?;
            actions::begin(tx, &key, ground)
        })
        .await?;
    see_other(format!("/drafts/{draft}"))
}

fn compose_page(tx: &mut Tx, who: &Who, draft: Draft, errors: Errors) -> Outcome<ComposePage> {
    let (key, ..) = access::to_compose(tx, who, draft.group)?;
    let head: Head = groups::place(tx, draft.group)?.into();
    let mut hall = place_hall(tx, who, &head)?;
    phrases::timeline::WRITE.clone_into(&mut hall.title);
    hall.back = Some((format!("/groups/{}", head.group), phrases::timeline::LEAVE_DRAFT.to_owned()));
    let uploads = format!("/groups/{}/uploads", head.group);
    let shut = key.writing.err().map(phrases::why);
    Ok(ComposePage { hall, head, draft, errors, shut, uploads, largest: tx.config().max_file })
}

/// `GET /drafts/{draft}`
pub async fn show(Known(who): Known, house: House, At(draft): At<DraftId>) -> Page {
    let shown = house
        .read(move |tx| {
            let draft = super::mine(tx, &who, draft)?;
            match draft.post {
                Some(post) => Ok(Err((draft.group, post))),
                None => compose_page(tx, &who, draft, Errors::none()).map(Ok),
            }
        })
        .await?;
    match shown {
        Ok(shown) => page(&shown),
        Err((group, post)) => to_post(group, post, "posted"),
    }
}

/// `POST /drafts/{draft}`: keeps what is typed, and the files a form without script brings; `go` leads on to the
/// confirmation, `remove` takes a file back.
pub async fn save(Known(who): Known, house: House, At(id): At<DraftId>, parcel: Parcel) -> Page {
    let unpacked = unpack(&house, &who, id, parcel).await?;
    let (goes_on, removes) = (unpacked.form.has("go"), unpacked.form.pick::<UploadId>("remove"));
    let body = unpacked.form.prose("body");
    // Nothing is kept of what would be cut: whoever types must not read that it is safe.
    if !goes_on && removes.is_none() && is_longer(&body, KEPT) {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, phrases::timeline::DRAFT_TOO_LONG).into_response());
    }
    let again = house.write(move |tx| keep(tx, &who, id, (&body, &unpacked), removes)).await?;
    match again {
        Kept::Shown(page) => try_again(&*page),
        Kept::Quietly if removes.is_some() => see_other(format!("/drafts/{id}")),
        Kept::Quietly if goes_on => see_other(format!("/drafts/{id}/confirmation")),
        Kept::Quietly => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// What the form holds. Files are let in only where writing is open.
async fn unpack(house: &House, who: &Who, id: DraftId, parcel: Parcel) -> Outcome<Unpacked> {
    let form = match parcel {
        Parcel::Words(form) => return Ok(Unpacked { form, ..Unpacked::default() }),
        files @ Parcel::Files(_) => files,
    };
    let who = who.clone();
    let purpose = house
        .read(move |tx| {
            let draft = super::mine(tx, &who, id)?;
            files::purpose(tx, &who, &draft)
        })
        .await?;
    media::actions::take_multipart(house, &purpose, form).await
}

/// So many letters of a draft are kept: twice a post.
const KEPT: usize = 2 * LONGEST;

enum Kept {
    Quietly,
    Shown(Box<ComposePage>),
}

fn keep(
    tx: &mut Tx,
    who: &Who,
    id: DraftId,
    (body, unpacked): (&str, &Unpacked),
    removes: Option<UploadId>,
) -> Outcome<Kept> {
    let draft = super::mine(tx, who, id)?;
    if draft.post.is_some() {
        return Ok(Kept::Quietly);
    }
    let (key, _, door) = access::to_note(tx, who, draft.group)?;
    actions::save(tx, &key, door.ground(), &draft, body)?;
    if let Some(upload) = removes {
        media::actions::remove(tx, who, upload)?;
        return Ok(Kept::Quietly);
    }
    let draft = super::mine(tx, who, id)?;
    let errors = errors(&draft, unpacked);
    if errors.is_empty() {
        return Ok(Kept::Quietly);
    }
    Ok(Kept::Shown(Box::new(compose_page(tx, who, draft, errors)?)))
}

/// Autosave is told nothing: only who goes on hears what is wrong.
fn errors(draft: &Draft, unpacked: &Unpacked) -> Errors {
    let mut errors = Errors::none();
    if !unpacked.form.has("go") {
        return errors;
    }
    for (name, why) in &unpacked.refused {
        errors.add("files", phrases::timeline::refused(name, &why.words()));
    }
    let mistake = draft.mistake();
    if !mistake.is_empty() {
        errors.add("body", mistake);
    }
    errors
}

/// `GET /drafts/{draft}/confirmation`
pub async fn confirm(Known(who): Known, house: House, At(id): At<DraftId>, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    let shown = house
        .read(move |tx| {
            let draft = super::mine(tx, &who, id)?;
            let (_, ground) = access::may_write(tx, &who, draft.group)?;
            groups::access::seen(tx, &who, &ground, EventKind::PlaceSeen);
            if draft.post.is_some() || !draft.mistake().is_empty() {
                return Ok(None);
            }
            confirm_page(tx, &who, draft, &done).map(Some)
        })
        .await?;
    match shown {
        Some(shown) => page(&shown),
        None => see_other(format!("/drafts/{id}")),
    }
}

fn confirm_page(tx: &mut Tx, who: &Who, draft: Draft, done: &str) -> Outcome<ConfirmPage> {
    let head: Head = groups::place(tx, draft.group)?.into();
    let mut hall = place_hall(tx, who, &head)?.done(done);
    hall.title = phrases::timeline::CONFIRM.to_owned();
    hall.back = Some((format!("/drafts/{}", draft.id), phrases::timeline::REWRITE.to_owned()));
    let body = text::html(&draft.body)?;
    let digest = hex(&draft.digest());
    let urgent = phrases::timeline::is_urgent(&draft.body);
    Ok(ConfirmPage { hall, head, draft, body, digest, urgent })
}

/// `POST /drafts/{draft}/post`: as confirmed. Sent twice, it is one post; the page's script gets the post itself.
pub async fn post(
    Known(who): Known,
    house: House,
    At(id): At<DraftId>,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let confirmed = unhex(form.code("digest")).ok_or(Trouble::Malformed)?;
    let author = who.clone();
    let posted = house.write(move |tx| actions::post(tx, &author, id, &confirmed)).await?;
    let Posted::As(post) = posted else {
        return see_other(format!("/drafts/{id}/confirmation?done=draft_changed"));
    };
    if headers.contains_key("hx-request") {
        return rendered(house, who, post).await;
    }
    let group = house.read(move |tx| Ok(super::mine(tx, &who, id)?.group)).await?;
    to_post(group, post, "posted")
}

async fn rendered(house: House, who: Who, post: PostId) -> Page {
    let view = house
        .read(move |tx| {
            let facts = facts_of_post(tx, &who, post)?;
            timeline::post(tx, &who, &facts, post)
        })
        .await?;
    html(StatusCode::OK, &view)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (text.len() == 64).then(|| (0..64).step_by(2).map(pair).collect())?
}
