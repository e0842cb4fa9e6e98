//! Browsers in which an account was opened before. A known one tries passwords on an allowance of its own: whoever
//! guesses from elsewhere cannot use it up. It opens nothing by itself.

mod store;

pub(crate) use store::STATEMENTS;

use crate::web::cookie;
use crate::{House, Outcome, Tx};
use axum::http::{HeaderMap, HeaderValue};
use tasuki_base::chance::Token;
use tasuki_law::nouns::AccountId;
use tasuki_value::DAY;

/// The cookie that a browser is known by.
pub const COOKIE: &str = "device";
/// What no sign-in used for so long is forgotten.
const LIFE: i64 = 400 * DAY;
/// So many of an account are remembered: those used last.
const MOST: i64 = 20;

/// What a browser says that it is; nobody has looked yet whether that is true.
#[must_use]
pub fn told(headers: &HeaderMap, house: &House) -> Option<[u8; 32]> {
    Token::parse(cookie::read(headers, house, COOKIE)?).map(|token| token.hash())
}

/// The account at an address, if this browser opened it before. A program's own token counts as its browser.
pub fn known(tx: &mut Tx, email_key: &str, device: Option<&[u8; 32]>) -> Outcome<Option<AccountId>> {
    // Looked for where nothing was told, too: an unknown address is to cost as much as a known one.
    store::known(tx, email_key, device.unwrap_or(&[0; 32]))
}

/// A browser that has just opened an account: by its password, or by a mailed link.
pub struct Arrived {
    hash: [u8; 32],
    line: HeaderValue,
}

impl Arrived {
    /// The browser of a request. What it says of itself is believed only where the house gave it; it is one and the
    /// same to all who share it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn with(house: &House, headers: &HeaderMap) -> Outcome<Self> {
        let given = match told(headers, house) {
            Some(hash) => house.glance(move |tx| store::given(tx, &hash)).await?,
            None => false,
        };
        let said = cookie::read(headers, house, COOKIE).filter(|_| given).and_then(Token::parse);
        let token = said.unwrap_or_else(|| house.chance.token());
        let line = cookie::keep(house, COOKIE, &token.text(), Some(LIFE));
        Ok(Self { hash: token.hash(), line })
    }

    /// The browser's hash, to be remembered in the transaction that lets the person in.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// The line that the browser keeps.
    #[must_use]
    pub fn line(self) -> HeaderValue {
        self.line
    }
}

/// From now on this browser is known to this account.
pub fn remember(tx: &mut Tx, account: AccountId, device: &[u8; 32]) -> Outcome<()> {
    store::remember(tx, account, device)?;
    let oldest = tx.now().minus(LIFE);
    store::forget_old(tx, account, oldest, MOST)
}
