//! A post as one reader sees it: one text for the page, the answer and the stream.

use super::opened::Opened;
use crate::media::FileCard;
use crate::phrases;
use crate::web::face;
use askama::Template;
use std::ops::Deref;
use std::sync::Arc;
use tasuki_base::text as words;
use tasuki_law::nouns::{FileKind, PostId, Who};
use tasuki_law::rules::timeline::{self, TimelineFacts};
use tasuki_value::Ts;

/// A post cut to one reader's rights.
#[derive(Template, Clone, Debug)]
#[template(path = "timeline/post.html")]
pub struct PostView {
    shared: Arc<Opened>,
    pub own: bool,
    photo: bool,
    pub may: May,
    pub foot: Foot,
    /// Shown on a page about itself: to be read, without foot and menu.
    pub quoted: bool,
}

impl Deref for PostView {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        &self.shared
    }
}

/// What the reader may do with the post.
#[derive(Clone, Copy, Debug)]
pub struct May {
    pub edit: bool,
    pub remove: bool,
    pub acknowledge: bool,
}

/// 了解 and how many did.
#[derive(Template, Clone, Debug)]
#[template(path = "timeline/foot.html")]
pub struct Foot {
    pub id: PostId,
    pub acked: bool,
    pub acks: i64,
    pub may_acknowledge: bool,
    /// For whoever wrote it: how many others are asked; none for everybody else.
    pub others: Option<i64>,
}

impl PostView {
    /// For the reader whose facts these are; `photo`: there is one of the author; `members`: so many are in the place.
    pub fn of(
        who: &Who,
        facts: &TimelineFacts<'_>,
        post: &Arc<Opened>,
        acked: bool,
        (photo, members): (bool, i64),
    ) -> Self {
        let (may, own) = (May::of(who, facts, post), who.account() == Some(post.author));
        // Somebody who has pressed may have left since.
        let others = (own && members > 1).then(|| (members - 1).max(post.acks));
        Self {
            own,
            photo,
            foot: Foot { id: post.id, acked, acks: post.acks, may_acknowledge: may.acknowledge, others },
            may,
            shared: Arc::clone(post),
            quoted: false,
        }
    }

    /// As the page shows it; drawn once for all readers whom it looks the same to.
    pub fn drawn(&self) -> askama::Result<Arc<str>> {
        let May { edit, remove, acknowledge } = self.may;
        let differs = [self.quoted, self.own, edit, remove, acknowledge, self.foot.acked, self.photo];
        let reader = differs.into_iter().fold(0, |bits, bit| bits << 1 | u64::from(bit));
        let reader = reader | self.foot.others.map_or(0, |others| others.unsigned_abs() << 8);
        self.shared.kept.drawing(reader, || self.render())
    }

    /// What stands in the round face where there is no photo.
    #[must_use]
    pub fn initial(&self) -> String {
        self.byline.initial()
    }

    #[must_use]
    pub fn tint(&self) -> u8 {
        face::tint(self.shared.byline.profession)
    }

    /// Where the author's photo is; empty when there is none.
    #[must_use]
    pub fn photo_url(&self) -> String {
        if self.photo { face::where_photo_is(self.author) } else { String::new() }
    }

    /// 「令和8年11月20日（金）」.
    #[must_use]
    pub fn day_words(&self) -> String {
        phrases::day(self.at)
    }

    #[must_use]
    pub fn time(&self) -> String {
        words::hour_minute(self.at)
    }

    /// For machines.
    #[must_use]
    pub fn datetime(&self) -> String {
        machine_time(self.at)
    }

    fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = &FileCard> {
        self.files.iter().filter(move |file| file.kind == kind)
    }

    /// Photos, the first six; how many there are.
    #[must_use]
    pub fn pictures(&self) -> (Vec<&FileCard>, usize) {
        (self.of_kind(FileKind::Image).take(6).collect(), self.of_kind(FileKind::Image).count())
    }

    #[must_use]
    pub fn videos(&self) -> Vec<&FileCard> {
        self.of_kind(FileKind::Video).collect()
    }

    #[must_use]
    pub fn documents(&self) -> Vec<&FileCard> {
        self.of_kind(FileKind::Document).collect()
    }

    /// 「写真1/3（森山 みどり、11月20日 14:05）」.
    #[must_use]
    pub fn picture_words(&self, number: &usize, all: &usize) -> String {
        phrases::timeline::picture(*number, *all, &self.name, self.at)
    }
}

impl May {
    fn of(who: &Who, facts: &TimelineFacts<'_>, post: &Opened) -> Self {
        let post = post.facts();
        Self {
            edit: timeline::edit(who, facts, &post).is_ok(),
            remove: timeline::remove(who, facts, &post).is_ok(),
            acknowledge: timeline::acknowledge(who, facts, &post).is_ok(),
        }
    }
}

/// A moment for machines, on the clocks of Japan: 「2026-11-20T14:05+09:00」.
#[must_use]
pub fn machine_time(at: Ts) -> String {
    words::local(at).strftime("%Y-%m-%dT%H:%M%:z").to_string()
}

/// 「0:42」.
#[must_use]
pub fn length(file: &FileCard) -> Option<String> {
    let seconds = file.duration_ms?.div_ceil(1000);
    Some(format!("{}:{:02}", seconds / 60, seconds % 60))
}

/// 「1.2MB」, 「182KB」.
#[must_use]
pub fn size(file: &FileCard) -> String {
    const KB: i64 = 1024;
    const MB: i64 = 1024 * KB;
    match file.size {
        size if size >= 10 * MB => format!("{}MB", size / MB),
        size if size >= MB => format!("{}.{}MB", size / MB, size % MB * 10 / MB),
        size => format!("{}KB", (size + KB - 1) / KB),
    }
}

/// What a document is called by people: 「PDF」, 「DOCX」.
#[must_use]
pub fn kind(file: &FileCard) -> String {
    let ending = file.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_uppercase()
}
