//! A post as one reader sees it: one text for the page, the answer and the stream.

use super::store::PostRow;
use super::text;
use crate::media::FileCard;
use crate::web::face;
use crate::{Outcome, Tx, phrases};
use askama::Template;
use tasuki_base::text as words;
use tasuki_law::nouns::{AccountId, FileKind, PostId, RemovalKind, Who};
use tasuki_law::rules::timeline::{self, PostFacts, TimelineFacts};
use tasuki_value::Ts;

/// A post, opened and cut to one reader's rights.
#[derive(Template, Clone, Debug)]
#[template(path = "timeline/post.html")]
pub struct PostView {
    pub id: PostId,
    pub seq: i64,
    pub rev: i64,
    pub author: AccountId,
    pub own: bool,
    /// Taken away: by whom and when.
    pub gone: Option<(String, String)>,
    pub name: String,
    /// 「看護師・あおやま訪問看護」.
    pub post: String,
    pub initial: String,
    pub tint: u8,
    pub photo: String,
    pub at: Ts,
    pub text: String,
    /// The text with its links, safe to be shown.
    pub html: String,
    pub edited: Option<String>,
    pub files: Vec<FileCard>,
    pub may: May,
    pub foot: Foot,
    /// Shown on a page about itself: to be read, without foot and menu.
    pub quoted: bool,
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
}

impl PostView {
    /// Opens a row for the reader whose facts these are.
    pub fn of(
        tx: &mut Tx,
        who: &Who,
        facts: &TimelineFacts<'_>,
        row: &PostRow,
        files: Vec<FileCard>,
    ) -> Outcome<Self> {
        let byline = row.byline(tx)?;
        let gone = row.removed_at.map(|at| (row.remover(), phrases::timeline::short(at)));
        let text = if gone.is_some() { String::new() } else { row.body(tx)? };
        let may = May::of(who, facts, row);
        Ok(Self {
            id: row.id,
            seq: row.seq,
            rev: row.rev,
            author: row.author,
            own: who.account() == Some(row.author),
            name: byline.name(),
            post: phrases::timeline::post(byline.profession.word(), &byline.facility),
            initial: byline.initial(),
            tint: face::tint(byline.profession),
            photo: face::photo(row.author, row.photo),
            at: row.posted_at,
            html: text::html(&text)?,
            text,
            edited: row.edited_at.map(|at| phrases::timeline::near(at, row.posted_at)),
            files: if gone.is_some() { Vec::new() } else { files },
            gone,
            may,
            foot: Foot { id: row.id, acked: row.acked, acks: row.acks, may_acknowledge: may.acknowledge },
            quoted: false,
        })
    }

    /// 「2026-11-20」.
    #[must_use]
    pub fn day(&self) -> String {
        words::local_date(self.at).to_string()
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
    fn of(who: &Who, facts: &TimelineFacts<'_>, row: &PostRow) -> Self {
        let post = PostFacts {
            post: row.id,
            author: row.author,
            removed: row.removed_at.is_some(),
            erased: row.removal == Some(RemovalKind::WrongPatient),
        };
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
