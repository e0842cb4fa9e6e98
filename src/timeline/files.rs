//! Files of posts and drafts: let in and shown only after the law of their place was asked.

use super::access::{self, Sight};
use super::drafts;
use super::page_view;
use super::pages::place_hall;
use super::view::PostView;
use crate::accounts::Known;
use crate::media::{self, Announced, FileCard, FileToServe, Purpose, PurposeKind, Variant};
use crate::web::{At, Form, Hall, Page, page};
use crate::{House, Outcome, Trouble, Tx, phrases};
use askama::Template;
use axum::http::HeaderMap;
use tasuki_law::nouns::{DraftId, FileKind, GroupId, PostId, UploadId, Who};

/// What a file of a draft is for. The law of writing is asked here, before the first byte.
pub(super) fn purpose(tx: &mut Tx, who: &Who, draft: &drafts::Draft) -> Outcome<Purpose> {
    if draft.post.is_some() {
        return Err(Trouble::because(tasuki_law::Why::AlreadyDecided));
    }
    let (key, ground) = access::may_write(tx, who, draft.group)?;
    let data_key = ground.data_key;
    Ok(Purpose { account: key.account, data_key, draft: Some(draft.id), kind: PurposeKind::Post })
}

/// `POST /groups/{group}/uploads`: a file of one's own draft is announced.
pub async fn begin(Known(who): Known, house: House, At(group): At<GroupId>, form: Form) -> Page {
    let Some(draft) = form.pick::<DraftId>("draft") else { return Err(Trouble::Malformed) };
    let file = Announced::read(&house, &form);
    let begun = house
        .write(move |tx| {
            let draft = drafts::mine(tx, &who, draft)?;
            if draft.group != group {
                return Err(Trouble::unseen());
            }
            let purpose = purpose(tx, &who, &draft)?;
            media::actions::start(tx, &purpose, &file)
        })
        .await?;
    media::pages::started(begun)
}

/// `GET /drafts/{draft}/files/{upload}`, to the one who writes it.
pub async fn of_draft(
    Known(who): Known,
    house: House,
    At((draft, upload)): At<(DraftId, UploadId)>,
    headers: HeaderMap,
) -> Page {
    let file = house
        .read(move |tx| {
            let draft = drafts::mine(tx, &who, draft)?;
            access::to_note(tx, &who, draft.group)?;
            let thumb = draft.files.iter().any(|file| file.id == upload && file.has_thumb);
            Ok((media::in_draft(tx, draft.id, upload)?, thumb))
        })
        .await?;
    let variant = if file.1 { Variant::Thumb } else { Variant::Full };
    media::pages::serve(&house, &headers, file.0, variant).await
}

/// A file of a post that its reader may see: each file is a look of its own.
fn opened(tx: &mut Tx, who: &Who, post: PostId, upload: UploadId, sight: Sight) -> Outcome<FileToServe> {
    let (_, single) = access::to_open(tx, who, post, sight)?;
    if single.post.removed {
        return Err(Trouble::unseen());
    }
    media::in_post(tx, post, upload)
}

/// `GET /posts/{post}/files/{upload}`
pub async fn full(
    Known(who): Known,
    house: House,
    At((post, upload)): At<(PostId, UploadId)>,
    headers: HeaderMap,
) -> Page {
    let file = house.read(move |tx| opened(tx, &who, post, upload, Sight::File(upload))).await?;
    media::pages::serve(&house, &headers, file, Variant::Full).await
}

/// `GET /posts/{post}/files/{upload}/thumb`
pub async fn thumb(
    Known(who): Known,
    house: House,
    At((post, upload)): At<(PostId, UploadId)>,
    headers: HeaderMap,
) -> Page {
    let file = house.read(move |tx| opened(tx, &who, post, upload, Sight::SmallFile(upload))).await?;
    media::pages::serve(&house, &headers, file, Variant::Thumb).await
}

#[derive(Template)]
#[template(path = "timeline/viewer.html")]
struct ViewerPage {
    hall: Hall,
    post: PostView,
    file: FileCard,
    number: usize,
    all: usize,
    before: Option<UploadId>,
    after: Option<UploadId>,
}

impl ViewerPage {
    fn words(&self) -> String {
        self.post.picture_words(&self.number, &self.all)
    }
}

/// `GET /posts/{post}/files/{upload}/view`: one photo after the other.
pub async fn view(Known(who): Known, house: House, At((post, upload)): At<(PostId, UploadId)>) -> Page {
    let viewer = house
        .read(move |tx| {
            let (head, post) = page_view::open_post(tx, &who, post, Sight::Post)?;
            let mut hall = place_hall(tx, &who, &head)?;
            let href = format!("/groups/{}?around={}#p-{}", head.group, post.seq, post.id);
            hall.back = Some((href, head.title()));
            phrases::timeline::PHOTO.clone_into(&mut hall.title);
            viewer(hall, post, upload)
        })
        .await?;
    page(&viewer)
}

fn viewer(hall: Hall, post: PostView, upload: UploadId) -> Outcome<ViewerPage> {
    let photos: Vec<_> = post.files.iter().filter(|file| file.kind == FileKind::Image).collect();
    let at = photos.iter().position(|file| file.id == upload).ok_or(Trouble::unseen())?;
    let near = |at: Option<usize>| at.and_then(|at| photos.get(at)).map(|file| file.id);
    let (before, after) = (near(at.checked_sub(1)), near(at.checked_add(1)));
    let (file, all) = (photos[at].clone(), photos.len());
    Ok(ViewerPage { hall, post, file, number: at + 1, all, before, after })
}
