//! Passwords: slow to hash on purpose, so never on a thread that others wait for.

use crate::Chance;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Hashes and verifies passwords (argon2id, 19 MiB, two rounds), two at a time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher {
    seats: Arc<Semaphore>,
    /// Those who wait for one, or sit in it, to have a password verified.
    asking: Arc<Semaphore>,
    /// The seat for other work about passwords, and those who wait for it: nobody who signs in stands behind them.
    weighing: Arc<Semaphore>,
    to_weigh: Arc<Semaphore>,
}

/// So many wait to have a password verified that one more had better come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded;

const MEMORY_KIB: u32 = 19_456;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;
/// 19 MiB each: more at once would not be faster on two cores, only larger.
const AT_ONCE: usize = 2;
/// About three seconds' work for two cores: a hospital's morning, and little of a flood of guesses.
const MOST_ASKING: usize = 256;
/// As many as weigh theirs while one types.
const MOST_WEIGHED: usize = 64;
/// The salt of a hash that is computed for its time alone.
const NOBODY: [u8; 16] = [0; 16];

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher {
    /// A hasher with two seats, which its clones share.
    #[must_use]
    pub fn new() -> Self {
        let seats = |count| Arc::new(Semaphore::new(count));
        let (seats, asking) = (seats(AT_ONCE), seats(MOST_ASKING));
        Self {
            seats,
            asking,
            weighing: Arc::new(Semaphore::new(1)),
            to_weigh: Arc::new(Semaphore::new(MOST_WEIGHED)),
        }
    }

    /// The hash to store, as a PHC string with its salt and cost.
    pub async fn hash(&self, password: String, chance: &Chance) -> String {
        let salt = chance.bytes();
        in_seat(&self.seats, password, move |password| hash_now(password, &salt)).await
    }

    /// Whether the password is the one behind the stored hash.
    ///
    /// Without a hash (no such account), or with one that cannot be read, the answer is `false` and takes
    /// as long.
    ///
    /// # Errors
    /// [`Crowded`], at once, when too many wait already.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<bool, Crowded> {
        let _asking = self.asking.try_acquire().map_err(|_| Crowded)?;
        let right =
            in_seat(&self.seats, password, move |password| match phc.as_deref().map(PasswordHash::new) {
                Some(Ok(stored)) => argon2id().verify_password(password, &stored).is_ok(),
                Some(Err(_)) | None => {
                    std::hint::black_box(hash_now(password, &NOBODY));
                    false
                }
            });
        Ok(right.await)
    }

    /// Does other costly work about a password, in a line of its own.
    ///
    /// # Errors
    /// [`Crowded`], at once, when too many wait already.
    pub async fn weigh<T: Send + 'static>(
        &self,
        password: String,
        work: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, Crowded> {
        let _waiting = self.to_weigh.try_acquire().map_err(|_| Crowded)?;
        Ok(in_seat(&self.weighing, password, work).await)
    }
}

/// Runs the work on a blocking thread. The seat goes along: who stops waiting does not free it early.
async fn in_seat<T: Send + 'static>(
    seats: &Arc<Semaphore>,
    password: String,
    work: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> T {
    let password = Zeroizing::new(password);
    let seat = Arc::clone(seats).acquire_owned().await.expect("the semaphore is never closed");
    let running = tokio::task::spawn_blocking(move || {
        let _seat = seat;
        work(password.as_bytes())
    });
    match running.await {
        Ok(outcome) => outcome,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

fn argon2id() -> Argon2<'static> {
    let cost = Params::new(MEMORY_KIB, ROUNDS, LANES, None).expect("the cost is within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
}

fn hash_now(password: &[u8], salt: &[u8; 16]) -> String {
    argon2id()
        .hash_password_with_salt(password, salt)
        .expect("a password shorter than 4 GiB can be hashed")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::{Crowded, Hasher, MOST_ASKING, MOST_WEIGHED};
    use crate::Chance;
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let (hasher, chance) = (Hasher::new(), Chance::seeded(1));
        let stored = hasher.hash("すずらん 2026".to_owned(), &chance).await;
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(hasher.verify("すずらん 2026".to_owned(), Some(stored.clone())).await, Ok(true));
        // As typed: neither width nor blanks are forgiven.
        for wrong in ["すずらん　2026", "すずらん 2026 ", "すずらん ２０２６", ""] {
            assert_eq!(hasher.verify(wrong.to_owned(), Some(stored.clone())).await, Ok(false), "{wrong}");
        }
        let again = hasher.hash("すずらん 2026".to_owned(), &chance).await;
        assert_ne!(stored, again, "each has a salt of its own");
    }

    #[tokio::test]
    async fn no_account_takes_as_long_and_is_refused() {
        let hasher = Hasher::new();
        let stored = hasher.hash("password".to_owned(), &Chance::seeded(2)).await;
        let known = fastest(&hasher, Some(&stored)).await;
        for unknown in [None, Some("not a hash")] {
            let taken = fastest(&hasher, unknown).await;
            // Wide, for busy machines; a path that does not hash is a hundred times faster.
            assert!(taken > known / 5 && taken < known * 5, "{taken:?} against {known:?}");
        }
    }

    #[tokio::test]
    async fn who_stops_waiting_frees_no_seat() {
        let hasher = Hasher::new();
        let work =
            super::in_seat(&hasher.seats, String::new(), |_| std::thread::sleep(Duration::from_millis(300)));
        let _ = tokio::time::timeout(Duration::from_millis(50), work).await;
        assert_eq!(hasher.seats.available_permits(), 1);
    }

    #[tokio::test]
    async fn one_too_many_is_told_at_once_and_the_others_are_answered() {
        let hasher = Hasher::new();
        let seats = hasher.seats.acquire_many(2).await.unwrap();
        let ask = || hasher.verify("wrong".to_owned(), None);
        let mut asking = Box::pin(join_all((0..MOST_ASKING).map(|_| ask())));
        assert!((&mut asking).now_or_never().is_none());
        assert_eq!(ask().await, Err(Crowded));
        assert_eq!(
            hasher.weigh(String::new(), |_| ()).await,
            Ok(()),
            "who weighs stands in no line of theirs"
        );
        let weigh = || hasher.weigh(String::new(), |_| std::thread::sleep(Duration::from_millis(1)));
        let mut weighing = Box::pin(join_all((0..MOST_WEIGHED).map(|_| weigh())));
        assert!((&mut weighing).now_or_never().is_none());
        assert_eq!(weigh().await, Err(Crowded));
        drop((asking, seats));
        assert_eq!(ask().await, Ok(false), "who went away makes room");
    }

    /// The fastest of five refusals: what else the machine does only makes one slower.
    async fn fastest(hasher: &Hasher, phc: Option<&str>) -> Duration {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            assert_eq!(hasher.verify("wrong".to_owned(), phc.map(str::to_owned)).await, Ok(false));
            best = best.min(start.elapsed());
        }
        best
    }
}
