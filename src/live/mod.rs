//! Open pages hear of what is new. A listener rings; for each stream the law is then asked afresh, and what it may
//! hear is read, many streams in one look.

pub mod api;
mod desk;
mod line;
mod look;
mod outlet;
pub(crate) mod pages;
mod person;
#[cfg(test)]
mod tests;
mod timeline;
mod told;
mod wanted;

use crate::events::{Event, Listener, Topic};
use crate::{Outcome, Tx};
use tasuki_law::nouns::EventKind;

/// Rings the open streams after the commit; writes nothing.
pub const LISTENER: Listener = Listener { name: "live", hear, hints, at_once: |_| true };

#[expect(clippy::unnecessary_wraps, reason = "the shape of every listener")]
fn hear(_tx: &mut Tx<'_, '_>, _event: &Event) -> Outcome<()> {
    Ok(())
}

fn hints(event: &Event) -> Vec<Topic> {
    let mut topics = Vec::new();
    if let Some(group) = event.group
        && reach(event.kind) >= Reach::Page
    {
        topics.push(Topic::Page(group));
        if reach(event.kind) == Reach::Lists {
            topics.push(Topic::Place(group));
        }
    }
    if is_about_rights(event.kind) {
        topics.extend([event.account, event.other].into_iter().flatten().map(Topic::Person));
    }
    topics
}

/// How far an event is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Somebody looked at something: nothing changed.
    Nowhere,
    /// On the page of its place alone.
    Page,
    /// On the page and in lists.
    Lists,
}

const fn reach(kind: EventKind) -> Reach {
    use EventKind as K;
    match kind {
        _ if kind.is_look() => Reach::Nowhere,
        K::PostAcknowledged | K::PostUnacknowledged => Reach::Page,
        _ => Reach::Lists,
    }
}

/// Whether it may change what the people named in it can open, or what waits for them.
const fn is_about_rights(kind: EventKind) -> bool {
    use EventKind as K;
    let of_a_post = matches!(
        kind,
        K::PostPublished | K::PostEdited | K::PostRemoved | K::PostAcknowledged | K::PostUnacknowledged
    );
    !of_a_post && !kind.is_look()
}
