//! Who of this node's open streams wants to hear of what. A hint says only "look again": whoever is rung asks the law
//! and reads for itself, so a hint that is lost or forged can neither hide nor tell anything.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;
use tasuki_law::nouns::{AccountId, GroupId};
use tokio::sync::Notify;

/// What can have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Anything to be seen on the page of a place.
    Page(GroupId),
    /// What lists show of a place: its name, its newest post.
    Place(GroupId),
    /// What a person may open or has to read: sessions, memberships, what waits for them, how far they have read.
    Person(AccountId),
}

/// Somebody who is rung.
pub trait Bell: Send + Sync {
    /// This can have changed. The hub is held meanwhile: to be noted, not to be worked on.
    fn ring(self: Arc<Self>, topic: Topic);
}

/// The bells of this node.
#[derive(Clone, Default)]
pub struct Hub(Arc<Board>);

type Numbered = HashMap<u64, Arc<dyn Bell>>;

#[derive(Default)]
struct Board {
    bells: Mutex<HashMap<Topic, Numbered>>,
    next: AtomicU64,
    shared: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// What one bell is rung for; dropping it ends that.
pub struct Cord {
    hub: Hub,
    number: u64,
    /// In order.
    topics: Vec<Topic>,
    bell: Weak<dyn Bell>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Rings everybody who listens for it.
    pub fn ring(&self, topic: Topic) {
        if let Some(bells) = hold(&self.0.bells).get(&topic) {
            bells.values().for_each(|bell| Arc::clone(bell).ring(topic));
        }
    }

    /// For somebody who is to be rung for nothing yet. What the cord is held for keeps the bell alive.
    #[must_use]
    pub fn cord<B: Bell + 'static>(&self, bell: &Arc<B>) -> Cord {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let bell: Weak<B> = Arc::downgrade(bell);
        Cord { hub: self.clone(), number, topics: Vec::new(), bell }
    }

    /// An ear that waits for these.
    #[must_use]
    pub fn listen(&self, topics: impl IntoIterator<Item = Topic>) -> Ear {
        let heard = Arc::<Heard>::default();
        let mut cord = self.cord(&heard);
        topics.into_iter().for_each(|topic| cord.add(topic));
        Ear { heard, _cord: cord }
    }

    /// How many listen for a topic.
    #[must_use]
    pub fn listeners(&self, topic: Topic) -> usize {
        hold(&self.0.bells).get(&topic).map_or(0, HashMap::len)
    }

    /// What those who are rung here keep together, made when it is first asked for: one kind of thing a hub.
    #[must_use]
    pub fn shared<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let kept = self.0.shared.get_or_init(|| Arc::new(T::default()));
        Arc::clone(kept).downcast().unwrap_or_default()
    }
}

impl Cord {
    /// To be rung for this too.
    pub fn add(&mut self, topic: Topic) {
        if let (Err(place), Some(bell)) = (self.topics.binary_search(&topic), self.bell.upgrade()) {
            self.topics.insert(place, topic);
            hold(&self.hub.0.bells).entry(topic).or_default().insert(self.number, bell);
        }
    }

    /// To be rung for this no longer.
    pub fn drop_topic(&mut self, topic: Topic) {
        if let Ok(place) = self.topics.binary_search(&topic) {
            self.topics.remove(place);
            self.forget(topic);
        }
    }

    fn forget(&self, topic: Topic) {
        let mut bells = hold(&self.hub.0.bells);
        let Some(of_topic) = bells.get_mut(&topic) else { return };
        let gone = of_topic.remove(&self.number);
        if of_topic.is_empty() {
            bells.remove(&topic);
        }
        drop(bells);
        // It may be the last of its owner, who is not to fall while everybody waits.
        drop(gone);
    }
}

impl Drop for Cord {
    fn drop(&mut self) {
        self.topics.iter().for_each(|topic| self.forget(*topic));
    }
}

/// One listener who waits; dropping it ends the listening.
pub struct Ear {
    heard: Arc<Heard>,
    _cord: Cord,
}

#[derive(Default)]
struct Heard {
    topics: Mutex<BTreeSet<Topic>>,
    bell: Notify,
}

impl Bell for Heard {
    fn ring(self: Arc<Self>, topic: Topic) {
        hold(&self.topics).insert(topic);
        self.bell.notify_one();
    }
}

impl Ear {
    /// What was heard since the last call, waiting so long at most; nothing: the time is over.
    pub async fn heard(&self, patience: Duration) -> BTreeSet<Topic> {
        let waiting = async {
            loop {
                self.heard.bell.notified().await;
                let heard = std::mem::take(&mut *hold(&self.heard.topics));
                if !heard.is_empty() {
                    return heard;
                }
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, Hub, Topic, hold};
    use std::sync::Arc;
    use std::time::Duration;
    use tasuki_law::nouns::GroupId;
    use uuid::Uuid;

    const PAGE: Topic = Topic::Page(GroupId(Uuid::from_u128(1)));
    const OTHER: Topic = Topic::Page(GroupId(Uuid::from_u128(2)));

    #[tokio::test]
    async fn an_ear_hears_what_it_listens_for_once() {
        let hub = Hub::default();
        let ear = hub.listen([PAGE]);
        hub.ring(OTHER);
        hub.ring(PAGE);
        hub.ring(PAGE);
        assert_eq!(ear.heard(Duration::from_secs(5)).await.into_iter().collect::<Vec<_>>(), [PAGE]);
        assert!(ear.heard(Duration::from_millis(10)).await.is_empty());
    }

    #[test]
    fn a_dropped_cord_leaves_nothing_behind() {
        let hub = Hub::default();
        let bell = Arc::<Heard>::default();
        let mut cord = hub.cord(&bell);
        [PAGE, OTHER, PAGE].into_iter().for_each(|topic| cord.add(topic));
        cord.drop_topic(PAGE);
        assert_eq!((hub.listeners(PAGE), hub.listeners(OTHER)), (0, 1));
        hub.ring(PAGE);
        hub.ring(OTHER);
        assert_eq!(hold(&bell.topics).iter().copied().collect::<Vec<_>>(), [OTHER]);
        drop(cord);
        assert_eq!((hub.listeners(OTHER), Arc::strong_count(&bell)), (0, 1));
    }

    #[test]
    fn what_is_shared_is_one_for_all() {
        let hub = Hub::default();
        hub.shared::<std::sync::Mutex<u8>>().lock().unwrap().clone_from(&7);
        assert_eq!(*hub.clone().shared::<std::sync::Mutex<u8>>().lock().unwrap(), 7);
    }
}
