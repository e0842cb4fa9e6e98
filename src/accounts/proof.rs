//! Who knows the address and the password of an account is its person. Unknown address and wrong password
//! answer alike, and take as long.

use super::{limits, store};
use crate::events::{Event, announce};
use crate::web::Client;
use crate::{House, Outcome, Trouble, Tx};
use std::net::IpAddr;
use tasuki_base::password::Crowded;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, EventKind};
use tasuki_value::MINUTE;

const WINDOW: i64 = 15 * MINUTE;
/// For one account from one place; the same from everywhere, so that nobody is locked out by a stranger at
/// once; and for all accounts from one place: a whole hospital shares one address.
const ONE_FROM_HERE: i64 = 10;
const ONE_FROM_EVERYWHERE: i64 = 60;
const ALL_FROM_HERE: i64 = 300;
/// Longer is nobody's password; hashing it would only cost time.
const LONGEST: usize = 1024;

/// The account of an address as typed and its password; `None`: one of them is wrong.
///
/// # Errors
/// [`Trouble::TooMany`] after too many tries, whether the account exists or not; [`Trouble::Busy`] while very many sign
/// in.
pub async fn recognise(
    house: &House,
    client: &Client,
    email: &str,
    password: &str,
) -> Outcome<Option<AccountId>> {
    let key = text::email_key(email);
    let place = place(client.address);
    if let Err(held) = admit(house, &key, &place).await {
        return Err(super::held::told(house, key, held).await);
    }
    let asked = key.clone();
    let found = house.read(move |tx| store::credentials(tx, &asked)).await?;
    let (known, hash) = found.unzip();
    let right = matches(house, password, hash).await?;
    let account = known.filter(|_| right);
    house
        .write(move |tx| match account {
            Some(_) => limits::forget(tx, "sign_in", &pair(&key, &place)),
            // Written for unknown addresses too: a wrong password costs as much as no account.
            // For a known one it stands in that person's record, by the same statement.
            None => announce(tx, &Event { other: known, ..Event::new(EventKind::SignInFailed) }),
        })
        .await?;
    Ok(account)
}

/// Whether the signed-in person gave the right password of their own.
///
/// # Errors
/// [`Trouble::TooMany`] after too many tries, [`Trouble::Busy`] while very many sign in.
pub async fn knows_password(house: &House, account: AccountId, password: &str) -> Outcome<bool> {
    let who = account.to_string();
    let may = house.write(move |tx| limits::allow(tx, "own_password", &who, ONE_FROM_HERE, WINDOW)).await?;
    if !may {
        return Err(Trouble::TooMany);
    }
    let hash = house.read(move |tx| store::password(tx, account)).await?;
    let right = matches(house, password, Some(hash)).await?;
    let who = account.to_string();
    let write = move |tx: &mut Tx<'_, '_>| match right {
        true => limits::forget(tx, "own_password", &who),
        false => announce(tx, &Event::new(EventKind::OwnPasswordWrong).by(account)),
    };
    house.write(write).await?;
    Ok(right)
}

async fn matches(house: &House, password: &str, hash: Option<String>) -> Outcome<bool> {
    let (password, hash) = if password.len() > LONGEST { ("", None) } else { (password, hash) };
    house.hasher.verify(password.to_owned(), hash).await.map_err(|Crowded| Trouble::Busy)
}

async fn admit(house: &House, key: &str, place: &str) -> Outcome<()> {
    let (key, place) = (key.to_owned(), place.to_owned());
    let may = house
        .write(move |tx| {
            let mut may = |bucket: &str, who: &str, limit| limits::allow(tx, bucket, who, limit, WINDOW);
            Ok(may("sign_in", &pair(&key, &place), ONE_FROM_HERE)?
                && may("sign_in_account", &key, ONE_FROM_EVERYWHERE)?
                && may("sign_in_place", &place, ALL_FROM_HERE)?)
        })
        .await?;
    if may { Ok(()) } else { Err(Trouble::TooMany) }
}

fn pair(key: &str, place: &str) -> String {
    format!("{key} {place}")
}

/// What counts as one place: an address, or the network of a house under IPv6.
#[must_use]
pub fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
    }
}

/// Counts a try that needs no account, from one place, and refuses when there were too many.
///
/// # Errors
/// [`Trouble::TooMany`].
pub async fn admit_from(
    house: &House,
    client: &Client,
    bucket: &'static str,
    limit: i64,
    window: i64,
) -> Outcome<()> {
    let place = place(client.address);
    admit_one(house, bucket, place, limit, window).await
}

/// Counts a try of `who` and refuses when there were too many.
///
/// # Errors
/// [`Trouble::TooMany`].
pub async fn admit_one(
    house: &House,
    bucket: &'static str,
    who: String,
    limit: i64,
    window: i64,
) -> Outcome<()> {
    let may = house.write(move |tx: &mut Tx| limits::allow(tx, bucket, &who, limit, window)).await?;
    if may { Ok(()) } else { Err(Trouble::TooMany) }
}
