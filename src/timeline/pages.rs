//! The page of a place, the single post, and the reading place.

use super::access::{self, Sight};
use super::actions;
use super::page_view::{self, Head, Line, Shown, Window};
use super::view::PostView;
use crate::accounts::{Known, Unasked};
use crate::web::hall::{Hall, Tab, hall};
use crate::web::{At, Form, Page, long_page, page, see_other};
use crate::{House, Outcome, Tx, phrases};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use tasuki_law::nouns::{GroupId, GroupKind, PostId, TimelineId, Who};

#[derive(Template)]
#[template(path = "timeline/page.html")]
struct TimelinePage {
    hall: Hall,
    shown: Shown,
    /// Listens for what comes: only a page that reaches to the newest post.
    live: bool,
}

/// `GET /groups/{group}`
pub async fn show(visitor: Unasked, house: House, At(group): At<GroupId>, uri: Uri) -> Page {
    let query = Form::of_query(uri.query().unwrap_or_default());
    let (window, line) = (window(&query), query.pick("new"));
    let done = query.code("done").to_owned();
    let open = move |tx: &mut Tx<'_, '_>, who: &Who| {
        let shown = page_view::open(tx, who, group, window, line)?;
        let hall = place_hall(tx, who, &shown.head)?.done(&done);
        Ok((hall, shown))
    };
    let (_, (hall, shown)) = visitor.glance(&house, open).await?;
    let live = shown.newer.is_none();
    // Kept once drawn, so measuring them draws nothing twice.
    let posts = shown.drawn_bytes()?;
    long_page(&TimelinePage { hall, shown, live }, posts)
}

fn window(query: &Form) -> Window {
    if let Some(seq) = query.pick("before") {
        Window::Before(seq)
    } else if let Some(seq) = query.pick("after") {
        Window::After(seq)
    } else if let Some(seq) = query.pick("around") {
        Window::Around(seq)
    } else {
        Window::Present
    }
}

/// The hall of a page that belongs to a place.
pub(super) fn place_hall(tx: &mut Tx, who: &Who, head: &Head) -> Outcome<Hall> {
    let title = head.title();
    let hall = hall(tx, who, title)?.side("professional");
    Ok(match head.kind {
        GroupKind::Patient => hall.tab(Tab::Patients).back("/patients", phrases::timeline::PATIENTS),
        GroupKind::Free => hall.tab(Tab::Groups).back("/groups", phrases::timeline::GROUPS),
        GroupKind::Facility => hall.tab(Tab::Home).back("/", phrases::timeline::HOME),
    })
}

impl Head {
    /// What the place is called as a heading.
    #[must_use]
    pub fn title(&self) -> String {
        match self.kind {
            GroupKind::Facility => phrases::timeline::WORKPLACE.to_owned(),
            GroupKind::Patient | GroupKind::Free => self.name.clone(),
        }
    }

    /// The telephone numbers of a patient's team.
    #[must_use]
    pub fn phones(&self) -> Option<String> {
        self.patient.map(|patient| format!("/patients/{patient}/phones"))
    }

    /// What stands under the heading.
    #[must_use]
    pub fn under(&self) -> &str {
        if self.kind == GroupKind::Facility { &self.name } else { &self.note }
    }

    /// Whether patients and families could be thought to read here: they do not.
    #[must_use]
    pub fn is_of_patient(&self) -> bool {
        self.kind == GroupKind::Patient
    }
}

#[derive(Template)]
#[template(path = "timeline/single.html")]
struct SinglePage {
    hall: Hall,
    head: Head,
    post: PostView,
}

/// `GET /posts/{post}`
pub async fn single(Known(who): Known, house: House, At(post): At<PostId>) -> Page {
    let single = house
        .read(move |tx| {
            let (head, post) = page_view::open_post(tx, &who, post, Sight::Post)?;
            let mut hall = place_hall(tx, &who, &head)?;
            hall.back =
                Some((format!("/groups/{}?around={}#p-{}", head.group, post.seq, post.id), head.title()));
            Ok(SinglePage { hall, head, post })
        })
        .await?;
    page(&single)
}

/// `POST /timelines/{timeline}/read`: seen up to `seq`. The page's script wants no answer; a person goes on, with `on`
/// to the posts after those.
pub async fn read(
    Known(who): Known,
    house: House,
    At(timeline): At<TimelineId>,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let Some(seq) = form.pick::<i64>("seq") else { return Err(crate::Trouble::Malformed) };
    let group = house
        .write(move |tx| {
            let (key, _, door) = access::to_follow(tx, &who, timeline)?;
            actions::mark_read(tx, &key, &door, seq)?;
            Ok(door.group)
        })
        .await?;
    if headers.contains_key("x-requested-with") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    see_other(if form.has("on") {
        format!("/groups/{group}?after={seq}")
    } else {
        format!("/groups/{group}?done=read")
    })
}

/// Back to a post in its place, without script too.
pub(super) fn to_post(group: GroupId, post: PostId, done: &str) -> Page {
    see_other(format!("/groups/{group}?done={done}#p-{post}"))
}
