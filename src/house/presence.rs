//! Who has a page open that tells of news by itself. Known to this node alone, and lost with it: it saves mails,
//! it decides nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_law::nouns::AccountId;

/// How many streams each person listens to.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<Mutex<HashMap<AccountId, usize>>>);

/// One open stream; dropping it ends the listening.
#[derive(Debug)]
#[must_use = "listening ends when this is dropped"]
pub struct Listening {
    presence: Presence,
    account: AccountId,
}

impl Presence {
    /// A person listens, until what this answers is dropped.
    pub fn listen(&self, account: AccountId) -> Listening {
        *self.streams().entry(account).or_default() += 1;
        Listening { presence: self.clone(), account }
    }

    /// Whether a person has a stream open.
    #[must_use]
    pub fn is_listening(&self, account: AccountId) -> bool {
        self.streams().contains_key(&account)
    }

    /// How many people listen.
    #[must_use]
    pub fn people(&self) -> usize {
        self.streams().len()
    }

    fn streams(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut streams = self.presence.streams();
        if let Some(count) = streams.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Presence;
    use tasuki_law::nouns::AccountId;
    use uuid::Uuid;

    #[test]
    fn a_person_listens_until_the_last_stream_ends() {
        let (presence, nurse) = (Presence::default(), AccountId(Uuid::from_u128(1)));
        let (phone, desk) = (presence.listen(nurse), presence.listen(nurse));
        drop(phone);
        assert!(presence.is_listening(nurse));
        drop(desk);
        assert!(!presence.is_listening(nurse));
        assert_eq!(presence.people(), 0);
    }
}
