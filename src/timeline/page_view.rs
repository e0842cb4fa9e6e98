//! What stands on the page of a place: which posts, between which day lines, and where the new ones begin.

use super::access::{self, Sight};
use super::store::State;
use super::store::door::Door;
use super::view::PostView;
use super::{drafts, posts};
use crate::consents;
use crate::groups::{self, Place, Standing, Title};
use crate::{Outcome, Trouble, Tx, phrases};
use tasuki_law::Why;
use tasuki_law::nouns::{GroupId, GroupKind, PatientId, PostId, TimelineId, Who};
use tasuki_law::rules::timeline::TimelineFacts;

/// So many posts at a time.
pub const PAGE: i64 = 30;
/// So many read posts stand before the first new one, so that it is not without its context.
const BEFORE_NEW: i64 = 5;

/// Which part of a timeline is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// From the first unread post on, or else the newest.
    Present,
    Before(i64),
    After(i64),
    Around(i64),
}

/// One thing under another on the page.
pub enum Line {
    Day { date: String, words: String },
    New,
    Post(Box<PostView>),
}

/// A place and the part of its timeline that was asked for.
pub struct Shown {
    pub timeline: TimelineId,
    pub rev: i64,
    pub head: Head,
    pub lines: Vec<Line>,
    pub has_new: bool,
    /// How many older posts the button brings, and before which.
    pub older: Option<(i64, i64)>,
    pub newer: Option<(i64, i64)>,
    /// The composer: open, or why it is shut.
    pub shut: Option<&'static str>,
    /// The reader may open it by recording the patient's consent.
    pub may_consent: Option<PatientId>,
    pub draft_started: bool,
    /// Up to here the reader has said to have seen everything.
    pub read: i64,
    /// The newest post on this page.
    pub last: i64,
    /// That the reader is here was noted a moment ago.
    pub looked: bool,
}

impl Shown {
    /// Where older posts are, and what the button says.
    #[must_use]
    pub fn older_link(&self) -> Option<(String, String)> {
        let (count, before) = self.older?;
        Some((format!("/groups/{}?before={before}", self.head.group), phrases::timeline::older(count)))
    }

    /// How long the posts are as the page shows them.
    pub fn drawn_bytes(&self) -> Outcome<usize> {
        let drawn = |line: &Line| match line {
            Line::Post(post) => Ok(post.drawn().map_err(Trouble::broken)?.len()),
            Line::Day { .. } | Line::New => Ok(0),
        };
        self.lines.iter().map(drawn).sum()
    }

    /// Whether there is something here that the reader has not said to have seen.
    #[must_use]
    pub const fn is_news(&self) -> bool {
        self.last > self.read
    }

    #[must_use]
    pub fn newer_link(&self) -> Option<(String, String)> {
        let (count, after) = self.newer?;
        Some((format!("/groups/{}?after={after}", self.head.group), phrases::timeline::newer(count)))
    }
}

/// The place itself.
pub struct Head {
    pub group: GroupId,
    pub kind: GroupKind,
    pub patient: Option<PatientId>,
    pub name: String,
    pub note: String,
    pub members: i64,
}

impl Head {
    fn of(tx: &mut Tx, door: &Door) -> Outcome<Self> {
        let Title { name, note } = Title::clone(&*groups::title(tx, door.group, door.name.as_deref())?);
        let Standing { kind, patient, .. } = door.standing;
        Ok(Self { group: door.group, kind, patient, name, note, members: door.members })
    }
}

impl From<Place> for Head {
    fn from(place: Place) -> Self {
        let Place { id: group, kind, patient, title, members, .. } = place;
        Self { group, kind, patient, name: title.name, note: title.note, members }
    }
}

/// That somebody is here is noted anew at least this often.
const NOTE_LOOK: i64 = tasuki_value::MINUTE;
/// So long a page that is loaded again shows the line of new posts where it was.
const LINE_STAYS: i64 = tasuki_value::HOUR;

/// Opens a place for a reader. Looking reads nothing: only what the page or the reader says was seen does.
/// `line`: where the new posts began when the reader came.
pub fn open(tx: &mut Tx, who: &Who, group: GroupId, window: Window, line: Option<i64>) -> Outcome<Shown> {
    let (key, facts, door) = access::to_read(tx, who, group)?;
    let (state, read) = (door.state, door.read);
    let read_seq = read.map_or(state.seq, |read| read.seq);
    let looked = |within| read.is_some_and(|read| tx.now().since(read.looked_at) < within);
    let (looked, stays) = (looked(NOTE_LOOK), looked(LINE_STAYS));
    let (old, unread) = match line.filter(|line| stays && (0..read_seq).contains(line)) {
        Some(line) => (line, state.seq - line),
        None => (read_seq, read.map_or(0, |read| state.seq - read.seq - read.own)),
    };
    let (from, to) = range(window, state, old, unread);
    let found = posts(tx, who, &facts, &state, from, to)?;
    let (lines, has_new) = lines(found, (unread > 0).then_some(old));
    let shut = key.writing.err();
    let waits = matches!(shut, Some(Why::NoConsent));
    let may_consent = match door.standing.patient.filter(|_| waits) {
        Some(patient) => consents::access::may_record(tx, who, patient)?.then_some(patient),
        None => None,
    };
    Ok(Shown {
        timeline: state.id,
        rev: state.rev,
        head: Head::of(tx, &door)?,
        lines,
        has_new,
        older: (from > 1).then(|| ((from - 1).min(PAGE), from)),
        newer: (to < state.seq).then(|| ((state.seq - to).min(PAGE), to)),
        shut: shut.map(phrases::why),
        may_consent,
        draft_started: drafts::is_started(tx, who, state.id)?,
        read: read_seq,
        last: to,
        looked,
    })
}

/// The first and the last number shown. Numbers leave no holes.
fn range(window: Window, state: State, read: i64, unread: i64) -> (i64, i64) {
    let newest = state.seq;
    let within = |seq: i64| seq.clamp(0, newest + 1);
    let (from, to) = match window {
        Window::Present if unread > 0 && newest - read > PAGE - BEFORE_NEW => {
            (read + 1 - BEFORE_NEW, read - BEFORE_NEW + PAGE)
        }
        Window::Present => (newest + 1 - PAGE, newest),
        Window::Before(seq) => (within(seq) - PAGE, within(seq) - 1),
        Window::After(seq) => (within(seq) + 1, within(seq) + PAGE),
        Window::Around(seq) => (within(seq) - PAGE / 2, within(seq) + PAGE / 2 - 1),
    };
    (from.max(1), to.min(newest).max(0))
}

fn lines(posts: Vec<PostView>, new_from: Option<i64>) -> (Vec<Line>, bool) {
    let mut lines = Vec::new();
    let (mut day, mut has_new): (Option<String>, _) = (None, false);
    for post in posts {
        if !has_new && new_from.is_some_and(|read| post.seq > read) && !post.own {
            has_new = true;
            lines.push(Line::New);
        }
        if day.as_ref() != Some(&post.day) {
            lines.push(Line::Day { date: post.day.clone(), words: post.day_words() });
            day = Some(post.day.clone());
        }
        lines.push(Line::Post(Box::new(post)));
    }
    (lines, has_new)
}

/// A single post with its place, behind a reader's key.
pub fn open_post(tx: &mut Tx, who: &Who, post: PostId, sight: Sight) -> Outcome<(Head, PostView)> {
    let (key, single) = access::to_open(tx, who, post, sight)?;
    let view = super::post(tx, who, &single.facts, post)?;
    Ok((groups::place(tx, key.group)?.into(), view))
}

/// The facts of a post that one has just written oneself.
pub fn facts_of_post<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<TimelineFacts<'c>> {
    Ok(access::to_open(tx, who, post, Sight::Own)?.1.facts)
}

#[cfg(test)]
mod tests {
    use super::{State, Window, range};
    use tasuki_law::nouns::{GroupId, TimelineId, TimelineKind};
    use uuid::Uuid;

    fn state(seq: i64) -> State {
        let id = Uuid::nil();
        State {
            id: TimelineId(id),
            group: GroupId(id),
            kind: TimelineKind::Professional,
            seq,
            rev: seq,
            faces: 0,
            members: 2,
        }
    }

    #[test]
    fn the_present_begins_at_the_first_unread() {
        assert_eq!(range(Window::Present, state(0), 0, 0), (1, 0));
        assert_eq!(range(Window::Present, state(7), 7, 0), (1, 7));
        assert_eq!(range(Window::Present, state(100), 100, 0), (71, 100));
        assert_eq!(range(Window::Present, state(100), 90, 10), (71, 100));
        assert_eq!(range(Window::Present, state(100), 40, 60), (36, 65));
        assert_eq!(range(Window::Present, state(100), 0, 100), (1, 25));
    }

    #[test]
    fn pages_touch_and_never_overlap() {
        assert_eq!(range(Window::Before(71), state(100), 100, 0), (41, 70));
        assert_eq!(range(Window::Before(11), state(100), 100, 0), (1, 10));
        assert_eq!(range(Window::After(65), state(100), 40, 60), (66, 95));
        assert_eq!(range(Window::After(95), state(100), 40, 60), (96, 100));
        assert_eq!(range(Window::Before(i64::MIN), state(3), 0, 0), (1, 0));
        assert_eq!(range(Window::After(i64::MAX), state(3), 0, 0), (5, 3));
    }
}
