//! Who of this node's open streams wants to hear of what. A hint says only "look again": the stream asks the law
//! and reads for itself, so a hint that is lost or forged can neither hide nor tell anything.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    /// What a person may open: sessions, memberships, what waits for them.
    Person(AccountId),
}

/// The ears of this node.
#[derive(Clone, Default)]
pub struct Hub(Arc<Board>);

#[derive(Default)]
struct Board {
    ears: Mutex<HashMap<Topic, HashMap<u64, Arc<Inner>>>>,
    next: AtomicU64,
}

#[derive(Default)]
struct Inner {
    heard: Mutex<BTreeSet<Topic>>,
    bell: Notify,
}

/// One listener; dropping it ends the listening.
pub struct Ear {
    hub: Hub,
    number: u64,
    topics: HashSet<Topic>,
    inner: Arc<Inner>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Tells every ear that listens for it. Hints that arrive while an ear is busy become one.
    pub fn ring(&self, topic: Topic) {
        if let Some(ears) = hold(&self.0.ears).get(&topic) {
            ears.values().for_each(|ear| ear.ring(topic));
        }
    }

    /// A new ear for these.
    #[must_use]
    pub fn listen(&self, topics: impl IntoIterator<Item = Topic>) -> Ear {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let mut ear = Ear { hub: self.clone(), number, topics: HashSet::new(), inner: Arc::default() };
        topics.into_iter().for_each(|topic| ear.add(topic));
        ear
    }

    /// How many ears listen for a topic.
    #[must_use]
    pub fn listeners(&self, topic: Topic) -> usize {
        hold(&self.0.ears).get(&topic).map_or(0, HashMap::len)
    }
}

impl Inner {
    fn ring(&self, topic: Topic) {
        hold(&self.heard).insert(topic);
        self.bell.notify_one();
    }
}

impl Ear {
    /// Listens for this too.
    pub fn add(&mut self, topic: Topic) {
        if self.topics.insert(topic) {
            hold(&self.hub.0.ears).entry(topic).or_default().insert(self.number, Arc::clone(&self.inner));
        }
    }

    /// No longer listens for this.
    pub fn drop_topic(&mut self, topic: Topic) {
        if self.topics.remove(&topic) {
            self.forget(topic);
        }
    }

    fn forget(&self, topic: Topic) {
        let mut ears = hold(&self.hub.0.ears);
        if let Some(of_topic) = ears.get_mut(&topic) {
            of_topic.remove(&self.number);
            if of_topic.is_empty() {
                ears.remove(&topic);
            }
        }
    }

    /// What was heard since the last call, waiting so long at most; nothing: the time is over.
    pub async fn heard(&self, patience: Duration) -> BTreeSet<Topic> {
        let waiting = async {
            loop {
                self.inner.bell.notified().await;
                let heard = std::mem::take(&mut *hold(&self.inner.heard));
                if !heard.is_empty() {
                    return heard;
                }
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap_or_default()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.topics.iter().for_each(|topic| self.forget(*topic));
    }
}

#[cfg(test)]
mod tests {
    use super::{Hub, Topic};
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

    #[tokio::test]
    async fn a_dropped_ear_leaves_nothing_behind() {
        let hub = Hub::default();
        let mut ear = hub.listen([PAGE]);
        ear.add(OTHER);
        ear.drop_topic(PAGE);
        assert_eq!((hub.listeners(PAGE), hub.listeners(OTHER)), (0, 1));
        drop(ear);
        assert_eq!(hub.listeners(OTHER), 0);
    }
}
