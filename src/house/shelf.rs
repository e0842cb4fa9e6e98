//! What was opened lately and is the same for everyone who may see it: opened and drawn once, not once a reader.
//!
//! Nothing personal and no right stands here. Whoever takes from it has asked the law, the session and the key in the
//! same transaction, and names the revision that this transaction sees.

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::any::Any;
use std::sync::Arc;
use tasuki_base::seal;
use uuid::Uuid;

/// So many bytes, by estimate.
const ROOM: u64 = 24 * 1024 * 1024;
/// So many things, by estimate: what a thing weighs on average is what the shelf is laid out for.
const THINGS: usize = 6_000;

/// What stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    pub what: What,
    pub id: Uuid,
    /// The revision at which it was opened: one that has changed since is another thing.
    pub rev: i64,
    /// Which part of it.
    pub part: (i64, i64),
}

/// Kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    Post,
    /// Posts of a timeline from one number to another.
    Posts,
    /// Posts of a timeline that changed after a revision.
    News,
    /// What a place is called.
    Title,
    /// How a post begins, for lists.
    Start,
    /// Who somebody was when they wrote.
    Byline,
    /// Whether there is a photo of somebody.
    Face,
    /// A place as a line of a list.
    Row,
}

impl What {
    /// Where the words lie that it was made of; nothing for what holds none.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Post | Self::Posts | Self::News | Self::Start => "posts",
            Self::Title | Self::Row => "groups",
            Self::Byline => "bylines",
            Self::Face => "",
        }
    }
}

impl Label {
    /// For what is made of one sealed cell alone. Sealed anew it is another thing.
    #[must_use]
    pub fn of_cell(what: What, id: Uuid, cell: &[u8]) -> Option<Self> {
        let nonce = seal::nonce_of(cell)?;
        let (rev, part) = nonce.split_at(8);
        let rev = i64::from_be_bytes(rev.try_into().ok()?);
        let part = i64::from(u32::from_be_bytes(part.try_into().ok()?));
        Some(Self { what, id, rev, part: (part, 0) })
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<Cache<Label, Kept, Weight>>);

#[derive(Clone)]
struct Kept {
    thing: Arc<dyn Any + Send + Sync>,
    weight: u64,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Label, Kept> for Weight {
    fn weight(&self, _: &Label, kept: &Kept) -> u64 {
        kept.weight.max(1)
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(THINGS, ROOM, Weight)))
    }
}

impl Shelf {
    pub(super) fn find<T: Send + Sync + 'static>(&self, label: &Label) -> Option<Arc<T>> {
        self.0.get(label)?.thing.downcast().ok()
    }

    pub(super) fn put<T: Send + Sync + 'static>(&self, label: Label, thing: &Arc<T>, weight: usize) {
        let thing: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(thing);
        self.0.insert(label, Kept { thing, weight: weight as u64 });
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, Shelf, What};
    use std::sync::Arc;
    use uuid::Uuid;

    fn label(rev: i64) -> Label {
        Label { what: What::Post, id: Uuid::from_u128(7), rev, part: (0, 0) }
    }

    #[test]
    fn another_revision_is_another_thing() {
        let shelf = Shelf::default();
        shelf.put(label(1), &Arc::new("then".to_owned()), 10);
        assert_eq!(shelf.find::<String>(&label(1)).as_deref(), Some(&"then".to_owned()));
        assert!(shelf.find::<String>(&label(2)).is_none());
        assert!(shelf.find::<i64>(&label(1)).is_none(), "nor is a thing of another kind");
    }

    #[test]
    fn it_holds_so_much_and_no_more() {
        let shelf = Shelf::default();
        for rev in 0..200 {
            shelf.put(label(rev), &Arc::new(rev), 1024 * 1024);
        }
        assert!((0..200).filter(|rev| shelf.find::<i64>(&label(*rev)).is_some()).count() <= 24);
    }
}
