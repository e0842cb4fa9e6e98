//! Randomness, as an argument: ids, secrets and codes all come from here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hmac};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tasuki_value::Ts;
use uuid::Uuid;
use zeroize::Zeroize as _;

/// A source of random bytes: the operating system's, or a repeatable one for tests. Cheap to clone.
#[derive(Clone)]
pub struct Chance(Arc<Inner>);

struct Inner {
    source: Source,
    /// The last id handed out, as milliseconds above 74 counting bits.
    last_id: Mutex<u128>,
}

enum Source {
    System(SystemRandom),
    Seeded { key: hmac::Key, block: AtomicU64 },
}

/// A step back of the clock up to this many milliseconds does not break the order of ids.
const BACKSTEP: u128 = 10_000;
const COUNTER_BITS: u32 = 74;

impl Chance {
    /// The operating system's randomness. One for the whole process, so that its ids keep one order.
    #[must_use]
    pub fn system() -> Self {
        static SYSTEM: LazyLock<Chance> = LazyLock::new(|| Chance::from(Source::System(SystemRandom::new())));
        SYSTEM.clone()
    }

    /// The same bytes for the same seed and order of calls. For tests: its secrets are none.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &seed.to_be_bytes());
        Self::from(Source::Seeded { key, block: AtomicU64::new(0) })
    }

    /// Fills `out` with random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can go on without it.
    pub fn fill(&self, out: &mut [u8]) {
        match &self.0.source {
            Source::System(random) => random.fill(out).expect("the operating system gives random bytes"),
            Source::Seeded { key, block } => {
                for part in out.chunks_mut(digest::SHA256_OUTPUT_LEN) {
                    let number = block.fetch_add(1, Ordering::Relaxed);
                    let bytes = hmac::sign(key, &number.to_be_bytes());
                    part.copy_from_slice(&bytes.as_ref()[..part.len()]);
                }
            }
        }
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A new id (UUID v7) of the moment `now`, greater than every id drawn before it from this source.
    ///
    /// When the clock steps back by more than ten seconds the order starts anew from there.
    #[must_use]
    pub fn uuid(&self, now: Ts) -> Uuid {
        let millis = u128::from(u64::try_from(now.0 / 1_000).unwrap_or(0)) & ((1 << 48) - 1);
        let random = u128::from_be_bytes(self.bytes());
        let mut last = self.0.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        let last_millis = *last >> COUNTER_BITS;
        let next = if millis > last_millis || millis + BACKSTEP < last_millis {
            // The top counting bit starts at zero, so that counting on does not run into the milliseconds.
            (millis << COUNTER_BITS) | (random >> (128 - COUNTER_BITS + 1))
        } else {
            *last + 1 + (random & 0xffff_ffff)
        };
        *last = next;
        drop(last);
        as_v7(next)
    }

    /// A new secret of 256 bits.
    #[must_use]
    pub fn token(&self) -> Token {
        Token(self.bytes())
    }

    /// `n` letters, each of the alphabet equally likely.
    ///
    /// # Panics
    /// When the alphabet is empty, longer than 256, or not ASCII.
    #[must_use]
    pub fn letters(&self, n: usize, alphabet: &[u8]) -> String {
        assert!(!alphabet.is_empty() && alphabet.len() <= 256 && alphabet.is_ascii(), "an ASCII alphabet");
        // Bytes beyond the last whole multiple would favour the first letters: drawn again.
        let fair = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(n);
        while text.len() < n {
            for byte in self.bytes::<32>().map(usize::from) {
                if byte < fair && text.len() < n {
                    text.push(char::from(alphabet[byte % alphabet.len()]));
                }
            }
        }
        text
    }
}

impl From<Source> for Chance {
    fn from(source: Source) -> Self {
        Self(Arc::new(Inner { source, last_id: Mutex::new(0) }))
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.source {
            Source::System(_) => "Chance(system)",
            Source::Seeded { .. } => "Chance(seeded)",
        })
    }
}

/// 122 bits in order, with the version and variant bits of a UUID v7 put between them.
const fn as_v7(number: u128) -> Uuid {
    let millis = (number >> COUNTER_BITS) << 80;
    let high = ((number >> 62) & 0xfff) << 64;
    let low = number & ((1 << 62) - 1);
    Uuid::from_u128(millis | (7 << 76) | high | (2 << 62) | low)
}

/// 256 random bits that open something: a session, an invitation. Only its hash is stored.
pub struct Token([u8; 32]);

impl Token {
    /// 43 letters, digits, `-` and `_`: fit for a link or a cookie.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The token behind a text of [`Token::text`]; nothing else is taken.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == 32).then_some(Self(bytes))
    }

    /// What is stored and looked up: SHA-256 of the token.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        hash
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, Token};
    use std::collections::HashSet;
    use tasuki_value::Ts;
    use uuid::{Uuid, Variant};

    const NOW: Ts = Ts(1_795_000_000_123_456);

    #[test]
    fn a_seed_repeats_and_another_differs() {
        let draw = |chance: Chance| (chance.bytes::<40>(), chance.uuid(NOW), chance.letters(9, b"ab"));
        assert_eq!(draw(Chance::seeded(1)), draw(Chance::seeded(1)));
        assert_ne!(draw(Chance::seeded(1)), draw(Chance::seeded(2)));
    }

    #[test]
    fn the_system_never_repeats() {
        let drawn: HashSet<[u8; 16]> = (0..1_000).map(|_| Chance::system().bytes()).collect();
        assert_eq!(drawn.len(), 1_000);
    }

    #[test]
    fn an_id_is_a_version_7_uuid_that_tells_its_moment() {
        let id = Chance::seeded(1).uuid(NOW);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), Variant::RFC4122);
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(seconds * 1_000 + u64::from(nanos) / 1_000_000, 1_795_000_000_123);
    }

    #[test]
    fn ids_rise_within_one_millisecond_over_threads_and_small_steps_back() {
        let chance = Chance::seeded(3);
        let ids: Vec<Uuid> = (0..5_000).map(|turn| chance.uuid(NOW.minus(turn % 7 * 1_000_000))).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let drawn: Vec<Vec<Uuid>> = std::thread::scope(|scope| {
            let draw = || (0..2_000).map(|_| chance.uuid(NOW)).collect::<Vec<_>>();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(draw)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(drawn.iter().all(|ids| ids.windows(2).all(|pair| pair[0] < pair[1])));
        assert_eq!(drawn.concat().into_iter().collect::<HashSet<_>>().len(), 8_000);
    }

    #[test]
    fn a_great_step_back_is_believed() {
        let chance = Chance::seeded(3);
        let late = chance.uuid(NOW);
        assert!(chance.uuid(NOW.minus(3_600_000_000)) < late);
    }

    #[test]
    fn a_token_goes_out_and_comes_back() {
        let token = Chance::seeded(4).token();
        let text = token.text();
        assert_eq!(text.len(), 43);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(Token::parse(&text).unwrap().hash(), token.hash());
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn what_is_no_token() {
        let text = Chance::seeded(4).token().text();
        let (short, long) = (&text[..42], format!("{text}A"));
        let padded = format!("{text}=");
        for bad in ["", short, &long, &padded, "あ", &text.replace(&text[3..4], "+")] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
        // 43 letters carry 258 bits: only one spelling of a token is taken.
        let mut other = text.into_bytes();
        let last = other.last_mut().unwrap();
        *last = if last.is_ascii_digit() { b'9' } else { *last + 1 };
        let other = String::from_utf8(other).unwrap();
        assert!(Token::parse(&other).is_none(), "{other}");
    }

    #[test]
    fn the_hash_is_sha_256_of_the_bits() {
        let zero = Token::parse(&"A".repeat(43)).unwrap();
        let start = [0x66, 0x68, 0x7a, 0xad, 0xf8, 0x62, 0xbd, 0x77];
        assert_eq!(zero.hash()[..8], start);
    }

    #[test]
    fn letters_are_fair() {
        let text = Chance::seeded(5).letters(30_000, b"abc");
        assert_eq!(text.len(), 30_000);
        for letter in ['a', 'b', 'c'] {
            let count = text.chars().filter(|&other| other == letter).count();
            assert!((9_600..10_400).contains(&count), "{letter}: {count}");
        }
    }
}
